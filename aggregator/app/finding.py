"""The edges that look for a feed, for one search: no store, no lock, gone when it ends."""

from collections.abc import Callable

from aggregator.core.settings import Settings
from aggregator.fetch import Fetcher
from aggregator.parse import Parser
from aggregator.setup import Found, find_feeds


async def find(typed: str, settings: Settings, tell: Callable[[str], None]) -> tuple[Found, ...]:
    """The feeds behind an address, the best first; `tell` hears each address that is asked."""
    limits = settings.poll
    async with (
        Fetcher(limits) as fetcher,
        Parser(1, timeout=limits.parse_timeout, memory_bytes=limits.parse_memory) as parser,
    ):
        return await find_feeds(typed, fetcher, parser, tell=tell)
