"""What is wrong is found, kept over restarts, told once and once again when it is mended."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator import config
from aggregator.app import Daemon, Parts, open_parts
from aggregator.app.oversight import Oversight
from aggregator.app.reload import ConfigWatch
from aggregator.core.problems import CALM, standing
from aggregator.errors import StoreError
from aggregator.model import FeedState, ProblemKind
from aggregator.poll.line import OwnLine
from tests.app.alive import Running, running, until, write
from tests.builders import NOON
from tests.http import WebServer, reply
from tests.mailbox import mailbox
from tests.newsroom import an_item, an_rss

DAY = timedelta(days=1)
NOBODY = "http://127.0.0.1:1/rss"  # where nobody listens


@dataclass
class Watch:
    """The oversight of a program with nothing under way, and a clock to be set."""

    daemon: Daemon
    parts: Parts
    at: datetime = field(default_factory=lambda: NOON)

    @property
    def oversight(self) -> Oversight:
        return self.daemon.oversight

    async def look(self, *, later: timedelta = timedelta(0), tell: bool = True) -> None:
        """Look, and send what there is to tell."""
        self.at += later
        await self.oversight.look()
        if tell:
            await self.oversight.tell()

    async def stands(self, **changes: Any) -> None:
        """The first feed stands so from now on."""
        feed = replace(self.parts.reader.feeds()[0], **changes)
        await self.parts.store.replan(lambda *_: [feed], now=self.at)

    def titles(self) -> list[str]:
        return [one.title for one in standing(self.oversight.problems)]


@asynccontextmanager
async def watching(folder: Path, *feeds: str, notify: str = "", at: datetime = NOON) -> AsyncIterator[Watch]:
    """The program on these feeds at noon."""
    path = folder / "aggregator.yaml"
    write(path, 8080, *feeds, more=f"notify: [{notify}]\n")
    loaded = config.load(path, {})
    async with open_parts(loaded, folder / "data") as parts:
        daemon = Daemon(parts, ConfigWatch(lambda: loaded, loaded.watched), announce=print)
        watch = Watch(daemon, parts, at)
        daemon.oversight.now = lambda: watch.at
        yield watch


GONE = {"state": FeedState.GONE, "last_error": "HTTP 410 Gone"}


async def is_gone(alive: Running) -> bool:
    """Whether the daemon knows that a feed is gone."""
    return any(feed.state is FeedState.GONE for feed in alive.daemon.site.feeds())


async def test_a_dead_feed_is_told_once_and_once_again_when_it_is_back(tmp_path: Path) -> None:
    async with mailbox() as box, watching(tmp_path, NOBODY, notify=box.address) as watch:
        await watch.look()
        await watch.stands(**GONE)
        for _ in range(3):
            await watch.look(later=CALM)
        told = box.titles()
        await watch.stands(state=FeedState.ACTIVE, last_error=None)
        for _ in range(3):
            await watch.look(later=CALM)

    assert told == ["aggregator: 1 new problem"]
    assert box.titles() == [*told, "aggregator: 1 mended problem"]
    assert "is gone for good" in box.notices[0]["message"]
    assert "HTTP 410 Gone" in box.notices[0]["message"]
    assert "Mended: " in box.notices[1]["message"]


async def test_a_restart_tells_nobody_twice(tmp_path: Path) -> None:
    async with mailbox() as box:
        for hours in range(3):
            at = NOON + timedelta(hours=hours)
            async with watching(tmp_path, NOBODY, notify=box.address, at=at) as watch:
                await watch.stands(**GONE)
                await watch.look()
                problems = [one.id for one in watch.oversight.problems]

    assert box.titles() == ["aggregator: 1 new problem"]
    assert len(problems) == 1


async def test_who_takes_no_notices_is_a_problem_until_one_is_taken(tmp_path: Path) -> None:
    async with mailbox(status=500) as box, watching(tmp_path, NOBODY, notify=box.address) as watch:
        await watch.stands(**GONE)
        await watch.look()
        await watch.look()
        ill = watch.titles()
        pages = watch.daemon.problems()
        box.status = 200
        await watch.look(later=CALM)
        await watch.look(later=CALM)

        assert any(title.startswith("notify[0] takes no notices") for title in ill)
        assert any("aggregator notify" in text for text in pages)
        assert len(watch.titles()) == 1
        assert box.titles() == ["aggregator: 1 new problem"]
        assert "hunter2secret" not in str((ill, pages))


async def test_while_nobody_takes_notices_they_are_tried_more_and_more_seldom(tmp_path: Path) -> None:
    address = "json://127.0.0.1:1/"
    async with watching(tmp_path, NOBODY, notify=address) as watch:
        await watch.stands(**GONE)
        tries: list[int] = []
        for minute in range(32):
            await watch.look(later=timedelta(minutes=1))
            failed = watch.oversight.metrics.text().decode()
            tries += [minute] * (f'failed"}} {len(tries) + 1}.0' in failed)

    assert tries == [0, 1, 3, 7, 15, 31]


async def test_a_notice_that_somebody_took_is_not_sent_again_to_who_did_not(tmp_path: Path) -> None:
    async with (
        mailbox() as well,
        mailbox(status=500) as ill,
        watching(tmp_path, NOBODY, notify=f"{ill.address}, {well.address}") as watch,
    ):
        await watch.stands(**GONE)
        await watch.look()
        ill.status = 200
        await watch.look(later=CALM)

    assert (len(well.notices), len(ill.notices)) == (1, 0)


async def test_a_feed_that_used_to_speak_is_told_when_it_fell_silent(
    tmp_path: Path, web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = web.on("/rss", *(reply(200, an_rss(*map(an_item, range(number)))) for number in range(1, 8)))
    async with watching(tmp_path, url) as watch:
        for day in range(7):
            monkeypatch.setattr(watch.parts.poller, "now", lambda day=day: NOON + day * DAY)
            await watch.parts.poll(watch.parts.reader.feeds()[0])
        await watch.look(later=6 * DAY)
        well = watch.titles()
        await watch.stands(last_ok_at=NOON + 15 * DAY)
        await watch.look(later=9 * DAY)
        await watch.look()

        assert well == []
        assert watch.titles() == ["Example News has had nothing new for 9 d, longer than ever before"]
        assert watch.oversight.problems[0].kind is ProblemKind.SILENT_FEED


async def test_a_full_disk_is_a_problem_also_where_it_cannot_be_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> None:
        raise StoreError(tmp_path, "the disk is full; free some space")

    async with mailbox() as box, watching(tmp_path, notify=box.address) as watch:
        monkeypatch.setattr(type(watch.parts.store), "keep_problems", refuse)
        watch.daemon._unwritten.reasons["store"] = "the disk is full; free some space"
        await watch.look()
        kept = watch.parts.reader.problems()
        monkeypatch.undo()
        await watch.look()

        assert kept == ()
        assert [one.title for one in watch.parts.reader.problems()] == ["The store cannot be written"]
    assert box.titles() == ["aggregator: 1 new problem"]


async def test_stale_data_is_no_longer_stale_only_when_a_feed_has_answered(tmp_path: Path) -> None:
    async with watching(tmp_path, NOBODY) as watch:
        await watch.look()
        watch.daemon.started_at -= DAY
        watch.daemon._last_tick = None
        await watch.look()
        stale = watch.titles()
    async with watching(tmp_path, NOBODY, at=NOON + DAY) as again:
        await again.look()
        unproved = again.titles()
        again.daemon._last_ok = again.daemon.started_at + DAY
        await again.look(later=CALM)

        assert stale == unproved == ["No feed has answered well for long"]
        assert again.titles() == []


async def test_a_disk_that_fills_and_a_clock_before_the_last_poll_are_on_every_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage:
        free, total = 50_000_000, 10_000_000_000

    async with watching(tmp_path, NOBODY) as watch:
        monkeypatch.setattr("aggregator.app.oversight.shutil.disk_usage", lambda _: Usage)
        await watch.stands(last_polled_at=NOON + DAY)
        await watch.look()
        told = " ".join(watch.daemon.problems())

    assert "The disk of the data folder is nearly full: 50 MB are free" in told
    assert "the last poll was at 25 Nov 2026 12:00 UTC" in told
    assert "timedatectl set-ntp true" in told


async def test_servers_that_say_another_time_are_believed(tmp_path: Path, web: WebServer) -> None:
    said = {"date": "Tue, 24 Nov 2020 12:00:00 GMT", "age": "60"}
    urls = [web.on("/a", reply(200, an_rss(an_item(1)), **said)), web.on("/b", reply(404, **said))]
    async with watching(tmp_path, urls[0], urls[1].replace("127.0.0.1", "localhost")) as watch:
        for feed in watch.parts.feeds:
            await watch.parts.poll(feed)
        await watch.look()

        assert any("ahead: it says" in title for title in watch.titles())


async def test_problems_are_a_feed_and_lines_of_the_log(
    tmp_path: Path, web: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "aggregator")
    async with running(tmp_path, web.on("/rss", reply(410))) as alive:
        await until(lambda: is_gone(alive))
        await alive.daemon.oversight.look()
        feed = await alive.get("problems.atom")
        again = await alive.get("problems.atom")
        news = (await alive.get("all.atom")).text
        metrics = (await alive.get("metrics")).text

    assert feed.headers["content-type"].startswith("application/atom+xml")
    assert feed.headers["etag"] == again.headers["etag"]
    assert "gone for good" not in news
    assert "is gone for good" in feed.text
    assert 'aggregator_problems{kind="dead_feed"} 1.0' in metrics
    assert 'aggregator_polls_total{outcome="failed"} 1.0' in metrics
    assert len([one for one in caplog.messages if one.startswith("problem kind=dead_feed")]) == 1


async def test_a_notice_holds_up_no_poll_and_no_stop(tmp_path: Path, web: WebServer) -> None:
    sending = []

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sending.append(await reader.readline())
        await reader.read()
        writer.close()

    deaf = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = deaf.sockets[0].getsockname()[1]
    gone, news = web.on("/gone", reply(410)), web.on("/rss", reply(200, an_rss(an_item(1))))
    more = f"notify: ['json://127.0.0.1:{port}/']\noutputs:\n  - {{name: all, title: All}}\n"
    async with deaf, running(tmp_path, gone, news, more=more) as alive:

        async def at_work() -> bool:
            return bool(sending)

        await until(lambda: is_gone(alive))
        await alive.daemon.oversight.look()
        alive.daemon._begin(alive.daemon.oversight.tell)
        await until(at_work)
        before = len(web.asked)

        async def polled_meanwhile() -> bool:
            return len(web.asked) > before + 1

        await until(polled_meanwhile)


async def test_another_address_is_tried_at_once(tmp_path: Path) -> None:
    async with mailbox() as box, watching(tmp_path, NOBODY, notify="json://127.0.0.1:1/") as watch:
        await watch.stands(**GONE)
        await watch.look()
        watch.parts.settings = replace(watch.parts.settings, notify=(box.address,))
        await watch.look()

    assert box.titles() == ["aggregator: 1 new problem"]


async def test_a_store_that_cannot_be_read_just_now_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise StoreError(tmp_path, "the question took longer than 5 s")

    async with watching(tmp_path, NOBODY) as watch:
        await watch.stands(**GONE)
        await watch.look()
        monkeypatch.setattr(type(watch.parts.reader), "feeds", refuse)
        await watch.look(later=CALM)

        assert len(watch.titles()) == 1
        assert watch.daemon.problems() == []
    assert "not looked error=" in caplog.text


async def test_a_config_that_is_not_in_force_and_a_dead_line_are_problems_each_with_its_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with watching(tmp_path, NOBODY) as watch:
        watch.daemon._config_problem = "the changed config is not in force: aggregator.yaml:1:1: x"
        monkeypatch.setattr(OwnLine, "down_since", NOON)
        await watch.look()

        assert watch.titles() == ["The changed config is not in force", "No server can be reached"]
        assert "aggregator.yaml:1:1" in watch.oversight.problems[0].cure
        assert "our own line is down" in watch.oversight.problems[1].cure
