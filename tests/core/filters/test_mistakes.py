"""A filter that cannot be read says where and why, and nothing else ever happens."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.core.filters import explain, judge, parse_filter, story_subject
from aggregator.core.filters.compiling import NO_RECURSION
from aggregator.core.filters.fields import FIELDS
from aggregator.core.filters.mistakes import NEAR_TAKES
from aggregator.errors import FilterError
from aggregator.patterns import timed_search
from tests.builders import NOON, a_story, an_entry

PIECES = [
    "AND",
    "OR",
    "NOT",
    "-",
    "(",
    ")",
    '"',
    "“",
    "/",
    "a",
    "title:",
    "url:",
    "tag:x/y",
    "NEAR/2 ",
    "@",
    "#",
    "until:",
    "'",
    "\x00",
    "\ud800",
    "é",
    "*",
    "age<2d",
    "\\",
    " ",
]

# every level an OR, an AND and a field's bracket
DEEPEST = "x OR dam title:(" * 100 + "dam" + ")" * 100


@pytest.mark.parametrize(
    ("source", "column", "message"),
    [
        ("", 1, "an empty filter; leave the key out to take everything"),
        (" \n", 1, "an empty filter; leave the key out to take everything"),
        ("a AND OR b", 3, "'AND' needs something to its right"),
        ('"a"AND', 4, "'AND' needs something to its right"),
        ("-NOT", 5, "something to look for is missing here"),
        ("a OR NOT", 6, "'NOT' needs something to its right"),
        ("(OR a)", 2, "'OR' needs something to its left; to look for the word, write it small or in quotes"),
        ("- a", 1, "a '-' belongs right before what it excludes, without a space"),
        ("a -", 3, "a '-' belongs right before what it excludes, without a space"),
        ("a title: ", 3, "'title:' needs a word, a phrase or brackets to its right"),
        ("a “b", 3, "this quote is never closed"),
        ("a /b", 3, "this regular expression is never closed with '/'"),
        ("a //", 3, "an empty regular expression"),
        ('(")" (/(/ b', 6, "this bracket is never closed"),
        ("(a) ((b)", 5, "this bracket is never closed"),
        ('a ""', 3, "'' holds no letter and no digit to look for"),
        ('"a* b"', 1, "a '*' can only stand at the end of a word"),
        ("agee<2d", 1, "unknown measure 'agee', did you mean 'age'?"),
        (
            "xyz:2",
            1,
            f"unknown field 'xyz'; there are {', '.join((*FIELDS, 'until'))}",
        ),
        ("a OR NEAR/5 b", 3, "'OR' needs something to its right"),
        ("a (NEAR/5 b)", 4, f"'NEAR/5' {NEAR_TAKES}"),
        ("a NEAR/5 -b", 3, f"'NEAR/5' {NEAR_TAKES}"),
        ("a NEAR/5 (b c)", 3, f"NEAR {NEAR_TAKES}"),
        ("title:a NEAR/5 b", 9, f"NEAR {NEAR_TAKES}"),
        ("url:(a NEAR/5 b)", 8, f"NEAR {NEAR_TAKES}"),
        ("a NEAR/101 b", 3, "'NEAR/101' needs a number of words from 1 to 100, as in NEAR/5"),
        (
            "a NEAR/5 b NEAR/5 c",
            12,
            "'NEAR/5' makes a chain; join two at a time: 'a NEAR/5 b AND b NEAR/5 c'",
        ),
        ("x @ y", 3, "an '@' belongs right before the name of a filter, without a space"),
        ("x until:(2026-12-31)", 9, "'' is not a day such as 2026-12-31"),
        ("until:20261231", 7, "'20261231' is not a day such as 2026-12-31"),
        ("a\x00 \x00", 4, "'\\x00' holds no letter and no digit to look for"),
        ("\ud800", 1, "'\\ud800' holds no letter and no digit to look for"),
        ("published>soon", 11, "'soon' is not a date such as 2026-01-31"),
        ("feeds>=-1", 8, "'-1' is not a whole number"),
        ("words>", 7, "'' is not a whole number"),
        ("domain://a", 8, "'//a' is not a value of this field"),
        ("x /é(/", 4, "no regular expression: missing )"),
        (
            r"/(?u)a(?a)/",
            2,
            "no regular expression: ASCII, LOCALE and UNICODE flags are mutually incompatible",
        ),
        ("x /(?R)/", 4, f"'(?R' calls a group again: {NO_RECURSION}"),
        ("/a(?0)?b/", 3, f"'(?0' calls a group again: {NO_RECURSION}"),
        ("/(a)(?1)/", 5, f"'(?1' calls a group again: {NO_RECURSION}"),
        ("/(a)(?-1)/", 5, f"'(?-1' calls a group again: {NO_RECURSION}"),
        ("/(?<n>a(?&n)?)/", 8, f"'(?&' calls a group again: {NO_RECURSION}"),
        ("/(?P<n>a(?P>n)?)/", 9, f"'(?P' calls a group again: {NO_RECURSION}"),
        ("/(?x)(?P >n)(?P<n>a)/", 6, f"'(?P' calls a group again: {NO_RECURSION}"),
        ("title:/é（?R）/", 8, f"'(?R' calls a group again: {NO_RECURSION}"),
        (r"case:/\\(?R)/", 9, f"'(?R' calls a group again: {NO_RECURSION}"),
    ],
)
def test_a_mistake_is_told_with_its_column(source: str, column: int, message: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse_filter(source)

    assert (caught.value.column, caught.value.message) == (column, message)


@pytest.mark.parametrize(
    "source",
    [r"/\(\?R\)/", r"/(a)\1/", "/(?P<n>a)(?P=n)/", "/(?:a)(?i:b)(?=c)(?!d)(?<=c)(?-i:f)/", "/(a)(?(1)b|c)/"],
)
def test_a_pattern_that_repeats_what_it_found_is_no_recursion(source: str) -> None:
    assert parse_filter(source).meaning == source


@pytest.mark.parametrize(
    ("source", "column", "message"),
    [
        ("a" * 200_001, 200_001, "a filter may have 200,000 characters, this has 200,001"),
        ("a " * 30_001, 1, "a filter may have 30,000 words, operators and brackets"),
        ("(" * 100_000 + "a", 1, "a filter may have 30,000 words, operators and brackets"),
        ("(" * 1_000 + "a" + ")" * 1_000, 101, "more than 100 brackets and NOTs in one another"),
        (f"/{'a' * 1_001}/", 1, "a regular expression may have 1000 characters, not 1001"),
        (f"/{'(' * 450}a{')' * 450}/", 2, "this regular expression is nested too deeply"),
        ("(" * 101 + "a" + ")" * 101, 101, "more than 100 brackets and NOTs in one another"),
        ("NOT " * 2_000 + "a", 401, "more than 100 brackets and NOTs in one another"),
        ("-" * 9_000 + "a", 101, "more than 100 brackets and NOTs in one another"),
    ],
    ids=[
        "source",
        "words",
        "signs",
        "a thousand brackets",
        "pattern",
        "pattern's depth",
        "brackets",
        "NOTs",
        "hyphens",
    ],
)
def test_a_filter_over_a_limit_is_refused(source: str, column: int, message: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse_filter(source)

    assert (caught.value.column, caught.value.message) == (column, message)


@pytest.mark.parametrize(
    "source", ["(" * 100 + "dam" + ")" * 100, "NOT " * 100 + "dam", "dam " * 2_500, DEEPEST]
)
def test_a_filter_at_a_limit_is_judged(source: str) -> None:
    wanted, subject = parse_filter(source), story_subject(a_story())

    assert judge(wanted, subject, now=NOON, search=timed_search) is True
    assert explain(wanted, subject, now=NOON, search=timed_search).verdict is True


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "source",
    [
        "/(a+)+$/",
        "/(a|a)*b/ OR /(.*)*z/",
        "NEAR(dam gave, 3)",
        "dam AND gave",
        "robert drop table stories",
        " OR ".join(f'word{number} "no {number}" miss{number}*' for number in range(5_000)),
    ],
    ids=["pattern", "patterns", "NEAR as of FTS5", "AND", "SQL", "ten thousand terms"],
)
def test_a_hostile_filter_has_a_verdict_in_good_time(source: str) -> None:
    subject = story_subject(a_story(an_entry(title="a" * 5_000 + "!", summary="x " * 5_000)))

    assert judge(parse_filter(source), subject, now=NOON, search=timed_search) is not True


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=12).map("".join)))
def test_any_text_is_a_filter_or_an_error_in_its_bounds(source: str) -> None:
    fault = None
    try:
        judge(parse_filter(source), story_subject(a_story()), now=NOON, search=timed_search)
    except FilterError as error:
        fault = error

    assert fault is None or (1 <= fault.column <= len(source) + 1 and fault.message)
