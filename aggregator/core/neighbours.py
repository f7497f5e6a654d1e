"""Which earlier entries share rare words with this one: the index behind near-identical text and events.

Held in memory and built again from the store at a start. Every term has a ring of the latest entries that
use it, and two counts. One of the events that do: an event that hundreds report is one use of its words, or
the words that name it would stop counting as rare while it happens. One of the stories, for the words that
all stories of an event use tell no copy of one from another. A look-up reads the rings of the rarest terms,
which are bounded, so that it costs the same however much is held.

Changed only after the transaction that stored the entries, by the one who wrote them. Never decides.
"""

import gc
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from heapq import nlargest, nsmallest
from itertools import chain, compress, islice
from math import log
from operator import eq
from typing import NamedTuple

from aggregator.core.gist import Gist, packed_terms, unpacked

TIDY = 2  # a ring is cut when it holds so many times what it should
RING = 200  # entries remembered for one term; what is older than that many uses is found by rarer ones
RECENT = 16  # uses of a term that are looked at for its event
HEARSAY = 100  # events taken as known: with few of its own, an index would think every new word rare
LEAST_RARITY = 0.1  # a word that every event uses still counts as a word
COUNTS = 2  # they stand before a ring: of events, of stories
PORTION = 10_000  # entries that are taken in at once
SWEEP_SHARE = 8  # rings are tidied when one in so many of the entries they speak of is gone

Stored = tuple[int, int, float, bytes, bytes, bool]
"""The number of an entry, its event, its time, gist and meaning, and whether its story is counted already."""


class Neighbour(NamedTuple):
    """An earlier entry that shares rare terms: its number in the store, its event, when it came.

    `stamp` is that in seconds since 1970; `meaning` is its vector, empty where nothing makes vectors. A plain
    tuple, because each decision makes some sixty.
    """

    entry: int
    event: int
    stamp: float
    packed: bytes
    meaning: bytes

    @property
    def at(self) -> datetime:
        """When it came."""
        return datetime.fromtimestamp(self.stamp, UTC)

    @property
    def gist(self) -> Gist:
        """What it says."""
        return unpacked(self.packed)


