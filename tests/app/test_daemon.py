"""The daemon alive: it polls, publishes, serves, reloads, survives trouble and ends when told."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from aggregator import config
from aggregator.app import Daemon, Parts, ask_health, open_parts
from aggregator.app.daemon import _ended, poll_line
from aggregator.app.reload import ConfigWatch
from aggregator.config import Loaded
from aggregator.core.settings import ServerSettings
from aggregator.errors import ListenError, StoreError
from aggregator.model import Feed, FeedState, Outcome, Poll
from tests.builders import NOON, a_feed
from tests.http import LOOPBACK, WebServer, reply
from tests.newsroom import an_item, an_rss

OUTPUTS = "outputs:\n  - {name: all, title: All}\n"
PATIENCE = 20  # seconds until something that must happen has happened


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until it is so; a failure when it takes too long."""
    end = asyncio.get_running_loop().time() + PATIENCE
    while not await holds():
        assert asyncio.get_running_loop().time() < end
        await asyncio.sleep(0.05)


@dataclass
class Running:
    """A daemon under way."""

    daemon: Daemon
    parts: Parts
    path: Path
    port: int
    said: list[str] = field(default_factory=list)

    async def get(self, path: str) -> httpx.Response:
        async with httpx.AsyncClient(trust_env=False) as client:
            return await client.get(f"http://127.0.0.1:{self.port}/{path}")

    async def titles(self, name: str = "all") -> list[str]:
        found = await self.get(f"{name}.json")
        return [item["title"] for item in found.json()["items"]] if found.status_code == 200 else []

    def write(self, *feeds: str, more: str = OUTPUTS) -> None:
        """Another config; the address it serves at stays."""
        write(self.path, self.port, *feeds, more=more)


def write(path: Path, port: int, *feeds: str, more: str = OUTPUTS) -> None:
    listed = "".join(f"  - {feed}\n" for feed in feeds) or "  []\n"
    path.write_text(
        f"server: {{listen: '127.0.0.1:{port}'}}\n"
        "poll: {every: 1s, min: 1s, host_gap: 0s, spread: 0s, jitter: 0, timeout: 2s, backoff: 1s, "
        f"allow_private: {list(LOOPBACK)}}}\n"
        f"feeds:\n{listed}{more}"
    )


@asynccontextmanager
async def running(folder: Path, *feeds: str, more: str = OUTPUTS) -> AsyncIterator[Running]:
    """A daemon on these feeds; stopped, and its end awaited, on the way out."""
    path, port = folder / "aggregator.yaml", free_port()
    write(path, port, *feeds, more=more)

    def read() -> Loaded:
        return config.load(path, {})

    loaded = read()
    async with open_parts(loaded, folder / "data") as parts:
        said: list[str] = []
        daemon = Daemon(parts, ConfigWatch(read, loaded.watched), announce=said.append)
        task = asyncio.create_task(daemon.run())
        alive = Running(daemon, parts, path, port, said)
        await until(lambda: _answers(said, task))
        try:
            yield alive
        finally:
            daemon.stop()
            await asyncio.wait_for(task, PATIENCE)


async def _answers(said: list[str], task: "asyncio.Task[None]") -> bool:
    if task.done():
        await task
    return bool(said)


async def test_it_polls_publishes_and_serves(tmp_path: Path, web: WebServer) -> None:
    url = web.on("/rss", reply(200, an_rss(an_item(1))), reply(200, an_rss(an_item(1), an_item(2))))

    async with running(tmp_path, url) as alive:
        assert alive.said == [f"serving on http://127.0.0.1:{alive.port}/"]
        await until(lambda: _has(alive, 2))
        page = await alive.get("")
        feeds = await alive.get("feeds")
        health = await alive.get("healthz")

    assert "News number 2 of today" in page.text
    assert "Example News" in feeds.text
    assert (health.status_code, health.json()) == (200, {"ok": True, "problems": []})


