"""Entries that come to their story by what they say."""

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.core import identities
from aggregator.core.ingest import decide
from aggregator.core.neighbours import Neighbours
from aggregator.model import DedupLevel, Entry, Known, MatchedBy, ParsedEntry, ParsedFeed
from tests.builders import NOON, a_parsed_entry
from tests.core.shelf import Shelf, feed_number

HOUR = timedelta(hours=1)
TITLE = "Dam bursts in northern valley after week of rain"
LEAD = (
    "Thousands of people were told to leave their homes on Tuesday after a dam gave way in the northern "
    "valley, officials said, and rescue teams searched flooded villages for 40 who were missing"
)
TAGLINE = "You have to be logged in to read this article on the pages of the valley's oldest newspaper."


def said(site: str = "one", **changes: Any) -> ParsedEntry:
    url = f"https://{site}.example.org/dam"
    return a_parsed_entry(**{"guid": url, "url": url, "title": TITLE, "summary": LEAD, **changes})


def heard(shelf: Shelf, number: int, one: ParsedEntry, hours: int = 1) -> Entry:
    """The one entry of this poll, as it is stored."""
    changes = shelf.hear(number, one, now=NOON + hours * HOUR)
    (uid,) = changes.fingerprints
    return shelf.entry(uid)


def test_an_edited_copy_joins_the_story_and_says_how_sure_that_is() -> None:
    shelf = Shelf()
    first = heard(shelf, 1, said())

    copy = heard(shelf, 2, said("two", title=f"UPDATE: {TITLE}", summary=LEAD.replace("people ", "")))

    assert (copy.story_id, copy.matched_by) == (first.story_id, MatchedBy.TEXT)
    assert 0.7 <= copy.match_score < 1


def test_figures_that_changed_keep_apart() -> None:
    shelf = Shelf()
    first = heard(shelf, 1, said())

    assert heard(shelf, 2, said("two", summary=LEAD.replace("40", "52"))).story_id != first.story_id


@pytest.mark.parametrize(
    ("levels", "joined"),
    [
        ({}, True),
        ({1: DedupLevel.EXACT}, False),
        ({2: DedupLevel.EXACT}, False),
        ({1: DedupLevel.OFF}, False),
        ({2: DedupLevel.OFF}, False),
    ],
)
def test_words_join_only_feeds_that_both_allow_it(levels: dict[int, DedupLevel], joined: bool) -> None:
    shelf = Shelf(levels=levels)
    first = heard(shelf, 1, said())

    assert (heard(shelf, 2, said("two", title=f"UPDATE: {TITLE}")).story_id == first.story_id) is joined


def test_one_feed_never_joins_with_itself_by_words() -> None:
    shelf = Shelf()
    first = heard(shelf, 1, said())
    heard(shelf, 2, said("two", title=f"UPDATE: {TITLE}"))

    again = heard(shelf, 1, said("one/later", title=f"{TITLE} again"))

    assert again.story_id != first.story_id


def test_an_entry_that_is_gone_is_joined_by_nobody() -> None:
    shelf = Shelf()
    heard(shelf, 1, said())
    shelf.sweep()

    assert heard(shelf, 2, said("two", title=f"UPDATE: {TITLE}")).matched_by is MatchedBy.NEW


def test_page_chrome_makes_no_two_stories_alike() -> None:
    shelf = Shelf()
    document = [said(f"one/{n}", title="Council meets in town hall", summary=TAGLINE) for n in range(2)]
    others = [said(f"one/o{n}", title=f"Other headline number {n}", summary=TAGLINE) for n in range(3)]
    shelf.hear(1, *document, *others)
    again = [said(f"two/{n}", title=f"Something else {n}", summary=TAGLINE) for n in range(3)]

    changes = shelf.hear(2, said("two/x", title="Council meets in town hall", summary=TAGLINE), *again)

    assert changes.new_stories == 4


STORED = (TITLE, "Thousands flee as reservoir wall breaks", "Valley villages under water")
EDITS = st.tuples(
    st.sampled_from(STORED),
    st.sampled_from(("", "UPDATE: ", "Live: ")),
    st.sampled_from(("", " tonight", " 52")),
)


@settings(max_examples=60, deadline=None)
@given(edits=st.lists(EDITS, min_size=2, max_size=5, unique=True), chance=st.randoms(use_true_random=False))
def test_the_order_inside_a_poll_does_not_change_which_stories_merge(
    edits: list[tuple[str, str, str]], chance: random.Random
) -> None:
    document = [
        said(f"two/{place}", title=prefix + title, summary=LEAD + more)
        for place, (title, prefix, more) in enumerate(edits)
    ]
    shuffled = chance.sample(document, len(document))

    assert merged(document) == merged(shuffled)


