"""How verdicts are joined, what is unknown, and what is said to have decided."""

from datetime import UTC, date, datetime, timedelta

import pytest
import regex

from aggregator.core.filters import Search, any_of, entry_subject, explain, judge, parse_filter, story_subject
from aggregator.model import Origin, Tag
from aggregator.patterns import timed_search
from tests.builders import NOON, a_story, an_entry


def never_done(_pattern: "regex.Pattern[str]", _text: str) -> None:
    """A search that always runs out of time."""


def verdict(source: str, *, title: str = "true", search: Search = never_done) -> bool | None:
    subject = story_subject(a_story(an_entry(title=title, summary="")))
    return judge(parse_filter(source), subject, now=NOON, search=search)


def decisive(source: str, *, title: str) -> str:
    subject = story_subject(a_story(an_entry(title=title, summary="")))
    return explain(parse_filter(source), subject, now=NOON, search=never_done).decisive


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("/x/", None),
        ("NOT /x/", None),
        ("true AND /x/", None),
        ("/x/ AND false", False),
        ("false AND /x/", False),
        ("true OR /x/", True),
        ("/x/ OR true", True),
        ("/x/ OR false", None),
        ("NOT (/x/ AND false)", True),
    ],
)
def test_unknown_follows_kleene(source: str, expected: bool | None) -> None:
    assert verdict(source) is expected


@pytest.mark.parametrize(
    ("source", "title", "clause"),
    [
        ("nato OR otan", "otan nato", "nato"),
        ("nato OR (otan ukraine)", "otan ukraine", "otan ukraine"),
        ("nato OR otan", "cup", "nato OR otan"),
        ("nato ukraine", "nato ukraine", "nato ukraine"),
        ("nato ukraine -sport", "nato", "ukraine"),
        ("nato -sport", "nato sport", "-sport"),
        ("nato NOT (sport OR cup)", "nato cup", "cup"),
        ("title:(nato OR otan)", "otan", "title:otan"),
        ("cup OR title:(nato otan)", "nato otan", "title:(nato otan)"),
        ("nato AND /x/", "nato", "/x/"),
        ("NOT NOT nato", "nato", "NOT NOT nato"),
    ],
)
def test_the_clause_that_decided_is_named(source: str, title: str, clause: str) -> None:
    assert decisive(source, title=title) == clause


def test_an_explanation_holds_every_part() -> None:
    told = explain(parse_filter("dam OR /x/"), story_subject(a_story()), now=NOON, search=never_done)

    assert (told.clause, told.verdict) == ("dam OR /x/", True)
    assert [(part.clause, part.verdict) for part in told.children] == [("dam", True), ("/x/", None)]


def test_any_of_takes_what_one_of_its_filters_takes() -> None:
    either = any_of([parse_filter("nato OR otan"), parse_filter("dam age<2d")])
    subject = story_subject(a_story())

    assert either.source == "(nato OR otan) OR (dam age<2d)"
    assert either.timed
    assert judge(either, subject, now=NOON, search=never_done) is True
    assert parse_filter(either.source) == either


def test_any_of_one_is_that_one() -> None:
    one = parse_filter("nato")

    assert any_of([one]) is one


@pytest.mark.parametrize(
    ("source", "timed"),
    [
        ("nato", False),
        ("nato -(cup age<2d)", True),
        ("published>2026-01-01", False),
        ("feeds>2 words>9", False),
    ],
)
def test_a_filter_knows_whether_time_changes_it(source: str, timed: bool) -> None:
    assert parse_filter(source).timed is timed


def test_a_later_clause_is_not_run_when_the_first_decides() -> None:
    asked: list[str] = []

    def search(pattern: "regex.Pattern[str]", _text: str) -> tuple[str, ...]:
        asked.append(pattern.pattern)
        return ("x",)

    verdict("false AND /x/", search=search)
    verdict("true OR /x/", search=search)

    assert asked == []


def test_a_pattern_sees_folded_text_and_is_folded_itself() -> None:
    assert verdict(r"/ÉLECTION\S+/", title="L'élections", search=timed_search) is True


