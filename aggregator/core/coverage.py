"""What an event is called, which story leads it, and how much of it is shown. Pure.

While an event happens a new telling comes every minute, and an item that changed each time would be unread
again each time. So an event is shown as it stood when its coverage last reached a step: a function of what
is stored, the same after a restart and whenever it is asked for.

To show it at other moments: STEPS.
"""

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from aggregator.model import Story

# Feeds, and stories. Each is about 1.6 times the one before: it is news again when more than half came anew.
STEPS = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987, 1597, 2584)

# A story's id is a UUIDv5, an event's a UUIDv8 of our own making (RFC 9562 §5.8): it can be turned back, so
# that the event of a story which is alone so far is found without being stored.
_TURNED = UUID("6b1f0c58-3e97-d2a4-1c5b-70e94d83fa26").int


class Arrival(NamedTuple):
    """One entry of an event: when it came, its number, its feed, the id of its story. They sort by time."""

    at: datetime
    entry: int
    feed: int
    story: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """An event as it stood at a step: story ids, the others in the order they came, and the last arrival."""

    lead: str
    others: tuple[str, ...]
    feeds: int
    until: Arrival


def step_of(many: int) -> int:
    """The last step that so many feeds or stories, one at least, have reached."""
    return STEPS[bisect_right(STEPS, many) - 1]


def event_id(story_id: str) -> str:
    """The id of the event that a story begins; and of such an id, the id of that story."""
    return str(UUID(int=UUID(story_id).int ^ _TURNED))


def event_of_story(story: Story) -> str:
    """The id of the story's event, also while the story is alone with it."""
    return story.event_id or event_id(story.id)


def arrivals(stories: Iterable[Story]) -> list[Arrival]:
    """Every entry of these stories."""
    return [
        Arrival(entry.first_seen_at, entry.id, entry.feed_id, story.id)
        for story in stories
        for entry in story.entries
    ]


def coverage_of(lead: str, event: Iterable[Arrival]) -> Coverage:
    """The event, which has one arrival at least, as it stood at the last step that it reached.

    `lead` is its first story, always: one that was chosen would change under the reader.
    """
    told = _up_to_a_step(sorted(event))
    return Coverage(
        lead=lead,
        others=tuple(story for story in dict.fromkeys(one.story for one in told) if story != lead),
        feeds=len({one.feed for one in told}),
        until=told[-1],
    )


def _up_to_a_step(told: Sequence[Arrival]) -> Sequence[Arrival]:
    """Until the feeds, or the stories, last reached a step: a feed alone may tell all that happens."""
    last = max(_reached([one.feed for one in told]), _reached([one.story for one in told]))
    return told[: last + 1]


def _reached(told: Iterable[Hashable]) -> int:
    """The place at which the number of different ones last reached a step."""
    firsts: dict[Hashable, int] = {}
    for place, one in enumerate(told):
        firsts.setdefault(one, place)
    return tuple(firsts.values())[step_of(len(firsts)) - 1]
