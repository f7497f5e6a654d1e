"""Feeds that give one entry's guid to another: by its place in the document, or by mistake."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import ParsedEntry
from tests.core.reports import said
from tests.core.shelf import Shelf


def numbered(*numbers: int) -> list[ParsedEntry]:
    """These articles, each with its place in the document for a guid."""
    return [said(number, guid=str(place)) for place, number in enumerate(numbers, start=1)]


def titles(shelf: Shelf) -> dict[str, str]:
    """What stands under each entry's id."""
    return {entry.uid: entry.title for story in shelf.stories.values() for entry in story.entries}


def heard(*documents: Sequence[ParsedEntry]) -> list[dict[str, str]]:
    """What stands under each id after each of these documents of one feed."""
    shelf, stood = Shelf(), []
    for document in documents:
        shelf.hear(1, *document)
        stood.append(titles(shelf))
    return stood


@pytest.mark.parametrize(
    ("before", "after"),
    [((1, 2), (2, 1)), ((1, 2, 3), (9, 1, 2)), ((1, 2, 3), (2, 3, 9)), ((1, 2, 3), (9, 3, 1, 2))],
    ids=["swapped", "the newest first", "the newest last", "mixed"],
)
def test_an_article_whose_guid_went_to_another_stays_itself(
    before: tuple[int, ...], after: tuple[int, ...]
) -> None:
    first, second = heard(numbered(*before), numbered(*after))

    assert first.items() <= second.items()
    assert sorted(second.values()) == sorted(said(number).title for number in {*before, *after})


@given(st.lists(st.permutations([1, 2, 3, 4, 5]), min_size=2, max_size=5))
def test_however_guids_wander_nothing_under_an_id_becomes_another_article(orders: list[list[int]]) -> None:
    stood = heard(*(numbered(*order) for order in orders))

    for earlier, later in pairwise(stood):
        assert earlier.items() <= later.items()
    assert len(stood[-1]) == 5


def test_an_article_that_is_edited_keeps_its_guids_word() -> None:
    first, second = heard(
        [said(1), said(2)],
        [said(1, title="Report number 1, corrected", url="https://news.example.org/moved"), said(2)],
    )

    assert first.keys() == second.keys()
    assert "Report number 1, corrected" in second.values()
