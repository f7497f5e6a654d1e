"""A feed that used to speak is called silent by its own rhythm, and by no one span."""

from datetime import datetime, timedelta
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.silence import AT_LEAST, patience, silence
from tests.builders import NOON

DAY = timedelta(days=1)
GAPS = st.lists(st.timedeltas(timedelta(minutes=1), timedelta(days=60)), min_size=5, max_size=40)


def arrivals(gaps: list[timedelta]) -> tuple[datetime, ...]:
    """Moments with these gaps between them, the last at noon."""
    return tuple(NOON - back for back in accumulate(reversed(gaps), initial=timedelta(0)))


@pytest.mark.parametrize(
    ("gaps", "allowed"),
    [
        ([], None),
        ([DAY] * 4, None),
        ([DAY] * 5, 8 * DAY),
        ([timedelta(hours=1)] * 20, AT_LEAST),
        ([30 * DAY] * 6, 240 * DAY),
        ([DAY] * 20 + [14 * DAY], 28 * DAY),
    ],
    ids=[
        "one arrival is no rhythm",
        "nor are five",
        "news each day: more than a week",
        "news each hour: a week, for holidays",
        "news each month: most of a year",
        "a summer's break once taken may be taken again",
    ],
)
def test_patience(gaps: list[timedelta], allowed: timedelta | None) -> None:
    assert patience(arrivals(gaps)) == allowed


@given(GAPS, st.timedeltas(timedelta(0), timedelta(days=4000)))
def test_no_feed_is_called_silent_for_a_silence_that_it_had_before(
    gaps: list[timedelta], lasted: timedelta
) -> None:
    found = silence(arrivals(gaps), NOON + lasted)

    assert found in (None, lasted)
    assert found is None or lasted > max(*gaps, AT_LEAST)


@given(
    GAPS, st.timedeltas(timedelta(0), timedelta(days=4000)), st.timedeltas(timedelta(0), timedelta(days=400))
)
def test_who_is_silent_stays_so_until_there_is_news(
    gaps: list[timedelta], lasted: timedelta, more: timedelta
) -> None:
    said = arrivals(gaps)

    assert silence(said, NOON + lasted) is None or silence(said, NOON + lasted + more) is not None
    assert silence((*said, NOON + lasted), NOON + lasted) is None


@given(st.timedeltas(timedelta(days=1), timedelta(days=60)), st.integers(5, 40))
def test_a_regular_feed_is_told_after_eight_of_its_gaps_and_not_before(gap: timedelta, many: int) -> None:
    said = arrivals([gap] * many)

    assert silence(said, NOON + 8 * gap) is None
    assert silence(said, NOON + 8 * gap + DAY) is not None


@given(GAPS, st.randoms())
def test_neither_order_nor_repeats_matter(gaps: list[timedelta], chance: object) -> None:
    said = list(arrivals(gaps))
    mixed = said + said[:3]
    chance.shuffle(mixed)  # type: ignore[attr-defined]

    assert patience(mixed) == patience(said)


def test_what_shows_no_rhythm_is_never_called_silent() -> None:
    assert silence(arrivals([DAY] * 4), NOON + 4000 * DAY) is None
