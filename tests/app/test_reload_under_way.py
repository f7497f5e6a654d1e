"""A config that changes while polls are under way: they end as they began, and nobody waits for them."""

import asyncio
from contextlib import suppress
from pathlib import Path

from aggregator.model import Feed, FeedState
from tests.app.alive import OUTPUTS, Running, asked, has, running, until
from tests.http import Script, WebServer, reply
from tests.newsroom import an_item, an_rss


class Slow:
    """A server that answers when it is told to."""

    def __init__(self, answer: bytes) -> None:
        self.go = asyncio.Event()
        self._answer = answer

    async def __call__(self, writer: asyncio.StreamWriter) -> None:
        await self.go.wait()
        with suppress(ConnectionError):
            writer.write(self._answer)


def feed_of(alive: Running, url: str) -> Feed:
    return {one.url: one for one in alive.daemon.site.feeds()}[url]


def patient(alive: Running, text: str = "") -> None:
    """Another config in which requests may take long."""
    written = alive.path.read_text()
    alive.path.write_text(written.replace("timeout: 2s", f"timeout: 30s{text}"))


async def in_force(alive: Running, title: str) -> bool:
    return [one.title for one in alive.daemon.site.outputs()] == [title]


def outputs(title: str) -> str:
    return OUTPUTS.replace("All", title)


async def begun(alive: Running, web: WebServer, slow: Script) -> str:
    """The address of a feed whose poll has begun and goes on."""
    url = web.on("/slow", slow)
    alive.write(url)
    patient(alive)
    await until(lambda: asked(web))
    return url


async def test_it_comes_into_force_while_a_slow_poll_goes_on(tmp_path: Path, web: WebServer) -> None:
    slow = Slow(reply(200, an_rss(an_item(1))))
    quick = web.on("/quick", reply(200, an_rss(an_item(2)))).replace("127.0.0.1", "localhost")

    async with running(tmp_path) as alive:
        url = await begun(alive, web, slow)
        alive.write(url, quick, more="tags: {first: [number 1]}\n" + OUTPUTS)
        await until(lambda: has(alive, 1))
        asked_for = [one.path for one in web.asked].count("/slow")
        slow.go.set()
        await until(lambda: has(alive, 2))
        tagged = await alive.titles("tag/first")

    assert asked_for == 1
    assert tagged == ["News number 1 of today"]


async def test_a_feed_that_leaves_it_meanwhile_brings_what_it_had_and_is_paused(
    tmp_path: Path, web: WebServer
) -> None:
    slow = Slow(reply(200, an_rss(an_item(1), an_item(2))))

    async with running(tmp_path) as alive:
        url = web.on("/slow", slow)
        alive.write(f"{{url: '{url}', exclude: number 2}}")
        patient(alive)
        await until(lambda: asked(web))
        alive.write(more=outputs("Without"))
        await until(lambda: in_force(alive, "Without"))
        slow.go.set()
        await until(lambda: has(alive, 1))
        after = feed_of(alive, url)

    assert (after.state, after.next_poll_at, after.next_poll_rule) == (
        FeedState.PAUSED,
        None,
        "not in the config",
    )


async def test_a_feed_that_leaves_it_meanwhile_and_fails_is_paused(tmp_path: Path, web: WebServer) -> None:
    slow = Slow(reply(404))

    async with running(tmp_path) as alive:
        url = await begun(alive, web, slow)
        alive.write(more=outputs("Without"))
        await until(lambda: in_force(alive, "Without"))
        slow.go.set()
        await until(lambda: _failed(alive, url))

        assert feed_of(alive, url).state is FeedState.PAUSED


async def test_a_login_that_is_mended_meanwhile_is_tried(tmp_path: Path, web: WebServer) -> None:
    slow = Slow(reply(401))

    async with running(tmp_path) as alive:
        url = await begun(alive, web, slow)
        alive.write(f"{{url: '{url}', auth: 'me:right'}}", more=outputs("Mended"))
        await until(lambda: in_force(alive, "Mended"))
        web.on("/slow", reply(200, an_rss(an_item(1))))
        slow.go.set()
        await until(lambda: has(alive, 1))

    assert "authorization" in web.asked[-1].headers


async def test_polls_under_way_keep_their_client_and_the_last_of_them_closes_it(
    tmp_path: Path, web: WebServer
) -> None:
    slow = Slow(reply(200, an_rss(an_item(1))))

    async with running(tmp_path) as alive:
        url = await begun(alive, web, slow)
        edges = alive.parts.edges
        for title in ("Once", "Twice"):
            alive.write(url, more=outputs(title))
            patient(alive, f", max_bytes: {len(title)}MB")
            await until(lambda title=title: in_force(alive, title))  # type: ignore[misc]
        replaced = set(alive.parts._replaced)
        slow.go.set()
        await until(lambda: has(alive, 1))
        await until(lambda: _closed(alive))

    assert replaced == {edges}
    assert edges.parser._closed


async def _closed(alive: Running) -> bool:
    return not alive.parts._replaced


async def _failed(alive: Running, url: str) -> bool:
    return bool(feed_of(alive, url).failures)
