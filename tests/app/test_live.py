"""A running daemon and somebody who listens: he hears of news, and the files stay free of scripts."""

import asyncio
from pathlib import Path

import httpx

from tests.app.alive import PATIENCE, running
from tests.http import WebServer, reply
from tests.newsroom import an_item, an_rss


async def test_who_listens_hears_of_news_and_of_the_stop(web: WebServer, tmp_path: Path) -> None:
    url = web.on("/rss", reply(200, an_rss(an_item(1))))
    async with asyncio.timeout(3 * PATIENCE), httpx.AsyncClient(trust_env=False, timeout=None) as client:
        async with running(tmp_path) as alive:
            address = f"http://127.0.0.1:{alive.port}/live?page=all.html"
            listening = client.stream("GET", address)
            lines = (await listening.__aenter__()).aiter_lines()
            alive.write(url)

            heard = [await anext(lines)]
            while not heard[-1].startswith("id: "):
                heard.append(await anext(lines))

            file = (tmp_path / "data/public/all.html").read_text()
            served = (await alive.get("all.html")).text
        rest = [line async for line in lines]  # ends as it should, or this raises
        await listening.__aexit__(None, None, None)

    assert "live.js" not in file
    assert served.count("live.js") == 1
    assert "News number 1 of today" in served
    assert set(rest) <= {"data: changed", "", ":"}
