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

PORTION = 196_608  # bytes kept for each slow client; smaller ones cost more calls of the system


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
    _deadline: float = 0.0
    _alarm: asyncio.TimerHandle | None = None
    """rings at the deadline or before; then it is set anew: most deadlines are moved before they come"""
    _answered: RequestResponseCycle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """Wait for a request; where there is no room, the connection that got no further the longest goes."""
        super().connection_made(transport)
        self.wait_for_client(self.request_seconds)
        if len(self.connections) > self.most:
            others = [one for one in self.connections if isinstance(one, PatientProtocol)]
            min(others, key=lambda one: one.waiting_since).hang_up()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        if self._alarm:
            self._alarm.cancel()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Once a request is there, its answer has time."""
        super().handle_events()
        if self.cycle is not self._answered:
            self._answered = self.cycle
            self.wait_for_client(self.answer_seconds)

    def on_response_complete(self) -> None:
        """After an answer the client has time for another request."""
        self.answer_is_out()
        super().on_response_complete()

    def answer_is_out(self) -> None:
        """Wait for the next request, if this answer is on its way; else it still has its time."""
        buffered = self.transport.get_write_buffer_size()
        self.wait_for_client(self.answer_seconds if buffered else self.request_seconds)

    def hang_up(self) -> None:
        """End the connection at once: closing it would wait for the client to take what is left."""
        self.connections.discard(self)
        self.transport.abort()

    def wait_for_client(self, seconds: float) -> None:
        """So long from now."""
        self.waiting_since = self.loop.time()
        self._deadline = self.waiting_since + seconds
        if self._alarm is None or self._alarm.when() > self._deadline:
            self._set_alarm()

    def _set_alarm(self) -> None:
        if self._alarm:
            self._alarm.cancel()
        self._alarm = self.loop.call_at(self._deadline, self._ring)

    def _ring(self) -> None:
        if self.loop.time() < self._deadline:
            self._set_alarm()
        else:
            self.hang_up()


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
