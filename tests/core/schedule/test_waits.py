"""Retry-After: kept for the feed, for a 429 for its host, and even when a person says "poll now"."""

from datetime import timedelta
from typing import Any

import pytest

from aggregator.core.schedule import Brought, closed_to_pages, holds, page_wait, skipped, wait_of, waits_after
from aggregator.core.settings import PollSettings
from aggregator.model import Answer, FeedState, Hints, Wait
from tests.builders import FEED_URL, NOON, a_feed
from tests.core.schedule.clock import DAY, HOUR, MINUTE, SETTINGS

HOST = "news.example.org:443"


def asked(**answer: Any) -> list[tuple[str, timedelta, str]]:
    """Whom the waits after this answer keep away, for how long and why."""
    brought = Brought(
        answer=Answer(**{"url": FEED_URL, **answer}), error=answer.get("error", "x"), hints=Hints()
    )
    found = waits_after(a_feed(), brought, SETTINGS, now=NOON)
    return [(wait.whom, wait.until - NOON, wait.rule) for wait in found]


@pytest.mark.parametrize(
    ("answer", "waits"),
    [
        ({"status": 503, "retry_after": 2 * HOUR}, [(FEED_URL, 2 * HOUR, "Retry-After: 2 h")]),
        (
            {"status": 429, "retry_after": 2 * HOUR},
            [
                (FEED_URL, 2 * HOUR, "Retry-After: 2 h"),
                (HOST, 2 * HOUR, "Retry-After of news.example.org: 2 h"),
            ],
        ),
        (
            {"status": 429, "retry_after": HOUR, "url": "http://elsewhere.example:8080/rss"},
            [
                (FEED_URL, HOUR, "Retry-After: 1 h"),
                ("elsewhere.example:8080", HOUR, "Retry-After of elsewhere.example:8080: 1 h"),
            ],
        ),
        (
            {"status": 503, "retry_after": 30 * DAY},
            [(FEED_URL, 7 * DAY, "Retry-After: 7 d, though 30 d was asked for")],
        ),
        ({"status": 429}, []),
        ({"status": 200, "retry_after": HOUR, "error": None}, []),
    ],
    ids=[
        "503 is the feed's",
        "429 is the host's too",
        "that of the host that said it, after redirects",
        "held to retry_after_max",
        "nothing usable was asked for",
        "a good answer asks for nothing",
    ],
)
def test_what_a_server_asked_for(answer: dict[str, Any], waits: list[tuple[str, timedelta, str]]) -> None:
    assert asked(**answer) == waits


@pytest.mark.parametrize(
    ("answer", "wait", "closed"),
    [
        (
            {"status": 429, "retry_after": 2 * HOUR},
            Wait(HOST, NOON + 2 * HOUR, "Retry-After of news.example.org: 2 h"),
            {HOST},
        ),
        (
            {"status": 503, "retry_after": 30 * DAY},
            Wait(
                f"pages of {HOST}",
                NOON + 7 * DAY,
                "Retry-After of pages of news.example.org: 7 d, though 30 d was asked for",
            ),
            {HOST},
        ),
        ({"status": 429}, None, set()),
    ],
    ids=["too many requests are the host's", "another refusal is its pages'", "nothing was asked for"],
)
def test_what_the_host_of_an_articles_page_asked_for(
    answer: dict[str, Any], wait: Wait | None, closed: set[str]
) -> None:
    found = page_wait(Answer(url="https://news.example.org/2026/1", **answer), SETTINGS, now=NOON)

    assert found == wait
    assert closed_to_pages([found] if found else [], SETTINGS, now=NOON) == closed


def test_what_holds_up_pages_holds_up_no_feed() -> None:
    wait = Wait(f"pages of {HOST}", NOON + HOUR, "")

    assert wait_of(a_feed(), [wait], SETTINGS, now=NOON) is None


def test_a_wait_of_a_wrong_clock_closes_no_host() -> None:
    assert closed_to_pages([Wait(HOST, NOON + 8 * DAY, "")], SETTINGS, now=NOON) == set()


@pytest.mark.parametrize(
    ("feed", "wait", "kept"),
    [
        ({}, Wait(FEED_URL, NOON + HOUR, ""), True),
        ({}, Wait(HOST, NOON + HOUR, ""), True),
        (
            {"validators_url": "http://elsewhere.example/rss"},
            Wait("elsewhere.example:80", NOON + HOUR, ""),
            True,
        ),
        ({}, Wait("elsewhere.example:80", NOON + HOUR, ""), False),
        ({}, Wait("news.example.org:8443", NOON + HOUR, ""), False),
        ({}, Wait(HOST, NOON, ""), False),
        ({}, Wait(HOST, NOON + 7 * DAY, ""), True),
        ({}, Wait(HOST, NOON + 8 * DAY, ""), False),
    ],
    ids=[
        "its own",
        "its host's",
        "that of the host it leads to",
        "another host's",
        "another port's",
        "one that is over",
        "the longest there can be",
        "a longer one: the clock was wrong",
    ],
)
def test_who_keeps_a_wait(feed: dict[str, Any], wait: Wait, kept: bool) -> None:
    assert (wait_of(a_feed(**feed), [wait], SETTINGS, now=NOON) == wait) is kept


def test_of_several_waits_the_longest_counts() -> None:
    short, long = Wait(FEED_URL, NOON + MINUTE, ""), Wait(HOST, NOON + HOUR, "")

    assert wait_of(a_feed(), [long, short], SETTINGS, now=NOON) == long


def test_a_feed_that_is_skipped_comes_after_the_wait_and_not_with_all_others() -> None:
    feed = skipped(a_feed(), Wait(HOST, NOON + HOUR, "why"), PollSettings(spread=MINUTE), chance=0.5)

    assert (feed.next_poll_at, feed.next_poll_rule) == (NOON + HOUR + MINUTE / 2, "why")


@pytest.mark.parametrize(
    ("changes", "waits", "why"),
    [
        ({"state": FeedState.PAUSED, "next_poll_rule": "paused in the config"}, [], "paused in the config"),
        ({"state": FeedState.PAUSED}, [], "paused"),
        ({"state": FeedState.GONE}, [], "gone: its server says that it will not come back (410)"),
        (
            {"state": FeedState.FAILING, "refused_access": "c0de"},
            [],
            "needs authorization (401): not polled until its config changes",
        ),
        ({}, [Wait(HOST, NOON + HOUR, "Retry-After of x: 1 h")], "Retry-After of x: 1 h"),
        ({}, [Wait(HOST, NOON - HOUR, "Retry-After of x: 1 h")], None),
        ({"next_poll_at": NOON + HOUR, "next_poll_rule": "every 30 min"}, [], None),
        ({"state": FeedState.FAILING}, [], None),
    ],
)
def test_some_feeds_are_left_alone_even_when_asked_for(
    changes: dict[str, Any], waits: list[Wait], why: str | None
) -> None:
    assert holds(a_feed(**changes), waits, SETTINGS, now=NOON) == why
