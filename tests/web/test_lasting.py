"""A value that is found again only when it is old."""

from datetime import datetime, timedelta

import pytest

from aggregator.web.lasting import Lasting
from tests.builders import NOON

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("later", "found"),
    [(MINUTE / 2, NOON), (MINUTE, NOON + MINUTE), (-MINUTE, NOON - MINUTE)],
    ids=["while it lasts it stays", "then it is found anew", "also when the clock was set back"],
)
def test_a_value_lasts(later: timedelta, found: datetime) -> None:
    lasting = Lasting(lambda now: now, MINUTE)
    lasting.at(NOON)

    assert lasting.at(NOON + later) == found


def test_after_an_error_it_is_asked_for_again() -> None:
    answers = iter([0, 1])
    lasting = Lasting(lambda _: 1 // next(answers), MINUTE)

    with pytest.raises(ZeroDivisionError):
        lasting.at(NOON)

    assert lasting.at(NOON) == 1
