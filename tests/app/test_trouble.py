"""The daemon in trouble: full disks, taken addresses and bugs cost what they must, and never the daemon."""

import socket
from pathlib import Path

import pytest

from aggregator import config
from aggregator.app import Daemon, open_parts
from aggregator.app.reload import ConfigWatch
from aggregator.errors import ListenError, StoreError
from aggregator.model import Poll
from tests.app.alive import Running, content, has, running, tells, until, write
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
        await until(lambda: tells(alive, "cannot write"))
        ill = await alive.get("healthz")
        served = await alive.titles()
        in_the_way.rmdir()
        await until(lambda: content(alive))

    assert ill.status_code == 503
    assert isinstance(served, list)
    assert in_the_way.is_file()


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

        assert alive.daemon.snapshot()

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
    return any("internal error" in str(one.last_error) for one in alive.daemon.feeds())
