"""The archive of an output, as a reader finds it that was away for long. On a real store."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from aggregator.core.filters import parse_filter
from aggregator.core.settings import FeedSettings
from aggregator.model import Group, Story
from aggregator.publish import search_output
from tests.builders import NOON
from tests.grammar.judges import faults
from tests.press import FEED, HOUR, Press, a_press, output, story

BASE = "http://127.0.0.1:8080/"
LEADS_ON = {
    "atom": rb'<link rel="prev-archive" href="http://127.0.0.1:8080/([^"]+)\.atom"/>',
    "rss": rb'<atom:link rel="prev-archive" href="http://127.0.0.1:8080/([^"]+)\.rss"/>',
    "json": rb'"next_url": "http://127.0.0.1:8080/([^"]+)\.json"',
}
TITLES = {
    "atom": rb"<title>(News \d+)</title>",
    "rss": rb"<title>(News \d+)</title>",
    "json": rb'"title": "(News \d+)"',
}


@pytest.fixture
async def press(tmp_path: Path) -> AsyncIterator[Press]:
    async with a_press(tmp_path) as ready:
        yield ready


def older(suffix: str, body: bytes) -> str:
    """The address that leads on to what is older; empty where none does."""
    found = re.search(LEADS_ON[suffix], body)
    return found[1].decode() if found else ""


def archived(press: Press, address: str, suffix: str = "atom") -> bytes:
    path, _, name = address.partition(".archive-")
    page = press.publisher.archive(path, name, suffix)
    assert page
    return page.body


@pytest.mark.parametrize("suffix", LEADS_ON)
async def test_a_reader_that_was_away_misses_nothing(press: Press, suffix: str) -> None:
    await press.tell(*(story(number) for number in range(400)))  # an hour apart
    await press.refresh(output(limit=10))

    body = press.publisher.snapshot[f"all.{suffix}"].body
    found = re.findall(TITLES[suffix], body)
    while address := older(suffix, body):
        body = archived(press, address, suffix)
        assert faults(suffix, body) == []
        assert suffix == "json" or b'rel="current"' in body
        assert suffix == "json" or (b"<fh:archive/>" in body) is bool(older(suffix, body))
        found += re.findall(TITLES[suffix], body)

    assert found == [f"News {number}".encode() for number in range(399, -1, -1)]


async def test_an_archive_has_the_id_of_its_output_and_an_address_of_its_own(press: Press) -> None:
    await press.tell(*(story(number) for number in range(5)))
    await press.refresh(output(limit=2))
    body = press.publisher.snapshot["all.atom"].body
    address = older("atom", body)

    page = archived(press, address)

    assert re.findall(b"<id>(.*?)</id>", page)[0] == re.findall(b"<id>(.*?)</id>", body)[0]
    assert (
        f'rel="self" type="application/atom+xml" href="http://127.0.0.1:8080/{address}.atom"'.encode() in page
    )
    assert b'rel="alternate" type="text/html" href="http://127.0.0.1:8080/all.html"' in page


async def test_a_page_keeps_its_bytes_while_news_comes_in_and_over_a_restart(press: Press) -> None:
    await press.tell(*(story(number) for number in range(30)))
    await press.refresh(output(limit=10))
    address = older("atom", press.publisher.snapshot["all.atom"].body)
    before = archived(press, address)

    await press.tell(*(story(number) for number in range(30, 60)))
    press.now = NOON + 100 * HOUR
    press.publisher = press.another()
    await press.refresh(output(limit=10))

    assert older("atom", press.publisher.snapshot["all.atom"].body) != address
    assert archived(press, address) == before


async def test_an_output_that_shows_all_leads_nowhere(press: Press) -> None:
    await press.tell(story(1), story(2))
    await press.refresh(output())

    assert b"prev-archive" not in press.publisher.snapshot["all.atom"].body


def with_a_uuid(one: Story, story_id: str) -> Story:
    """The story under an id that an event's id can be made of."""
    entries = tuple(replace(entry, story_id=story_id) for entry in one.entries)
    return replace(one, id=story_id, entries=entries)


