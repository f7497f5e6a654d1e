"""What a running daemon answers the pages: searches, and why outputs show what they show."""

from datetime import timedelta
from pathlib import Path

import pytest
import regex
from lxml import html

from aggregator.app.showing import _patient
from aggregator.config import read_opml
from aggregator.errors import SearchTooLongError
from tests.app.alive import has, running, until
from tests.http import WebServer, reply
from tests.newsroom import an_item, an_rss

RULES = """
filters: {fuel: [gas, oil]}
tags: {energy: [gas, -gas]}
outputs:
  - {name: all, title: All, limit: 2}
"""


async def test_a_running_daemon_is_searched_and_says_why(web: WebServer, tmp_path: Path) -> None:
    titles = ("Gas prices fall", "Dam bursts over gas", "Gas is dear")
    items = (an_item(number, title=title) for number, title in enumerate(titles))
    url = web.on("/rss", reply(200, an_rss(*items)))

    async with running(tmp_path, url, more=RULES) as alive:
        await until(lambda: has(alive, 2))
        shown = await alive.ids()
        found = await alive.get("search.json?q=@fuel")
        page = html.fromstring((await alive.get("search?q=@fuel")).text)
        ids = [item["id"].removeprefix("urn:uuid:") for item in found.json()["items"]]
        (left_out,) = set(ids) - set(shown)
        story = html.fromstring((await alive.get(f"stories/{left_out}")).text)

    assert len(ids) == 3
    assert set(shown) < set(ids)
    assert page.xpath('//ol[@class="items"]//h2//mark/text()') == ["Gas", "gas", "Gas"]
    (outputs,) = story.xpath('//section[@aria-labelledby="verdicts"]')
    assert "leaves it out beyond the first 2 (limit)" in " ".join(outputs.text_content().split())
    (tags,) = story.xpath('//section[@aria-labelledby="tags"]')
    told = " ".join(tags.text_content().split())
    assert 'The whole rule true (gas) OR (-gas) true gas — "Gas" in the title false -gas true gas' in told


async def test_a_running_daemon_leads_on_to_what_it_shows_no_more(web: WebServer, tmp_path: Path) -> None:
    url = web.on("/rss", reply(200, an_rss(*(an_item(number) for number in range(5)))))

    async with running(tmp_path, url, more="outputs: [{name: all, title: All, limit: 2}]\n") as alive:
        await until(lambda: has(alive, 2))
        first = await alive.get("all.json")
        older = await alive.get(first.json()["next_url"].partition(f":{alive.port}/")[2])

    titles = {item["title"] for page in (first, older) for item in page.json()["items"]}
    assert titles == {f"News number {number} of today" for number in range(5)}
    assert "next_url" not in older.json()
    assert first.headers["Cache-Control"] == "max-age=0"  # polls may be a second apart here
    assert older.headers["Cache-Control"] == "max-age=86400"


async def test_a_running_daemon_counts_what_came(web: WebServer, tmp_path: Path) -> None:
    items = (an_item(number, title=title) for number, title in enumerate(("Gas prices fall", "Gas is dear")))
    url = web.on("/rss", reply(200, an_rss(*items)))

    async with running(tmp_path, url, more=RULES) as alive:
        await until(lambda: has(alive, 2))
        stats = html.fromstring((await alive.get("stats")).text)
        feeds = html.fromstring((await alive.get("feeds")).text)

    assert stats.xpath('//ul[@class="tiles"]//b/text()')[:2] == ["2", "0"]
    assert stats.xpath('//table[@class="bars"]//th[@scope="row"]//text()')[-1] == "Example News"
    assert stats.xpath('//table[@class="bars"]//th/a/text()') == ["energy"]
    assert "1 with news" in feeds.xpath("//svg/title/text()")[0]


def test_the_patterns_of_one_search_have_one_time_together() -> None:
    pattern = regex.compile("a")

    assert _patient(timedelta(seconds=9))(pattern, "a") == ("a",)
    with pytest.raises(SearchTooLongError, match="the search took longer than 0 s"):
        _patient(timedelta(0))(pattern, "a")


async def test_a_running_daemon_lists_its_sources_for_other_readers(web: WebServer, tmp_path: Path) -> None:
    url = web.on("/rss?a=1&b=2", reply(200, an_rss(an_item(1))))
    secret = url.replace("//", "//me:hidden@")

    async with running(tmp_path, secret) as alive:
        await until(lambda: has(alive, 1))
        listed = await alive.get("feeds.opml")

    feeds, faults = read_opml(listed.content, "feeds.opml")
    assert [(feed.url, feed.title, feed.auth) for feed in feeds] == [(url, "Example News", None)]
    assert not faults
