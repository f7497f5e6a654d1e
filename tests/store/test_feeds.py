"""Feeds: what the config wants, what is due, how polls end."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aggregator.model import Feed, FeedState, Outcome, Wait
from aggregator.store import Reader, Store, WantedFeed
from tests.builders import NOON
from tests.store.scenes import ONE, TWO, a_new_story, a_poll, hand_in, rows_of, subscribed, with_validators

HOUR = timedelta(hours=1)


async def test_new_feeds_are_due_at_once_and_come_back_in_order(store: Store) -> None:
    two, one = await store.sync_feeds([WantedFeed(TWO, "Two"), WantedFeed(ONE)], now=NOON)

    assert (two.url, two.title, two.state, two.next_poll_at) == (TWO, "Two", FeedState.ACTIVE, NOON)
    assert (one.url, one.title, one.next_poll_at, one.next_poll_rule) == (ONE, "", NOON, "first poll")


async def test_feeds_that_are_known_keep_their_place(store: Store) -> None:
    one, two = await subscribed(store, ONE, TWO)

    again = await store.sync_feeds([WantedFeed(TWO), WantedFeed(ONE)], now=NOON + HOUR)

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
    failing = replace(one, state=FeedState.FAILING, failures=3, last_error="HTTP 500")
    await store.record(failing, a_poll(one, outcome=Outcome.FAILED))
    await subscribed(store, TWO)

    (back,) = await subscribed(store, ONE)

    assert (back.state, back.failures) == (FeedState.FAILING, 3)


async def test_a_gone_feed_stays_gone_while_it_is_wanted_and_when_it_comes_back(store: Store) -> None:
    (one,) = await subscribed(store, ONE)
    rule = "gone (410): not polled until it is named"
    gone = replace(one, state=FeedState.GONE, gone_at=NOON, next_poll_at=None, next_poll_rule=rule)
    await store.record(gone, a_poll(one, outcome=Outcome.FAILED))

    assert await subscribed(store, ONE) == (gone,)
    await subscribed(store, TWO)
    assert await subscribed(store, ONE) == (gone,)


async def test_a_feed_that_wants_a_log_in_is_due_when_its_access_has_changed(store: Store) -> None:
    (one,) = await store.sync_feeds([WantedFeed(ONE, access="c0de")], now=NOON)
    refused = replace(one, state=FeedState.FAILING, refused_access="c0de", next_poll_at=None)
    await store.record(refused, a_poll(one, outcome=Outcome.FAILED))

    (same,) = await store.sync_feeds([WantedFeed(ONE, access="c0de")], now=NOON + HOUR)
    (other,) = await store.sync_feeds([WantedFeed(ONE, access="beef")], now=NOON + HOUR)

    assert (same, other.next_poll_at) == (refused, NOON + HOUR)


async def test_a_paused_feed_is_not_due(store: Store) -> None:
    await subscribed(store, ONE)

    paused, new = await store.sync_feeds(
        [WantedFeed(ONE, paused=True), WantedFeed(TWO, paused=True)], now=NOON
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

    await store.sync_feeds([WantedFeed(ONE, "Uno"), WantedFeed(TWO)], now=NOON)

    _, changed, _ = reader.changed_since(before, limit=10)
    assert {(story.id, story.lead.feed_title) for story in changed} == {
        ("story-1-a", "Uno"),
        ("story-1-b", "Uno"),
    }


class TestAnotherAddress:
    OLD, NEW = WantedFeed(ONE), WantedFeed(TWO, was=(ONE,))

    async def test_a_feed_that_is_called_otherwise_keeps_its_row_and_begins_again(self, store: Store) -> None:
        (one,) = await store.sync_feeds([self.OLD], now=NOON)
        worn = replace(
            with_validators(one, '"e"'),
            title="One",
            state=FeedState.GONE,
            failures=3,
            last_error="HTTP 410",
            last_ok_at=NOON,
            gone_at=NOON,
            news_at=NOON,
            news_every=HOUR,
            body_hash="same",
            next_poll_at=None,
        )
        await store.record(worn, a_poll(one, outcome=Outcome.FAILED))

        (feed,) = await store.sync_feeds([self.NEW], now=NOON + HOUR)

        begun = replace(one, url=TWO, title="One", next_poll_at=NOON + HOUR, next_poll_rule="first poll")
        assert feed == replace(begun, news_at=NOON, news_every=HOUR)

    async def test_its_stories_stay_and_are_published_with_the_new_address(
        self, store: Store, reader: Reader
    ) -> None:
        (one,) = await store.sync_feeds([self.OLD], now=NOON)
        await hand_in(store, one, a_new_story(one, "a"))
        before = reader.revision()

        await store.sync_feeds([self.NEW], now=NOON)

        _, changed, _ = reader.changed_since(before, limit=10)
        assert [(story.id, story.lead.feed_url) for story in changed] == [("story-1-a", TWO)]

    async def test_saying_so_again_changes_nothing(self, store: Store, reader: Reader) -> None:
        await store.sync_feeds([self.OLD], now=NOON)
        first = await store.sync_feeds([self.NEW], now=NOON)

        again = await store.sync_feeds([self.NEW], now=NOON + HOUR)

        assert again == first == reader.feeds()

    async def test_one_that_is_paused_goes_on_resting(self, store: Store) -> None:
        await store.sync_feeds([self.OLD], now=NOON)

        (feed,) = await store.sync_feeds([replace(self.NEW, paused=True)], now=NOON)

        assert (feed.url, feed.state, feed.next_poll_at) == (TWO, FeedState.PAUSED, None)

    async def test_who_takes_the_old_address_later_makes_ids_of_its_own(self, store: Store) -> None:
        await store.sync_feeds([self.OLD], now=NOON)
        await store.sync_feeds([self.NEW], now=NOON)

        moved, other = await store.sync_feeds([WantedFeed(TWO), WantedFeed(ONE)], now=NOON)

        assert (moved.origin, other.origin) == (ONE, f"{ONE}#2")
        assert (moved.id, other.id) == (1, 2)


async def test_what_is_due_comes_longest_overdue_first_and_without_the_busy(store: Store) -> None:
    urls = [f"https://{number}.example.org/rss" for number in range(5)]
    feeds = await subscribed(store, *urls)
    for number, feed in enumerate(feeds):
        await store.record(replace(feed, next_poll_at=NOON + HOUR * (5 - number)), a_poll(feed))

    due = await store.due(NOON + HOUR * 4, 2, busy={feeds[4].id})

    assert [feed.url for feed in due] == [urls[3], urls[2]]


async def test_a_poll_without_a_document_is_recorded(store: Store, reader: Reader) -> None:
    (feed,) = await subscribed(store)
    paced = replace(
        feed,
        next_poll_at=NOON + HOUR,
        moved_from=TWO,
        moved_at=NOON,
        news_at=NOON,
        news_every=HOUR / 7_000,
        whole_at=NOON,
        gone_at=NOON,
        refused_access="c0de",
    )
    polled = with_validators(paced, '"e"')
    poll = a_poll(
        feed, outcome=Outcome.FAILED, http_status=500, received_bytes=7, took_ms=9, error="HTTP 500"
    )

    await store.record(polled, poll)

    assert reader.feeds() == (polled,)
    assert reader.polls(feed.id, limit=1) == (poll,)


async def test_what_a_server_asked_for_is_kept_until_it_is_over(store: Store) -> None:
    (feed,) = await subscribed(store)
    short, long = Wait("a.example:443", NOON + HOUR, "why"), Wait(ONE, NOON + 3 * HOUR, "why")
    failed = a_poll(feed, outcome=Outcome.FAILED)
    await store.record(feed, failed, (short, long))

    longer = replace(short, until=NOON + 2 * HOUR)
    await store.record(feed, failed, (longer,))

    assert await store.waits(NOON) == (longer, long)
    assert await store.waits(NOON + 2 * HOUR) == (long,)


async def test_waits_that_are_over_are_forgotten_with_the_next(store: Store, folder: Path) -> None:
    (feed,) = await subscribed(store)
    await store.record(feed, a_poll(feed), (Wait("old", NOON + HOUR, ""),))

    await store.record(feed, a_poll(feed, at=NOON + HOUR), (Wait("new", NOON + 2 * HOUR, ""),))

    assert rows_of(folder, "SELECT whom FROM waits") == [("new",)]


async def test_what_is_planned_can_be_planned_anew_in_sight_of_the_waits(store: Store) -> None:
    one, two = await subscribed(store, ONE, TWO)
    await store.sync_feeds([WantedFeed(ONE), WantedFeed(TWO, paused=True)], now=NOON)
    wait = Wait(ONE, NOON + HOUR, "why")
    await store.record(one, a_poll(one), (wait,))
    seen: list[object] = []

    def change(feeds: Sequence[Feed], waits: Sequence[Wait]) -> list[Feed]:
        seen.extend([*feeds, *waits])
        return [replace(feed, next_poll_at=NOON + 2 * HOUR) for feed in feeds]

    await store.replan(change, now=NOON)

    assert seen == [one, wait]
    assert await store.due(NOON + HOUR, 9) == ()
    assert [feed.id for feed in await store.due(NOON + 2 * HOUR, 9)] == [one.id]
    assert two.id != one.id


@pytest.mark.parametrize(
    ("changes", "on_schedule"),
    [
        ({"last_ok_at": NOON, "last_polled_at": NOON, "next_poll_at": NOON + HOUR}, True),
        ({"last_ok_at": NOON, "last_polled_at": NOON, "next_poll_at": NOON}, False),
        ({"last_ok_at": NOON - HOUR, "last_polled_at": NOON, "next_poll_at": NOON + HOUR}, False),
        ({"next_poll_at": NOON + HOUR}, False),
    ],
    ids=["well and not due", "overdue", "failed last time", "never asked"],
)
async def test_a_feed_that_was_well_and_is_not_due_is_on_schedule(
    store: Store, reader: Reader, changes: dict[str, datetime], on_schedule: bool
) -> None:
    (feed,) = await subscribed(store)
    await store.record(replace(feed, **changes), a_poll(feed))  # type: ignore[arg-type]  # fields of Feed

    assert reader.on_schedule(NOON) is on_schedule


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
    )

    assert len(feeds) == len(reader.feeds()) == many
