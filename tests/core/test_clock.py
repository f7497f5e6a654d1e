"""Our clock, judged by what servers say of the time."""

from datetime import timedelta

import pytest

from aggregator.core.clock import REMEMBERED, SLACK, Clock

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("heard", "behind"),
    [
        ([], None),
        ([("a", HOUR)], None),
        ([("a", HOUR), ("b", 2 * HOUR)], HOUR),
        ([("a", -3 * HOUR), ("b", -HOUR)], -HOUR),
        ([("a", HOUR), ("b", timedelta(seconds=5))], None),
        ([("a", HOUR), ("b", -HOUR)], None),
        ([("a", HOUR), ("a", 2 * HOUR)], None),
        ([("a", HOUR), ("b", HOUR), ("b", timedelta(0))], None),
        ([("a", SLACK), ("b", SLACK)], SLACK),
    ],
    ids=[
        "nobody was heard",
        "one server may be wrong itself",
        "two that agree: by the smaller difference",
        "we may be ahead",
        "one that agrees with us is enough",
        "two that contradict each other say nothing",
        "a server counts once",
        "by what it said last",
        "ten minutes are too much",
    ],
)
def test_the_clock_is_wrong_when_all_servers_say_so(
    heard: list[tuple[str, timedelta]], behind: timedelta | None
) -> None:
    clock = Clock()
    for host, ahead in heard:
        clock = clock.heard(host, ahead)

    assert clock.behind == behind


def test_what_was_heard_long_ago_is_forgotten() -> None:
    clock = Clock().heard("right", timedelta(0))
    for number in range(REMEMBERED):
        clock = clock.heard(str(number), HOUR)

    assert clock.behind == HOUR
    assert len(clock.ahead) == REMEMBERED
