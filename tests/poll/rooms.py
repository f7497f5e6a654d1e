"""Everything that a poll touches, for real but the clock: a store, a web server, a fetcher, a parser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from aggregator.core.settings import FeedSettings, Plan, PollSettings, Settings
from aggregator.fetch import Fetcher
from aggregator.model import Feed, Poll
from aggregator.patterns import timed_search
from aggregator.poll import Poller
from aggregator.store import Reader, Store, WantedFeed
from tests.builders import NOON
from tests.http import LOOPBACK, WebServer, serving
from tests.newsroom import DirectParser

POLLING = PollSettings(host_gap=timedelta(0), jitter=0, allow_private=(*LOOPBACK, "old.example"))


@dataclass
class Round:
    """Everything that a poll touches."""

    web: WebServer
    store: Store
    reader: Reader
    poller: Poller = field(init=False)
    now: datetime = NOON

    async def subscribe(self, *wanted: FeedSettings, **changes: object) -> tuple[Feed, ...]:
        """The feeds as stored, with a plan that says so."""
        listed = [
            WantedFeed(one.url, one.title or "", one.paused, one.access, intake=one.intake) for one in wanted
        ]
        feeds = await self.store.sync_feeds(listed, now=self.now)
        settings = Settings(poll=POLLING, feeds=wanted, **changes)  # type: ignore[arg-type]  # fields of Settings
        self.poller.plan = Plan(settings, {feed.id: one for feed, one in zip(feeds, wanted, strict=True)})
        return feeds

    def stands(self, feed: Feed) -> Feed:
        """The feed as it stands in the store."""
        return {one.id: one for one in self.reader.feeds()}[feed.id]

    async def poll(self, feed: Feed, *, later: timedelta = timedelta(0)) -> tuple[Poll, Feed]:
        """Poll the feed as it stands in the store, after some time; the poll, and the feed afterwards."""
        self.now += later
        ended = await self.poller.poll(self.stands(feed))
        return ended, self.stands(feed)


@asynccontextmanager
async def a_round(folder: Path) -> AsyncIterator[Round]:
    """A round on a store in this folder, which may hold something already."""
    store = Store.open(folder)
    reader = Reader(folder)
    async with serving() as web, Fetcher(POLLING, folder=folder) as fetcher:
        room = Round(web, store, reader)
        room.poller = Poller(
            store=store,
            fetcher=fetcher,
            parser=DirectParser(),
            plan=Plan(Settings(), {}),
            now=lambda: room.now,
            chance=lambda: 0.0,
            search=timed_search,
        )
        yield room
    reader.close()
    store.close()
