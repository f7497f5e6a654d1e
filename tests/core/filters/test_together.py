"""Filters that are judged together say what each says alone, and those that cannot hold are not judged."""

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.core.filters import Subject, all_together, judge, parse_filter, story_subject
from aggregator.core.filters.subject import Text
from aggregator.model import Story
from aggregator.patterns import timed_search
from tests.builders import NOON, a_story, an_entry
from tests.core.filters.drawn import sources, stories


def impatient(pattern: "regex.Pattern[str]", text: str) -> tuple[str, ...] | None:
    """A search in which one pattern always runs out of time."""
    return None if pattern.pattern == "slow" else timed_search(pattern, text)


def a_subject(title: str, text: str = "") -> Subject:
    return story_subject(a_story(an_entry(title=title, summary=text)))


@settings(max_examples=300, deadline=None)
@given(st.lists(sources, min_size=1, max_size=6), st.lists(stories(), min_size=1, max_size=4))
def test_together_filters_say_what_each_says_alone(some: list[str], told: list[Story]) -> None:
    filters = [parse_filter(source) for source in some]
    together = all_together(filters)

    for story in told:
        possible = together.possible(story_subject(story))
        for number, one in enumerate(filters):
            alone = judge(one, story_subject(story), now=NOON, search=impatient)
            assert alone is True if possible.get(number) else number in possible or alone is False


@settings(max_examples=300, deadline=None)
@given(sources, stories())
def test_what_is_needed_exactly_is_the_filter(source: str, story: Story) -> None:
    wanted = parse_filter(source)

    if wanted.needed.exact and wanted.needed.need:
        alone = judge(wanted, story_subject(story), now=NOON, search=impatient)
        assert wanted.needed.need.met_by(story_subject(story)) is alone


@pytest.mark.parametrize(
    ("source", "title", "possible"),
    [
        ("nato", "nato meets", True),
        ("nato", "a cup", False),
        ("NATO", "nato meets", True),
        ("missile*", "missiles", True),
        ("missile*", "dismissal", False),
        ("nato OR otan", "otan", True),
        ("nato OR otan", "a cup", False),
        ("nato OR tag:sport", "a cup", True),
        ("nato tag:sport", "a cup", False),
        ("nato /x+/", "a cup", False),
        ("-nato", "a cup", True),
        ("gas -nato", "gas", True),
        ("gas -nato", "gas nato", False),
        ("gas -(nato otan)", "gas nato otan", False),
        ("gas -tag:sport", "gas", True),
        ('gas -"nato otan"', "gas nato otan", True),
        ('"gas pipeline"', "gas", False),
        ("gas NEAR/3 pipeline", "gas", False),
        ("gas NEAR/3 (pipeline OR leak)", "a gas leak", True),
        ("case:NATO", "nato", True),
        ("case:NATO", "a cup", False),
        ("case:N*", "a cup", True),
        ("case:々", "a cup", False),
        ("case:ـ", "a cup", True),
        ("text:nato", "nato", False),
        ("title:nato", "nato", True),
        ("author:nato", "a cup", True),
        ("#nato", "a cup", True),
    ],
)
def test_a_filter_whose_words_are_absent_is_not_judged(source: str, title: str, possible: bool) -> None:
    together = all_together([parse_filter(source)])

    assert list(together.possible(a_subject(title))) == ([0] if possible else [])


def test_a_filter_that_is_none_always_holds() -> None:
    together = all_together([parse_filter("nato"), None])

    assert list(together.possible(a_subject("a cup"))) == [1]


def test_filters_come_in_their_order() -> None:
    together = all_together(map(parse_filter, ("gas", "tag:x", "nato", "pipe*")))

    assert list(together.possible(a_subject("pipeline of gas for nato"))) == [0, 1, 2, 3]


def test_a_filter_of_words_alone_is_sure() -> None:
    together = all_together(
        map(parse_filter, ("gas", "gas OR nato", "gas leak*", "gas age<2d", '"gas leak"', "-gas"))
    )

    assert together.possible(a_subject("gas leaks")) == {0: True, 1: True, 2: True, 3: False, 5: False}


@given(stories())
def test_the_words_of_a_text_are_those_that_stand_somewhere(story: Story) -> None:
    for exact in (False, True):
        text = Text((story.title, story.content), exact=exact)

        assert text.words == text.positions.keys()
