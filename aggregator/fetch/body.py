"""Reading a response's body within bounds: the cap counts decoded bytes, and decoding goes in small steps.

A gzip bomb is noticed at the cap and not after it has filled the memory. A body that ends early is refused:
half a feed with the validators of the whole would never be asked for again.
"""

import zlib
from collections.abc import AsyncIterator, Callable

from aggregator.fetch.failures import FetchError

AUTOMATIC = zlib.MAX_WBITS | 32  # gzip or zlib, whichever the header says
ACCEPTED = "gzip, deflate"  # other codings have no bounded decoder in our libraries
INFLATED = ("gzip", "x-gzip", "deflate")


async def read_body(chunks: AsyncIterator[bytes], encoding: str, max_bytes: int) -> bytes:
    """The decoded body; FetchError when it is larger than `max_bytes`, cut short or not decodable."""
    decode, finish = _decoder(encoding)
    body = bytearray()
    async for chunk in chunks:
        for piece in decode(chunk, max_bytes - len(body) + 1):
            body += piece
            if len(body) > max_bytes:
                raise FetchError(f"larger than {max_bytes:,} bytes (poll.max_bytes)")
    finish()
    return bytes(body)


Decode = Callable[[bytes, int], "list[bytes]"]


def _decoder(encoding: str) -> tuple[Decode, Callable[[], None]]:
    codings = [name for name in encoding.lower().replace(" ", "").split(",") if name not in ("", "identity")]
    if not codings:
        return (lambda chunk, _room: [chunk]), (lambda: None)
    if len(codings) > 1 or codings[0] not in INFLATED:
        raise FetchError(f"the server used Content-Encoding {encoding!r}, which we did not ask for")
    inflate = _Inflate()
    return inflate.decode, inflate.finish


class _Inflate:
    """gzip of any number of members (RFC 1952 §2.2), zlib, or the bare deflate that some servers send."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(AUTOMATIC)
        self._begun = False
        self._wants_more = False

    def decode(self, chunk: bytes, room: int) -> list[bytes]:
        """What the chunk decodes to, at most `room` bytes of it."""
        pieces: list[bytes] = []
        while chunk and room > 0:
            self._wants_more = True
            piece = self._step(chunk, room)
            pieces.append(piece)
            room -= len(piece)
            chunk = self._stream.unconsumed_tail or self._next_member()
        return pieces

    def _step(self, chunk: bytes, room: int) -> bytes:
        try:
            piece = self._stream.decompress(chunk, room)
        except zlib.error as error:
            if self._begun:
                raise FetchError(f"the compressed body is damaged ({error})") from error
            self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
            self._begun = True
            return self._step(chunk, room)
        self._begun = True
        return piece

    def _next_member(self) -> bytes:
        """What stands behind a finished member; bytes that begin no other one are padding."""
        if not self._stream.eof:
            return b""
        self._wants_more = False
        rest = self._stream.unused_data
        if not rest.startswith(b"\x1f\x8b"):
            return b""
        self._stream = zlib.decompressobj(AUTOMATIC)
        return rest

    def finish(self) -> None:
        """FetchError when the stream had not come to its end."""
        if self._wants_more or not self._begun:
            raise FetchError("the compressed body was cut short")
