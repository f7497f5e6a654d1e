"""A press for tests: a store with one feed, a publisher beside it, and a clock that the test sets."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aggregator.core.filters import parse_filter
from aggregator.core.ingest import Probe
from aggregator.core.settings import OutputSettings, Settings
from aggregator.model import Changes, Feed, Known, Origin, Outcome, Poll, Story, Tag
from aggregator.patterns import timed_search
from aggregator.publish import Published, Publisher
from aggregator.store import Reader, Store, WantedFeed
from tests.builders import NOON, a_story, an_entry

FEED = "https://one.example.org/rss"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def output(name: str = "all", **changes: Any) -> OutputSettings:
    """An output whose filters are given as texts."""
    for key in changes.keys() & {"include", "exclude"}:
        changes[key] = parse_filter(changes[key])
    return OutputSettings(name=name, title=name.title(), **changes)


def settings(*outputs: OutputSettings, **changes: Any) -> Settings:
    return Settings(outputs=outputs or (output(),), **changes)


@dataclass
class Press:
    """A store with one feed, and a publisher beside it whose clock the test sets."""

    folder: Path
    store: Store
    reader: Reader
    feed: Feed
    now: datetime = NOON
    publisher: Publisher = field(init=False)

    def __post_init__(self) -> None:
        self.publisher = self.another()

    def another(self) -> Publisher:
        """A publisher as after a restart."""
        return Publisher(self.reader, self.folder / "public", now=lambda: self.now, search=timed_search)

    async def tell(self, *stories: Story) -> None:
        """Store these stories as new."""

        def decide(known: Known) -> tuple[Changes, Feed, Poll]:
            return Changes(stories=stories), known.feed, Poll(feed_id=1, at=NOON, outcome=Outcome.NEW)

        await self.store.commit(self.feed.id, Probe(), decide)

    async def refresh(self, *outputs: OutputSettings, **changes: Any) -> Published:
        return await self.publisher.refresh(settings(*outputs, **changes))

    def file(self, path: str) -> Path:
        return self.folder / "public" / path

    def titles(self, name: str = "all") -> list[str]:
        """What the output shows over HTTP, in its order."""
        return [item["title"] for item in json.loads(self.publisher.snapshot[f"{name}.json"].body)["items"]]


def story(number: int, *tags: str, **changes: Any) -> Story:
    """A story that is not stored yet; a higher number is newer."""
    entry = an_entry(
        id=0, uid=f"e{number}", story_id=f"s{number}", feed_id=1, guid=str(number), title=f"News {number}"
    )
    told = tuple(Tag(tag, Origin.RULE, tag) for tag in tags)
    return replace(a_story(entry), seq=0, tags=told, news_at=NOON + number * HOUR, **changes)


@asynccontextmanager
async def a_press(folder: Path) -> AsyncIterator[Press]:
    """A press on a store in this folder, which may hold something already."""
    store = Store.open(folder)
    reader = Reader(folder)
    (feed,) = await store.sync_feeds([WantedFeed(FEED)], now=NOON)
    try:
        yield Press(folder, store, reader, feed)
    finally:
        reader.close()
        store.close()
