"""One request of a fresh fetcher, which may ask this machine."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from aggregator.core.settings import PollSettings
from aggregator.fetch import Fetcher
from aggregator.fetch.guard import Resolve
from aggregator.model import Answer, Request
from tests.http import LOOPBACK, reply

BODY = b"<rss version='2.0'/>"
OK = reply(200, BODY)
SETTINGS = PollSettings(host_gap=timedelta(0), timeout=timedelta(seconds=5), allow_private=LOOPBACK)


async def got(
    url: str, *, resolve: Resolve | None = None, settings: PollSettings = SETTINGS, **asked: Any
) -> Answer:
    """The answer to one request."""
    async with Fetcher(settings, resolve) as fetcher:
        return await fetcher.get(Request(url=url, **asked))


def said(answer: Answer) -> bytes | None:
    """The answer's body; it is closed."""
    with answer:
        return answer.body.read() if answer.body else None


async def at_home(_: str, __: int) -> Sequence[str]:
    """A resolver for which every name means this machine."""
    return ["127.0.0.1"]


def within(**changes: Any) -> PollSettings:
    """The settings of these tests but for what matters."""
    return replace(SETTINGS, **changes)
