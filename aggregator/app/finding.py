"""The edges that look for a feed, for one search: no store, no lock, gone when it ends."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aggregator.app.parts import utc_now
from aggregator.core import schedule
from aggregator.core.settings import PollSettings, Settings
from aggregator.fetch import Fetcher
from aggregator.model import Answer, Request, Wait
from aggregator.parse import Parser
from aggregator.setup import Found, find_feeds


async def find(
    typed: str, settings: Settings, waits: Sequence[Wait], tell: Callable[[str], None]
) -> tuple[Found, ...]:
    """The feeds behind an address, the best first; `tell` hears each address that is looked at.

    Who asked the polls to wait is not asked here either.
    """
    limits = settings.poll
    async with (
        Fetcher(limits) as fetcher,
        Parser(1, timeout=limits.parse_timeout, memory_bytes=limits.parse_memory) as parser,
    ):
        return await find_feeds(typed, _Patient(fetcher, limits, waits), parser, tell=tell)


@dataclass(frozen=True, slots=True)
class _Patient:
    """A fetcher that hears once more what a server said before, without asking it again."""

    fetcher: Fetcher
    settings: PollSettings
    waits: Sequence[Wait]

    async def get(self, request: Request) -> Answer:
        """What came of the request, or the wait that it would break."""
        now = utc_now()
        wait = schedule.wait_at(request.url, self.waits, self.settings, now=now)
        if wait is None:
            return await self.fetcher.get(request)
        return Answer(url=request.url, error=wait.rule, retry_after=wait.until - now)
