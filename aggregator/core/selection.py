"""Which stories an output takes, and in which order. Pure.

Two steps, because they change at different times: `takes` asks the output's filter about one story and is
asked again when the story changes; `choose` applies what depends on the others and on the time (age,
coverage, share of one feed, limit) to the places of all that were taken.

To add a condition: in `choose`, and in verdicts.py, which says why.
"""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import NamedTuple

from aggregator.core.coverage import Arrival, Coverage, arrivals, coverage_of, event_of_story
from aggregator.core.filters import Search, Subject, judge
from aggregator.core.settings import OutputSettings
from aggregator.model import Story


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

    It stands where its first story does, led by the feed of its lead, with all feeds that tell it by now.
    """
    coverage = coverage_of(arrival for one in event for arrival in one.arrivals)
    first = min(event, key=lambda one: one.place.seq)
    lead = next(one.place for one in event if one.place.id == coverage.lead)
    feeds = {arrival.feed for one in event for arrival in one.arrivals}
    return Place(first.place.news_at, first.place.seq, first.event, lead.feed_id, len(feeds)), coverage


class Ranking:
    """The places of the stories that an output's filter took, in order of news time."""

    def __init__(self) -> None:
        self._places: list[Place] = []

    def __iter__(self) -> Iterator[Place]:
        """The newest first."""
        return reversed(self._places)

    def put(self, before: Place | None, after: Place | None) -> None:
        """Move a story from one place to another; None is nowhere."""
        if before is not None:
            at = bisect_left(self._places, before)
            if self._places[at : at + 1] == [before]:
                del self._places[at]
        if after is not None:
            insort(self._places, after)


def takes(output: OutputSettings, subject: Subject, *, now: datetime, search: Search) -> bool:
    """What the output's filter says. Unknown (out of time) neither includes nor excludes."""
    if output.include and judge(output.include, subject, now=now, search=search) is not True:
        return False
    return not (output.exclude and judge(output.exclude, subject, now=now, search=search))


def choose(output: OutputSettings, ranking: Ranking, *, now: datetime) -> tuple[Place, ...]:
    """The places that are shown now, the newest first."""
    shown: list[Place] = []
    of_feed: Counter[int] = Counter()
    for place in ranking:
        if len(shown) == output.limit or is_too_old(output, place, now):
            break
        full = output.per_feed is not None and of_feed[place.feed_id] >= output.per_feed
        if place.coverage >= output.min_feeds and not full:
            of_feed[place.feed_id] += 1
            shown.append(place)
    return tuple(shown)


def is_too_old(output: OutputSettings, place: Place, now: datetime) -> bool:
    """Whether the output's `max_age` is over for what stands there."""
    return output.max_age is not None and now - place.news_at > output.max_age