class Neighbours:
    """The entries of the window. Reading changes nothing; one thread at a time may change it."""

    def __init__(self) -> None:
        self._rings: dict[int, array[int]] = {}  # term → its counts, then the places of its entries
        self._first = 0  # the place of the oldest entry that is held
        self._happenings = 0
        self._stories = 0
        self._told: dict[int, array[int]] = {}  # the entries of every event that has more than one
        self._united: dict[int, int] = {}  # event → the one it turned out to be part of
        self._gists: list[bytes] = []
        self._meanings: list[bytes] = []
        self._entries: array[int] = array("q")
        self._events: array[int] = array("q")
        self._times: array[float] = array("d")

    def __len__(self) -> int:
        return len(self._gists)

    # -- reading -----------------------------------------------------------------------------------------

    def weights(self, terms: Iterable[int]) -> Mapping[int, float]:
        """How much each tells, squared: the logarithm of how many events there are for one that uses it."""
        rings, events = self._rings, self._happenings + HEARSAY
        return {
            term: max(LEAST_RARITY, log(events / (rings[term][0] + 1 if term in rings else 1))) ** 2
            for term in terms
        }

    def story_rarity(self, term: int) -> float:
        """The same of stories: a word that all stories of an event use tells little of any."""
        ring = self._rings.get(term)
        stories = ring[1] + 1 if ring else 1
        return max(log((self._stories + HEARSAY) / stories), LEAST_RARITY)

    def near(
        self, terms: Iterable[int], *, rare: int, many: int, since: datetime, least: int = 1
    ) -> tuple[Neighbour, ...]:
        """At most `many` that share most of the `rare` rarest terms, the newest first among equals.

        Who shares fewer than `least` is no neighbour.
        """
        used = [(self._rings[term][0], term) for term in set(terms) if term in self._rings]
        rings = [self._rings[term] for _, term in nsmallest(rare, used)]
        best = _most_shared([ring[max(COUNTS, len(ring) - RING) :] for ring in rings], many, least)
        stamp = since.timestamp()
        places = (place - self._first for place in best)
        return tuple(self._neighbour(place) for place in places if place >= 0 and self._times[place] >= stamp)

    def event_of(self, entries: Iterable[int]) -> int | None:
        """The number of the event that the first of these entries tells which is held; None for none."""
        for entry in sorted(entries):
            if (place := self._place_of(entry)) is not None:
                return self._event(place)
        return None

    def _place_of(self, entry: int) -> int | None:
        """Where the entry is held; None where it is not."""
        place = bisect_left(self._entries, entry)
        return place if self._entries[place : place + 1] == array("q", (entry,)) else None

    def _neighbour(self, place: int) -> Neighbour:
        return Neighbour(
            self._entries[place],
            self._event(place),
            self._times[place],
            self._gists[place],
            self._meanings[place],
        )

    def entries_of(self, event: int) -> Sequence[int]:
        """The entries that tell the event and are held, by their numbers in the store, which rise."""
        return self._told.get(event) or (event,)

    def _event(self, held: int) -> int:
        return self._whole(self._events[held])

    def _whole(self, event: int) -> int:
        while event in self._united:
            event = self._united[event]
        return event

    # -- changing ----------------------------------------------------------------------------------------

    def add(
        self, entry: int, event: int, at: datetime, gist: bytes, meaning: bytes = b"", *, again: bool = False
    ) -> None:
        """Remember a stored entry; numbers rise, and an event has the number of its first entry.

        `again` is true of a copy, whose story is counted already. Times rise, too: where a clock went back,
        an entry counts as having come with the one before it.
        """
        self._add_portion([(entry, event, at.timestamp(), gist, meaning, again)])

    def add_all(self, stored: Iterable[Stored]) -> None:
        """Remember many, each as `add` takes it, with its time in seconds since 1970.

        A ring is touched once for all its new entries: a million that are read again after a start take
        two thirds of the time of a million calls of `add`.
        """
        waiting = iter(stored)
        with _nothing_collected():
            while portion := list(islice(waiting, PORTION)):
                self._add_portion(portion)

    def _add_portion(self, stored: Sequence[Stored]) -> None:
        uses: defaultdict[int, list[int]] = defaultdict(list)
        told_again: dict[int, bool] = {}
        latest = self._times[-1] if self._times else 0.0
        for place, (entry, said_event, at, gist, meaning, again) in enumerate(
            stored, self._first + len(self._gists)
        ):
            for term in set(packed_terms(gist)):
                uses[term].append(place)
            event = self._whole(said_event)
            if event != entry:
                told_again[place] = again
            self._tell(event, entry)
            latest = max(at, latest)
            self._stories += not again
            self._gists.append(gist)
            self._meanings.append(meaning)
            self._entries.append(entry)
            self._events.append(event)
            self._times.append(latest)
        self._happenings += len(stored) - len(told_again)
        self._use(uses, told_again)

    def _tell(self, event: int, entry: int) -> None:
        """Note that the entry tells the event; the one that began it may be gone, or come later."""
        told = self._told.get(event)
        if told is not None:
            told.append(entry)
        elif event != entry:
            self._told[event] = array("q", (entry,) if self._place_of(event) is None else (event, entry))

    def _use(self, uses: Mapping[int, list[int]], again: Mapping[int, bool]) -> None:
        """Put the places of new entries into the rings of their terms, and count what they tell.

        `again` has those that tell an event again, and says whether they tell its story again, too.
        """
        rings = self._rings
        for term, places in uses.items():
            ring = rings.get(term)
            if ring is None:
                rings[term] = array("I", (*self._counts(places, (), again), *places))
                continue
            events, stories = self._counts(places, ring, again)
            ring[0] += events
            ring[1] += stories
            ring.extend(places)
            if len(ring) > TIDY * RING:
                del ring[COUNTS:-RING]

    def unite(self, event: int, into: int) -> None:
        """From now on what told the one event tells the other."""
        self._united[event] = into
        told = (*self.entries_of(into), *self.entries_of(event))
        self._told.pop(event, None)
        self._told[into] = array("q", sorted(told))
        self._happenings -= 1

    def _counts(self, places: list[int], ring: Sequence[int], again: Mapping[int, bool]) -> tuple[int, int]:
        """By how many events and stories these uses of a term count.

        Not by one that one of the last uses tells, too: then it is counted already.
        """
        events = stories = len(places)
        if not again or again.keys().isdisjoint(places):
            return events, stories
        uses = [*ring[max(COUNTS, len(ring) - RECENT) :], *places]
        for at, place in enumerate(places, len(uses) - len(places)):
            lately = uses[max(0, at - RECENT) : at] if place in again else ()
            if self._event_at(place) in map(self._event_at, lately):
                events -= 1
                stories -= again[place]
        return events, stories

    def _event_at(self, place: int) -> int:
        """The event that the use of a term at this place tells; 0 where the entry is forgotten."""
        return self._event(place - self._first) if place >= self._first else 0

    def forget(self, before: datetime) -> None:
        """Let go of the entries that came before this, and of the terms that nobody else used."""
        gone = bisect_left(self._times, before.timestamp())
        if not gone * SWEEP_SHARE >= len(self._times) or not gone:
            return  # a few are skipped on reading; tidying for them would cost more than it saves
        share = 1 - gone / len(self._times)
        self._first += gone
        self._happenings, self._stories = round(self._happenings * share), round(self._stories * share)
        for column in (self._gists, self._meanings, self._entries, self._events, self._times):
            del column[:gone]
        self._forget_events()
        for term in list(self._rings):
            self._tidy(term, share)

    def _forget_events(self) -> None:
        self._events = array("q", map(self._event, range(len(self._events))))
        self._united.clear()
        for event, told in tuple(self._told.items()):
            held = (
                array("q", (entry for entry in told if entry >= self._entries[0])) if self._entries else None
            )
            if held:
                self._told[event] = held
            else:
                del self._told[event]

    def _tidy(self, term: int, share: float) -> None:
        ring = self._rings[term]
        kept = ring[bisect_left(ring, self._first, lo=COUNTS) :]
        if kept:
            counts = (max(1, round(count * share)) for count in ring[:COUNTS])
            self._rings[term] = array("I", (*counts, *kept))
        else:
            del self._rings[term]


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """No garbage collection: it would walk through lists that are in use, for a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _most_shared(rings: Sequence["array[int]"], many: int, least: int) -> list[int]:
    """The places that stand in the most rings, in `least` at any rate, the latest first among equals.

    Each ring is in order, so all of them are sorted in one pass, and equal places come to stand together.
    """
    places = sorted(chain.from_iterable(rings))
    again = Counter(compress(places, map(eq, places, islice(places, 1, None))))
    shared = [(times, place) for place, times in again.items() if times >= least - 1]
    best = [place for _, place in nlargest(many, shared)]
    if least == 1:
        alone = (place for place in reversed(places) if place not in again)
        best += islice(alone, many - len(best))
    return best
