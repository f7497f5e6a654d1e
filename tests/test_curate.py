"""Today's rules over yesterday's stories, on a real store."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.core.filters import LANGUAGE, named_filters, parse_filter
from aggregator.core.settings import FeedSettings, Plan, Settings, TagRule
from aggregator.core.topics import NO_MODEL
from aggregator.curate import BATCH, RULES, is_due, left, retag, rules_key
from aggregator.model import Story
from aggregator.patterns import timed_search
from aggregator.store import Reader, Store, WantedFeed
from tests.builders import NOON, a_story, an_entry
from tests.store.scenes import a_new_story, hand_in


@dataclass
class Archive:
    """A store with two feeds, and a story that both tell, led by the second."""

    store: Store
    reader: Reader

    async def retag(self, plan: Plan, **how: Any) -> int:
        return await retag(self.store, plan, now=NOON, search=timed_search, **how)

    @property
    def story(self) -> Story:
        (story,) = self.reader.stories(limit=9)
        return story


def plan(*rules: str, feeds: tuple[int, ...] = (1, 2), priority: int = 0) -> Plan:
    """Rules named after their filter, and the feeds that are in the config."""
    tags = tuple(TagRule(name=rule, rule=parse_filter(rule)) for rule in rules)
    return Plan(Settings(tags=tags), {feed: FeedSettings(url=str(feed), priority=priority) for feed in feeds})


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncIterator[Archive]:
    store, reader = Store.open(tmp_path), None
    wanted = [WantedFeed("https://one.example.org/"), WantedFeed("https://two.example.org/")]
    one, _ = await store.sync_feeds(wanted, now=NOON)
    first = an_entry(id=0, uid="e2", story_id="s", feed_id=2, guid="2", title="Dam bursts")
    second = an_entry(id=0, uid="e1", story_id="s", feed_id=1, guid="1", title="Valley floods")
    story = a_story(first, second, seq=0, lead_settled=True)
    await hand_in(store, one, story)
    reader = Reader(tmp_path)
    yield Archive(store, reader)
    reader.close()
    store.close()


@pytest.mark.parametrize(
    ("rule", "still", "over"),
    [
        ("dam until:2026-11-24", timedelta(hours=11), timedelta(hours=12)),
        ("dam age<1d", timedelta(minutes=59), timedelta(hours=1)),
        ("dam -(age>1w OR flood)", timedelta(minutes=59), timedelta(hours=1)),
    ],
)
async def test_rules_that_time_changes_are_applied_again(
    archive: Archive, rule: str, still: timedelta, over: timedelta
) -> None:
    await archive.retag(plan(rule))

    assert not await is_due(archive.store, plan(rule), now=NOON + still)
    assert await is_due(archive.store, plan(rule), now=NOON + over)


async def test_rules_that_time_leaves_alone_are_not(archive: Archive) -> None:
    rule = "dam published>=2026-01-01 until:2027-01-01"
    await archive.retag(plan(rule))

    assert not await is_due(archive.store, plan(rule), now=NOON + timedelta(days=9))


async def test_stored_stories_get_the_tags_of_todays_rules(archive: Archive) -> None:
    changed = await archive.retag(plan("dam", "sport"))

    assert changed == 1
    assert [tag.name for tag in archive.story.tags] == ["dam"]


async def test_rules_that_change_nothing_write_nothing(archive: Archive) -> None:
    await archive.retag(plan("dam"))
    before = archive.reader.revision()

    assert await archive.retag(plan("dam", "sport")) == 0
    assert archive.reader.revision() == before


async def test_it_is_due_when_rules_or_feeds_are_others_than_last_time(archive: Archive) -> None:
    was_new = await is_due(archive.store, plan("dam"), now=NOON)
    await archive.retag(plan("dam"))

    assert was_new
    assert not await is_due(archive.store, plan("dam"), now=NOON)
    assert await is_due(archive.store, plan("flood"), now=NOON)
    assert await is_due(archive.store, plan("dam", feeds=(1,)), now=NOON)


async def test_it_is_due_when_rules_were_read_by_another_edition_of_the_language(archive: Archive) -> None:
    await archive.retag(plan("dam"))
    assert not await is_due(archive.store, plan("dam"), now=NOON)

    await archive.store.note(RULES, rules_key(plan("dam"), NOON, language=LANGUAGE - 1))

    assert await is_due(archive.store, plan("dam"), now=NOON)


async def test_it_is_due_when_a_name_stands_for_something_else(archive: Archive) -> None:
    def called_water(source: str) -> Plan:
        rule = TagRule(name="water", rule=parse_filter("@water", named_filters({"water": [source]})))
        return replace(plan(), settings=Settings(tags=(rule,)))

    await archive.retag(called_water("dam"))

    assert not await is_due(archive.store, called_water("dam"), now=NOON)
    assert await is_due(archive.store, called_water("flood"), now=NOON)


async def test_a_feed_whose_chrome_is_to_be_read_has_none_any_more(archive: Archive) -> None:
    await archive.store.rewrite(99, 9, with_chrome)
    read = plan()
    off = Plan(read.settings, {**read.feeds, 2: FeedSettings(url="2", skip_chrome=False)})

    changed = [await archive.retag(read), await archive.retag(off)]

    assert changed == [0, 1]
    assert {entry.feed_id: entry.chrome for entry in archive.story.entries} == {1: (7,), 2: ()}
    assert await is_due(archive.store, read, now=NOON)


def with_chrome(story: Story) -> Story:
    """The same story, of which every entry has a block that is page chrome."""
    return replace(story, entries=tuple(replace(entry, chrome=(7,)) for entry in story.entries))


async def test_a_settled_lead_stays_while_its_feed_is_in_the_config(archive: Archive) -> None:
    await archive.retag(plan("dam", priority=5))

    assert archive.story.title == "Dam bursts"


async def test_a_lead_whose_feed_left_the_config_makes_way(archive: Archive) -> None:
    await archive.retag(plan("dam", feeds=(1,)))

    assert (archive.story.title, archive.story.lead_settled) == ("Valley floods", True)
    assert len(archive.story.entries) == 2


async def test_a_story_that_only_gone_feeds_told_keeps_its_lead(archive: Archive) -> None:
    await archive.retag(plan("dam", feeds=()))

    assert archive.story.title == "Dam bursts"


class Stop:
    """Breaks a run off after so many batches, and keeps what its progress told."""

    def __init__(self, after: int) -> None:
        self.after = after
        self.heard: list[tuple[int, int]] = []

    def __call__(self) -> bool:
        return len(self.heard) == self.after + 1

    def progress(self, judged: int, of: int) -> None:
        self.heard.append((judged, of))


class TestManyStories:
    """A store of two batches and a bit."""

    @pytest.fixture
    async def long(self, archive: Archive) -> Archive:
        (one, _) = archive.reader.feeds()
        some = (a_new_story(one, f"{number}", title="Dam bursts") for number in range(2 * BATCH))
        await hand_in(archive.store, one, *some)
        return archive

    async def test_a_run_tells_how_far_it_is(self, long: Archive) -> None:
        stop = Stop(after=9)

        await long.retag(plan("dam"), progress=stop.progress, broken_off=stop)

        count = 2 * BATCH + 1
        assert stop.heard == [(0, count), (BATCH, count), (2 * BATCH, count), (count, count)]

    async def test_the_newest_stories_come_first(self, long: Archive) -> None:
        stop = Stop(after=1)

        await long.retag(plan("dam"), progress=stop.progress, broken_off=stop)

        tagged = [bool(story.tags) for story in long.reader.stories(limit=999)]
        assert tagged == [True] * BATCH + [False] * (BATCH + 1)

    async def test_a_run_that_was_broken_off_goes_on_where_it_stopped(self, long: Archive) -> None:
        stop = Stop(after=1)
        await long.retag(plan("dam"), progress=stop.progress, broken_off=stop)
        stood_at, was_due = left(long.reader), await is_due(long.store, plan("dam"), now=NOON)

        went_on = Stop(after=9)
        changed = await long.retag(plan("dam"), progress=went_on.progress, broken_off=went_on)

        assert (stood_at, was_due) == (BATCH + 1, True)
        assert went_on.heard[0] == (0, BATCH + 1)
        assert changed == BATCH + 1
        assert left(long.reader) == 0
        assert not await is_due(long.store, plan("dam"), now=NOON)

    async def test_other_rules_begin_anew(self, long: Archive) -> None:
        stop = Stop(after=1)
        await long.retag(plan("dam"), progress=stop.progress, broken_off=stop)

        changed = await long.retag(plan("bursts"))

        assert changed == 2 * BATCH + 1
        assert {tag.name for story in long.reader.stories(limit=999) for tag in story.tags} == {"bursts"}

    async def test_the_old_rules_are_due_again_where_others_were_broken_off(self, long: Archive) -> None:
        await long.retag(plan("dam"))
        stop = Stop(after=1)
        await long.retag(plan("bursts"), progress=stop.progress, broken_off=stop)

        was_due = await is_due(long.store, plan("dam"), now=NOON)
        await long.retag(plan("dam"))

        assert was_due
        assert {tag.name for story in long.reader.stories(limit=999) for tag in story.tags} == {"dam"}


async def test_in_a_store_that_was_never_judged_none_is_left(archive: Archive) -> None:
    assert left(archive.reader) == 0


def test_stories_are_judged_anew_where_topics_are_told_in_another_way() -> None:
    def key(threshold: float | None, edition: int) -> int:
        return rules_key(Plan(Settings(topics=threshold), {}, replace(NO_MODEL, edition=edition)), NOON)

    keys = [key(None, 1), key(0.7, 1), key(0.8, 1), key(0.7, 2)]

    assert len(set(keys)) == len(keys)
    assert key(None, 1) == key(None, 2) == rules_key(Plan(Settings(), {}), NOON)
