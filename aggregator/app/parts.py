"""The wired program: every edge built from the settings, handed to the use-cases that need it.

Owns what has a lifetime (store, fetcher, parser workers) and closes it in the right order. Keeps no time.
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aggregator.app.lists import RemoteLists
from aggregator.config import Loaded
from aggregator.core.events import Meanings, NoMeanings
from aggregator.core.settings import Plan, Settings
from aggregator.curate import is_due, retag
from aggregator.errors import AggregatorError
from aggregator.fetch import Fetcher
from aggregator.model import Feed, Poll
from aggregator.parse import Parser
from aggregator.patterns import timed_search
from aggregator.poll import Poller, Turnstile, poll_round
from aggregator.publish import Publisher
from aggregator.store import Reader, Store, WantedFeed

log = logging.getLogger("aggregator")

PUBLIC = "public"  # the folder under DATA that any web server may serve as it is
LISTS = "lists"  # copies of the OPML lists that live at a URL


def utc_now() -> datetime:
    """The moment of the call, in UTC."""
    return datetime.now(UTC)


@dataclass(slots=True, kw_only=True)
class Parts:
    """The wired program. `feeds` are those of the config, in its order."""

    settings: Settings
    data: Path
    store: Store
    reader: Reader
    fetcher: Fetcher
    parser: Parser
    poller: Poller
    publisher: Publisher
    lists: RemoteLists
    feeds: tuple[Feed, ...] = ()

    async def publish(self) -> tuple[str, ...]:
        """The files that were rewritten; the leads that readers see from now on are settled."""
        published = await self.publisher.refresh(self.settings)
        if published.settled:
            await self.store.settle_leads(published.settled)
        return published.written

    async def retag(self, progress: Callable[[int], None] = lambda _: None) -> int:
        """How many stored stories got other tags or another lead under today's rules."""
        plan = self.poller.plan
        return await retag(self.store, plan, now=utc_now(), search=timed_search, progress=progress)

    async def retag_if_due(self) -> int:
        """The same, where the rules are not those that the stories were last judged by."""
        return await self.retag() if await is_due(self.store, self.poller.plan) else 0

    async def poll(self, feed: Feed) -> Poll:
        """The poll of this feed; a bug of our own costs it a failure, and the other feeds nothing."""
        try:
            return await self.poller.poll(feed)
        except AggregatorError:
            raise
        except Exception as error:
            log.exception("poll of %s failed in our own code; please report it", feed.url)
            return await self.poller.give_up(feed, f"internal error: {error!r}")

    async def poll_round(self, feeds: Sequence[Feed]) -> AsyncIterator[tuple[Feed, Poll]]:
        """Poll these feeds once, each poll yielded as it ends."""

        def begin(feed: Feed) -> asyncio.Future[Poll]:
            return asyncio.ensure_future(self.poll(feed))

        async for ended in poll_round(feeds, begin, new_turnstile(self.settings)):
            yield ended

    async def apply(self, settings: Settings) -> None:
        """Put another config into force; no poll may be under way.

        What is overdue may go at once: the daemon, which has time, spreads it.
        """
        self.feeds = await _sync(self.store, settings)
        if settings.poll != self.settings.poll:
            await self.close_edges()
            self.fetcher, self.parser = _fetcher(settings, self.data), _parser(settings)
            self.poller.fetcher, self.poller.parser = self.fetcher, self.parser
        self.poller.plan = _plan(settings, self.feeds)
        await self.settle(spread=False)
        self.settings = settings

    @property
    def line_down_since(self) -> datetime | None:
        """Since when our own line is down; None while it is up."""
        return self.poller.pace.line.down_since

    async def settle(self, *, spread: bool) -> None:
        """Look over what is planned; with `spread`, what is overdue is no burst."""
        await self.poller.pace.settle(self.poller.plan, spread=spread)

    async def close_edges(self) -> None:
        """Close connections and end the parser's workers."""
        await self.fetcher.aclose()
        await self.parser.aclose()


@asynccontextmanager
async def open_parts(loaded: Loaded, data: Path) -> AsyncIterator[Parts]:
    """The program on this data folder, which nobody else may own meanwhile; closed on the way out."""
    async with AsyncExitStack() as closing:
        store = Store.open(data)
        closing.callback(store.close)
        reader = Reader(data)
        closing.callback(reader.close)
        parts = _wired(loaded.settings, data, store, reader)
        closing.push_async_callback(parts.close_edges)
        await parts.apply(await parts.lists.extend(loaded, parts.fetcher, now=utc_now()))
        yield parts


def _wired(settings: Settings, data: Path, store: Store, reader: Reader) -> Parts:
    fetcher, parser = _fetcher(settings, data), _parser(settings)
    poller = Poller(
        store=store,
        fetcher=fetcher,
        parser=parser,
        plan=Plan(settings, {}),
        now=utc_now,
        chance=random.SystemRandom().random,
        search=timed_search,
        meanings=_meanings(),
    )
    return Parts(
        settings=settings,
        data=data,
        store=store,
        reader=reader,
        fetcher=fetcher,
        parser=parser,
        poller=poller,
        publisher=Publisher(reader, data / PUBLIC, now=utc_now, search=timed_search),
        lists=RemoteLists(data / LISTS),
    )


def _meanings() -> Meanings:
    """What makes vectors of titles: nothing does, so that events are found by their words alone."""
    return NoMeanings()


def new_turnstile(settings: Settings) -> Turnstile:
    """An empty queue with this config's slots."""
    return Turnstile(settings.poll.concurrency, settings.poll.per_host)


def _fetcher(settings: Settings, data: Path) -> Fetcher:
    return Fetcher(settings.poll, folder=data)


def _parser(settings: Settings) -> Parser:
    return Parser(timeout=settings.poll.parse_timeout, memory_bytes=settings.poll.parse_memory)


def _plan(settings: Settings, feeds: tuple[Feed, ...]) -> Plan:
    wanted = {feed.id: wishes for feed, wishes in zip(feeds, settings.feeds, strict=True)}
    return Plan(settings, wanted)


async def _sync(store: Store, settings: Settings) -> tuple[Feed, ...]:
    wanted = [
        WantedFeed(feed.url, feed.title or "", feed.paused, feed.access, feed.was) for feed in settings.feeds
    ]
    return await store.sync_feeds(wanted, now=utc_now())