async def _has(alive: Running, count: int) -> bool:
    return len(await alive.titles()) == count


async def test_any_tag_is_served(tmp_path: Path, web: WebServer) -> None:
    item = an_item(1).replace("<guid>", "<category>Rare Birds</category><guid>")

    async with running(tmp_path, web.on("/rss", reply(200, an_rss(item)))) as alive:
        await until(lambda: _has(alive, 1))
        found = await alive.get("tag/rare-birds.json")

    assert found.json()["items"][0]["title"] == "News number 1 of today"


async def test_health_is_asked_over_http(tmp_path: Path) -> None:
    async with running(tmp_path) as alive:
        server = ServerSettings(host="0.0.0.0", port=alive.port)
        answer = await asyncio.to_thread(ask_health, server)

    assert answer == (True, "healthy")


async def test_health_is_not_taken_from_a_stranger(web: WebServer) -> None:
    web.on("/healthz", reply(200, b"hello"), reply(500, b"[]"))
    server = ServerSettings(host="127.0.0.1", port=web.port)

    well, line = await asyncio.to_thread(ask_health, server)
    ill, _ = await asyncio.to_thread(ask_health, server)

    assert (well, ill) == (True, False)
    assert "something else answers" in line


class TestReload:
    async def test_a_changed_config_is_in_force_without_a_restart(
        self, tmp_path: Path, web: WebServer
    ) -> None:
        one = web.on("/one", reply(200, an_rss(an_item(1))))
        two = web.on("/two", reply(200, an_rss(an_item(2), title="Two")))

        async with running(tmp_path, one) as alive:
            await until(lambda: _has(alive, 1))
            alive.write(one, two, more="tags: {second: [number 2]}\n" + OUTPUTS)
            await until(lambda: _has(alive, 2))
            await until(lambda: _tagged(alive))

            alive.write(two, more=OUTPUTS)
            await until(lambda: _paused(alive, one))

        assert alive.daemon.problems() == []

    async def test_a_broken_one_leaves_the_last_good_one_and_is_told(
        self, tmp_path: Path, web: WebServer
    ) -> None:
        url = web.on("/rss", reply(200, an_rss(an_item(1))))

        async with running(tmp_path, url) as alive:
            await until(lambda: _has(alive, 1))
            good = alive.path.read_text()
            alive.path.write_text("feeds: [nonsense\n")
            await until(lambda: _tells(alive, "the changed config is not in force"))
            titles = await alive.titles()
            alive.path.write_text(good)
            await until(lambda: _content(alive))

        assert titles == ["News number 1 of today"]

    async def test_another_address_to_serve_on_waits_for_a_restart(self, tmp_path: Path) -> None:
        async with running(tmp_path) as alive:
            write(alive.path, free_port(), more="tags: {a: [b]}\n")
            await until(lambda: _named(alive, "a"))
            served = await alive.get("")

        assert served.status_code == 200

    async def test_a_list_at_a_url_is_followed(self, tmp_path: Path, web: WebServer) -> None:
        feed = web.on("/rss", reply(200, an_rss(an_item(1))))
        opml = f'<opml version="2.0"><body><outline text="x" xmlUrl="{feed}"/></body></opml>'.encode()
        url = web.on("/list.opml", reply(200, opml, etag='"1"'))

        async with running(tmp_path, f"opml: {url}") as alive:
            await until(lambda: _has(alive, 1))

        assert [one.url for one in alive.parts.feeds] == [feed]

    async def test_a_list_that_is_away_keeps_its_last_copy(self, tmp_path: Path, web: WebServer) -> None:
        feed = web.on("/rss", reply(200, an_rss(an_item(1))))
        opml = f'<opml version="2.0"><body><outline text="x" xmlUrl="{feed}"/></body></opml>'.encode()
        url = web.on("/list.opml", reply(200, opml), reply(500), reply(200, b"no list"))
        read = []

        for _ in range(3):
            async with running(tmp_path, f"opml: {url}") as alive:
                read.append([one.url for one in alive.parts.feeds])

        assert read == [[feed]] * 3


