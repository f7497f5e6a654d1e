"""When a feed is polled next, and how it stands: every rule is a row."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aggregator.core.schedule import after_poll, first_poll, holds, in_words
from aggregator.core.settings import PollSettings
from aggregator.model import Answer, Feed, FeedState, Hints
from tests.builders import NOON, a_feed

SETTINGS = PollSettings(jitter=0)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OK: dict[str, Any] = {"status": 200, "body": b"x"}


def polled(feed: Feed | None = None, *, settings: PollSettings = SETTINGS, **given: Any) -> Feed:
    """The feed after a poll; keywords that `Answer` does not know go to `after_poll`."""
    asides = {
        name: given.pop(name, default)
        for name, default in (
            ("every", None),
            ("hints", Hints()),
            ("parsed_error", None),
            ("now", NOON),
            ("chance", 0.0),
        )
    }
    return after_poll(feed or a_feed(), Answer(url="https://x.org/", **given), settings, **asides)


@pytest.mark.parametrize(
    ("given", "wait", "rule"),
    [
        ({}, 30 * MINUTE, "every 30 min"),
        ({"every": 5 * MINUTE}, 5 * MINUTE, "every 5 min"),
        ({"max_age": 2 * HOUR}, 2 * HOUR, "Cache-Control or Expires: 2 h"),
        ({"max_age": MINUTE}, 30 * MINUTE, "every 30 min"),
        ({"max_age": 400 * DAY}, DAY, "Cache-Control or Expires: 400 d"),
        ({"hints": Hints(ttl=HOUR)}, HOUR, "the feed's ttl: 1 h"),
        ({"hints": Hints(update_period=3 * HOUR)}, 3 * HOUR, "the feed's updatePeriod: 3 h"),
        ({"hints": Hints(skip_hours=frozenset({12, 13}))}, 2 * HOUR, "every 30 min"),
        ({"hints": Hints(skip_days=frozenset({1}))}, 12 * HOUR, "every 30 min"),
        ({"hints": Hints(skip_hours=frozenset(range(24)))}, 30 * MINUTE, "every 30 min"),
        ({"settings": PollSettings(jitter=0.1), "chance": 0.5}, 31.5 * MINUTE, "every 30 min"),
        ({"settings": PollSettings(jitter=0, every=MINUTE)}, 10 * MINUTE, "every 10 min"),
        ({"settings": PollSettings(jitter=0, every=9 * DAY)}, DAY, "every 1 d"),
    ],
)
def test_after_a_good_poll_the_longest_wish_holds(given: dict[str, Any], wait: timedelta, rule: str) -> None:
    feed = polled(**OK, **given)

    assert (feed.next_poll_at, feed.next_poll_rule) == (NOON + wait, rule)


@pytest.mark.parametrize(
    ("failures", "given", "wait", "rule"),
    [
        (0, {"error": "timed out"}, 30 * MINUTE, "backoff after 1 failure: 30 min"),
        (2, {"error": "timed out"}, 2 * HOUR, "backoff after 3 failures: 2 h"),
        (99, {"error": "timed out"}, DAY, "backoff after 100 failures: 1 d"),
        (0, {**OK, "parsed_error": "no feed"}, 30 * MINUTE, "backoff after 1 failure: 30 min"),
        (0, {"error": "HTTP 429", "retry_after": 3 * HOUR}, 3 * HOUR, "Retry-After: 3 h"),
        (0, {"error": "HTTP 429", "retry_after": 90 * DAY}, 7 * DAY, "Retry-After: 7 d"),
        (0, {"error": "HTTP 503", "retry_after": MINUTE}, 30 * MINUTE, "backoff after 1 failure: 30 min"),
    ],
)
def test_after_a_failure_the_wait_doubles_and_ends(
    failures: int, given: dict[str, Any], wait: timedelta, rule: str
) -> None:
    feed = polled(a_feed(failures=failures), **given)

    assert (feed.next_poll_at, feed.next_poll_rule) == (NOON + wait, rule)
    assert (feed.state, feed.failures) == (FeedState.FAILING, failures + 1)
    assert feed.last_error == given.get("parsed_error", given.get("error"))


def test_a_good_poll_heals_a_failing_feed() -> None:
    ill = a_feed(state=FeedState.FAILING, failures=7, last_error="timed out")

    feed = polled(ill, status=304)

    assert (feed.state, feed.failures, feed.last_error) == (FeedState.ACTIVE, 0, None)
    assert feed.last_ok_at == feed.last_polled_at == NOON


def test_a_feed_that_is_gone_is_not_polled_again() -> None:
    feed = polled(status=410, error="HTTP 410 Gone")

    assert (feed.state, feed.next_poll_at) == (FeedState.GONE, None)


class TestPermanentRedirects:
    NEW = "https://new.example.org/rss"

    def after(self, *hours: float, moved_to: str | None = NEW) -> Feed:
        feed = a_feed()
        for hour in hours:
            feed = polled(feed, **OK, moved_to=moved_to, now=NOON + timedelta(hours=hour))
        return feed

    def test_a_move_seen_often_enough_over_a_day_is_recorded(self) -> None:
        feed = self.after(0, 12, 24)

        assert (feed.url, feed.moved_to, feed.moved_seen) == (self.NEW, None, 0)

    @pytest.mark.parametrize("hours", [(0, 24), (0, 1, 2, 3)])
    def test_a_move_seen_too_seldom_or_too_briefly_is_not(self, hours: tuple[float, ...]) -> None:
        feed = self.after(*hours)

        assert (feed.url, feed.moved_seen) == (a_feed().url, len(hours))

    def test_another_target_begins_anew(self) -> None:
        feed = polled(self.after(0, 12), **OK, moved_to="https://other.example.org/", now=NOON + DAY)

        assert (feed.moved_to, feed.moved_seen) == ("https://other.example.org/", 1)

    def test_an_answer_without_a_redirect_forgets_it(self) -> None:
        feed = polled(self.after(0, 12), **OK)

        assert (feed.moved_to, feed.moved_since, feed.moved_seen) == (None, None, 0)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"state": FeedState.PAUSED, "next_poll_rule": "paused in the config"}, "paused in the config"),
        ({"state": FeedState.PAUSED}, "paused"),
        ({"state": FeedState.GONE}, "gone: its server says that it will not come back (410)"),
        ({"next_poll_at": NOON + HOUR, "next_poll_rule": "Retry-After: 1 h"}, "Retry-After: 1 h"),
        ({"next_poll_at": NOON - HOUR, "next_poll_rule": "Retry-After: 1 h"}, None),
        ({"next_poll_at": NOON + HOUR, "next_poll_rule": "every 30 min"}, None),
        ({}, None),
    ],
)
def test_some_feeds_are_left_alone_even_when_asked_for(changes: dict[str, Any], why: str | None) -> None:
    assert holds(a_feed(**changes), now=NOON) == why


def test_new_feeds_begin_spread_over_time() -> None:
    starts = [first_poll(SETTINGS, now=NOON, index=index, total=5) for index in range(5)]

    assert starts == [NOON + minutes * MINUTE for minutes in range(5)]


@pytest.mark.parametrize(("seconds", "text"), [(0, "0 s"), (90, "90 s"), (120, "2 min"), (7200, "2 h")])
def test_waits_are_said_in_the_largest_whole_unit(seconds: int, text: str) -> None:
    assert in_words(timedelta(seconds=seconds)) == text


def test_skipped_hours_are_those_of_gmt() -> None:
    late = datetime(2026, 11, 24, 23, 40, tzinfo=UTC)

    feed = polled(**OK, now=late, hints=Hints(skip_hours=frozenset({0, 1})))

    assert feed.next_poll_at == datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
