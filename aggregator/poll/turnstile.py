"""Whose turn it is: feeds wait here, and no host gets more than its share.

Never fetches: it says which feed may go, and is told when one has come back.

To change who goes first: `Turnstile.take`, and a row in tests/poll/test_turnstile.py.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable

from aggregator.core import urls
from aggregator.model import Feed, Poll


class Turnstile:
    """Feeds waiting for their turn. No host gets more than its share, so a slow one holds up only itself.

    `per_host` is how many of one host may be under way. It is no more than the fetcher sends at once: a feed
    that only waits there for its turn would be asked for even if the one before it is told to stay away.
    """

    def __init__(self, slots: int, per_host: int) -> None:
        self._slots = slots
        self._per_host = per_host
        self._waiting: dict[str, deque[Feed]] = {}
        self._ready: deque[str] = deque()
        self._under_way: dict[str, int] = {}
        self._ids: set[int] = set()

    @property
    def ids(self) -> frozenset[int]:
        """The ids of all feeds that wait or are under way."""
        return frozenset(self._ids)

    def limit(self, slots: int, per_host: int) -> None:
        """Put other limits into force. Who is under way stays so; who waits has to be added anew."""
        self._slots, self._per_host = slots, per_host
        for queue in self._waiting.values():
            self._ids.difference_update(feed.id for feed in queue)
        self._waiting.clear()
        self._ready.clear()

    def add(self, feeds: Iterable[Feed]) -> None:
        """Queue these feeds; one that is queued or under way already is left as it is."""
        for feed in feeds:
            if feed.id not in self._ids:
                self._ids.add(feed.id)
                self._queue(urls.host_of(feed.url)).append(feed)

    def _queue(self, host: str) -> deque[Feed]:
        if host not in self._waiting:
            self._waiting[host] = deque()
            if self._under_way.get(host, 0) < self._per_host:
                self._ready.append(host)
        return self._waiting[host]

    def take(self) -> Feed | None:
        """The next feed to poll, now under way; None when no slot or no admissible feed is left."""
        if sum(self._under_way.values()) >= self._slots or not self._ready:
            return None
        host = self._ready.popleft()
        feed = self._waiting[host].popleft()
        self._under_way[host] = self._under_way.get(host, 0) + 1
        if not self._waiting[host]:
            del self._waiting[host]
        elif self._under_way[host] < self._per_host:
            self._ready.append(host)
        return feed

    def done(self, feed: Feed) -> None:
        """Give the place of a feed free: its poll has ended."""
        host = urls.host_of(feed.url)
        self._ids.discard(feed.id)
        at_limit = self._under_way[host] == self._per_host
        self._under_way[host] -= 1
        if not self._under_way[host]:
            del self._under_way[host]
        if at_limit and host in self._waiting:
            self._ready.append(host)


async def poll_round(
    feeds: Iterable[Feed], poll: Callable[[Feed], "asyncio.Future[Poll]"], turnstile: Turnstile
) -> AsyncGenerator[tuple[Feed, Poll], None]:
    """Poll all of these feeds, each once, yielding each poll as it ends."""
    turnstile.add(feeds)
    under_way: dict[asyncio.Future[Poll], Feed] = {}
    try:
        while True:
            while feed := turnstile.take():
                under_way[poll(feed)] = feed
            if not under_way:
                return
            done, _ = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                feed = under_way.pop(task)
                turnstile.done(feed)
                yield feed, task.result()
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
