"""Where the words of a search stand: in titles, in excerpts, in every script."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aggregator.core.filters import named_filters, parse_filter
from aggregator.core.marking import EXCERPT, MARKS, Marker, Piece
from aggregator.model import Story
from aggregator.patterns import timed_search
from tests.builders import NOON, a_story, an_entry

LONG = "word " * 300


def story(title: str, summary: str = "", content: str = "", **changes: Any) -> Story:
    return a_story(an_entry(title=title, summary=summary, content=content, **changes))


def marked(query: str, told: Story) -> tuple[str, str]:
    """Title and excerpt, with brackets round what is marked."""
    title, excerpt = Marker(parse_filter(query), NOON, timed_search).marked(told)
    return bracketed(title), bracketed(excerpt)


def bracketed(pieces: tuple[Piece, ...]) -> str:
    return "".join(f"[{text}]" if found else text for text, found in pieces)


@pytest.mark.parametrize(
    ("query", "title", "shown"),
    [
        ("nato", "NATO, and nato again; a natograph", "[NATO], and [nato] again; a natograph"),
        ("missile*", "Missiles fly", "[Missiles] fly"),
        ('"gas pipeline"', "A gas valve, a Gas-Pipeline", "A gas valve, a [Gas-Pipeline]"),
        ("precis", "Un précis", "Un [précis]"),
        ("/m.n/ fly", "Men fly, man!", "[Men] [fly], [man]!"),
        ("gas OR dam", "Dam", "[Dam]"),
        ("gas -dam", "Gas", "[Gas]"),
        ("gas OR (dam x)", "Gas dam", "[Gas] dam"),
        ("NOT (gas dam)", "Gas", "Gas"),
        ("title:gas tag:x OR title:gas", "Gas", "[Gas]"),
        ("text:gas OR title:news", "Gas news", "Gas [news]"),
        ("words>0 OR gas", "Gas", "[Gas]"),
        ("age<9d lang:en OR gas", "Gas", "[Gas]"),
        ("feed:example", "Example", "Example"),
        ("洪水", "北方洪水警告", "北方[洪水]警告"),
        ('gas OR "gas pipe"', "gas pipe", "[gas pipe]"),
        ("b", "<b>a</b> b", "<[b]>a</[b]> [b]"),
        (
            "dam",
            "one two three four five six seven eight nine dam",
            "one two three four five six seven eight nine [dam]",
        ),
        ("dam OR x", "x " * (MARKS + 3), "[x] " * MARKS + "x x x "),
    ],
)
def test_what_is_looked_for_is_marked_in_the_title(query: str, title: str, shown: str) -> None:
    assert marked(query, story(title, lang="en"))[0] == shown


def test_a_title_that_is_missing_is_made_as_everywhere() -> None:
    assert marked("dam", story("", "A dam burst"))[0] == "A [dam] burst"


def test_the_excerpt_shows_the_place_where_it_is_found() -> None:
    _, excerpt = marked("dam", story("News", f"<p>{LONG} the dam broke. {LONG}</p>"))

    assert "word the [dam] broke. word" in excerpt
    assert excerpt.startswith("… word")
    assert excerpt.endswith("word …")
    assert len(excerpt) < EXCERPT + 10


@pytest.mark.parametrize(
    ("summary", "content", "excerpt"),
    [
        ("The dam", "A dam", "The [dam]"),
        ("Short", "A dam", "A [dam]"),
        ("Short", "Long", "Short"),
        ("", "Long", "Long"),
        ("", "", ""),
        ("a" * 400 + "dam", "", "a" * EXCERPT + " …"),
        ("dam " + "a" * 400, "", "[dam] …"),
        ("a" * 400 + "!dam", "", "… " + "a" * 89 + "![dam]"),
    ],
)
def test_the_text_that_holds_it_is_shown_first(summary: str, content: str, excerpt: str) -> None:
    assert marked("dam OR news", story("News", summary, content))[1] == excerpt


def test_a_clause_that_ran_out_of_time_marks_nothing() -> None:
    def never(*_: object) -> None:
        return None

    title, _ = Marker(parse_filter("/gas/ OR dam"), NOON, never).marked(story("gas dam"))

    assert bracketed(title) == "gas [dam]"


def test_a_clause_that_is_no_filter_by_itself_marks_nothing() -> None:
    odd = replace(parse_filter("gas"), clause=replace(parse_filter("gas").clause, source="("))

    assert Marker(odd, NOON, timed_search).marked(story("Gas"))[0] == (("Gas", False),)


def test_what_a_name_stands_for_is_marked() -> None:
    names = named_filters({"energy": ["gas", "oil -crude"]})

    marker = Marker(parse_filter("@energy dam", names), NOON, timed_search, names)

    assert bracketed(marker.marked(story("Oil, dams, dam"))[0]) == "[Oil], dams, [dam]"


def test_a_marker_reads_each_clause_once() -> None:
    marker = Marker(parse_filter("age<1d dam"), NOON + timedelta(hours=1), timed_search)

    assert [bracketed(marker.marked(story(title))[0]) for title in ("Dam one", "Dam two")] == [
        "[Dam] one",
        "[Dam] two",
    ]
