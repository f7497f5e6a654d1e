"""Which addresses are asked for a feed, in which order, and what is believed."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from aggregator.errors import NoFeedError
from aggregator.model import Answer, Request
from aggregator.setup import Found, find_feeds
from aggregator.setup.finding import MAX_POINTED_TO
from tests.newsroom import DirectParser, a_body, an_item, an_rss

REPOSITORY = "https://github.com/someone/thing"
A_FEED = an_rss(an_item(1))


@dataclass
class Web:
    """Answers by address; one that has no answer is not found, and hosts that are `dead` say nothing."""

    pages: dict[str, bytes | Answer]
    dead: tuple[str, ...] = ()
    asked: list[str] = field(default_factory=list)

    async def get(self, request: Request) -> Answer:
        self.asked.append(request.url)
        if request.url.startswith(self.dead):
            return Answer(url=request.url, error="refuses the connection")
        page = self.pages.get(request.url)
        if page is None:
            return Answer(url=request.url, status=404, error="HTTP 404 Not Found")
        return page if isinstance(page, Answer) else Answer(url=request.url, status=200, body=a_body(page))


async def found_in(web: Web, typed: str) -> list[str]:
    found: tuple[Found, ...] = await find_feeds(typed, web, DirectParser())
    return [one.url for one in found]


async def test_what_is_known_of_a_site_is_asked_before_what_its_page_says() -> None:
    page = b'<html><link rel="feed" href="/elsewhere"></html>'
    web = Web(
        {REPOSITORY: page, f"{REPOSITORY}/releases.atom": an_rss(), f"{REPOSITORY}/commits.atom": A_FEED}
    )

    assert await found_in(web, REPOSITORY) == [f"{REPOSITORY}/commits.atom", f"{REPOSITORY}/releases.atom"]
    assert web.asked == [REPOSITORY, f"{REPOSITORY}/releases.atom", f"{REPOSITORY}/commits.atom"]


async def test_a_page_that_is_refused_is_no_obstacle_on_a_known_site() -> None:
    web = Web({f"{REPOSITORY}/commits.atom": A_FEED})

    assert await found_in(web, REPOSITORY) == [f"{REPOSITORY}/commits.atom"]


async def test_a_page_that_redirects_away_still_counts_by_the_address_that_was_typed() -> None:
    away = Answer(url="https://consent.example/", status=200, body=a_body(b"<html></html>"))
    web = Web({REPOSITORY: away, f"{REPOSITORY}/commits.atom": A_FEED})

    assert await found_in(web, REPOSITORY) == [f"{REPOSITORY}/commits.atom"]


async def test_http_is_tried_where_nobody_answers_https_and_not_else() -> None:
    web = Web({"http://a.example/": A_FEED}, dead=("https:",))

    assert await found_in(web, "a.example") == ["http://a.example/"]
    with pytest.raises(NoFeedError, match="HTTP 404"):
        await found_in(answering := Web({"http://a.example/": A_FEED}), "a.example")
    assert answering.asked[1] == "https://a.example/feed"


async def test_a_page_that_names_hundreds_is_asked_for_a_few() -> None:
    links = "".join(f'<link rel="feed" href="/{number}">' for number in range(100))
    web = Web({"https://a.example/": f"<html>{links}</html>".encode()})

    with pytest.raises(NoFeedError, match="an HTML page, not a feed"):
        await found_in(web, "https://a.example/")

    assert [url for url in web.asked if url[-1].isdigit()] == [
        f"https://a.example/{number}" for number in range(MAX_POINTED_TO)
    ]


async def test_two_addresses_of_one_feed_are_one() -> None:
    page = b'<html><link rel="feed" href="/a"><link rel="feed" href="/b"></html>'
    moved = Answer(url="https://a.example/b", status=200, body=a_body(A_FEED), moved_to="https://a.example/b")
    web = Web({"https://a.example/": page, "https://a.example/a": moved, "https://a.example/b": A_FEED})

    assert await found_in(web, "https://a.example/") == ["https://a.example/b"]


async def test_a_host_that_asks_us_to_wait_is_not_asked_further() -> None:
    busy = Answer(url="https://a.example/", status=503, error="HTTP 503", retry_after=timedelta(minutes=2))
    web = Web({"https://a.example/": busy})

    with pytest.raises(NoFeedError, match=r"a\.example asks to be left alone for 2 min"):
        await found_in(web, "https://a.example/")

    assert web.asked == ["https://a.example/"]


async def test_a_list_of_feeds_is_told_as_such_and_its_site_is_not_searched() -> None:
    web = Web({"https://a.example/opml": b"<opml><body/></opml>", "https://a.example/feed": A_FEED})

    with pytest.raises(NoFeedError, match="an OPML list of feeds, not a feed; write '- opml: ADDRESS'"):
        await found_in(web, "https://a.example/opml")

    assert web.asked == ["https://a.example/opml"]
