"""Rows and the nouns they hold: one pair of functions for each noun, the only place that knows both.

Times are text as core/times.py writes it, tuples are JSON. Touches no connection.

To add a column: a migration, and its name in both functions of its noun.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from aggregator.core.times import from_text, to_text
from aggregator.model import (
    Candidate,
    ChromeBlock,
    Digest,
    Edition,
    Enclosure,
    Entry,
    Feed,
    FeedState,
    Fingerprint,
    Hints,
    MatchedBy,
    Origin,
    Outcome,
    Poll,
    Sighting,
    Story,
    Tag,
    Tombstone,
    Validators,
    Wait,
)
from aggregator.store.connection import Row


def text_or_none(moment: datetime | None) -> str | None:
    """A time as a column holds it."""
    return None if moment is None else to_text(moment)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else from_text(text)


# -- feeds and polls --------------------------------------------------------------------------------------


def of_feed(feed: Feed) -> dict[str, Any]:
    """The columns of `feeds` that a poll may change: not its id, `config_url`, `origin` and `held_at`."""
    return {
        "url": feed.url,
        "title": feed.title,
        "site_url": feed.site_url,
        "state": feed.state.value,
        "failures": feed.failures,
        "last_error": feed.last_error,
        "last_polled_at": text_or_none(feed.last_polled_at),
        "last_ok_at": text_or_none(feed.last_ok_at),
        "next_poll_at": text_or_none(feed.next_poll_at),
        "next_poll_rule": feed.next_poll_rule,
        "body_hash": feed.body_hash,
        "hints": _of_hints(feed.hints),
        "moved_to": feed.moved_to,
        "moved_since": text_or_none(feed.moved_since),
        "moved_seen": feed.moved_seen,
        "moved_from": feed.moved_from,
        "moved_at": text_or_none(feed.moved_at),
        "news_at": text_or_none(feed.news_at),
        "news_every": None if feed.news_every is None else feed.news_every.total_seconds(),
        "whole_at": text_or_none(feed.whole_at),
        "gone_at": text_or_none(feed.gone_at),
        "refused_access": feed.refused_access,
        "read_under": feed.read_under,
        "etag": feed.validators.etag,
        "last_modified": feed.validators.last_modified,
        "validators_url": feed.validators_url,
    }


def feed_from(row: Row) -> Feed:
    """The feed of a row of `feeds`."""
    return Feed(
        id=row["id"],
        url=row["url"],
        origin=row["origin"],
        title=row["title"],
        site_url=row["site_url"],
        validators=Validators(row["etag"], row["last_modified"]),
        validators_url=row["validators_url"],
        state=FeedState(row["state"]),
        failures=row["failures"],
        last_error=row["last_error"],
        last_polled_at=_moment(row["last_polled_at"]),
        last_ok_at=_moment(row["last_ok_at"]),
        next_poll_at=_moment(row["next_poll_at"]),
        next_poll_rule=row["next_poll_rule"],
        body_hash=row["body_hash"],
        hints=_hints_from(row["hints"]),
        moved_to=row["moved_to"],
        moved_since=_moment(row["moved_since"]),
        moved_seen=row["moved_seen"],
        moved_from=row["moved_from"],
        moved_at=_moment(row["moved_at"]),
        news_at=_moment(row["news_at"]),
        news_every=None if row["news_every"] is None else timedelta(seconds=row["news_every"]),
        whole_at=_moment(row["whole_at"]),
        gone_at=_moment(row["gone_at"]),
        refused_access=row["refused_access"],
        read_under=row["read_under"],
    )


def _of_hints(hints: Hints) -> str:
    seconds = {"ttl": hints.ttl, "update_period": hints.update_period}
    numbers = {"skip_hours": hints.skip_hours, "skip_days": hints.skip_days}
    given: dict[str, Any] = {name: span.total_seconds() for name, span in seconds.items() if span is not None}
    given |= {name: sorted(some) for name, some in numbers.items() if some}
    return json.dumps(given)


def _hints_from(text: str) -> Hints:
    given: Mapping[str, Any] = json.loads(text)

    def span(name: str) -> timedelta | None:
        return timedelta(seconds=given[name]) if name in given else None

    return Hints(
        ttl=span("ttl"),
        update_period=span("update_period"),
        skip_hours=frozenset(given.get("skip_hours", ())),
        skip_days=frozenset(given.get("skip_days", ())),
    )


def of_poll(poll: Poll) -> dict[str, Any]:
    """A row of `polls`."""
    return {
        "feed_id": poll.feed_id,
        "at": to_text(poll.at),
        "outcome": poll.outcome.value,
        "http_status": poll.http_status,
        "bytes": poll.received_bytes,
        "ms": poll.took_ms,
        "new_entries": poll.new_entries,
        "new_stories": poll.new_stories,
        "error": poll.error,
    }


def poll_from(row: Row) -> Poll:
    """The poll of a row of `polls`."""
    return Poll(
        feed_id=row["feed_id"],
        at=from_text(row["at"]),
        outcome=Outcome(row["outcome"]),
        http_status=row["http_status"],
        received_bytes=row["bytes"],
        took_ms=row["ms"],
        new_entries=row["new_entries"],
        new_stories=row["new_stories"],
        error=row["error"],
    )


def of_wait(wait: Wait) -> dict[str, Any]:
    """A row of `waits`."""
    return {"whom": wait.whom, "until": to_text(wait.until), "rule": wait.rule}


def wait_from(row: Row) -> Wait:
    """The wait of a row of `waits`."""
    return Wait(row["whom"], from_text(row["until"]), row["rule"])


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
        published_at=_moment(row["published_at"]),
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
        published_at=_moment(row["published_at"]),
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
