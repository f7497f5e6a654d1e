"""What is wrong with feeds, disk and clock: when it is told, and that its cure is told with it."""

from datetime import timedelta
from typing import Any

import pytest

from aggregator.core.findings import CLOCK_CURE, dead, low_disk, may_be_silent, name_of, silent, wrong_clock
from aggregator.model import FeedState, ProblemKind
from tests.builders import NOON, a_feed

DAY = timedelta(days=1)
FAILING = {"state": FeedState.FAILING, "last_error": "HTTP 404 Not Found", "last_polled_at": NOON}


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({}, None),
        (FAILING | {"failures": 2}, None),
        (FAILING | {"failures": 3}, "Example News has brought nothing so far"),
        (FAILING | {"failures": 9, "last_ok_at": NOON - 0.9 * DAY}, None),
        (
            FAILING | {"failures": 3, "last_ok_at": NOON - DAY},
            "Example News has brought nothing since 23 Nov 2026",
        ),
        (FAILING | {"failures": 3, "last_ok_at": NOON - DAY, "state": FeedState.PAUSED}, None),
        (
            FAILING | {"failures": 1, "last_ok_at": NOON, "refused_access": "ab"},
            "Example News has brought nothing since 24 Nov 2026",
        ),
        ({"state": FeedState.GONE, "last_error": "HTTP 410 Gone"}, "Example News is gone for good"),
    ],
    ids=[
        "a feed that is well is not dead",
        "two failures are none of our business",
        "three of a feed that never answered are",
        "within a day a server comes back",
        "after a day it is told",
        "a paused feed is nobody's worry",
        "who wants a log-in waits for a person",
        "gone is gone at once",
    ],
)
def test_a_dead_feed(changes: dict[str, Any], title: str | None) -> None:
    found = dead(a_feed(**changes))

    assert (found and found.title) == title
    assert found is None or (found.kind, found.subject) == (ProblemKind.DEAD_FEED, "1")


def test_a_dead_feed_is_told_with_its_error_and_the_cure() -> None:
    found = dead(a_feed(**FAILING, failures=3))

    assert found is not None
    assert found.cure.startswith("HTTP 404 Not Found. Look on its site")


def test_a_feed_without_a_title_is_called_by_its_address_without_secrets() -> None:
    assert name_of(a_feed(title=" ", url="https://a.example/f?token=abc")) == "https://a.example/f?token=…"
    assert name_of(a_feed(title="A\nB")) == "A B"


@pytest.mark.parametrize(
    ("changes", "worth_a_look"),
    [
        ({}, False),
        ({"last_ok_at": NOON, "news_at": NOON - 8 * DAY}, True),
        ({"last_ok_at": NOON, "news_at": NOON - 6 * DAY}, False),
        ({"last_ok_at": NOON, "news_at": NOON - 8 * DAY, "state": FeedState.FAILING}, False),
        ({"last_ok_at": NOON}, False),
    ],
    ids=[
        "never asked",
        "a long silence",
        "a short one",
        "one that fails is not silent but ill",
        "never had news",
    ],
)
def test_a_silence_is_looked_at_when_it_is_long(changes: dict[str, Any], worth_a_look: bool) -> None:
    assert may_be_silent(a_feed(**changes), 7 * DAY) is worth_a_look


def test_a_silent_feed_says_how_long() -> None:
    found = silent(a_feed(), 21 * DAY)

    assert found.title == "Example News has had nothing new for 21 d, longer than ever before"
    assert "`was`" in found.cure


@pytest.mark.parametrize(
    ("free", "total", "told"),
    [
        (100_000_000, 10_000_000_000, True),
        (300_000_000, 100_000_000_000, False),
        (6_000_000, 8_000_000, False),
        (0, 8_000_000, True),
    ],
    ids=["little of much", "enough to go on", "a small disk may be small", "nothing"],
)
def test_a_disk_that_fills(free: int, total: int, told: bool) -> None:
    assert (low_disk(free, total) is not None) is told


@pytest.mark.parametrize(
    ("behind", "last_polled", "says"),
    [
        (None, None, None),
        (None, NOON - DAY, None),
        (None, NOON + timedelta(minutes=9), None),
        (None, NOON + DAY, "the last poll was at 25 Nov 2026 12:00 UTC"),
        (2 * DAY, None, "is 2 d behind: it says 24 Nov 2026 12:00 UTC"),
        (-400 * DAY, None, "is 400 d ahead"),
    ],
    ids=[
        "a new store",
        "as it should be",
        "a clock that was corrected",
        "before the last poll",
        "late",
        "early",
    ],
)
def test_a_wrong_clock(behind: timedelta | None, last_polled: Any, says: str | None) -> None:
    found = wrong_clock(NOON, behind, last_polled)

    assert (found is None) is (says is None)
    assert found is None or (says or "") in found.title
    assert found is None or found.cure == CLOCK_CURE
