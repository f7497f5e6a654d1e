"""Polls that nobody heard, because our own line is down: no feed is worse for them, and each is asked soon.

Whether it is down is decided in core/line.py.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from aggregator.core.schedule.spans import in_words
from aggregator.core.settings import PollSettings
from aggregator.model import Feed

LINE_DOWN = "our own line is down"
RETRY = timedelta(minutes=1)


def unheard(feed: Feed, settings: PollSettings, *, now: datetime, chance: float) -> Feed:
    """The feed after such a poll: as it stood, and asked soon, unless it was not to be asked at all.

    Sooner than `poll.min` even, as no server was troubled; over `poll.spread`, as the line will come back.
    """
    if feed.next_poll_at is None:
        return replace(feed, last_polled_at=now)
    wait = min(settings.min, RETRY) + settings.spread * chance
    return replace(
        feed,
        last_polled_at=now,
        next_poll_at=now + wait,
        next_poll_rule=f"{LINE_DOWN}: again in {in_words(wait)}",
    )


def forgiven(
    feeds: Iterable[Feed], before: Iterable[Feed], settings: PollSettings, *, now: datetime, chance: float
) -> tuple[Feed, ...]:
    """Those of the feeds that failed before we knew, as they stood `before`, and asked soon."""
    stood = {feed.id: feed for feed in before}
    return tuple(
        unheard(_as_it_stood(feed, stood[feed.id]), settings, now=now, chance=chance)
        for feed in feeds
        if feed.id in stood
    )


def _as_it_stood(feed: Feed, before: Feed) -> Feed:
    return replace(
        feed,
        state=before.state,
        failures=before.failures,
        last_error=before.last_error,
        gone_at=before.gone_at,
        next_poll_at=before.next_poll_at,
        next_poll_rule=before.next_poll_rule,
    )
