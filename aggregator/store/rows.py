"""Rows and the nouns they hold: one pair of functions for each noun, the only place that knows both.

Times are text as core/times.py writes it, tuples are JSON. Touches no connection. Feeds, and how they are
polled, are in feed_rows.py.

To add a column: a migration, and its name in both functions of its noun.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from aggregator.core.times import from_text, to_text
from aggregator.model import (
    Candidate,
    ChromeBlock,
    Digest,
    Edition,
    Enclosure,
    Entry,
    Fingerprint,
    MatchedBy,
    Origin,
    Sighting,
    Story,
    Tag,
    Tombstone,
)
from aggregator.store.connection import Row


def text_or_none(moment: datetime | None) -> str | None:
    """A time as a column holds it."""
    return None if moment is None else to_text(moment)


def moment_or_none(text: str | None) -> datetime | None:
    """The time that a column holds."""
    return None if text is None else from_text(text)


# -- entries, stories, tags -------------------------------------------------------------------------------


def of_entry(entry: Entry) -> dict[str, Any]:
    """A row of `entries`; what belongs to its feed stands in `feeds`."""
    return {
        "id": entry.id,
        "uid": entry.uid,
        "feed_id": entry.feed_id,
        "story_id": entry.story_id,
        "guid": entry.guid,
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "content": entry.content,
        "author": entry.author,
        "lang": entry.lang,
        "published_at": text_or_none(entry.published_at),
        "first_seen_at": to_text(entry.first_seen_at),
        "updated_at": to_text(entry.updated_at),
        "categories": json.dumps(entry.categories, ensure_ascii=False),
        "enclosures": json.dumps(
            [(one.url, one.type, one.length) for one in entry.enclosures], ensure_ascii=False
        ),
        "image": entry.image,
        "own_text_key": entry.own_text_key,
        "canonical_url": entry.canonical_url,
        "chrome": json.dumps(entry.chrome),
        "matched_by": entry.matched_by.value,
        "match_score": entry.match_score,
    }


def entry_from(row: Row) -> Entry:
    """The entry of a row of `entries` with its feed's `feed_url`, `feed_title` and `feed_site_url`."""
    return Entry(
        id=row["id"],
        uid=row["uid"],
        feed_id=row["feed_id"],
        story_id=row["story_id"],
        guid=row["guid"],
        url=row["url"],
        title=row["title"],
        summary=row["summary"],
        content=row["content"],
        author=row["author"],
        lang=row["lang"],
        published_at=moment_or_none(row["published_at"]),
        first_seen_at=from_text(row["first_seen_at"]),
        updated_at=from_text(row["updated_at"]),
        categories=_several(row["categories"]),
        enclosures=tuple(Enclosure(*one) for one in _several(row["enclosures"])),
        image=row["image"],
        own_text_key=row["own_text_key"],
        canonical_url=row["canonical_url"],
        chrome=_several(row["chrome"]),
        matched_by=MatchedBy(row["matched_by"]),
        match_score=row["match_score"],
        feed_url=row["feed_url"],
        feed_title=row["feed_title"],
        feed_site_url=row["feed_site_url"],
    )


def _several(text: str) -> tuple[Any, ...]:
    """The values of a JSON array; most are empty, which needs no parser."""
    return () if text == "[]" else tuple(json.loads(text))


def of_chrome(feed_id: int, block: ChromeBlock) -> dict[str, Any]:
    """A row of `chrome`."""
    return {
        "feed_id": feed_id,
        "key": block.key,
        "text": block.text,
        "seen": block.seen,
        "last_seen_at": to_text(block.last_seen_at),
    }


def chrome_from(row: Row) -> ChromeBlock:
    """The block of a row of `chrome`."""
    return ChromeBlock(
        key=row["key"],
        text=row["text"],
        seen=row["seen"],
        last_seen_at=from_text(row["last_seen_at"]),
    )


