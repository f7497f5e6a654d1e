"""The wired program: every edge built from the settings, handed to the use-cases that need it.

Owns what has a lifetime (store, fetcher, parser workers) and closes it in the right order. Keeps no time.
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from aggregator import curate, topics
from aggregator.app.lists import RemoteLists
from aggregator.app.orders import Order
from aggregator.config import Loaded
from aggregator.core.settings import Plan, Settings
from aggregator.curate import Progress, unheard
from aggregator.errors import AggregatorError, OrderError
from aggregator.fetch import Fetcher
from aggregator.logs import line
from aggregator.model import Answer, Feed, Poll
from aggregator.parse import Parser
from aggregator.patterns import timed_search
from aggregator.poll import Poller, Subscriber, Turnstile, poll_round
from aggregator.publish import Pings, Publisher
from aggregator.semantic import meanings
from aggregator.store import Reader, Store, WantedFeed

log = logging.getLogger("aggregator")

PUBLIC = "public"  # the folder under DATA that any web server may serve as it is
LISTS = "lists"  # copies of the OPML lists that live at a URL


def utc_now() -> datetime:
    """The moment of the call, in UTC."""
    return datetime.now(UTC)


@dataclass(slots=True, eq=False)
class Edges:
    """The way out of one config: its client, its parser, and how many polls use them."""

    fetcher: Fetcher
    parser: Parser
    users: int = 0

    async def aclose(self) -> None:
        """Close connections and end the parser's workers."""
        await self.fetcher.aclose()
        await self.parser.aclose()


@dataclass(slots=True, kw_only=True)
class Parts:
    """The wired program. `feeds` are those of the config, in its order."""

    settings: Settings
    data: Path
    store: Store
    reader: Reader
    edges: Edges
    poller: Poller
    subscriber: Subscriber
    publisher: Publisher
    pings: Pings
    lists: RemoteLists
    now: Callable[[], datetime]
    feeds: tuple[Feed, ...] = ()
    _replaced: set[Edges] = field(default_factory=set)
    """edges of a config before, which a poll still uses"""
    _untold: list[str] = field(default_factory=list)
    """files that were rewritten by a round that then failed"""

    @property
    def fetcher(self) -> Fetcher:
        """The client of the config in force."""
        return self.edges.fetcher

    async def publish(self) -> tuple[str, ...]:
        """The files that were rewritten; the leads that readers see from now on are settled."""
        published = await self.publisher.refresh(self.settings)
        self._untold += published.written
        if published.settled:
            await self.store.settle_leads(published.settled)
        if published.digests:
            await self.store.keep_digests(published.digests)  # first: what readers saw once must not change
            self._untold += (await self.publisher.refresh(self.settings)).written
        written, self._untold = tuple(self._untold), []
        return written

    async def ping(self) -> None:
        """Tell the hub which outputs have changed, if there is one and it is time."""
        if self.pings.due:
            edges = self.edges
            async with self._in_use(edges):
                await self.pings.send(edges.fetcher)

    async def retag(
        self, progress: Progress = unheard, *, stopped: Callable[[], bool] = lambda: False
    ) -> int:
        """How many stored stories got other tags or another lead under today's rules.

        Ends early when it is `stopped`, or another config comes into force.
        """
        plan = self.poller.plan
        return await curate.retag(
            self.store,
            plan,
            now=self.now(),
            search=timed_search,
            progress=progress,
            broken_off=lambda: stopped() or self.poller.plan is not plan,
        )

    async def index_anew(self, *, stopped: Callable[[], bool] = lambda: False) -> int:
        """How many stories were indexed anew because another version did it before."""
        indexed = 0
        while not stopped() and (more := await self.store.index_more()):
            indexed += more
        return indexed

    async def retag_if_due(
        self, progress: Progress = unheard, *, stopped: Callable[[], bool] = lambda: False
    ) -> int:
        """The same, as often as the rules are not those that the stories were last judged by."""
        changed = 0
        while not stopped() and await curate.is_due(self.store, self.poller.plan, now=self.now()):
            changed += await self.retag(progress, stopped=stopped)
        return changed

    async def overrule(self, order: Order) -> str:
        """What was done by a person's word, in a line; UnknownIdError where he names what is not stored."""
        store, plan, now = self.store, self.poller.plan, self.now()
        match order:
            case Order("split", (entry,)):
                done = await curate.split(store, plan, entry, now=now, search=timed_search)
            case Order("merge", (one, two)):
                done = await curate.merge(store, plan, one, two, now=now, search=timed_search)
            case _:
                raise OrderError(f"{order.verb!r} of {len(order.ids)} is no order that this version knows")
        return curate.in_words(done)

    async def poll(self, feed: Feed) -> Poll:
        """The poll of this feed; a bug of our own costs it a failure, and the other feeds nothing."""
        poller = self.poller
        async with self._in_use(self.edges):
            try:
                return await poller.poll(feed)
            except AggregatorError:
                raise
            except Exception as error:
                log.exception(line("bug", feed=feed.url, cure="please report it, with these lines"))
                return await poller.give_up(feed, f"internal error: {error!r}")

    async def take(self, feed_id: int, pushed: Answer) -> Poll:
        """What a hub brought of the feed, stored; ParseError where it is no feed."""
        async with self._in_use(self.edges):
            return await self.poller.take(feed_id, pushed)

    async def ask_hubs(self) -> None:
        """Subscribe, renew and unsubscribe where it is time."""
        edges = self.edges
        async with self._in_use(edges):
            await self.subscriber.ask(edges.fetcher)

    @asynccontextmanager
    async def _in_use(self, edges: Edges) -> AsyncIterator[None]:
        """Keeps these edges open for the body of the `async with`, whatever config comes meanwhile."""
        edges.users += 1
        try:
            yield
        finally:
            edges.users -= 1
            await self._close_replaced()

    async def _close_replaced(self) -> None:
        """Close those edges of a config before that no poll uses any more."""
        for edges in [one for one in self._replaced if not one.users]:
            self._replaced.discard(edges)
            await edges.aclose()

    async def poll_round(self, feeds: Sequence[Feed]) -> AsyncIterator[tuple[Feed, Poll]]:
        """Poll these feeds once, each poll yielded as it ends."""

        def begin(feed: Feed) -> asyncio.Future[Poll]:
            return asyncio.ensure_future(self.poll(feed))

        async for ended in poll_round(feeds, begin, new_turnstile(self.settings)):
            yield ended

    async def apply(self, settings: Settings) -> None:
        """Put another config into force for the polls that begin from now on; those under way go on.

        What is overdue may go at once: the daemon, which has time, spreads it.
        """
        self.feeds = await _sync(self.store, settings, self.now())
        if settings.poll != self.settings.poll:
            self._replaced.add(self.edges)
            self.edges = _edges(settings, self.data, after=self.edges.fetcher)
        plan = _plan(settings, self.feeds)
        await self.subscriber.follow(plan)
        self.poller = self.poller.hand_over(plan, self.edges.fetcher, self.edges.parser)
        await self._close_replaced()
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
        for edges in (*self._replaced, self.edges):
            await edges.aclose()


