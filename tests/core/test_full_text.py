"""Which pages are asked for, and what of them becomes an entry's text."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aggregator.core import full_text
from aggregator.core.full_text import MAX_AGAIN, MAX_PAGES, Want, kept, own_text_key, told
from aggregator.model import Article, Entry, Known, ParsedEntry
from tests.builders import NOON, a_feed, a_parsed_entry, a_parsed_feed, an_entry
from tests.pages import CONSENT, STORY

PAGE = Article(content=STORY)
OWN = "<p>Thousands were told to leave their homes on Tuesday after a dam gave way.</p>"


def said(number: int = 1, **changes: Any) -> ParsedEntry:
    """One of several entries, each with a page of its own."""
    url = f"https://news.example.org/2026/11/24/{number}"
    return a_parsed_entry(**{"guid": f"guid-{number}", "url": url, "summary": OWN, **changes})


def stored(one: ParsedEntry, **changes: Any) -> Entry:
    """The same entry as a store has it."""
    return an_entry(
        uid=one.guid,
        guid=one.guid,
        url=one.url,
        title=one.title,
        summary=one.summary,
        content=one.content,
        **changes,
    )


def asked(*entries: ParsedEntry, known: tuple[Entry, ...] = ()) -> list[str | None]:
    """The guids of those whose page is asked for."""
    found = full_text.pages(
        a_parsed_feed(*entries), Known(feed=a_feed(), mine=known), lambda _: True, now=NOON
    )
    return [want.said.guid for want in found.asked]


class TestPages:
    def test_new_entries_are_asked_for_the_newest_first(self) -> None:
        old, new = (said(number, published_at=NOON - timedelta(days=10 - number)) for number in (1, 2))

        assert asked(old, said(3, published_at=None), new) == ["guid-3", "guid-2", "guid-1"]

    def test_without_dates_the_order_is_that_of_the_document(self) -> None:
        assert asked(said(3, published_at=None), said(1, published_at=None)) == ["guid-3", "guid-1"]

    def test_an_entry_that_is_known_is_not_asked_for_again(self) -> None:
        assert asked(said(1), said(2), known=(stored(said(1)),)) == ["guid-2"]

    def test_an_entry_with_its_pages_text_is_not_asked_for_while_its_feed_says_the_same(self) -> None:
        has_text = stored(said(1, content=STORY), own_text_key=own_text_key(said(1)))

        assert asked(said(1), known=(has_text,)) == []

    @pytest.mark.parametrize(
        ("text", "again"),
        [
            (f"<p>Correction: two bridges are gone. {OWN}</p>", True),
            (OWN.replace("Tuesday", "Wednesday"), True),
            (f"<div><b>{OWN}</b></div>", False),
            (f"{OWN} 12", False),
        ],
        ids=["more", "another word", "markup", "a counter"],
    )
    def test_an_entry_that_is_told_in_other_words_is_asked_for_again(self, text: str, again: bool) -> None:
        has_text = stored(said(1, content=STORY), own_text_key=own_text_key(said(1)))

        assert asked(said(1, summary=text), known=(stored(said(1)),)) == ["guid-1"] * again
        assert asked(said(1, summary=text), known=(has_text,)) == ["guid-1"] * again

    def test_an_entry_that_its_feed_will_not_take_in_is_left_alone(self) -> None:
        found = full_text.pages(
            a_parsed_feed(said(1), said(2)), Known(feed=a_feed()), lambda one: one.guid == "guid-2", now=NOON
        )

        assert [want.said.guid for want in found.asked] == ["guid-2"]

    @pytest.mark.parametrize("url", [None, "https://news.example.org/", "https://news.example.org/live"])
    def test_a_link_that_is_no_entrys_own_is_left_alone(self, url: str | None) -> None:
        one, two = said(1, url=url), said(2, url=url and f"{url}?utm_source=rss")

        assert asked(one, two, said(3)) == ["guid-3"]

    def test_one_poll_asks_for_so_many_and_for_few_of_them_again(self) -> None:
        new = [said(number) for number in range(MAX_PAGES - 2)]
        again = [said(100 + number, summary="<p>Now told in other words.</p>") for number in range(9)]
        known = tuple(stored(replace(one, summary=OWN)) for one in again)

        found = full_text.pages(
            a_parsed_feed(*again, *new), Known(feed=a_feed(), mine=known), lambda _: True, now=NOON
        )
        only_again = full_text.pages(
            a_parsed_feed(*again), Known(feed=a_feed(), mine=known), lambda _: True, now=NOON
        )

        assert [want.said for want in found.asked] == [*new, *again[:2]]
        assert [want.said for want in found.left] == again[2:5] + again[5:]
        assert (len(only_again.asked), len(only_again.left)) == (MAX_AGAIN, 9 - MAX_AGAIN)


class TestTold:
    def test_the_pages_text_is_the_content_and_the_feeds_own_the_summary(self) -> None:
        own = said(summary="", content=OWN)

        after = told(Want(own), PAGE)

        assert (after.summary, after.content, after.own_text_key) == (OWN, STORY, own_text_key(own))

    def test_the_feeds_own_summary_stays_beside_the_pages_text(self) -> None:
        after = told(Want(said(summary="<p>Short.</p>", content=OWN)), PAGE)

        assert (after.summary, after.content) == ("<p>Short.</p>", STORY)

    @pytest.mark.parametrize(
        ("own", "page"),
        [
            ({}, None),
            ({}, Article()),
            (
                {},
                Article(
                    content="<p>Thousands were told to leave their homes after a dam gave way. Subscribe!</p>"
                ),
            ),
            ({"content": STORY + OWN}, PAGE),
            ({}, Article(content=CONSENT)),
        ],
        ids=["no page", "no text", "a pay wall", "less than the feed", "a consent form"],
    )
    def test_the_feeds_own_text_stays_where_the_page_is_no_better(
        self, own: dict[str, Any], page: Article | None
    ) -> None:
        assert told(Want(said(**own)), page) == said(**own)

    def test_an_entry_that_says_nothing_itself_takes_what_its_page_says(self) -> None:
        assert told(Want(said(title="", summary="")), PAGE).content == STORY

    def test_a_page_that_cannot_be_had_again_leaves_the_text_it_gave(self) -> None:
        before = stored(said(content=STORY), own_text_key=1, canonical_url="https://wire.example/a-b-c")
        edited = said(summary="<p>Correction.</p>")

        after = told(Want(edited, before), None)

        assert (after.summary, after.content) == ("<p>Correction.</p>", STORY)
        assert (after.own_text_key, after.canonical_url) == (own_text_key(edited), before.canonical_url)

    def test_an_entry_that_never_had_its_pages_text_is_as_its_feed_tells_it(self) -> None:
        edited = said(summary="<p>Correction.</p>")

        assert told(Want(edited, stored(said())), None) == edited

    @pytest.mark.parametrize(
        ("named", "kept_as_name"),
        [
            ("https://wire.example/2026/dam-bursts", True),
            ("https://wire.example/news/dam-bursts-in-valley", True),
            ("https://wire.example/?p=123456", True),
            ("https://news.example.org/world/dam-bursts-in-valley/", True),
            ("https://www.news.example.org/2026/11/24/1/?utm_source=rss", False),
            ("https://news.example.org/", False),
            ("https://news.example.org/2026/11/", False),
            ("https://news.example.org/world", False),
            ("https://wire.example/top-stories", False),
            (None, False),
        ],
        ids=[
            "another site", "words", "a number", "this site", "the same", "home", "above it", "a section",
            "a section of two words", "none",
        ],
    )  # fmt: skip
    def test_what_the_page_calls_itself_is_kept_where_it_names_an_article(
        self, named: str | None, kept_as_name: bool
    ) -> None:
        after = told(Want(said()), replace(PAGE, canonical_url=named))

        assert after.canonical_url == (named if kept_as_name else None)


class TestKept:
    def test_the_pages_text_is_kept_while_the_feed_says_the_same(self) -> None:
        before = stored(
            said(content=STORY), own_text_key=own_text_key(said()), canonical_url="https://a.example/b"
        )

        after = kept(before, said(title="Another title"))

        assert (after.title, after.summary, after.content) == ("Another title", OWN, STORY)
        assert (after.own_text_key, after.canonical_url) == (before.own_text_key, before.canonical_url)

    @pytest.mark.parametrize(
        ("before", "heard"),
        [
            ({}, {}),
            ({"own_text_key": 1}, {}),
            ({"own_text_key": own_text_key(said())}, {"content": STORY + OWN, "own_text_key": 2}),
        ],
        ids=["no text of a page", "told otherwise", "the page was read again"],
    )
    def test_else_the_entry_is_as_it_is_told(self, before: dict[str, Any], heard: dict[str, Any]) -> None:
        assert kept(stored(said(), **before), said(**heard)) == said(**heard)
