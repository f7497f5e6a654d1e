"""What a clause found, as it stands in the story, to be shown to a person. Pure.

A few words and no more, in one line, without what cannot be printed: they come from strangers and go to
terminals, pages and the store. Never decides whether a clause holds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

MOST = 3  # words or phrases of one clause
TOLD = 5  # of several clauses together
LONGEST = 60  # characters of one; a pattern may find the whole text
_LOOKED_AT = 10 * LONGEST


@dataclass(frozen=True, slots=True)
class Found:
    """Words as they stand in one place of the story: its `title`, `text` or whatever the field reads."""

    words: tuple[str, ...]
    place: str


def first_few(words: Iterable[str], place: str) -> tuple[Found, ...]:
    """The first of these words, each once; nothing where there are none to show."""
    few = tuple(islice(_different(map(_shown, words)), MOST))
    return (Found(few, place),) if few else ()


def in_words(found: Iterable[Found]) -> str:
    """`"gas", "Brussels" in the title and "dam" in the text`; empty where nothing was found."""
    places: dict[str, list[str]] = {}
    every = dict.fromkeys((one.place, word) for one in found for word in one.words)
    for place, word in islice(every, TOLD):
        places.setdefault(place, []).append(f'"{word}"')
    return " and ".join(f"{', '.join(words)} in the {place}" for place, words in places.items())


def _different(words: Iterable[str]) -> Iterator[str]:
    seen = {""}
    for word in words:
        if word not in seen:
            seen.add(word)
            yield word


def _shown(word: str) -> str:
    line = " ".join(word[:_LOOKED_AT].split())
    if not line.isprintable():  # controls, escapes, lone surrogates, what turns the direction of a line
        line = "".join(char for char in line if char.isprintable())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"
