"""Live pages: what we serve has a script, what is published has none, and HTTP keeps them apart."""

import asyncio
import gzip
import re
from collections.abc import Mapping

import pytest

from aggregator.model import Rendered
from aggregator.web.scripted import front_version, live_tag, made_live, version_of
from tests.builders import NOON, a_rendered
from tests.web.asking import ask, website
from tests.web.scenes import a_published_site
from tests.web.sites import FakeSite

PAGE = a_rendered(
    "<head><title>&lt;/head></title></head><body></head></body>" + "x" * 500,
    content_type="text/html; charset=utf-8",
    etag='"one"',
    gzip_etag='"one-gzip"',
    last_modified=NOON,
    links='<https://news.example.net/security.atom>; rel="alternate"',
)


def test_the_script_stands_at_the_end_of_the_head_and_names_page_and_version() -> None:
    made = made_live("tag/a&b.html", PAGE)

    tag = '<script src="../live.js" data-page="tag/a&amp;b.html" data-version="one" defer></script>\n'
    assert made.body == PAGE.body.replace(b"</head>", tag.encode() + b"</head>", 1)
    assert gzip.decompress(made.gzipped) == made.body


def test_what_http_says_of_it_is_the_same_but_for_the_tags() -> None:
    made = made_live("security.html", PAGE)

    assert (made.content_type, made.last_modified, made.links) == (PAGE.content_type, NOON, PAGE.links)
    assert len({made.etag, made.gzip_etag, PAGE.etag, PAGE.gzip_etag}) == 4


def test_nothing_that_stands_in_an_address_becomes_markup() -> None:
    assert live_tag('"><script>', '"', "../").count("<") == 2


@pytest.mark.parametrize(("path", "version"), [("security.html", "one"), ("tag/x.html", None), ("", None)])
def test_the_version_of_a_page_is_its_etag(path: str, version: str | None) -> None:
    assert version_of({"security.html": PAGE}, path) == version


@pytest.mark.parametrize(
    ("snapshot", "same"),
    [
        ({"a.html": PAGE, "a.atom": PAGE}, True),
        ({"a.html": PAGE, "a.atom": a_rendered(etag='"other"')}, True),
        ({"a.html": a_rendered(etag='"other"'), "a.atom": PAGE}, False),
        ({"a.html": PAGE, "b.html": PAGE, "a.atom": PAGE}, False),
        ({}, False),
    ],
    ids=["the same", "another feed", "another page", "a page more", "nothing"],
)
def test_the_front_page_has_another_version_when_a_page_has(
    snapshot: Mapping[str, Rendered], same: bool
) -> None:
    assert (front_version(snapshot) == front_version({"a.html": PAGE, "a.atom": PAGE})) is same


async def test_a_page_is_asked_for_again_by_its_own_tag() -> None:
    async with website(FakeSite(published={"security.html": PAGE})) as client:
        first = await client.get("/security.html")
        held = {"If-None-Match": first.headers["ETag"]}
        again = await client.get("/security.html", headers=held)
        published = await client.get("/security.html", headers={"If-None-Match": PAGE.gzip_etag})

    assert b"live.js" in first.content
    assert first.headers["Content-Encoding"] == "gzip"
    assert [first.status_code, again.status_code, published.status_code] == [200, 304, 200]


async def test_many_who_ask_for_a_new_page_at_once_all_get_it() -> None:
    site = FakeSite(published={"security.html": PAGE})
    async with website(site) as client:
        before = await asyncio.gather(*(client.get("/security.html") for _ in range(20)))
        site.published = {"security.html": made_live("x.html", PAGE)}
        after = await asyncio.gather(*(client.get("/security.html") for _ in range(20)))

    assert len({answer.content for answer in before}) == len({answer.content for answer in after}) == 1
    assert before[0].content != after[0].content


@pytest.mark.parametrize("path", ["/security.json", "/feeds", "/stats", "/nothing"])
async def test_other_addresses_have_no_script(path: str) -> None:
    assert "live.js" not in (await ask(path, a_published_site())).text


async def test_the_front_page_has_the_script_with_its_version() -> None:
    site = a_published_site()

    text = (await ask("/", site)).text

    (version,) = re.findall(
        r'<script src="./live.js" data-page="" data-version="(\w+)" defer></script>', text
    )
    assert version == front_version(site.snapshot())


async def test_the_script_is_a_file() -> None:
    answer = await ask("/live.js")

    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
