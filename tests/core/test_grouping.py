"""Which event the new stories of a document tell of, as documents come poll after poll."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aggregator.core.coverage import event_id
from aggregator.core.neighbours import Neighbours
from aggregator.model import DedupLevel, ParsedEntry, Story
from tests.builders import NOON, a_parsed_entry
from tests.core.shelf import Shelf

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DAM = (
    "Dam bursts in northern valley",
    "Thousands flee as dam bursts in valley",
    "Valley dam bursts, many flee",
)
RATES = (
    "Central bank raises interest rates",
    "Interest rates raised by central bank",
    "Bank lifts interest rates",
)
CUP = (
    "Cup final goes to penalties",
    "Penalties decide the cup final",
    "Keeper saves three penalties in cup final",
)
BETWEEN = "Dam bursts, bank raises rates"
TITLES = (*DAM, *RATES, *CUP, BETWEEN)


def said(title: str, **changes: Any) -> ParsedEntry:
    """A headline and nothing else, so that no two of them are one story."""
    url = f"https://example.org/{title.lower().replace(' ', '-')}"
    return a_parsed_entry(**{"guid": url, "url": url, "title": title, "summary": "", **changes})


def told(shelf: Shelf, number: int, *titles: str, at: datetime = NOON) -> list[Story]:
    """The stories of this poll as they are stored, in the order of the titles."""
    shelf.hear(number, *map(said, titles), now=at)
    return [next(story for story in shelf.stories.values() if story.title == title) for title in titles]


def together(stories: Iterable[Story]) -> set[frozenset[str]]:
    """Which titles share an event."""
    events: dict[str, set[str]] = {}
    for story in stories:
        events.setdefault(story.event_id or story.id, set()).add(story.title)
    return {frozenset(titles) for titles in events.values()}


def test_a_story_that_is_alone_has_no_event_yet() -> None:
    assert [story.event_id for story in told(Shelf(), 1, DAM[0], RATES[0])] == [None, None]


def test_a_second_story_joins_the_event_that_the_first_began() -> None:
    shelf = Shelf()
    (first,) = told(shelf, 1, DAM[0])
    (rates,) = told(shelf, 1, RATES[0])

    (second,) = told(shelf, 2, DAM[1], at=NOON + HOUR)
    (third,) = told(shelf, 3, DAM[2], at=NOON + 2 * HOUR)

    assert second.event_id == third.event_id == event_id(first.id)
    assert shelf.stories[first.id].event_id == event_id(first.id)
    assert shelf.stories[rates.id].event_id is None


def test_stories_of_one_document_find_each_other() -> None:
    stories = told(Shelf(), 1, *DAM, RATES[0])

    assert together(stories) == {frozenset(DAM), frozenset({RATES[0]})}


def test_a_story_between_two_events_goes_to_the_same_in_whatever_order_they_are_listed() -> None:
    orders = list(permutations((DAM[0], BETWEEN, RATES[0])))

    found = [together(told(Shelf(), 1, *titles)) for titles in orders]

    assert all(one == found[0] for one in found)


def test_a_copy_tells_the_event_of_its_story_and_is_one_use_of_its_words() -> None:
    shelf = Shelf()
    told(shelf, 1, DAM[0])
    told(shelf, 2, DAM[1], at=NOON + HOUR)

    shelf.hear(3, said(DAM[1], guid="copy"), now=NOON + 2 * HOUR)

    assert [shelf.index.event_of([number]) for number in (1, 2, 3)] == [1, 1, 1]


def test_an_event_begun_in_a_document_is_one_in_the_index() -> None:
    shelf = Shelf()

    told(shelf, 1, *DAM)

    assert [shelf.index.event_of([number]) for number in (1, 2, 3)] == [1, 1, 1]


def test_a_copy_of_what_the_index_has_forgotten_is_heard_all_the_same() -> None:
    shelf = Shelf()
    told(shelf, 1, DAM[0])
    shelf.index = Neighbours()

    shelf.hear(2, said(DAM[0], guid="copy"), now=NOON + HOUR)

    assert shelf.index.event_of([2]) == 1


def test_an_edit_does_not_change_the_event() -> None:
    shelf = Shelf()
    (first,) = told(shelf, 1, DAM[0])
    (second,) = told(shelf, 2, DAM[1])

    shelf.hear(2, said(RATES[0], guid=said(DAM[1]).guid), now=NOON + HOUR)

    assert shelf.stories[second.id].title == RATES[0]
    assert shelf.stories[second.id].event_id == event_id(first.id)


@pytest.mark.parametrize("off", [1, 2])
def test_a_feed_that_is_to_be_matched_with_none_shares_no_event(off: int) -> None:
    shelf = Shelf(levels={off: DedupLevel.OFF})

    told(shelf, 1, DAM[0])
    told(shelf, 2, DAM[1])

    assert all(story.event_id is None for story in shelf.stories.values())


def test_a_feed_that_is_to_be_matched_with_none_from_now_on_is_joined_no_more() -> None:
    shelf = Shelf()
    told(shelf, 1, DAM[0])
    shelf.levels[1] = DedupLevel.OFF

    (second,) = told(shelf, 2, DAM[1])

    assert second.event_id is None


def test_events_are_found_where_only_exact_copies_are_one_story() -> None:
    shelf = Shelf(levels=dict.fromkeys((1, 2), DedupLevel.EXACT))

    told(shelf, 1, DAM[0])

    assert told(shelf, 2, DAM[1])[0].event_id is not None


def test_a_story_whose_entries_retention_took_is_joined_no_more() -> None:
    shelf = Shelf()
    told(shelf, 1, DAM[0])
    shelf.sweep()

    assert told(shelf, 2, DAM[1])[0].event_id is None


def test_an_entry_that_comes_back_tells_the_event_that_it_told() -> None:
    shelf = Shelf()
    (story,) = told(shelf, 1, DAM[0])
    shelf.stories = {story.id: replace(story, event_id="e")}
    shelf.sweep()

    (again,) = told(shelf, 1, DAM[0], at=NOON + DAY)

    assert (again.id, again.event_id) == (story.id, "e")


class Sense:
    """Meanings of one byte: the first of a title."""

    def of(self, title: str, lang: str | None) -> bytes:
        return (title + str(lang))[:1].encode()

    def closeness(self, one: bytes, many: Sequence[bytes]) -> Sequence[float]:
        return [float(one == other) for other in many]


def test_what_a_title_means_is_kept_for_later() -> None:
    shelf = Shelf(meanings=Sense())

    changes = shelf.hear(1, said(DAM[0]))
    near = shelf.index.near([*shelf.index._rings], rare=9, many=9, since=NOON)

    assert list(changes.meanings.values()) == [b"D"]
    assert [one.meaning for one in near] == [b"D"]


def test_of_two_events_that_are_equally_close_the_same_is_told_in_whatever_order_they_were_listed() -> None:
    titles = (DAM[0], DAM[1], RATES[1], RATES[2])
    shelves = [Shelf(), Shelf()]
    told(shelves[0], 1, *titles)
    told(shelves[1], 1, *reversed(titles))

    for shelf in shelves:
        told(shelf, 2, BETWEEN, at=NOON + HOUR)

    one, two = (together(shelf.stories.values()) for shelf in shelves)
    assert one == two


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(TITLES), min_size=1, max_size=6, unique=True), max_size=4),
    st.integers(),
)
@example([[RATES[1], DAM[1]], [BETWEEN]], 1)  # which turns the first document round
def test_the_order_inside_a_document_does_not_say_which_stories_share_an_event(
    documents: list[list[str]], seed: int
) -> None:
    shelves, chance = [Shelf(), Shelf()], random.Random(seed)
    for number, titles in enumerate(documents, 1):
        for shelf in shelves:
            shelf.hear(number, *map(said, titles), now=NOON + number * HOUR)
            chance.shuffle(titles)

    one, two = (together(shelf.stories.values()) for shelf in shelves)
    assert one == two


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(TITLES), min_size=1, max_size=6, unique=True), min_size=1, max_size=4)
)
def test_the_same_polls_give_the_same_events_and_polling_again_changes_nothing(
    documents: list[list[str]],
) -> None:
    shelves = [Shelf(), Shelf()]
    for shelf in shelves:
        for number, titles in enumerate(documents, 1):
            shelf.hear(number, *map(said, titles), now=NOON + number * HOUR)

    assert shelves[0].stories == shelves[1].stories
    assert shelves[0].hear(len(documents), *map(said, documents[-1]), now=NOON + DAY).stories == ()


BURST = "Dam bursts in northern valley after a week of rain"
FLOOD = "Villages in northern region flooded, thousands flee"
BOTH = "Thousands flee flooded villages as dam bursts after rain"


def test_stories_that_a_later_one_ties_share_its_event() -> None:
    shelf = Shelf()
    told(shelf, 1, BURST)
    told(shelf, 2, FLOOD)
    assert len(together(shelf.stories.values())) == 2

    told(shelf, 3, BOTH)

    assert together(shelf.stories.values()) == {frozenset((BURST, FLOOD, BOTH))}


def test_tied_events_are_one_from_then_on() -> None:
    shelf = Shelf()
    for number, title in enumerate((BURST, FLOOD, BOTH, "Flooded villages: thousands flee to tents"), 1):
        told(shelf, number, title)

    assert len(together(shelf.stories.values())) == 1


TENTS, HUTS = f"{FLOOD} in tents", f"{BOTH} in huts"  # asked for in the order of their links, which differs


@pytest.mark.parametrize("titles", [*permutations((BURST, FLOOD, BOTH)), *permutations((BURST, TENTS, HUTS))])
def test_one_document_may_hold_all_that_is_tied(titles: Sequence[str]) -> None:
    shelf = Shelf()

    told(shelf, 1, *titles)

    assert together(shelf.stories.values()) == {frozenset(titles)}


@pytest.mark.parametrize("place", ["boats", "panic", "huts"])
def test_what_a_document_ties_joins_the_stored_event(place: str) -> None:
    """Whichever of the two is asked first."""
    shelf = Shelf()
    told(shelf, 1, BURST)

    told(shelf, 2, flood := f"{FLOOD} in tents", both := f"{BOTH} in {place}")

    assert together(shelf.stories.values()) == {frozenset((BURST, flood, both))}
    told(shelf, 3, "Northern dam bursts after a week of rain")
    assert len(together(shelf.stories.values())) == 1


@pytest.mark.parametrize(
    "titles", list(permutations((FLOOD, "Villages in the north flooded, thousands flee", BOTH)))
)
def test_a_stored_event_stays_whatever_a_document_begins(titles: Sequence[str]) -> None:
    shelf = Shelf()
    (burst,) = told(shelf, 1, BURST)

    told(shelf, 2, *titles)

    assert together(shelf.stories.values()) == {frozenset((BURST, *titles))}
    assert {story.event_id for story in shelf.stories.values()} == {event_id(burst.id)}


def test_two_stored_events_and_a_document_become_one() -> None:
    shelf = Shelf()
    told(shelf, 1, BURST)
    told(shelf, 2, FLOOD)

    told(shelf, 3, BOTH, "Thousands flee villages flooded as dam bursts", "Dam bursts, villages flooded")

    assert len(together(shelf.stories.values())) == 1


def test_a_feed_that_is_matched_with_no_other_keeps_its_event() -> None:
    shelf = Shelf()
    told(shelf, 1, BURST)
    told(shelf, 2, FLOOD)
    shelf.levels[1] = DedupLevel.OFF

    told(shelf, 3, BOTH)

    assert together(shelf.stories.values()) == {frozenset((BURST,)), frozenset((FLOOD, BOTH))}


def test_the_copies_of_a_story_move_with_it() -> None:
    shelf = Shelf()
    for number, title in enumerate((BURST, BURST, BURST, FLOOD, FLOOD, BOTH), 1):
        shelf.hear(number, said(title))

    assert together(shelf.stories.values()) == {frozenset((BURST, FLOOD, BOTH))}
    assert {shelf.index.event_of((entry.id,)) for entry in shelf.entries} == {1}
