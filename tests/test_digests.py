"""Digests through publishing: made once, stored, and the same for ever. The wired program on a real store."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator import config
from aggregator.app import Parts, open_parts
from aggregator.core.ingest import Probe
from aggregator.errors import AggregatorError
from aggregator.model import Changes, Edition, Known, Outcome, Poll, Rendered, Story
from aggregator.model import Feed as StoredFeed
from aggregator.patterns import timed_search
from aggregator.publish import Publisher
from tests.builders import NOON
from tests.disk import a_full_disk
from tests.press import DAY, FEED, HOUR, story

OUTPUTS = "outputs:\n- {name: daily, digest: daily, limit: 2}\n"
NIGHT = timedelta(hours=12, minutes=10)  # from noon until the day's digest comes


@dataclass
class House:
    """The wired program, whose clock the test sets."""

    parts: Parts
    now: datetime

    async def publish(self, after: timedelta = timedelta()) -> tuple[str, ...]:
        self.now += after
        return await self.parts.publish()

    async def tell(self, number: int, **changes: Any) -> Story:
        """A story that comes now."""
        told = replace(story(number), news_at=self.now, **changes)

        def decide(known: Known) -> tuple[Changes, StoredFeed, Poll]:
            return Changes(stories=(told,)), known.feed, Poll(feed_id=1, at=self.now, outcome=Outcome.NEW)

        await self.parts.store.commit(1, Probe(), decide)
        return told

    @property
    def shown(self) -> dict[str, Rendered]:
        return dict(self.parts.publisher.snapshot)

    def items(self, name: str = "daily") -> list[tuple[str, str]]:
        """Title and text of each item, in order."""
        items = json.loads(self.shown[f"{name}.json"].body)["items"]
        return [(item["title"], item["content_html"]) for item in items]

    def titles(self, name: str = "daily") -> list[str]:
        return [title for title, _ in self.items(name)]

    def ids(self, name: str = "daily") -> list[str]:
        return [item["id"] for item in json.loads(self.shown[f"{name}.json"].body)["items"]]


@asynccontextmanager
async def opened(folder: Path, now: datetime = NOON, outputs: str = OUTPUTS) -> AsyncIterator[House]:
    """The program on this folder, as after a start."""
    path = folder / "aggregator.yaml"
    path.write_text(f"feeds: ['{FEED}']\ntags: {{dam: dam}}\n{outputs}")
    async with open_parts(config.load(path, {}), folder / "data") as parts:
        house = House(parts, now)
        public = folder / "data" / "public"
        parts.publisher = Publisher(parts.reader, public, now=lambda: house.now, search=timed_search)
        await house.publish()
        yield house


async def test_a_day_becomes_one_item_when_it_is_over(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await house.tell(1)
        await house.tell(2)
        await house.publish(NIGHT - timedelta(minutes=1))
        before = house.titles()
        await house.publish(timedelta(minutes=1))

        assert before == []
        ((title, text),) = house.items()
        assert title == "Daily, 24 November 2026"
        assert text.index("News 2") < text.index("News 1")


async def test_three_days_survive_a_restart_byte_for_byte(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        for number in range(3):
            await house.tell(number)
            await house.publish(DAY)
        before, now = house.shown, house.now

    async with opened(tmp_path, now + HOUR) as house:
        assert house.shown == before
        assert house.titles() == [f"Daily, {day} November 2026" for day in (26, 25, 24)]


async def test_a_digest_that_a_full_disk_kept_back_comes_once_there_is_space(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        public = tmp_path / "data" / "public" / "daily.atom"
        await house.tell(1)
        await house.publish()
        before = public.read_bytes()

        with a_full_disk(), pytest.raises(AggregatorError):
            await house.publish(NIGHT)
        meanwhile = public.read_bytes()
        await house.publish()
        await house.publish(HOUR)

        assert meanwhile == before
        assert house.titles() == ["Daily, 24 November 2026"]
        assert b"News 1" in public.read_bytes()


async def test_nothing_that_happens_later_changes_a_digest(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        told = await house.tell(1)
        await house.publish(NIGHT)
        before = house.shown
        await house.parts.store.rewrite(9, 9, lambda one: replace(one, title="Edited", tags=()))
        await house.tell(2, first_seen_at=told.first_seen_at)
        await house.parts.store.sweep(held_before=NOON + 99 * DAY, forget_before=NOON - 99 * DAY)

        assert await house.publish(HOUR) == ()
        assert house.shown == before

    async with opened(tmp_path, house.now + DAY) as house:
        assert house.shown["daily.atom"].body == before["daily.atom"].body


async def test_a_late_story_is_in_no_digest_of_a_day_that_had_none(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await house.publish(NIGHT)
        house.now -= NIGHT
        await house.tell(1)
        await house.publish(NIGHT + HOUR)

        assert house.titles() == []


async def test_what_happened_before_the_output_is_in_none(tmp_path: Path) -> None:
    async with opened(tmp_path, outputs="outputs: [{name: all}]\n") as house:
        await house.tell(1)

    async with opened(tmp_path, NOON + DAY) as house:
        await house.tell(2)
        await house.publish(NIGHT)

        assert house.titles() == ["Daily, 25 November 2026"]


async def test_days_on_which_nobody_published_are_made_up_for(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await house.tell(1)

    async with opened(tmp_path, NOON + 5 * DAY) as house:
        assert house.titles() == ["Daily, 24 November 2026"]


async def test_a_digest_names_no_more_than_its_limit_and_an_output_shows_thirty(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        for day in range(33):
            for number in range(3 if day == 32 else 1):
                await house.tell(day * 10 + number)
            await house.publish(DAY)

        items = house.items()
        kept = house.parts.reader.digests("daily", Edition.DAILY)
    assert len(items) == len(kept) == 30
    assert items[0][1].count("<li>") == 2


async def test_a_renamed_output_goes_on_with_the_same_ids(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await house.tell(1)
        await house.publish(NIGHT)
        before = house.ids()

    renamed = "outputs:\n- {name: evening, digest: daily, was: daily}\n"
    async with opened(tmp_path, NOON + NIGHT, renamed) as house:
        await house.tell(2)
        await house.publish(DAY)

        assert house.ids("evening")[1:] == before
        assert house.titles("evening") == ["Evening, 25 November 2026", "Daily, 24 November 2026"]


async def test_a_week_of_events_is_one_item_too(tmp_path: Path) -> None:
    weekly = "outputs:\n- {name: weekly, digest: weekly, group: event}\n"
    async with opened(tmp_path, outputs=weekly) as house:
        await house.tell(1, event_id="2f0e4c1e-8a57-5d7c-9d3c-6f3a3b0c1a01")
        await house.publish(7 * DAY)

        ((title, text),) = house.items("weekly")
    assert title == "Weekly, week 48 of 2026"
    assert "News 1" in text


async def test_the_feed_is_dated_at_the_end_of_its_last_period(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        await house.tell(1)
        await house.publish(NIGHT + 5 * HOUR)

        assert b"<updated>2026-11-25T00:00:00Z</updated>" in house.shown["daily.atom"].body


async def test_a_clock_that_was_years_ahead_holds_no_digest_back(tmp_path: Path) -> None:
    async with opened(tmp_path, NOON + 3_000 * DAY):
        pass

    async with opened(tmp_path) as house:
        await house.tell(1)
        await house.publish(NIGHT)

        assert house.titles() == ["Daily, 24 November 2026"]
