"""The daemon in trouble: full disks, taken addresses and bugs cost what they must, and never the daemon."""

import asyncio
import socket
from pathlib import Path

import pytest

from aggregator import config
from aggregator.app import Daemon, open_parts, utc_now
from aggregator.app.lists import LOOK_EVERY
from aggregator.app.reload import ConfigWatch
from aggregator.errors import ListenError, StoreError
from aggregator.model import Poll
from tests.app.alive import Running, content, has, running, tells, until, write
from tests.builders import NOON, a_feed
from tests.http import WebServer, reply
from tests.newsroom import an_item, an_rss


async def test_an_address_that_is_taken_is_told_at_once(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        path = tmp_path / "aggregator.yaml"
        write(path, taken.getsockname()[1])
        loaded = config.load(path, {})
        async with open_parts(loaded, tmp_path / "data") as parts:
            watch = ConfigWatch(lambda: loaded, loaded.watched)

            with pytest.raises(ListenError):
                await Daemon(parts, watch, announce=print).run()


async def test_a_file_that_cannot_be_written_is_told_and_mended_by_itself(
    tmp_path: Path, web: WebServer
) -> None:
    url = web.on("/rss", reply(200, an_rss(an_item(1))))
    in_the_way = tmp_path / "data" / "public" / "all.rss"
    in_the_way.mkdir(parents=True)

    async with running(tmp_path, url) as alive:
        await until(lambda: tells(alive, "cannot be written to"))
        ill = await alive.get("healthz")
        served = await alive.titles()
        in_the_way.rmdir()
        await until(lambda: content(alive))

    assert ill.status_code == 503
    assert isinstance(served, list)
    assert in_the_way.is_file()


async def test_a_failure_that_goes_on_is_one_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    in_the_way = tmp_path / "data" / "public" / "all.rss"
    in_the_way.mkdir(parents=True)

    async with running(tmp_path) as alive:
        for _ in range(3):
            await alive.daemon._guarded(alive.daemon.publish)()
        warned = [one for one in caplog.records if "cannot be written" in one.getMessage()]

        assert [one.levelname for one in warned if "duty=publish" in one.getMessage()] == ["WARNING"]


async def test_a_store_that_refuses_makes_polling_rest(
    tmp_path: Path, web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> None:
        raise StoreError(tmp_path, "the disk is full; free some space")

    async with running(tmp_path) as alive:
        monkeypatch.setattr(type(alive.parts.poller), "poll", refuse)
        alive.write(web.on("/rss", reply(404)))
        await until(lambda: tells(alive, "the disk is full"))
        monkeypatch.undo()
        await alive.daemon.tick()

        assert alive.daemon.site.snapshot()

    assert web.asked == []


async def test_a_store_that_refuses_stays_a_problem_until_it_stores_again(
    tmp_path: Path, web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> None:
        raise StoreError(tmp_path, "the disk is full; free some space")

    async with running(tmp_path) as alive:
        monkeypatch.setattr(type(alive.parts.poller), "poll", refuse)
        alive.write(web.on("/rss", reply(200, an_rss(an_item(1)))))
        await until(lambda: tells(alive, "the disk is full"))
        await alive.daemon.age()
        await alive.daemon._guarded(alive.daemon.publish)()
        ill = await alive.get("healthz")
        monkeypatch.undo()
        alive.daemon._rest_until = None
        await until(lambda: has(alive, 1))
        well = await alive.get("healthz")

    assert (ill.status_code, well.status_code) == (503, 200)


async def test_a_bug_in_a_poll_costs_that_feed_a_failure_and_nothing_else(
    tmp_path: Path, web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = web.on("/rss", reply(200, an_rss(an_item(1))))

    async def stumble(*_: object) -> Poll:
        raise KeyError("surprise")

    async with running(tmp_path) as alive:
        monkeypatch.setattr(type(alive.parts.poller), "poll", stumble)
        alive.write(url)
        await until(lambda: _failing(alive))
        monkeypatch.undo()
        await until(lambda: has(alive, 1))


async def test_a_bug_in_a_duty_does_not_end_the_daemon(tmp_path: Path) -> None:
    async with running(tmp_path) as alive:

        async def stumble() -> None:
            raise KeyError("surprise")

        await alive.daemon._guarded(stumble)()

        assert (await alive.get("healthz")).status_code == 200


async def _failing(alive: Running) -> bool:
    return any("internal error" in str(one.last_error) for one in alive.daemon.site.feeds())


async def test_a_config_that_a_full_disk_kept_out_comes_into_force_later(
    tmp_path: Path, web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = web.on("/rss", reply(200, an_rss(an_item(1))))

    async def refuse(*_: object, **__: object) -> None:
        raise StoreError(tmp_path, "the disk is full; free some space")

    async with running(tmp_path) as alive:
        monkeypatch.setattr(type(alive.parts.store), "sync_feeds", refuse)
        alive.write(url)
        await until(lambda: tells(alive, "the disk is full"))
        monkeypatch.undo()
        alive.daemon._rest_until = None
        await until(lambda: has(alive, 1))


async def test_a_broken_config_is_told_once_also_where_a_list_is_due(
    tmp_path: Path, web: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    url = web.on(
        "/list.opml", reply(200, b'<opml><body><outline xmlUrl="https://a.example/"/></body></opml>')
    )

    async with running(tmp_path, f"opml: {url}") as alive:
        alive.path.write_text("feeds: [nonsense\n")
        alive.parts.lists._looked_at = dict.fromkeys(alive.parts.lists._looked_at, NOON - LOOK_EVERY)
        await until(lambda: tells(alive, "not in force"))
        await alive.daemon.reload()
        await alive.daemon.reload()

    assert caplog.text.count("config not in force") == 1


def seconds_of_rest(daemon: Daemon) -> int:
    """For how long the store is left alone from now on."""
    return round((daemon._rest_until - utc_now()).total_seconds()) if daemon._rest_until else 0


async def test_a_store_that_goes_on_refusing_is_tried_more_and_more_seldom(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> None:
        raise StoreError(tmp_path, "the disk is full; free some space")

    async with running(tmp_path) as alive:
        monkeypatch.setattr(type(alive.parts.poller), "poll", refuse)
        rests = []
        for _ in range(8):
            monkeypatch.setattr(alive.daemon, "_rest_until", None)
            for feed in (a_feed(id=1), a_feed(id=2)):  # two that were under way at once
                alive.daemon._turnstile.add([feed])
                alive.daemon._turnstile.take()
                await alive.daemon._poll(feed)
            rests.append(seconds_of_rest(alive.daemon))

    assert rests == [30, 60, 120, 240, 480, 600, 600, 600]


async def test_a_failed_write_is_told_once_and_strangers_do_not_hear_where_the_data_lies(
    tmp_path: Path, web: WebServer
) -> None:
    url = web.on("/rss", reply(200, an_rss(an_item(1))))
    (tmp_path / "data" / "public" / "all.rss").mkdir(parents=True)

    async with running(tmp_path, url) as alive:
        await until(lambda: tells(alive, "cannot be written to"))
        told = [(await alive.get(page)).text for page in ("healthz", "")]

    assert all("cannot be written to" in text for text in told)
    assert str(tmp_path) not in "".join(told)
    assert told[1].count("cannot be written to") == 1


@pytest.mark.parametrize("told_to_stop", [True, False])
async def test_a_duty_that_is_broken_off_is_told_at_the_end_and_a_fault_before(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, *, told_to_stop: bool
) -> None:
    begun = asyncio.Event()

    async def endless() -> None:
        begun.set()
        await asyncio.Event().wait()

    async with running(tmp_path) as alive:
        caplog.set_level("INFO", "aggregator")
        duty = asyncio.ensure_future(alive.daemon._guarded(endless)())
        await begun.wait()
        if told_to_stop:
            alive.daemon.stop()
        duty.cancel()
        (ended,) = await asyncio.gather(duty, return_exceptions=True)

    assert isinstance(ended, asyncio.CancelledError) is not told_to_stop
    assert ("broken off duty=endless" in caplog.messages) is told_to_stop
