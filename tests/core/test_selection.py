"""Which stories an output takes, in which order, and why."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aggregator.core.filters import parse_filter, story_subject
from aggregator.core.selection import Ranking, choose, choose_between, place_of, score, takes
from aggregator.core.settings import OutputSettings, Settings
from aggregator.core.verdicts import explain
from aggregator.model import Group, Order, Story
from aggregator.patterns import timed_search
from tests.builders import NOON, a_story, an_entry

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def output(**changes: Any) -> OutputSettings:
    """An output whose filters are given as texts."""
    for key in changes.keys() & {"include", "exclude"}:
        changes[key] = parse_filter(changes[key])
    return OutputSettings(name="out", title="Out", **changes)


def story(number: int, *, feeds: tuple[int, ...] = (1,), **changes: Any) -> Story:
    """A story of so many feeds; a higher number is newer."""
    told = [an_entry(uid=f"{number}-{feed}", story_id=f"s{number}", feed_id=feed) for feed in feeds]
    return a_story(*told, seq=number, **{"news_at": NOON - (10 - number) * DAY, **changes})


def chosen(wanted: OutputSettings, *stories: Story) -> list[str]:
    ranking = Ranking()
    for one in stories:
        ranking.put(None, place_of(one))
    return [place.id for place in choose(wanted, ranking, now=NOON)]


class TestChoice:
    def test_stands_in_the_order_of_news_time_then_number(self) -> None:
        same = [story(number, news_at=NOON) for number in (7, 8)]

        assert chosen(output(), story(2), *same, story(3)) == ["s8", "s7", "s3", "s2"]

    def test_ends_at_the_limit(self) -> None:
        assert chosen(output(limit=2), story(1), story(2), story(3)) == ["s3", "s2"]

    def test_ends_at_the_age(self) -> None:
        assert chosen(output(max_age=2 * DAY), story(7), story(8), story(9)) == ["s9", "s8"]

    def test_gives_a_feed_no_more_than_its_share(self) -> None:
        assert chosen(output(per_feed=1), story(1, feeds=(2,)), story(2), story(3)) == ["s3", "s1"]

    def test_asks_for_coverage(self) -> None:
        assert chosen(output(min_feeds=2), story(1, feeds=(1, 2)), story(2)) == ["s1"]

    def test_takes_entries_of_one_feed_for_one_telling(self) -> None:
        assert chosen(output(min_feeds=2), story(1, feeds=(1, 1))) == []


class TestOrderByCoverage:
    """Midnight, six, noon and six are when a story has aged."""

    wanted = output(order=Order.COVERAGE)

    def test_what_more_feeds_tell_stands_first(self) -> None:
        told = [story(1, news_at=NOON), story(2, news_at=NOON, feeds=(1, 2)), story(3, news_at=NOON)]

        assert chosen(self.wanted, *told) == ["s2", "s3", "s1"]

    @pytest.mark.parametrize(
        ("feeds", "age", "first"),
        [
            (2, HOUR, True),
            (2, 12 * HOUR, False),
            (3, 12 * HOUR, True),
            (3, DAY, False),
            (5, 18 * HOUR, True),
            (5, DAY, False),
            (13, 2 * DAY, True),
            (13, 3 * DAY, False),
        ],
    )
    def test_age_takes_weight(self, feeds: int, age: timedelta, first: bool) -> None:
        old, fresh = story(1, news_at=NOON - age, feeds=tuple(range(feeds))), story(2, news_at=NOON)

        assert (chosen(self.wanted, fresh, old) == ["s1", "s2"]) is first

    def test_of_one_step_the_newest_stands_first(self) -> None:
        told = [
            story(1, news_at=NOON + HOUR, feeds=(1, 2, 3)),
            story(2, news_at=NOON + 2 * HOUR, feeds=(1, 2, 3, 4)),
            story(3, news_at=NOON + 3 * HOUR, feeds=(1, 2, 3)),
        ]

        assert chosen(self.wanted, *told) == ["s3", "s2", "s1"]

    def test_nobody_changes_places_between_two_steps_of_age(self) -> None:
        old, fresh = place_of(story(1, news_at=NOON - HOUR, feeds=(1, 2))), place_of(story(2, news_at=NOON))
        ratios = [score(old, NOON + hour * HOUR) / score(fresh, NOON + hour * HOUR) for hour in range(13)]

        assert [hour for hour in range(1, 13) if ratios[hour] != ratios[hour - 1]] == [6, 12]

    def test_a_story_that_is_ahead_of_the_clock_is_fresh(self) -> None:
        ahead, fresh = place_of(story(1, news_at=NOON + DAY)), place_of(story(2, news_at=NOON))

        assert score(ahead, NOON) == score(fresh, NOON)

    def test_limits_hold_as_ever(self) -> None:
        told = [
            story(1, news_at=NOON - 2 * DAY, feeds=(1, 2, 3, 4, 5)),
            *(story(number, news_at=NOON - HOUR, feeds=(1, 2, number)) for number in (2, 3)),
            story(4, news_at=NOON, feeds=(2,)),
        ]
        limits = {"max_age": DAY, "per_feed": 1, "min_feeds": 3}

        assert chosen(output(order=Order.COVERAGE, **limits), *told) == ["s3"]


class TestAPeriod:
    def test_begins_with_what_most_feeds_tell_then_the_newest(self) -> None:
        told = [story(number, feeds=(1, 2, 3) if number == 4 else (1,)) for number in range(1, 9)]

        assert between(output(), 3, 6, *told) == ["s4", "s5", "s3"]

    def test_keeps_to_the_other_limits(self) -> None:
        told = [story(number, feeds=(1, number)) for number in range(1, 9)]

        assert between(output(per_feed=1), 1, 9, *told) == ["s8"]
        assert between(output(min_feeds=2, limit=2), 1, 9, *told) == ["s8", "s7"]


def between(wanted: OutputSettings, first: int, end: int, *stories: Story) -> list[str]:
    """What is chosen of the stories from this number up to that."""
    ranking = Ranking()
    for one in stories:
        ranking.put(None, place_of(one))
    begins, ends = story(first).news_at, story(end).news_at
    return [place.id for place in choose_between(wanted, ranking, begins, ends)]


class TestRanking:
    def test_moves_and_removes_a_place(self) -> None:
        ranking, old = Ranking(), place_of(story(1))
        ranking.put(None, old)
        ranking.put(None, place_of(story(2)))

        ranking.put(old, place_of(story(1, news_at=NOON)))
        ranking.put(place_of(story(2)), None)

        assert [(place.id, place.news_at) for place in ranking.ordered(output(), NOON)] == [("s1", NOON)]

    def test_is_not_disturbed_by_a_place_it_does_not_hold(self) -> None:
        ranking = Ranking()
        ranking.put(None, place_of(story(1)))

        ranking.put(place_of(story(2)), None)

        assert len(list(ranking.ordered(output(), NOON))) == 1


@pytest.mark.parametrize(
    ("wanted", "taken", "clause"),
    [
        ({}, True, "takes everything"),
        ({"include": "dam OR flood"}, True, "include: dam"),
        ({"include": "sport"}, False, "not included: sport"),
        ({"include": "/dam/"}, True, "include: /dam/"),
        ({"exclude": "dam"}, False, "exclude: dam"),
        ({"exclude": "sport"}, True, "takes everything"),
        ({"include": "dam", "exclude": "valley"}, False, "exclude: valley"),
        ({"max_age": DAY}, False, "older than max_age: 1 d"),
        ({"max_age": 9 * DAY}, True, "takes everything"),
        ({"min_feeds": 2}, False, "told by 1 of min_feeds: 2"),
    ],
)
def test_an_output_says_what_decided(wanted: dict[str, Any], taken: bool, clause: str) -> None:
    settings = Settings(outputs=(output(**wanted),))

    (verdict,) = explain(settings, story(5), now=NOON, search=timed_search)

    assert (verdict.name, verdict.taken, verdict.clause) == ("out", taken, clause)


DAM = [story(number, feeds=(number,), event_id="dam") for number in (5, 6)]
BY_EVENT = {"group": Group.EVENT, "min_feeds": 2}


@pytest.mark.parametrize(
    ("wanted", "event", "taken", "clause"),
    [
        (BY_EVENT, DAM, True, "takes everything"),
        ({**BY_EVENT, "group": Group.STORY}, DAM, False, "told by 1 of min_feeds: 2"),
        ({**BY_EVENT, "min_feeds": 3}, DAM, False, "told by 2 of min_feeds: 3"),
        ({**BY_EVENT, "include": "tag:x"}, DAM, False, "not included: tag:x"),
        ({**BY_EVENT, "include": "dam", "exclude": "feeds>1"}, (), False, "told by 1 of min_feeds: 2"),
        ({"group": Group.EVENT, "max_age": 4.5 * DAY}, DAM, False, "older than max_age: 4.5 d"),
    ],
    ids=[
        "counts the event's feeds",
        "a story counts its own",
        "too few",
        "the filter",
        "alone",
        "first story's age",
    ],
)
def test_an_output_of_events_counts_the_events_feeds(
    wanted: dict[str, Any], event: list[Story], taken: bool, clause: str
) -> None:
    settings = Settings(outputs=(output(**wanted),))

    (verdict,) = explain(settings, DAM[1], now=NOON, search=timed_search, event=event)

    assert (verdict.taken, verdict.clause) == (taken, clause)


def test_an_event_counts_only_the_stories_that_the_output_takes() -> None:
    settings = Settings(outputs=(output(**BY_EVENT, include='"second word"'),))
    event = [DAM[0], replace(DAM[1], title="A second word")]

    (verdict,) = explain(settings, event[1], now=NOON, search=timed_search, event=event)

    assert verdict.clause == "told by 1 of min_feeds: 2"


def test_a_clause_that_is_out_of_time_neither_includes_nor_excludes() -> None:
    subject = story_subject(story(5))

    def never(*_: object) -> None:
        return None

    (verdict,) = explain(Settings(outputs=(output(include="/dam/"),)), story(5), now=NOON, search=never)

    assert not takes(output(include="/dam/"), subject, now=NOON, search=never)
    assert takes(output(exclude="/dam/"), subject, now=NOON, search=never)
    assert verdict.clause == "not included: /dam/ (out of time)"
