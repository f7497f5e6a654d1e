"""What one feed tells story after story in the same words is a series, and joins no other feed's entry."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from aggregator.core.joining import SECTION_STORIES
from aggregator.core.retelling import SERIES
from aggregator.model import MatchedBy, ParsedEntry
from tests.builders import NOON, a_parsed_entry
from tests.core.shelf import Shelf

LEAD = (
    "Good morning. Here is everything that you need to know before you start your day, from our newsroom, "
    "in five minutes of reading."
)
ONE_TITLE = ["Morning briefing: your day ahead"] * (SECTION_STORIES + 1)
REWORDED = [
    "Morning briefing: your day ahead",
    "Your morning briefing: the day ahead",
    "Morning briefing: the day ahead today",
    "The morning briefing: your day ahead",
]


def told(site: str, titles: Iterable[str]) -> list[ParsedEntry]:
    """The same text under each of these titles, and under a link of its own."""
    return [
        a_parsed_entry(guid=link, url=link, title=title, summary=LEAD)
        for link, title in ((f"https://{site}.example.org/{day}", title) for day, title in enumerate(titles))
    ]


def last(shelf: Shelf, one: ParsedEntry) -> tuple[MatchedBy, set[str]]:
    """By what another feed's entry found its story, a day later, and what kept it apart from others."""
    changes = shelf.hear(2, one, now=NOON + timedelta(days=SECTION_STORIES))
    matched_by = next(entry.matched_by for entry in shelf.entries if entry.feed_id == 2)
    return matched_by, {candidate.apart for some in changes.judged.values() for candidate in some}


@pytest.mark.parametrize("titles", [ONE_TITLE, REWORDED])
def test_nobody_elses_part_is_one_of_a_series(titles: list[str]) -> None:
    shelf = Shelf()
    for day, one in enumerate(told("one", titles[:SECTION_STORIES])):
        shelf.hear(1, one, now=NOON + timedelta(days=day))

    matched_by, apart = last(shelf, told("two", titles)[-1])
    assert (matched_by, SERIES in apart) == (MatchedBy.NEW, True)


@pytest.mark.parametrize("titles", [ONE_TITLE, REWORDED])
def test_a_series_in_one_document_is_one_too(titles: list[str]) -> None:
    shelf = Shelf()
    shelf.hear(1, *told("one", titles[:SECTION_STORIES]))

    assert last(shelf, told("two", titles)[-1])[0] is MatchedBy.NEW


def test_an_article_that_its_feed_told_under_two_links_is_no_series() -> None:
    shelf = Shelf()
    shelf.hear(1, *told("one", ONE_TITLE[:2]))

    assert last(shelf, told("two", ONE_TITLE)[0])[0] is MatchedBy.TITLE
