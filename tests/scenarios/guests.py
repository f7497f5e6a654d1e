"""Our program as a guest of the scenarios: the real network, parser and store, and a clock that is told.

Only what is about processes and not about manners is left out: documents are parsed in this process.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from aggregator import config
from aggregator.core import schedule
from aggregator.core.settings import FeedSettings, Plan, PollSettings, Settings
from aggregator.fetch import Fetcher
from aggregator.model import Feed, FeedState, Poll
from aggregator.patterns import timed_search
from aggregator.poll import Poller, Turnstile, poll_round
from aggregator.store import Reader, Store, WantedFeed
from tests.newsroom import DirectParser
from tests.scenarios.scenario import PUBLIC, Found

CONFIG = f"""\
server: {{public_url: "https://news.example.org/"}}
poll:
  host_gap: 0s
  spread: 0s
  jitter: 0
  timeout: 2s
  max_bytes: 1MB
  allow_private: [{", ".join(PUBLIC)}]
feeds: []
"""
"""the default but for what would only cost time; these private addresses stand for the public internet"""


def _polling(path: Path) -> PollSettings:
    path.write_text(CONFIG)
    return config.load(path, {}).settings.poll


class Ourselves:
    """Our program, polled and woken by hand. Feeds are subscribed to once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._polling = _polling(folder / "aggregator.yaml")
        self._now = datetime.now(UTC)
        self._wanted: tuple[FeedSettings, ...] = ()

    async def open(self) -> None:
        """Begin with what is stored."""
        self._store = Store.open(self._folder)
        self._reader = Reader(self._folder)
        self._fetcher = Fetcher(self._polling)
        self._poller = Poller(
            store=self._store,
            fetcher=self._fetcher,
            parser=DirectParser(),
            plan=Plan(Settings(), {}),
            now=lambda: self._now,
            chance=lambda: 0.0,
            search=timed_search,
        )
        await self._sync()

    async def close(self) -> None:
        """End; what was stored stays in the folder."""
        await self._fetcher.aclose()
        self._reader.close()
        self._store.close()

    async def restart(self) -> None:
        """End and begin again."""
        await self.close()
        await self.open()

    async def subscribe(self, urls: Sequence[str], headers: Mapping[str, str]) -> None:
        """Take these feeds up."""
        self._wanted = tuple(FeedSettings(url=url, headers=headers) for url in urls)
        await self._sync()

    async def _sync(self) -> None:
        wanted = [WantedFeed(feed.url, intake=feed.intake) for feed in self._wanted]
        feeds = await self._store.sync_feeds(wanted, now=self._now)
        wishes = {feed.id: wish for feed, wish in zip(feeds, self._wanted, strict=True)}
        self._poller.plan = Plan(Settings(poll=self._polling, feeds=self._wanted), wishes)
        await self._poller.pace.settle(self._poller.plan, spread=False)

    async def visit(self, now: datetime, *, forced: bool) -> None:
        """Poll what is due, or as `aggregator poll --all` does."""
        self._now = now
        async for _ in poll_round(await self._feeds(forced), self._begin, Turnstile(64, 1)):
            pass

    async def _feeds(self, forced: bool) -> Sequence[Feed]:
        if not forced:
            return await self._store.due(self._now, 1_000, busy=())
        waits = await self._store.waits(self._now)

        def may_go(feed: Feed) -> bool:
            return not schedule.holds(feed, waits, self._polling, now=self._now)

        return list(filter(may_go, self._reader.feeds()))

    def _begin(self, feed: Feed) -> asyncio.Future[Poll]:
        return asyncio.ensure_future(self._poller.poll(feed))

    async def found(self) -> Found:
        """The stored stories, and the last error of each feed that has one."""
        titles = frozenset(story.title for story in self._reader.stories(limit=1_000))
        feeds = self._reader.feeds()
        ill = (feed for feed in feeds if feed.state is not FeedState.ACTIVE)
        return Found(titles, {feed.url: feed.last_error or feed.next_poll_rule for feed in ill})


@asynccontextmanager
async def ourselves(folder: Path) -> AsyncIterator[Ourselves]:
    """Our program in this folder."""
    guest = Ourselves(folder)
    await guest.open()
    try:
        yield guest
    finally:
        await guest.close()
