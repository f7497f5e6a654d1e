"""Permanent redirects: believed when seen often enough over long enough, and never a maintenance page."""

from datetime import timedelta

import pytest

from aggregator.core.schedule import Terms
from aggregator.model import Feed, FeedState
from tests.builders import FEED_URL, NOON, a_feed
from tests.core.schedule.clock import DAY, MINUTE, OK, SETTINGS, polled

NEW = "https://new.example.org/rss"


def sighted(*hours: float, moved_to: str | None = NEW, terms: Terms | None = None) -> Feed:
    """A feed after good polls at these hours, each by this permanent redirect."""
    feed = a_feed()
    for hour in hours:
        feed = polled(feed, **OK, moved_to=moved_to, now=NOON + timedelta(hours=hour), terms=terms)
    return feed


def test_a_move_seen_often_enough_over_a_day_is_kept_with_the_old_address_and_the_date() -> None:
    feed = sighted(0, 12, 24)

    assert (feed.url, feed.moved_to, feed.moved_seen) == (NEW, None, 0)
    assert (feed.moved_from, feed.moved_at) == (FEED_URL, NOON + DAY)


@pytest.mark.parametrize("hours", [(0, 24), (0, 1, 2, 3)], ids=["too seldom", "too briefly"])
def test_a_move_seen_too_seldom_or_too_briefly_is_not(hours: tuple[float, ...]) -> None:
    feed = sighted(*hours)

    assert (feed.url, feed.moved_seen, feed.moved_since) == (FEED_URL, len(hours), NOON)


def test_another_target_begins_anew() -> None:
    feed = polled(sighted(0, 12), **OK, moved_to="https://other.example.org/", now=NOON + DAY)

    assert (feed.moved_to, feed.moved_since, feed.moved_seen) == (
        "https://other.example.org/",
        NOON + DAY,
        1,
    )


@pytest.mark.parametrize("target", [None, FEED_URL], ids=["no redirect", "round to itself"])
def test_an_answer_without_a_redirect_forgets_it(target: str | None) -> None:
    feed = polled(sighted(0, 12), **OK, moved_to=target)

    assert (feed.moved_to, feed.moved_since, feed.moved_seen) == (None, None, 0)


def test_a_target_that_is_no_feed_is_no_sighting() -> None:
    feed = polled(sighted(0, 12), **OK, parse_error="this is an HTML page", moved_to=NEW, now=NOON + DAY)

    assert (feed.url, feed.moved_seen) == (FEED_URL, 2)


@pytest.mark.parametrize(
    ("old", "new", "at_once"),
    [
        ("http://a.example/rss?x=1", "https://a.example/rss?x=1", True),
        ("http://a.example", "https://a.example/", True),
        ("http://a.example:80/rss", "https://A.example:443/rss", True),
        ("http://a.example/rss", "https://a.example/feed", False),
        ("http://a.example/rss", "https://a.example/rss?x=1", False),
        ("http://a.example/rss", "https://www.a.example/rss", False),
        ("http://a.example:8080/rss", "https://a.example:8443/rss", False),
        ("http://a.example/rss", "https://a.example:8443/rss", False),
        ("https://a.example/rss", "https://a.example/rss/", False),
    ],
    ids=[
        "the same place under https",
        "an empty path is the root",
        "ports that go with the scheme",
        "another path",
        "another query",
        "another host",
        "ports of their own",
        "another port",
        "https before",
    ],
)
def test_https_for_the_same_place_is_believed_at_once(old: str, new: str, at_once: bool) -> None:
    feed = polled(a_feed(url=old), **OK, moved_to=new)

    assert feed.url == (new if at_once else old)


@pytest.mark.parametrize("status", [404, 410])
def test_a_move_that_was_seen_is_believed_when_the_old_address_is_lost(status: int) -> None:
    feed = polled(sighted(0), status=status, error=f"HTTP {status}", now=NOON + DAY)

    assert (feed.url, feed.moved_from, feed.state) == (NEW, FEED_URL, FeedState.FAILING)
    assert feed.next_poll_at == NOON + DAY + 10 * MINUTE
    assert feed.next_poll_rule == f"its old address answers {status}: asked at its new one"


@pytest.mark.parametrize(
    ("status", "url"),
    [(500, FEED_URL), (404, NEW)],
    ids=["another failure", "it is the new place that has nothing"],
)
def test_no_other_failure_moves_it(status: int, url: str) -> None:
    feed = polled(sighted(0), status=status, error=f"HTTP {status}", url=url)

    assert (feed.url, feed.moved_to) == (FEED_URL, NEW)


def test_a_feed_does_not_move_to_where_another_one_is_polled() -> None:
    terms = Terms(settings=SETTINGS, taken={NEW}.__contains__)

    feed = sighted(0, 12, 24, 36, terms=terms)
    lost = polled(feed, status=404, error="HTTP 404", terms=terms)

    assert (feed.url, feed.moved_to, feed.moved_seen) == (FEED_URL, NEW, 4)
    assert lost.url == FEED_URL
