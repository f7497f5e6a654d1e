"""What a changed config would do to the outputs, held against what it then does. On a real store."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from aggregator.core.filters import any_of, parse_filter
from aggregator.core.ingest import Probe
from aggregator.core.settings import FeedSettings, OutputSettings, Settings, TagRule
from aggregator.core.topics import NOTHING, TOPICS, Model, packed
from aggregator.curate import retag
from aggregator.model import Changes, Edition, Feed, Group, Known, Outcome, Poll, Story
from aggregator.patterns import timed_search
from aggregator.preview import Change, Preview, plan_of
from aggregator.publish import Publisher, published
from aggregator.store import Reader, Store, WantedFeed
from tests.builders import NOON, a_story, an_entry
from tests.press import HOUR, output

FEEDS = ("https://one.example.org/rss", "https://two.example.org/rss", "https://three.example.org/rss")
TITLES = ("Gas prices fall", "Dam bursts", "NATO meets on gas", "Missiles over the dam", "Football")


def config(*outputs: OutputSettings, feeds: tuple[FeedSettings, ...] | None = None, **tags: str) -> Settings:
    rules = tuple(TagRule(name=name, rule=parse_filter(rule)) for name, rule in tags.items())
    wanted = tuple(FeedSettings(url=url) for url in FEEDS) if feeds is None else feeds
    return Settings(outputs=outputs or (output(),), tags=rules, feeds=wanted)


@dataclass
class House:
    """A store with three feeds, and all that a running aggregator does with a config, by hand."""

    folder: Path
    store: Store
    reader: Reader
    now: datetime = NOON + 100 * HOUR
    _publisher: Publisher = field(init=False)

    def __post_init__(self) -> None:
        self._publisher = Publisher(
            self.reader, self.folder / "public", now=lambda: self.now, search=timed_search
        )

    async def apply(self, settings: Settings) -> None:
        """What a reload does: feeds in order, stories judged again, outputs published."""
        wanted = [WantedFeed(feed.url, feed.title or "") for feed in settings.feeds]
        await self.store.sync_feeds(wanted, now=self.now)
        plan = plan_of(settings, self.stored())
        await retag(self.store, plan, now=self.now, search=timed_search)
        await self._publisher.refresh(settings)

    def stored(self) -> dict[str, Feed]:
        return {feed.url: feed for feed in self.reader.feeds()}

    def preview(self, settings: Settings) -> Preview:
        return Preview(self.reader, settings, self.stored(), now=self.now, search=timed_search)

    def changes(self, settings: Settings, **changes: Any) -> dict[str, Change]:
        return self.preview(settings).changes(self.shown_whole(), **changes)

    def shown_whole(self) -> dict[str, Any]:
        return published(self.folder / "public")

    def shown(self) -> dict[str, list[str]]:
        """The ids of what readers see, by output."""
        return {name: [one.id for one in listing] for name, listing in self.shown_whole().items()}

    async def tell(self, feed: int, *stories: Story) -> None:
        def decide(known: Known) -> tuple[Changes, Feed, Poll]:
            return Changes(stories=stories), known.feed, Poll(feed_id=feed, at=NOON, outcome=Outcome.NEW)

        await self.store.commit(feed, Probe(), decide)


def a_number(number: int) -> str:
    return f"2f0e4c1e-8a57-5d7c-9d3c-{number:012}"


def story(number: int, title: str = "News", *feeds: int, event: int | None = None) -> Story:
    """A story that is not stored yet, told by these feeds; a higher number is newer."""
    entries = [
        an_entry(
            id=0,
            uid=a_number(number + 100 * place),
            story_id=a_number(number),
            feed_id=feed,
            guid=f"{number}-{place}",
            title=title,
            summary="",
            first_seen_at=NOON + number * HOUR,
        )
        for place, feed in enumerate(feeds or (1,))
    ]
    event_id = a_number(event) if event else None
    return replace(a_story(*entries), seq=0, news_at=NOON + number * HOUR, event_id=event_id)


async def furnish(folder: Path, *stories: Story) -> House:
    store = Store.open(folder)
    await store.sync_feeds([WantedFeed(url) for url in FEEDS], now=NOON)
    house = House(folder, store, Reader(folder))
    await house.tell(1, *stories)
    return house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    told = [story(number, title) for number, title in enumerate(TITLES, 1)]
    house = await furnish(tmp_path, *told)
    yield house
    house.reader.close()
    house.store.close()


async def test_of_digests_those_that_are_there_stay_and_none_is_foretold(house: House) -> None:
    await house.apply(config(output(digest=Edition.DAILY)))

    assert house.changes(config(output(digest=Edition.DAILY))) == {"all": Change()}


async def test_an_output_that_is_renamed_keeps_what_it_shows(house: House) -> None:
    await house.apply(config(output("old")))

    changes = house.changes(config(output("new", was=("old",))))

    assert changes == {"new": Change(stay=len(TITLES))}


# -- preview equals what then happens -----------------------------------------------------------------------

clauses = st.sampled_from(
    ["gas", "dam", "nato", "-dam", "tag:red", "feeds>=2", "age<90h", "feed:two", "ball*"]
)
filters = st.lists(clauses, min_size=1, max_size=2).map(lambda some: any_of(list(map(parse_filter, some))))
outputs = st.builds(
    OutputSettings,
    name=st.sampled_from(["one", "two"]),
    title=st.just("Title"),
    include=st.none() | filters,
    exclude=st.none() | filters,
    limit=st.integers(1, 6),
    max_age=st.none() | st.sampled_from([timedelta(hours=92), timedelta(hours=97)]),
    per_feed=st.none() | st.integers(1, 2),
    group=st.sampled_from(Group),
    min_feeds=st.integers(1, 2),
)
feeds = st.lists(
    st.builds(
        FeedSettings,
        url=st.sampled_from(FEEDS),
        tags=st.sampled_from([(), ("red",), ("red/deep",)]),
        title=st.sampled_from([None, "two"]),
    ),
    min_size=1,
    unique_by=lambda feed: feed.url,
)
configs = st.builds(
    Settings,
    outputs=st.lists(outputs, max_size=2, unique_by=lambda one: one.name).map(tuple),
    feeds=feeds.map(tuple),
    tags=st.lists(st.builds(TagRule, name=st.sampled_from(["red", "blue"]), rule=filters), max_size=2).map(
        tuple
    ),
)
told = st.lists(
    st.tuples(
        st.sampled_from(TITLES),
        st.lists(st.integers(1, 3), min_size=1, max_size=3),
        st.none() | st.integers(901, 902),
    ),
    min_size=1,
    max_size=8,
)


@given(told=told, before=configs, after=configs)
@effort(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_preview_equals_what_then_happens(told: list[Any], before: Settings, after: Settings) -> None:
    async def live(folder: Path) -> None:
        stories = [
            story(number, title, *feeds, event=event) for number, (title, feeds, event) in enumerate(told, 1)
        ]
        house = await furnish(folder, *stories)
        try:
            await house.apply(before)
            old, foretold = house.shown(), house.changes(after)
            await house.apply(after)
            new = house.shown()
        finally:
            house.reader.close()
            house.store.close()

        assert foretold.keys() == old.keys() | new.keys()
        for name, change in foretold.items():
            was, is_now = old.get(name, []), new.get(name, [])
            assert [one.id for one in change.enter] == [one for one in is_now if one not in was]
            assert [one.id for one in change.leave] == [one for one in was if one not in is_now]
            assert change.stay == len(set(was) & set(is_now))

    with TemporaryDirectory() as folder:
        asyncio.run(live(Path(folder)))


# -- the clause that decided --------------------------------------------------------------------------------


def clauses_of(passing: tuple[Any, ...]) -> list[tuple[str, str]]:
    return [(one.title, one.clause) for one in passing]


async def test_a_changed_filter_says_what_enters_and_leaves_by_which_clause(house: House) -> None:
    await house.apply(config(output(include="gas OR football")))

    change = house.changes(config(output(include="dam OR gas", exclude="nato")))["all"]

    assert clauses_of(change.enter) == [
        ("Missiles over the dam", "include: dam"),
        ("Dam bursts", "include: dam"),
    ]
    assert clauses_of(change.leave) == [
        ("Football", "not included: dam OR gas"),
        ("NATO meets on gas", "exclude: nato"),
    ]
    assert change.stay == 1


@pytest.mark.parametrize(
    ("limits", "clause"),
    [
        ({"limit": 4}, "beyond the first 4 (limit)"),
        ({"per_feed": 4}, "beyond the first 4 of its feed (per_feed)"),
        ({"max_age": 96 * HOUR}, "older than max_age: 4 d"),
        ({"min_feeds": 2}, "told by 1 of min_feeds: 2"),
        ({"group": Group.EVENT}, "told under another id by `group: event`"),
        ({"group": Group.NONE, "limit": 4}, "beyond the first 4 (limit)"),
    ],
    ids=["limit", "per_feed", "max_age", "min_feeds", "event", "none"],
)
async def test_a_changed_limit_says_itself(house: House, limits: dict[str, Any], clause: str) -> None:
    await house.apply(config())

    left = house.changes(config(output(**limits)))["all"].leave

    assert clauses_of(left)[-1] == ("Gas prices fall", clause)


async def test_a_changed_rule_reaches_the_outputs_that_ask_for_its_tag(house: House) -> None:
    await house.apply(config(output(include="tag:energy"), energy="gas"))

    changes = house.changes(config(output(include="tag:energy"), energy="dam"))

    assert clauses_of(changes["all"].enter)[0] == ("Missiles over the dam", "include: tag:energy")
    assert clauses_of(changes["tag/energy"].enter)[0] == (
        "Missiles over the dam",
        'tag energy from rule: dam — found "dam" in the title',
    )
    assert clauses_of(changes["tag/energy"].leave)[0] == ("NATO meets on gas", "no tag energy")


async def test_an_output_that_is_taken_out_loses_all_and_a_new_one_gets_all(house: House) -> None:
    await house.apply(config(output("old", include="gas")))

    changes = house.changes(config(output("new", include="ball* OR football")))

    assert clauses_of(changes["new"].enter) == [("Football", "include: football")]
    assert [clause for _, clause in clauses_of(changes["old"].leave)] == ["no such output in the config"] * 2


async def test_one_output_alone_may_be_asked_for(house: House) -> None:
    await house.apply(config())

    assert list(house.changes(config(output("a"), output("b")), only="b")) == ["b"]


async def test_an_event_comes_with_the_story_for_which_it_does(house: House) -> None:
    await house.tell(1, story(11, "Gas leak", event=901), story(12, "Dam holds", event=901))
    await house.apply(config(output(group=Group.EVENT, include="football")))

    change = house.changes(config(output(group=Group.EVENT, include='"dam holds"')))["all"]

    assert clauses_of(change.enter) == [("Dam holds", 'include: "dam holds"')]


async def test_an_event_that_goes_says_why(house: House) -> None:
    await house.apply(config(output(group=Group.EVENT, include="dam")))

    change = house.changes(config(output(group=Group.EVENT, include="football")))["all"]

    assert clauses_of(change.leave)[0] == ("Missiles over the dam", "not included: football")


async def test_an_entry_that_goes_says_why(house: House) -> None:
    await house.tell(1, story(20, "Gas leak", 1, 2))
    await house.apply(config(output(group=Group.NONE)))

    change = house.changes(config(output(group=Group.NONE, exclude="leak")))["all"]

    assert clauses_of(change.leave) == [("Gas leak", "exclude: leak")] * 2


async def test_what_is_shown_and_no_longer_stored_leaves_as_such(house: House) -> None:
    await house.apply(config())
    (house.folder / "public" / "all.json").write_bytes(
        (house.folder / "public" / "all.json")
        .read_bytes()
        .replace(a_number(5).encode(), a_number(99).encode())
    )

    change = house.changes(config())["all"]

    assert [(one.id, one.clause) for one in change.leave] == [(a_number(99), "no longer stored")]
    assert [one.id for one in change.enter] == [a_number(5)]


async def test_a_damaged_file_shows_nothing(house: House) -> None:
    await house.apply(config())
    (house.folder / "public" / "all.json").write_text("{")

    assert house.changes(config())["all"].stay == 0


async def test_a_feed_with_another_title_is_found_by_it(house: House) -> None:
    await house.apply(config(output(include="feed:gazette")))
    renamed = (FeedSettings(url=FEEDS[0], title="The Gazette"),)

    change = house.changes(config(output(include="feed:gazette"), feeds=renamed))["all"]

    assert len(change.enter) == len(TITLES)


async def test_a_filter_takes_of_all_that_is_stored_the_newest_first(house: House) -> None:
    found = house.preview(config()).taken_by(parse_filter("dam OR gas"), most=2)

    assert found.count == 4
    assert clauses_of(found.newest) == [("Missiles over the dam", "dam"), ("NATO meets on gas", "gas")]


async def test_a_filter_sees_the_tags_of_the_config(house: House) -> None:
    found = house.preview(config(energy="gas")).taken_by(parse_filter("tag:energy"), most=9)

    assert found.count == 2


async def test_stories_that_go_or_change_while_they_are_read_count_once(house: House) -> None:
    class Restless(Reader):
        asked = 0

        def changed_since(
            self, revision: int, *, limit: int
        ) -> tuple[int, tuple[Story, ...], tuple[str, ...]]:
            self.asked += 1
            if self.asked > 1:
                return super().changed_since(revision, limit=limit)
            reached, changed, _ = super().changed_since(revision, limit=limit)
            return reached - 1, changed, (a_number(1),)

    reader = Restless(house.folder)
    preview = Preview(reader, config(), house.stored(), now=house.now, search=timed_search)

    assert preview.taken_by(parse_filter("news OR gas OR dam OR ball* OR football"), most=9).count == 5
    reader.asked = 0
    assert len(preview.changes({})["all"].enter) == 5
    reader.close()


async def test_the_topics_of_another_config_are_foretold(house: House) -> None:
    weights = packed(NOTHING + 100 * (topic == "topic/sport") for topic in TOPICS)
    football = Model(dict.fromkeys(("striker", "scores", "goal"), weights), (0.0,) * len(TOPICS), 1.0, 1)
    await house.tell(
        1, a_story(an_entry(id=0, uid="goal", title="Striker scores a goal", guid="goal"), seq=0)
    )
    wanted = replace(config(output("sport", include="tag:topic/sport")), topics=0.9)

    preview = Preview(
        house.reader, wanted, house.stored(), now=house.now, search=timed_search, topics=football
    )

    assert [one.title for one in preview.changes({})["sport"].enter] == ["Striker scores a goal"]
