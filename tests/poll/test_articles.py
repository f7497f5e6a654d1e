"""The pages of one poll: asked for politely, within bounds, and never at the cost of news."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from itertools import pairwise

import pytest

from aggregator.core.full_text import Pages, Want
from aggregator.core.settings import PollSettings
from aggregator.fetch import Fetcher
from aggregator.model import ParsedEntry, ParsedFeed, Request, Validators
from aggregator.poll import Articles
from tests.builders import a_parsed_entry, a_parsed_feed
from tests.http import LOOPBACK, Script, WebServer, reply, serving
from tests.newsroom import DirectParser
from tests.pages import CONSENT, a_page

PAGE = reply(200, a_page(), content_type="text/html")
AT_HOME = (*LOOPBACK, "news.example.org")
"""the feed's host is one of the list's, or its links would not lead to this machine"""
POLLING = PollSettings(allow_private=AT_HOME, host_gap=timedelta(0))


@pytest.fixture
async def web() -> AsyncIterator[WebServer]:
    async with serving() as server:
        yield server


def on(web: WebServer, *answers: bytes | Script) -> tuple[ParsedEntry, ...]:
    """An entry for each of these pages."""
    return tuple(
        a_parsed_entry(guid=str(number), url=web.on(f"/2026/{number}", answer))
        for number, answer in enumerate(answers)
    )


async def read(
    *asked: ParsedEntry,
    left: tuple[ParsedEntry, ...] = (),
    patience: float = 30,
    headers: Mapping[str, str] | None = None,
    polling: PollSettings = POLLING,
    feed_url: str = "https://news.example.org/rss",
) -> ParsedFeed:
    """The document of these entries, with what their pages gave."""
    request = Request(
        url=feed_url, validators=Validators('"feed"'), validators_url=feed_url, headers=headers or {}
    )
    async with Fetcher(polling) as fetcher:
        articles = Articles(
            fetcher=fetcher, parser=DirectParser(), request=request, patience=timedelta(seconds=patience)
        )
        pages = Pages(tuple(map(Want, asked)), tuple(map(Want, left)))
        return await articles.into(a_parsed_feed(*asked, *left, problems=("a date",)), pages)


def fuller(parsed: ParsedFeed) -> list[str | None]:
    """The guids of the entries with their page's text."""
    return [one.guid for one in parsed.entries if one.own_text_key is not None]


async def test_each_entry_gets_its_pages_text(web: WebServer) -> None:
    parsed = await read(*on(web, PAGE, PAGE))

    assert fuller(parsed) == ["0", "1"]
    assert "gave way early on Tuesday" in parsed.entries[0].content
    assert parsed.problems == ("a date",)


async def test_a_page_is_asked_for_as_a_page_and_without_the_feeds_validators(web: WebServer) -> None:
    (entry,) = on(web, reply(302, location="/elsewhere"))
    web.on("/elsewhere", PAGE)

    await read(entry, headers={"Accept": "application/rss+xml", "X-Key": "1"}, feed_url=web.url + "/rss")

    assert [one.headers["accept"][:9] for one in web.asked] == [b"text/html"] * 2
    assert not any(one.headers.keys() & {"if-none-match", "cookie", "referer"} for one in web.asked)


@pytest.mark.parametrize("own_site", [True, False])
async def test_the_feeds_own_headers_go_to_its_own_site_alone(web: WebServer, own_site: bool) -> None:
    entries = on(web, PAGE)
    feed_url = web.url + "/rss" if own_site else "https://news.example.org/rss"

    await read(*entries, headers={"X-Key": "1"}, feed_url=feed_url)

    assert ("x-key" in web.asked[0].headers) is own_site


