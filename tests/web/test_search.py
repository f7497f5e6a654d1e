"""The search: its page, its feeds, and what becomes of queries that are none."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from aggregator import config
from aggregator.core.filters import parse_filter
from aggregator.errors import FilterError, SearchTooLongError
from aggregator.model import Story
from aggregator.web.searching import LAST_PAGE, PAGE, config_lines
from tests.builders import a_story, an_entry
from tests.web.asking import website
from tests.web.scenes import a_dam, a_flood, an_eventful_site
from tests.web.sites import FakeSite
from tests.web.test_pages import HOSTILE, links, words

ATOM = "{http://www.w3.org/2005/Atom}"


def many(number: int) -> FakeSite:
    """A site with so many stories about dams, the newest first."""
    told = [replace(a_dam(), id=f"2f0e4c1e-8a57-5d7c-9d3c-{one:012}") for one in range(number)]
    return FakeSite(told={story.id: story for story in told})


class SlowSite(FakeSite):
    """A site whose searches take too long."""

    def search(self, query: str, *, limit: int) -> Sequence[Story]:
        raise SearchTooLongError(timedelta(seconds=3)) from LookupError(query, limit)


async def got(site: FakeSite, path: str, **query: str) -> httpx.Response:
    async with website(site) as client:
        return await client.get(path, params=query or None)


# -- the page -----------------------------------------------------------------------------------------------


async def test_the_page_asks_for_a_filter() -> None:
    answer = await got(FakeSite(), "/search")

    (form,) = html.fromstring(answer.text).forms
    assert (form.action, form.method, form.fields["q"]) == ("search", "GET", "")
    assert "No story matches" not in answer.text


async def test_stories_are_shown_with_the_words_that_were_found() -> None:
    answer = await got(an_eventful_site(), "/search", q="dam*")

    page = html.fromstring(answer.text)
    assert page.xpath("//ol//h2//mark/text()") == ["Dam"]
    assert page.xpath("//ol/li/p/mark/text()") == ["dam", "dam"]
    assert page.forms[0].fields["q"] == "dam*"
    assert f"stories/{a_flood().id}" in links(answer.text)
    assert "Example News, Feed 2 and Feed 3 · 24 Nov 2026, 02:00" in words(answer.text)


async def test_a_search_offers_itself_as_feeds_and_as_config() -> None:
    answer = await got(an_eventful_site(), "/search", q='dam "gave way" R&D OR dam')

    asked = "q=dam%20%22gave%20way%22%20R%26D%20OR%20dam"
    assert {f"search.{suffix}?{asked}" for suffix in ("atom", "rss", "json")} <= set(links(answer.text))
    (found,) = html.fromstring(answer.text).xpath('//link[@rel="alternate"]/@href')
    assert found == f"search.atom?{asked}"
    (lines,) = html.fromstring(answer.text).xpath("//pre")
    assert "include: ['dam \"gave way\" R&D OR dam']" in lines.text_content()


async def test_a_search_that_finds_nothing_says_so() -> None:
    answer = await got(an_eventful_site(), "/search", q="xyzzy")

    assert (answer.status_code, "No story matches." in answer.text) == (200, True)


async def test_the_page_of_a_search_is_not_sent_twice() -> None:
    async with website(an_eventful_site()) as client:
        first = await client.get("/search?q=dam")
        again = await client.get("/search?q=dam", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code) == (200, 304)


@pytest.mark.parametrize(
    ("asked", "shown", "ways"),
    [
        ("1", PAGE, ["Older"]),
        ("2", PAGE, ["Newer", "Older"]),
        ("3", 5, ["Newer"]),
        ("4", 0, []),
        ("0", PAGE, ["Older"]),
        ("-1", PAGE, ["Older"]),
        ("one", PAGE, ["Older"]),
        ("9999", PAGE, ["Older"]),
    ],
)
async def test_a_page_shows_thirty_stories_and_the_way_on(asked: str, shown: int, ways: list[str]) -> None:
    answer = await got(many(2 * PAGE + 5), "/search", q="dam", page=asked)

    page = html.fromstring(answer.text)
    assert len(page.xpath('//ol[@class="items"]/li')) == shown
    assert page.xpath('//nav[@class="pages"]/a/text()') == ways


async def test_the_last_page_says_that_there_is_more() -> None:
    answer = await got(many(LAST_PAGE * PAGE + 1), "/search", q="dam", page="999")

    assert html.fromstring(answer.text).xpath('//nav[@class="pages"]/a/text()') == ["Newer"]
    assert "There are more; ask for less to see them." in answer.text


async def test_nothing_that_strangers_wrote_does_harm_in_a_search() -> None:
    story = a_story(
        an_entry(title=f"{HOSTILE} dam", summary=f"{HOSTILE} dam", feed_title=HOSTILE, lang=HOSTILE)
    )

    answer = await got(FakeSite(told={story.id: story}), "/search", q="dam OR img OR script")

    page = html.fromstring(answer.text)
    assert page.xpath("//script/@src") == ["search.js"]
    assert not page.xpath("//img | //*[@onerror]")
    assert set(page.xpath("//mark/text()")) == {"dam"}


async def test_nothing_that_is_typed_does_harm_in_the_page() -> None:
    for query in (HOSTILE, f"dam OR '{HOSTILE}'"):
        answer = await got(an_eventful_site(), "/search", q=query)

        assert html.fromstring(answer.text).xpath("//script/@src") == ["search.js"]


# -- mistakes -----------------------------------------------------------------------------------------------


async def test_a_mistake_is_shown_at_its_place_with_its_cure() -> None:
    answer = await got(an_eventful_site(), "/search", q="dam titel:x")

    page = html.fromstring(answer.text)
    assert answer.status_code == 400
    (shown,) = page.xpath('//p[@class="mistake"]')
    assert shown.findtext("code/mark") == "titel:x"
    assert "column 5: unknown field 'titel', did you mean 'title'?" in shown.text_content()
    assert page.forms[0].fields["q"] == "dam titel:x"


async def test_of_a_long_filter_the_place_of_the_mistake_is_shown() -> None:
    answer = await got(FakeSite(), "/search", q="dam " * 99 + "titel:x" + " dam" * 99)

    (code,) = html.fromstring(answer.text).xpath('//p[@class="mistake"]/code')
    shown = code.text_content()
    assert (shown[0], shown[-1], len(shown)) == ("…", "…", 122)
    assert code.findtext("mark").startswith("titel:x dam")


QUERIES = {
    "catastrophe": "/(a+)+$/",
    "a bare pattern": "(a+)+$",
    "brackets": "(" * 1000 + "a" + ")" * 1000,
    "ten thousand terms": " ".join("abc" for _ in range(10_000)),
    "as many as fit": " OR ".join(f"w{number}" for number in range(1_200)),
    "an operator": "AND",
    "a quote": '"',
    "nul": "\0",
    "nul in a word": "dam\0dam",
    "fts": 'stories_fts MATCH "dam" NEAR(a b) {title}:*',
    "fts column": "{title text}: dam",
    "sql": "'; DROP TABLE stories; --",
    "sql quoted": '"\' OR 1=1"',
    "direction": "\u202edam",
    "emoji": "🜚",
    "nothing": "  ",
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
async def test_every_query_gets_a_result_or_a_column(query: str) -> None:
    try:
        parse_filter(query)
        expected, said = 200, ""
    except FilterError as error:
        expected, said = 400, str(error)

    async with website(an_eventful_site()) as client:
        page = await client.get("/search", params={"q": query})
        feeds = [
            await client.get(f"/search.{suffix}", params={"q": query}) for suffix in ("atom", "rss", "json")
        ]

    assert page.status_code == (expected if query.strip() else 200)
    assert [feed.status_code for feed in feeds] == [expected] * 3
    assert all(said in feed.text for feed in feeds)


@pytest.mark.parametrize("raw", ["%ED%A0%80", "%FF%FE", "%00", "%"])
async def test_bytes_that_are_no_text_are_a_mistake_too(raw: str) -> None:
    async with website(an_eventful_site()) as client:
        answers = [await client.get(f"{path}?q={raw}") for path in ("/search", "/search.atom")]

    assert [answer.status_code for answer in answers] == [400, 400]


async def test_a_character_that_no_page_may_hold_is_told_by_its_number() -> None:
    answer = await got(an_eventful_site(), "/search", q="\0")

    assert html.fromstring(answer.text).findtext(".//mark") == "<U+0000>"
    assert "\0" not in answer.text


@pytest.mark.parametrize(
    ("number", "page", "told"),
    [
        (1, "1", "1 story, what came last first."),
        (PAGE + 1, "1", "The newest 30 stories, what came last first."),
        (PAGE + 2, "2", "Stories 31 to 32, what came last first."),
    ],
)
async def test_a_search_says_how_much_it_shows(number: int, page: str, told: str) -> None:
    answer = await got(many(number), "/search", q="dam", page=page)

    (said,) = html.fromstring(answer.text).xpath('//*[@role="status"]')
    assert said.text_content().strip() == told


async def test_a_search_without_an_end_is_told_and_tried_again_later() -> None:
    page, feed = await got(SlowSite(), "/search", q="/x/"), await got(SlowSite(), "/search.atom", q="/x/")

    assert (page.status_code, feed.status_code) == (503, 503)
    assert "took longer than 3 s" in words(page.text)
    assert html.fromstring(page.text).forms[0].fields["q"] == "/x/"
    assert feed.text.startswith("the search took longer than 3 s; ")
    assert page.headers["Retry-After"] == feed.headers["Retry-After"] == "10"


async def test_slow_searches_hold_up_no_other_page() -> None:
    begun, going_on = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    class BusySite(FakeSite):
        def search(self, query: str, *, limit: int) -> Sequence[Story]:
            loop.call_soon_threadsafe(begun.set)
            asyncio.run_coroutine_threadsafe(going_on.wait(), loop).result(10)
            return super().search(query, limit=limit)

    async with website(BusySite(), patience_seconds=0.2) as client, asyncio.TaskGroup() as group:
        slow = [group.create_task(client.get("/search?q=dam")) for _ in range(2)]
        await begun.wait()
        await asyncio.sleep(0.05)
        third, other = await client.get("/search?q=dam"), await client.get("/feeds")
        going_on.set()

    assert (third.status_code, other.status_code) == (503, 200)
    assert [task.result().status_code for task in slow] == [200, 200]


# -- the feeds ----------------------------------------------------------------------------------------------


async def test_a_search_is_a_feed_of_the_same_items_as_the_outputs() -> None:
    answer = await got(an_eventful_site(), "/search.atom", q='"gave way" dam*')

    feed = etree.fromstring(answer.content)
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert feed.findtext(f"{ATOM}title") == 'Search: "gave way" dam*'
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    assert ids == [f"urn:uuid:{a_dam().id}", f"urn:uuid:{a_flood().id}"]
    addresses = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    asked = "q=%22gave%20way%22%20dam%2A"
    assert addresses == {
        "self": f"https://news.example.net/search.atom?{asked}",
        "alternate": f"https://news.example.net/search?{asked}",
    }


async def test_each_search_is_a_feed_of_its_own() -> None:
    feeds = [etree.fromstring((await got(FakeSite(), "/search.atom", q=q)).content) for q in ("a", "b", "a")]

    one, two, again = (feed.findtext(f"{ATOM}id") for feed in feeds)
    assert one == again != two


async def test_a_feed_that_has_not_changed_is_not_sent_again() -> None:
    async with website(an_eventful_site()) as client:
        first = await client.get("/search.json?q=dam")
        again = await client.get("/search.json?q=dam", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code) == (200, 304)
    assert first.headers["Cache-Control"] == "max-age=60"
    assert len(json.loads(first.text)["items"]) == 2


@pytest.mark.parametrize("path", ["/search.pdf", "/search.html", "/search.", "/search/", "/searches"])
async def test_what_is_no_format_of_a_search_is_not_there(path: str) -> None:
    assert (await got(an_eventful_site(), path, q="dam")).status_code == 404


async def test_the_script_is_a_file() -> None:
    answer = await got(FakeSite(), "/search.js")

    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"


# -- lines for the config -----------------------------------------------------------------------------------


def included(query: str) -> str:
    """What the config says that includes the lines of this query."""
    text = f"feeds: [https://one.example.org/rss]\noutputs:\n{config_lines(query)}\n"
    (output,) = config.load_text(text, Path("aggregator.yaml"), {"HOME": "elsewhere"}).settings.outputs
    assert output.include is not None
    return output.include.source


@pytest.mark.parametrize(
    "query",
    [
        '"live blog"',
        "l'OTAN",
        "/a${2}/ x",
        '"${HOME}"',
        'title:nato "a: b" #x',
        "dam\n\nvalley",
        '"a\\b"\tx',
        "日本 洪水",
        "/\\d+/ 🜚x",
    ],
)
def test_a_filter_that_is_copied_says_the_same_in_the_config(query: str) -> None:
    assert included(query) == query


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=30))
def test_whatever_is_a_filter_can_be_copied(query: str) -> None:
    try:
        parse_filter(query)
    except FilterError:
        return

    assert included(query) == query
