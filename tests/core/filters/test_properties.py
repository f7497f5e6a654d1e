"""What holds for every filter: it can be printed and read again, and its negation takes the rest."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from aggregator.core.filters import Filter, judge, named_filters, parse_filter, story_subject
from aggregator.errors import FilterError
from aggregator.model import Story
from aggregator.patterns import timed_search
from tests.builders import NOON, a_story, an_entry

NAMES = named_filters({"alliance": ["NATO OR OTAN", '"North Atlantic Treaty"'], "quiz": ["title:quiz"]})
LEAVES = st.sampled_from(
    [
        *(
            "nato",
            "Müller",
            "l'OTAN",
            "covid-19",
            "missile*",
            "ガザ",
            "#summit",
            '"gas pipeline"',
            "“live blog”",
        ),
        *(
            "title:dam",
            "text:(gas OR leak)",
            "case:AI",
            "author:doe*",
            "-title:(dam valley)",
            '“a "b”',
            'צה"ל',
        ),
        *(
            "url:/live/",
            "tag:europe",
            "lang:de",
            "domain:bbc.co.uk",
            "feed:news",
            r"/ga[sz]+\b/",
            "url:/li?ve/",
        ),
        *("age<2d", "feeds >= 1", "WORDS>3", "published>2026-01-01", "until:2026-12-31", "until:2020-01-01"),
        *('gas NEAR/3 (leak OR "nord stream")', "title:(gas NEAR/2 leak*)", "@alliance", "@quiz NEAR/2 gas"),
    ]
)


def _joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    joins = st.sampled_from(["{} {}", "{} AND {}", "{} OR {}", "({}) {}", "({}) OR ({})", "{} ({})"])
    nots = st.sampled_from(["NOT {}", "-({})", "NOT ({})", "title:({})", "({})"])
    return st.one_of(
        st.builds(lambda join, one, two: join.format(one, two), joins, parts, parts),
        st.builds(lambda sign, one: sign.format(one), nots, parts),
    )


SOURCES = st.recursive(LEAVES, _joined, max_leaves=8)
WORDS = st.sampled_from(
    [
        "NATO",
        "Mueller",
        "l'OTAN",
        "Covid19",
        "missiles",
        "ガザ地区",
        "#summit",
        "gas pipeline",
        "leak",
        "AI",
        "quiz",
    ]
)
STORIES = st.builds(
    lambda title, text, lang: a_story(an_entry(title=" ".join(title), summary=" ".join(text), lang=lang)),
    st.lists(WORDS, max_size=5),
    st.lists(WORDS, max_size=8),
    st.sampled_from([None, "de-AT", "en"]),
)


def _parsed(source: str) -> Filter | None:
    try:
        return parse_filter(source, NAMES)
    except FilterError:
        return None  # a NEAR or a name within a field, a '-' behind a NOT


def _verdict(wanted: Filter, story: Story) -> bool | None:
    return judge(wanted, story_subject(story), now=NOON, search=timed_search)


@settings(max_examples=300)
@given(SOURCES, st.lists(STORIES, min_size=1, max_size=5))
def test_a_printed_filter_is_the_same_filter(source: str, stories: list[Story]) -> None:
    if wanted := _parsed(source):
        again = parse_filter(wanted.meaning)

        assert again == wanted
        assert [_verdict(again, story) for story in stories] == [_verdict(wanted, story) for story in stories]


@settings(max_examples=300)
@given(SOURCES, st.lists(STORIES, min_size=1, max_size=5))
def test_a_filter_and_its_negation_split_all_stories_in_two(source: str, stories: list[Story]) -> None:
    if wanted := _parsed(source):
        others = parse_filter(f"NOT ({source})", NAMES)

        assert all({_verdict(wanted, story), _verdict(others, story)} == {True, False} for story in stories)


@settings(max_examples=300)
@example("a(<5)")
@example("a OR b -(>5) (=5)")
@given(st.text(st.sampled_from('ab*:/"“”()-#@ \\אבNEARORNT5=<\n'), max_size=20))
def test_whatever_can_be_read_can_be_printed_and_read_again(source: str) -> None:
    if wanted := _parsed(source):
        assert parse_filter(wanted.meaning) == wanted


def test_a_filter_of_ten_thousand_terms_is_one_like_any_other() -> None:
    wanted = parse_filter(" OR ".join(f'word{number}* -"not {number}"' for number in range(5_000)))

    assert parse_filter(wanted.meaning) == wanted
    assert _verdict(wanted, a_story(an_entry(title="Words4999"))) is False
    assert _verdict(wanted, a_story(an_entry(title="Word4999s"))) is True
