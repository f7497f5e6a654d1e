"""The feed after a poll: how it stands, when it is due next and by which rule."""

from dataclasses import replace
from datetime import datetime, timedelta

from aggregator.core.schedule import moves
from aggregator.core.schedule.rhythm import heard, rhythm
from aggregator.core.schedule.spans import in_words
from aggregator.core.schedule.terms import Brought, Terms
from aggregator.core.schedule.waits import GONE_RULE, REFUSED_RULE, RETRY_AFTER, asked_for
from aggregator.core.settings import PollSettings
from aggregator.core.text import counted
from aggregator.model import Feed, FeedState, Hints

WHOLE = 200  # RFC 9110 §15.3.1
UNAUTHORIZED = 401  # §15.5.2
GONE = 410  # §15.5.11
HOUR = timedelta(hours=1)
PUSHED_TIMES = 4  # how much more seldom a feed is asked whose news a hub brings
LONGEST_SKIP = 7 * 24  # hours; a document that skips more has skipped everything, which nobody means


def reads_anew(feed: Feed, intake: str) -> bool:
    """Whether its document is to be read though it is the same: it was last read under other filters."""
    return feed.read_under not in (None, intake)


def asks_whole(feed: Feed, settings: PollSettings, *, intake: str, now: datetime) -> bool:
    """Whether to ask without validators: to read the document anew, or as only 304 came for `poll.refetch`.

    Some servers answer 304 for ever, whatever happens to the feed.
    """
    if reads_anew(feed, intake):
        return True
    return feed.whole_at is not None and now - feed.whole_at >= settings.refetch


def after_poll(feed: Feed, brought: Brought, terms: Terms, *, now: datetime, chance: float) -> Feed:
    """The feed with its state, its faults, its next poll and the rule behind it.

    `chance`, in [0, 1), is the jitter's dice. Validators and the body's hash are not touched: they go in with
    the entries.
    """
    if brought.error:
        return _after_failure(feed, brought, terms, brought.error, now=now, chance=chance)
    whole = brought.answer.status == WHOLE or feed.whole_at is None
    well = replace(
        heard(moves.sighted(feed, brought.answer, terms, now=now), brought, terms, now=now),
        state=FeedState.ACTIVE,
        failures=0,
        last_error=None,
        last_polled_at=now,
        last_ok_at=now,
        whole_at=now if whole else feed.whole_at,
        gone_at=None,
        refused_access=None,
    )
    wait, rule = _pushed(*_longest_wish(well, brought, terms, now=now), brought, terms, now=now)
    due = now + _jittered(wait, terms.settings, chance)
    at = _past_skips(due, brought.hints, terms.settings.spread * chance)
    return replace(
        well,
        next_poll_at=at,
        next_poll_rule=rule if at == due else f"{rule}, then past its skipHours and skipDays",
    )


def after_push(feed: Feed, brought: Brought, terms: Terms, *, now: datetime) -> Feed:
    """The feed once a hub has brought what is new: its rhythm goes on, its next poll stays where it is.

    A push says nothing of how the feed's own server answers.
    """
    return replace(heard(feed, brought, terms, now=now), last_ok_at=now)


# -- a good answer ----------------------------------------------------------------------------------------


def _longest_wish(feed: Feed, brought: Brought, terms: Terms, *, now: datetime) -> tuple[timedelta, str]:
    """The longest of our rhythm and what server and document ask for, each of theirs up to `hint_max`."""
    most = terms.settings.hint_max
    asked = (
        (brought.answer.max_age, "Cache-Control or Expires"),
        (brought.hints.ttl, "the feed's ttl"),
        (brought.hints.update_period, "the feed's updatePeriod"),
    )
    waits = [rhythm(feed, terms, now=now)]
    for wait, name in asked:
        if wait:
            held = "" if wait <= most else f", held to {in_words(most)}"
            waits.append((min(wait, most), f"{name}: {in_words(wait)}{held}"))
    return max(waits, key=lambda pair: pair[0])


def _pushed(
    wait: timedelta, rule: str, brought: Brought, terms: Terms, *, now: datetime
) -> tuple[timedelta, str]:
    """A longer wait where a hub brings the news, and none beyond its lease: then all is as it was before.

    Not for a feed whose rhythm is the user's word, nor after a poll that found what no hub had brought.
    """
    push = terms.push
    if not push or terms.every or brought.new_entries:
        return wait, rule
    longer = min(PUSHED_TIMES * wait, terms.settings.max, push.until - now)
    if longer <= wait:
        return wait, rule
    return longer, f"pushed by {push.hub}, lease until {push.until:%Y-%m-%d %H:%M}: every {in_words(longer)}"


def _jittered(wait: timedelta, settings: PollSettings, chance: float) -> timedelta:
    """Never earlier than asked for: the dice only add."""
    return wait * (1 + settings.jitter * chance)


def _past_skips(at: datetime, hints: Hints, apart: timedelta) -> datetime:
    """The first moment from `at` on that the document's skipHours and skipDays (GMT) leave open.

    Many feeds skip the same hours: `apart` keeps them from coming all at the stroke of the next.
    """
    moment = at
    for _ in range(LONGEST_SKIP):
        if moment.hour not in hints.skip_hours and moment.weekday() not in hints.skip_days:
            return moment if moment == at else moment + min(apart, HOUR / 2)
        moment = moment.replace(minute=0, second=0, microsecond=0) + HOUR
    return at


# -- a failure --------------------------------------------------------------------------------------------


def _after_failure(
    feed: Feed, brought: Brought, terms: Terms, error: str, *, now: datetime, chance: float
) -> Feed:
    failing = replace(
        feed,
        state=FeedState.FAILING,
        failures=feed.failures + 1,
        last_error=error,
        last_polled_at=now,
        gone_at=None,
        refused_access=None,
    )
    status, settings = brought.answer.status, terms.settings
    if moves.has_moved(feed, brought.answer, terms):
        rule = f"its old address answers {status}: asked at its new one"
        there = moves.moved(failing, now=now)
        return replace(
            there, next_poll_at=now + _jittered(terms.floor, settings, chance), next_poll_rule=rule
        )
    if status == GONE:
        return replace(
            failing, state=FeedState.GONE, gone_at=now, next_poll_at=None, next_poll_rule=GONE_RULE
        )
    if status == UNAUTHORIZED:
        refused = replace(failing, refused_access=terms.access)
        return replace(refused, next_poll_at=None, next_poll_rule=REFUSED_RULE)
    wait, rule = _backoff(failing, terms)
    asked = brought.answer.retry_after
    if asked and min(asked, settings.retry_after_max) > wait:
        wait, rule = min(asked, settings.retry_after_max), f"{RETRY_AFTER}: {asked_for(asked, settings)}"
    return replace(failing, next_poll_at=now + _jittered(wait, settings, chance), next_poll_rule=rule)


def _backoff(feed: Feed, terms: Terms) -> tuple[timedelta, str]:
    wait = backoff(feed.failures, terms)
    return wait, f"backoff after {counted(feed.failures, 'failure')}: {in_words(wait)}"


def backoff(failures: int, terms: Terms) -> timedelta:
    """Doubles with each failure, up to `backoff_max`: 30 min, 1 h, 2 h … 1 d."""
    doublings = min(failures - 1, 32)  # beyond that a timedelta would overflow
    doubled = min(terms.settings.backoff * (1 << doublings), terms.settings.backoff_max)
    return max(doubled, terms.floor)
