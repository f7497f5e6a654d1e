"""Which event does a headline tell of, in whatever words? Pure; groups, and never collapses anything.

Two headlines are compared by their terms, weighed by rarity, and by meaning where something makes vectors. An
event is as close as the mean of its three closest tellings: one look-alike does not chain two events, and a
telling of a minor aspect does not keep the next one out. A telling that shares no rare term counts as
nothing, or one look-alike in a large event would do. An event that was quiet for days is over.

An event begins as several where its first tellings have too little in common; a later one may show that they
are one. So small events are provisional: the answer names those that are part of the event that is told.

To compare by something else: a share in `_mixed`, and the tables of docs/dedup-quality.md measured anew.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from typing import Protocol

from aggregator.core.gist import FUNCTION_WORDS, Gist, is_number, packed_title
from aggregator.core.neighbours import Neighbour

RARE_TERMS = 8
CANDIDATES = 30
TELLINGS = 3
SUBJECT_TERMS = 3  # a shorter title names no event; then the opening speaks too
CLOSE_WORDS = 0.2  # .18 to .22 do as well; found, as the others, on headlines (docs/dedup-quality.md)
EVIDENCE = (
    4.5  # by words alone: they share one that tells one event in 90, or more words; few stories tell little
)
MOULD_TERMS = 4  # of a headline that is said with other words in the same places every time
CLOSE = 0.3  # with meanings; .28 to .32 do as well
SURELY_CLOSE = 0.58  # the cautious setting
MEANING_SHARE = 0.65
FEW = 8  # tellings: an event of no more than that may turn out to be part of another
TIED_WORDS = 0.12  # how close two events have to be for that, on the mean of their closest tellings
TIED = 0.22  # with meanings
SAME = 9  # decimals: closer scores are equal, in whatever order they were added up
TOLD = 5  # events that are told of a comparison
QUIET = timedelta(days=4)  # without a telling an event is over
FRESH = timedelta(hours=36).total_seconds()  # until then time does not count
HALVED = timedelta(hours=48).total_seconds()  # and from then on closeness halves in this time

Weights = Callable[[Iterable[int]], Mapping[int, float]]


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

    def weights(self, terms: Iterable[int]) -> Mapping[int, float]:
        """How much each term tells, squared."""
        ...

    def entries_of(self, event: int) -> Sequence[int]:
        """The entries that tell the event."""
        ...


@dataclass(frozen=True, slots=True)
class Telling:
    """The event that is told, by its number in the index, its closest entry, and how close the event is.

    `same` are small events that this one ties to it: what told them tells `event` from now on.
    """

    event: int
    entry: int
    score: float
    same: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Weighed:
    """An event that was compared: its number, its closest entry, how close it is and should be.

    `terms` are those that both headlines use.
    """

    event: int
    entry: int
    score: float
    limit: float
    terms: frozenset[int]


def _untold(_weighed: Sequence[Weighed]) -> None:
    """The comparison interests nobody."""


def event_of(
    gist: Gist,
    meaning: bytes,
    index: Said,
    meanings: Meanings,
    *,
    now: datetime,
    cautious: bool = False,
    is_own: Callable[[int], bool] = lambda _: False,
    tell: Callable[[Sequence[Weighed]], None] = _untold,
) -> Telling | None:
    """The event that an entry tells of; None where it begins one.

    `is_own` says whether a stored entry is of the same feed, where the same mould is a series. `tell` hears
    of the closest events, those too that are not close enough, but for those that share next to nothing.
    """
    subject = _subject(gist)
    near = [
        one
        for one in index.near(subject, rare=RARE_TERMS, many=CANDIDATES, since=now - QUIET)
        if not (_is_series(gist.title, packed_title(one.packed)) and is_own(one.entry))
    ]
    limit = SURELY_CLOSE if cautious else CLOSE if meaning else CLOSE_WORDS
    likely = _within_reach(subject, meaning, near, limit, index.weights, meanings)
    scores = _closeness(subject, meaning, likely, index.weights, meanings)
    stamp = now.timestamp()
    fresh = [score * _freshness(stamp - one.stamp) for one, score in zip(likely, scores, strict=True)]
    events = sorted(_told(likely, fresh, index.entries_of), key=_rank, reverse=True)
    tell([one.weighed(subject, limit) for one in events[:TOLD]])
    close = [one for one in events if one.score >= limit]
    if cautious or len(close) < 2:
        return close[0].telling() if close else None

    limit = TIED if meaning else TIED_WORDS
    return _united(close, lambda one, other: _between(one, other, index.weights, meanings) >= limit)


@dataclass(frozen=True, slots=True)
class _Event:
    """An event that could be the one: its closest tellings in order, and how many it has in all."""

    number: int
    closest: tuple[Neighbour, ...]
    score: float
    tellings: int

    def telling(self, same: Iterable[int] = ()) -> Telling:
        return Telling(self.number, self.closest[0].entry, self.score, tuple(sorted(same)))

    def weighed(self, subject: frozenset[int], limit: float) -> Weighed:
        first = self.closest[0]
        return Weighed(self.number, first.entry, self.score, limit, subject & _subject_of(first))


def _told(
    near: Sequence[Neighbour],
    scores: Sequence[float],
    entries_of: Callable[[int], Sequence[int]],
) -> Iterator[_Event]:
    """The events of these entries, and how close they are.

    Of an event with fewer near tellings than count, the others are not close.
    """
    events: defaultdict[int, list[tuple[float, Neighbour]]] = defaultdict(list)
    for one, score in zip(near, scores, strict=True):
        events[one.event].append((score, one))
    for number, all_near in events.items():
        closest = sorted(all_near, key=_nearness, reverse=True)[:TELLINGS]
        many = len(entries_of(number))
        score = sum(score for score, _ in closest) / max(len(closest), min(many, TELLINGS))
        yield _Event(number, tuple(one for _, one in closest), score, many)


def _nearness(one: tuple[float, Neighbour]) -> tuple[float, bytes, int]:
    """Of equals what they say decides: their numbers depend on how a feed listed them."""
    return round(one[0], SAME), one[1].packed, -one[1].entry


def _rank(one: _Event) -> tuple[float, bytes, int]:
    return round(one.score, SAME), one.closest[0].packed, -one.number


def _united(close: Sequence[_Event], tied: Callable[[_Event, _Event], bool]) -> Telling:
    """The closest event, or a larger one if that one is small; and the other small ones as part of it.

    Early on, the tellings of one event have too little in common and begin several; a later one has something
    of each.
    """
    home = close[0]
    if home.tellings <= FEW:
        larger = (one for one in close[1:] if one.tellings > home.tellings and tied(one, home))
        home = max(larger, key=lambda one: (one.tellings, -one.number), default=home)
    parts = (one for one in close if one is not home and one.tellings <= FEW)
    return home.telling(one.number for one in parts if tied(one, home))


def _between(one: _Event, other: _Event, weights: Weights, meanings: Meanings) -> float:
    """How close two events are: the mean over their tellings that are closest to a third."""
    scores = [
        score
        for each in one.closest
        for score in _closeness(_subject_of(each), each.meaning, other.closest, weights, meanings)
    ]
    return sum(scores) / len(scores)


def _subject(gist: Gist) -> frozenset[int]:
    return _about(gist.title) or frozenset(gist.terms)


def _subject_of(one: Neighbour) -> frozenset[int]:
    """As `_subject`, of the title alone where that is enough: this runs for every candidate."""
    return _about(packed_title(one.packed)) or frozenset(one.gist.terms)


def _about(title: Sequence[int]) -> frozenset[int]:
    said = frozenset(title) - FUNCTION_WORDS
    return said if len(said) >= SUBJECT_TERMS else frozenset()


def _is_series(one: Sequence[int], other: Sequence[int]) -> bool:
    """Whether two headlines are one mould: at most a third of the words differ, and not in figures alone."""
    if len(one) != len(other) or len(one) < MOULD_TERMS:
        return False
    differing = [(mine, its) for mine, its in zip(one, other, strict=True) if mine != its]
    if 3 * len(differing) > len(one):
        return False
    return any(not is_number(mine) and not is_number(its) for mine, its in differing)


def _freshness(gap: float) -> float:
    return 1.0 if gap <= FRESH else 0.5 ** ((gap - FRESH) / HALVED)


def _closeness(
    subject: frozenset[int],
    meaning: bytes,
    near: Sequence[Neighbour],
    weights: Weights,
    meanings: Meanings,
) -> Sequence[float]:
    return _mixed(_cosines(subject, [_subject_of(one) for one in near], weights), meaning, near, meanings)


def _mixed(
    by_words: Sequence[float], meaning: bytes, near: Sequence[Neighbour], meanings: Meanings
) -> Sequence[float]:
    if not meaning:
        return by_words
    by_meaning = meanings.closeness(meaning, [one.meaning for one in near])
    return [
        (1 - MEANING_SHARE) * words + MEANING_SHARE * sense if one.meaning else words
        for one, words, sense in zip(near, by_words, by_meaning, strict=True)
    ]


def _within_reach(
    subject: frozenset[int],
    meaning: bytes,
    near: Sequence[Neighbour],
    limit: float,
    weights: Weights,
    meanings: Meanings,
) -> Sequence[Neighbour]:
    """Those whose event may be as close as `limit`; most are not, and weighing all their words costs most.

    By words nobody is closer than if what both say were all that the other says, and no event is closer than
    its closest telling.
    """
    weighed = weights(subject)
    length = sum(weighed.values())
    at_most = []
    for one in near:
        common = [weighed[term] for term in subject & _subject_of(one)]
        is_enough = (meaning and one.meaning) or sum(map(sqrt, common)) >= EVIDENCE
        at_most.append(sqrt(sum(common) / length) if is_enough else 0.0)
    scores = _mixed(at_most, meaning, near, meanings)
    events = {one.event for one, score in zip(near, scores, strict=True) if score >= limit}
    return [one for one in near if one.event in events]


def _cosines(one: frozenset[int], many: Sequence[frozenset[int]], weights: Weights) -> list[float]:
    weight = weights(one.union(*many)).__getitem__
    length = sqrt(sum(map(weight, one)))
    return [
        sum(map(weight, one & other)) / (length * sqrt(sum(map(weight, other)))) if other else 0.0
        for other in many
    ]
