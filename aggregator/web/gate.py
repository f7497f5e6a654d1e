"""Who may ask: behind a path prefix, with a login, and not too often.

It stands before everything else that answers, and asks what is in force at each request, so that a changed
config needs no restart. What it holds in memory is bounded.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from hashlib import sha256
from hmac import compare_digest
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address
from math import ceil
from time import monotonic
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from aggregator.core.archives import MARK
from aggregator.core.formats import FORMATS
from aggregator.core.formats.layout import page
from aggregator.core.formats.markup import escaped
from aggregator.core.settings import ServerSettings
from aggregator.core.text import counted
from aggregator.model import LoginFor
from aggregator.web.outputs import PublishedOutputs, Ready
from aggregator.web.policy import guarded
from aggregator.web.site import Site
from aggregator.web.wording import root_of

HEALTH = "/healthz"
_SECRETS = ("/private/", "/websub/")
_MINUTE = 60.0
_GUESSES = 10  # wrong logins from one client within a minute
_CLIENTS = 10_000
_CHALLENGE = 'Basic realm="aggregator", charset="UTF-8"'  # RFC 7617 §2


class Gate:
    """Takes the prefix from the path, asks for the login, and slows down whoever searches without a pause."""

    def __init__(self, outputs: PublishedOutputs, site: Site, clock: Callable[[], float] = monotonic) -> None:
        self._outputs = outputs
        self._site = site
        self._guesses = Allowance(clock)
        self._searches = Allowance(clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, or refuse it."""
        server = self._site.server()
        if server.prefix and scope["path"][1:] not in self._site.snapshot():
            scope = below(scope, server.prefix)
        login = self._login(scope["path"], server)
        stopped = self._stopped(scope, login) if login else None
        refusal = _led(scope, server) or stopped or self._hasty(scope, server)
        out = guarded(send, locked=bool(login), secret=scope["path"].startswith(_SECRETS))
        await (refusal or self._outputs)(scope, receive, out)

    def at_once(self, path: str, asked: Mapping[str, str]) -> Ready | None:
        """What is published for everybody; None where a login is asked for, or another must say."""
        return None if self._site.server().login else self._outputs.at_once(path, asked)

    def _login(self, path: str, server: ServerSettings) -> str | None:
        """The login that this address asks for, if it does."""
        # Private outputs and hubs have a secret in their address; whoever asks for health is a machine.
        free = path == HEALTH or path.startswith(_SECRETS)
        return None if free or self._open(path, server) else server.login

    def _stopped(self, scope: Scope, login: str) -> Response | None:
        given = Headers(scope=scope).get("authorization")
        if given and opens(given, login):
            return None
        # Only what is wrong counts: a browser's first request has no login at all.
        wait = self._guesses.wait(_client(scope), _GUESSES) if given else 0.0
        if wait:
            return _too_many(scope, "Too many wrong logins", wait)
        asked = {"WWW-Authenticate": _CHALLENGE}
        return _refusal(scope, HTTPStatus.UNAUTHORIZED, "Closed", "This asks for a login", asked)

    def _open(self, path: str, server: ServerSettings) -> bool:
        """Whether it is a feed, and feeds need no login."""
        if server.login_for is LoginFor.ALL:
            return False
        name, _, suffix = path[1:].rpartition(".")
        if suffix not in FORMATS or suffix == "html":  # a page, and what it hears of its news is closed
            return False
        name = name.partition(MARK)[0]
        return name.startswith("tag/") or any(name in (one.name, *one.was) for one in self._site.outputs())

    def _hasty(self, scope: Scope, server: ServerSettings) -> Response | None:
        if not server.searches or not _is_search(scope):
            return None
        wait = self._searches.wait(_client(scope), server.searches)
        if not wait:
            return None
        return _too_many(scope, "Too many searches from your address", wait)


