"""Is the data fresh? Pure: health is about news that still comes in, not about a process that runs.

To add a cause: a line in `health` and a row in tests/core/test_freshness.py.
"""

from datetime import datetime, timedelta

from aggregator.core.schedule.spans import in_words
from aggregator.model import Health

QUIET_AT_LEAST = timedelta(hours=1)
TICK_LATE = timedelta(seconds=60)


def health(
    *,
    now: datetime,
    started_at: datetime,
    every: timedelta,
    last_ok_at: datetime | None,
    last_tick_at: datetime | None,
    write_problem: str | None,
    line_is_down: bool,
    on_schedule: bool,
) -> Health:
    """What is wrong, in plain sentences.

    No good poll for max(3 × `every`, 1 h) is bad; before the first one we are given that long. All may be
    quiet for longer where that is the plan: `on_schedule` says that a feed was well when it was last asked
    and is not due yet, or that there is none to ask.
    """
    problems = []
    patience = max(3 * every, QUIET_AT_LEAST)
    # A clock that was wrong may have left a last success in the future.
    heard_at = last_ok_at if last_ok_at and started_at < last_ok_at <= now else started_at
    stale = (line_is_down or not on_schedule) and now - heard_at > patience
    if stale:
        cause = "our own line is down" if line_is_down else "is the network down?"
        problems.append(f"no feed has answered well for {in_words(patience)}; {cause}")
    if write_problem:
        problems.append(f"the last write failed: {write_problem}")
    if now - (last_tick_at or started_at) > TICK_LATE:
        problems.append("the dispatcher has not ticked for a minute; restart the daemon")
    return Health(problems=tuple(problems), last_ok_at=last_ok_at, last_tick_at=last_tick_at, stale=stale)
