"""Lists of feeds that live at a URL are strangers like any feed."""

import asyncio
import logging
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.app.lists import LOOK_EVERY, RemoteLists
from aggregator.config import Loaded
from aggregator.core.settings import PollSettings, Settings
from aggregator.fetch import Fetcher
from tests.builders import NOON
from tests.http import LOOPBACK, WebServer, reply

LIST = b'<opml><body><outline xmlUrl="https://me:secret@listed.example/rss"/></body></opml>'


POLLING = PollSettings(allow_private=LOOPBACK, host_gap=timedelta(0))


async def extended(folder: Path, url: str, polling: PollSettings) -> Settings:
    async with Fetcher(polling) as fetcher:
        return await RemoteLists(folder).extend(naming(url), fetcher, now=NOON)


def naming(*urls: str) -> Loaded:
    """A config that names these lists."""
    return Loaded(Settings(), (), urls)


async def test_a_list_at_a_private_address_is_refused_without_showing_its_login(
    web: WebServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url = web.on("/feeds.opml", reply(200, LIST)).replace("://", "://me:hidden@")

    with caplog.at_level(logging.WARNING):
        settings = await extended(tmp_path, url, PollSettings())

    assert settings.feeds == ()
    assert web.connections == 0
    assert "127.0.0.1 is a private address; add it to poll.allow_private" in caplog.text
    assert "hidden" not in caplog.text


async def test_a_line_of_nonsense_costs_that_line_only(
    web: WebServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    outlines = ["javascript:alert(1)", "https://good.example/rss", "file:///etc/passwd"]
    lines = "\n".join(f'<outline xmlUrl="{url}"/>' for url in outlines)
    url = web.on("/feeds.opml", reply(200, f"<opml><body>\n{lines}</body></opml>".encode()))

    with caplog.at_level(logging.WARNING):
        settings = await extended(tmp_path, url, PollSettings(allow_private=LOOPBACK))

    assert [feed.url for feed in settings.feeds] == ["https://good.example/rss"]
    assert "feeds.opml:2:1: 'javascript:alert(1)' is not a web address" in caplog.text
    assert "feeds.opml:4:1: 'file:///etc/passwd'" in caplog.text
    assert caplog.text.count("its other feeds are taken") == 2


async def test_a_list_that_was_cut_short_is_never_a_shorter_list(
    web: WebServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    whole = b'<opml><body><outline xmlUrl="https://one.example/"/><outline xmlUrl="https://two.example/"/></body></opml>'
    url = web.on("/feeds.opml", reply(200, whole), reply(200, whole[:70]))
    polling = PollSettings(allow_private=LOOPBACK)
    await extended(tmp_path, url, polling)

    settings = await extended(tmp_path, url, polling)

    assert len(settings.feeds) == 2
    assert "its last copy stays" in caplog.text


async def test_a_list_behind_a_login_is_fetched_with_it(web: WebServer, tmp_path: Path) -> None:
    url = web.on("/feeds.opml", reply(200, LIST)).replace("://", "://me:hidden@")
    polling = PollSettings(allow_private=LOOPBACK, timeout=timedelta(seconds=5))

    settings = await extended(tmp_path, url, polling)

    assert [(feed.url, feed.auth) for feed in settings.feeds] == [("https://listed.example/rss", "me:secret")]
    assert web.asked[0].headers["authorization"].startswith(b"Basic ")


async def test_a_list_that_is_new_in_the_config_is_fetched_at_once(web: WebServer, tmp_path: Path) -> None:
    one, two = (web.on(path, reply(200, LIST)) for path in ("/one.opml", "/two.opml"))
    lists = RemoteLists(tmp_path)

    async with Fetcher(POLLING) as fetcher:
        await lists.extend(naming(one), fetcher, now=NOON)
        await lists.extend(naming(one, two), fetcher, now=NOON + LOOK_EVERY / 2)

    assert [asked.path for asked in web.asked] == ["/one.opml", "/two.opml"]


async def test_a_list_that_left_the_config_is_not_due(web: WebServer, tmp_path: Path) -> None:
    lists = RemoteLists(tmp_path)

    async with Fetcher(POLLING) as fetcher:
        await lists.extend(naming(web.on("/feeds.opml", reply(200, LIST))), fetcher, now=NOON)
        was_due = lists.due(NOON + LOOK_EVERY)
        await lists.extend(naming(), fetcher, now=NOON + LOOK_EVERY)

    assert (was_due, lists.due(NOON + 2 * LOOK_EVERY)) == (True, False)


async def test_a_copy_that_is_damaged_is_told_and_ends_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    lists = RemoteLists(tmp_path)
    lists._copy_of("https://lists.example/feeds.opml").write_bytes(LIST[:40])

    settings = lists.known(naming("https://lists.example/feeds.opml"))

    assert settings.feeds == ()
    assert "https://lists.example/feeds.opml" in caplog.text


async def test_a_list_that_could_not_be_kept_is_asked_for_again_as_a_whole(
    web: WebServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url = web.on("/feeds.opml", reply(200, LIST, etag='"1"'))
    folder = tmp_path / "lists"
    folder.write_text("a file, where the folder should be")
    lists = RemoteLists(folder)

    async with Fetcher(POLLING) as fetcher:
        first = await lists.extend(naming(url), fetcher, now=NOON)
        folder.unlink()
        second = await lists.extend(naming(url), fetcher, now=NOON + LOOK_EVERY)

    assert (len(first.feeds), len(second.feeds)) == (0, 1)
    assert "if-none-match" not in web.asked[-1].headers
    assert "cannot be kept" in caplog.text


async def test_a_list_is_looked_at_again_after_an_hour(web: WebServer, tmp_path: Path) -> None:
    url, lists = web.on("/feeds.opml", reply(200, LIST)), RemoteLists(tmp_path)

    async with Fetcher(POLLING) as fetcher:
        for moment in (NOON, NOON + LOOK_EVERY - timedelta(seconds=1), NOON + LOOK_EVERY):
            await lists.extend(naming(url), fetcher, now=moment)

    assert len(web.asked) == 2


async def test_lists_that_keep_us_waiting_are_waited_for_together(web: WebServer, tmp_path: Path) -> None:
    async def slow(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.3)
        writer.write(reply(200, LIST))

    web.on("/feeds.opml", slow)
    urls = [f"http://{name}:{web.port}/feeds.opml" for name in ("127.0.0.1", "localhost")]

    async with Fetcher(POLLING) as fetcher:
        await RemoteLists(tmp_path).extend(naming(*urls), fetcher, now=NOON)

    assert web.most_at_once == 2
