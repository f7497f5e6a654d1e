"""One request under way: where it has come to, what may go with it there, and what it has cost so far.

Validators go only to the URL that gave them, a feed's headers and its login only to its origin (RFC 9110
§15.4), and a login in the address of a redirect is not used. Nothing here touches the network.
"""

import base64
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from aggregator.core.urls import absolute, goes_down, host_of, login_apart, shares_secrets
from aggregator.fetch.failures import FetchError
from aggregator.model import Answer, Request

MAX_REDIRECTS = 5
PERMANENT = (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT)
POSTED_ON = (HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT)  # others turn a POST into a GET
REDIRECTS = (*PERMANENT, HTTPStatus.FOUND, HTTPStatus.SEE_OTHER, HTTPStatus.TEMPORARY_REDIRECT)


@dataclass(slots=True)
class Journey:
    """A request and its way through redirects; `answered` once any server has said anything."""

    request: Request
    seconds_left: float
    url: str = field(init=False)
    visited: list[str] = field(default_factory=list)
    permanent: bool = True
    went_down: str | None = None
    answered: bool = False
    received: int = 0
    started: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.url, login = login_apart(self.request.url)
        self.request = replace(self.request, url=self.url, auth=self.request.auth or login)
        self.visited.append(absolute(self.url, "") or self.url)

    # -- what goes along --------------------------------------------------------------------------------

    def headers(self) -> Iterator[tuple[bytes, bytes]]:
        """The headers of this hop, of our own ones only those that this feed wants otherwise."""
        request = self.request
        if request.accept:
            yield b"Accept", request.accept.encode()
        if request.user_agent:
            yield b"User-Agent", request.user_agent.encode()
        if request.form is not None:
            yield b"Content-Type", b"application/x-www-form-urlencoded"
        if shares_secrets(request.home or request.url, self.url):
            yield from ((name.encode(), value.encode()) for name, value in request.headers.items())
            if request.auth:
                yield b"Authorization", b"Basic " + base64.b64encode(request.auth.encode())
        if self.is_conditional:
            known = request.validators
            if known.etag:
                yield b"If-None-Match", known.etag.encode("latin-1")
            if known.last_modified:
                yield b"If-Modified-Since", known.last_modified.encode("latin-1")

    @property
    def is_conditional(self) -> bool:
        """Whether this hop carries validators."""
        return bool(self.request.validators) and self.url == (self.request.validators_url or self.request.url)

    @property
    def home(self) -> str:
        """`host:port` of the feed's own address: what it leads to is judged by whose feed it is."""
        return host_of(self.request.home or self.request.url)

    # -- where it goes ----------------------------------------------------------------------------------

    def follow(self, status: int, location: str | None) -> None:
        """Turn to where the redirect leads; FetchError where it leads nowhere, in a circle, or too far."""
        target = absolute(location, self.url) if location else None
        if target is None:
            raise FetchError(f"HTTP {status} leads to no web address{_shown(location)}")
        target = login_apart(target)[0].partition("#")[0]
        if target in self.visited:
            raise FetchError(f"HTTP {status} leads in a circle, back to {target}")
        if len(self.visited) > MAX_REDIRECTS:
            raise FetchError(f"more than {MAX_REDIRECTS} redirects, the last to {target}")
        if goes_down(self.url, target):
            self.went_down = target
        if self.request.form is not None and (self.went_down or status not in POSTED_ON):
            raise FetchError(f"HTTP {status} leads to {target}, where no form is posted")
        self.permanent &= status in PERMANENT
        self.visited.append(target)
        self.url = target

    @property
    def moved_to(self) -> str | None:
        """Where permanent redirects led; a way that left https is followed and not recorded."""
        moved = len(self.visited) > 1 and self.permanent and not self.went_down
        return self.url if moved else None

    # -- how it ends ------------------------------------------------------------------------------------

    def answer(self, **what: object) -> Answer:
        """An answer with these facts."""
        note = None
        if self.went_down and self.permanent:
            note = f"moved for good from https down to {self.went_down}; followed, but the address is kept"
        took = round((time.monotonic() - self.started) * 1000)
        bare = Answer(url=self.url, received_bytes=self.received, took_ms=took, note=note)
        return replace(bare, **what)  # type: ignore[arg-type]  # the keys are fields of Answer

    def failed(self, why: str) -> Answer:
        """The network's failure; a redirect on the way shows that the line itself is up."""
        return self.answer(error=why, unreached=not self.answered)


def _shown(location: str | None) -> str:
    if not location:
        return ""
    shown = login_apart(location.strip())[0]
    return f": {shown[:200]!r}"
