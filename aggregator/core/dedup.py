"""By what a story is recognised across feeds: fingerprints, and nearly the same text. Pure.

A fingerprint is a 64-bit key under one signal; two entries with an equal key are *candidates* for one story,
and core/ingest.py decides. A wrong merge is worse than a repeat, so a signal that says little (a home page,
a title without text) gives no key at all.

To add a signal: a function from entry and chrome to text in `SIGNALS`, and its place in the order of that
table.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations

from aggregator.core.chrome import body
from aggregator.core.gist import Gist, cut, words_in
from aggregator.core.likeness import ANY_HEADLINE, SHORTEST_OPENING, Likeness, is_one_headline, likeness
from aggregator.core.neighbours import Neighbours
from aggregator.core.targets import linked_target
from aggregator.core.text import key64, words
from aggregator.core.urls import canonical
from aggregator.model import Fingerprint, MatchedBy, ParsedEntry

TITLE_WORDS = 3
LEAD_WORDS = 8

RARE_TERMS = 6  # a copy that lost a few words still shares most of the rare ones
SHARED = 2  # of them at least
CANDIDATES = 8


def title_and_lead(entry: ParsedEntry, chrome: Collection[int]) -> str | None:
    """Title and opening of the text, normalised; None where they are too short to tell stories apart.

    A title alone never counts: "Morning briefing" is a series.
    """
    title = words(entry.title)
    lead = words(cut(body(entry, chrome)))
    if len(title) < TITLE_WORDS or len(lead) < LEAD_WORDS:
        return None
    return f"{' '.join(title)}\n{' '.join(lead)}"


def link(entry: ParsedEntry, _: Collection[int]) -> str | None:
    """The canonical form of the entry's link; None where it names no one article."""
    return canonical(entry.url) if entry.url else None


def page_link(entry: ParsedEntry, _: Collection[int]) -> str | None:
    """The same of what its page calls itself, where the page was read and says something else."""
    return canonical(entry.canonical_url) if entry.canonical_url else None


SIGNALS: tuple[tuple[MatchedBy, Callable[[ParsedEntry, Collection[int]], str | None]], ...] = (
    (MatchedBy.URL, link),
    (MatchedBy.URL, page_link),
    (MatchedBy.TARGET, lambda entry, _: linked_target(entry)),
    (MatchedBy.TITLE, title_and_lead),
)
"""The signals across feeds, the surest first: the first hit decides."""


def fingerprints(entry: ParsedEntry, chrome: Collection[int] = ()) -> tuple[Fingerprint, ...]:
    """The entry's keys, in the order of `SIGNALS`; a signal that has nothing to say is left out.

    `chrome` are the keys of what its feed says under every article.
    """
    said = ((signal, read(entry, chrome)) for signal, read in SIGNALS)
    return tuple(Fingerprint(signal, key64(text)) for signal, text in said if text is not None)


def sought(prints: Iterable[Fingerprint]) -> Iterator[tuple[MatchedBy, Fingerprint]]:
    """Under what an entry with these keys looks for its story, the surest first, and by which signal.

    A page that one entry is, and another is about, has the same key under two signals.
    """
    prints = tuple(prints)
    pages = [one for one in prints if one.signal in (MatchedBy.URL, MatchedBy.TARGET)]
    yield from ((one.signal, one) for one in pages if one.signal is MatchedBy.URL)
    yield from ((MatchedBy.TARGET, Fingerprint(MatchedBy.TARGET, one.key)) for one in pages)
    about = (one for one in pages if one.signal is MatchedBy.TARGET)
    yield from ((MatchedBy.TARGET, Fingerprint(MatchedBy.URL, one.key)) for one in about)
    yield from ((one.signal, one) for one in prints if one not in pages)


@dataclass(frozen=True, slots=True)
class Alike:
    """A stored entry, by its number, that says something like it: how alike, and its gist."""

    entry: int
    like: Likeness
    packed: bytes


def says_enough(gist: Gist) -> bool:
    """False for a caption: it is like nothing, so that there is nothing to look for."""
    return words_in(gist.opening) >= SHORTEST_OPENING


def alike(gist: Gist, index: Neighbours, *, since: datetime, now: datetime) -> tuple[Alike, ...]:
    """The entries that came `since` then and are worth a second look, likest and oldest first.

    Those of whom `like.same` says so tell it in nearly the same words.
    """
    shared = index.near(gist.terms, rare=RARE_TERMS, many=CANDIDATES, since=since, least=SHARED)
    near = [(one, one.gist) for one in shared]
    found = [
        Alike(one.entry, likeness(other, gist, now - one.at, index.story_rarity), one.packed)
        for one, other in near
    ]
    if _is_boilerplate([(one.event, other) for one, other in near if other.opening == gist.opening]):
        found = [replace(one, like=replace(one.like, apart=one.like.apart or ANY_HEADLINE)) for one in found]
    return tuple(
        sorted((one for one in found if one.like.near), key=lambda one: (-one.like.score, one.entry))
    )


def _is_boilerplate(same: Sequence[tuple[int, Gist]]) -> bool:
    """Whether two stories say this word for word under different headlines: then it tells of neither."""
    pairs = combinations(same, 2)
    return any(story != other and not is_one_headline(one, two) for (story, one), (other, two) in pairs)
