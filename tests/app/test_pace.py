"""The daemon's pace: starts, sleeps and reloads are no burst, and a dead line is said once."""

import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator import config
from aggregator.app import Daemon, Parts, open_parts
from aggregator.app.parts import utc_now
from aggregator.app.reload import ConfigWatch
from aggregator.app.ticking import ended
from aggregator.model import Feed, FeedState, Outcome, Poll
from tests.http import LOOPBACK, WebServer, reply
from tests.newsroom import an_item, an_rss

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Still:
    """A daemon whose duties run when a test calls them."""

    daemon: Daemon
    parts: Parts

    def feeds(self) -> list[Feed]:
        """The feeds as they stand."""
        return list(self.parts.reader.feeds())

    async def tick(self) -> None:
        """One tick, and all that came of it."""
        await self.daemon.tick()
        while under_way := set(self.daemon._under_way):
            await ended(under_way, 10)

    async def change(self, **changes: object) -> None:
        """Every feed with these changes, as if polls had led to them."""
        for feed in self.feeds():
            poll = Poll(feed_id=feed.id, at=utc_now(), outcome=Outcome.NOT_MODIFIED)
            await self.parts.store.record(replace(feed, **changes), poll)  # type: ignore[arg-type]  # fields


@asynccontextmanager
async def still(folder: Path, *feeds: str, poll: str = "spread: 5m") -> AsyncIterator[Still]:
    """The wired program on these feeds, with nothing under way."""
    path = folder / "aggregator.yaml"
    listed = "".join(f"  - {feed}\n" for feed in feeds)
    settings = f"{{host_gap: 0s, jitter: 0, allow_private: {list(LOOPBACK)}, {poll}}}"
    path.write_text(f"poll: {settings}\nfeeds:\n{listed}")
    loaded = config.load(path, {})
    async with open_parts(loaded, folder / "data") as parts:
        watch = ConfigWatch(lambda: config.load(path, {}), loaded.watched)
        yield Still(Daemon(parts, watch, announce=print), parts)


def ten(web: WebServer) -> list[str]:
    """Ten feeds on one server."""
    return [web.on(f"/{number}", reply(200, an_rss(an_item(number)))) for number in range(10)]


async def test_a_start_is_no_burst_and_neither_is_another_one(tmp_path: Path, web: WebServer) -> None:
    urls = ten(web)

    for _ in range(3):
        async with still(tmp_path, *urls) as alive:
            await alive.daemon.settle()
            await alive.tick()

    assert len(web.asked) == 1


async def test_a_restart_polls_nothing_early(tmp_path: Path, web: WebServer) -> None:
    urls = ten(web)[:2]
    async with still(tmp_path, *urls) as alive:
        await alive.tick()

    async with still(tmp_path, *urls) as again:
        await again.daemon.settle()
        await again.tick()

    assert len(web.asked) == 2


async def test_a_wake_up_after_a_week_is_no_burst(tmp_path: Path, web: WebServer) -> None:
    async with still(tmp_path, *ten(web)) as alive:
        await alive.change(next_poll_at=utc_now() - 6 * DAY, next_poll_rule="every 30 min")
        alive.daemon._last_tick = utc_now() - 7 * DAY

        await alive.tick()
        await alive.tick()

        rules = {feed.next_poll_rule for feed in alive.feeds()[1:]}

    assert len(web.asked) == 1
    assert rules == {"overdue: spread over 5 min"}


async def test_a_clock_that_went_back_a_year_makes_no_feed_wait_a_year(
    tmp_path: Path, web: WebServer
) -> None:
    async with still(tmp_path, *ten(web)[:1]) as alive:
        then = utc_now() + 365 * DAY
        await alive.change(last_polled_at=then, next_poll_at=then + HOUR, next_poll_rule="every 1 h")
        alive.daemon._last_tick = then

        await alive.tick()

        (feed,) = alive.feeds()

    assert feed.next_poll_at
    assert timedelta(0) < feed.next_poll_at - utc_now() <= HOUR


async def test_a_feed_that_wanted_a_log_in_is_asked_again_after_a_reload_that_changes_it(
    tmp_path: Path, web: WebServer
) -> None:
    url = web.on("/rss", reply(401), reply(200, an_rss(an_item(1))))
    async with still(tmp_path, url, poll="min: 0s") as alive:
        await alive.tick()
        path = tmp_path / "aggregator.yaml"
        path.write_text(path.read_text() + "tags: {gas: [gas]}\n")
        await alive.daemon.reload()
        await alive.tick()
        refused = alive.feeds()[0]

        path.write_text(path.read_text().replace(url, f"{{url: '{url}', headers: {{X-Key: new}}}}"))
        await alive.daemon.reload()
        await alive.tick()
        healed = alive.feeds()[0]

    assert (refused.next_poll_at, refused.refused_access is None) == (None, False)
    assert (healed.state, len(web.asked)) == (FeedState.ACTIVE, 2)


async def test_a_dead_line_is_a_problem_on_the_pages_and_one_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "aggregator")
    urls = [f"http://127.0.0.1:{port}/rss" for port in range(1, 7)]  # where nobody listens
    async with still(tmp_path, *urls, poll="spread: 0s") as alive:
        alive.daemon.started_at = utc_now() - 2 * DAY

        await alive.tick()

        problems, health = alive.daemon.problems(), alive.daemon.health()
        states = {(feed.state, feed.failures) for feed in alive.feeds()}

    assert len(problems) == 1
    reason = r"\(127.0.0.1:\d refuses the connection\): our own line is down; no feed is blamed"
    assert re.search(reason, problems[0])
    assert "our own line is down" in health.problems[0]
    assert states == {(FeedState.ACTIVE, 0)}
    said = [record.getMessage() for record in caplog.records]
    assert sum("line down" in line for line in said) == 1
    assert sum("outcome=failed" in line for line in said) <= 2


async def test_a_poll_that_was_not_made_is_no_sign_of_health(tmp_path: Path, web: WebServer) -> None:
    urls = [web.on("/busy", reply(429, retry_after="7200")), web.on("/other", reply(200, b""))]
    async with still(tmp_path, *urls, poll="spread: 0s") as alive:
        await alive.tick()

        assert alive.daemon._last_ok is None
        assert [asked.path for asked in web.asked] == ["/busy"]
