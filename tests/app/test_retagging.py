"""Changed rules over what is stored, while everything else goes on."""

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.app import Parts, open_parts
from aggregator.app.retagging import Retagging
from aggregator.config import Loaded
from aggregator.core.filters import parse_filter
from aggregator.core.settings import FeedSettings, Plan, Settings, TagRule
from aggregator.curate import BATCH, left
from aggregator.store import index
from tests.builders import a_story
from tests.store.scenes import ONE, a_new_entry, a_new_story, hand_in

MANY = 2 * BATCH + 10


def ruled(*rules: str) -> Settings:
    """A config with one feed and these rules, named after their filter."""
    tags = tuple(TagRule(name=rule, rule=parse_filter(rule)) for rule in rules)
    return Settings(feeds=(FeedSettings(url=ONE),), tags=tags)


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Parts]:
    """The program on a store of more than two batches; its rule fits all stories, and was never applied."""
    async with open_parts(Loaded(ruled("dam"), ()), tmp_path) as opened:
        (feed,) = opened.feeds
        await hand_in(opened.store, feed, *(a_new_story(feed, str(number)) for number in range(MANY)))
        yield opened


def tags(parts: Parts) -> list[str]:
    """The tags of all stories."""
    return [tag.name for story in parts.reader.stories(limit=MANY) for tag in story.tags]


def never() -> bool:
    return False


def no_time() -> float:
    return 0.0


async def test_a_run_says_how_far_it_is(parts: Parts) -> None:
    told: list[str] = []
    retagging = Retagging(never, lambda: told.extend(retagging.under_way), clock=no_time)

    await retagging.run(parts)

    assert told == [
        "The rules have changed: 50 of 110 stories are judged by them so far.",
        "The rules have changed: 100 of 110 stories are judged by them so far.",
        "The rules have changed: 110 of 110 stories are judged by them so far.",
    ]
    assert retagging.under_way == ()
    assert tags(parts) == ["dam"] * MANY


async def test_outputs_are_to_follow_at_once_and_then_ever_more_seldom(parts: Parts) -> None:
    seconds, told = itertools.count(), []
    retagging = Retagging(never, lambda: told.append(retagging.under_way), clock=lambda: float(next(seconds)))

    await retagging.run(parts)

    begun, third, ended = told
    assert begun != third != ended == ()
    assert "50 of 110" in begun[0]
    assert "110 of 110" in third[0]


async def test_rules_that_were_applied_are_not_applied_again(parts: Parts) -> None:
    heard: list[str] = []
    await Retagging(never, lambda: None).run(parts)

    await Retagging(never, lambda: heard.append("changed")).run(parts)

    assert heard == []


async def test_a_run_that_is_stopped_goes_on_with_the_next_start(parts: Parts) -> None:
    seen: list[str] = []
    await Retagging(lambda: bool(seen), lambda: seen.append("a batch"), clock=no_time).run(parts)
    still_to_do = left(parts.reader)

    await Retagging(never, lambda: None).run(parts)

    assert still_to_do == MANY - BATCH
    assert tags(parts) == ["dam"] * MANY


async def test_two_runs_at_once_are_one(parts: Parts, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="aggregator")
    retagging = Retagging(never, lambda: None)

    await asyncio.gather(retagging.run(parts), retagging.run(parts))

    assert [one for one in caplog.messages if one.startswith("retagged")] == [f"retagged stories={MANY}"]


async def test_a_long_run_tells_the_log_now_and_then(parts: Parts, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="aggregator")

    await Retagging(never, lambda: None, tell_every=0).run(parts)

    assert "retagging stories=50 of=110" in caplog.messages


async def test_rules_that_change_meanwhile_begin_it_anew(parts: Parts) -> None:
    heard: list[tuple[int, int]] = []

    def progress(judged: int, of: int) -> None:
        heard.append((judged, of))
        if heard == [(0, MANY), (BATCH, MANY)]:
            other = Plan(ruled("homes"), parts.poller.plan.feeds)
            parts.poller = parts.poller.hand_over(other, parts.edges.fetcher, parts.edges.parser)

    changed = await parts.retag_if_due(progress)

    assert heard.count((0, MANY)) == 2
    assert changed == BATCH + MANY
    assert tags(parts) == ["homes"] * MANY


async def test_topics_that_the_config_asks_for_reach_stored_stories(parts: Parts) -> None:
    (feed,) = parts.feeds
    title = "Striker scores twice as champions win the cup final against their rivals"
    await hand_in(
        parts.store, feed, replace(a_story(replace(a_new_entry(feed, "sport"), title=title)), seq=0)
    )
    await parts.apply(replace(ruled(), topics=0.5))

    await Retagging(never, lambda: None).run(parts)

    assert "topic/sport" in tags(parts)


# -- an index that another version filled -----------------------------------------------------------------


@pytest.fixture
async def updated(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Parts:
    """The same store as it is opened after an update, in portions of some stories."""
    monkeypatch.setattr(index, "PORTION", 40)
    parts.store._conn.execute("UPDATE counters SET value = 0 WHERE name = 'words'")
    index.begin_anew(parts.store._conn)
    return parts


async def test_what_another_version_indexed_is_indexed_before_it_is_judged(
    updated: Parts, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="aggregator")

    await Retagging(never, lambda: None).run(updated)

    told = [line for line in caplog.messages if line.startswith(("indexed", "retagged"))]
    assert told == [f"indexed anew stories={MANY}", f"retagged stories={MANY}"]
    assert await updated.store.index_more() == 0


async def test_indexing_stops_with_the_daemon(updated: Parts) -> None:
    looks = itertools.count()

    indexed = await updated.index_anew(stopped=lambda: next(looks) == 2)

    assert indexed == 80
    assert await updated.index_anew() == MANY - 80
