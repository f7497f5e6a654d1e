"""What a sweep takes away, and what it leaves for longer."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from aggregator.model import Fingerprint, MatchedBy, Origin, Tag
from aggregator.store import Reader, Store
from aggregator.store.retention import POLLS_PER_FEED, PORTION
from tests.builders import NOON
from tests.store.scenes import (
    ONE,
    TWO,
    a_new_entry,
    a_new_story,
    a_poll,
    count_of,
    hand_in,
    rows_of,
    subscribed,
)

DAY = timedelta(days=1)
DAM = Fingerprint(MatchedBy.URL, 1)


async def test_a_story_that_no_document_holds_any_more_goes_with_all_its_rows(
    store: Store, reader: Reader, folder: Path
) -> None:
    (feed,) = await subscribed(store)
    old = a_new_story(feed, "old", tags=(Tag("news", Origin.RULE),))
    await hand_in(store, feed, old, fingerprints={old.lead_uid: (DAM,)})
    await hand_in(store, feed, a_new_story(feed, "new"), at=NOON + 2 * DAY)

    removed = await store.sweep(held_before=NOON + DAY, forget_before=NOON)

    assert removed == 1
    assert [story.id for story in reader.stories(limit=5)] == ["story-1-new"]
    assert [count_of(folder, table) for table in ("entries", "stories_fts", "story_tags")] == [1, 1, 0]
    assert [count_of(folder, table) for table in ("identities", "fingerprints")] == [2, 1]


async def test_a_story_stays_while_one_feed_still_holds_it(store: Store, reader: Reader) -> None:
    one, two = await subscribed(store, ONE, TWO)
    (story,) = (await hand_in(store, one, a_new_story(one, "dam"))).stories
    joining = a_new_entry(two, "dam", story_id=story.id)
    await hand_in(store, two, replace(story, entries=(*story.entries, joining)), at=NOON + 2 * DAY)
    await hand_in(store, one, at=NOON + 3 * DAY)

    removed = await store.sweep(held_before=NOON + DAY, forget_before=NOON + DAY)

    assert removed == 0
    assert [entry.feed_url for entry in reader.by_ids([story.id])[0].entries] == [ONE, TWO]


async def test_a_document_that_did_not_change_holds_its_entries(store: Store, reader: Reader) -> None:
    (feed,) = await subscribed(store)
    await hand_in(store, feed, a_new_story(feed, "dam"))
    await store.record(feed, a_poll(feed, at=NOON + 2 * DAY))

    removed = await store.sweep(held_before=NOON + DAY, forget_before=NOON)

    assert removed == 0
    assert len(reader.stories(limit=5)) == 1


async def test_ids_and_fingerprints_are_forgotten_much_later(store: Store, folder: Path) -> None:
    (feed,) = await subscribed(store)
    old = a_new_story(feed, "old")
    await hand_in(store, feed, old, fingerprints={old.lead_uid: (DAM,)})
    await hand_in(store, feed, at=NOON + 2 * DAY)
    await store.sweep(held_before=NOON + DAY, forget_before=NOON)
    before = count_of(folder, "identities"), count_of(folder, "fingerprints")

    removed = await store.sweep(held_before=NOON + DAY, forget_before=NOON + DAY)

    assert removed == 0
    assert before == (1, 1)
    assert (count_of(folder, "identities"), count_of(folder, "fingerprints")) == (0, 0)


async def test_ids_live_on_from_the_day_their_story_was_held_last_by_any_feed(
    store: Store, folder: Path
) -> None:
    one, two = await subscribed(store, ONE, TWO)
    (story,) = (await hand_in(store, one, a_new_story(one, "dam"))).stories
    joining = a_new_entry(two, "dam", story_id=story.id)
    await hand_in(store, two, replace(story, entries=(*story.entries, joining)))
    await hand_in(store, one, at=NOON + DAY)
    await store.record(two, a_poll(two, at=NOON + 10 * DAY))
    await hand_in(store, two, at=NOON + 11 * DAY)

    removed = await store.sweep(held_before=NOON + 20 * DAY, forget_before=NOON + 5 * DAY)

    assert removed == 1
    assert rows_of(folder, "SELECT uid FROM identities ORDER BY uid") == [("uid-1-dam",), ("uid-2-dam",)]


async def test_ids_of_a_feed_that_fell_silent_are_forgotten_too(store: Store, folder: Path) -> None:
    (feed,) = await subscribed(store)
    story = a_new_story(feed, "dam")
    await hand_in(store, feed, story, fingerprints={story.lead_uid: (DAM,)})

    removed = await store.sweep(held_before=NOON + DAY, forget_before=NOON + DAY)

    assert removed == 1
    assert (count_of(folder, "identities"), count_of(folder, "fingerprints")) == (0, 0)


async def test_a_sweep_of_more_than_a_portion_takes_them_all(
    store: Store, reader: Reader, folder: Path
) -> None:
    (feed,) = await subscribed(store)
    many = PORTION + 7
    await hand_in(store, feed, *(a_new_story(feed, str(number)) for number in range(many)))

    removed = await store.sweep(held_before=NOON + DAY, forget_before=NOON + DAY)

    assert removed == many
    assert [count_of(folder, table) for table in ("stories", "entries", "identities")] == [0, 0, 0]
    assert len(reader.changed_since(0, limit=1_000)[2]) == many


async def test_that_a_story_went_is_told_until_the_sweep_after_the_next(store: Store, reader: Reader) -> None:
    (feed,) = await subscribed(store)
    await hand_in(store, feed, a_new_story(feed, "dam"))

    told = []
    for _ in range(3):
        await store.sweep(held_before=NOON + DAY, forget_before=NOON)
        told.append(reader.changed_since(0, limit=5)[2])

    assert told == [("story-1-dam",), ("story-1-dam",), ()]


async def test_of_each_feed_the_last_polls_are_kept(store: Store, reader: Reader) -> None:
    one, two = await subscribed(store, ONE, TWO)
    for number in range(POLLS_PER_FEED + 3):
        await store.record(one, a_poll(one, at=NOON + timedelta(minutes=number)))
    await store.record(two, a_poll(two))

    await store.sweep(held_before=NOON, forget_before=NOON)

    kept = reader.polls(one.id, limit=1_000)
    assert len(kept) == POLLS_PER_FEED
    assert kept[-1].at == NOON + timedelta(minutes=3)
    assert len(reader.polls(two.id, limit=5)) == 1
