"""The life of a store: opened, rewritten, closed, killed."""

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.errors import AlreadyRunningError
from aggregator.model import Origin, Story, Tag
from aggregator.store import Reader, Store
from tests.store.other_process import STORIES_A_DOCUMENT, running
from tests.store.scenes import (
    a_new_story,
    count_of,
    hand_in,
    needed,
    rows_of,
    subscribed,
)

# -- open and close ---------------------------------------------------------------------------------------


async def test_what_was_stored_is_there_when_the_store_is_opened_again(folder: Path) -> None:
    first = Store.open(folder)
    (feed,) = await subscribed(first)
    (story,) = (await hand_in(first, feed, a_new_story(feed, "dam"))).stories
    first.close()

    second = Store.open(folder)
    again = await subscribed(second)
    second.close()

    reader = Reader(folder)
    assert again == (feed,)
    assert reader.by_ids([story.id]) == (story,)
    reader.close()


def test_a_closed_store_leaves_one_file_with_everything_in_it(folder: Path) -> None:
    with running("commit", folder) as (process, said):
        said.readline()
        process.kill()
    left = {path.name for path in folder.iterdir()}

    Store.open(folder).close()

    assert "aggregator.db-wal" in left

    assert sorted(path.name for path in folder.iterdir()) == ["aggregator.db", "aggregator.lock"]


def test_closing_twice_is_closing_once(folder: Path) -> None:
    store = Store.open(folder)
    store.close()
    next_owner = Store.open(folder)

    store.close()

    with pytest.raises(AlreadyRunningError):
        Store.open(folder)
    next_owner.close()


async def test_closing_waits_for_what_is_being_written(folder: Path) -> None:
    store = Store.open(folder)
    (feed,) = await subscribed(store)
    writing = asyncio.create_task(hand_in(store, feed, a_new_story(feed, "dam")))
    await asyncio.sleep(0)

    store.close()

    assert (await writing).new_stories == 0
    assert count_of(folder, "stories") == 1


async def test_a_closed_store_takes_nothing_more(folder: Path) -> None:
    store = Store.open(folder)
    store.close()

    with pytest.raises(RuntimeError, match="after shutdown"):
        await subscribed(store)


def test_a_close_that_fails_gives_the_folder_free_all_the_same(folder: Path) -> None:
    store = Store.open(folder)
    store._conn.execute("BEGIN IMMEDIATE")  # in a transaction the log cannot be folded in

    with pytest.raises(Exception, match="database table is locked"):
        store.close()

    Store.open(folder).close()


# -- rewriting --------------------------------------------------------------------------------------------


async def test_rewriting_goes_through_all_stories_in_portions(store: Store, reader: Reader) -> None:
    (feed,) = await subscribed(store)
    await hand_in(store, feed, *(a_new_story(feed, name) for name in "edcba"))
    looked_at: list[list[int]] = []
    reached: int | None = 99

    def tagged(story: Story) -> Story:
        looked_at[-1].append(story.seq)
        return replace(story, tags=(Tag("news", Origin.RULE),))

    while reached is not None:
        looked_at.append([])
        reached = await store.rewrite(reached, 2, tagged)

    assert [sorted(portion) for portion in looked_at] == [[4, 5], [2, 3], [1]]
    assert len(reader.tagged("news", limit=10)) == 5


async def test_rewriting_leaves_alone_what_it_is_told_to(store: Store, reader: Reader) -> None:
    (feed,) = await subscribed(store)
    await hand_in(store, feed, a_new_story(feed, "a"), a_new_story(feed, "b"))
    before = reader.revision()

    def only_b(story: Story) -> Story | None:
        return replace(story, event_id="event") if story.id == "story-1-b" else None

    reached = await store.rewrite(3, 2, only_b)

    assert reached == 1
    assert [story.id for story in reader.changed_since(before, limit=5)[1]] == ["story-1-b"]


async def test_a_rewrite_that_fails_changes_nothing(store: Store, reader: Reader) -> None:
    (feed,) = await subscribed(store)
    await hand_in(store, feed, a_new_story(feed, "a"), a_new_story(feed, "b"))
    before = reader.stories(limit=5)

    def fails_at_the_second(story: Story) -> Story:
        return replace(story, title=f"{1 / (2 - story.seq)}")

    with pytest.raises(ZeroDivisionError):
        await store.rewrite(9, 10, fails_at_the_second)

    assert reader.stories(limit=5) == before


