"""What is wrong with feeds, with the disk and with the clock, each in a line and with its cure. Pure.

What is wrong with us as a whole (stale data, a failed write) is told by core/freshness.py and by the daemon.

To add one: a function that gives a Finding or None, its kind in model/words.py, a row in
docs/monitoring.md, and a table in tests/core/test_findings.py.
"""

from datetime import datetime, timedelta

from aggregator.core.cures import cure_of
from aggregator.core.schedule.spans import in_words
from aggregator.core.secrets import without_secrets
from aggregator.core.text import clean_text
from aggregator.model import Feed, FeedState, Finding, ProblemKind

DEAD_AFTER = timedelta(days=1)  # most servers are back by then
DEAD_TRIES = 3
LOW_BYTES, LOW_SHARE = 200_000_000, 0.1  # both: a small disk may be meant to be small
CLOCK_SLACK = timedelta(minutes=10)

SILENT_CURE = (
    "It answers well and has nothing new. Look on its site whether there is another feed by now "
    "(`aggregator add SITE` finds it), and name this one in its `was`; or set `paused`."
)
CLOCK_CURE = (
    "Set the clock of this machine and keep it right (`timedatectl set-ntp true`; a container has "
    "the clock of its host). Until then polls come at the wrong times, and what is new has the wrong date."
)


def name_of(feed: Feed) -> str:
    """What to call the feed in a line: its title, and where it has none its address without secrets."""
    return " ".join(clean_text(feed.title).split()) or without_secrets(feed.url)


def dead(feed: Feed) -> Finding | None:
    """A feed that only a person can bring back, or that has not answered for a day and three polls."""
    if not _is_dead(feed):
        return None
    since = f"since {feed.last_ok_at:%d %b %Y}" if feed.last_ok_at else "so far"
    says = "is gone for good" if feed.state is FeedState.GONE else f"has brought nothing {since}"
    error = without_secrets(clean_text(feed.last_error or ""))
    told = " ".join(filter(None, (f"{error}." if error else "", cure_of(feed))))
    return Finding(
        kind=ProblemKind.DEAD_FEED, subject=str(feed.id), title=f"{name_of(feed)} {says}", cure=told
    )


def _is_dead(feed: Feed) -> bool:
    if feed.state is FeedState.GONE:
        return True
    if feed.state is not FeedState.FAILING:
        return False
    if feed.refused_access:
        return True
    if feed.failures < DEAD_TRIES:
        return False
    if not feed.last_ok_at or not feed.last_polled_at:
        return True
    # While we did not ask, it may have been well.
    return feed.last_polled_at - feed.last_ok_at >= DEAD_AFTER


def may_be_silent(feed: Feed, at_least: timedelta) -> bool:
    """Whether its rhythm is worth a look: it answers, and has had nothing new for that long."""
    if feed.state is not FeedState.ACTIVE or not feed.last_ok_at or not feed.news_at:
        return False
    return feed.last_ok_at - feed.news_at > at_least


def silent(feed: Feed, lasted: timedelta) -> Finding:
    """A feed that used to speak and does not."""
    title = f"{name_of(feed)} has had nothing new for {in_words(lasted)}, longer than ever before"
    return Finding(kind=ProblemKind.SILENT_FEED, subject=str(feed.id), title=title, cure=SILENT_CURE)


def low_disk(free: int, total: int) -> Finding | None:
    """A disk with so little room that it is full soon. Both in bytes."""
    if free >= LOW_BYTES or free >= LOW_SHARE * total:
        return None
    return Finding(
        kind=ProblemKind.DISK,
        title=f"The disk of the data folder is nearly full: {free // 1_000_000} MB are free",
        cure="Free some space, or give it more. When it is full, polling rests until there is room; what is "
        "published goes on being served, and nothing is lost. `storage.keep` says how long stories are kept.",
    )


def wrong_clock(now: datetime, behind: timedelta | None, last_polled_at: datetime | None) -> Finding | None:
    """A clock that servers contradict (by how far ours is `behind`), or that is before the last poll."""
    if behind:
        side = "behind" if behind > timedelta(0) else "ahead"
        told = f"is {in_words(abs(behind))} {side}: it says {_minute(now)}, and all servers say another time"
    elif last_polled_at and last_polled_at - now > CLOCK_SLACK:
        told = f"is wrong, or was: it says {_minute(now)}, and the last poll was at {_minute(last_polled_at)}"
    else:
        return None
    return Finding(kind=ProblemKind.CLOCK, title=f"The clock of this machine {told}", cure=CLOCK_CURE)


def _minute(moment: datetime) -> str:
    return f"{moment:%d %b %Y %H:%M} UTC"
