"""Events in the store: a row that says what its stories say, and events of one story."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from aggregator.core.coverage import event_id
from aggregator.core.overruling import united
from aggregator.model import Event, Feed, Story
from aggregator.store import Reader, Store
from aggregator.store.connection import DATABASE_NAME, open_reader
from aggregator.store.events import KEEP
from tests.builders import NOON
from tests.store.scenes import ONE, TWO, a_new_story, a_probe, hand_in, look_up, rows_of, subscribed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DAM = event_id(str(uuid5(NAMESPACE_URL, "dam")))


def a_telling(feed: Feed, name: str, hours: int = 0, **changes: Any) -> Story:
    """A story that is not stored yet, with an id as the program makes them."""
    new, at = a_new_story(feed, name), NOON + hours * HOUR
    story_id = str(uuid5(NAMESPACE_URL, name))
    told = replace(new.lead, story_id=story_id, title=name.title(), first_seen_at=at)
    story = replace(new, id=story_id, title=name.title(), entries=(told,), first_seen_at=at, news_at=at)
    return replace(story, **changes)


async def two_feeds(store: Store) -> tuple[Feed, Feed]:
    one, two = await subscribed(store, ONE, TWO)
    return one, two


def stored(reader: Reader, wanted: str) -> Event:
    found = reader.event(wanted)
    assert found is not None
    return found


async def test_an_event_is_its_stories_in_the_order_they_came(
    store: Store, reader: Reader, folder: Path
) -> None:
    one, two = await two_feeds(store)
    await hand_in(store, one, a_telling(one, "dam", event_id=DAM))
    await hand_in(store, two, a_telling(two, "flood", 2, event_id=DAM))

    event = stored(reader, DAM)

    assert (event.title, event.first_seen_at, event.last_seen_at) == ("Dam", NOON, NOON + 2 * HOUR)
    assert [story.title for story in event.stories] == ["Dam", "Flood"]
    assert event.feeds == 2
    assert rows_of(folder, "SELECT * FROM events") == [
        (DAM, "Dam", "2026-11-24T12:00:00.000Z", "2026-11-24T14:00:00.000Z")
    ]


async def test_a_story_that_is_alone_is_found_by_the_id_that_its_event_will_have(
    store: Store, reader: Reader, folder: Path
) -> None:
    one, _ = await two_feeds(store)
    await hand_in(store, one, a_telling(one, "dam"))

    assert [story.title for story in stored(reader, DAM).stories] == ["Dam"]
    assert rows_of(folder, "SELECT * FROM events") == []


async def test_the_event_that_a_story_began_leads_to_the_one_it_is_part_of(
    store: Store, reader: Reader
) -> None:
    one, two = await two_feeds(store)
    await hand_in(store, one, a_telling(one, "dam", event_id=DAM))
    await hand_in(store, two, a_telling(two, "flood", 2, event_id=DAM))

    assert stored(reader, event_id(str(uuid5(NAMESPACE_URL, "flood")))) == stored(reader, DAM)


async def test_the_event_of_a_story_that_was_merged_leads_to_that_of_the_other(
    store: Store, reader: Reader
) -> None:
    one, two = await two_feeds(store)
    (dam,) = (await hand_in(store, one, a_telling(one, "dam"))).stories
    (flood,) = (await hand_in(store, two, a_telling(two, "flood", 2))).stories

    await store.merge(dam.id, flood.id, lambda kept, gone: united(kept, gone, lambda _: 0), now=NOON)

    assert stored(reader, event_id(flood.id)).id == DAM


async def test_an_unknown_id_names_no_event(store: Store, reader: Reader) -> None:
    one, _ = await two_feeds(store)
    await hand_in(store, one, a_telling(one, "dam"))

    for unknown in (DAM.upper(), str(uuid5(NAMESPACE_URL, "x")), "no id", "\ud800"):
        assert reader.event(unknown) is None


async def test_an_event_has_the_title_of_its_first_story_whichever_more_feeds_tell(
    store: Store, reader: Reader
) -> None:
    one, two = await two_feeds(store)
    await hand_in(store, one, a_telling(one, "dam", event_id=DAM))
    (flood,) = (await hand_in(store, one, a_telling(one, "flood", 1, event_id=DAM))).stories

    copy = replace(a_telling(two, "copy", 2).lead, story_id=flood.id)
    await hand_in(store, two, replace(flood, entries=(*flood.entries, copy)))

    assert stored(reader, DAM).title == "Dam"


async def test_an_event_goes_with_the_last_of_its_stories(store: Store, reader: Reader, folder: Path) -> None:
    one, two = await two_feeds(store)
    await hand_in(store, one, a_telling(one, "dam", event_id=DAM))
    (later,) = (await hand_in(store, two, a_telling(two, "flood", 2, event_id=DAM))).stories
    await hand_in(store, two, later, at=NOON + 2 * DAY)

    await store.sweep(held_before=NOON + DAY, forget_before=NOON)
    left = stored(reader, DAM)
    await store.sweep(held_before=NOON + 3 * DAY, forget_before=NOON)

    assert [story.title for story in left.stories] == ["Flood"]
    assert left.title == "Flood"
    assert reader.event(DAM) is None
    assert rows_of(folder, "SELECT * FROM events") == []


async def test_the_event_of_a_story_outlives_it_with_its_other_ids(store: Store) -> None:
    one, _ = await two_feeds(store)
    (dam,) = (await hand_in(store, one, a_telling(one, "dam", event_id=DAM))).stories

    await store.sweep(held_before=NOON + DAY, forget_before=NOON)

    (stone,) = (await look_up(store, one, a_probe(*dam.entries))).tombstones
    assert (stone.story_id, stone.event_id) == (dam.id, DAM)


async def test_a_story_that_leaves_its_event_is_counted_there_no_more(store: Store, reader: Reader) -> None:
    one, two = await two_feeds(store)
    await hand_in(store, one, a_telling(one, "dam", event_id=DAM))
    (flood,) = (await hand_in(store, two, a_telling(two, "flood", 2, event_id=DAM))).stories

    await hand_in(store, two, replace(flood, event_id=None))

    assert stored(reader, DAM).feeds == 1
    assert stored(reader, DAM).last_seen_at == NOON


class TestTopEvents:
    async def test_are_those_that_most_feeds_tell(self, store: Store, reader: Reader) -> None:
        one, two = await two_feeds(store)
        (copied,) = (await hand_in(store, one, a_telling(one, "copied", 1))).stories
        copy = replace(a_telling(two, "copy", 1).lead, story_id=copied.id)
        await hand_in(store, two, replace(copied, entries=(*copied.entries, copy)))
        await hand_in(store, one, a_telling(one, "alone", 3))
        await hand_in(store, one, a_telling(one, "dam", 4, event_id=DAM))
        await hand_in(store, two, a_telling(two, "flood", 5, event_id=DAM))

        titles = [event.title for event in reader.top_events(NOON, limit=9)]

        assert titles == ["Copied", "Dam"]
        assert [event.title for event in reader.top_events(NOON, limit=1)] == ["Copied"]
        assert [event.title for event in reader.top_events(NOON + 2 * HOUR, limit=9)] == ["Dam"]

    async def test_are_no_old_news_that_a_new_feed_brings(self, store: Store, reader: Reader) -> None:
        one, two = await two_feeds(store)
        await hand_in(store, one, a_telling(one, "dam", event_id=DAM, news_at=NOON - DAY))
        await hand_in(store, two, a_telling(two, "flood", event_id=DAM, news_at=NOON - DAY))

        assert reader.top_events(NOON, limit=9) == ()


async def test_an_event_is_counted_without_reading_a_text(store: Store, folder: Path) -> None:
    await two_feeds(store)

    conn = open_reader(folder / DATABASE_NAME)
    plan = [row["detail"] for row in conn.execute(f"EXPLAIN QUERY PLAN {KEEP}", ("[]",)).fetchall()]
    conn.close()

    reads = [step for step in plan if step.startswith(("SEARCH s ", "SCAN s "))]
    assert reads
    assert all("USING COVERING INDEX" in step for step in reads)
