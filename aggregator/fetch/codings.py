"""Content codings undone in bounded steps (RFC 9110 §8.4.1): gzip, deflate, br, zstd.

A few hundred bytes can stand for gigabytes, so each step says how much may come out of it. That is also why
httpx decodes nothing here: its decoders give whatever a chunk holds, however much that is.

To add a coding: a class with `decode` and `finish`, its names in DECODERS, and rows in
tests/fetch/test_codings.py.
"""

import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

import brotli

from aggregator.fetch.failures import FetchError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPTED = "gzip, deflate, br, zstd"
STEP_BYTES = 256 * 1024  # no more comes out of the libraries at once, a buffer's rounding aside
MAX_MEMBERS = 1_000  # of one body; empty ones would cost time and never reach the cap
# 8 MB is what HTTP may ask for (RFC 9659 §3).
ZSTD_WINDOW: Mapping[int, int] = {zstd.DecompressionParameter.window_log_max: 23}
ZSTD_FRAMES = (b"\x28\xb5\x2f\xfd", *(bytes((0x50 | low, 0x2A, 0x4D, 0x18)) for low in range(16)))
GZIP_MEMBER = b"\x1f\x8b"
# What servers write there that names no coding: the charset, or that there is none.
NO_CODING = frozenset(("", "identity", "none", "binary", "8bit", "utf-8", "utf8", "iso-8859-1", "us-ascii"))


class Decoder(Protocol):
    """Undoes one coding of one body."""

    def decode(self, chunk: bytes, room: int) -> Iterator[bytes]:
        """What the chunk stands for, piece by piece, until about `room` bytes came out; FetchError."""
        ...

    def finish(self) -> None:
        """FetchError when the body had not come to its end."""
        ...


def decoder(encoding: str) -> Decoder:
    """The decoder for this Content-Encoding; FetchError for one that we do not read."""
    codings = [name for name in encoding.lower().replace(" ", "").split(",") if name not in NO_CODING]
    if len(codings) > 1:
        raise FetchError(f"the body is compressed more than once (Content-Encoding {encoding[:80]!r})")
    made = DECODERS.get(codings[0]) if codings else _Plain
    if made is None:
        raise FetchError(f"the server used Content-Encoding {encoding[:80]!r}, which we did not ask for")
    return made()


class _Plain:
    """No coding."""

    def decode(self, chunk: bytes, _room: int) -> Iterator[bytes]:
        yield chunk

    def finish(self) -> None:
        """HTTP itself tells where the body ends."""


class _Inflate:
    """gzip of any number of members (RFC 1952 §2.2), zlib, or the bare deflate that some servers send."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip or zlib, whichever the header says
        self._members = 1
        self._head = b""
        self._wants_more = True

    def decode(self, chunk: bytes, room: int) -> Iterator[bytes]:
        full = False  # then more may be in the stream although it has taken the whole chunk
        while (chunk or full) and room > 0:
            self._wants_more = True
            asked = min(room, STEP_BYTES)
            piece = self._step(chunk, asked)
            yield piece
            room -= len(piece)
            chunk = self._stream.unconsumed_tail or self._next_member()
            full = len(piece) == asked and not self._stream.eof

    def _step(self, chunk: bytes, room: int) -> bytes:
        try:
            piece = self._stream.decompress(chunk, room)
        except zlib.error as error:
            if len(self._head) > 1:  # a header has two bytes, and it was one
                raise _damaged(error) from error
            bare, self._head = self._head + chunk, b"bare"
            self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
            return self._step(bare, room)
        if len(self._head) < 2:
            self._head += chunk[:2]
        return piece

    def _next_member(self) -> bytes:
        """What stands behind a finished member; bytes that begin no other one are padding."""
        if not self._stream.eof:
            return b""
        self._wants_more = False
        rest = self._stream.unused_data
        if not rest.startswith(GZIP_MEMBER):
            return b""
        self._members = _counted(self._members)
        self._stream = zlib.decompressobj(zlib.MAX_WBITS | 32)
        return rest

    def finish(self) -> None:
        if self._wants_more:
            raise _cut()


class _Brotli:
    """br (RFC 7932), one stream that says itself where it ends."""

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    def decode(self, chunk: bytes, room: int) -> Iterator[bytes]:
        while room > 0:
            try:
                piece = self._stream.process(chunk, output_buffer_limit=min(room, STEP_BYTES))
            except brotli.error as error:
                raise _damaged(error) from error
            yield piece
            room, chunk = room - len(piece), b""
            if self._stream.is_finished() or not piece:  # it may have taken all input and still hold output
                return

    def finish(self) -> None:
        if not self._stream.is_finished():
            raise _cut()


class _Zstandard:
    """zstd (RFC 8878), any number of frames one after the other."""

    def __init__(self) -> None:
        self._stream = zstd.ZstdDecompressor(options=ZSTD_WINDOW)
        self._members = 1
        self._behind = b""

    def decode(self, chunk: bytes, room: int) -> Iterator[bytes]:
        rest = self._next_frame(self._behind + chunk) if self._stream.eof else chunk
        while rest is not None and room > 0:
            try:
                piece = self._stream.decompress(rest, min(room, STEP_BYTES))
            except zstd.ZstdError as error:
                raise _damaged(error) from error
            yield piece
            room -= len(piece)
            rest = self._next_frame(self._stream.unused_data) if self._stream.eof else self._more()

    def _more(self) -> bytes | None:
        """Nothing new, where the stream can go on with what it has; None where it needs another chunk."""
        return None if self._stream.needs_input else b""

    def _next_frame(self, rest: bytes) -> bytes | None:
        """`rest` where it begins another frame; else it is kept, for the next chunk may complete a frame."""
        if not rest.startswith(ZSTD_FRAMES):
            self._behind = rest
            return None
        self._members = _counted(self._members)
        self._stream = zstd.ZstdDecompressor(options=ZSTD_WINDOW)
        return rest

    def finish(self) -> None:
        if not self._stream.eof:
            raise _cut()


DECODERS: Mapping[str, Callable[[], Decoder]] = {
    "gzip": _Inflate,
    "x-gzip": _Inflate,
    "deflate": _Inflate,
    "br": _Brotli,
    "zstd": _Zstandard,
}


def _counted(members: int) -> int:
    if members >= MAX_MEMBERS:
        raise FetchError(f"the compressed body is in more than {MAX_MEMBERS:,} parts")
    return members + 1


def _damaged(error: Exception) -> FetchError:
    return FetchError(f"the compressed body is damaged ({error})")


def _cut() -> FetchError:
    return FetchError("the compressed body was cut short")
