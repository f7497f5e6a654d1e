"""Live updates: who has a page open hears that there is another version of it, by server-sent events.

An event says that and no more: its id is the version, and what is new the page fetches by itself. Nothing is
remembered of what was told: whoever comes back, also after a restart, says which version he holds. Of what is
not public nobody hears more than of what is not there.

To make another page live: `live_tag` in its head, SCRIPTED as its policy; templates/live.js does the rest.
"""

import asyncio
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from aggregator.model import Snapshot
from aggregator.web.scripted import FRONT, front_version, version_of
from aggregator.web.site import Site

COME_BACK = (2_000, 8_000)  # milliseconds after a stream has ended; all of them at once would be a burst
_HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store, no-transform",  # a compressing proxy holds back what is short
    "X-Accel-Buffering": "no",  # nginx hands on each event as it comes
}
_CHANCE = random.SystemRandom()


class Live:
    """Who listens just now, and how long for. All numbers but `most` are seconds.

    `rest` lies between two events on one stream, so that a busy hour costs a page load each half minute.
    `life` is shorter than the server has patience with an answer; browsers come back by themselves.
    """

    def __init__(
        self, *, most: int = 100, heartbeat: float = 15.0, rest: float = 30.0, life: float = 240.0
    ) -> None:
        self.most, self.heartbeat, self.rest, self.life = most, heartbeat, rest, life
        self.is_closed = False
        self._bells: set[asyncio.Event] = set()
        self._front: tuple[Snapshot, str] | None = None

    @property
    def listeners(self) -> int:
        """How many there are."""
        return len(self._bells)

    def tell(self) -> None:
        """Something else is published; each stream looks whether it is about that."""
        for bell in self._bells:
            bell.set()

    def close(self) -> None:
        """End all streams, and let none begin: they would hold up the server's stop."""
        self.is_closed = True
        self.tell()

    @contextmanager
    def listening(self) -> Iterator[asyncio.Event]:
        """The bell of one more listener, which rings at each telling."""
        bell = asyncio.Event()
        self._bells.add(bell)
        try:
            yield bell
        finally:
            self._bells.discard(bell)

    def version(self, snapshot: Snapshot, page: str) -> str | None:
        """Which version of the page is published; None where nothing is for everybody."""
        if page != FRONT:
            return version_of(snapshot, page)
        if self._front is None or self._front[0] is not snapshot:  # many ask, and it takes looking at all
            self._front = snapshot, front_version(snapshot)
        return self._front[1]


def live_route(live: Live, site: Site) -> Route:
    """Where pages listen: `/live?page=security.html&since=VERSION`."""

    async def listen(request: Request) -> Response:
        page = request.query_params.get("page", FRONT)
        if live.version(site.snapshot(), page) is None:
            return _refusal(HTTPStatus.NOT_FOUND, "Nothing is published at this address")
        if live.is_closed or live.listeners >= live.most:
            return _refusal(HTTPStatus.SERVICE_UNAVAILABLE, "As many listen as may", {"Retry-After": "60"})
        # A browser that comes back by itself repeats the address, and says in the header what it heard last.
        held = request.headers.get("last-event-id") or request.query_params.get("since")
        return _Stream(live, site, page, held)

    return Route("/live", listen)


class _Stream(Response):
    """Tells one listener of each other version than the one that he holds; None holds today's."""

    def __init__(self, live: Live, site: Site, page: str, held: str | None) -> None:
        super().__init__(headers=_HEADERS)
        del self.headers["content-length"]
        self._live, self._site, self._page, self._held = live, site, page, held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send events until one of us has had enough."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if scope["method"] != "HEAD":
            with self._live.listening() as bell:
                gone = asyncio.create_task(_gone(receive, bell))
                try:
                    await self._tell(bell, gone, send)
                finally:
                    gone.cancel()
        await send({"type": "http.response.body", "body": b""})

    async def _tell(self, bell: asyncio.Event, gone: asyncio.Task[None], send: Send) -> None:
        clock, live = asyncio.get_running_loop().time, self._live
        end, may_tell, beat = clock() + live.life, clock(), clock() + live.heartbeat
        await _say(send, f"retry: {_CHANCE.randint(*COME_BACK)}")
        while not (live.is_closed or gone.done() or clock() >= end):
            bell.clear()  # before we look: what changes after that rings again
            version = live.version(self._site.snapshot(), self._page)
            if version is None:
                return
            self._held = self._held or version
            if version != self._held and clock() >= may_tell:
                self._held, may_tell, beat = version, clock() + live.rest, clock() + live.heartbeat
                await _say(send, f"id: {version}\ndata: changed")
            elif clock() >= beat:
                beat = clock() + live.heartbeat
                await _say(send, ":")  # proxies hang up on who is silent for a minute
            with suppress(TimeoutError):
                async with asyncio.timeout_at(min(end, beat, end if version == self._held else may_tell)):
                    await bell.wait()


async def _say(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": f"{text}\n\n".encode(), "more_body": True})


async def _gone(receive: Receive, bell: asyncio.Event) -> None:
    """Wait until the listener is; then ring, so that the stream ends at once."""
    while (await receive())["type"] != "http.disconnect":
        pass
    bell.set()


def _refusal(status: HTTPStatus, text: str, headers: Mapping[str, str] | None = None) -> Response:
    told = {"Cache-Control": "no-store", **(headers or {})}
    return Response(f"{text}.\n", status, told, "text/plain")
