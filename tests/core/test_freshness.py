"""Health is about fresh data: every cause, and the patience before the first poll."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from aggregator.core.freshness import health
from aggregator.model import Health
from tests.builders import NOON

HOUR = timedelta(hours=1)


def health_at(now: datetime, **changes: Any) -> Health:
    facts: dict[str, Any] = {
        "started_at": NOON,
        "every": timedelta(minutes=30),
        "last_ok_at": None,
        "last_tick_at": now,
        "write_problem": None,
        "line_is_down": False,
        "on_schedule": False,
    }
    return health(now=now, **{**facts, **changes})


@pytest.mark.parametrize(
    ("after", "facts", "problem"),
    [
        (timedelta(0), {}, None),
        (1.4 * HOUR, {}, None),
        (1.6 * HOUR, {}, "no feed has answered well"),
        (1.6 * HOUR, {"on_schedule": True}, None),
        (1.6 * HOUR, {"on_schedule": True, "line_is_down": True}, "our own line is down"),
        (1.6 * HOUR, {"last_ok_at": NOON + HOUR}, None),
        (0.9 * HOUR, {"every": timedelta(seconds=10)}, None),
        (1.1 * HOUR, {"every": timedelta(seconds=10)}, "no feed has answered well"),
        (timedelta(0), {"last_ok_at": NOON - 90 * HOUR}, None),
        (1.6 * HOUR, {"last_ok_at": NOON + 90 * HOUR}, "no feed has answered well"),
        (timedelta(0), {"write_problem": "disk full"}, "the last write failed: disk full"),
        (timedelta(seconds=61), {"last_tick_at": NOON}, "the dispatcher has not ticked"),
        (timedelta(seconds=61), {"last_tick_at": None}, "the dispatcher has not ticked"),
    ],
    ids=[
        "a start is well",
        "before the first poll three rhythms are granted",
        "after them silence is bad",
        "unless silence is the plan",
        "which it is not while our own line is down",
        "a good poll starts the patience anew",
        "a quick rhythm still has an hour",
        "and no more than that",
        "what was before the start does not count against it",
        "nor does one in the future, which a wrong clock left, count for it",
        "a failed write is bad at once",
        "a dispatcher that stands still is bad",
        "also one that never ticked",
    ],
)
def test_health(after: timedelta, facts: dict[str, Any], problem: str | None) -> None:
    found = health_at(NOON + after, **facts)

    assert found.ok is (problem is None)
    assert found.stale is ("no feed has answered well" in " ".join(found.problems))
    assert (problem or "") in " ".join(found.problems)
