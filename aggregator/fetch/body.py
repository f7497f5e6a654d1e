"""Reading a response's body within bounds: the cap counts decoded bytes, and decoding goes in small steps.

A bomb is noticed at the cap and not after it has filled the memory. A body that ends early is refused:
half a feed with the validators of the whole would never be asked for again. A large body waits on the disk to
be parsed: `poll.concurrency` times `poll.max_bytes` is more than the memory of a small machine.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile, gettempdir
from typing import BinaryIO

from aggregator.fetch.codings import Decoder, decoder
from aggregator.fetch.failures import FetchError
from aggregator.model import Body

OVERHEAD_BYTES = 64 * 1024  # by which compressing may make a body larger; beyond it is padding without end
IN_MEMORY_BYTES = 256 * 1024  # most feeds are smaller; a larger body goes to the disk


async def read_body(
    chunks: AsyncIterator[bytes], encoding: str, max_bytes: int, folder: Path | None = None
) -> Body | None:
    """The decoded body, to be closed by the caller; None where it is blank.

    FetchError when it is larger than `max_bytes`, cut short, not decodable, or cannot be kept in `folder`.
    """
    spool = _Spool(folder)
    try:
        await _fill(spool, chunks, decoder(encoding), max_bytes)
    except BaseException:
        spool.close()
        raise
    return spool.body()


async def _fill(spool: "_Spool", chunks: AsyncIterator[bytes], coding: Decoder, max_bytes: int) -> None:
    received = 0
    async for chunk in chunks:
        received += len(chunk)
        for piece in coding.decode(chunk, max_bytes - spool.size + 1):
            await spool.add(piece)
        if spool.size > max_bytes or received > max_bytes + OVERHEAD_BYTES:
            raise FetchError(f"larger than {max_bytes:,} bytes (poll.max_bytes)")
    coding.finish()


class _Spool:
    """A body on its way: in memory at first, in a file without a name once it is large."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._file: BinaryIO = BytesIO()
        self._digest = hashlib.blake2b(digest_size=16)
        self._blank = True
        self.size = 0

    async def add(self, piece: bytes) -> None:
        """Take the next piece."""
        self.size += len(piece)
        self._digest.update(piece)
        self._blank = self._blank and not piece.strip()
        if self.size <= IN_MEMORY_BYTES:
            self._file.write(piece)
        else:
            await self._to_disk(piece)

    def body(self) -> Body | None:
        """All of it; None where it is blank."""
        if self._blank:
            self.close()
            return None
        return Body(self._file, self.size, self._digest.hexdigest())

    def close(self) -> None:
        """Drop it."""
        self._file.close()

    async def _to_disk(self, piece: bytes) -> None:
        """In a thread, for a disk may be slow. Opened outside of it, so that no cancelling loses the file."""
        try:
            if isinstance(self._file, BytesIO):
                piece = self._file.getvalue() + piece
                self._file = TemporaryFile(dir=self._folder)  # noqa: SIM115  closed with the body
            await asyncio.to_thread(_write, self._file, piece)
        except OSError as error:
            place = self._folder or gettempdir()
            raise FetchError(
                f"too large for memory, and {place} does not take it ({error.strerror})"
            ) from error


def _write(file: BinaryIO, piece: bytes) -> None:
    """Flushed, so that a full disk shows now and not when the body is read."""
    file.write(piece)
    file.flush()
