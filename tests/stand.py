"""A real store that hears documents and a person's word: polls without a network, by the real decisions.

Feeds are numbered from 1. To add to what it can do: a method that hands the store what the program would.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from aggregator import curate
from aggregator.core import tagging
from aggregator.core.identities import HeardDocument, heard
from aggregator.core.ingest import Intake, decide, probe
from aggregator.core.settings import FeedSettings, Plan, Settings
from aggregator.model import (
    Changes,
    Entry,
    Feed,
    Known,
    Outcome,
    Overrule,
    ParsedEntry,
    ParsedFeed,
    Poll,
    Story,
)
from aggregator.patterns import timed_search
from aggregator.store import Reader, Store, WantedFeed
from tests.builders import NOON, a_parsed_entry

DAY = timedelta(days=1)
KEEP, FORGET = 90 * DAY, 400 * DAY
FEEDS = 4
TITLE = "Dam bursts in northern valley after week of rain"
TEXT = (
    "Thousands of people were told to leave their homes on Tuesday after a dam gave way in the northern "
    "valley, officials said, and rescue teams searched flooded villages for 40 who were missing"
)


def telling(number: int, what: str = "dam", **changes: object) -> ParsedEntry:
    """What the feed of this number says of it, under a link that all feeds share."""
    said = a_parsed_entry(
        guid=f"{number}-{what}",
        url=f"https://news.example.org/{what}",
        title=f"Feed {number} on the {what}",
        summary=f"<p>{number}</p>",
    )
    return replace(said, **changes)  # type: ignore[arg-type]


@dataclass
class Stand:
    """Four feeds and what was heard of them; `now` is what the clock says."""

    folder: Path
    store: Store
    reader: Reader
    now: datetime = NOON
    plan: Plan = field(
        default_factory=lambda: Plan(
            Settings(), {number: FeedSettings(url=str(number)) for number in range(1, FEEDS + 1)}
        )
    )

    async def hear(self, number: int, *said: ParsedEntry) -> Changes:
        """Poll the feed of this number, which holds these entries."""
        self.now += timedelta(minutes=1)
        document = heard(ParsedFeed(title=f"Feed {number}", entries=said))
        stored, _, _ = await self.store.commit(number, probe(document), partial(self._decide, document))
        return stored

    def _decide(self, document: HeardDocument, known: Known) -> tuple[Changes, Feed, Poll]:
        changes = decide(document, known, self._intake(), now=self.now)
        poll = Poll(feed_id=known.feed.id, at=self.now, outcome=Outcome.NEW)
        return changes, replace(known.feed, last_ok_at=self.now), poll

    def _intake(self) -> Intake:
        return Intake(
            window=self.plan.settings.dedup_window,
            first_poll=False,
            accepts=lambda _: True,
            tags_of=lambda story: tagging.tags_of(story, self.plan, now=self.now, search=timed_search),
            priority_of=self.plan.priority_of,
            level_of=self.plan.level_of,
            index=lambda: self.store.recall(self.now - self.plan.settings.dedup_window),
        )

    async def split(self, entry: Entry) -> Overrule:
        """The entry gets a story of its own."""
        named = str(entry.id)
        return await curate.split(self.store, self.plan, named, now=self.now, search=timed_search)

    async def merge(self, one: str, two: str) -> Overrule:
        """The two stories with these ids become one."""
        return await curate.merge(self.store, self.plan, one, two, now=self.now, search=timed_search)

    async def sweep(self, later: timedelta = KEEP + DAY) -> None:
        """Much later, when no document has held anything for so long."""
        self.now += later
        await self.store.sweep(held_before=self.now - KEEP, forget_before=self.now - FORGET)

    def stories(self) -> tuple[Story, ...]:
        """All that is stored, the oldest first."""
        return tuple(reversed(self.reader.stories(limit=1_000)))

    def entry(self, number: int, what: str = "dam") -> Entry:
        """What the feed of this number says of it, as it is stored."""
        told = (entry for story in self.stories() for entry in story.entries)
        return next(one for one in told if (one.feed_id, one.guid) == (number, f"{number}-{what}"))

    def tellers(self) -> dict[str, set[int]]:
        """By story, the feeds that tell it."""
        return {story.id: {entry.feed_id for entry in story.entries} for story in self.stories()}


@asynccontextmanager
async def a_stand(folder: Path) -> AsyncIterator[Stand]:
    """A stand whose store lies in this folder."""
    store = Store.open(folder)
    wanted = [WantedFeed(f"https://feed{number}.example.org/rss") for number in range(1, FEEDS + 1)]
    await store.sync_feeds(wanted, now=NOON)
    reader = Reader(folder)
    try:
        yield Stand(folder, store, reader)
    finally:
        reader.close()
        store.close()


@asynccontextmanager
async def a_story_of_three(folder: Path) -> AsyncIterator[Stand]:
    """A stand where three feeds tell one story."""
    async with a_stand(folder) as opened:
        for number in (1, 2, 3):
            await opened.hear(number, telling(number))
        assert len(opened.stories()) == 1
        yield opened


async def two_stories(stand: Stand) -> tuple[str, str]:
    """The ids of the story of the dam and of a younger one, that feeds 1 and 2 tell."""
    await stand.hear(1, telling(1), telling(1, "flood"))
    await stand.hear(2, telling(2), telling(2, "flood"))
    one, two = stand.stories()
    return one.id, two.id


async def empty(stand: Stand) -> None:
    """All feeds go on without what they told, until retention has taken it."""
    for number in (1, 2, 3):
        await stand.hear(number)
    await stand.sweep()
