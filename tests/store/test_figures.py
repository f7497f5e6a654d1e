"""What is counted for the pages: polls of each feed, days, shares and tags."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from aggregator.model import (
    Beat,
    Changes,
    Day,
    Feed,
    FeedFigures,
    FeedShare,
    Known,
    Origin,
    Outcome,
    Poll,
    Story,
    Tag,
    TagFigures,
)
from aggregator.store import Reader, Store
from aggregator.store.figures import BEATS
from tests.builders import NOON
from tests.store.scenes import ONE, TWO, a_new_entry, a_new_story, a_poll, a_probe, hand_in, subscribed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def polled(store: Store, feed: Feed, **poll: Any) -> None:
    """A poll that brought nothing but its row."""

    def decide(known: Known) -> tuple[Changes, Feed, Poll]:
        return Changes(), known.feed, a_poll(feed, **poll)

    await store.commit(feed.id, a_probe(), decide)


def told(feed: Feed, name: str, *others: Feed, at: timedelta = timedelta(0), **changes: Any) -> Story:
    """A story that this feed told first so long after noon, and the others an hour later each."""
    story = a_new_story(feed, name, first_seen_at=NOON + at, **changes)
    first = replace(story.lead, first_seen_at=NOON + at)
    copies = [
        a_new_entry(other, name, story_id=story.id, first_seen_at=NOON + at + number * HOUR)
        for number, other in enumerate(others, 1)
    ]
    return replace(story, entries=(first, *copies))


async def test_the_polls_of_all_feeds_are_read_at_once_the_oldest_first(store: Store, reader: Reader) -> None:
    one, two = await subscribed(store, ONE, TWO)
    await polled(store, one, took_ms=9)
    await polled(store, one, at=NOON + HOUR, outcome=Outcome.FAILED, took_ms=7)
    await polled(store, two, took_ms=5)

    found = reader.feed_figures()

    assert found[one.id].beats == (Beat(Outcome.NOT_MODIFIED, 9), Beat(Outcome.FAILED, 7))
    assert found[two.id].beats == (Beat(Outcome.NOT_MODIFIED, 5),)


async def test_of_many_polls_the_last_are_drawn_and_all_are_counted(store: Store, reader: Reader) -> None:
    (feed,) = await subscribed(store)
    for number in range(BEATS + 1):
        await polled(
            store, feed, at=NOON + number * HOUR, took_ms=number, new_entries=2 + number % 2, new_stories=1
        )

    found = reader.feed_figures()[feed.id]

    assert [beat.took_ms for beat in found.beats] == list(range(1, BEATS + 1))
    assert found == FeedFigures(
        beats=found.beats, brought=2 * 41 + 20, began=41, backlog=2, span=BEATS * HOUR
    )


async def test_a_feed_that_was_never_polled_has_no_figures(store: Store, reader: Reader) -> None:
    await subscribed(store)

    assert reader.feed_figures() == {}


async def test_days_count_stories_and_what_told_them_again(store: Store, reader: Reader) -> None:
    one, two = await subscribed(store, ONE, TWO)
    await hand_in(
        store,
        one,
        told(one, "old", at=-2 * DAY),
        told(one, "late", two, at=11.5 * HOUR),
        told(one, "dam", two),
    )

    found = reader.days(NOON - DAY)

    today = NOON.date()
    assert found == (Day(today, stories=2, copies=1), Day(today + DAY, stories=0, copies=1))


async def test_shares_say_who_brought_how_much_and_was_the_first_how_often(
    store: Store, reader: Reader
) -> None:
    one, two = await subscribed(store, ONE, TWO)
    stories = (told(one, "old", at=-2 * DAY), told(one, "dam", two), told(two, "flood"))
    await hand_in(store, one, *stories)

    assert reader.shares(NOON - DAY) == (FeedShare(TWO, 2, 1), FeedShare(ONE, 1, 1))


async def test_tags_count_each_story_once_and_all_feeds_that_tell_it(store: Store, reader: Reader) -> None:
    one, two = await subscribed(store, ONE, TWO)
    twice = (Tag("energy", Origin.RULE, "gas"), Tag("energy", Origin.PUBLISHER, "Energy"))
    old = told(one, "old", at=-2 * DAY, tags=(Tag("gone", Origin.RULE),))
    await hand_in(store, one, old)
    await hand_in(
        store,
        one,
        told(one, "dam", two, tags=twice),
        told(one, "gas", tags=(twice[0], Tag("a", Origin.RULE))),
    )

    assert reader.tag_figures(NOON - DAY, limit=5) == (TagFigures("energy", 2, 3), TagFigures("a", 1, 1))
    assert reader.tag_figures(NOON - DAY, limit=1) == (TagFigures("energy", 2, 3),)


async def test_an_empty_store_has_nothing_to_count(store: Store, reader: Reader) -> None:  # noqa: ARG001
    assert (reader.days(NOON), reader.shares(NOON), reader.tag_figures(NOON, limit=5)) == ((), (), ())


async def test_what_is_stored_is_counted_with_every_state_of_feeds(store: Store, reader: Reader) -> None:
    one, two = await subscribed(store, ONE, TWO)
    await hand_in(store, one, told(one, "a"), told(one, "b"))

    counts = reader.counts(NOON + DAY)

    assert (counts.stories, counts.entries) == (2, 2)
    assert counts.feeds == {"active": 2, "failing": 0, "gone": 0, "paused": 0}
    assert counts.database_bytes > 0
    assert two.next_poll_at
    assert reader.counts(two.next_poll_at).due >= 1
    assert reader.counts(NOON - 365 * DAY).due == 0
