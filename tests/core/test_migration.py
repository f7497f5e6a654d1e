"""Feeds that were rebuilt, and feeds that only look like it."""

from datetime import timedelta
from typing import Any

import pytest

from aggregator.core.ingest import FLOOD
from aggregator.model import Entry, ParsedEntry
from tests.builders import NOON, a_parsed_entry
from tests.core.shelf import Shelf

LATER = NOON + timedelta(days=1)
DAY = timedelta(days=1)
TOWNS = ("Aalen", "Bonn", "Celle", "Dresden", "Essen", "Fulda")


def said(number: int, **changes: Any) -> ParsedEntry:
    """One of several different articles, each of another town."""
    town = TOWNS[number] if number < len(TOWNS) else f"Town {number}"
    return a_parsed_entry(
        **{
            "guid": f"https://news.example.org/?p={number}",
            "url": f"http://news.example.org/2026/{town.lower().replace(' ', '-')}",
            "title": f"What happened in {town} on Tuesday",
            "summary": f"<p>{town}: thousands were told to leave their homes after a dam gave way.</p>",
            **changes,
        }
    )


def rebuilt(number: int, **changes: Any) -> ParsedEntry:
    """The same article under a new guid."""
    return said(number, guid=f"urn:new:{number}", **changes)


def new_entries(before: list[ParsedEntry], after: list[ParsedEntry]) -> int:
    """How many entries of the second document are new, and that a third poll finds nothing new."""
    shelf = Shelf()
    shelf.hear(1, *before)
    changes = shelf.hear(1, *after, now=LATER)
    assert shelf.hear(1, *after, now=LATER + DAY).stories == ()
    return changes.new_entries


def moved_to_https(number: int) -> ParsedEntry:
    return rebuilt(number, url=(said(number).url or "").replace("http://", "https://www."))


def moved_to_another_host(number: int) -> ParsedEntry:
    url = (said(number).url or "").replace("news.example.org", "gazette.example.net")
    return rebuilt(number, url=url, summary="<p>Short.</p>")


def moved_to_other_paths(number: int) -> ParsedEntry:
    return rebuilt(number, url=f"https://gazette.example.net/articles/{number}.html")


@pytest.mark.parametrize("move", [moved_to_https, moved_to_another_host, moved_to_other_paths])
def test_a_feed_that_moves_with_new_guids_and_links_brings_no_news(move: Any) -> None:
    shelf = Shelf()
    before = {story.id for story in shelf.hear(1, *map(said, range(5))).stories}

    changes = shelf.hear(1, *map(move, range(5)), now=LATER)

    assert changes.new_entries == 0
    assert set(shelf.stories) == before
    assert {entry.guid for entry in shelf.entries} == {f"urn:new:{number}" for number in range(5)}
    assert shelf.hear(1, *map(move, range(5)), now=LATER + DAY).stories == ()


def test_what_only_moved_is_not_shown_as_edited() -> None:
    shelf = Shelf()
    shelf.hear(1, *map(said, range(5)))

    changes = shelf.hear(1, *map(moved_to_other_paths, range(5)), now=LATER)

    assert {story.updated_at for story in changes.stories} == {NOON}


def test_an_article_that_is_new_with_the_move_is_news() -> None:
    assert new_entries([*map(said, range(5))], [said(5), *map(moved_to_other_paths, range(5))]) == 1


def test_one_entry_that_moved_to_https_is_known_again() -> None:
    assert new_entries([said(0)], [moved_to_https(0)]) == 0


@pytest.mark.parametrize("number", [1, 2])
def test_a_few_entries_that_look_alike_may_be_a_series(number: int) -> None:
    before = [*map(said, range(number))]

    assert new_entries(before, [*map(moved_to_other_paths, range(number))]) == number


def test_a_series_with_one_title_and_one_text_is_no_move() -> None:
    def briefing(number: int) -> ParsedEntry:
        return said(
            number,
            title="Your morning briefing",
            summary="<p>All that you need to know today, in ten points.</p>",
        )

    assert new_entries([*map(briefing, range(5))], [*map(briefing, range(5, 10))]) == 5


def test_the_other_half_of_a_feed_is_no_move() -> None:
    fresh = [said(number) for number in range(10, 17)]

    assert new_entries([*map(said, range(10))], [*fresh, *map(moved_to_other_paths, range(3))]) == 10


def test_titles_that_say_too_little_are_no_sign() -> None:
    def short(number: int, host: str) -> ParsedEntry:
        return a_parsed_entry(
            guid=f"{host}{number}", url=f"https://{host}/{number}", title=f"Chapter {number}", summary=""
        )

    before, after = ([short(number, host) for number in range(5)] for host in ("a.example", "b.example"))

    assert new_entries(before, after) == 5


def test_an_entry_without_a_link_is_known_again_by_its_text() -> None:
    assert new_entries([*map(said, range(4))], [rebuilt(number, url=None) for number in range(4)]) == 0


class TestFlood:
    def heard(self, number: int, *, before: int = 3, **changes: Any) -> list[Entry]:
        """The entries of a document that has nothing in common with the one before."""
        shelf = Shelf()
        shelf.hear(1, *map(said, range(before)))
        documents = (said(n, published_at=NOON - n * DAY, **changes) for n in range(100, 100 + number))
        shelf.hear(1, *documents, now=LATER)
        self.times = {story.news_at for story in shelf.stories.values() if story.first_seen_at == LATER}
        return shelf.entries

    def test_a_document_with_nothing_of_the_one_before_is_stored_and_keeps_its_place_in_time(self) -> None:
        entries = self.heard(FLOOD + 1)

        assert len(entries) == 3 + FLOOD + 1
        assert self.times == {NOON - n * DAY for n in range(100, 100 + FLOOD + 1)}

    @pytest.mark.parametrize(("number", "before"), [(FLOOD, 3), (FLOOD + 1, 0)], ids=["few", "an empty feed"])
    def test_less_than_that_is_news(self, number: int, before: int) -> None:
        self.heard(number, before=before)

        assert self.times == {LATER}

    def test_many_new_entries_above_a_known_one_are_news(self) -> None:
        shelf = Shelf()
        shelf.hear(1, said(0))

        new = [said(n, published_at=NOON - n * DAY) for n in range(100, 100 + 2 * FLOOD)]
        changes = shelf.hear(1, *new, said(0), now=LATER)

        assert {story.news_at for story in changes.stories if not story.seq} == {LATER}
