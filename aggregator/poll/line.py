"""Our own line, watched over all polls: one line in the log when it goes and one when it comes back.

What counts is decided in core/line.py; this only remembers. So it does of our clock (core/clock.py).
"""

import logging
from datetime import datetime, timedelta

from aggregator.core.clock import Clock
from aggregator.core.line import Line
from aggregator.core.settings import FeedSettings, Plan
from aggregator.core.urls import host_of
from aggregator.logs import line
from aggregator.model import Answer, Feed

log = logging.getLogger("aggregator")


class OwnLine:
    """How our line stands, as the polls tell it."""

    def __init__(self) -> None:
        self._line = Line()
        self.reason = ""
        """What the last poll heard before the line was held to be down; tells a firewall from a cut cable."""
        self._clock = Clock()
        self._feeds: tuple[FeedSettings, ...] = ()
        self._hosts: frozenset[str] = frozenset()

    @property
    def down_since(self) -> datetime | None:
        """Since when no server has answered; None while the line is up."""
        return self._line.down_since

    @property
    def clock_behind(self) -> timedelta | None:
        """How far our clock is behind servers', negative where it is ahead; None where it is right."""
        return self._clock.behind

    def heard(self, feed: Feed, answer: Answer, plan: Plan, *, now: datetime) -> tuple[Feed, ...]:
        """The feeds that failed before we knew that it is us, each as it stood before; mostly none."""
        before, settings = self._line, plan.settings.poll
        if answer.served_at:
            self._clock = self._clock.heard(host_of(answer.url), answer.served_at - now)
        self._line = after = before.heard(
            feed,
            answer,
            hosts=self._hosts_of(plan.settings.feeds),
            within=settings.every + 2 * settings.timeout,
            now=now,
        )
        if after.down_since and not before.down_since:
            self.reason = answer.error or ""
            log.warning(line("line down", error=answer.error, blamed="no feed"))
            return tuple(one.feed for one in after.suspects if one.feed.id != feed.id)
        if before.down_since and not after.down_since:
            log.info(line("line back", after=now - before.down_since))
        return ()

    def _hosts_of(self, feeds: tuple[FeedSettings, ...]) -> frozenset[str]:
        """The hosts of a config, made once: thousands of polls ask for those of thousands of feeds."""
        if feeds is not self._feeds:
            self._feeds, self._hosts = feeds, frozenset(host_of(one.url) for one in feeds)
        return self._hosts
