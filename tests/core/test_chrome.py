"""What a feed's entries have in common is chrome, and what a few of them share is not."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.core.chrome import (
    BEGINNING,
    DEPTH,
    DOCUMENT,
    ENOUGH,
    FORGOTTEN,
    MOST,
    NOTHING_LEARNED,
    Lesson,
    body,
    learn,
    repeated,
    shown,
    switched_off,
    without,
)
from aggregator.core.text import key64
from aggregator.model import ChromeBlock, ChromeMemory, Entry, ParsedEntry
from tests.builders import NOON, a_parsed_entry, an_entry

TAGLINE = "All politics and defence from the valley, every day."
LIVE = '<p><a href="https://e.org/live?from={}">Follow our live updates</a></p>'


def said(number: int, text: str = "", **changes: Any) -> ParsedEntry:
    """One of a feed's entries: words of its own, then this."""
    own = {"guid": f"guid-{number}", "url": f"https://e.org/{number}", "title": f"News number {number}"}
    return a_parsed_entry(**{**own, "summary": f"<p>Report {number} is here.</p>{text}", **changes})


def stored(one: ParsedEntry, number: int = 1, **changes: Any) -> Entry:
    """The same as the store has it."""
    names = {"guid": one.guid, "url": one.url, "title": one.title, "summary": one.summary}
    return an_entry(**{"id": number, "uid": f"uid-{number}", **names, **changes})


def known(*texts: str, at: datetime = NOON) -> tuple[ChromeBlock, ...]:
    """Blocks that were chrome before."""
    return tuple(ChromeBlock(key=key64(text), text=text, seen=5, last_seen_at=at) for text in texts)


def of(
    *entries: ParsedEntry,
    blocks: tuple[ChromeBlock, ...] = (),
    recent: Iterable[Entry] = (),
    now: datetime = NOON,
) -> Lesson:
    return learn(entries, ChromeMemory(blocks, tuple(recent)), now=now)


def texts(lesson: Lesson) -> set[str]:
    return {block.text for block in lesson.blocks}


def a_feed_of(many: int, *, carriers: int, text: str) -> list[ParsedEntry]:
    """So many entries, of which the first `carriers` have this text."""
    return [said(n, text.replace("{}", str(n)) if n < carriers else "") for n in range(many)]


@pytest.mark.parametrize(
    ("many", "carriers", "text", "is_chrome"),
    [
        (3, 3, f"<p>{TAGLINE}</p>", True),
        (2, 2, f"<p>{TAGLINE}</p>", False),
        (9, 3, f"<p>{TAGLINE}</p>", True),
        (10, 3, f"<p>{TAGLINE}</p>", False),
        (40, 14, f"<p>{TAGLINE}</p>", True),
        (40, 3, "<p>“We will never give in to them,” the minister said.</p>", False),
        (40, 7, LIVE, True),
        (40, 6, LIVE, False),
        (40, 7, LIVE.replace("live?", "live/{}?"), False),
        (40, 20, "<p>Politics</p>", False),
        (40, 30, "<p>Politics</p>", True),
        (40, 29, '<p><a href="https://e.org/politics">Politics</a></p>', False),
        (10, 5, "<p>The U.S. sent ship number {}.</p>", False),
        (10, 5, "<p>关注我们</p>", True),
        (4, 4, "<p>Photo: Name{} Lee / AFP</p>", True),
    ],
    ids=[
        "three entries are enough where all have it",
        "two are not",
        "a third of the entries",
        "less than a third",
        "a third of many",
        "a quotation in three of forty",
        "a line that always leads to one place, in a sixth",
        "and in less",
        "a line that leads to another place each time is a line like others",
        "a word may be what half of the feed is about",
        "and is chrome only where nearly all say it",
        "though it be a link",
        "letters are no words",
        "where they are not words of their own",
        "the label and the agency of a credit",
    ],
)
def test_how_often_a_block_has_to_recur(many: int, carriers: int, text: str, is_chrome: bool) -> None:
    assert bool(of(*a_feed_of(many, carriers=carriers, text=text)).chrome) is is_chrome


def test_of_a_credit_only_the_name_stays() -> None:
    document = a_feed_of(5, carriers=5, text="<p>Photo: Name{} Lee / AFP</p>")

    lesson = of(*document)

    assert texts(lesson) == {"Photo:", "AFP"}
    assert without(document[2].summary, lesson.chrome) == "Report 2 is here. Name2 Lee"


@pytest.mark.parametrize(
    "same", [{"title": "Morning briefing"}, {"url": "https://e.org/live"}], ids=["title", "link"]
)
def test_a_series_has_a_right_to_its_standing_sentence(same: dict[str, str]) -> None:
    assert not of(*(said(n, f"<p>{TAGLINE}</p>", **same) for n in range(20))).chrome


