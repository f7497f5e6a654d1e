"""Which new entries of a document tell a stored story in nearly the same words? Pure.

Words alone join entries of different feeds, and a story takes one entry of a document: a feed that says
nearly the same twice tells a series. All wishes are weighed before the first is granted, so that the order in
which a feed lists its entries does not say which stories merge.

To change who may join whom by words: `closed`.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.core.dedup import Alike, alike, says_enough
from aggregator.core.identities import Heard
from aggregator.core.joining import SECTION_STORIES
from aggregator.core.neighbours import Neighbours
from aggregator.model import DedupLevel, Known, Story

SERIES = "a feed tells story after story in these words"


@dataclass(frozen=True, slots=True)
class Retelling:
    """The story that an entry tells again, as it is stored, and how alike the words are, 0 to 1."""

    story: Story
    score: float


@dataclass(frozen=True, slots=True, order=True)
class Wish:
    """An entry of the document and a stored one that says nearly the same; the likest and oldest go first."""

    unlikeness: float
    entry: int
    key: int


@dataclass(frozen=True, slots=True)
class Near:
    """By the key of each new entry what is like it in the index, as far as there is anything."""

    index: Neighbours
    alike: Mapping[int, tuple[Alike, ...]]


def near(
    new: Iterable[Heard], index: Callable[[], Neighbours], *, since: datetime, now: datetime
) -> Near | None:
    """All that these entries are like; `index` is asked for only if there is one to compare."""
    telling = [one for one in new if says_enough(one.gist)]
    if not telling:
        return None
    said = index()
    found = ((one.key, alike(one.gist, said, since=since, now=now)) for one in telling)
    return Near(said, {key: some for key, some in found if some})


def wishes(near: Near, known: Known) -> list[Wish]:
    """All that the entries may be retellings of."""
    return sorted(
        Wish(-one.like.score, one.entry, key)
        for key, some in near.alike.items()
        if not is_series(some, known)
        for one in some
        if one.like.same
    )


def is_series(some: Iterable[Alike], known: Known) -> bool:
    """Whether one feed tells several stories in these words: then they say nothing of which of them it is."""
    told = {
        (entry.feed_id, story.id)
        for one in some
        if one.like.same and (story := known.story_of(one.entry))
        for entry in story.entries
        if entry.id == one.entry
    }
    return max(Counter(feed for feed, _ in told).values(), default=0) >= SECTION_STORIES


def granted(
    wanted: Sequence[Wish],
    known: Known,
    level_of: Callable[[int], DedupLevel],
    taken: Iterable[str],
    barred: Mapping[int, Collection[str]],
) -> Mapping[int, Retelling]:
    """By the entry's key what it retells: at most one entry for a story, none for those that are `taken`.

    `barred` are the stories that an entry, by its key, may never join.
    """
    found: dict[int, Retelling] = {}
    gone = set(taken)
    for wish in wanted:
        if wish.key in found:
            continue
        story = known.story_of(wish.entry)
        if not story or story.id in gone or story.id in barred[wish.key]:
            continue
        if not closed(story, wish.entry, known.feed.id, level_of):
            found[wish.key] = Retelling(story, -wish.unlikeness)
            gone.add(story.id)
    return found


def closed(story: Story, number: int, feed_id: int, level_of: Callable[[int], DedupLevel]) -> str:
    """Why an entry of this feed may not join; empty where it may.

    Words join only what both feeds allow, and never two entries of one feed.
    """
    feeds = {entry.id: entry.feed_id for entry in story.entries}
    if feed_id in feeds.values():
        return "the feed tells that story already"
    if level_of(feeds[number]) is not DedupLevel.STORY:
        return f"the other feed's dedup is {level_of(feeds[number])}"
    return ""
