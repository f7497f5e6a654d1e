"""An entry cut down to what tells stories apart: the words of its title and of its opening, as numbers. Pure.

A gist is what the in-memory index keeps of an entry, so it is small (about 200 bytes) and can be compared
without looking anything up. Words are folded and cut to their first letters, which stands in for stemming in
any language; text without spaces counts by pairs of characters. A gist is no key: only core/likeness.py and
core/events.py read it, and what they make of it is a score.

To leave more of an entry out: `opening`, and a row in tests/core/test_gist.py.
"""

import zlib
from array import array
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from aggregator.core.chrome import body
from aggregator.core.text import UNSPACED, words
from aggregator.model import ParsedEntry

STEM = 6  # letters: "minister" and "ministers" are one term, in most languages that inflect
OPENING_CHARACTERS = 220  # newswire copies share their first sentences; what follows is cut or extended
TITLE_TERMS = 60  # a title that is longer is no title, and its length has to fit into a byte
COMMON_WORDS = 16_384  # whose numbers are kept at hand

_UNSPACED = regex.compile(f"[{UNSPACED}]")
_INSIDE_NUMBER = regex.compile(r"(?<=\d)[.,'’](?=\d)")


@dataclass(frozen=True, slots=True)
class Gist:
    """The terms of a title and of an opening, in their order; an odd term holds a digit."""

    title: tuple[int, ...] = ()
    opening: tuple[int, ...] = ()

    @property
    def terms(self) -> tuple[int, ...]:
        """Title and opening as one."""
        return self.title + self.opening

    def packed(self) -> bytes:
        """The gist in few bytes: the length of the title, then 32 bits a term."""
        return bytes((len(self.title),)) + array("I", self.terms).tobytes()


def unpacked(packed: bytes) -> Gist:
    """The gist that `Gist.packed` made."""
    both = tuple(packed_terms(packed))
    return Gist(both[: packed[0]], both[packed[0] :])


def packed_terms(packed: bytes) -> "array[int]":
    """All terms of a packed gist, without taking it apart."""
    return array("I", packed[1:])


def packed_title(packed: bytes) -> Sequence[int]:
    """The title's terms alone of a gist that `Gist.packed` made."""
    return memoryview(packed)[1 : 1 + 4 * packed[0]].cast("I")


def gist(entry: ParsedEntry, chrome: Collection[int] = ()) -> Gist:
    """What is left of the entry; `chrome` are the keys of what its feed says under every article."""
    return Gist(terms(entry.title)[:TITLE_TERMS], terms(opening(entry, chrome)))


def opening(entry: ParsedEntry, chrome: Collection[int] = ()) -> str:
    """The first 220 characters of the text, without the headline said again, page chrome and half words."""
    text = body(entry, chrome)
    cut = text[:OPENING_CHARACTERS].rstrip()
    whole = len(text) < OPENING_CHARACTERS - 1 or cut[-1:] in ".!?"
    return cut if whole or " " not in cut else cut[: cut.rindex(" ")]


def terms(text: str) -> tuple[int, ...]:
    """The words as numbers, in order; 1,250.5 is one word, and unspaced scripts count by pairs."""
    return tuple(number(word) for word in _paired(words(_INSIDE_NUMBER.sub("", text))))


@lru_cache(COMMON_WORDS)
def number(word: str) -> int:
    """The word's first letters as 32 bits, the lowest of which says that it holds a digit."""
    digit = not word.isalpha() and any(letter.isdigit() for letter in word)
    stem = word if digit else word[:STEM]
    return zlib.crc32(stem.encode("utf-8", "surrogatepass")) & ~1 | digit


def is_number(term: int) -> bool:
    """True for a word with a digit in it: figures, dates and scores tell look-alikes apart."""
    return term & 1 == 1


def _paired(said: Sequence[str]) -> Iterable[str]:
    """Words as they are; of a run of characters without spaces every two that stand together."""
    for place, word in enumerate(said):
        if not _UNSPACED.match(word):
            yield word
            continue
        follows = said[place + 1] if place + 1 < len(said) else ""
        if _UNSPACED.match(follows):
            yield word + follows
        elif place == 0 or not _UNSPACED.match(said[place - 1]):
            yield word
