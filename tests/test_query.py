"""What a search finds is what its filter takes, whatever the index has a say in."""

import asyncio
import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings

from aggregator import query
from aggregator.core.filters import judge, parse_filter, story_subject
from aggregator.core.text import key64
from aggregator.model import Story
from aggregator.patterns import timed_search
from aggregator.store import Reader, Store
from tests.builders import NOON
from tests.core.filters.drawn import WORDS, sources
from tests.store.scenes import a_new_story, hand_in, names, subscribed

MANY = 120
CHROME = "Log in to comment on gas."


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """A reader of a store whose stories say what filters are drawn from, and some of it in page chrome."""
    folder = tmp_path_factory.mktemp("data")
    with closing(Store.open(folder)) as store:
        asyncio.run(stocked(store))
        with closing(Reader(folder)) as opened:
            yield opened


async def stocked(store: Store) -> None:
    (feed,) = await subscribed(store)
    chance = random.Random(5)
    stories = []
    for number in range(MANY):
        title, summary, content = (" ".join(chance.choices(WORDS, k=chance.randrange(6))) for _ in range(3))
        story = a_new_story(feed, str(number), title=title, summary=f"<p>{summary}</p>")
        news_at = NOON - timedelta(hours=number)
        seen_at = NOON if number % 5 == 0 else news_at  # every fifth is of a backlog
        published_at = None if number % 3 == 0 else news_at + number % 4 * timedelta(hours=2)
        lead = replace(
            story.lead,
            content=f"<p>{content}</p><p>{CHROME}</p>",
            chrome=(key64(CHROME),),
            first_seen_at=seen_at,
            published_at=published_at,
        )
        changed = replace(story, content=lead.content, entries=(lead,), news_at=news_at)
        stories.append(replace(changed, first_seen_at=seen_at, published_at=published_at))
    await hand_in(store, feed, *stories)


@settings(max_examples=200, deadline=None)
@example("gas")
@example("gas age<2d")
@example("age<1d OR (gas age=2d)")
@example("age<2d age>1d")
@example("lang:en age<=10h")
@example("published>=2026-11-23")
@example("published>2026-11-22T18:00Z lang:en")
@example("gas published=2026-11-23")
@example("published>2026-11-23 OR (gas published>=2026-11-21 age<3d)")
@example("published<=2026-11-23 -(published>2026-11-22)")
@example("comment")
@example("(NOT gas) AND nato")
@given(sources)
def test_a_search_finds_what_its_filter_takes(reader: Reader, source: str) -> None:
    wanted = parse_filter(source)
    everything = reader.stories(limit=MANY)

    found = query.search(reader, source, limit=MANY, now=NOON, matcher=timed_search)

    taken = [
        story for story in everything if judge(wanted, story_subject(story), now=NOON, search=timed_search)
    ]
    assert names(found) == names(tuple(taken))


@pytest.mark.parametrize("source", ["gas", '"gas nato" OR pipeline', "lang:en OR gas"])
def test_a_search_stops_at_its_limit_with_the_newest(reader: Reader, source: str) -> None:
    everything = query.search(reader, source, limit=MANY, now=NOON, matcher=timed_search)

    found = query.search(reader, source, limit=7, now=NOON, matcher=timed_search)

    assert found == everything[:7]


def test_nothing_is_found_where_nothing_is_new_enough(reader: Reader) -> None:
    later = NOON + timedelta(days=9)

    assert query.search(reader, "gas age<2d", limit=MANY, now=later, matcher=timed_search) == ()


class Recorded:
    """A reader that notes from which number on it was asked for stories."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.asked: list[int] = []

    def stories(self, *, limit: int, before_seq: int | None = None, from_seq: int = 0) -> tuple[Story, ...]:
        self.asked.append(from_seq)
        return self._reader.stories(limit=limit, before_seq=before_seq, from_seq=from_seq)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)


@pytest.mark.parametrize(
    ("source", "hours"),
    [
        ("lang:en age<10h", 10),
        ("lang:en age<=10h age<2d", 10),
        ("age<10h OR age=1d", 48),
        ("age<10h OR lang:en", None),
        ("age>10h", None),
        ("-age<10h", None),
        ("age<101d", None),
        ("age<999999w", None),
        ("feeds>=1", None),
    ],
)
def test_no_story_is_read_that_is_too_old(reader: Reader, source: str, hours: int | None) -> None:
    recorded = Recorded(reader)

    query.search(recorded, source, limit=MANY, now=NOON, matcher=timed_search)

    first = reader.first_since(NOON - timedelta(hours=hours)) if hours else 0
    assert set(recorded.asked) == {first}


@pytest.mark.parametrize(
    ("source", "hours"),
    [
        ("lang:en published>=2026-11-23", 36),
        ("published>2026-11-24T02:00+00:00", 10),
        ("published=2026-11-23 published>2026-11-22", 36),
        ("published>=2026-11-23 OR published>2026-11-22T12:00", 48),
        ("published>=2026-11-23 OR lang:en", None),
        ("published<2026-11-23", None),
        ("-published>2026-11-23", None),
        ("published>2026-01-01", None),
    ],
)
def test_no_story_is_read_that_was_seen_before_it_can_be_published(
    reader: Reader, source: str, hours: int | None
) -> None:
    recorded = Recorded(reader)

    query.search(recorded, source, limit=MANY, now=NOON, matcher=timed_search)

    first = reader.first_seen_since(NOON - timedelta(hours=hours)) if hours else 0
    assert set(recorded.asked) == {first}


def test_of_a_day_to_come_no_story_is_read(reader: Reader) -> None:
    found = query.search(
        reader, "published>9999-12-31T23:59-05:00", limit=MANY, now=NOON, matcher=timed_search
    )

    assert found == ()
