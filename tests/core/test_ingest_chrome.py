"""What page chrome does to the entries that come in, and to those that are stored."""

from datetime import timedelta
from typing import Any

import pytest

from aggregator.core.chrome import Lesson, switched_off
from aggregator.core.full_text import own_text_key
from aggregator.core.identities import heard
from aggregator.core.ingest import decide
from aggregator.core.text import key64
from aggregator.model import ChromeBlock, ChromeMemory, Entry, Known, MatchedBy, ParsedEntry, ParsedFeed
from tests.builders import NOON, a_feed, a_parsed_entry
from tests.core.shelf import Shelf

HOUR = timedelta(hours=1)
TAGLINE = "All politics and defence from the valley, every day."
KEY = key64(TAGLINE)
BLOCKS = (ChromeBlock(key=KEY, text=TAGLINE, seen=3, last_seen_at=NOON),)
LEARNED = Lesson(frozenset([KEY]), BLOCKS, news=True)
KNOWN = Lesson(frozenset([KEY]), BLOCKS)
LEAD = "Thousands were told to leave their homes on Tuesday after a dam gave way in the north."


def said(name: str = "one", **changes: Any) -> ParsedEntry:
    own = {
        "guid": name,
        "url": f"https://news.example.org/{name}",
        "summary": f"<p>{TAGLINE}</p><p>{LEAD}</p>",
    }
    return a_parsed_entry(**{**own, **changes})


def test_an_entry_comes_in_with_its_chrome_marked_and_its_text_whole() -> None:
    shelf = Shelf()

    shelf.hear(1, said(), lesson=LEARNED)

    (entry,) = shelf.entries
    assert (entry.chrome, entry.summary) == ((KEY,), said().summary)


def test_a_filter_at_intake_is_asked_of_an_entry_with_its_chrome_marked() -> None:
    asked: list[tuple[int, ...]] = []

    def accepts(entry: Entry) -> bool:
        asked.append(entry.chrome)
        return True

    shelf = Shelf(accepts=accepts)

    shelf.hear(1, said(), lesson=LEARNED)

    assert set(asked) == {(KEY,)}


def test_an_edit_is_marked_anew() -> None:
    shelf = Shelf()
    shelf.hear(1, said(), lesson=LEARNED)

    shelf.hear(1, said(summary=f"<p>{LEAD}</p>"), now=NOON + HOUR, lesson=KNOWN)

    assert shelf.entries[0].chrome == ()


def test_what_is_learned_later_marks_what_is_stored_and_is_no_edit() -> None:
    shelf = Shelf()
    shelf.hear(1, said("one"), said("two", title="Ferry crews to strike", summary=f"<p>{TAGLINE}</p>"))
    one = shelf.numbers[next(entry.uid for entry in shelf.entries if entry.guid == "one")]
    lesson = Lesson(frozenset([KEY]), BLOCKS, news=True, again=(one, 99))

    changes = shelf.hear(1, said("two", title="Ferry crews to strike"), now=NOON + HOUR, lesson=lesson)

    marked = next(entry for entry in shelf.entries if entry.guid == "one")
    assert (marked.chrome, marked.updated_at) == ((KEY,), NOON)
    assert changes.chrome == BLOCKS


def test_a_known_entry_whose_chrome_shows_now_is_no_edit_either() -> None:
    shelf = Shelf()
    shelf.hear(1, said())

    shelf.hear(1, said(), now=NOON + HOUR, lesson=LEARNED)

    assert [(entry.chrome, entry.updated_at) for entry in shelf.entries] == [((KEY,), NOON)]


def test_an_entry_with_its_pages_text_keeps_its_marks_while_its_feed_tells_less() -> None:
    own = said(summary=f"<p>{LEAD}</p>")
    page = said(summary=own.summary, content=f"<p>{LEAD}</p><p>{TAGLINE}</p>", own_text_key=own_text_key(own))
    shelf = Shelf()
    shelf.hear(1, page, lesson=LEARNED)

    changes = shelf.hear(1, own, now=NOON + HOUR, lesson=KNOWN)

    assert changes.stories == ()
    assert shelf.entries[0].chrome == (KEY,)


@pytest.mark.parametrize(
    ("lesson", "new", "kept"),
    [(LEARNED, False, BLOCKS), (KNOWN, True, BLOCKS), (KNOWN, False, None)],
    ids=["other chrome than before", "news that shows it again", "nothing new"],
)
def test_chrome_is_written_when_there_is_something_new(lesson: Lesson, new: bool, kept: object) -> None:
    shelf = Shelf()
    shelf.hear(1, said(), lesson=KNOWN)

    changes = shelf.hear(1, said("two" if new else "one"), now=NOON + HOUR, lesson=lesson)

    assert changes.chrome == kept


def test_it_goes_in_with_the_last_portion_of_a_document() -> None:
    document = heard(ParsedFeed(entries=(said("one"), said("two", title="Ferry crews to strike"))), LEARNED)

    changes = [
        decide(portion, Known(feed=a_feed()), Shelf().intake(1), now=NOON) for portion in document.portions(1)
    ]

    assert [one.chrome for one in changes] == [None, BLOCKS]


def test_switched_off_marks_are_taken_away() -> None:
    shelf = Shelf()
    shelf.hear(1, said(), lesson=LEARNED)
    (entry,) = shelf.entries

    changes = shelf.hear(1, said("two"), now=NOON + HOUR, lesson=switched_off(ChromeMemory(BLOCKS, (entry,))))

    assert [one.chrome for one in shelf.entries] == [(), ()]
    assert changes.chrome == ()


def test_two_papers_with_other_taglines_tell_one_story() -> None:
    shelf = Shelf()
    shelf.hear(1, said("one"), lesson=LEARNED)

    shelf.hear(2, said("two", summary=f"<p>{LEAD}</p>"), now=NOON + HOUR)

    assert [entry.matched_by for entry in shelf.entries] == [MatchedBy.NEW, MatchedBy.TITLE]


def test_one_tagline_makes_no_story_of_two() -> None:
    shelf = Shelf()
    for number in (1, 2):
        only_chrome = said(f"paper{number}", title="Council meets in town hall", summary=f"<p>{TAGLINE}</p>")
        shelf.hear(number, only_chrome, now=NOON + number * HOUR, lesson=LEARNED)

    assert len(shelf.stories) == 2
