"""The index of what was said lately: it knows what is stored, all of it and nothing else."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aggregator.core.gist import Gist, terms
from aggregator.core.neighbours import Neighbours
from aggregator.model import Changes, Feed, Known, Poll, Story
from aggregator.store import Store
from tests.builders import NOON
from tests.store.scenes import (
    ONE,
    TWO,
    a_new_entry,
    a_new_story,
    a_poll,
    a_probe,
    hand_in,
    look_up,
    rows_of,
    subscribed,
)

DAY = timedelta(days=1)
DAM = Gist(terms("Dam bursts in northern valley"), terms("Thousands were told to leave their homes"))


async def told(store: Store, feed: Feed, name: str, *, at: datetime = NOON) -> Story:
    """A story about the dam that came then, with what the index keeps of it."""
    new = a_new_story(feed, name)
    new = replace(new, entries=(replace(new.lead, first_seen_at=at),))
    (stored,) = (await hand_in(store, feed, new, gists={new.lead_uid: DAM.packed()})).stories
    return stored


async def recalled(store: Store, feed: Feed, *, since: datetime = NOON - DAY) -> list[int]:
    """The entries that a decision finds when it looks for the dam."""
    found: list[int] = []

    def decide(known: Known) -> tuple[Changes, Feed, Poll | None]:
        index: Neighbours = store.recall(since)
        near = index.near(DAM.terms, rare=6, many=9, since=since)
        found.extend(sorted(one.entry for one in near))
        return Changes(), known.feed, None

    await store.commit(feed.id, a_probe(), decide)
    return found


async def test_a_decision_recalls_what_was_stored_before_and_after_the_index_was_made(store: Store) -> None:
    (feed,) = await subscribed(store)
    first = await told(store, feed, "first")
    assert await recalled(store, feed) == [first.lead.id]

    second = await told(store, feed, "second")

    assert await recalled(store, feed) == [first.lead.id, second.lead.id]


async def test_what_was_not_stored_is_not_recalled(store: Store) -> None:
    (feed,) = await subscribed(store)
    one = a_new_story(feed, "one")
    same_uid = a_new_story(feed, "two", entries=(replace(one.lead, story_id="story-1-two"),))
    assert await recalled(store, feed) == []

    with pytest.raises(Exception, match="UNIQUE constraint"):
        await hand_in(store, feed, one, same_uid, gists={one.lead_uid: DAM.packed()})

    assert await recalled(store, feed) == []


async def test_another_process_recalls_the_same(store: Store, folder: Path) -> None:
    one, two = await subscribed(store, ONE, TWO)
    first = await told(store, one, "first")
    joining = a_new_entry(two, "copy", story_id=first.id)
    await hand_in(
        store,
        two,
        replace(first, entries=(*first.entries, joining)),
        gists={joining.uid: DAM.packed()},
    )
    store.close()
    again = Store.open(folder)

    found = await recalled(again, one)

    again.close()
    assert len(found) == 2
    assert rows_of(folder, "SELECT entry_id, first_id FROM gists ORDER BY entry_id") == [(1, 1), (2, 1)]


async def test_another_process_recalls_events_and_meanings(store: Store, folder: Path) -> None:
    (feed,) = await subscribed(store)
    new = [replace(a_new_story(feed, name), event_id="e") for name in ("first", "second")]
    said = {story.lead_uid: DAM.packed() for story in new}
    await hand_in(store, feed, *reversed(new), gists=said, meanings={new[0].lead_uid: b"m"})
    store.close()
    again = Store.open(folder)
    found: list[tuple[int, int, bytes]] = []

    def decide(known: Known) -> tuple[Changes, Feed, Poll | None]:
        near = again.recall(NOON - DAY).near(DAM.terms, rare=6, many=9, since=NOON - DAY)
        found.extend(sorted((one.entry, one.event, one.meaning) for one in near))
        return Changes(), known.feed, None

    await again.commit(feed.id, a_probe(), decide)

    again.close()
    assert found == [(1, 1, b"m"), (2, 1, b"")]


async def test_another_process_recalls_that_events_were_united(store: Store, folder: Path) -> None:
    (feed,) = await subscribed(store)
    one, two = [await told(store, feed, name) for name in ("first", "second")]
    await hand_in(store, feed, replace(two, event_id="e"), moved={two.id: one.lead.id})
    held = await recalled_events(store, feed)
    store.close()
    again = Store.open(folder)

    read = await recalled_events(again, feed)

    again.close()
    assert held == read == {1: 1, 2: 1}


async def recalled_events(store: Store, feed: Feed) -> dict[int, int]:
    """The event of each entry about the dam."""
    found: dict[int, int] = {}

    def decide(known: Known) -> tuple[Changes, Feed, Poll | None]:
        near = store.recall(NOON - DAY).near(DAM.terms, rare=6, many=9, since=NOON - DAY)
        found.update((one.entry, one.event) for one in near)
        return Changes(), known.feed, None

    await store.commit(feed.id, a_probe(), decide)
    return found


async def test_a_wider_window_reaches_further_back(store: Store) -> None:
    (feed,) = await subscribed(store)
    old = await told(store, feed, "old", at=NOON - 20 * DAY)
    new = await told(store, feed, "new")

    assert await recalled(store, feed) == [new.lead.id]
    assert await recalled(store, feed, since=NOON - 30 * DAY) == [old.lead.id, new.lead.id]
    assert await recalled(store, feed) == [new.lead.id]
    assert await recalled(store, feed, since=NOON - 30 * DAY) == [old.lead.id, new.lead.id]


async def stories_of(store: Store, feed: Feed, *numbers: int) -> list[Story]:
    """The stories of these entries, as a decision is told them."""
    known = await look_up(store, feed, a_probe())
    return [story for story in map(known.story_of, numbers) if story]


async def test_the_story_of_an_entry_is_written_only_where_it_changed(store: Store, folder: Path) -> None:
    one, two = await subscribed(store, ONE, TWO)
    story = await told(store, one, "first")
    joining = a_new_entry(two, "copy", story_id=story.id)
    found: list[Story | None] = []

    def decide(known: Known) -> tuple[Changes, Feed, Poll]:
        found.extend(map(known.story_of, (story.lead.id, story.lead.id, 99)))
        joined = replace(story, entries=(*story.entries, joining))
        changes = Changes(stories=(joined,), identities={7: joining.uid})
        return changes, known.feed, a_poll(two)

    await store.commit(two.id, a_probe(), decide)

    assert found == [story, story, None]
    assert len({one.id for one in await stories_of(store, two, 1, 2)}) == 1
    assert rows_of(folder, "SELECT count(*), count(DISTINCT story_id) FROM entries") == [(2, 1)]


async def test_what_was_said_is_forgotten_with_its_entry(store: Store, folder: Path) -> None:
    (feed,) = await subscribed(store)
    await told(store, feed, "old")
    kept = await told(store, feed, "kept")
    await hand_in(store, feed, kept, at=NOON + 2 * DAY)

    await store.sweep(held_before=NOON + DAY, forget_before=NOON)

    for ids in ("SELECT id FROM entries", "SELECT entry_id FROM gists"):
        assert rows_of(folder, ids) == [(kept.lead.id,)]
