"""Addresses that are longer than any we answer: they reach the app cut, and it says 414.

h11 gives up on a head beyond its buffer, with a 400 that says nothing, and the connection then ends before
the client has sent all: a browser shows no answer but a broken connection. A search may well be that long, as
forms put it into the address. So what stands beyond the bound is read and thrown away.
"""

import h11

from aggregator.web.patience import PatientProtocol

LONGEST_ADDRESS = 48_000  # characters; proxies before us may stop at 8,000 (RFC 9112 §3 asks for no less)
LARGEST_HEAD = 65_536  # bytes, headers included
_CUT = LONGEST_ADDRESS + 1_000  # still longer than the bound without the method and what is a proxy's own
_REST = b" HTTP/1.1\r\n"


class BoundedProtocol(PatientProtocol):
    """One connection, whose request lines h11 can hold."""

    _is_cutting: bool = False
    """whether the rest of a request line is thrown away"""

    def data_received(self, data: bytes) -> None:
        """A part of a request, without what is too much of its first line."""
        if self._is_cutting:
            _, found, data = data.partition(b"\n")
            if not found:
                return
            self._is_cutting, data = False, _REST + data
        elif (room := self._room()) < len(data):
            line, found, after = data.partition(b"\n")
            if len(line) > room:
                self._is_cutting = not found
                data = line[:room] + (_REST + after if found else b"")
        super().data_received(data)

    def _room(self) -> int:
        """How much of a first line h11 may still be given; without end behind one."""
        begun = self.conn.trailing_data[0] if self.conn.their_state is h11.IDLE else b"\n"
        return LARGEST_HEAD if b"\n" in begun else _CUT - len(begun)
