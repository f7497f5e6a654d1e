"""A running daemon with a private output: who knows the token reads it, and nothing says it."""

import logging
from pathlib import Path

import pytest

from tests.app.alive import running, until
from tests.http import WebServer, reply
from tests.newsroom import an_item, an_rss

TOKEN = "0123456789-abcdef"
OUTPUTS = f"outputs:\n  - {{name: all}}\n  - {{name: hushed, token: {TOKEN}}}\n"


async def test_the_token_opens_its_output_and_stands_nowhere_else(
    web: WebServer, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    url = web.on("/rss", reply(200, an_rss(an_item(1))))

    async with running(tmp_path, url, more=OUTPUTS) as alive:

        async def is_there() -> bool:
            found = await alive.get(f"private/{TOKEN}/hushed.json")
            return bool(found.json()["items"]) if found.status_code == 200 else False

        await until(is_there)
        item = (await alive.get(f"private/{TOKEN}/hushed.json")).json()["items"][0]
        story = item["id"].removeprefix("urn:uuid:")
        pages = [(await alive.get(path)).text for path in ("", "feeds", f"stories/{story}", "hushd.atom")]
        others = [(await alive.get(path)).status_code for path in ("hushed.atom", "private/x/hushed.atom")]

    ours = [one.getMessage() for one in caplog.records if not one.name.startswith("http")]  # our own client
    assert others == [404, 404]
    assert not [page for page in pages if "hushed" in page or TOKEN in page]
    assert TOKEN not in "".join((*ours, *capfd.readouterr()))
    assert ours
