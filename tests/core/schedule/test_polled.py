"""After a poll: when the feed is asked next and by which rule, and how it stands. Every rule is a row."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aggregator.core.schedule import Brought, Push, Terms, after_push, asks_whole
from aggregator.core.settings import PollSettings
from aggregator.model import Answer, FeedState, Hints
from tests.builders import NOON, a_feed
from tests.core.schedule.clock import DAY, HOUR, MINUTE, OK, SECOND, SETTINGS, polled


def terms(**changes: Any) -> Terms:
    """Terms without jitter; keywords of `PollSettings` go there."""
    own = {
        name: changes.pop(name)
        for name in ("every", "filtered", "access", "taken", "push")
        if name in changes
    }
    return Terms(settings=PollSettings(**{"jitter": 0, **changes}), **own)


def usual(every: timedelta) -> Terms:
    """Terms with this `poll.every`."""
    return Terms(settings=PollSettings(jitter=0, every=every))


@pytest.mark.parametrize(
    ("given", "wait", "rule"),
    [
        ({}, 30 * MINUTE, "every 30 min"),
        ({"terms": terms(every=5 * MINUTE)}, 5 * MINUTE, "every 5 min"),
        ({"terms": usual(MINUTE)}, 10 * MINUTE, "every 10 min"),
        ({"terms": usual(9 * DAY)}, DAY, "every 1 d"),
        ({"max_age": 2 * HOUR}, 2 * HOUR, "Cache-Control or Expires: 2 h"),
        ({"max_age": MINUTE}, 30 * MINUTE, "every 30 min"),
        ({"max_age": 400 * DAY}, DAY, "Cache-Control or Expires: 400 d, held to 1 d"),
        ({"hints": Hints(ttl=HOUR)}, HOUR, "the feed's ttl: 1 h"),
        ({"hints": Hints(update_period=3 * HOUR)}, 3 * HOUR, "the feed's updatePeriod: 3 h"),
        ({"hints": Hints(update_period=7 * DAY)}, DAY, "the feed's updatePeriod: 7 d, held to 1 d"),
        ({"hints": Hints(ttl=HOUR), "terms": terms(hint_max=timedelta(0))}, 30 * MINUTE, "every 30 min"),
        ({"hints": Hints(ttl=HOUR), "terms": terms(every=5 * MINUTE)}, HOUR, "the feed's ttl: 1 h"),
        (
            {"hints": Hints(skip_hours=frozenset({12, 13}))},
            2 * HOUR,
            "every 30 min, then past its skipHours and skipDays",
        ),
        (
            {"hints": Hints(skip_days=frozenset({1}))},
            12 * HOUR,
            "every 30 min, then past its skipHours and skipDays",
        ),
        ({"hints": Hints(skip_hours=frozenset(range(24)))}, 30 * MINUTE, "every 30 min"),
        ({"hints": Hints(skip_days=frozenset(range(7)))}, 30 * MINUTE, "every 30 min"),
        ({"terms": terms(jitter=0.1), "chance": 0.5}, 31.5 * MINUTE, "every 30 min"),
        (
            {"terms": terms(every=SECOND, min=timedelta(0), jitter=0.0)},
            SECOND,
            "every 1 s",
        ),
    ],
    ids=[
        "without a rhythm of its own it is poll.every",
        "a feed's own every comes first, also below min",
        "min holds",
        "max holds",
        "max-age or Expires stretches it",
        "and never shortens it",
        "a senseless max-age is held to hint_max",
        "ttl stretches it",
        "updatePeriod stretches it",
        "a weekly one is held to hint_max",
        "hint_max 0s: hints have no say",
        "hints stretch a feed's own every too",
        "skipHours",
        "skipDays",
        "all 24 hours skipped is nonsense",
        "all 7 days skipped is nonsense",
        "jitter only adds",
        "all can be set to seconds",
    ],
)
def test_after_a_good_poll_the_longest_wish_holds(given: dict[str, Any], wait: timedelta, rule: str) -> None:
    feed = polled(**OK, **given)

    assert (feed.next_poll_at, feed.next_poll_rule) == (NOON + wait, rule)


def test_skipped_hours_are_those_of_gmt() -> None:
    late = datetime(2026, 11, 24, 23, 40, tzinfo=UTC)

    feed = polled(**OK, now=late, hints=Hints(skip_hours=frozenset({0, 1})))

    assert feed.next_poll_at == datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


def test_feeds_that_skip_the_same_hours_do_not_come_all_at_the_stroke_of_the_next() -> None:
    hints = Hints(skip_hours=frozenset({12, 13}))

    feed = polled(**OK, terms=Terms(settings=SETTINGS), chance=0.5, hints=hints)

    assert feed.next_poll_at == NOON + 2 * HOUR + SETTINGS.spread / 2


@pytest.mark.parametrize(
    ("failures", "given", "wait", "rule"),
    [
        (0, {"error": "timed out"}, 30 * MINUTE, "backoff after 1 failure: 30 min"),
        (2, {"error": "timed out"}, 2 * HOUR, "backoff after 3 failures: 2 h"),
        (99, {"status": 404, "error": "HTTP 404"}, DAY, "backoff after 100 failures: 1 d"),
        (99, {"status": 403, "error": "HTTP 403"}, DAY, "backoff after 100 failures: 1 d"),
        (99_999, {"status": 500, "error": "HTTP 500"}, DAY, "backoff after 100,000 failures: 1 d"),
        (0, {**OK, "parse_error": "no feed"}, 30 * MINUTE, "backoff after 1 failure: 30 min"),
        (0, {"error": "x", "terms": terms(backoff=SECOND)}, 10 * MINUTE, "backoff after 1 failure: 10 min"),
        (0, {"error": "x", "terms": terms(every=DAY)}, 30 * MINUTE, "backoff after 1 failure: 30 min"),
        (
            0,
            {"error": "x", "terms": terms(backoff=SECOND, min=timedelta(0))},
            SECOND,
            "backoff after 1 failure: 1 s",
        ),
        (0, {"status": 429, "error": "x", "retry_after": 3 * HOUR}, 3 * HOUR, "Retry-After: 3 h"),
        (0, {"status": 503, "error": "x", "retry_after": 3 * HOUR}, 3 * HOUR, "Retry-After: 3 h"),
        (
            0,
            {"status": 429, "error": "x", "retry_after": 90 * DAY},
            7 * DAY,
            "Retry-After: 7 d, though 90 d was asked for",
        ),
        (
            0,
            {"status": 503, "error": "x", "retry_after": MINUTE},
            30 * MINUTE,
            "backoff after 1 failure: 30 min",
        ),
        (0, {"status": 429, "error": "x"}, 30 * MINUTE, "backoff after 1 failure: 30 min"),
        (
            0,
            {"error": "x", "retry_after": HOUR, "terms": terms(retry_after_max=timedelta(0))},
            30 * MINUTE,
            "backoff after 1 failure: 30 min",
        ),
        (0, {"error": "x", "terms": terms(jitter=0.1), "chance": 0.5}, 31.5 * MINUTE, None),
    ],
    ids=[
        "the first backoff",
        "it doubles",
        "404 for ever is asked once a day",
        "403 likewise",
        "500 likewise, whatever the count",
        "no feed is a failure too",
        "min holds for a failing feed",
        "a rare feed is asked again like any other",
        "backoff can be a second",
        "429 with Retry-After",
        "503 with Retry-After",
        "Retry-After is held to retry_after_max",
        "a Retry-After below the backoff changes nothing",
        "429 without a usable Retry-After is our own backoff",
        "retry_after_max 0s: Retry-After has no say",
        "jitter only adds",
    ],
)
def test_after_a_failure_the_wait_doubles_and_never_becomes_endless(
    failures: int, given: dict[str, Any], wait: timedelta, rule: str | None
) -> None:
    feed = polled(a_feed(failures=failures), **given)

    assert feed.next_poll_at == NOON + wait
    assert rule in (None, feed.next_poll_rule)
    assert (feed.state, feed.failures) == (FeedState.FAILING, failures + 1)
    assert feed.last_error == given.get("parse_error", given.get("error"))


def test_a_good_poll_heals_a_failing_feed() -> None:
    ill = a_feed(state=FeedState.FAILING, failures=7, last_error="x", gone_at=NOON, refused_access="ab")

    feed = polled(ill, status=304)

    assert (feed.state, feed.failures, feed.last_error) == (FeedState.ACTIVE, 0, None)
    assert (feed.gone_at, feed.refused_access) == (None, None)
    assert feed.last_ok_at == feed.last_polled_at == NOON


def test_a_feed_that_is_gone_is_not_polled_again() -> None:
    feed = polled(status=410, error="HTTP 410 Gone")

    assert (feed.state, feed.next_poll_at, feed.gone_at) == (FeedState.GONE, None, NOON)
    assert feed.next_poll_rule == "gone (410): not polled until it is named"


def test_a_gone_feed_that_a_person_named_backs_off_like_any_other_when_it_fails_otherwise() -> None:
    gone = polled(status=410, error="HTTP 410 Gone")

    feed = polled(gone, status=500, error="HTTP 500", now=NOON + DAY)

    assert (feed.state, feed.gone_at, feed.next_poll_at) == (FeedState.FAILING, None, NOON + DAY + HOUR)


def test_a_feed_that_wants_a_log_in_waits_for_another_config() -> None:
    feed = polled(status=401, error="HTTP 401 Unauthorized", terms=terms(access="c0de"))

    assert (feed.state, feed.next_poll_at, feed.refused_access) == (FeedState.FAILING, None, "c0de")
    assert feed.next_poll_rule == "needs authorization (401): not polled until its config changes"


class TestRefetch:
    """Some servers answer 304 for ever: one request without validators after eight days of only those."""

    def test_a_document_that_came_whole_begins_the_time(self) -> None:
        assert polled(**OK).whole_at == NOON
        assert polled(a_feed(whole_at=NOON - DAY), **OK).whole_at == NOON

    def test_a_304_does_not(self) -> None:
        assert polled(a_feed(whole_at=NOON - DAY), status=304).whole_at == NOON - DAY

    def test_a_store_that_does_not_know_begins_with_its_first_304(self) -> None:
        assert polled(status=304).whole_at == NOON

    @pytest.mark.parametrize(
        ("whole_at", "asks"),
        [(None, False), (NOON - 8 * DAY + SECOND, False), (NOON - 8 * DAY, True)],
        ids=["nothing is known", "never sooner", "after eight days"],
    )
    def test_asked_for_whole(self, whole_at: datetime | None, asks: bool) -> None:
        assert asks_whole(a_feed(whole_at=whole_at), SETTINGS, intake="", now=NOON) is asks

    @pytest.mark.parametrize(("read_under", "asks"), [(None, False), ("these", False), ("others", True)])
    def test_asked_for_whole_as_its_filters_changed(self, read_under: str | None, asks: bool) -> None:
        feed = a_feed(read_under=read_under)

        assert asks_whole(feed, SETTINGS, intake="these", now=NOON) is asks


class TestHubs:
    PUSH = Push("hub.example.org", NOON + 10 * DAY)
    RULE = "pushed by hub.example.org, lease until 2026-12-04 12:00: every 2 h"

    @pytest.mark.parametrize(
        ("given", "wait", "rule"),
        [
            ({"terms": terms(push=PUSH)}, 2 * HOUR, RULE),
            ({"terms": terms(push=PUSH, max=HOUR)}, HOUR, RULE.replace("2 h", "1 h")),
            (
                {"terms": terms(push=Push("hub.example.org", NOON + HOUR))},
                HOUR,
                "pushed by hub.example.org, lease until 2026-11-24 13:00: every 1 h",
            ),
            (
                {"terms": terms(push=Push("hub.example.org", NOON + 10 * MINUTE))},
                30 * MINUTE,
                "every 30 min",
            ),
            ({"terms": terms(push=PUSH, every=5 * MINUTE)}, 5 * MINUTE, "every 5 min"),
            ({"terms": terms(push=PUSH), "max_age": 5 * HOUR}, 20 * HOUR, RULE.replace("2 h", "20 h")),
            ({"terms": terms(push=PUSH), "max_age": DAY}, DAY, "Cache-Control or Expires: 1 d"),
        ],
        ids=[
            "four times as seldom",
            "poll.max holds",
            "no longer than the lease",
            "a lease that is nearly over stretches nothing",
            "a feed's own every is the user's word",
            "of the longest wish",
            "which it never shortens",
        ],
    )
    def test_a_feed_that_is_pushed_is_polled_more_seldom(
        self, given: dict[str, Any], wait: timedelta, rule: str
    ) -> None:
        feed = polled(**OK, **given)

        assert (feed.next_poll_at, feed.next_poll_rule) == (NOON + wait, rule)

    def test_not_after_a_poll_that_found_what_no_hub_had_brought(self) -> None:
        found: dict[str, Any] = {**OK, "entries": 20, "new_entries": 2}

        assert polled(**found, terms=terms(push=self.PUSH)) == polled(**found, terms=terms())

    def test_a_push_leaves_the_next_poll_and_the_faults_where_they_are(self) -> None:
        before = a_feed(
            next_poll_at=NOON + HOUR, next_poll_rule="x", failures=3, state=FeedState.FAILING, last_error="e"
        )
        brought = Brought(answer=Answer(url=before.url), hints=Hints(), entries=1, new_entries=1)

        after = after_push(before, brought, terms(), now=NOON)

        assert after.last_ok_at == NOON
        assert (after.next_poll_at, after.next_poll_rule) == (before.next_poll_at, "x")
        assert (after.failures, after.state, after.last_error) == (3, FeedState.FAILING, "e")
        assert after.last_polled_at is None