def test_a_pattern_in_a_field_of_values_sees_one_line_for_each() -> None:
    story = a_story(tags=(Tag("sport", Origin.FEED), Tag("Europe/Elections", Origin.FEED)))

    for source, expected in [("tag:/^europe\\b/", True), ("tag:/^elections$/", False), ("lang:/./", False)]:
        found = judge(parse_filter(source), story_subject(story), now=NOON, search=timed_search)
        assert found is expected


def test_entry_fields_are_true_if_any_entry_has_them() -> None:
    story = a_story(
        an_entry(uid="a", url=None),
        an_entry(uid="b", feed_id=2, url="https://BBC.co.uk:443/x", feed_title="BBC", categories=("War",)),
    )

    for source in [
        "domain:bbc.co.uk",
        "domain:https://bbc.co.uk/",
        "domain:.bbc.co.uk:443",
        "feed:bbc",
        "category:war",
    ]:
        assert judge(parse_filter(source), story_subject(story), now=NOON, search=timed_search) is True


def test_the_lead_s_fields_are_the_lead_s_alone() -> None:
    story = a_story(an_entry(uid="a", title="Dam"), an_entry(uid="b", title="Flood"))

    assert judge(parse_filter("title:flood"), story_subject(story), now=NOON, search=timed_search) is False


@pytest.mark.parametrize(
    "url", ["https://[broken/", "https://a..b/", "mailto:me@example.org", f"https://{'a' * 70}.ö/"]
)
def test_an_address_without_a_host_is_of_no_domain(url: str) -> None:
    story = a_story(an_entry(url=url))

    assert story_subject(story).domains == ()


def test_tags_handed_in_stand_in_for_the_story_s_own() -> None:
    story = a_story(tags=(Tag("sport", Origin.FEED),))

    assert story_subject(story).tags == ("sport",)
    assert story_subject(story, tags=["world"]).tags == ("world",)


def test_a_subject_with_one_more_tag_keeps_what_was_folded() -> None:
    subject = story_subject(a_story(), tags=["world"])
    title = subject.title
    assert subject.tags == ("world",)

    other = subject.with_tag("Dams")

    assert set(other.tags) == {"world", "dams"}
    assert other.title is title


@pytest.mark.parametrize(
    ("published", "news"),
    [
        (None, NOON),
        (NOON + timedelta(hours=1), NOON),
        (NOON - timedelta(hours=1), NOON - timedelta(hours=1)),
    ],
    ids=["no date", "a date in the future", "a date in the past"],
)
def test_an_entry_alone_is_news_when_published_but_not_after_it_was_seen(
    published: datetime | None, news: datetime
) -> None:
    subject = entry_subject(an_entry(published_at=published), tags=["world"])

    assert (subject.news_at, subject.published_at) == (news, news)
    assert subject.tags == ("world",)


def test_a_date_with_a_zone_and_one_without_are_both_understood() -> None:
    subject = story_subject(a_story(published_at=datetime(2026, 1, 1, 12, tzinfo=UTC)))

    for source, expected in [
        ("published>2026-01-01T12:30+01:00", True),
        ("published<2026-01-01T12:30", True),
    ]:
        assert judge(parse_filter(source), subject, now=NOON, search=timed_search) is expected


def test_a_filter_with_a_last_day_is_true_to_its_end_and_then_says_so() -> None:
    wanted = parse_filter("(dam OR cup until:2026-11-24) until:2026-11-25")
    last = datetime(2026, 11, 25, 23, 59, tzinfo=UTC)
    subject = story_subject(a_story())

    judged = [
        judge(wanted, subject, now=last + timedelta(minutes=past), search=never_done) for past in (0, 1)
    ]

    assert judged == [True, False]
    assert wanted.timed
    assert wanted.expired(last) == (date(2026, 11, 24),)
    assert wanted.expired(last + timedelta(minutes=1)) == (date(2026, 11, 24), date(2026, 11, 25))


@pytest.mark.parametrize("source", ["feeds<2", "feeds<=1", "feeds=1", "feeds>=1", "feeds>0"])
def test_every_comparison_compares(source: str) -> None:
    assert verdict(source) is True


def test_curly_quotes_make_a_phrase() -> None:
    assert verdict("“live blog”", title="The live blog") is True
    assert verdict("„live blog“", title="A blog, live") is False
