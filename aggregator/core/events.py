"""Which event does a headline tell of, in whatever words? Pure; groups, and never collapses anything.

Two headlines are compared by their terms, weighed by rarity, and by meaning where something makes vectors. An
event is as close as the mean of its three closest tellings: one look-alike does not chain two events, and a
telling of a minor aspect does not keep the next one out. An event that was quiet for days is over.

To compare by something else: a share in `_closeness`, and the table of docs/dedup-quality.md measured anew.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from typing import Protocol

from aggregator.core.gist import Gist, packed_title, terms
from aggregator.core.neighbours import Neighbour

RARE_TERMS = 8
CANDIDATES = 60
TELLINGS = 3
SUBJECT_TERMS = 3  # a shorter title names no event; then the opening speaks too
CLOSE_WORDS = 0.16  # the lowest that was tried; lower may be better still
CLOSE = 0.23  # with meanings; on two halves of the stories the best was .23 and .22, and .03 of F1 apart
SURELY_CLOSE = 0.5  # the cautious setting
MEANING_SHARE = 0.5
QUIET = timedelta(days=4)  # without a telling an event is over
FRESH = timedelta(hours=36)  # until then time does not count
HALVED = timedelta(hours=48)  # and from then on closeness halves in this time

# What every headline may hold and none is about; rarity would find that out, but not on the first day.
FUNCTION_WORDS = frozenset(
    terms(
        "a an the of to in on for and or at by with from as is are was be it its this that s t after over up "
        "new will has have not no der die das den dem ein eine und in im zu von mit auf für ist nach bei le "
        "la les un une de du des et en au aux à pour dans sur est el los las y que con por para il lo gli di "
        "da os do het een van op"
    )
)


class Meanings(Protocol):
    """Turns titles into vectors that are close where the meaning is."""

    def of(self, title: str, lang: str | None) -> bytes:
        """The title's vector; empty where its language is unknown to the model."""
        ...

    def closeness(self, one: bytes, many: Sequence[bytes]) -> Sequence[float]:
        """The cosine of one vector with each of many; 0 for an empty one."""
        ...


class NoMeanings:
    """Words alone: what is used where no model is installed."""

    def of(self, title: str, lang: str | None) -> bytes:  # noqa: ARG002  # the signature is Meanings'
        """Nothing."""
        return b""

    def closeness(self, one: bytes, many: Sequence[bytes]) -> Sequence[float]:  # noqa: ARG002
        """Nothing is close."""
        return [0.0] * len(many)


class Said(Protocol):
    """What was said lately: core/neighbours.py, or that with the document which is being decided."""

    def near(self, terms: Iterable[int], *, rare: int, many: int, since: datetime) -> Sequence[Neighbour]:
        """Those that share most of the `rare` rarest terms and came `since` then."""
        ...

    def rarity(self, term: int) -> float:
        """How much a term tells."""
        ...


@dataclass(frozen=True, slots=True)
class Telling:
    """The event that is told, by its number in the index, its closest entry, and how close the event is."""

    event: int
    entry: int
    score: float


def event_of(
    gist: Gist,
    meaning: bytes,
    index: Said,
    meanings: Meanings,
    *,
    now: datetime,
    cautious: bool = False,
) -> Telling | None:
    """The event that an entry tells of; None where it begins one."""
    subject = _subject(gist)
    near = index.near(subject, rare=RARE_TERMS, many=CANDIDATES, since=now - QUIET)
    if not near:
        return None
    scores = _closeness(subject, meaning, near, index.rarity, meanings)
    events: defaultdict[int, list[tuple[float, int]]] = defaultdict(list)
    for one, score in zip(near, scores, strict=True):
        events[one.event].append((score * _freshness(now - one.at), one.entry))
    best = max((_telling(event, tellings) for event, tellings in events.items()), key=_rank)
    limit = SURELY_CLOSE if cautious else CLOSE if meaning else CLOSE_WORDS
    return best if best.score >= limit else None


def _telling(event: int, tellings: list[tuple[float, int]]) -> Telling:
    closest = sorted(tellings, reverse=True)[:TELLINGS]
    return Telling(event, closest[0][1], sum(score for score, _ in closest) / len(closest))


def _rank(telling: Telling) -> tuple[float, int]:
    return telling.score, -telling.event


def _subject(gist: Gist) -> frozenset[int]:
    return _about(gist.title) or frozenset(gist.terms)


def _subject_of(one: Neighbour) -> frozenset[int]:
    """As `_subject`, of the title alone where that is enough: this runs for every candidate."""
    return _about(packed_title(one.packed)) or frozenset(one.gist.terms)


def _about(title: Sequence[int]) -> frozenset[int]:
    said = frozenset(title) - FUNCTION_WORDS
    return said if len(said) >= SUBJECT_TERMS else frozenset()


def _freshness(gap: timedelta) -> float:
    return 1.0 if gap <= FRESH else 0.5 ** ((gap - FRESH) / HALVED)


def _closeness(
    subject: frozenset[int],
    meaning: bytes,
    near: Sequence[Neighbour],
    rarity: Callable[[int], float],
    meanings: Meanings,
) -> Sequence[float]:
    by_words = _cosines(subject, [_subject_of(one) for one in near], rarity)
    if not meaning:
        return by_words
    by_meaning = meanings.closeness(meaning, [one.meaning for one in near])
    return [
        (1 - MEANING_SHARE) * words + MEANING_SHARE * sense if one.meaning else words
        for one, words, sense in zip(near, by_words, by_meaning, strict=True)
    ]


def _cosines(
    one: frozenset[int], many: Sequence[frozenset[int]], rarity: Callable[[int], float]
) -> list[float]:
    squares = {term: rarity(term) ** 2 for term in one.union(*many)}
    length = sqrt(sum(squares[term] for term in one))
    return [
        sum(squares[term] for term in one & other) / (length * sqrt(sum(squares[term] for term in other)))
        if other
        else 0.0
        for other in many
    ]
