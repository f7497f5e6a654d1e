"""Every page over what a hostile feed told: from its bytes through the store to those of the pages."""

from pathlib import Path

from lxml import html

from aggregator.core.formats.layout import SCRIPT
from aggregator.core.text import clean_text
from tests.app.alive import Running, has, running, until
from tests.cli.test_validity import HOSTILE, a_hostile_feed
from tests.http import WebServer, reply

WIDE = ("", "all.html", "feeds", "stats", "search?q=news*", "search?q=]]%3E%20--%F0%9F%98%80")


async def test_every_page_is_whole_whatever_a_feed_says(tmp_path: Path, web: WebServer) -> None:
    url = web.on("/feed.json", reply(200, a_hostile_feed()))

    async with running(tmp_path, url) as alive:
        await until(lambda: has(alive, len(HOSTILE)))
        items = (await alive.get("all.json")).json()["items"]
        told = [item["_aggregator"]["page"].partition(f":{alive.port}/")[2] for item in items]
        faults = [fault for path in (*WIDE, *told) for fault in await faults_of(alive, path)]

    assert len(told) == len(HOSTILE)
    assert all(path.startswith("stories/") for path in told)
    assert faults == []


async def faults_of(alive: Running, path: str) -> list[str]:
    """What is wrong with the page there: its status, its characters, what runs or is loaded, its size."""
    answer = await alive.get(path)
    page = html.fromstring(answer.text)
    foreign = "//script[not(@src='search.js' or @src='./live.js' or . = $ours)]"
    own = page.xpath(f"{foreign} | //img | //iframe | //@onerror | //a[not(@href)]", ours=SCRIPT)
    asked_for = [
        str(href) for href in page.xpath("//@href") if str(href).startswith(("javascript:", "data:"))
    ]
    right = {
        "answers 200, or 400 where it is asked for nonsense": answer.status_code in (200, 400),
        "has no character that XML forbids": clean_text(answer.text) == answer.text,
        "is UTF-8": answer.content.decode() == answer.text,
        "runs and loads nothing of the feed's": not own and not asked_for,
        "has one title and one main part": len(page.xpath("//head/title")) == len(page.xpath("//main")) == 1,
        "is of a size that a phone takes": len(answer.content) < 500_000,
    }
    return [f"/{path}: not so: {what}" for what, so in right.items() if not so]
