"""The short way of a plain request for a published output: one look, one answer, nothing in between.

Feed readers ask for the same few addresses day and night, and nearly always with the same plain request: GET,
HTTP/1.1, no body. Such a request, when it comes in one piece and nothing is under way, is answered here at a
tenth of the usual cost. Any other, by a header or a character, takes uvicorn's way through h11 and the app,
which says the same: this is a matter of speed alone.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from typing import Any

import h11

from aggregator.web.bounded import BoundedProtocol
from aggregator.web.outputs import Ready
from aggregator.web.patience import PORTION

AtOnce = Callable[[str, Mapping[str, str]], Ready | None]
"""The answer to a GET of this path with these headers, named in lower case; None where another must say."""

READ = 65_536  # bytes; below app.allocator's threshold: to map and unmap a buffer costs more than the answer
JOINED = 65_536  # bytes of a body that cost less to copy behind their head than a call of the system does
LONGEST = 4_096  # bytes; readers take some 300

# RFC 9112 §3 and §5, but no query, no escapes and no folded lines.
_PLAIN = re.compile(
    rb"(GET|HEAD) /([\w./-]+) HTTP/1\.1\r\n((?:[\w!#$%&'*+.^`|~-]+:[\t -~\x80-\xff]*\r\n)+)\r\n", re.ASCII
)
_MORE = {"content-length", "transfer-encoding", "expect", "upgrade"}
_CONNECTION = {"", "keep-alive", "close"}


class QuickProtocol(BoundedProtocol):
    """One connection: plain requests `at_once`, all others as ever."""

    def __init__(self, *args: Any, at_once: AtOnce, **kwargs: Any) -> None:  # noqa: ANN401  uvicorn's own
        super().__init__(*args, **kwargs)
        self._at_once = at_once
        self._left = memoryview(b"")
        """of the body that is being sent"""
        self._sending = False
        self._ends = False
        """whether the connection does after it"""
        self._h11_knows = False
        """whether a request here has ever gone the long way"""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """Read in pieces for which the C library need not ask the system, as it must for asyncio's 256 kB."""
        transport.max_size = READ  # type: ignore[attr-defined]  # of asyncio's own transports
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """A request, or a part of one."""
        if not (self._is_idle() and self._answered_at_once(data)):
            self._h11_knows = True
            super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Send no more of it."""
        self._left, self._sending = memoryview(b""), False
        super().connection_lost(exc)

    def resume_writing(self) -> None:
        """Go on: the client has taken what it had."""
        super().resume_writing()
        if self._sending:
            self._send_on()

    def shutdown(self) -> None:
        """Close, but not within an answer."""
        if self._sending:
            self._ends = True
        else:
            super().shutdown()

    def _is_idle(self) -> bool:
        """Whether no request is half heard, and none half answered."""
        if not self._h11_knows:
            return not self.transport.is_closing()
        states = (self.conn.our_state, self.conn.their_state)
        return states == (h11.IDLE, h11.IDLE) and not self.conn.trailing_data[0]

    def _answered_at_once(self, data: bytes) -> bool:
        plain = _PLAIN.fullmatch(data) if len(data) <= LONGEST else None
        if plain is None:
            return False
        asked = _asked(plain[3].decode("latin-1"))
        ready = self._at_once(plain[2].decode("ascii"), asked) if _is_plain(asked) else None
        if ready is None:
            return False
        self._unset_keepalive_if_required()
        self._ends = asked.get("connection", "").lower() == "close"
        self._send(ready, whole=plain[1] == b"GET")
        return True

    def _send(self, ready: Ready, *, whole: bool) -> None:
        body = ready.body if whole else b""
        dated = [b"%b: %b\r\n" % line for line in self.server_state.default_headers]
        head = b"".join((ready.head, *dated, b"Connection: close\r\n\r\n" if self._ends else b"\r\n"))
        if len(body) <= JOINED:
            self.transport.write(head + body)
        else:
            self.transport.write(head)
            self._left = memoryview(body)
        self._sending = True
        self._send_on()

    def _send_on(self) -> None:
        while self._left and not self.flow.write_paused:
            part, self._left = self._left[:PORTION], self._left[PORTION:]
            self.transport.write(part)
        if self.flow.write_paused:
            self._hold()
        else:
            self._sending = False
            self.flow.resume_reading()
            self._sent()

    def _hold(self) -> None:
        """What the client asks next waits until it has taken this."""
        if not self.flow.read_paused:
            self.flow.pause_reading()
            self.wait_for_client(self.answer_seconds)

    def _sent(self) -> None:
        if self._ends:
            self.transport.close()
        self.answer_is_out()


def _is_plain(asked: Mapping[str, str]) -> bool:
    """Whether nothing follows and one host is named; where none or two are, h11 says what is wrong."""
    host, connection = asked.get("host", ","), asked.get("connection", "")
    return "," not in host and connection.lower() in _CONNECTION and _MORE.isdisjoint(asked)


def _asked(lines: str) -> dict[str, str]:
    """Request headers by lower-case name; lines of one name are one list (RFC 9110 §5.3)."""
    asked: dict[str, str] = {}
    for line in lines.split("\r\n")[:-1]:
        name, _, value = line.partition(":")
        name, value = name.lower(), value.strip("\t ")
        asked[name] = f"{asked[name]}, {value}" if name in asked else value
    return asked
