"""A feed's own rhythm: asked about twice as often as it has news, whatever its dates say."""

from datetime import timedelta
from itertools import pairwise

import pytest

from aggregator.core.schedule import Terms
from aggregator.core.settings import PollSettings
from tests.builders import NOON, a_feed
from tests.core.schedule.clock import DAY, HOUR, MINUTE, OK, SECOND, SETTINGS, Days, polled


def every(gap: timedelta, *, days: int = 10, at_once: int = 1) -> list[timedelta]:
    """When entries appear that come this far apart."""
    return [gap * number + MINUTE for number in range(int(DAY * days / gap)) for _ in range(at_once)]


def by_day(gap: timedelta, *, days: int = 10) -> list[timedelta]:
    """Entries this far apart for sixteen hours, and none by night."""
    return [moment for moment in every(gap, days=days) if moment % DAY < 16 * HOUR]


def test_news_every_three_hours_is_asked_for_every_ninety_minutes_and_said_so() -> None:
    feed = a_feed(last_ok_at=NOON - 90 * MINUTE, news_at=NOON - 3 * HOUR, news_every=3 * HOUR)

    after = polled(feed, **OK, entries=20, new_entries=1)

    assert after.next_poll_at == NOON + 90 * MINUTE
    assert after.next_poll_rule == "its own rhythm: news about every 3 h, so every 90 min"


@pytest.mark.parametrize("hours", [1, 2, 3, 6, 12])
def test_a_steady_feed_is_asked_about_twice_as_often_as_it_has_news(hours: int) -> None:
    days = Days(every(HOUR * hours)).until(10 * DAY)

    news_a_day = 24 / hours
    assert 1.5 * news_a_day <= sum(days.per_day(day) for day in range(5, 10)) / 5 <= 3 * news_a_day


def test_a_busy_feed_is_at_the_minimum_after_a_few_polls() -> None:
    days = Days(every(4 * MINUTE)).until(3 * HOUR)

    assert SETTINGS.min <= days.wait < 1.01 * SETTINGS.min
    assert len([poll for poll in days.polls if poll < 90 * MINUTE]) >= 6


def test_a_dead_blog_is_asked_once_a_day_after_a_few_days_and_slowly_until_then() -> None:
    days = Days([]).until(9 * DAY)

    waits = [later - sooner for sooner, later in pairwise(days.polls)]
    assert waits == sorted(waits)
    assert all(later <= 1.5 * sooner for sooner, later in pairwise(waits))
    assert days.wait == DAY
    assert days.per_day(0) <= 20
    assert days.feed.next_poll_rule.startswith("its own rhythm: no news for ")


def test_news_after_a_long_silence_speeds_it_up_at_once() -> None:
    days = Days([30 * DAY, *(30 * DAY + HOUR * number for number in range(48))]).until(30 * DAY)
    assert days.wait == DAY

    days.until(32 * DAY)

    assert days.wait <= 2 * HOUR


def test_the_morning_of_a_newspaper_is_not_slept_through() -> None:
    days = Days(by_day(20 * MINUTE)).until(10 * DAY)

    morning = [poll for poll in days.polls if DAY * 8 <= poll < DAY * 8 + 4 * HOUR]
    assert morning[0] - DAY * 8 <= 2 * HOUR
    assert len(morning) >= 6


def test_a_batch_once_a_day_does_not_look_like_a_busy_feed() -> None:
    days = Days(every(DAY, days=20, at_once=12)).until(20 * DAY)

    assert sum(days.per_day(day) for day in range(10, 20)) / 10 <= 6


def test_a_document_that_was_new_from_end_to_end_is_asked_for_twice_as_often() -> None:
    feed = a_feed(last_ok_at=NOON - 2 * HOUR, news_at=NOON - 2 * HOUR, news_every=DAY)

    after = polled(feed, **OK, entries=20, new_entries=20)

    assert after.next_poll_at == NOON + HOUR


def test_what_the_first_poll_brings_says_nothing() -> None:
    after = polled(**OK, entries=20, new_entries=20)

    assert (after.news_at, after.news_every, after.next_poll_rule) == (NOON, None, "every 30 min")


def test_a_week_away_is_not_a_week_without_news() -> None:
    week = 7 * DAY
    feed = a_feed(last_ok_at=NOON - week, news_at=NOON - week - MINUTE, news_every=HOUR)

    after = polled(feed, **OK, entries=200, new_entries=168)

    assert after.next_poll_at
    assert after.next_poll_at - NOON <= HOUR


def test_a_clock_that_went_back_leaves_a_rhythm_behind() -> None:
    feed = a_feed(last_ok_at=NOON + DAY, news_at=NOON + 2 * DAY, news_every=HOUR)

    after = polled(feed, **OK, entries=20, new_entries=1)

    assert after.news_every == 20 * MINUTE
    assert after.news_at == NOON


def test_a_feed_with_filters_is_never_slower_than_the_usual_rhythm() -> None:
    terms = Terms(settings=SETTINGS, filtered=True)

    days = Days([], terms).until(5 * DAY)

    assert days.wait == 30 * MINUTE
    assert days.feed.next_poll_rule == "every 30 min, as its filters hide its rhythm"


def test_a_feed_with_an_every_of_its_own_does_not_adapt() -> None:
    days = Days(every(2 * HOUR), Terms(settings=SETTINGS, every=HOUR)).until(2 * DAY)

    assert {later - sooner for sooner, later in pairwise(days.polls)} == {HOUR}


def test_a_second_is_the_shortest_gap_even_without_a_minimum() -> None:
    settings = PollSettings(jitter=0, min=timedelta(0), every=2 * SECOND, max=MINUTE)

    days = Days(every(SECOND, days=1)[:600], Terms(settings=settings)).until(10 * MINUTE)

    assert SECOND / 2 <= days.wait < SECOND
