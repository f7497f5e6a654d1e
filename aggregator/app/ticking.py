"""The daemon's duties, each again and again: APScheduler's part, whatever the wall clock does.

APScheduler plans by the wall clock. One that is set forward makes a duty due, and it comes once; one that is
set back, as by the network after a start without a battery, would put every duty off by as much.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

Duty = tuple[Callable[[], Awaitable[None]], timedelta]
FIRST = timedelta(seconds=1)
LOOK = 1.0  # seconds, by asyncio's clock, which nobody sets (CLOCK_MONOTONIC)


def scheduler_of(duties: Iterable[Duty]) -> AsyncIOScheduler:
    """Each duty every so often and soon for the first time, never twice at once, and late rather than not."""
    defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
    for duty, every in duties:
        first = datetime.now(UTC) + min(every, FIRST)
        scheduler.add_job(duty, "interval", seconds=every.total_seconds(), next_run_time=first)
    return scheduler


async def heed_clock(scheduler: AsyncIOScheduler, stop: asyncio.Event) -> None:
    """Until the end, make due what is planned further away than its own pause: the clock was set back."""
    while not stop.is_set():
        now = datetime.now(UTC)
        for job in scheduler.get_jobs():
            if job.next_run_time and job.next_run_time - now > job.trigger.interval + FIRST:
                job.modify(next_run_time=now)
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK):
                await stop.wait()


async def ended(tasks: Collection[asyncio.Future[None]], seconds: float) -> None:
    """Let these end, and cancel what takes longer: transactions are whole or not at all."""
    if tasks:
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
