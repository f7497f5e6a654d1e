"""What a clause found: the words as they stand in the story, few, short and safe to print."""

from typing import Any

import pytest
import regex

from aggregator.core.filters import Explanation, Found, explain, in_words, parse_filter, story_subject
from aggregator.core.filters.found import LONGEST, MOST, TOLD
from aggregator.model import Origin, Tag
from aggregator.patterns import timed_search
from tests.builders import NOON, a_story, an_entry

UNSEEN = "\x1b\x9b\u202e\u2066\u200b\x00\ud800"


def told(source: str, title: str = "", summary: str = "", **changes: Any) -> Explanation:
    """The filter judged on a story with this title and text, tagged europe/italy and europe/malta."""
    tags = (Tag("europe/malta", Origin.FEED), Tag("Europe/Italy", Origin.FEED))
    story = a_story(an_entry(title=title, summary=summary, **changes), tags=tags)
    return explain(parse_filter(source), story_subject(story), now=NOON, search=timed_search)


def found(source: str, title: str = "", summary: str = "", **changes: Any) -> str:
    """What all clauses found that make it hold."""
    return in_words(one for leaf in told(source, title, summary, **changes).holding() for one in leaf.found)


@pytest.mark.parametrize(
    ("source", "title", "words"),
    [
        ("brussels", "In BRUSSELS, Brussels", '"BRUSSELS"'),
        ("muller", "Bei Müller", '"Müller"'),
        ("otan", "Chez l'OTAN", '"l\'OTAN"'),
        ("putin", "Putin’s war", '"Putin\'s"'),
        ("dam*", "Damaged dams, a dam’s dam", '"dam", "dam\'s", "Damaged"'),
        ("mull*", "Müllers Mühle", '"Müllers"'),
        ('"gas pipeline"', "A Gas-Pipeline, a gas pipeline", '"Gas-Pipeline", "gas pipeline"'),
        ('"gas pipe*"', "Gas pipes", '"Gas pipes"'),
        ('"19 rules"', "Covid-19 rules", '"Covid-19 rules"'),
        ('"the covid"', "The Covid-19 rules", '"The Covid-19"'),
        ("covid-19", "A Covid19 case", '"Covid19"'),
        ("covid19", "A Covid-19 case", '"Covid-19"'),
        ("eu", "Die EU-Kommission", '"EU"'),
        ("洪水", "北方洪水警告", '"洪水"'),
        ("ukraine NEAR/3 gas", "Gas from the Ukraine, gas", '"Ukraine", "gas"'),
        ("gas NEAR/3 pipe", "A pipe for gas", '"gas", "pipe"'),
        ("#gas", "On #Gas and #gaz", '"#Gas"'),
        ("#ga*", "On #Gas and #gaz", '"#Gas", "#gaz"'),
        ("case:EU", "Eu, EU", '"EU"'),
        ("case:E*", "Eu, EU, eu", '"EU", "Eu"'),
        ("case:/E./", "Eu", '"Eu"'),
        ("case:#Gas", "On #gas and #Gas", '"#Gas"'),
        ("/pr.cis/", "Un Précis", '"Précis"'),
        ("/str.sse/", "Große Straße", '"strasse"'),
        ("title:/dam|gas/", "Gas, dam", '"Gas"'),
    ],
)
def test_words_are_told_as_they_stand_in_the_title(source: str, title: str, words: str) -> None:
    assert found(source, title) == f"{words} in the title"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("dam", '"Dam" in the text'),
        ("gas NEAR/2 dam", '"Gas", "Dam" in the text'),
        ("#flood", '"#Flood" in the text'),
        ("/g.s/", '"Gas" in the text'),
        ("author:ann", '"Ann" in the author'),
        ("category:energy", '"Energy" in the categories'),
        ("feed:example", '"Example" in the feed\'s title'),
        ("feed:news.example", '"https://news.example.org/rss" in the feed\'s address'),
        ("feed:/ws.ex/", '"ws.ex" in the feed\'s address'),
        ("feed:/ex.mple/", '"Example" in the feed\'s title'),
        ("url:2026", '"https://www.example.org/2026" in the address'),
        ("url:/20.+/", '"2026" in the address'),
        ("lang:de", '"de-at" in the language'),
        ("domain:example.org", '"www.example.org" in the domains'),
        ("tag:europe", '"europe/italy", "europe/malta" in the tags'),
        ("tag:europe/m*", '"europe/malta" in the tags'),
    ],
)
def test_the_place_is_told_in_which_they_were_found(source: str, said: str) -> None:
    entry = {
        "author": "Ann",
        "categories": ("Energy",),
        "feed_title": "Example",
        "feed_url": "https://news.example.org/rss",
        "url": "https://www.example.org/2026",
        "lang": "de-AT",
    }

    assert found(source, "Title", "<p>Gas</p><p>Dam #Flood</p>", **entry) == said


def test_words_in_the_second_part_of_a_text_are_found_there() -> None:
    assert found('"the dam"', "Title", "Gas", content="<p>At the Dam</p>") == '"the Dam" in the text'


@pytest.mark.parametrize(
    "source", ["-gas", "age<9d", "words<9", "until:2030-01-01", "/x*/", "NOT NOT dam", "tag:europe/italy"]
)
def test_what_asks_for_no_words_or_finds_but_itself_tells_none(source: str) -> None:
    assert told(source, "Dam").verdict
    assert found(source, "Dam") == ""


def test_a_clause_that_does_not_hold_has_found_nothing() -> None:
    assert told("gas", "Dam").found == ()


def test_a_pattern_that_runs_out_of_time_when_asked_again_has_found_nothing() -> None:
    asked: list[str] = []

    def once(_pattern: "regex.Pattern[str]", text: str) -> tuple[str, ...] | None:
        asked.append(text)
        return None if len(asked) > 1 else ("dam",)

    story = story_subject(a_story(an_entry(title="Dam", summary="")))
    judged = explain(parse_filter("title:/dam/"), story, now=NOON, search=once)

    assert (judged.verdict, judged.found) == (True, ())


def test_only_the_first_few_words_are_told() -> None:
    assert told("a*", " ".join(f"a{number}" for number in range(9))).found == (
        Found(tuple(f"a{number}" for number in range(MOST)), "title"),
    )
    assert found(" ".join(f"w{number}" for number in range(9)), " ".join(f"w{n}" for n in range(9))) == (
        ", ".join(f'"w{number}"' for number in range(TOLD)) + " in the title"
    )


def test_what_is_long_is_cut() -> None:
    (one,) = told("/a.*b/", "a" * 10_000 + "b").found

    assert one == Found(("a" * (LONGEST - 1) + "…",), "title")


def test_what_cannot_be_printed_is_left_out() -> None:
    assert told("case:/dam.*x/", f"dam{UNSEEN} &#27;[31m x").found == (Found(("dam [31m x",), "title"),)


def test_places_are_told_one_after_the_other_and_a_word_once() -> None:
    one, two = Found(("a", "b"), "title"), Found(("c",), "text")

    assert (
        in_words([one, two, Found(("b", "d"), "title")]) == '"a", "b", "d" in the title and "c" in the text'
    )


@pytest.mark.parametrize(
    ("source", "deciding"),
    [("gas OR (dam x)", "dam x"), ("gas OR (x OR dam)", "x"), ("dam x", "dam x"), ("dam", "dam")],
)
def test_the_part_that_decided_is_at_hand_as_it_was_judged(source: str, deciding: str) -> None:
    part = told(source, "Dam x").deciding

    assert (part.clause, part.verdict) == (deciding, True)
