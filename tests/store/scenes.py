"""What store tests begin with: feeds that are subscribed to and documents that were handed in.

Stands in for the rest of the program with the shortest decision there is: store these stories. To add a
scene: a function over the public store.
"""

import zlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from aggregator.core.filters import Need, parse_filter
from aggregator.core.ingest import Probe
from aggregator.model import (
    Changes,
    ChromeBlock,
    Entry,
    Feed,
    Fingerprint,
    Known,
    Outcome,
    Poll,
    Story,
    Validators,
)
from aggregator.store import Store, WantedFeed
from aggregator.store.connection import DATABASE_NAME, open_reader
from tests.builders import NOON, a_story, an_entry

ONE = "https://one.example.org/rss"
TWO = "https://two.example.org/rss"


async def subscribed(store: Store, *urls: str) -> tuple[Feed, ...]:
    """Feeds at these URLs, or one, due at once."""
    wanted = [WantedFeed(url) for url in urls or (ONE,)]
    return await store.sync_feeds(wanted, now=NOON)


def a_new_entry(feed: Feed, name: str, **changes: Any) -> Entry:
    """An entry that is not stored yet; `name` makes its ids."""
    new = an_entry(
        id=0,
        uid=f"uid-{feed.id}-{name}",
        feed_id=feed.id,
        story_id=f"story-{feed.id}-{name}",
        guid=f"guid-{name}",
        url=f"https://example.org/{name}",
        feed_url=feed.url,
        feed_title=feed.title,
        feed_site_url=feed.site_url,
    )
    return replace(new, **changes)


def a_new_story(feed: Feed, name: str, **changes: Any) -> Story:
    """A story that is not stored yet, told by one entry of this feed."""
    return replace(a_story(a_new_entry(feed, name)), seq=0, **changes)


def identity(entry: Entry) -> int:
    """The key under which the scenes' feeds know an entry."""
    return zlib.crc32(entry.uid.encode())


def a_probe(*entries: Entry, fingerprints: frozenset[Fingerprint] = frozenset()) -> Probe:
    """What a document with these entries asks the store."""
    return Probe(
        guids=frozenset(entry.guid for entry in entries if entry.guid),
        urls=frozenset(entry.url for entry in entries if entry.url),
        identities=frozenset(map(identity, entries)),
        fingerprints=fingerprints,
    )


async def hand_in(
    store: Store,
    feed: Feed,
    *stories: Story,
    at: datetime = NOON,
    fingerprints: Mapping[str, tuple[Fingerprint, ...]] | None = None,
    gists: Mapping[str, bytes] | None = None,
    meanings: Mapping[str, bytes] | None = None,
    chrome: tuple[ChromeBlock, ...] | None = None,
    moved: Mapping[str, int] | None = None,
    **feed_changes: Any,
) -> Changes:
    """A document of this feed that changes these stories; what was stored of it."""
    told = [entry for story in stories for entry in story.entries if entry.feed_id == feed.id]

    def decide(known: Known) -> tuple[Changes, Feed, Poll]:
        changes = Changes(
            stories=stories,
            fingerprints=fingerprints or {},
            gists=gists or {},
            meanings=meanings or {},
            chrome=chrome,
            moved=moved or {},
            identities={identity(entry): entry.uid for entry in told},
            held=frozenset(map(identity, told)),
        )
        return changes, replace(known.feed, **feed_changes), a_poll(feed, at=at, outcome=Outcome.NEW)

    stored, _, _ = await store.commit(feed.id, a_probe(*told), decide)
    return stored


async def look_up(store: Store, feed: Feed, probe: Probe) -> Known:
    """What a decision is told about this document; nothing is changed."""
    heard: list[Known] = []

    def decide(known: Known) -> tuple[Changes, Feed, Poll]:
        heard.append(known)
        return Changes(), known.feed, a_poll(feed, outcome=Outcome.SKIPPED)

    await store.commit(feed.id, probe, decide)
    return heard[0]


def names(stories: tuple[Story, ...]) -> list[str]:
    """The names that the scenes gave these stories."""
    return [story.id.rpartition("-")[2] for story in stories]


def a_poll(feed: Feed, **changes: Any) -> Poll:
    """A poll of this feed at noon that found nothing new."""
    return replace(Poll(feed_id=feed.id, at=NOON, outcome=Outcome.NOT_MODIFIED, http_status=304), **changes)


def with_validators(feed: Feed, etag: str) -> Feed:
    """The feed after a document that came with this ETag."""
    return replace(feed, validators=Validators(etag=etag))


def rows_of(folder: Path, statement: str) -> list[tuple[Any, ...]]:
    """What another tool would read in the file."""
    conn = open_reader(folder / DATABASE_NAME)
    try:
        return [tuple(row) for row in conn.execute(statement).fetchall()]
    finally:
        conn.close()


def count_of(folder: Path, table: str) -> int:
    """How many rows a table has."""
    return int(rows_of(folder, f"SELECT count(*) FROM {table}")[0][0])


def needed(source: str) -> Need:
    """What a filter needs of a story's words."""
    need = parse_filter(source).needed.need
    assert need
    return need
