"""Time spans as people say them."""

from datetime import timedelta

import pytest

from aggregator.core.schedule import in_words


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (0.5, "0.5 s"),
        (90, "90 s"),
        (120, "2 min"),
        (3_600, "1 h"),
        (5_400, "90 min"),
        (5_423, "90.4 min"),
        (7_200, "2 h"),
        (9_800, "2.7 h"),
        (86_400, "1 d"),
        (216_000, "2.5 d"),
        (34_560_000, "400 d"),
    ],
)
def test_waits_are_said_in_the_largest_unit_that_tells_them_well(seconds: float, text: str) -> None:
    assert in_words(timedelta(seconds=seconds)) == text
