"""Filters that use others by name, and what becomes of names that stand for nothing."""

import pytest

from aggregator.core.filters import explain, judge, named_filters, parse_filter, story_subject
from aggregator.errors import FilterError
from aggregator.patterns import timed_search
from tests.builders import NOON, a_story, an_entry

NAMES = named_filters(
    {
        "security": ["@alliance -@quiz", "missile*"],
        "alliance": ["NATO", "OTAN"],
        "quiz": ["title:quiz"],
        "chicken": ["x @egg"],
        "egg": ["@chicken"],
        "omelette": ["@egg"],
        "broken": ["(nato"],
        "on-broken": ["@broken nato"],
        "lost": ["@nowhere"],
    }
)


def fault(source: str) -> str:
    with pytest.raises(FilterError) as caught:
        parse_filter(source, NAMES)
    return str(caught.value)


@pytest.mark.parametrize(
    ("title", "taken"),
    [("NATO meets", True), ("OTAN quiz", False), ("Missiles", True), ("Sport", False)],
)
def test_a_name_stands_for_any_of_its_filters_and_what_they_name(title: str, taken: bool) -> None:
    subject = story_subject(a_story(an_entry(title=title)))

    assert judge(parse_filter("@Security", NAMES), subject, now=NOON, search=timed_search) is taken


def test_a_filter_means_what_its_names_stand_for() -> None:
    wanted = parse_filter("@security -sport", NAMES)

    assert wanted.source == "@security -sport"
    assert wanted.meaning == "((NATO OR OTAN) -title:quiz OR missile*) -sport"
    assert wanted == parse_filter(wanted.meaning)
    assert parse_filter("@alliance", NAMES) != parse_filter(
        "@alliance", named_filters({"alliance": ["NATO"]})
    )


def test_a_description_names_what_a_name_stands_for() -> None:
    assert parse_filter("@alliance OR sport", NAMES).alternatives == ("NATO", "OTAN", "sport")


def test_an_explanation_shows_the_name_and_what_decided_in_it() -> None:
    subject = story_subject(a_story(an_entry(title="OTAN")))

    told = explain(parse_filter("@alliance", NAMES), subject, now=NOON, search=timed_search)

    assert (told.clause, told.verdict, told.decisive) == ("@alliance", True, "OTAN")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("x @aliance", "column 3: unknown filter '@aliance', did you mean '@alliance'?"),
        ("@egg", "column 1: '@egg' is made of itself: @egg, @chicken, @egg"),
        ("x @egg", "column 3: '@egg' is made of itself: @egg, @chicken, @egg"),
        ("title:(@quiz)", "column 8: '@quiz' names a whole filter, which cannot stand in title:(…)"),
        ("@", "column 1: an '@' belongs right before the name of a filter, without a space"),
    ],
)
def test_a_name_that_cannot_stand_here_is_a_mistake(source: str, told: str) -> None:
    assert fault(source) == told


def test_a_mistake_is_told_where_it_is_and_not_where_its_name_is_used() -> None:
    for source in ["@broken", "@on-broken", "@lost", "@omelette"]:
        assert parse_filter(source, NAMES).source == source


def test_a_word_in_quotes_is_no_name() -> None:
    subject = story_subject(a_story(an_entry(title="by @broken")))

    assert judge(parse_filter('"@broken"', NAMES), subject, now=NOON, search=timed_search) is True


@pytest.mark.timeout(20)
def test_names_that_multiply_are_refused_and_not_tried() -> None:
    names = named_filters({"a0": ["x y"]} | {f"a{n}": [f"@a{n - 1} @a{n - 1}"] for n in range(1, 80)})

    assert parse_filter("@a1", names).meaning == "(x y) (x y)"
    with pytest.raises(FilterError, match="more than 50,000 terms or 250 levels, all names counted"):
        parse_filter("@a14 @a14", names)


@pytest.mark.timeout(20)
def test_names_that_pile_up_are_refused_and_not_tried() -> None:
    names = named_filters({"a0": ["x"]} | {f"a{n}": [f"-@a{n - 1} y"] for n in range(1, 2_000)})

    assert parse_filter("@a2", names).meaning == "-(-x y) y"
    with pytest.raises(FilterError, match="250 levels"):
        parse_filter("@a83 -z", names)
