"""What a search finds is what its filter takes, whatever the index has a say in."""

import asyncio
import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import example, given, settings

from aggregator import query
from aggregator.core.filters import judge, parse_filter, story_subject
from aggregator.core.text import key64
from aggregator.patterns import timed_search
from aggregator.store import Reader, Store
from tests.builders import NOON
from tests.core.filters.drawn import WORDS, sources
from tests.store.scenes import a_new_story, hand_in, names, subscribed

MANY = 300
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
        lead = replace(story.lead, content=f"<p>{content}</p><p>{CHROME}</p>", chrome=(key64(CHROME),))
        stories.append(replace(story, content=lead.content, entries=(lead,)))
    await hand_in(store, feed, *stories)


@settings(max_examples=400, deadline=None)
@example("gas")
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
