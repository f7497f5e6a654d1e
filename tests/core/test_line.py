"""Is it us? Only when no host at all can be reached any more."""

from datetime import timedelta
from typing import Any

import pytest

from aggregator.core.line import Line
from aggregator.model import Answer
from tests.builders import NOON, a_feed

MINUTE = timedelta(minutes=1)
LOST = Answer(url="x", error="no such host", unreached=True)
ANSWERED = Answer(url="x", status=500, error="HTTP 500")
REFUSED = Answer(url="x", error="refused: address 10.0.0.1 is private")
FOUR = ("a", "b", "c", "d")


def line_after(
    *events: tuple[str, Answer], config: tuple[str, ...] = FOUR, apart: timedelta = MINUTE, **feeds: Any
) -> Line:
    """The line after these answers, one after the other, each from a host."""
    line = Line()
    for number, (host, answer) in enumerate(events):
        well = {"id": ord(host), "url": f"https://{host}.example/rss", "last_ok_at": NOON - MINUTE}
        feed = a_feed(**well | feeds)
        now = NOON + apart * number
        line = line.heard(feed, answer, hosts=config, within=30 * MINUTE, now=now)
    return line


@pytest.mark.parametrize(
    ("events", "config", "down"),
    [
        ([("a", LOST), ("b", LOST), ("c", LOST)], FOUR, True),
        ([("a", LOST), ("b", LOST)], FOUR, False),
        ([("a", LOST), ("a", LOST), ("a", LOST)], FOUR, False),
        ([("a", LOST), ("b", LOST), ("d", ANSWERED), ("c", LOST)], FOUR, False),
        ([("a", LOST), ("b", LOST), ("d", REFUSED), ("c", LOST)], FOUR, True),
        ([("a", LOST), ("b", LOST)], ("a", "b", "c"), True),
        ([("a", LOST)], ("a",), False),
        ([("a", LOST), ("b", LOST), ("c", LOST), ("d", LOST)], FOUR, True),
        ([("a", LOST), ("b", LOST), ("c", LOST), ("a", ANSWERED)], FOUR, False),
    ],
    ids=[
        "three hosts and no answer between",
        "two may be a coincidence",
        "one host is that host's trouble",
        "any answer, be it an error, proves the line",
        "an answer of our own making proves nothing",
        "where there are three hosts or fewer, two are enough",
        "one host cannot tell",
        "it stays down",
        "and is up with the first answer",
    ],
)
def test_the_line(events: list[tuple[str, Answer]], config: tuple[str, ...], down: bool) -> None:
    assert (line_after(*events, config=config).down_since is not None) is down


def test_it_is_down_since_the_first_that_failed() -> None:
    line = line_after(("a", ANSWERED), ("a", LOST), ("b", LOST), ("c", LOST))

    assert line.down_since == NOON + MINUTE
    assert [one.feed.url[8] for one in line.suspects] == ["a", "b", "c"]


def test_hosts_that_fail_hours_apart_do_not_fail_at_once() -> None:
    line = line_after(("a", LOST), ("b", LOST), ("c", LOST), apart=20 * MINUTE)

    assert (line.down_since, len(line.suspects)) == (None, 2)


def test_hosts_that_were_dead_before_say_nothing_of_us() -> None:
    line = line_after(("a", LOST), ("b", LOST), ("c", LOST), failures=2)

    assert (line.down_since, line.unreached) == (None, 0)


def test_a_start_without_a_network_is_told() -> None:
    line = line_after(("a", LOST), ("b", LOST), ("c", LOST), last_ok_at=None)

    assert line.down_since == NOON


def test_addresses_that_never_answered_say_nothing_of_a_line_that_works() -> None:
    line = line_after(("d", ANSWERED), ("a", LOST), ("b", LOST), ("c", LOST), last_ok_at=None)

    assert line.down_since is None


def test_a_feed_is_remembered_as_it_stood_before_its_first_failure() -> None:
    first = line_after(("a", LOST))

    feed = a_feed(id=ord("a"), url="https://a.example/rss", failures=1)
    line = first.heard(feed, LOST, hosts=FOUR, within=30 * MINUTE, now=NOON + MINUTE)

    assert [one.feed.failures for one in line.suspects] == [0]
