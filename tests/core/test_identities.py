"""Ids and dates that make no sense, and documents that are decided in portions."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.identities import heard
from aggregator.core.items import items_of
from aggregator.model import Group, ParsedEntry, ParsedFeed
from tests.builders import NOON, a_parsed_entry
from tests.core.shelf import Shelf

HOUR = timedelta(hours=1)
SENSELESS = [
    None,
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(1970, 1, 1, tzinfo=UTC),
    NOON + timedelta(seconds=1),
    NOON + timedelta(days=2),
    datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
]


def document(*guids: str) -> ParsedFeed:
    return ParsedFeed(entries=tuple(a_parsed_entry(guid=guid) for guid in guids))


def test_the_portions_of_a_document_hold_all_of_it_the_oldest_entries_first() -> None:
    portions = heard(document(*"edcba")).portions(size=2)

    assert [[one.said.guid for one in portion.entries] for portion in portions] == [
        ["b", "a"],
        ["d", "c"],
        ["e"],
    ]
    assert [portion.last for portion in portions] == [False, False, True]
    assert {portion.guids for portion in portions} == {frozenset("abcde")}


def test_a_document_without_entries_is_one_portion() -> None:
    (portion,) = heard(document()).portions()

    assert (portion.entries, portion.last) == ((), True)


def test_the_same_guid_with_another_link_in_one_document_is_another_entry() -> None:
    one, two = (a_parsed_entry(url=f"https://news.example.org/{n}") for n in (1, 2))

    assert Shelf().hear(1, one, two).new_entries == 2


def test_entries_that_share_guid_and_title_and_all_move_are_each_matched_once() -> None:
    shelf = Shelf()

    def at(place: str) -> list[Any]:
        return [a_parsed_entry(guid="0", url=f"https://news.example.org/{place}/{n}") for n in range(4)]

    shelf.hear(1, *at("old"))
    changes = shelf.hear(
        1, *at("new"), a_parsed_entry(guid="0", url="https://news.example.org/5"), now=NOON + HOUR
    )

    assert changes.new_entries == 1
    assert len({entry.url for entry in shelf.entries}) == 5


def test_an_entry_that_is_edited_a_hundred_times_keeps_its_id_and_its_place() -> None:
    shelf = Shelf()
    (first,) = shelf.hear(1, a_parsed_entry()).stories

    for number in range(1, 101):
        edit = a_parsed_entry(title=f"Version {number}", summary=f"<p>Text {number}</p>")
        shelf.hear(1, edit, now=NOON + number * HOUR)

    (last,) = shelf.stories.values()
    assert (last.id, last.news_at, last.first_seen_at) == (first.id, first.news_at, first.first_seen_at)
    assert (last.title, last.updated_at) == ("Version 100", NOON + 100 * HOUR)


@pytest.mark.parametrize("published", SENSELESS)
def test_a_senseless_date_is_stored_as_the_feed_says_it(published: datetime | None) -> None:
    shelf = Shelf()
    shelf.hear(1, a_parsed_entry(published_at=published))

    (entry,) = shelf.entries
    assert entry.published_at == (
        published and published.replace(microsecond=published.microsecond // 1000 * 1000)
    )


@given(
    published=st.none() | st.datetimes(timezones=st.just(UTC)) | st.sampled_from(SENSELESS),
    updated=st.none() | st.datetimes(timezones=st.just(UTC)) | st.sampled_from(SENSELESS),
    first_poll=st.booleans(),
)
def test_no_date_pins_an_entry_on_top(
    published: datetime | None, updated: datetime | None, first_poll: bool
) -> None:
    shelf = Shelf(polled=set() if first_poll else {1})

    (story,) = shelf.hear(1, a_parsed_entry(published_at=published, updated_at=updated)).stories

    (item,) = items_of(story, Group.STORY)
    assert max(story.news_at, story.updated_at, item.news_at, item.published_at, item.updated_at) <= NOON


GUIDS = st.sampled_from([None, "one", "two"])
LINKS = st.sampled_from([None, "https://news.example.org/a", "https://news.example.org/b"])
TITLES = st.sampled_from(["Dam bursts in valley", "Ferry crews to strike"])
DIRTY = st.lists(st.builds(a_parsed_entry, guid=GUIDS, url=LINKS, title=TITLES), max_size=4)


@given(documents=st.lists(DIRTY, max_size=5), swept=st.integers(0, 5))
def test_no_two_entries_ever_get_one_id_whatever_a_feed_makes_of_its_guids(
    documents: list[list[ParsedEntry]], swept: int
) -> None:
    shelf = Shelf()

    for place, said in enumerate(documents):
        if place == swept:
            shelf.sweep()
        shelf.hear(1, *said, now=NOON + place * HOUR)

    uids = [entry.uid for entry in shelf.entries]
    assert len(uids) == len(set(uids))


def test_two_entries_that_one_was_before_it_was_swept_are_told_apart() -> None:
    shelf = Shelf()
    shelf.hear(1, a_parsed_entry(guid="old"))
    shelf.hear(1, a_parsed_entry(guid="new"), now=NOON + HOUR)
    shelf.sweep()

    other = a_parsed_entry(guid="new", url="https://news.example.org/ferry", title="Ferry crews to strike")
    shelf.hear(1, a_parsed_entry(guid="old"), other, now=NOON + 2 * HOUR)

    assert len({entry.uid for entry in shelf.entries}) == 2
