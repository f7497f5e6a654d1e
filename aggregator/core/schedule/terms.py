"""What bears on a feed's pace: what the config says of it, and what a poll brought."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from aggregator.core.settings import Plan, PollSettings
from aggregator.model import Answer, Hints


@dataclass(frozen=True, slots=True)
class Push:
    """A hub brings what is new of a feed, until its lease ends."""

    hub: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the config says of one feed's pace, and who else brings its news."""

    settings: PollSettings
    every: timedelta | None = None
    """its own rhythm, which then does not adapt"""
    filtered: bool = False
    """it has filters at intake: what they drop leaves no trace, so its rhythm can only be guessed"""
    access: str = ""
    """`FeedSettings.access`"""
    push: Push | None = None
    taken: Callable[[str], bool] = frozenset[str]().__contains__
    """whether another feed is at this address, so that this one cannot move there"""

    @property
    def start(self) -> timedelta:
        """The rhythm of a feed that has not shown one of its own."""
        return self.bounded(self.settings.every)

    @property
    def floor(self) -> timedelta:
        """The shortest wait between two polls that nobody asked for by name."""
        return min(self.every or self.settings.min, self.settings.min)

    def bounded(self, wait: timedelta) -> timedelta:
        """The wait, no shorter than `poll.min` and no longer than `poll.max`."""
        return min(max(wait, self.settings.min), self.settings.max)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What one poll brought. `error` is why there is no document, or why there is none to read."""

    answer: Answer
    error: str | None = None
    hints: Hints
    entries: int = 0
    """how many the document holds; 0 where none was read"""
    new_entries: int = 0


def terms(plan: Plan, feed_id: int) -> Terms:
    """The terms of this feed under this plan."""
    wishes = plan.of(feed_id)
    return Terms(
        settings=plan.settings.poll,
        every=wishes.every,
        filtered=bool(wishes.include or wishes.exclude),
        access=wishes.access,
        taken=partial(_is_of_another, plan, feed_id),
    )


def _is_of_another(plan: Plan, feed_id: int, url: str) -> bool:
    return any(feed.url == url for number, feed in plan.feeds.items() if number != feed_id)
