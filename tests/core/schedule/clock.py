"""A feed under a fake clock: what a poll makes of it, and what polls make of it over days."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from aggregator.core.schedule import Brought, Terms, after_poll
from aggregator.core.settings import PollSettings
from aggregator.model import Answer, Feed, Hints
from tests.builders import NOON, a_feed

SETTINGS = PollSettings(jitter=0)
SECOND, MINUTE, HOUR, DAY = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)
OK: dict[str, Any] = {"status": 200, "body": b"x"}


def polled(
    feed: Feed | None = None,
    *,
    terms: Terms | None = None,
    now: datetime = NOON,
    chance: float = 0.0,
    hints: Hints | None = None,
    parse_error: str | None = None,
    entries: int = 0,
    new_entries: int = 0,
    url: str = "https://news.example.org/rss",
    **answer: Any,
) -> Feed:
    """The feed after a poll; further keywords are those of `Answer`."""
    brought = Brought(
        answer=Answer(url=url, **answer),
        error=parse_error or answer.get("error"),
        hints=hints or Hints(),
        entries=entries,
        new_entries=new_entries,
    )
    return after_poll(feed or a_feed(), brought, terms or Terms(settings=SETTINGS), now=now, chance=chance)


@dataclass
class Days:
    """A feed polled whenever it is due. Each item of `news` is when an entry appears, after noon."""

    news: list[timedelta]
    terms: Terms = field(default_factory=lambda: Terms(settings=SETTINGS))
    feed: Feed = field(default_factory=lambda: replace(a_feed(), next_poll_at=NOON))
    polls: list[timedelta] = field(default_factory=list)
    window: int = 20
    """how many entries the document holds"""

    def until(self, end: timedelta) -> "Days":
        """Let the time pass."""
        while (due := self.feed.next_poll_at) and due - NOON < end:
            last = self.polls[-1] if self.polls else -DAY
            new = sum(last < moment <= due - NOON for moment in self.news)
            self.polls.append(due - NOON)
            brought = min(new, self.window)
            self.feed = polled(
                self.feed, terms=self.terms, now=due, entries=self.window, new_entries=brought, **OK
            )
        return self

    @property
    def wait(self) -> timedelta:
        """How long the next poll is away from the last."""
        assert self.feed.next_poll_at
        return self.feed.next_poll_at - NOON - self.polls[-1]

    def per_day(self, day: int) -> int:
        """How many polls that day saw."""
        return sum(DAY * day <= poll < DAY * (day + 1) for poll in self.polls)