async def _tagged(alive: Running) -> bool:
    return (await alive.titles("tag/second")) == ["News number 2 of today"]


async def _paused(alive: Running, url: str) -> bool:
    return {one.url: one.state for one in alive.daemon.feeds()}[url] is FeedState.PAUSED


async def _tells(alive: Running, text: str) -> bool:
    return any(text in problem for problem in alive.daemon.problems())


async def _content(alive: Running) -> bool:
    return not alive.daemon.problems()


async def _named(alive: Running, tag: str) -> bool:
    return tag in alive.daemon.named_tags()


class TestTrouble:
    async def test_an_address_that_is_taken_is_told_at_once(self, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            path = tmp_path / "aggregator.yaml"
            write(path, taken.getsockname()[1])
            loaded = config.load(path, {})
            async with open_parts(loaded, tmp_path / "data") as parts:
                watch = ConfigWatch(lambda: loaded, loaded.watched)

                with pytest.raises(ListenError):
                    await Daemon(parts, watch, announce=print).run()

    async def test_a_file_that_cannot_be_written_is_told_and_mended_by_itself(
        self, tmp_path: Path, web: WebServer
    ) -> None:
        url = web.on("/rss", reply(200, an_rss(an_item(1))))
        in_the_way = tmp_path / "data" / "public" / "all.rss"
        in_the_way.mkdir(parents=True)

        async with running(tmp_path, url) as alive:
            await until(lambda: _tells(alive, "cannot write"))
            ill = await alive.get("healthz")
            served = await alive.titles()
            in_the_way.rmdir()
            await until(lambda: _content(alive))

        assert ill.status_code == 503
        assert isinstance(served, list)
        assert in_the_way.is_file()

    async def test_a_store_that_refuses_makes_polling_rest(
        self, tmp_path: Path, web: WebServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def refuse(*_: object) -> None:
            raise StoreError(tmp_path, "the disk is full; free some space")

        async with running(tmp_path) as alive:
            monkeypatch.setattr(type(alive.parts.poller), "poll", refuse)
            alive.write(web.on("/rss", reply(404)))
            await until(lambda: _tells(alive, "the disk is full"))
            monkeypatch.undo()
            await alive.daemon.tick()

            assert alive.daemon.snapshot()

        assert web.asked == []

    async def test_a_store_that_refuses_stays_a_problem_until_it_stores_again(
        self, tmp_path: Path, web: WebServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def refuse(*_: object) -> None:
            raise StoreError(tmp_path, "the disk is full; free some space")

        async with running(tmp_path) as alive:
            monkeypatch.setattr(type(alive.parts.poller), "poll", refuse)
            alive.write(web.on("/rss", reply(200, an_rss(an_item(1)))))
            await until(lambda: _tells(alive, "the disk is full"))
            await alive.daemon.age()
            await alive.daemon._guarded(alive.daemon.publish)()
            ill = await alive.get("healthz")
            monkeypatch.undo()
            alive.daemon._rest_until = None
            await until(lambda: _has(alive, 1))
            well = await alive.get("healthz")

        assert (ill.status_code, well.status_code) == (503, 200)

    async def test_a_bug_in_a_poll_costs_that_feed_a_failure_and_nothing_else(
        self, tmp_path: Path, web: WebServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        url = web.on("/rss", reply(200, an_rss(an_item(1))))

        async def stumble(*_: object) -> Poll:
            raise KeyError("surprise")

        async with running(tmp_path) as alive:
            monkeypatch.setattr(type(alive.parts.poller), "poll", stumble)
            alive.write(url)
            await until(lambda: _failing(alive))
            monkeypatch.undo()
            await until(lambda: _has(alive, 1))

    async def test_a_bug_in_a_duty_does_not_end_the_daemon(self, tmp_path: Path) -> None:
        async with running(tmp_path) as alive:

            async def stumble() -> None:
                raise KeyError("surprise")

            await alive.daemon._guarded(stumble)()

            assert (await alive.get("healthz")).status_code == 200


async def _failing(alive: Running) -> bool:
    return any("internal error" in str(one.last_error) for one in alive.daemon.feeds())


async def test_stories_that_no_feed_holds_are_swept_after_a_time(tmp_path: Path, web: WebServer) -> None:
    url = web.on("/rss", reply(200, an_rss(an_item(1))), reply(200, an_rss(an_item(2))))
    more = "storage: {keep: 3s}\n" + OUTPUTS

    async with running(tmp_path, url, more=more) as alive:
        await until(lambda: _has(alive, 2))
        await asyncio.sleep(4)
        await alive.daemon.sweep()
        await until(lambda: _has(alive, 1))

        assert await alive.titles() == ["News number 2 of today"]


async def test_polls_under_way_get_a_little_time_at_the_end(tmp_path: Path, web: WebServer) -> None:
    async def slow(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.5)
        writer.write(reply(200, an_rss(an_item(1))))

    async with running(tmp_path, web.on("/rss", slow)) as alive:
        await until(lambda: _asked(web))

    assert alive.parts.feeds
    async with running(tmp_path) as again:
        assert await again.titles() == ["News number 1 of today"]


async def _asked(web: WebServer) -> bool:
    return bool(web.asked)


async def test_what_takes_too_long_at_the_end_is_broken_off(tmp_path: Path, web: WebServer) -> None:
    async def endless(_: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    async with running(tmp_path, web.on("/rss", endless)) as alive:
        await until(lambda: _asked(web))
        await _ended(alive.daemon._under_way, 0.05)

        assert alive.daemon._under_way == set()


def test_sigterm_ends_the_process_cleanly_and_gives_the_folder_free(tmp_path: Path) -> None:
    port = free_port()
    write(tmp_path / "a.yaml", port)
    command = [sys.executable, "-m", "aggregator", "--config", "a.yaml", "--data", "data", "run"]
    environ = {key: value for key, value in os.environ.items() if not key.startswith("AGGREGATOR_")}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as daemon:
        assert daemon.stdout is not None
        line = daemon.stdout.readline()
        began = time.monotonic()
        daemon.send_signal(signal.SIGTERM)
        _, err = daemon.communicate(timeout=PATIENCE)

    assert line == f"serving on http://127.0.0.1:{port}/\n"
    assert (daemon.returncode, "Traceback" in err) == (0, False)
    assert err.count("hint: publishers cannot tell who asks for their feeds") == 1
    assert time.monotonic() - began < 5
    assert not (tmp_path / "data" / "aggregator.db-wal").exists()


async def test_a_tick_that_comes_late_comes_all_the_same(tmp_path: Path) -> None:
    async with running(tmp_path) as alive:
        scheduler = alive.daemon._scheduler()
        scheduler.start(paused=True)
        jobs = scheduler.get_jobs()
        scheduler.shutdown(wait=False)

    # APScheduler drops a job that is a second late unless it is told otherwise.
    assert {(job.misfire_grace_time, job.coalesce, job.max_instances) for job in jobs} == {(None, True, 1)}


def test_a_poll_is_one_line_of_the_log() -> None:
    feed: Feed = a_feed()
    new = Poll(feed_id=1, at=NOON, outcome=Outcome.NEW, http_status=200, new_entries=2, new_stories=1)
    failed = Poll(feed_id=1, at=NOON, outcome=Outcome.FAILED, error="timed out")

    assert poll_line(feed, new) == (
        f"poll feed={feed.url} outcome=new status=200 bytes=0 ms=0 entries=2 stories=1"
    )
    assert poll_line(feed, failed).endswith("outcome=failed status=- bytes=0 ms=0 error='timed out'")
