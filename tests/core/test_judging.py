"""What is told of a decision: who came near, how near, and why each stayed apart."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.core.gist import terms
from aggregator.core.judging import ANOTHER, CLOSED, CLOSER, LESS_ALIKE, LESS_CLOSE, MOST, spelled
from aggregator.model import Candidate, Changes, DedupLevel, MatchedBy, ParsedEntry
from tests.builders import NOON, a_parsed_entry, an_entry
from tests.core.shelf import Shelf

DAY = timedelta(days=1)
TITLE = "Dam bursts in northern valley after week of rain"
TEXT = (
    "Thousands of people were told to leave their homes on Tuesday after a dam gave way in the northern "
    "valley, officials said, and rescue teams searched flooded villages for 40 who were missing"
)


def said(number: int, **changes: object) -> ParsedEntry:
    """What the feed of this number says, under its own link."""
    link = f"https://paper{number}.example.org/dam"
    entry = a_parsed_entry(guid=f"{number}", url=link, title=TITLE, summary=TEXT)
    return replace(entry, **changes)  # type: ignore[arg-type]


def judged(changes: Changes) -> tuple[Candidate, ...]:
    """What the one new entry of the document was compared with, to find its story."""
    (told,) = changes.judged.values()
    return tuple(one for one in told if one.layer)


def weighed(changes: Changes) -> list[Candidate]:
    """The events that the last new story of the document was compared with."""
    *_, told = changes.judged.values()
    return [one for one in told if one.layer is None]


def headline(number: int, title: str) -> ParsedEntry:
    """A headline and nothing else, so that no two of them are one story."""
    return said(number, url=f"https://paper{number}.example.org/{len(title)}", title=title, summary="")


def test_nothing_is_told_of_an_entry_that_nothing_came_near() -> None:
    shelf = Shelf()
    shelf.hear(1, said(1))

    changes = shelf.hear(
        2, said(2, title="Quite another matter", summary="Bakers in town raise their prices")
    )

    assert changes.judged == {}


def test_the_entry_with_the_same_link_comes_first_and_then_what_says_the_same() -> None:
    shelf = Shelf()
    shelf.hear(1, said(1))

    by_link, by_text = judged(shelf.hear(2, said(2, url="https://paper1.example.org/dam", title="Short")))

    assert (by_link.layer, by_link.uid, by_link.score, by_link.apart) == (
        MatchedBy.URL,
        shelf.entries[0].uid,
        1.0,
        "",
    )
    assert (by_text.layer, by_text.entry) == (MatchedBy.TEXT, 1)


def test_words_that_carry_are_the_rarest_as_they_are_written() -> None:
    shelf = Shelf()
    shelf.hear(1, said(1))

    (near,) = judged(shelf.hear(2, said(2, summary=TEXT.replace("people ", ""))))

    assert near.limit is not None
    assert near.score is not None
    assert near.limit <= near.score < 1
    words = spelled(near.terms, *shelf.entries)
    assert len(words) == 8
    assert set(words) <= set(f"{TITLE} {TEXT}".replace(",", "").split())


@pytest.mark.parametrize(
    ("change", "apart"),
    [
        ({"summary": TEXT.replace("40", "52")}, "the figures changed"),
        ({"summary": " ".join(reversed(TEXT.split()))}, LESS_ALIKE),
    ],
)
def test_what_looks_alike_is_told_with_what_keeps_it_apart(change: dict[str, str], apart: str) -> None:
    shelf = Shelf()
    shelf.hear(1, said(1))

    (near,) = judged(shelf.hear(2, said(2, **change)))

    assert near.apart == apart


def same_feed(shelf: Shelf) -> Changes:
    shelf.hear(2, said(2, url="https://paper2.example.org/first"))
    return shelf.hear(2, said(3, url="https://paper2.example.org/next"))


def by_link_alone(shelf: Shelf) -> Changes:
    shelf.levels[1] = DedupLevel.EXACT
    shelf.hear(1, said(1))
    return shelf.hear(2, said(2, summary=f"{TEXT} and hurt"))


def old(shelf: Shelf) -> Changes:
    shelf.hear(1, said(1, summary="<p>Brief.</p>"))
    return shelf.hear(
        2, said(2, url="https://paper1.example.org/dam", summary="<p>.</p>"), now=NOON + 15 * DAY
    )


def off(shelf: Shelf) -> Changes:
    shelf.levels[2] = DedupLevel.OFF
    shelf.hear(1, said(1))
    return shelf.hear(2, said(2, url="https://paper1.example.org/dam"))


def own_version(shelf: Shelf) -> Changes:
    shelf.hear(2, said(2))
    return shelf.hear(
        2, said(2), said(3, url="https://paper2.example.org/dam", title="Dam: what we know now")
    )


@pytest.mark.parametrize(
    ("happen", "apart"),
    [
        (same_feed, "the feed tells that story already"),
        (by_link_alone, "the other feed's dedup is exact"),
        (old, "first seen before the window"),
        (off, "dedup is off for one of the feeds"),
        (own_version, "the feed tells that story already"),
    ],
)
def test_who_may_not_join_is_told_why(happen: Callable[[Shelf], Changes], apart: str) -> None:
    assert apart in {one.apart for one in judged(happen(Shelf()))}


def test_of_two_stories_under_one_link_the_later_is_told_as_such() -> None:
    shelf = Shelf()
    shelf.levels[1] = DedupLevel.OFF
    shelf.hear(1, said(1))
    later = said(2, url="https://paper1.example.org/dam", title="Early", summary="<p>One.</p>")
    shelf.hear(2, later, now=NOON + DAY)
    shelf.levels[1] = DedupLevel.STORY

    said_again = said(3, url="https://paper1.example.org/dam", title="Late", summary="<p>Two.</p>")

    told = judged(shelf.hear(3, said_again, now=NOON + DAY))

    first, second = (shelf.entry(str(one.uid)).feed_id for one in told)
    assert {first: told[0].apart, second: told[1].apart} == {1: "", 2: ANOTHER}


def test_a_near_entry_that_is_gone_is_told_as_gone() -> None:
    shelf = Shelf()
    shelf.hear(1, said(1))
    shelf.sweep()

    told = judged(shelf.hear(2, said(2, summary=TEXT.replace("people ", ""))))

    assert "it is gone" in {one.apart for one in told}


def test_a_few_are_told_however_many_came_near() -> None:
    shelf = Shelf()
    for number in range(1, 8):
        shelf.hear(number, said(number, summary=TEXT.replace("40", str(60 + number))))

    assert len(judged(shelf.hear(9, said(9)))) == MOST


DAM, FLEE = "Dam bursts in northern valley", "Thousands flee as dam bursts in valley"


def test_the_event_that_a_story_joined_is_told_with_its_score_and_the_words_that_carried_it() -> None:
    shelf = Shelf()
    shelf.hear(1, headline(1, DAM))

    (event,) = weighed(shelf.hear(2, headline(2, FLEE)))

    assert (event.entry, event.uid, event.apart) == (1, None, "")
    assert event.limit is not None
    assert event.score is not None
    assert event.limit <= event.score < 1
    assert set(spelled(event.terms, *shelf.entries)) == {"Dam", "bursts", "valley"}


def test_an_event_that_is_not_close_enough_is_told_as_such() -> None:
    shelf = Shelf()
    shelf.hear(1, headline(1, DAM))
    for number, title in enumerate(("Dam bursts, governor resigns", "Dam bursts: minister promises aid"), 2):
        shelf.hear(number, headline(number, title))

    (event,) = weighed(shelf.hear(4, headline(4, "Orchestra plays in northern valley this week")))

    assert event.apart == LESS_CLOSE
    assert event.score is not None
    assert event.score < (event.limit or 0)


def test_of_two_events_the_one_that_is_less_close_is_told_as_such() -> None:
    shelf = Shelf()
    shelf.hear(1, headline(1, "Dam bursts in northern valley"))
    shelf.hear(2, headline(2, "Central bank raises interest rates"))

    told = weighed(shelf.hear(3, headline(3, "Dam in northern valley bursts, central bank raises rates")))

    assert sorted(event.apart for event in told) == ["", CLOSER]


def test_events_that_a_story_ties_are_told_as_one() -> None:
    shelf = Shelf()
    shelf.hear(1, headline(1, "Dam bursts in northern valley after a week of rain"))
    shelf.hear(2, headline(2, "Villages in northern region flooded, thousands flee"))

    told = weighed(shelf.hear(3, headline(3, "Thousands flee flooded villages as dam bursts after rain")))

    assert [event.apart for event in told] == ["", ""]


def test_an_event_of_a_feed_that_is_matched_with_no_other_is_told_as_closed() -> None:
    shelf = Shelf()
    shelf.hear(1, headline(1, DAM))
    shelf.levels[1] = DedupLevel.OFF

    (event,) = weighed(shelf.hear(2, headline(2, FLEE)))

    assert event.apart == CLOSED


def test_an_event_that_the_same_document_began_is_named_by_its_uid() -> None:
    shelf = Shelf()

    (event,) = weighed(shelf.hear(1, headline(1, DAM), replace(headline(1, FLEE), guid="2")))

    assert (event.entry, event.apart) == (None, "")
    assert event.uid in {entry.uid for entry in shelf.entries}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("“Dam” bursts, again", ["Dam", "bursts", "again"]),
        ("1,250 homes", ["1,250", "homes"]),
        ("week-long", ["week", "long"]),
        ("東京都知事", ["東京", "京都", "都知", "知事"]),
        ("…", []),
    ],
    ids=[
        "without the marks around",
        "a figure as one",
        "a compound in its parts",
        "a run in pairs",
        "no word",
    ],
)
def test_terms_are_spelled_as_the_text_writes_them(text: str, words: list[str]) -> None:
    assert list(spelled(terms(text), an_entry(title="", summary=text))) == words


def test_a_term_that_an_edit_took_is_spelled_as_the_other_entry_has_it() -> None:
    edited, other = an_entry(title="Flood", summary=""), an_entry(title="Dam bursts", content="<p>Rain</p>")

    assert spelled(terms("bursts flood wind"), edited, other) == ("bursts", "Flood")
