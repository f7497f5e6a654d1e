"""Measures: `age<2d`, `published>=2026-01-01`, `feeds>=3`, `words>200`, and `until:2026-12-31`, as tests.

Days are UTC. `=` is as exact as what was written: `age=2d` is "two days and not yet three". Errors are
ValueErrors with a sentence for the user; the caller knows the column.

To add a measure: its reading here, a row in `MEASURES`, rows in the cases of docs/filters.md.
"""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from aggregator.core.filters.clauses import Case, Verdict
from aggregator.core.filters.found import Found
from aggregator.core.filters.subject import Subject

Compare = Callable[[Any, Any], bool]

COMPARISONS: dict[str, Compare] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}
_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """A number or a time of the story, compared."""

    holds: Callable[[Case], Verdict]
    oldest: timedelta | None = None
    """how long ago a story was news at most, of which it holds; None where that does not matter"""
    since: datetime | None = None
    """before when no story was seen first, of which it holds; None where that does not matter"""

    def found(self, _case: Case) -> tuple[Found, ...]:
        """No words: it measures."""
        return ()


@dataclass(frozen=True, slots=True)
class Until:
    """True to the end of a day."""

    last: date

    def holds(self, case: Case) -> Verdict:
        """Whether the day is not over."""
        return _day(case.now) <= self.last

    def found(self, _case: Case) -> tuple[Found, ...]:
        """No words: it reads the calendar."""
        return ()


def until(said: str) -> Until:
    """The day that this text says; ValueError where it says none."""
    whole = re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", said)  # Python also reads 20261231 and 2026-W53
    try:
        return Until(date.fromisoformat(said if whole else ""))
    except ValueError as error:
        raise ValueError(f"{said!r} is not a day such as 2026-12-31") from error


def _age(compare: Compare, said: str) -> Measure:
    found = re.fullmatch(r"([0-9]{1,6})([smhdw])", said)
    if not found:
        raise ValueError(f"{said!r} is not a duration such as 90m, 12h, 2d or 1w")
    wanted, unit = int(found[1]), _UNITS[found[2]]
    if compare is operator.eq:
        return Measure(lambda case: (case.now - case.subject.news_at) // unit == wanted, (wanted + 1) * unit)
    oldest = wanted * unit if compare in (operator.lt, operator.le) else None
    return Measure(lambda case: compare(case.now - case.subject.news_at, wanted * unit), oldest)


def _published(compare: Compare, said: str) -> Measure:
    try:
        moment = datetime.fromisoformat(said)
    except ValueError as error:
        raise ValueError(f"{said!r} is not a date such as 2026-01-31") from error
    exact = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    since = None if compare in (operator.lt, operator.le) else exact  # none is published after it was seen
    if "T" in said:
        return Measure(lambda case: compare(case.subject.published_at, exact), since=since)
    day = moment.date()
    return Measure(lambda case: compare(_day(case.subject.published_at), day), since=since)


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def _count(read: Callable[[Subject], int]) -> Callable[[Compare, str], Measure]:
    def test(compare: Compare, said: str) -> Measure:
        if not re.fullmatch("[0-9]{1,9}", said):
            raise ValueError(f"{said!r} is not a whole number")
        wanted = int(said)
        return Measure(lambda case: compare(read(case.subject), wanted))

    return test


@dataclass(frozen=True, slots=True)
class Reading:
    """How what stands after a measure's sign is read; in words, what it measures and how that is written."""

    read: Callable[[Compare, str], Measure]
    says: str
    written: str
    timed: bool = False
    """whether its verdicts change as time goes by"""


MEASURES = {
    "age": Reading(_age, "the time since the story was news", "`90m` `12h` `2d` `1w`", timed=True),
    "published": Reading(
        _published,
        "the day its feed gives; without one, or with one in the future, the day it was first seen",
        "`2026-01-31`, or `2026-01-31T18:00Z`",
    ),
    "feeds": Reading(_count(lambda subject: subject.feed_count), "how many feeds tell it", "a number"),
    "words": Reading(_count(lambda subject: subject.word_count), "the length of its fuller text", "a number"),
}
