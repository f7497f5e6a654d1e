"""When a feed is polled next, and how it stands after a poll. Pure: `now` and the dice are given.

Every wait comes with its rule in words, which `feeds` and /feeds show. No wait is without end except the
server's own "gone" (410): a feed that is broken for a year is still asked once a day.

To add a rule: a line in `_after_success` or `_after_failure`, and a row in tests/core/test_schedule.py.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from aggregator.core.settings import PollSettings
from aggregator.model import Answer, Feed, FeedState, Hints

GONE = 410  # RFC 9110 §15.5.11
ASKED_TO_WAIT = "Retry-After"
HOUR = timedelta(hours=1)
LONGEST_SKIP = 7 * 24  # hours; a document that skips more has skipped everything, which nobody means


def first_poll(settings: PollSettings, *, now: datetime, index: int, total: int) -> datetime:
    """When the feed at this place among `total` new ones begins: spread evenly, so a start is no burst."""
    return now + settings.spread * index / max(total, 1)


def holds(feed: Feed, *, now: datetime) -> str | None:
    """Why even a person's "poll now" must leave the feed alone; None when it may be polled."""
    if feed.state is FeedState.PAUSED:
        return feed.next_poll_rule or "paused"
    if feed.state is FeedState.GONE:
        return "gone: its server says that it will not come back (410)"
    waits = feed.next_poll_at and feed.next_poll_at > now
    return feed.next_poll_rule if waits and feed.next_poll_rule.startswith(ASKED_TO_WAIT) else None


def after_poll(
    feed: Feed,
    answer: Answer,
    settings: PollSettings,
    *,
    every: timedelta | None,
    hints: Hints,
    parsed_error: str | None,
    now: datetime,
    chance: float,
) -> Feed:
    """The feed with its state, its faults, its next poll and the rule behind it.

    `every` is the feed's own rhythm, if it has one; `chance`, in [0, 1), is the jitter's dice. Validators and
    the body's hash are not touched: they go in with the entries.
    """
    error = parsed_error or answer.error
    polled = replace(feed, last_polled_at=now)
    if error:
        return _after_failure(polled, answer, settings, error, now=now, chance=chance)
    well = replace(
        _with_move(polled, answer, settings, now),
        state=FeedState.ACTIVE,
        failures=0,
        last_error=None,
        last_ok_at=now,
    )
    wait, rule = _rhythm(settings, every, answer, hints)
    at = _past_skips(now + _jittered(wait, settings, chance), hints)
    return replace(well, next_poll_at=at, next_poll_rule=rule)


# -- a good answer ----------------------------------------------------------------------------------------


def _rhythm(
    settings: PollSettings, every: timedelta | None, answer: Answer, hints: Hints
) -> tuple[timedelta, str]:
    """The longest of our rhythm and what server and document ask for, each of theirs up to `hint_max`."""
    own = every or min(max(settings.every, settings.min), settings.max)
    asked = (
        (answer.max_age, "Cache-Control or Expires"),
        (hints.ttl, "the feed's ttl"),
        (hints.update_period, "the feed's updatePeriod"),
    )
    waits = [(own, f"every {in_words(own)}")]
    waits += [(min(wait, settings.hint_max), f"{name}: {in_words(wait)}") for wait, name in asked if wait]
    return max(waits, key=lambda pair: pair[0])


def _jittered(wait: timedelta, settings: PollSettings, chance: float) -> timedelta:
    """Never earlier than asked for: the dice only add."""
    return wait * (1 + settings.jitter * chance)


def _past_skips(at: datetime, hints: Hints) -> datetime:
    """The first moment from `at` on that the document's skipHours and skipDays (GMT) leave open."""
    moment = at
    for _ in range(LONGEST_SKIP):
        if moment.hour not in hints.skip_hours and moment.weekday() not in hints.skip_days:
            return moment
        moment = moment.replace(minute=0, second=0, microsecond=0) + HOUR
    return at


def _with_move(feed: Feed, answer: Answer, settings: PollSettings, now: datetime) -> Feed:
    """A permanent redirect is believed when it was seen often enough, over long enough.

    A maintenance page that answers 301 for an hour must not become the feed.
    """
    if answer.moved_to is None:
        return replace(feed, moved_to=None, moved_since=None, moved_seen=0)
    if answer.moved_to != feed.moved_to or feed.moved_since is None:
        return replace(feed, moved_to=answer.moved_to, moved_since=now, moved_seen=1)
    seen = feed.moved_seen + 1
    if seen >= settings.move_after and now - feed.moved_since >= settings.move_span:
        return replace(feed, url=answer.moved_to, moved_to=None, moved_since=None, moved_seen=0)
    return replace(feed, moved_seen=seen)


# -- a failure --------------------------------------------------------------------------------------------


def _after_failure(
    feed: Feed, answer: Answer, settings: PollSettings, error: str, *, now: datetime, chance: float
) -> Feed:
    failures = feed.failures + 1
    failing = replace(feed, state=FeedState.FAILING, failures=failures, last_error=error)
    if answer.status == GONE:
        rule = "gone (410): not polled until it is named"
        return replace(failing, state=FeedState.GONE, next_poll_at=None, next_poll_rule=rule)
    wait = _backoff(settings, failures)
    rule = f"backoff after {failures} failure{'s' * (failures > 1)}: {in_words(wait)}"
    asked = min(answer.retry_after or timedelta(0), settings.retry_after_max)
    if asked > wait:
        wait, rule = asked, f"{ASKED_TO_WAIT}: {in_words(asked)}"
    return replace(failing, next_poll_at=now + _jittered(wait, settings, chance), next_poll_rule=rule)


def _backoff(settings: PollSettings, failures: int) -> timedelta:
    """Doubles with each failure, up to `backoff_max`: 30 min, 1 h, 2 h … 1 d."""
    doublings = min(failures - 1, 32)  # beyond that a timedelta would overflow
    return min(settings.backoff * (1 << doublings), settings.backoff_max)


def in_words(wait: timedelta) -> str:
    """`90 s`, `30 min`, `2 h`, `1 d`: the largest unit that leaves no rest."""
    seconds = round(wait.total_seconds())
    for unit, name in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds and seconds % unit == 0:
            return f"{seconds // unit} {name}"
    return f"{seconds} s"
