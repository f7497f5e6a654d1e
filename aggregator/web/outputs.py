"""Published outputs, answered from memory: what an address says, in every form that a request can ask for.

A request for one never waits for the store or for rendering. Each answer is made once for each version of an
address, head and all, so that the server only has to send it; a page gets its script then, too. Private
outputs ask for their token first.

To change what an answer says: conditional.py.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from aggregator.core.archives import FORMATS as ARCHIVED
from aggregator.core.archives import MARK, page_named
from aggregator.core.formats import FORMATS
from aggregator.core.settings import OutputSettings
from aggregator.model import Rendered
from aggregator.web.conditional import WEIGHED, judged, reply, told
from aggregator.web.patience import PortionedResponse
from aggregator.web.policy import SCRIPTED, policy_for
from aggregator.web.scripted import SUFFIX, made_live
from aggregator.web.site import Site

PRIVATE_CACHE = "private, max-age=60"  # for who asked, and no cache that others ask
PRIVATE = "private/"
WAYS = 64  # of asking for one version
LONGEST_WAY = 1_000  # characters
METHODS = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Ready:
    """A whole answer; `head` is how it begins on the wire, but for Date and Connection."""

    status: HTTPStatus
    headers: Mapping[str, str]
    body: bytes
    head: bytes


class _Answers:
    """What one version of an address can answer."""

    def __init__(
        self,
        published: Rendered,
        fresh_for: timedelta,
        served: Rendered | None = None,
        policy: Mapping[str, str] | None = None,
    ) -> None:
        self.published = published
        self.fresh_for = fresh_for
        self._served = served or published
        self._policy = policy or policy_for(published.content_type)
        self._made: dict[tuple[str | None, HTTPStatus], Ready] = {}
        self._asked: dict[tuple[str | None, ...], Ready] = {}

    def to(self, asked: Mapping[str, str]) -> Ready:
        """The answer to these request headers, named in lower case.

        Those who hold one version ask in few ways, which are remembered.
        """
        way = tuple(map(asked.get, WEIGHED))
        known = self._asked.get(way)
        if known is None:
            known = self._judged(asked)
            if len(self._asked) < WAYS and sum(map(len, filter(None, way))) < LONGEST_WAY:
                self._asked[way] = known
        return known

    def _judged(self, asked: Mapping[str, str]) -> Ready:
        chosen, status = judged(self._served, asked)
        made = self._made.get((chosen.encoding, status))
        if made is None:
            found = told(self._served, chosen, status, cache_control=output_cache(self.fresh_for))
            made = _ready(found.status, {**found.headers, **self._policy}, found.body)
            self._made[chosen.encoding, status] = made
        return made


class PublishedOutputs:
    """Answers every address of the snapshot from memory, leads on from old ones, hands all others on."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app = app
        self._site = site
        self._answers: dict[str, _Answers] = {}
        self._scripting = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, or hand it on."""
        known = await self._known(scope) if scope["type"] == "http" else None
        await (known or self._app)(scope, receive, send)

    def at_once(self, path: str, asked: Mapping[str, str]) -> Ready | None:
        """The answer of an address that everybody may ask for; None where another must say."""
        rendered, fresh_for = self._site.snapshot().get(path), self._site.fresh_for()
        if rendered is None:
            return None
        known = self._answers.get(path)
        if known is None or known.published is not rendered or known.fresh_for != fresh_for:
            if path.endswith(SUFFIX):
                return None
            known = self._answers[path] = _Answers(rendered, fresh_for)
        return known.to(asked)

    async def _known(self, scope: Scope) -> Response | None:
        path, headers = scope["path"][1:], Headers(scope=scope)
        if path.startswith(PRIVATE):
            answer = self._private(path.removeprefix(PRIVATE), headers)
        elif ready := self.at_once(path, joined(headers)) or await self._scripted(path, joined(headers)):
            answer = PortionedResponse(ready.body, ready.status, ready.headers)
        else:
            answer = _renamed(path, self._site.outputs(), output_cache(self._site.fresh_for()))
        return answer if not answer or scope["method"] in METHODS else only_get()

    async def _scripted(self, path: str, asked: Mapping[str, str]) -> Ready | None:
        """The answer of a page that nobody has asked for in this version: it is made first, in a thread."""
        if path not in self._site.snapshot():
            return None
        async with self._scripting:  # the others who ask meanwhile find it made
            if ready := self.at_once(path, asked):
                return ready
            rendered, fresh_for = self._site.snapshot().get(path), self._site.fresh_for()
            if rendered is None:
                return None
            served = await asyncio.to_thread(made_live, path, rendered)
            made = self._answers[path] = _Answers(rendered, fresh_for, served, SCRIPTED)
            return made.to(asked)

    def _private(self, path: str, headers: Headers) -> Response | None:
        """Token and address of a private output; one that the token does not open is none."""
        token, _, address = path.partition("/")
        opened = _opened(self._site.private_outputs(), token)
        known = {f"{output.name}.{suffix}" for output in opened for suffix in FORMATS}
        if address in known and (rendered := self._site.private().get(address)):
            return answer(rendered, headers, PRIVATE_CACHE)
        return _renamed(address, opened, PRIVATE_CACHE)


def answer(
    rendered: Rendered, headers: Headers, cache_control: str, policy: Mapping[str, str] | None = None
) -> Response:
    """The conditional answer, with what keeps a page harmless in a browser."""
    found = reply(rendered, joined(headers), cache_control=cache_control)
    policy = policy or policy_for(rendered.content_type)  # which a 304 does not name
    return PortionedResponse(found.body, found.status, {**found.headers, **policy})


def only_get() -> Response:
    """The answer to whoever would change something."""
    text = "This address is only read: GET and HEAD are all it answers.\n"
    return Response(text, HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": "GET, HEAD"}, "text/plain")


def output_cache(fresh_for: timedelta) -> str:
    """News may wait so long; then a conditional request asks again."""
    return f"max-age={fresh_for.total_seconds():.0f}"


def joined(headers: Headers) -> Mapping[str, str]:
    """Request headers by lower-case name; lines of one name are one list (RFC 9110 §5.3)."""
    return {name: ", ".join(headers.getlist(name)) for name in headers}


def _ready(status: HTTPStatus, headers: Mapping[str, str], body: bytes) -> Ready:
    lines = [f"{name}: {value}" for name, value in headers.items()]
    if status is not HTTPStatus.NOT_MODIFIED:
        lines.append(f"Content-Length: {len(body)}")
    head = "\r\n".join((f"HTTP/1.1 {status.value} {status.phrase}", *lines, ""))
    return Ready(status, headers, body, head.encode("latin-1"))


def _opened(outputs: Sequence[OutputSettings], token: str) -> list[OutputSettings]:
    """The outputs whose token this is. Asks all of them, so that the time it takes tells nothing."""
    return [output for output in outputs if compare_digest(output.token.encode(), token.encode())]


def _renamed(path: str, outputs: Sequence[OutputSettings], cache_control: str) -> Response | None:
    """The way on from where one of these outputs was before; None where none was.

    For good, but asked again soon: caches never forget, and a name may go back to where it was.
    """
    name, rest = _parted(path)
    today = next((output.name for output in outputs if name in output.was), None)
    if today is None:
        return None
    # Relative, so that it also holds behind a path prefix.
    headers = {"Location": f"{today}{rest}", "Cache-Control": cache_control}
    return Response(None, HTTPStatus.MOVED_PERMANENTLY, headers)


def _parted(path: str) -> tuple[str, str]:
    """The name of an output and what follows it: a suffix, or a page of its archive; empty where neither."""
    name, dot, suffix = path.rpartition(".")
    first, mark, page = name.rpartition(MARK)
    if mark and page_named(page) and suffix in ARCHIVED:
        return first, f"{mark}{page}.{suffix}"
    return (name, dot + suffix) if suffix in FORMATS else ("", "")
