"""Vectors of titles from a table of 32,000 pieces of words, 256 numbers each, made from English text.

A title's vector is the mean of its pieces' vectors, cut down to two bits a number: on which side of nothing
it is, and whether far from it. That is 64 bytes a title, and cosines are counted with whole-number bit
operations, a microsecond each; events come out no worse than with the exact numbers (docs/dedup-quality.md).

The table stays on disk, mapped; what is held are the names of the pieces and the vectors of recent words.
"""

import json
import mmap
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import sqrt
from pathlib import Path
from struct import Struct
from typing import Self

from aggregator.core.english import is_english
from aggregator.semantic.pieces import pieces

WEIGHTS = "weights/l2_supercat_256.safetensors"
PIECES = "tokenizers/l2_supercat_tokenizer_config.json"
LONGEST_TITLE = 500  # characters
RECENT = 8192  # words, and pieces of them, that are kept at hand: 20 MB
NUMBERS = 256
PLANE = NUMBERS // 8  # bytes: one bit of every number
NEAR, FAR = 1, 3  # what a number counts for; far is beyond the mean distance

# A vector is one whole number, of which every 64 bits are one of the 256 numbers: so a title takes a few
# additions. They are exact, because half-precision numbers are multiples of 2^-24. Lanes stay above nothing,
# so that none borrows from the next.
PRECISION = 1 << 24
LEVEL = 1 << 48

_numbers = Struct(f"<{NUMBERS}e")
_lanes = Struct(f"<{NUMBERS}Q")
_DIGITS = bytes.maketrans(b"\0\1", b"01")


class Table:
    """The vectors of all pieces, and what cuts a title into them."""

    def __init__(self, vocabulary: Mapping[str, int], vectors: mmap.mmap, begin: int) -> None:
        self._vectors = vectors
        self._begin = begin
        self._pieces = lru_cache(RECENT)(lambda word: pieces(word, vocabulary))
        self._vector = lru_cache(RECENT)(self._read)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The table as the package in this folder holds it (safetensors: a length, JSON, numbers)."""
        with (folder / WEIGHTS).open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        begin = 8 + int.from_bytes(mapped[:8], "little")
        first, _ = json.loads(mapped[8:begin])["embedding.weight"]["data_offsets"]
        tokenizer = json.loads((folder / PIECES).read_text("utf-8"))
        return cls(tokenizer["model"]["vocab"], mapped, begin + first)

    def of(self, title: str, lang: str | None) -> bytes:
        """The title's vector; empty for no title, and for one that is not in English."""
        said = title[:LONGEST_TITLE].split()
        if not said or not is_english(title, lang):
            return b""
        told = [piece for word in said for piece in self._pieces(word)]
        return _packed(sum(map(self._vector, told)), len(told))

    def closeness(self, one: bytes, many: Sequence[bytes]) -> Sequence[float]:
        """The cosines; an empty vector is close to nothing."""
        sides, far = _planes(one)
        length = _length(far)
        return [_dot(sides, far, *_planes(other), length) if other else 0.0 for other in many]

    def _read(self, piece: int) -> int:
        """The piece's vector in lanes."""
        vector = _numbers.unpack_from(self._vectors, self._begin + piece * _numbers.size)
        lanes = [int(number * PRECISION) + LEVEL for number in vector]
        return int.from_bytes(_lanes.pack(*lanes), "little")


def _packed(total: int, many: int) -> bytes:
    """Two planes of bits: which numbers are below nothing, and which are far from it."""
    lanes = _lanes.unpack(total.to_bytes(_lanes.size, "little"))
    squares = [(lane - many * LEVEL) ** 2 for lane in lanes]
    mean = sum(squares) // NUMBERS
    return _plane(map((many * LEVEL).__gt__, lanes)) + _plane(map(mean.__lt__, squares))


def _plane(bits: Iterable[bool]) -> bytes:
    """A bit for each, the first one highest."""
    return int(bytes(bits).translate(_DIGITS), 2).to_bytes(PLANE, "big")


def _planes(packed: bytes) -> tuple[int, int]:
    return int.from_bytes(packed[:PLANE], "big"), int.from_bytes(packed[PLANE:], "big")


def _length(far: int) -> float:
    return sqrt(NUMBERS * NEAR + (FAR * FAR - NEAR) * far.bit_count())


def _dot(sides: int, far: int, other_sides: int, other_far: int, length: float) -> float:
    """The cosine: 1 for every number, 2 more for a far one, 4 more for both far; minus where sides differ."""
    apart, both = sides ^ other_sides, far & other_far
    near = NUMBERS - 2 * apart.bit_count()
    ones = far.bit_count() + other_far.bit_count()
    ones -= 2 * ((far & apart).bit_count() + (other_far & apart).bit_count())
    twos = both.bit_count() - 2 * (both & apart).bit_count()
    return (near + 2 * ones + 4 * twos) / (length * _length(other_far))