async def test_pages_of_one_host_keep_the_pause_between_requests(web: WebServer) -> None:
    polling = PollSettings(allow_private=AT_HOME, host_gap=timedelta(seconds=0.2))

    await read(*on(web, PAGE, PAGE, PAGE), polling=polling)

    times = [one.at for one in web.asked]
    assert min(after - before for before, after in pairwise(times)) >= 0.19
    assert web.most_at_once == 1


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (reply(404), "HTTP 404 Not Found"),
        (reply(200, b"%PDF-1.7", content_type="application/pdf"), "this is application/pdf, not a web page"),
        (
            reply(200, a_page("<p>Subscribe to read on.</p>"), content_type="text/html"),
            "the page has no more of the article than the feed",
        ),
        (
            reply(200, a_page(CONSENT, title="Before you continue"), content_type="text/html"),
            "the page has no more of the article than the feed",
        ),
    ],
    ids=["not there", "a PDF", "less text", "a consent form"],
)
async def test_a_page_that_gives_nothing_leaves_the_feeds_own_text_and_is_told(
    web: WebServer, answer: bytes, why: str
) -> None:
    entries = on(web, answer, PAGE, answer)

    parsed = await read(*entries)

    assert fuller(parsed) == ["1"]
    assert (parsed.entries[0], parsed.entries[2]) == (entries[0], entries[2])
    assert parsed.problems == (f"2 entries without full text: 2 × {why}", "a date")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (reply(429, retry_after="60"), "HTTP 429 Too Many Requests"),
        (reply(429), "HTTP 429 Too Many Requests"),
        (reply(503), "HTTP 503 Service Unavailable"),
        (reply(403, retry_after="60"), "HTTP 403 Forbidden"),
    ],
)
async def test_a_host_that_refuses_is_left_alone_and_others_are_not(
    web: WebServer, answer: bytes, why: str
) -> None:
    async with serving() as other:
        entries = (*on(web, answer, PAGE, PAGE), a_parsed_entry(guid="other", url=other.on("/2026/1", PAGE)))

        parsed = await read(*entries)

    assert fuller(parsed) == ["other"]
    assert len(web.asked) == 1
    assert parsed.problems[0] == (
        f"3 entries without full text: 2 × 127.0.0.1:{web.port} is left alone after a refusal, 1 × {why}"
    )


async def test_a_host_that_does_not_answer_is_left_alone(web: WebServer) -> None:
    entries = on(web, PAGE, PAGE)
    dead = tuple(
        a_parsed_entry(guid=f"dead-{number}", url=f"http://127.0.0.1:1/{number}") for number in (1, 2)
    )

    parsed = await read(*dead, *entries)

    assert fuller(parsed) == ["0", "1"]
    assert parsed.problems[0] == (
        "2 entries without full text: "
        "1 × 127.0.0.1:1 refuses the connection, 1 × 127.0.0.1:1 is left alone after a refusal"
    )


async def test_when_the_time_is_over_the_rest_goes_in_as_it_is(web: WebServer) -> None:
    async def for_ever(_: asyncio.StreamWriter) -> None:
        await asyncio.sleep(5)

    entries = on(web, PAGE, for_ever, PAGE)
    began = time.monotonic()

    parsed = await read(*entries, patience=0.5)

    assert time.monotonic() - began < 3
    assert fuller(parsed) == ["0"]
    assert parsed.problems[0] == "2 entries without full text: 2 × the 0.5 s for pages were over"


async def test_what_is_beyond_the_bounds_of_a_poll_is_not_asked_for(web: WebServer) -> None:
    entries = on(web, PAGE, PAGE)

    parsed = await read(entries[0], left=entries[1:])

    assert [one.path for one in web.asked] == ["/2026/0"]
    assert parsed.problems[0] == "1 entry without full text: 1 × only 20 pages are asked for in one poll"


async def test_links_of_a_page_that_moved_are_those_of_where_it_is(web: WebServer) -> None:
    (entry,) = on(web, reply(302, location="/news/world/dam.html"))
    web.on("/news/world/dam.html", PAGE)

    parsed = await read(entry)

    assert f'href="{web.url}/news/map.html"' in parsed.entries[0].content
