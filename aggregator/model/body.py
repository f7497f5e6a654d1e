"""A document as it came over the wire. The one noun that is open: whoever asked for it closes it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

PIECE_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """A body, whole and decoded, of `size` bytes; `digest` is the same for the same bytes.

    `file` is memory where the body is small, and a file without a name on the disk where it is large, so that
    many of them may wait at once. One reader at a time; reading a closed one is a ValueError.
    """

    file: BinaryIO
    size: int
    digest: str

    def pieces(self) -> Iterator[bytes]:
        """The body from its beginning, no more than a little of it in memory."""
        self.file.seek(0)
        return iter(partial(self.file.read, PIECE_BYTES), b"")

    def read(self) -> bytes:
        """The whole body, in memory."""
        return b"".join(self.pieces())

    def close(self) -> None:
        """Give the memory or the disk space back; `size` and `digest` stay. May be called twice."""
        self.file.close()
