"""How fast changed rules reach what is stored, and where the time goes.

    python -m benchmarks.retag [--stories 100000] [--rules 100] [--json]

Stories are made up, as long as news is: three in ten have a whole text, one in ten is told by two feeds. The
store is a real one in a temporary folder. The floor reads all rows and writes those that change, and judges
nothing; `seconds` is the whole work for stories that were never judged, `unchanged` when no tag changes.
Seconds are those of the processor, so that what else the machine does has little say.
"""

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import accumulate, islice
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from aggregator.core.filters import any_of, parse_filter
from aggregator.core.ingest import Probe
from aggregator.core.settings import FeedSettings, Plan, Settings, TagRule
from aggregator.curate import ABOVE_ALL, BATCH, retag
from aggregator.model import Changes, Entry, Feed, Known, Origin, Outcome, Poll, Story, Tag
from aggregator.patterns import timed_search
from aggregator.store import Store, WantedFeed

T = TypeVar("T")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
VOCABULARY = 50_000
SYLLABLES = [consonant + vowel for consonant in "bdfglmnprstvw" for vowel in "aeiou"]
FEEDS = 50
CATEGORIES = ("World", "Politics", "Top Stories", "Business", "Sport/Football", "Uncategorized")


class Speech:
    """Words as often as a language uses them (Zipf's law)."""

    def __init__(self) -> None:
        self.chance = random.Random(7)
        self.words = sorted({self._word() for _ in range(VOCABULARY)})
        self.chance.shuffle(self.words)
        self.totals = list(accumulate(1 / (rank + 3) for rank in range(len(self.words))))

    def _word(self) -> str:
        return "".join(self.chance.choices(SYLLABLES, k=self.chance.randint(2, 5)))

    def said(self, many: int) -> str:
        return " ".join(self.chance.choices(self.words, cum_weights=self.totals, k=many))

    def rare(self) -> str:
        """A word that a person would make a rule of: not one of the commonest."""
        return self.words[self.chance.randrange(2_000, len(self.words) // 2)]


def a_rule(speech: Speech, number: int) -> TagRule:
    """Five alternatives, as the shipped config has them."""
    word, chance = speech.rare, speech.chance
    alternatives = [
        word(),
        f"{word()[:8]}*",
        f'"{word()} {word()}"',
        f"title:{word()}",
        f"({word()} OR {word()}) -{word()}",
    ]
    if number % 10 == 0:
        alternatives.append(f"tag:t{chance.randrange(number + 1)}")
    return TagRule(name=f"t{number}", rule=any_of([parse_filter(one) for one in alternatives]))


def some_stories(speech: Speech, many: int) -> Iterator[Story]:
    for number in range(many):
        told = 2 if number % 10 == 0 else 1
        yield _story([_entry(speech, number, place) for place in range(told)])


def _id(number: int, place: int) -> str:
    return str(UUID(int=number << 8 | place))


def _entry(speech: Speech, number: int, place: int) -> Entry:
    chance = speech.chance
    paragraphs = (f"<p>{speech.said(60)}, <b>{speech.said(3)}</b>.</p>" for _ in range(chance.randint(3, 9)))
    return Entry(
        id=0,
        uid=_id(number, place),
        feed_id=1 + (number + place) % FEEDS,
        story_id=_id(number, 0),
        guid=f"https://example.org/{number}/{place}",
        url=f"https://example.org/{number}/{place}",
        title=speech.said(9).capitalize(),
        summary=f"<p>{speech.said(chance.randint(15, 70)).capitalize()}.</p>",
        content="\n".join(paragraphs) if number % 10 < 3 else "",
        lang="en",
        first_seen_at=NOON,
        updated_at=NOON,
        categories=tuple(chance.sample(CATEGORIES, k=chance.randint(0, 3))),
    )


def _story(entries: list[Entry]) -> Story:
    lead = entries[0]
    return Story(
        seq=0,
        id=lead.story_id,
        lead_uid=lead.uid,
        lead_settled=True,
        url=lead.url,
        title=lead.title,
        summary=lead.summary,
        content=lead.content,
        author="",
        lang="en",
        first_seen_at=NOON,
        updated_at=NOON,
        news_at=NOON,
        entries=tuple(entries),
    )


async def fill(store: Store, speech: Speech, many: int) -> tuple[Feed, ...]:
    wanted = [WantedFeed(f"https://feed{number}.example.org/rss") for number in range(FEEDS)]
    feeds = await store.sync_feeds(wanted, now=NOON)
    coming = some_stories(speech, many)
    while some := tuple(islice(coming, 500)):

        def decide(known: Known, some: tuple[Story, ...] = some) -> tuple[Changes, Feed, Poll]:
            return Changes(stories=some), known.feed, Poll(feed_id=1, at=NOON, outcome=Outcome.NEW)

        await store.commit(feeds[0].id, Probe(), decide)
    return feeds


async def all_rewritten(store: Store, change: Callable[[Story], Story | None]) -> None:
    below: int | None = ABOVE_ALL
    while below is not None:
        below = await store.rewrite(below, BATCH, change)


async def timed(work: Coroutine[Any, Any, T]) -> tuple[float, T]:
    began = time.process_time()
    done = await work
    return time.process_time() - began, done


async def measure(folder: Path, stories: int, rules: int) -> dict[str, float | int]:
    speech = Speech()
    store = Store.open(folder)
    try:
        feeds = await fill(store, speech, stories)
        settings = Settings(tags=tuple(a_rule(speech, number) for number in range(rules)))
        plan = Plan(settings, {feed.id: FeedSettings(url=feed.url, tags=("paper",)) for feed in feeds})

        reading, _ = await timed(all_rewritten(store, lambda _: None))
        took, changed = await timed(retag(store, plan, now=NOON, search=timed_search))
        again, _ = await timed(retag(store, plan, now=NOON, search=timed_search))
        floor, _ = await timed(all_rewritten(store, _as_if_judged))
    finally:
        store.close()
    return {
        "stories": stories,
        "rules": rules,
        "changed": changed,
        "seconds": round(took, 2),
        "stories_per_second": round(stories / took),
        "reading_seconds": round(reading, 2),
        "floor_seconds": round(floor, 2),
        "times_floor": round(took / floor, 2),
        "unchanged_seconds": round(again, 2),
    }


def _as_if_judged(story: Story) -> Story:
    """As many tags, none as it was."""
    return replace(story, tags=tuple(Tag(f"{tag.name}x", Origin.RULE, tag.why) for tag in story.tags))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--stories", type=int, default=100_000)
    parser.add_argument("--rules", type=int, default=100)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="aggregator-retag-") as folder:
        figures = asyncio.run(measure(Path(folder), chosen.stories, chosen.rules))
    if chosen.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name.replace('_', ' '):>20}  {value:,}")


if __name__ == "__main__":
    main()
