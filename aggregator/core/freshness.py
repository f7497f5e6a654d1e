"""Is the data fresh? Pure: health is about news that still comes in, not about a process that runs.

To add a cause: a line in `health` and a row in tests/core/test_freshness.py.
"""

from datetime import datetime, timedelta

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
    feeds: int,
) -> Health:
    """What is wrong, in plain sentences.

    No good poll for max(3 × `every`, 1 h) is bad; before the first one we are given that long. A config
    without feeds has no news to be stale.
    """
    problems = []
    patience = max(3 * every, QUIET_AT_LEAST)
    if feeds and now - max(last_ok_at or started_at, started_at) > patience:
        problems.append(f"no feed has answered well for {patience}; is the network down?")
    if write_problem:
        problems.append(f"the last write failed: {write_problem}")
    if now - (last_tick_at or started_at) > TICK_LATE:
        problems.append("the dispatcher has not ticked for a minute; restart the daemon")
    return Health(problems=tuple(problems), last_ok_at=last_ok_at, last_tick_at=last_tick_at)
