"""While our own line is down no feed is worse for it, and each is asked again soon."""

from dataclasses import replace

from aggregator.core.schedule import forgiven, unheard
from aggregator.core.settings import PollSettings
from aggregator.model import FeedState
from tests.builders import NOON, a_feed
from tests.core.schedule.clock import DAY, HOUR, MINUTE, SECOND, SETTINGS

WELL = a_feed(next_poll_at=NOON - MINUTE, next_poll_rule="every 30 min")


def test_a_feed_that_nobody_heard_stands_as_it_stood_and_is_asked_soon() -> None:
    ill = replace(WELL, state=FeedState.FAILING, failures=3, last_error="HTTP 500")

    feed = unheard(ill, SETTINGS, now=NOON, chance=0.5)

    assert (feed.state, feed.failures, feed.last_error) == (FeedState.FAILING, 3, "HTTP 500")
    assert feed.next_poll_at == NOON + MINUTE + SETTINGS.spread / 2
    assert feed.next_poll_rule == "our own line is down: again in 3.5 min"


def test_it_is_asked_no_later_than_the_minimum_and_the_spread() -> None:
    feed = unheard(WELL, PollSettings(min=SECOND, spread=0 * SECOND), now=NOON, chance=0.5)

    assert feed.next_poll_at == NOON + SECOND


def test_a_gone_feed_that_was_named_stays_unplanned() -> None:
    gone = a_feed(state=FeedState.GONE, gone_at=NOON - DAY, next_poll_rule="gone")

    feed = unheard(gone, SETTINGS, now=NOON, chance=0)

    assert feed == replace(gone, last_polled_at=NOON)


def test_what_was_put_down_to_feeds_before_we_knew_is_taken_back() -> None:
    failed = replace(
        WELL, state=FeedState.FAILING, failures=1, last_error="no such host", next_poll_at=NOON + HOUR
    )
    other = a_feed(id=2, next_poll_at=NOON + HOUR)

    (feed,) = forgiven([failed, other], [WELL], SETTINGS, now=NOON, chance=0)

    assert (feed.id, feed.state, feed.failures, feed.last_error) == (1, FeedState.ACTIVE, 0, None)
    assert feed.next_poll_at == NOON + MINUTE
