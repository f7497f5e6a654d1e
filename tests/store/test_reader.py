"""What readers are told: whole stories, in order, in good time, whatever is asked."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.errors import SearchTooLongError, StoreError
from aggregator.migrations import SCHEMA_VERSION
from aggregator.model import (
    Changes,
    Feed,
    FeedState,
    Known,
    Origin,
    Outcome,
    Poll,
    Tag,
)
from aggregator.store import Reader, Store, sqlite_version
from aggregator.store.reader import FIRST_SEEN_SINCE, FIRST_SINCE
from tests.builders import NOON
from tests.store.scenes import (
    ONE,
    TWO,
    a_new_story,
    a_poll,
    a_probe,
    hand_in,
    names,
    rows_of,
    subscribed,
)

DAY = timedelta(days=1)


async def told(store: Store, *stories: str) -> Feed:
    """A feed that told these stories, the first named first; so the last is the newest."""
    (feed,) = await subscribed(store)
    await hand_in(store, feed, *(a_new_story(feed, name) for name in reversed(stories)))
    return feed


@pytest.mark.parametrize("statement", [FIRST_SINCE, FIRST_SEEN_SINCE])
async def test_where_a_window_begins_is_read_off_an_index(reader: Reader, statement: str) -> None:
    with reader._snapshots.one() as conn:
        plan = [row["detail"] for row in conn.execute(f"EXPLAIN QUERY PLAN {statement}", ("",)).fetchall()]

    assert all("COVERING INDEX" in step for step in plan)


# -- what changed -----------------------------------------------------------------------------------------


async def test_the_revision_rises_with_every_story_that_is_stored_changed_or_removed(
    store: Store, reader: Reader
) -> None:
    reached = [reader.revision()]
    (feed,) = await subscribed(store)
    (story,) = (await hand_in(store, feed, a_new_story(feed, "dam"))).stories
    reached.append(reader.revision())
    await hand_in(store, feed, replace(story, title="Dam holds"))
    reached.append(reader.revision())
    await store.sweep(held_before=NOON + DAY, forget_before=NOON)
    reached.append(reader.revision())

    assert reached == [0, 1, 2, 3]


async def test_nothing_changed_since_now(store: Store, reader: Reader) -> None:
    await told(store, "a", "b")

    assert reader.changed_since(2, limit=10) == (2, (), ())


async def test_a_revision_from_another_store_is_not_taken_back(store: Store, reader: Reader) -> None:
    await told(store, "a")

    assert reader.changed_since(99, limit=10) == (99, (), ())


async def test_what_changed_comes_in_portions_that_fit_together(store: Store, reader: Reader) -> None:
    await told(store, *"abcde")
    portions = []
    reached = 0

    for _ in range(4):
        reached, changed, removed = reader.changed_since(reached, limit=2)
        portions.append((len(changed), removed))

    assert portions == [(2, ()), (2, ()), (1, ()), (0, ())]
    assert reached == reader.revision() == 5


async def test_a_story_that_changed_again_is_told_once_as_it_is_now(store: Store, reader: Reader) -> None:
    feed = await told(store, "a", "b")
    (story,) = reader.by_ids(["story-1-a"])
    await hand_in(store, feed, replace(story, title="Second thoughts"))

    _, changed, _ = reader.changed_since(0, limit=10)

    assert [(story.id, story.title) for story in changed] == [
        ("story-1-b", "Dam bursts in northern valley"),
        ("story-1-a", "Second thoughts"),
    ]


async def test_removed_stories_are_told_by_id_and_count_towards_the_limit(
    store: Store, reader: Reader
) -> None:
    feed = await told(store, "old")
    await hand_in(store, feed, a_new_story(feed, "new"), at=NOON + 2 * DAY)
    await store.sweep(held_before=NOON + DAY, forget_before=NOON)

    first = reader.changed_since(1, limit=1)
    second = reader.changed_since(first[0], limit=1)

    assert (names(first[1]), first[2]) == (["new"], ())
    assert second == (3, (), ("story-1-old",))


async def test_a_removed_story_that_comes_back_is_no_longer_told_as_removed(
    store: Store, reader: Reader
) -> None:
    feed = await told(store, "dam")
    await store.sweep(held_before=NOON + DAY, forget_before=NOON)
    await hand_in(store, feed, a_new_story(feed, "dam"), at=NOON + DAY)

    _, changed, removed = reader.changed_since(0, limit=10)

    assert (names(changed), removed) == (["dam"], ())


# -- stories ----------------------------------------------------------------------------------------------


async def test_the_newest_stories_come_first_and_pages_meet_without_gap(store: Store, reader: Reader) -> None:
    await told(store, *"abcde")

    first = reader.stories(limit=2)
    second = reader.stories(limit=2, before_seq=first[-1].seq)
    third = reader.stories(limit=2, before_seq=second[-1].seq)

    assert [names(page) for page in (first, second, third)] == [["e", "d"], ["c", "b"], ["a"]]
    assert reader.stories(limit=2, before_seq=third[-1].seq) == ()


async def test_stories_by_id_come_in_the_order_asked_without_those_unknown(
    store: Store, reader: Reader
) -> None:
    await told(store, "a", "b", "c")

    found = reader.by_ids(["story-1-c", "nowhere", "story-1-a"])

    assert names(found) == ["c", "a"]


async def test_more_ids_may_be_asked_for_than_a_statement_has_parameters(
    store: Store, reader: Reader
) -> None:
    await told(store, "a")

    found = reader.by_ids([*(f"nowhere-{number}" for number in range(40_000)), "story-1-a"])

    assert names(found) == ["a"]


# -- tags -------------------------------------------------------------------------------------------------


async def test_a_tag_stands_for_its_children_but_not_for_its_namesakes(store: Store, reader: Reader) -> None:
    (feed,) = await subscribed(store)
    tags = ["world", "world/europe", "world/europe/west", "worldly", "world-news", "world0", "a/world"]
    stories = [a_new_story(feed, f"{tag}", tags=(Tag(tag, Origin.RULE),)) for tag in reversed(tags)]
    await hand_in(store, feed, *stories)

    found = reader.tagged("world", limit=10)

    assert [story.tags[0].name for story in found] == ["world/europe/west", "world/europe", "world"]
    assert [story.tags[0].name for story in reader.tagged("world", limit=1)] == ["world/europe/west"]


async def test_a_story_with_a_tag_from_several_sides_is_found_once(store: Store, reader: Reader) -> None:
    (feed,) = await subscribed(store)
    tags = (Tag("world", Origin.RULE), Tag("world", Origin.FEED), Tag("world/europe", Origin.RULE))
    await hand_in(store, feed, a_new_story(feed, "a", tags=tags), a_new_story(feed, "b", tags=tags))

    assert names(reader.tagged("world", limit=2)) == ["a", "b"]


@pytest.mark.parametrize("tag", ["", "%", "_orld", "world'", "nowhere"])
async def test_a_tag_that_nobody_has_finds_nothing(store: Store, reader: Reader, tag: str) -> None:
    (feed,) = await subscribed(store)
    await hand_in(store, feed, a_new_story(feed, "a", tags=(Tag("world", Origin.RULE),)))

    assert reader.tagged(tag, limit=2) == ()


# -- feeds and the rest -----------------------------------------------------------------------------------


async def test_feeds_come_in_the_order_they_came_even_when_they_left(store: Store, reader: Reader) -> None:
    await subscribed(store, TWO)
    await subscribed(store, ONE)

    assert [(feed.url, feed.state) for feed in reader.feeds()] == [
        (TWO, FeedState.PAUSED),
        (ONE, FeedState.ACTIVE),
    ]


async def test_polls_are_the_feeds_own(store: Store, reader: Reader) -> None:
    one, two = await subscribed(store, ONE, TWO)
    await store.record(one, a_poll(one))
    await store.record(two, a_poll(two, outcome=Outcome.FAILED))

    assert reader.polls(one.id, limit=5) == (a_poll(one),)
    assert reader.polls(99, limit=5) == ()


async def test_the_status_counts_what_there_is(store: Store, reader: Reader, folder: Path) -> None:
    one, _ = await subscribed(store, ONE, TWO)
    await subscribed(store, ONE)
    tags = (Tag("world", Origin.RULE), Tag("world", Origin.FEED), Tag("floods", Origin.RULE))
    await hand_in(store, one, a_new_story(one, "a", tags=tags), a_new_story(one, "b"), last_ok_at=NOON)

    status = dict(reader.status())
    store.close()  # which folds the write-ahead log in

    assert status == {
        "database": str(folder / "aggregator.db"),
        "bytes": (folder / "aggregator.db").stat().st_size,
        "feeds": 2,
        "feeds_by_state": {"active": 1, "paused": 1},
        "stories": 2,
        "entries": 2,
        "tags": 2,
        "revision": 2,
        "last_ok_at": "2026-11-24T12:00:00.000Z",
        "schema_version": SCHEMA_VERSION,
        "journal_mode": "wal",
        "sqlite_version": sqlite_version(),
    }


# -- while somebody writes --------------------------------------------------------------------------------


async def test_reading_in_the_middle_of_a_write_neither_waits_nor_sees_it(store: Store, folder: Path) -> None:
    feed = await told(store, "a")
    seen: list[int] = []
    reader = Reader(folder)

    def decide(known: Known) -> tuple[Changes, Feed, Poll]:
        seen.append(reader.revision())
        return Changes(), known.feed, a_poll(feed)

    await store.commit(feed.id, a_probe(), decide)

    reader.close()
    assert seen == [1]


async def test_many_threads_may_ask_at_once(store: Store, reader: Reader) -> None:
    await told(store, *"abc")

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: names(reader.stories(limit=5)), range(64)))

    assert answers == [["c", "b", "a"]] * 64


async def test_a_question_inside_another_gets_a_connection_of_its_own(store: Store, reader: Reader) -> None:
    await told(store, "a")

    with reader._snapshots.one() as conn:
        inner = reader.revision()

        assert conn.in_transaction
    assert inner == 1


async def test_a_question_that_takes_too_long_is_stopped_and_the_next_one_answered(
    store: Store, folder: Path
) -> None:
    await told(store, *(str(number) for number in range(1_000)))
    reader = Reader(folder, time_limit=timedelta(0))

    with pytest.raises(StoreError, match=r"aggregator\.db: the question took longer than 0 s; ask for less"):
        reader.stories(limit=1_000)

    assert reader.revision() == 1_000
    reader.close()


async def test_all_questions_of_a_search_have_one_time_together(store: Store, reader: Reader) -> None:
    await told(store, "a")
    patient, hurried = reader.within(timedelta(seconds=60)), reader.within(timedelta(0))

    assert patient.revision() == 1
    with pytest.raises(SearchTooLongError):
        hurried.revision()
    assert reader.revision() == 1


async def test_a_search_ends_in_the_middle_of_a_question(store: Store, reader: Reader) -> None:
    await told(store, *(str(number) for number in range(1_000)))
    hurried = reader.within(timedelta(milliseconds=2))

    with pytest.raises(SearchTooLongError, match=r"longer than 0\.002 s"):
        hurried.stories(limit=1_000)


async def test_a_question_that_breaks_says_how(store: Store, reader: Reader) -> None:
    await told(store, "a")

    with pytest.raises(Exception, match="datatype mismatch"):
        reader.stories(limit="many")  # type: ignore[arg-type]  # what no caller does: SQLite refuses it

    assert names(reader.stories(limit=1)) == ["a"]


async def test_a_store_that_is_closed_can_still_be_read(store: Store, reader: Reader, folder: Path) -> None:
    await told(store, "a")

    store.close()

    assert names(reader.stories(limit=1)) == ["a"]
    assert rows_of(folder, "SELECT count(*) FROM entries") == [(1,)]