class Allowance:
    """So many calls a minute for each caller, at once or spread.

    By the generic cell rate algorithm (ITU-T I.371), which needs one number for a caller.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._busy_until: dict[str, float] = {}

    def wait(self, caller: str, a_minute: int) -> float:
        """Seconds to wait, or 0.0, which is a call of the allowance."""
        now = self._clock()
        ends = max(self._busy_until.pop(caller, now), now) + _MINUTE / a_minute
        if (late := ends - now - _MINUTE) > 1e-6:
            self._busy_until[caller] = ends - _MINUTE / a_minute
            return late
        if len(self._busy_until) >= _CLIENTS:
            # The one who was quiet for longest. Whoever has ten thousand addresses is slowed by other means.
            del self._busy_until[next(iter(self._busy_until))]
        self._busy_until[caller] = ends
        return 0.0


def below(scope: Scope, prefix: str) -> Scope:
    """The request as a proxy would hand it on that takes the prefix from the path; else as it is."""
    if not scope["path"].startswith(f"{prefix}/"):
        return scope
    raw = scope["raw_path"].split(b"/", prefix.count("/") + 1)[-1]
    return {**scope, "path": scope["path"].removeprefix(prefix), "raw_path": b"/" + raw}


def _led(scope: Scope, server: ServerSettings) -> Response | None:
    """On to the front page from the prefix without the slash that the page's links need."""
    if not server.prefix or scope["path"] != server.prefix:
        return None
    return Response(None, HTTPStatus.PERMANENT_REDIRECT, {"Location": f"{server.prefix}/"})


def opens(given: str, login: str) -> bool:
    """Whether an Authorization header holds this `user:password`, or its password alone (RFC 7617, 6750).

    The time it takes tells nothing of how much of it is right.
    """
    scheme, _, credentials = given.partition(" ")
    password = login.partition(":")[2]
    if scheme.lower() == "bearer":
        return _same(credentials.strip().encode("latin-1"), password.encode())
    if scheme.lower() != "basic":
        return False
    try:
        return _same(base64.b64decode(credentials.strip(), validate=True), login.encode())
    except (binascii.Error, ValueError):
        return False


def _same(one: bytes, other: bytes) -> bool:
    # Of their digests, because comparing texts of two lengths would tell the length.
    return compare_digest(sha256(one).digest(), sha256(other).digest())


def _is_search(scope: Scope) -> bool:
    path: str = scope["path"]
    asks = path == "/search" or (path.startswith("/search.") and path != "/search.js")
    # As text: of bytes, parse_qs refuses every query that is not ASCII.
    return asks and "q" in parse_qs(scope["query_string"].decode("latin-1"))


def _client(scope: Scope) -> str:
    """Whom we count: an address, or a /64 of IPv6, which one client has for itself (RFC 4291 §2.5.1)."""
    host = scope["client"][0] if scope.get("client") else ""
    try:
        address = ip_address(host)
    except ValueError:
        return str(host)
    return address.packed[:8].hex() if isinstance(address, IPv6Address) else host


def _too_many(scope: Scope, text: str, wait: float) -> Response:
    again = {"Retry-After": f"{ceil(wait)}"}
    said = f"{text}; try again in {counted(ceil(wait), 'second')}"
    return _refusal(scope, HTTPStatus.TOO_MANY_REQUESTS, "Not so fast", said, again)


def _refusal(scope: Scope, status: HTTPStatus, title: str, text: str, headers: dict[str, str]) -> Response:
    """A page for a browser, a line for everybody else."""
    headers = {"Cache-Control": "no-store", **headers}
    if "text/html" not in Headers(scope=scope).get("accept", ""):
        return Response(f"{text}.\n", status, headers, "text/plain")
    root = root_of(scope["raw_path"].decode("latin-1"))
    body = f'<header class="out"><h1>{title}</h1><p>{escaped(text)}.</p></header>'
    return Response(page(f"{title} – aggregator", body, root=root), status, headers, "text/html")
