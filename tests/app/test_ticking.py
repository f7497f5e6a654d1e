"""Duties come again and again, whatever the wall clock says."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from aggregator.app.ticking import heed_clock, scheduler_of
from tests.app.alive import PATIENCE

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Duty:
    """Tells that it was done."""

    def __init__(self) -> None:
        self.done = asyncio.Event()

    async def do(self) -> None:
        self.done.set()


@asynccontextmanager
async def ticking(duty: Duty, every: timedelta) -> AsyncIterator[AsyncIOScheduler]:
    ended = asyncio.Event()
    scheduler = scheduler_of([(duty.do, every)])
    scheduler.start()
    heeding = asyncio.ensure_future(heed_clock(scheduler, ended))
    try:
        async with asyncio.timeout(PATIENCE):
            yield scheduler
    finally:
        ended.set()
        await heeding
        scheduler.shutdown(wait=False)


async def test_the_first_comes_soon_however_seldom_it_is() -> None:
    duty = Duty()
    async with ticking(duty, DAY):
        await duty.done.wait()


async def test_a_clock_that_was_set_back_puts_off_nothing() -> None:
    duty = Duty()
    async with ticking(duty, HOUR) as scheduler:
        (job,) = scheduler.get_jobs()

        # As a plan of before looks by a clock that was set back by a day.
        job.modify(next_run_time=datetime.now(UTC) + DAY)

        await duty.done.wait()


async def test_what_is_planned_within_its_pause_stays_as_it_is() -> None:
    scheduler = scheduler_of([(Duty().do, HOUR)])
    scheduler.start(paused=True)
    (job,) = scheduler.get_jobs()
    job.modify(next_run_time=(planned := datetime.now(UTC) + HOUR))

    heeding = asyncio.ensure_future(heed_clock(scheduler, ended := asyncio.Event()))
    await asyncio.sleep(0)  # it looks once
    ended.set()
    await heeding

    assert job.next_run_time == planned
    scheduler.shutdown(wait=False)


async def test_a_tick_that_comes_late_comes_all_the_same() -> None:
    scheduler = scheduler_of([(Duty().do, HOUR)])
    scheduler.start(paused=True)
    jobs = scheduler.get_jobs()
    scheduler.shutdown(wait=False)

    # APScheduler drops a job that is a second late unless it is told otherwise.
    assert {(job.misfire_grace_time, job.coalesce, job.max_instances) for job in jobs} == {(None, True, 1)}
