"""Events from the document to the output: found in the store's transaction, shown as one item each."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.core.coverage import event_of_story
from aggregator.core.filters import parse_filter
from aggregator.core.identities import heard
from aggregator.core.ingest import Intake, decide, probe
from aggregator.core.joining import SPLIT_OFF
from aggregator.core.settings import OutputSettings, Plan, Settings
from aggregator.curate import merge, split
from aggregator.model import (
    Changes,
    DedupLevel,
    Feed,
    Group,
    Known,
    Outcome,
    ParsedEntry,
    ParsedFeed,
    Poll,
    Story,
)
from aggregator.patterns import timed_search
from aggregator.publish import Publisher
from aggregator.store import Reader, Store, WantedFeed
from tests.builders import NOON, a_parsed_entry

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FEEDS = [f"https://paper{number}.example.org/rss" for number in range(1, 10)]
DAM = (
    "Dam bursts in northern valley",
    "Thousands flee as dam bursts in valley",
    "Valley dam bursts, northern towns flee",
    "Northern valley flees as dam bursts",
    "Dam in northern valley bursts overnight",
)
PARTS = ("Dam bursts above northern village", "Thousands flee flooded homes in northern valley")
TIE = "Thousands flee flooded homes as dam bursts above village"
RATES = "Central bank raises interest rates"


def said(paper: int, title: str) -> ParsedEntry:
    """A headline and nothing else, so that no two of them are one story."""
    url = f"https://paper{paper}.example.org/{title.lower().replace(' ', '-')}"
    return a_parsed_entry(guid=url, url=url, title=title, summary="", published_at=None)


@dataclass
class Room:
    """A store that hears documents as the daemon does, and the publisher beside it."""

    folder: Path
    now: datetime = NOON
    store: Store = field(init=False)
    reader: Reader = field(init=False)
    publisher: Publisher = field(init=False)

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        """As a process does that starts."""
        self.store, self.reader = Store.open(self.folder), Reader(self.folder)
        public = self.folder / "public"
        self.publisher = Publisher(self.reader, public, now=lambda: self.now, search=timed_search)

    def close(self) -> None:
        self.reader.close()
        self.store.close()

    async def hear(self, paper: int, *titles: str, hours: float = 0) -> None:
        """The paper of this number tells these headlines, that many hours after noon."""
        self.now = NOON + hours * HOUR
        feeds = await self.store.sync_feeds([WantedFeed(url) for url in FEEDS], now=NOON)
        feed = feeds[paper - 1]
        document = heard(
            ParsedFeed(title=f"Paper {paper}", entries=tuple(said(paper, one) for one in titles))
        )

        def decided(known: Known) -> tuple[Changes, Feed, Poll]:
            changes = decide(document, known, self.intake(), now=self.now)
            return changes, known.feed, Poll(feed_id=feed.id, at=self.now, outcome=Outcome.NEW)

        await self.store.commit(feed.id, probe(document), decided)

    def intake(self) -> Intake:
        return Intake(
            window=14 * DAY,
            first_poll=False,
            accepts=lambda _: True,
            tags_of=lambda _: (),
            priority_of=lambda _: 0,
            level_of=lambda _: DedupLevel.STORY,
            index=lambda: self.store.recall(self.now - 14 * DAY),
        )

    async def items(self, **changes: Any) -> list[dict[str, Any]]:
        """What an output of events shows after a round of publishing."""
        found: list[dict[str, Any]] = json.loads(await self.published(**changes))["items"]
        return found

    async def published(self, **changes: Any) -> bytes:
        for key in changes.keys() & {"include", "exclude"}:
            changes[key] = parse_filter(changes[key])
        output = OutputSettings(name="all", title="All", **{"group": Group.EVENT, **changes})
        done = await self.publisher.refresh(Settings(outputs=(output,)))
        await self.store.settle_leads(done.settled)
        return self.publisher.snapshot["all.json"].body

    def story(self, title: str) -> Story:
        return next(story for story in self.reader.stories(limit=99) if story.title == title)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    opened = Room(tmp_path)
    yield opened
    opened.close()


def titles(items: list[dict[str, Any]]) -> list[str]:
    return [one["title"] for one in items]


def others(item: dict[str, Any]) -> list[str]:
    return [one["title"] for one in item["_aggregator"]["also_in"]]


async def test_an_event_is_one_item_with_its_coverage(room: Room) -> None:
    await room.hear(1, DAM[0], RATES)
    await room.hear(2, DAM[1], hours=1)
    await room.hear(3, DAM[2], hours=2)

    dam, rates = sorted(await room.items(), key=lambda one: one["title"] != DAM[0])

    assert (dam["title"], others(dam), dam["_aggregator"]["coverage"]) == (DAM[0], [DAM[1], DAM[2]], 3)
    assert (rates["title"], others(rates)) == (RATES, [])


async def test_its_id_is_the_same_before_and_after_others_join(room: Room) -> None:
    await room.hear(1, DAM[0])
    (alone,) = await room.items()

    await room.hear(2, DAM[1], hours=1)
    (joined,) = await room.items()

    assert alone["id"] == joined["id"] == f"urn:uuid:{event_of_story(room.story(DAM[0]))}"
    assert room.story(DAM[1]).event_id == event_of_story(room.story(DAM[0]))


async def test_it_keeps_its_place_in_time_while_it_grows(room: Room) -> None:
    await room.hear(1, DAM[0])
    await room.hear(1, RATES, hours=1)
    await room.hear(2, DAM[1], hours=2)

    assert titles(await room.items()) == [RATES, DAM[0]]


async def test_its_bytes_change_at_a_step_of_coverage_and_not_between(room: Room) -> None:
    said = []
    for paper, title in enumerate(DAM, 1):
        await room.hear(paper, title, hours=paper)
        said.append(await room.published())

    one, two, three, four, five = said
    assert one != two != three
    assert four == three
    assert five != four


async def test_what_one_feed_tells_of_it_is_shown_without_a_second_feed(room: Room) -> None:
    await room.hear(1, DAM[2], DAM[1], DAM[0])

    (item,) = await room.items()

    assert {item["title"], *others(item)} == set(DAM[:3])
    assert item["_aggregator"]["coverage"] == 1


async def test_its_update_is_when_the_step_was_reached(room: Room) -> None:
    for paper, title in enumerate(DAM[:4], 1):
        await room.hear(paper, title, hours=paper)

    (item,) = await room.items()

    assert item["date_modified"] == "2026-11-24T15:00:00Z"


async def test_another_process_goes_on_with_the_same_events_and_bytes(room: Room) -> None:
    for paper, title in enumerate(DAM[:2], 1):
        await room.hear(paper, title, hours=paper)
    before = await room.published()
    room.close()
    room.open()

    assert await room.published() == before
    await room.hear(3, DAM[2], hours=3)

    (item,) = await room.items()
    assert others(item) == [DAM[1], DAM[2]]


async def test_an_output_shows_an_event_as_far_as_it_takes_its_stories(room: Room) -> None:
    for paper, title in enumerate(DAM[:3], 1):
        await room.hear(paper, title, hours=paper)

    (item,) = await room.items(exclude=f'"{DAM[0]}"')

    assert (item["title"], others(item), item["_aggregator"]["coverage"]) == (DAM[1], [DAM[2]], 2)
    assert await room.items(include="sport") == []


async def test_the_limit_counts_events_and_min_feeds_their_feeds(room: Room) -> None:
    await room.hear(1, DAM[3], DAM[0])  # a feed lists the newest first
    await room.hear(2, DAM[1], hours=1)
    await room.hear(1, RATES, hours=2)

    assert titles(await room.items(limit=1)) == [RATES]
    assert titles(await room.items(min_feeds=2)) == [DAM[0]]
    assert await room.items(min_feeds=3) == []
    assert await room.items(min_feeds=2, group=Group.STORY) == []


async def test_an_event_that_retention_took_leaves(room: Room) -> None:
    await room.hear(1, DAM[0])
    await room.hear(2, DAM[1], hours=1)
    assert len(await room.items()) == 1

    await room.store.sweep(held_before=NOON + DAY, forget_before=NOON - DAY)

    assert await room.items() == []
    assert room.reader.top_events(NOON - DAY, limit=9) == ()


async def test_what_retention_took_and_a_feed_shows_again_has_its_old_id(room: Room) -> None:
    await room.hear(1, DAM[0])
    await room.hear(2, DAM[1], hours=1)
    (before,) = await room.items()
    await room.store.sweep(held_before=NOON + DAY, forget_before=NOON - DAY)

    await room.hear(2, DAM[1], hours=30)

    (again,) = await room.items()
    assert (again["title"], again["id"]) == (DAM[1], before["id"])


async def test_the_leads_of_all_stories_that_an_item_names_are_settled(room: Room) -> None:
    await room.hear(1, DAM[0])
    await room.hear(2, DAM[1], hours=1)

    await room.items()

    assert all(room.story(title).lead_settled for title in DAM[:2])


async def test_polling_again_changes_nothing(room: Room) -> None:
    await room.hear(1, *DAM, RATES)
    before = await room.published(), room.reader.revision()

    await room.hear(1, *DAM, RATES, hours=1)

    assert (await room.published(), room.reader.revision()) == before


async def two_events(room: Room) -> list[dict[str, Any]]:
    """What an output shows of two events that are one, the older first."""
    for paper, title in enumerate(PARTS, 1):
        await room.hear(paper, title, hours=paper)
    younger, older = await room.items()
    return [older, younger]


async def test_events_that_turn_out_to_be_one_are_one_item_with_the_id_of_one(room: Room) -> None:
    before = await two_events(room)

    await room.hear(3, TIE, hours=3)

    (item,) = await room.items()
    assert item["id"] in {one["id"] for one in before}
    assert {item["title"], *others(item)} == {*PARTS, TIE}
    assert item["_aggregator"]["coverage"] == 3
    await room.hear(4, TIE + " again", hours=4)
    assert [one["id"] for one in await room.items()] == [item["id"]]


async def test_the_address_of_an_event_that_was_part_of_another_leads_there(room: Room) -> None:
    before = await two_events(room)

    await room.hear(3, TIE, hours=3)

    (item,) = await room.items()
    found = [room.reader.event(one["id"].removeprefix("urn:uuid:")) for one in (*before, item)]
    assert {one and f"urn:uuid:{one.id}" for one in found} == {item["id"]}


async def test_events_that_were_made_one_are_the_same_bytes_in_another_process(room: Room) -> None:
    await two_events(room)
    await room.hear(3, TIE, hours=3)
    before = await room.published()
    room.close()
    room.open()

    assert await room.published() == before

    await room.hear(4, PARTS[0] + " at night", hours=4)
    (item,) = await room.items()
    assert room.story(PARTS[0] + " at night").event_id == room.story(TIE).event_id
    assert f"urn:uuid:{event_of_story(room.story(TIE))}" == item["id"]


async def test_what_is_merged_into_an_older_story_stays_in_its_event(room: Room) -> None:
    await room.hear(1, RATES)
    for paper, title in enumerate(DAM[:2], 2):
        await room.hear(paper, title, hours=paper)
    event = event_of_story(room.story(DAM[0]))
    rates, dam = room.story(RATES), room.story(DAM[1])

    await merge(room.store, Plan(Settings(), {}), rates.id, dam.id, now=room.now, search=timed_search)

    assert {event_of_story(story) for story in room.reader.stories(limit=9)} == {event}
    (item,) = await room.items()
    assert (item["id"], item["_aggregator"]["coverage"]) == (f"urn:uuid:{event}", 3)
    await room.hear(4, DAM[2], hours=5)
    assert event_of_story(room.story(DAM[2])) == event


async def test_what_a_person_split_off_is_never_made_part_of_what_it_left(room: Room) -> None:
    await room.hear(1, PARTS[0])
    await room.hear(2, PARTS[0] + " at night", hours=1)
    one, two = room.story(PARTS[0]), room.story(PARTS[0] + " at night")
    plan = Plan(Settings(), {})
    done = await merge(room.store, plan, one.id, two.id, now=room.now, search=timed_search)
    number = str(next(entry.id for entry in room.story(one.title).entries if entry.feed_id == 2))
    done = await split(room.store, plan, number, now=room.now, search=timed_search)
    assert done.changed

    await room.hear(3, PARTS[0] + " again", hours=2)
    await room.hear(4, "Overnight dam bursts above northern village", hours=3)

    shown = await room.items()
    assert len(shown) == 2
    assert len({event_of_story(room.story(title)) for title in (one.title, two.title)}) == 2
    last = room.story("Overnight dam bursts above northern village").lead
    assert [one.apart for one, _ in room.reader.considered(last.id)] == ["", SPLIT_OFF]
