"""Which stories an output takes, and in which order. Pure.

Two steps, because they change at different times: `takes` asks the output's filter about one story and is
asked again when the story changes; `choose` applies what depends on the others and on the time (age,
coverage, share of one feed, limit) to the places of all that were taken.

To add a condition: in `choose`, and in verdicts.py, which says why.
"""

from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import islice, takewhile
from typing import NamedTuple

from aggregator.core.coverage import Arrival, Coverage, arrivals, coverage_of, event_of_story, step_of
from aggregator.core.filters import Search, Subject, judge
from aggregator.core.settings import OutputSettings
from aggregator.model import Order, Story

AGE_STEP = timedelta(hours=6)  # by the clock, from midnight UTC: between two steps nobody changes places
# What 5 feeds tell stands above fresh stories of one feed for 18 hours, what 13 feeds tell for two days.
FRESH = timedelta(hours=12)
DECAY = 1.5
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Place(NamedTuple):
    """Where a story or an event stands: its news time, then its number. The rest is what limits ask for."""

    news_at: datetime
    seq: int
    id: str
    feed_id: int
    coverage: int


def place_of(story: Story) -> Place:
    """Where the story stands."""
    coverage = len({entry.feed_id for entry in story.entries})
    return Place(story.news_at, story.seq, story.id, story.lead.feed_id, coverage)


class Member(NamedTuple):
    """A story as a part of its event."""

    event: str
    place: Place
    arrivals: tuple[Arrival, ...]


def member_of(story: Story) -> Member:
    """What an event has to know of the story."""
    return Member(event_of_story(story), place_of(story), tuple(arrivals([story])))


def covered(event: Collection[Member]) -> tuple[Place, Coverage]:
    """Where an event of these stories stands, and what is shown of it.

    It stands where its first story does, led by that and its feed, with all feeds that tell it by now.
    """
    first = min(event, key=lambda one: one.place.seq)
    told = [arrival for one in event for arrival in one.arrivals]
    place = first.place._replace(id=first.event, coverage=len({arrival.feed for arrival in told}))
    return place, coverage_of(first.place.id, told)


class Ranking:
    """The places of the stories that an output's filter took, in any order that it may ask for.

    Kept by the step of their coverage: of those the newest weighs most, so that either order is a merge.
    """

    def __init__(self) -> None:
        self._places: defaultdict[int, list[Place]] = defaultdict(list)

    def put(self, before: Place | None, after: Place | None) -> None:
        """Move a story from one place to another; None is nowhere."""
        if before is not None:
            places = self._places[step_of(before.coverage)]
            at = bisect_left(places, before)
            if places[at : at + 1] == [before]:
                del places[at]
        if after is not None:
            insort(self._places[step_of(after.coverage)], after)

    def ordered(self, output: OutputSettings, now: datetime) -> Iterator[Place]:
        """The places that are young enough for the output, and may be told by enough feeds, in its order."""

        def is_young(place: Place) -> bool:
            return not is_too_old(output, place, now)

        young = [takewhile(is_young, reversed(places)) for places in self._from_step_of(output.min_feeds)]
        if output.order is Order.COVERAGE:
            return merge(*young, key=lambda place: (score(place, now), place), reverse=True)
        return merge(*young, reverse=True)

    def newest_before(self, place: Place, min_feeds: int) -> Place | None:
        """The newest place that so many feeds tell and that is older than this one."""

        def before(places: list[Place]) -> Iterator[Place]:
            older = (places[at] for at in reversed(range(bisect_left(places, place))))
            return islice((one for one in older if one.coverage >= min_feeds), 1)

        return max((one for places in self._from_step_of(min_feeds) for one in before(places)), default=None)

    def count(self, begin: datetime, last: Place, min_feeds: int) -> int:
        """How many places so many feeds tell from `begin` on, up to this one."""
        count = 0
        for step, places in self._places.items():
            first, end = bisect_left(places, begin, key=_news_at), bisect_right(places, last)
            if step >= min_feeds:  # a million stories are counted without a look at each
                count += end - first
            elif step == step_of(min_feeds):
                count += sum(one.coverage >= min_feeds for one in places[first:end])
        return count

    def told_by(self, begin: datetime, end: datetime, min_feeds: int) -> list[Place]:
        """The places that so many feeds tell from `begin` on and before `end`, the oldest first."""
        found: list[Place] = []
        for places in self._from_step_of(min_feeds):
            first, last = (bisect_left(places, at, key=_news_at) for at in (begin, end))
            found += (one for one in places[first:last] if one.coverage >= min_feeds)
        return sorted(found)

    def _from_step_of(self, min_feeds: int) -> list[list[Place]]:
        return [places for step, places in self._places.items() if step >= step_of(min_feeds)]


def _news_at(place: Place) -> datetime:
    return place.news_at


def score(place: Place, now: datetime) -> float:
    """What it weighs by its coverage and its age, both in steps: feeds / (age + 12 hours) ** 1.5."""
    age = max((now - _EPOCH) // AGE_STEP - (place.news_at - _EPOCH) // AGE_STEP, 0) * AGE_STEP
    hours = (age + FRESH) / timedelta(hours=1)
    return step_of(place.coverage) / float(hours**DECAY)


def takes(output: OutputSettings, subject: Subject, *, now: datetime, search: Search) -> bool:
    """What the output's filter says. Unknown (out of time) neither includes nor excludes."""
    if output.include and judge(output.include, subject, now=now, search=search) is not True:
        return False
    return not (output.exclude and judge(output.exclude, subject, now=now, search=search))


def choose(output: OutputSettings, ranking: Ranking, *, now: datetime) -> tuple[Place, ...]:
    """The places that are shown now, in the output's order."""
    return _within_limits(output, ranking.ordered(output, now))


def choose_between(
    output: OutputSettings, ranking: Ranking, begins: datetime, ends: datetime
) -> tuple[Place, ...]:
    """The places from `begins` up to `ends`, what most feeds tell first, within the output's other limits."""
    places = ranking.told_by(begins, ends, output.min_feeds)
    return _within_limits(output, sorted(places, key=lambda place: (place.coverage, place), reverse=True))


def _within_limits(output: OutputSettings, places: Iterable[Place]) -> tuple[Place, ...]:
    shown: list[Place] = []
    of_feed: Counter[int] = Counter()
    for place in places:
        if len(shown) == output.limit:
            break
        full = output.per_feed is not None and of_feed[place.feed_id] >= output.per_feed
        if place.coverage >= output.min_feeds and not full:
            of_feed[place.feed_id] += 1
            shown.append(place)
    return tuple(shown)


def is_too_old(output: OutputSettings, place: Place, now: datetime) -> bool:
    """Whether the output's `max_age` is over for what stands there."""
    return output.max_age is not None and now - place.news_at > output.max_age
