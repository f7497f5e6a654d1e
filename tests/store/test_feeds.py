"""Feeds: what the config wants, what is due, how polls end."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from aggregator.model import FeedState, Outcome
from aggregator.store import Reader, Store, WantedFeed
from tests.builders import NOON
from tests.store.scenes import ONE, TWO, a_new_story, a_poll, hand_in, subscribed, with_validators

HOUR = timedelta(hours=1)


def minutes_apart(index: int, _total: int) -> datetime:
    """First polls a minute from one another."""
    return NOON + timedelta(minutes=index)


async def test_new_feeds_are_spread_and_come_back_in_order(store: Store) -> None:
    totals: list[int] = []

    def first_poll(index: int, total: int) -> datetime:
        totals.append(total)
        return minutes_apart(index, total)

    two, one = await store.sync_feeds(
        [WantedFeed(TWO, "Two"), WantedFeed(ONE)], now=NOON, first_poll=first_poll
    )

    assert (two.url, two.title, two.state, two.next_poll_at) == (TWO, "Two", FeedState.ACTIVE, NOON)
    assert (one.url, one.title, one.next_poll_rule) == (ONE, "", "first poll")
    assert one.next_poll_at == NOON + timedelta(minutes=1)
    assert totals == [2, 2]


async def test_no_first_poll_lies_in_the_past(store: Store) -> None:
    (feed,) = await store.sync_feeds(
        [WantedFeed(ONE)], now=NOON, first_poll=lambda _index, _total: NOON - HOUR
    )

    assert feed.next_poll_at == NOON


async def test_feeds_that_are_known_keep_their_place(store: Store) -> None:
    one, two = await subscribed(store, ONE, TWO)

    again = await store.sync_feeds(
        [WantedFeed(TWO), WantedFeed(ONE)], now=NOON + HOUR, first_poll=minutes_apart
    )

    assert again == (two, one)


async def test_a_feed_that_leaves_the_config_rests_and_may_come_back(store: Store, reader: Reader) -> None:
    one, two = await subscribed(store, ONE, TWO)

    await subscribed(store, TWO)
    rested = reader.feeds()[0]
    back, _ = await subscribed(store, ONE, TWO)

    assert (rested.state, rested.next_poll_at) == (FeedState.PAUSED, None)
    assert rested.next_poll_rule == "not in the config"
    assert back == one
    assert reader.feeds() == (one, two)


async def test_a_failing_feed_that_comes_back_is_still_failing(store: Store) -> None:
    (one,) = await subscribed(store, ONE)
    await store.record(replace(one, state=FeedState.FAILING, failures=3), a_poll(one, outcome=Outcome.FAILED))
    await subscribed(store, TWO)

    (back,) = await subscribed(store, ONE)

    assert (back.state, back.failures) == (FeedState.FAILING, 3)


async def test_a_gone_feed_stays_gone_while_it_is_wanted(store: Store) -> None:
    (one,) = await subscribed(store, ONE)
    gone = replace(one, state=FeedState.GONE, next_poll_at=None)
    await store.record(gone, a_poll(one, outcome=Outcome.FAILED))

    assert await subscribed(store, ONE) == (gone,)


async def test_a_paused_feed_is_not_due(store: Store) -> None:
    await subscribed(store, ONE)

    paused, new = await store.sync_feeds(
        [WantedFeed(ONE, paused=True), WantedFeed(TWO, paused=True)], now=NOON, first_poll=minutes_apart
    )

    assert (paused.state, paused.next_poll_at) == (FeedState.PAUSED, None)
    assert (new.state, new.next_poll_rule) == (FeedState.PAUSED, "paused in the config")
    assert await store.due(NOON + HOUR, 5) == ()


async def test_a_feed_named_twice_is_one(store: Store, reader: Reader) -> None:
    first, second = await subscribed(store, ONE, ONE)

    assert first == second
    assert len(reader.feeds()) == 1


async def test_a_moved_feed_is_known_by_the_url_in_the_config(store: Store) -> None:
    (one,) = await subscribed(store, ONE)
    moved = replace(one, url="https://elsewhere.example.org/rss")
    await store.record(moved, a_poll(one))

    assert await subscribed(store, ONE) == (moved,)


async def test_a_new_title_in_the_config_touches_the_feeds_stories(store: Store, reader: Reader) -> None:
    one, two = await subscribed(store, ONE, TWO)
    await hand_in(store, one, a_new_story(one, "a"), a_new_story(one, "b"))
    await hand_in(store, two, a_new_story(two, "c"))
    before = reader.revision()

    await store.sync_feeds([WantedFeed(ONE, "Uno"), WantedFeed(TWO)], now=NOON, first_poll=minutes_apart)

    _, changed, _ = reader.changed_since(before, limit=10)
    assert {(story.id, story.lead.feed_title) for story in changed} == {
        ("story-1-a", "Uno"),
        ("story-1-b", "Uno"),
    }


async def test_what_is_due_comes_longest_overdue_first_and_without_the_busy(store: Store) -> None:
    urls = [f"https://{number}.example.org/rss" for number in range(5)]
    feeds = await store.sync_feeds(
        [WantedFeed(url) for url in urls],
        now=NOON,
        first_poll=lambda index, total: NOON + HOUR * (total - index),
    )

    due = await store.due(NOON + HOUR * 4, 2, busy={feeds[4].id})

    assert [feed.url for feed in due] == [urls[3], urls[2]]


async def test_a_poll_without_a_document_is_recorded(store: Store, reader: Reader) -> None:
    (feed,) = await subscribed(store)
    polled = with_validators(replace(feed, next_poll_at=NOON + HOUR), '"e"')
    poll = a_poll(
        feed, outcome=Outcome.FAILED, http_status=500, received_bytes=7, took_ms=9, error="HTTP 500"
    )

    await store.record(polled, poll)

    assert reader.feeds() == (polled,)
    assert reader.polls(feed.id, limit=1) == (poll,)


async def test_the_last_polls_come_first(store: Store, reader: Reader) -> None:
    (feed,) = await subscribed(store)
    for hours in (0, 1, 1, 2):
        await store.record(feed, a_poll(feed, at=NOON + HOUR * hours, took_ms=hours))

    assert [poll.took_ms for poll in reader.polls(feed.id, limit=3)] == [2, 1, 1]


@pytest.mark.parametrize("many", [0, 5_000])
async def test_a_config_of_any_size_is_taken_over(store: Store, reader: Reader, many: int) -> None:
    feeds = await store.sync_feeds(
        [WantedFeed(f"https://example.org/{number}") for number in range(many)],
        now=NOON,
        first_poll=minutes_apart,
    )

    assert len(feeds) == len(reader.feeds()) == many