async def test_events_have_an_archive_too(press: Press) -> None:
    await press.tell(*(with_a_uuid(story(number), str(UUID(int=number))) for number in range(4)))
    await press.refresh(output(limit=1, group=Group.EVENT))

    address = older("atom", press.publisher.snapshot["all.atom"].body)

    assert re.findall(TITLES["atom"], archived(press, address)) == [b"News 2", b"News 1", b"News 0"]


async def test_a_tag_has_an_archive_too(press: Press) -> None:
    await press.tell(*(story(number, "europe") for number in range(102)))
    await press.refresh(output(), feeds=(FeedSettings(url=FEED, tags=("europe",)),))

    address = older("atom", press.publisher.snapshot["tag/europe.atom"].body)

    assert address.startswith("tag/europe.archive-2026-W")
    assert re.findall(TITLES["atom"], archived(press, address)) == [b"News 1", b"News 0"]


@pytest.mark.parametrize(
    ("path", "name", "suffix"),
    [
        ("all", "2026-W48-1-3", "html"),
        ("all", "2026-W01-1-3", "atom"),
        ("all", "everything", "atom"),
        ("none", "2026-W48-1-3", "atom"),
    ],
)
async def test_what_is_not_there_is_none(press: Press, path: str, name: str, suffix: str) -> None:
    await press.tell(*(story(number) for number in range(5)))
    await press.refresh(output(limit=2))

    assert press.publisher.archive(path, name, suffix) is None


async def test_an_archive_from_which_stories_went_is_shorter(press: Press) -> None:
    await press.tell(*(story(number) for number in range(5)))
    await press.refresh(output(limit=2))
    address = older("atom", press.publisher.snapshot["all.atom"].body)

    await press.store.sweep(held_before=NOON + 1000 * HOUR, forget_before=NOON)
    await press.refresh(output(limit=2))

    path, _, name = address.partition(".archive-")
    assert press.publisher.archive(path, name, "atom") is None


async def test_what_is_made_when_it_is_asked_for_is_dated_then(press: Press) -> None:
    """A story may come with an old date, or go: by the newest date alone nobody would notice."""
    await press.tell(*(story(number, "rare") for number in range(5)))
    await press.refresh(output(limit=2))
    path, _, name = older("atom", press.publisher.snapshot["all.atom"].body).partition(".archive-")
    press.now = NOON + 100 * HOUR

    page, tag = press.publisher.archive(path, name, "atom"), press.publisher.tag_output("rare", "atom")

    assert page
    assert tag
    assert [page.last_modified, tag.last_modified] == [press.now] * 2
    assert search_output(parse_filter("abc"), (), "rss", BASE, NOON).last_modified == NOON


async def test_an_output_names_its_forms_in_a_header(press: Press) -> None:
    await press.tell(story(1, "日本"))
    await press.refresh(output(), feeds=(FeedSettings(url=FEED, tags=("日本",)),))

    tag = press.publisher.snapshot["tag/日本.rss"].links

    address = f"{BASE}tag/%E6%97%A5%E6%9C%AC"
    assert tag.split(", ") == [
        f'<{address}.atom>; rel="alternate"; type="application/atom+xml"',
        f'<{address}.rss>; rel="self"; type="application/rss+xml"',
        f'<{address}.json>; rel="alternate"; type="application/feed+json"',
        f'<{address}.html>; rel="alternate"; type="text/html"',
    ]


def test_a_header_that_no_client_would_take_is_left_out() -> None:
    short, long = (parse_filter(" ".join(["abc"] * times)) for times in (10, 1_000))

    assert "search.rss?q=abc%20abc" in search_output(short, (), "rss", BASE, NOON).links
    assert search_output(long, (), "rss", BASE, NOON).links == ""