def test_entries_without_title_or_link_are_told_apart_by_what_they_have() -> None:
    notes = [said(n, f"<p>{TAGLINE}</p>", title="", url=None) for n in range(3)]
    links = [said(n, f"<p>{TAGLINE}</p>", title="", guid=None) for n in range(3)]
    titles = [said(n, f"<p>{TAGLINE}</p>", url=None, guid=None) for n in range(3)]

    assert texts(of(*notes)) == texts(of(*links)) == texts(of(*titles)) == {TAGLINE}


def test_it_is_learned_across_documents() -> None:
    before = [stored(said(n, f"<p>{TAGLINE}</p>"), n) for n in range(2)]

    lesson = of(said(7, f"<p>{TAGLINE}</p>"), recent=before)

    assert texts(lesson) == {TAGLINE}
    assert (lesson.news, lesson.again) == (True, (0, 1))


def test_entries_that_are_marked_already_are_left_alone() -> None:
    marked = stored(said(1, f"<p>{TAGLINE}</p>"), 1, chrome=(key64(TAGLINE),))
    document = a_feed_of(3, carriers=3, text=f"<p>{TAGLINE}</p>")

    assert of(*document[1:], recent=[marked]).again == ()
    assert of(*document, blocks=known(TAGLINE), recent=[stored(said(9, f"<p>{TAGLINE}</p>"), 9)]).again == ()


def test_one_entry_is_read_by_what_was_learned_before() -> None:
    one = said(1, f"<p>{TAGLINE}</p>")

    lesson = of(one, blocks=known(TAGLINE))

    assert lesson.of(one) == (key64(TAGLINE),)
    assert not lesson.news


@pytest.mark.parametrize(
    ("many", "carriers", "stays"),
    [(ENOUGH - 1, 0, True), (ENOUGH, 0, False), (18, 3, True), (19, 3, False)],
    ids=["few entries tell nothing", "ten do", "half the share keeps it", "less does not"],
)
def test_a_habit_ends_later_than_it_begins(many: int, carriers: int, stays: bool) -> None:
    document = a_feed_of(many, carriers=carriers, text=f"<p>{TAGLINE}</p>")

    lesson = of(*document, blocks=known(TAGLINE))

    assert (TAGLINE in texts(lesson)) is stays
    assert lesson.news is not stays


def test_a_block_that_nobody_has_said_for_long_is_forgotten() -> None:
    late, later = NOON + FORGOTTEN, NOON + FORGOTTEN + timedelta(seconds=1)

    assert texts(of(said(1), blocks=known(TAGLINE), now=late)) == {TAGLINE}
    assert texts(of(said(1), blocks=known(TAGLINE), now=later)) == set()


def test_it_is_noted_when_a_document_last_held_a_block() -> None:
    later = NOON + timedelta(days=3)
    one = said(1, f"<p>{TAGLINE}</p>")

    (held,) = of(one, blocks=known(TAGLINE), now=later).blocks
    (not_held,) = of(said(2), blocks=known(TAGLINE), recent=[stored(one)], now=later).blocks

    assert (held.last_seen_at, not_held.last_seen_at) == (later, NOON)


def test_only_the_commonest_blocks_are_kept() -> None:
    text = "".join(f"<p>This is the standing line number {n} of it.</p>" for n in range(MOST))
    document = [*a_feed_of(3, carriers=3, text=text), *(said(n, f"<p>{TAGLINE}</p>") for n in range(3, 5))]
    document = [replace(one, summary=f"{one.summary}<p>{TAGLINE}</p>") for one in document]

    lesson = of(*document)

    assert (len(lesson.blocks), lesson.blocks[0].text) == (MOST, TAGLINE)


@pytest.mark.parametrize(("place", "is_chrome"), [(DEPTH - 1, True), (DEPTH, False), (DEPTH + 1, True)])
def test_of_a_book_only_the_ends_are_looked_at(place: int, is_chrome: bool) -> None:
    def book(number: int) -> str:
        own = [f"<p>Line {n} of book {number}.</p>" for n in range(2 * DEPTH + 1)]
        return "".join([*own[:place], f"<p>{TAGLINE}</p>", *own[place + 1 :]])

    assert (TAGLINE in texts(of(*(said(n, summary=book(n)) for n in range(3))))) is is_chrome


def test_of_a_library_some_books_are_looked_at() -> None:
    library = a_feed_of(DOCUMENT + 50, carriers=DOCUMENT + 50, text=f"<p>{TAGLINE}</p>")

    lesson = of(*library)

    assert [block.seen for block in lesson.blocks if block.text == TAGLINE] == [DOCUMENT]
    assert of(*reversed(library)) == lesson


