"""Every reader shows each story as new exactly once, through a season of all that happens to feeds."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.http import WebServer, reply, serving
from tests.readers.churn import ROUNDS, Season, a_season
from tests.readers.programs import CANARY, READERS, Look, Reader


@pytest.fixture
async def web() -> AsyncIterator[WebServer]:
    async with serving() as server:
        yield server


def a_canary(web: WebServer) -> str:
    """The address of a feed that has another new item at each request."""
    asked = 0

    async def sing(writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        items = "".join(f"<item><guid>{one}</guid><title>{one}</title></item>" for one in range(asked))
        writer.write(
            reply(200, f"<rss version='2.0'><channel><title>C</title>{items}</channel></rss>".encode())
        )
        await writer.drain()

    return web.on(f"/{CANARY}", sing)


async def shown(season: Season, look: Look) -> dict[str, list[tuple[str, list[int]]]]:
    """By address: each round and the stories that the reader showed as new in it; -1 is none of ours."""
    seen: dict[str, list[tuple[str, list[int]]]] = {}
    for one in ROUNDS:
        await season.play(one)
        for url, ids in (await asyncio.to_thread(look)).items():
            numbers = sorted(season.numbers.get(item, -1) for item in ids)
            seen.setdefault(url.rpartition(".")[2], []).append((one.what, numbers))
    return seen


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
async def test_a_reader_shows_each_story_as_new_exactly_once(
    reader: Reader, tmp_path: Path, web: WebServer
) -> None:
    if reader.absent:
        pytest.skip(f"needs {reader.absent}; .ci/run names the Debian packages")
    async with a_season(tmp_path, web) as season:
        urls = [a_canary(web) if one == CANARY else season.address(one) for one in reader.formats]

        with reader.open(tmp_path / "reader", urls) as look:
            seen = await shown(season, look)

    news = [(one.what, list(one.news)) for one in ROUNDS]
    assert seen == {one: news for one in reader.formats if one != CANARY}
