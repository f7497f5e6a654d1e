"""What slow clients may cost: uvicorn's connection with deadlines, and answers handed over in portions.

uvicorn ends a connection that rests between two requests, but not one whose request never ends, whose body
drips on after its answer, or whose client never takes what it asked for (CVE-2007-6750 and its kin). Here
each has so long for a request and so long for an answer, and where too many are open the oldest makes room:
they cost the daemon neither its open files nor its memory.
"""

import asyncio
from typing import ClassVar

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

PORTION = 65_536  # bytes; the transport's own high-water mark


class PatientProtocol(H11Protocol):
    """One connection. To try it out with less patience, make a subclass with other numbers."""

    request_seconds: ClassVar[float] = 15.0
    """from the connection, or from the end of an answer, until a request is there"""
    answer_seconds: ClassVar[float] = 300.0
    """from the request until the client has taken its answer: 5 MB at 17 kB/s"""
    most: ClassVar[int] = 500
    """connections at once; the usual limit of open files is 1024, and polls need some too"""

    waiting_since: float = 0.0
    """by the loop's clock: when the client was last given time"""
    _deadline: asyncio.TimerHandle | None = None
    _answered: RequestResponseCycle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """Wait for a request; where there is no room, the connection that got no further the longest goes."""
        super().connection_made(transport)
        self._wait(self.request_seconds)
        if len(self.connections) > self.most:
            others = [one for one in self.connections if isinstance(one, PatientProtocol)]
            min(others, key=lambda one: one.waiting_since).hang_up()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._end_waiting()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Once a request is there, its answer has time."""
        super().handle_events()
        if self.cycle is not self._answered:
            self._answered = self.cycle
            self._wait(self.answer_seconds)

    def on_response_complete(self) -> None:
        """Wait for the next request, if this answer is on its way; else it still has its time."""
        if not self.transport.get_write_buffer_size():
            self._wait(self.request_seconds)
        super().on_response_complete()

    def hang_up(self) -> None:
        """End the connection at once: closing it would wait for the client to take what is left."""
        self.connections.discard(self)
        self.transport.abort()

    def _end_waiting(self) -> None:
        if self._deadline:
            self._deadline.cancel()

    def _wait(self, seconds: float) -> None:
        self._end_waiting()
        self.waiting_since = self.loop.time()
        self._deadline = self.loop.call_later(seconds, self.hang_up)


class PortionedResponse(Response):
    """An answer of which the next portion is sent when the client has taken the last but one.

    All at once, it would be copied for each client that is slow to take it.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 — ASGI
        """Send it."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for begin in range(0, max(len(self.body), 1), PORTION):
            end = begin + PORTION
            part = self.body[begin:end]
            await send({"type": "http.response.body", "body": part, "more_body": end < len(self.body)})
