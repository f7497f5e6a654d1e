"""The daemon alive: it polls, publishes, serves, reloads, survives trouble and ends when told."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from aggregator.app import Daemon, ask_health
from aggregator.app.lines import poll_line
from aggregator.app.parts import utc_now
from aggregator.app.ticking import ended
from aggregator.core.coverage import event_id
from aggregator.core.settings import ServerSettings
from aggregator.model import Feed, FeedState, Outcome, Poll, Problem, ProblemKind
from tests.app.alive import (
    OUTPUTS,
    PATIENCE,
    Running,
    asked,
    content,
    free_port,
    has,
    running,
    tells,
    until,
    write,
)
from tests.builders import NOON, a_feed
from tests.http import WebServer, reply
from tests.newsroom import an_item, an_rss

DAY = timedelta(days=1)


async def test_it_polls_publishes_and_serves(tmp_path: Path, web: WebServer) -> None:
    url = web.on("/rss", reply(200, an_rss(an_item(1))), reply(200, an_rss(an_item(1), an_item(2))))

    async with running(tmp_path, url) as alive:
        assert alive.said == [f"serving on http://127.0.0.1:{alive.port}/"]
        await until(lambda: has(alive, 2))
        page = await alive.get("")
        feeds = await alive.get("feeds")
        health = await alive.get("healthz")

    assert "News number 2 of today" in page.text
    assert "Example News" in feeds.text
    assert (health.status_code, health.json()) == (200, {"ok": True, "problems": []})


async def test_any_tag_is_served(tmp_path: Path, web: WebServer) -> None:
    item = an_item(1).replace("<guid>", "<category>Rare Birds</category><guid>")

    async with running(tmp_path, web.on("/rss", reply(200, an_rss(item)))) as alive:
        await until(lambda: has(alive, 1))
        found = await alive.get("tag/rare-birds.json")

    assert found.json()["items"][0]["title"] == "News number 1 of today"


async def test_a_story_that_two_feeds_tell_has_a_page_and_leads_the_day(
    tmp_path: Path, web: WebServer
) -> None:
    urls = [web.on(path, reply(200, an_rss(an_item(1), title=path))) for path in ("/one", "/two")]

    async with running(tmp_path, *urls) as alive:
        await until(lambda: _shows(alive, "Most told in the last 24 hours"))
        await until(lambda: has(alive, 1))
        (story,) = await alive.ids()
        page = await alive.get(f"stories/{story}")
        event = await alive.get(f"events/{event_id(story)}")
        nothing = await alive.get(f"stories/{event_id(story)}")

    assert "told by 2 feeds" in page.text
    assert "links to the same page" in page.text
    assert "takes everything" in page.text
    assert "News number 1 of today" in event.text
    assert nothing.status_code == 404


async def _shows(alive: Running, text: str) -> bool:
    return text in (await alive.get("")).text


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
            await until(lambda: has(alive, 1))
            alive.write(one, two, more="tags: {second: [number 2]}\n" + OUTPUTS)
            await until(lambda: has(alive, 2))
            await until(lambda: _tagged(alive))

            alive.write(two, more=OUTPUTS)
            await until(lambda: _paused(alive, one))

        assert alive.daemon.problems() == []

    async def test_a_broken_one_leaves_the_last_good_one_and_is_told(
        self, tmp_path: Path, web: WebServer
    ) -> None:
        url = web.on("/rss", reply(200, an_rss(an_item(1))))

        async with running(tmp_path, url) as alive:
            await until(lambda: has(alive, 1))
            good = alive.path.read_text()
            alive.path.write_text(good + "storage: {keep: s3cr3t}\n")
            await until(lambda: tells(alive, "the changed config is not in force"))
            titles, front = await alive.titles(), (await alive.get("")).text
            alive.path.write_text(good)
            await until(lambda: content(alive))

        assert titles == ["News number 1 of today"]
        assert "storage.keep: what stands here is not a duration" in front
        assert not [secret for secret in ("s3cr3t", str(tmp_path)) if secret in front]

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
            await until(lambda: has(alive, 1))

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
    return {one.url: one.state for one in alive.daemon.site.feeds()}[url] is FeedState.PAUSED


async def _named(alive: Running, tag: str) -> bool:
    return tag in alive.daemon.site.named_tags()


async def test_stories_that_no_feed_holds_are_swept_after_a_time(tmp_path: Path, web: WebServer) -> None:
    url = web.on("/rss", reply(200, an_rss(an_item(1))), reply(200, an_rss(an_item(2))))
    more = "storage: {keep: 3s}\n" + OUTPUTS

    async with running(tmp_path, url, more=more) as alive:
        await until(lambda: has(alive, 2))
        await asyncio.sleep(4)
        await alive.daemon.sweep()
        await until(lambda: has(alive, 1))

        assert await alive.titles() == ["News number 2 of today"]


async def test_nothing_is_swept_while_no_feed_is_heard(tmp_path: Path, web: WebServer) -> None:
    url = web.on("/rss", reply(200, an_rss(an_item(1))), reply(500))

    async with running(tmp_path, url, more="storage: {keep: 1s}\n" + OUTPUTS) as alive:
        await until(lambda: has(alive, 1))
        await asyncio.sleep(2)
        await alive.daemon.sweep()

        assert alive.parts.reader.counts(utc_now()).stories == 1


async def test_nothing_is_swept_by_a_clock_that_is_wrong(tmp_path: Path, web: WebServer) -> None:
    url = web.on("/rss", reply(200, an_rss(an_item(1))), reply(200, an_rss(an_item(2))))
    wrong = Problem(
        id="clock",
        kind=ProblemKind.CLOCK,
        subject="",
        title="The clock is wrong",
        cure="Set it.",
        began_at=NOON,
        seen_at=NOON,
    )

    async with running(tmp_path, url, more="storage: {keep: 1s}\n" + OUTPUTS) as alive:
        await until(lambda: has(alive, 2))
        await asyncio.sleep(2)
        alive.daemon.oversight.problems = (wrong,)
        await alive.daemon.sweep()

        assert alive.parts.reader.counts(utc_now()).stories == 2


async def test_polls_under_way_get_a_little_time_at_the_end(tmp_path: Path, web: WebServer) -> None:
    async def slow(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.5)
        writer.write(reply(200, an_rss(an_item(1))))

    async with running(tmp_path, web.on("/rss", slow)) as alive:
        await until(lambda: asked(web))

    assert alive.parts.feeds
    async with running(tmp_path) as again:
        assert await again.titles() == ["News number 1 of today"]


async def test_what_takes_too_long_at_the_end_is_broken_off(tmp_path: Path, web: WebServer) -> None:
    async def endless(_: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    async with running(tmp_path, web.on("/rss", endless)) as alive:
        await until(lambda: asked(web))
        await ended(alive.daemon._under_way, 0.05)

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


async def test_a_clock_that_was_set_back_puts_off_nothing(tmp_path: Path, web: WebServer) -> None:
    async with running(tmp_path, web.on("/rss", reply(200, an_rss(an_item(1))))) as alive:
        await until(lambda: has(alive, 1))
        asked = len(web.asked)

        # As it was a day ago by the clock of today: the last tick, and a rest that a full disk brought.
        alive.daemon._last_tick = alive.daemon._rest_until = utc_now() + DAY

        await until(lambda: _asked_more(web, asked))


async def _asked_more(web: WebServer, than: int) -> bool:
    return len(web.asked) > than


async def test_after_a_sleep_nothing_is_stale_before_feeds_had_the_time_to_answer(
    tmp_path: Path, web: WebServer
) -> None:
    async with running(tmp_path, web.on("/rss", reply(500))) as alive:
        daemon = alive.daemon
        await until(lambda: _ticks(daemon))
        daemon.started_at -= 2 * DAY
        assert not daemon.health().ok

        daemon._last_tick = utc_now() - DAY

        await until(lambda: _is_well(daemon))


async def _ticks(daemon: Daemon) -> bool:
    return daemon._last_tick is not None


async def _is_well(daemon: Daemon) -> bool:
    return daemon.health().ok


def test_a_poll_is_one_line_of_the_log() -> None:
    feed: Feed = a_feed()
    new = Poll(feed_id=1, at=NOON, outcome=Outcome.NEW, http_status=200, new_entries=2, new_stories=1)
    failed = Poll(feed_id=1, at=NOON, outcome=Outcome.FAILED, error="timed out")

    assert str(poll_line(feed, new)) == (
        f"poll feed={feed.url} outcome=new status=200 bytes=0 ms=0 entries=2 stories=1"
    )
    assert str(poll_line(feed, failed)).endswith("outcome=failed bytes=0 ms=0 error='timed out'")