@asynccontextmanager
async def open_parts(
    loaded: Loaded, data: Path, *, now: Callable[[], datetime] = utc_now
) -> AsyncIterator[Parts]:
    """The program on this data folder, which nobody else may own meanwhile; closed on the way out."""
    async with AsyncExitStack() as closing:
        store = Store.open(data)
        closing.callback(store.close)
        reader = Reader(data)
        closing.callback(reader.close)
        parts = _wired(loaded.settings, data, store, reader, now)
        closing.push_async_callback(parts.close_edges)
        await parts.apply(await parts.lists.extend(loaded, parts.fetcher, now=now()))
        yield parts


def known_settings(loaded: Loaded, data: Path) -> Settings:
    """The settings with the feeds of remote lists as they last came; asks nobody, needs no lock."""
    return RemoteLists(data / LISTS).known(loaded)


def _wired(
    settings: Settings, data: Path, store: Store, reader: Reader, now: Callable[[], datetime]
) -> Parts:
    edges = _edges(settings, data)
    subscriber = Subscriber(store, now)
    poller = Poller(
        store=store,
        fetcher=edges.fetcher,
        parser=edges.parser,
        plan=Plan(settings, {}),
        now=now,
        chance=random.SystemRandom().random,
        search=timed_search,
        meanings=meanings(),
        hubs=subscriber,
    )
    return Parts(
        settings=settings,
        data=data,
        store=store,
        reader=reader,
        edges=edges,
        poller=poller,
        subscriber=subscriber,
        publisher=Publisher(reader, data / PUBLIC, now=now, search=timed_search),
        pings=Pings(settings.server, now),
        lists=RemoteLists(data / LISTS),
        now=now,
    )


def new_turnstile(settings: Settings) -> Turnstile:
    """An empty queue with this config's slots."""
    return Turnstile(settings.poll.concurrency, settings.poll.per_host)


def _edges(settings: Settings, data: Path, after: Fetcher | None = None) -> Edges:
    polling = settings.poll
    return Edges(
        Fetcher(polling, folder=data, after=after),
        Parser(timeout=polling.parse_timeout, memory_bytes=polling.parse_memory),
    )


def _plan(settings: Settings, feeds: tuple[Feed, ...]) -> Plan:
    wanted = {feed.id: wishes for feed, wishes in zip(feeds, settings.feeds, strict=True)}
    return Plan(settings, wanted, topics.model_for(settings))


async def _sync(store: Store, settings: Settings, now: datetime) -> tuple[Feed, ...]:
    wanted = [
        WantedFeed(feed.url, feed.title or "", feed.paused, feed.access, feed.was, feed.intake)
        for feed in settings.feeds
    ]
    return await store.sync_feeds(wanted, now=now)
