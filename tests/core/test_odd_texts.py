"""Texts that no journalist wrote: they join nothing that is unlike them, and cost no more than others.

What a step costs is counted and not timed: how many stored texts are compared, how many terms are weighed.
"""

from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aggregator.core.dedup import CANDIDATES, alike, fingerprints, says_enough
from aggregator.core.gist import TITLE_CHARACTERS, gist, terms
from aggregator.core.identities import PORTION
from aggregator.core.neighbours import Neighbours
from aggregator.model import MatchedBy, ParsedEntry
from tests.builders import NOON, a_parsed_entry
from tests.core.shelf import Shelf

HOUR = timedelta(hours=1)
LEAD = (
    "Thousands of people were told to leave their homes on Tuesday after a dam gave way in the northern "
    "valley, officials said, and rescue teams searched flooded villages for 40 who were missing"
)
OTHER = (
    "Central bankers agreed at their meeting in Basel that rates may have to rise again this winter, and "
    "that savers should not wait for better news from the treasury before the spring"
)

ODD = {
    "empty": "",
    "blank": " \u200b\u00a0\t",
    "one word": "Live",
    "one letter": "x",
    "punctuation": "… – !?!",
    "emoji": "🔥🔥🔥 🚨",
    "emoji with joiners": "👩‍👩‍👧‍👦 👍🏽",
    "combining marks": "D\u0300\u0301a\u0302\u0303m" + "\u0301" * 500,
    "marks alone": "\u0301" * 300,
    "zero-width": "L\u200bi\u200dv\ufeffe\u2060",
    "directions": "\u202eevil\u202c \u2067dam\u2069",
    "scripts mixed": "Дам bursts 港 ที่ ダム dam सड",
    "digits": "0" * 5_000,
    "figures": "1,1" * 5_000,
    "one long word": "w" * 10_000,
    "one word again": "dam " * 5_000,
    "a megabyte": "Dam bursts in northern valley " * 35_000,
    "a megabyte of marks": "&<" * 500_000,
}


def said(site: int, title: str, summary: str, **changes: Any) -> ParsedEntry:
    url = f"https://site{site}.example.org/article"
    return a_parsed_entry(**{"guid": url, "url": url, "title": title, "summary": summary, **changes})


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_an_odd_title_joins_no_other_text(text: str) -> None:
    shelf = Shelf()
    shelf.hear(1, said(1, text, LEAD))

    shelf.hear(2, said(2, text, OTHER), now=NOON + HOUR)
    shelf.hear(3, said(3, text, "Read more."), now=NOON + HOUR)
    shelf.hear(4, said(4, text, ""), now=NOON + HOUR)

    assert len(shelf.stories) == 4


@pytest.mark.parametrize("text", [text for text in ODD.values() if len(text) < 5_000])
def test_an_odd_text_joins_no_other_title(text: str) -> None:
    shelf = Shelf()
    titles = ("Dam bursts in northern valley", "Rates may rise again", "", "Live", "🔥")
    for site, title in enumerate(titles, 1):
        shelf.hear(site, said(site, title, text), now=NOON + site * HOUR)

    assert len(shelf.stories) == len(titles)


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_what_is_kept_of_an_odd_text_is_small(text: str) -> None:
    kept = gist(said(1, text, text))

    assert len(kept.packed()) < 1_200
    assert len(fingerprints(said(1, text, text))) <= 3


def test_of_a_title_no_more_is_read_than_counts() -> None:
    long = "a " * TITLE_CHARACTERS

    assert gist(said(1, long, LEAD)) == gist(said(1, f"{long} {LEAD * 99}", LEAD))


@given(st.text(max_size=300), st.text(max_size=300))
@example("", "\U00016d70")  # a digit since Unicode 16
def test_any_text_has_a_gist_that_comes_back(title: str, summary: str) -> None:
    kept = gist(said(1, title, summary))

    assert all(0 <= term < 2**32 for term in kept.terms)
    assert says_enough(kept) <= (len(kept.opening) >= 8)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(alphabet="dam 7港ที่\u0301\u200b🔥", max_size=40), min_size=2, max_size=5, unique=True))
def test_odd_titles_over_no_text_join_nothing(titles: list[str]) -> None:
    shelf = Shelf()
    for site, title in enumerate(titles):
        shelf.hear(site, said(site, title, ""))

    assert len(shelf.stories) == len(titles)


# -- what it costs -----------------------------------------------------------------------------------------


@dataclass
class Watched:
    """An index that counts how much of it is looked at."""

    index: Neighbours
    compared: int = 0
    weighed: int = 0

    def near(self, *args: Any, **wanted: Any) -> Any:
        found = self.index.near(*args, **wanted)
        self.compared += len(found)
        return found

    def story_rarity(self, term: int) -> float:
        self.weighed += 1
        return self.index.story_rarity(term)


@pytest.mark.parametrize("held", [1_000, 10_000])
def test_ten_thousand_entries_with_one_title_cost_no_more_than_a_thousand(held: int) -> None:
    index = Neighbours()
    for number in range(1, held + 1):
        text = f"{LEAD} {number}" if number % 2 else f"{OTHER} {number}"
        index.add(number, number, NOON, gist(said(number, "Morning briefing", text)).packed())
    watched = Watched(index)

    alike(
        gist(said(0, "Morning briefing", LEAD)),
        watched,  # type: ignore[arg-type]  # it looks like one
        since=NOON - HOUR,
        now=NOON + HOUR,
    )

    assert watched.compared <= CANDIDATES
    assert watched.weighed <= CANDIDATES * 2 * len(terms(f"Morning briefing {LEAD}"))


def test_a_document_of_entries_with_one_title_makes_as_many_stories() -> None:
    shelf = Shelf()
    document = [
        said(
            1, "Morning briefing", f"{LEAD} {number}", guid=str(number), url=f"https://a.example.org/{number}"
        )
        for number in range(PORTION)
    ]

    shelf.hear(1, *document)

    assert len(shelf.stories) == PORTION


def test_one_title_and_one_lead_under_many_links_of_a_feed_are_as_many_stories() -> None:
    shelf = Shelf()
    links = [f"https://a.example.org/{number}" for number in range(300)]

    shelf.hear(1, *(said(1, "Morning briefing for all", LEAD, guid=link, url=link) for link in links))

    assert len(shelf.stories) == len(links)
    assert {entry.matched_by for entry in shelf.entries} == {MatchedBy.NEW}


def test_one_title_of_many_feeds_joins_only_where_the_text_is_the_same() -> None:
    texts = [
        LEAD.replace("northern", place).replace("40", str(n)) for n, place in enumerate(("east", "west"))
    ]
    for one, two in combinations([LEAD, OTHER, *texts], 2):
        shelf = Shelf()
        shelf.hear(1, said(1, "Dam bursts in the valley", one))
        shelf.hear(2, said(2, "Dam bursts in the valley", two), now=NOON + HOUR)

        assert len(shelf.stories) == 2