def merged(document: list[ParsedEntry]) -> dict[str | None, str]:
    """By guid the story of every entry, after two other feeds told three stories in nearly the same words."""
    shelf = Shelf()
    for number, title in enumerate(STORED, 1):
        shelf.hear(10 + number, said(f"stored/{number}", title=title, summary=f"{LEAD} {title}"))
    shelf.hear(2, *document, now=NOON + HOUR)
    return {entry.guid: entry.story_id for entry in shelf.entries}


def test_of_two_look_alikes_in_one_document_the_likest_has_the_story_wherever_it_stands() -> None:
    nearly, nearer = said("two/a", title=f"UPDATE: {TITLE} today"), said("two/b", title=f"UPDATE: {TITLE}")
    for document in ((nearly, nearer), (nearer, nearly)):
        shelf = Shelf()
        shelf.hear(1, said())

        shelf.hear(2, *document, now=NOON + HOUR)

        joined = [entry.guid for entry in shelf.entries if entry.matched_by is MatchedBy.TEXT]
        assert joined == [nearer.guid]


def test_an_entry_that_the_feed_leaves_out_takes_no_story_from_another() -> None:
    shelf = Shelf(accepts=lambda entry: entry.title != f"UPDATE: {TITLE}")
    shelf.hear(1, said())
    left_out, kept = said("two/a", title=f"UPDATE: {TITLE}"), said("two/b", title=f"UPDATE: {TITLE} today")

    shelf.hear(2, left_out, kept, now=NOON + HOUR)

    assert [(entry.guid, entry.matched_by) for entry in shelf.entries[1:]] == [(kept.guid, MatchedBy.TEXT)]


@pytest.mark.parametrize("turned", [False, True])
def test_a_story_that_a_document_tells_by_its_link_is_not_told_again_by_words(turned: bool) -> None:
    shelf = Shelf()
    first = heard(shelf, 1, said())
    linked = said("two/a", url="https://one.example.org/dam", title=f"{TITLE} as it was told")
    document = [linked, said("two/b", title=f"UPDATE: {TITLE}")]

    shelf.hear(2, *reversed(document) if turned else document, now=NOON + HOUR)

    told = {entry.guid: entry.matched_by for entry in shelf.entries if entry.story_id == first.story_id}
    assert told == {first.guid: MatchedBy.NEW, linked.guid: MatchedBy.URL}


def test_an_entry_joins_one_story_by_words_however_many_are_alike() -> None:
    shelf = Shelf(levels={1: DedupLevel.EXACT})
    heard(shelf, 1, said())
    second = heard(shelf, 2, said("two", title=f"UPDATE: {TITLE}"))
    heard(shelf, 3, said("three", title=f"UPDATE: {TITLE} now", summary=f"{LEAD} tonight"))

    last = heard(shelf, 4, said("four", title=f"UPDATE - {TITLE} new"))

    assert last.story_id == second.story_id
    assert len([one for one in shelf.stories.values() if last in one.entries]) == 1


def test_an_edit_of_a_text_leaves_its_story_and_its_gist_alone() -> None:
    shelf = Shelf()
    heard(shelf, 1, said())
    copy = heard(shelf, 2, said("two", title=f"UPDATE: {TITLE}"))

    changes = shelf.hear(2, said("two", title="Cup final goes to penalties"), now=NOON + 2 * HOUR)

    assert shelf.entry(copy.uid).story_id == copy.story_id
    assert changes.gists == {}


def test_what_comes_back_from_the_past_is_no_news_to_the_index() -> None:
    shelf = Shelf()
    heard(shelf, 1, said())
    shelf.sweep()

    changes = shelf.hear(1, said(), now=NOON + HOUR)

    assert changes.new_entries == 1
    assert changes.gists == {}


@pytest.mark.parametrize(("level", "asked"), [(DedupLevel.OFF, 0), (DedupLevel.EXACT, 1)])
def test_the_index_is_asked_for_only_where_there_is_something_to_compare(
    level: DedupLevel, asked: int
) -> None:
    shelf, times = Shelf(levels={1: level}), []
    document = identities.heard(ParsedFeed(entries=(said(summary="Too short to compare."),)))

    def index() -> Neighbours:
        times.append(NOON)
        return shelf.index

    intake = replace(shelf.intake(1), index=index)
    assert decide(document, Known(feed=feed_number(1)), intake, now=NOON).new_stories == 1
    assert len(times) == asked


def test_a_poll_without_news_does_not_ask_for_the_index() -> None:
    shelf = Shelf()
    shelf.hear(1, said())
    shelf.index = None  # type: ignore[assignment]  # whoever reads it fails

    assert shelf.hear(1, said(summary="Edited.")).new_entries == 0


def test_the_same_polls_give_the_same_stories() -> None:
    shelves = [Shelf(), Shelf()]
    for shelf in shelves:
        for number, text in enumerate((LEAD, f"{LEAD} tonight", LEAD[:150], "Rates rise."), 1):
            shelf.hear(number, said(str(number), summary=text), now=NOON + number * HOUR)

    assert shelves[0].stories == shelves[1].stories
    assert shelves[0].hear(1, said("1"), now=NOON + 9 * HOUR).stories == ()