# -- leads ------------------------------------------------------------------------------------------------


async def test_settled_leads_are_settled_once(store: Store, reader: Reader) -> None:
    (feed,) = await subscribed(store)
    await hand_in(store, feed, a_new_story(feed, "a"), a_new_story(feed, "b"))
    await store.settle_leads(["story-1-a", "nowhere"])
    before = reader.revision()

    await store.settle_leads(["story-1-a"])

    assert [story.lead_settled for story in reader.by_ids(["story-1-a", "story-1-b"])] == [True, False]
    assert before == reader.revision() == 3


# -- notes ------------------------------------------------------------------------------------------------


async def test_a_note_is_there_at_the_next_start(folder: Path) -> None:
    first = Store.open(folder)
    await first.note("rules", -(2**63))
    await first.note("rules", 2**63 - 1)
    first.close()

    second = Store.open(folder)
    noted = await second.noted("rules")
    second.close()

    assert noted == 2**63 - 1


async def test_a_name_without_a_note_has_none(store: Store) -> None:
    assert await store.noted("rules") is None


async def test_a_note_touches_no_revision(store: Store, reader: Reader) -> None:
    await store.note("rules", 7)

    assert reader.revision() == 0


# -- killed -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("documents", "delay"), [(3, 0.0), (11, 0.002), (24, 0.005)])
def test_a_process_killed_among_its_commits_loses_none_and_leaves_none_half(
    folder: Path, documents: int, delay: float
) -> None:
    with running("commit", folder) as (process, said):
        heard = [said.readline() for _ in range(documents)]
        time.sleep(delay)  # to be hit in another place of a commit each time
        process.kill()
        heard += said.readlines()
    Store.open(folder).close()

    committed = len(heard)
    ((etag,),) = rows_of(folder, "SELECT etag FROM feeds")
    stored = int(etag) + 1
    assert stored in {committed, committed + 1}  # the last may be stored and not yet told
    for table in ("stories", "entries", "identities", "fingerprints", "stories_fts"):
        assert count_of(folder, table) == stored * STORIES_A_DOCUMENT
    assert count_of(folder, "polls") == stored
    assert rows_of(folder, "SELECT value FROM counters WHERE name = 'revision'") == [
        (stored * STORIES_A_DOCUMENT,)
    ]
    assert rows_of(folder, "PRAGMA integrity_check") == [("ok",)]
    assert rows_of(folder, "PRAGMA foreign_key_check") == []


def test_a_commit_killed_at_any_of_its_statements_is_whole_or_not_begun(folder: Path) -> None:
    tables = ("stories", "entries", "identities", "fingerprints", "story_tags", "stories_fts", "polls")
    with running("die", folder) as (_, said):
        said.read()
    *killed, ended = sorted(folder.iterdir(), key=lambda left: int(left.name))

    for left in (*killed, ended):
        Store.open(left).close()

    stored = [{count_of(left, table) for table in tables} for left in killed]
    assert len(killed) > 10
    assert all(counts in ({1}, {2}) for counts in stored)
    assert stored[0] == {1}
    assert {count_of(ended, table) for table in tables} == {2}
    for left, counts in zip(killed, stored, strict=True):
        assert rows_of(left, "SELECT etag FROM feeds") == [(str(max(counts) - 1),)]
        assert rows_of(left, "PRAGMA integrity_check") == [("ok",)]


async def test_the_search_index_is_whole_after_a_kill_and_takes_more(folder: Path) -> None:
    with running("commit", folder) as (process, said):
        for _ in range(5):
            said.readline()
        process.kill()

    store = Store.open(folder)
    store._conn.execute("INSERT INTO stories_fts (stories_fts) VALUES ('integrity-check')")
    (feed,) = await subscribed(store)
    await hand_in(store, feed, a_new_story(feed, "after", title="Unheard of"))
    store.close()

    reader = Reader(folder)
    assert [story.id for story in reader.search(needed("unheard"), limit=5)] == ["story-1-after"]
    reader.close()