def test_an_entry_whose_text_is_its_pages_is_read_as_the_page_tells_it() -> None:
    told = [said(n, summary="Short.") for n in range(3)]
    pages = [
        stored(one, n, content=f"<p>Page {n}.</p><p>{TAGLINE}</p>", own_text_key=1)
        for n, one in enumerate(told)
    ]
    fresh = [replace(one, content=f"<p>Page {n}.</p>", own_text_key=1) for n, one in enumerate(told)]

    assert TAGLINE in texts(of(*told, recent=pages))
    assert TAGLINE not in texts(of(*fresh, recent=pages))


def test_the_headline_said_again_is_chrome_of_its_own_entry() -> None:
    one = said(1, title="Dam bursts & floods", summary="<h1>Dam bursts &amp; floods</h1><p>A report.</p>")

    marks = NOTHING_LEARNED.of(one)

    assert marks == (key64("Dam bursts & floods"),)
    assert without(one.summary, marks) == "A report."


def test_a_headline_inside_a_sentence_is_none() -> None:
    assert NOTHING_LEARNED.of(said(1, title="Dam", summary="<p>The Dam is open.</p>")) == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Dam bursts Water came.", "Water came."),
        ("Dam bursts", ""),
        ("Dam burstsville", "Dam burstsville"),
        ("The Dam bursts", "The Dam bursts"),
    ],
)
def test_what_an_entry_tells_begins_after_its_headline(text: str, told: str) -> None:
    assert body(said(1, title="Dam bursts", summary=text), ()) == told


def test_of_a_long_text_the_beginning_is_enough() -> None:
    told = body(said(1, summary=f"<p>{TAGLINE}</p>" + "<p>This is a line of it.</p>" * 999), {key64(TAGLINE)})

    assert told.startswith("This is a line of it. This")
    assert BEGINNING < len(told) < 2 * BEGINNING


def test_an_entry_that_says_nothing_but_chrome_has_no_text() -> None:
    document = [said(n, summary=f"<p>{TAGLINE}</p>") for n in range(3)]

    lesson = of(*document)

    assert without(document[0].summary, lesson.chrome) == ""


def test_what_counts_as_chrome_is_shown_as_it_stands() -> None:
    one = said(1, f"<p>{TAGLINE}</p><p>{TAGLINE}</p>")

    assert shown(stored(one, chrome=(key64(TAGLINE),))) == (TAGLINE,)
    assert shown(stored(one)) == ()


def test_switched_off_nothing_is_chrome_and_what_was_is_not_any_more() -> None:
    one = said(1, title="Twice", summary=f"<h1>Twice</h1><p>{TAGLINE}</p>")
    memory = ChromeMemory(known(TAGLINE), (stored(one, 3, chrome=(key64(TAGLINE),)), stored(said(2), 4)))

    lesson = switched_off(memory)

    assert (lesson.of(one), lesson.news, lesson.blocks, lesson.again) == ((), True, (), (3,))
    assert not switched_off(ChromeMemory()).news


def test_for_likeness_three_titles_of_one_document_are_enough() -> None:
    document = a_feed_of(40, carriers=3, text=f"<p>{TAGLINE}</p>")

    assert repeated(document) == {key64(TAGLINE)}
    assert repeated(document[1:]) == frozenset()


LINES = (
    "<p>Always the same tagline here.</p>",
    LIVE,
    "<p>Photo: N{} / AFP</p>",
    "<p>Politics</p>",
    "<p>One. Two.</p>",
)
PAGES = st.lists(st.lists(st.sampled_from(LINES), max_size=4).map("".join), min_size=1, max_size=25)


@settings(max_examples=60, deadline=None)
@given(pages=PAGES, chance=st.randoms(use_true_random=False), split=st.integers(0, 25))
def test_neither_order_nor_polling_again_changes_what_is_learned(
    pages: Sequence[str], chance: random.Random, split: int
) -> None:
    document = [said(n, page.replace("{}", str(n))) for n, page in enumerate(pages)]
    here, before = document[:split], [stored(one, n) for n, one in enumerate(document[split:])]
    shuffled = chance.sample(here, len(here))

    first = of(*here, recent=before)
    marked = [replace(one, chrome=first.of(one)) for one in before]
    again = of(*shuffled, blocks=first.blocks, recent=chance.sample(marked, len(marked)))

    assert of(*shuffled, recent=before).chrome == first.chrome
    assert (again.chrome, again.blocks, again.news, again.again) == (first.chrome, first.blocks, False, ())