def of_candidates(candidates: Iterable[Candidate]) -> str:
    """What `entries.judged` holds: for each candidate what there is to say of it."""
    told = map(asdict, candidates)
    return json.dumps(
        [{name: value for name, value in one.items() if value not in (None, "", ())} for one in told],
        ensure_ascii=False,
    )


def candidates_from(judged: str | None) -> tuple[Candidate, ...]:
    """The candidates of `entries.judged`; none where nothing came near."""
    told = json.loads(judged or "[]")
    return tuple(
        Candidate(**{**one, "layer": layer and MatchedBy(layer), "terms": tuple(one.get("terms", ()))})
        for one in told
        for layer in [one.get("layer")]
    )


def of_story(story: Story, revision: int) -> dict[str, Any]:
    """A row of `stories`; its entries and tags have tables of their own."""
    return {
        "seq": story.seq,
        "id": story.id,
        "event_id": story.event_id,
        "url": story.url,
        "title": story.title,
        "summary": story.summary,
        "content": story.content,
        "author": story.author,
        "lang": story.lang,
        "published_at": text_or_none(story.published_at),
        "first_seen_at": to_text(story.first_seen_at),
        "updated_at": to_text(story.updated_at),
        "news_at": to_text(story.news_at),
        "lead_uid": story.lead_uid,
        "lead_settled": story.lead_settled,
        "revision": revision,
    }


def story_from(row: Row, entries: tuple[Entry, ...], tags: tuple[Tag, ...]) -> Story:
    """The story of a row of `stories`, with the entries that tell it and its tags."""
    return Story(
        seq=row["seq"],
        id=row["id"],
        event_id=row["event_id"],
        lead_uid=row["lead_uid"],
        lead_settled=bool(row["lead_settled"]),
        url=row["url"],
        title=row["title"],
        summary=row["summary"],
        content=row["content"],
        author=row["author"],
        lang=row["lang"],
        published_at=moment_or_none(row["published_at"]),
        first_seen_at=from_text(row["first_seen_at"]),
        updated_at=from_text(row["updated_at"]),
        news_at=from_text(row["news_at"]),
        entries=entries,
        tags=tags,
    )


def tag_from(row: Row) -> Tag:
    """The tag of a row of `story_tags`."""
    return Tag(row["tag"], Origin(row["origin"]), row["why"])


# -- digests ----------------------------------------------------------------------------------------------


def of_digest(digest: Digest) -> dict[str, Any]:
    """A row of `digests`."""
    return {
        "output": digest.output,
        "edition": digest.edition.value,
        "period": digest.period,
        "id": digest.id,
        "source": digest.source,
        "title": digest.title,
        "content": digest.content,
        "ends_at": to_text(digest.ends_at),
    }


def digest_from(row: Row) -> Digest:
    """The digest of a row of `digests`."""
    return Digest(
        output=row["output"],
        edition=Edition(row["edition"]),
        period=row["period"],
        id=row["id"],
        source=row["source"],
        title=row["title"],
        content=row["content"],
        ends_at=from_text(row["ends_at"]),
    )


# -- what recognises an entry -----------------------------------------------------------------------------


def sighting_from(row: Row) -> Sighting:
    """The sighting of a row of `fingerprints`."""
    return Sighting(
        fingerprint=Fingerprint(MatchedBy(row["signal"]), row["key"]),
        uid=row["uid"],
        story_id=row["story_id"],
        feed_id=row["feed_id"],
        first_seen_at=from_text(row["first_seen_at"]),
    )


def tombstone_from(row: Row) -> Tombstone:
    """What a row of `identities` remembers of an entry that is gone."""
    return Tombstone(
        identity=row["key"],
        uid=row["uid"],
        story_id=row["story_id"],
        event_id=row["event_id"],
        first_seen_at=from_text(row["first_seen_at"]),
        news_at=from_text(row["news_at"]),
    )
