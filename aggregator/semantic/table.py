"""Vectors of titles from a table of 32,000 pieces of words, 256 numbers each, made from English text.

A title's vector is the mean of its pieces' vectors, cut down to two bits a number: on which side of nothing
it is, and whether far from it. That is 64 bytes a title, and cosines are counted with whole-number bit
operations, a microsecond each; events come out no worse than with the exact numbers (docs/dedup-quality.md).

The table stays on disk, mapped; what is held are the names of the pieces and the vectors of recent words.
"""

import json
import mmap
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import sqrt
from operator import add
from pathlib import Path
from struct import Struct
from typing import Self

from aggregator.semantic.english import is_english
from aggregator.semantic.pieces import pieces

WEIGHTS = "weights/l2_supercat_256.safetensors"
PIECES = "tokenizers/l2_supercat_tokenizer_config.json"
LONGEST_TITLE = 500  # characters
RECENT_WORDS = 4096
NUMBERS = 256
PLANE = NUMBERS // 8  # bytes: one bit of every number
NEAR, FAR = 1, 3  # what a number counts for; far is beyond the mean distance

_numbers = Struct(f"<{NUMBERS}e")


class Table:
    """The vectors of all pieces, and what cuts a title into them."""

    def __init__(self, vocabulary: Mapping[str, int], vectors: mmap.mmap, begin: int) -> None:
        self._vocabulary = vocabulary
        self._vectors = vectors
        self._begin = begin
        self._word = lru_cache(RECENT_WORDS)(self._sum)

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
        total = self._word(said[0])
        for word in said[1:]:
            total = tuple(map(add, total, self._word(word)))
        return _packed(total)

    def closeness(self, one: bytes, many: Sequence[bytes]) -> Sequence[float]:
        """The cosines; an empty vector is close to nothing."""
        sides, far = _planes(one)
        length = _length(far)
        return [_dot(sides, far, *_planes(other), length) if other else 0.0 for other in many]

    def _sum(self, word: str) -> tuple[float, ...]:
        total: tuple[float, ...] = (0.0,) * NUMBERS
        for piece in pieces(word, self._vocabulary):
            vector = _numbers.unpack_from(self._vectors, self._begin + piece * _numbers.size)
            total = tuple(map(add, total, vector))
        return total


def _packed(vector: Sequence[float]) -> bytes:
    """Two planes of bits: which numbers are below nothing, and which are far from it."""
    mean = sum(number * number for number in vector) / NUMBERS
    below = "".join("1" if number < 0 else "0" for number in vector)
    far = "".join("1" if number * number > mean else "0" for number in vector)
    return int(below, 2).to_bytes(PLANE, "big") + int(far, 2).to_bytes(PLANE, "big")


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
