"""Forgetting: stories that no feed has held for long, and much later the ids they had.

Time counts from the last poll whose document still held an entry, never from a date inside a feed. Ids and
fingerprints outlive their story, so that nothing which was purged comes back as new. Works in portions, each
a transaction of its own, so that polling goes on in between.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from aggregator.core.times import to_text
from aggregator.store import events
from aggregator.store.connection import Connection
from aggregator.store.recollection import milliseconds
from aggregator.store.stories import listed
from aggregator.store.writing import take_revisions

PORTION = 200  # stories or feeds a transaction: some 20 ms
GISTS_PORTION = 5_000  # they are small
POLLS_PER_FEED = 200

# Only stories first seen before the limit can be past it; those are few, the others went in earlier sweeps.
NOT_HELD = """
SELECT s.seq, s.id, s.event_id FROM stories AS s
WHERE s.first_seen_at < :held_before AND NOT EXISTS (
    SELECT 1 FROM entries AS e JOIN identities AS i ON i.uid = e.uid JOIN feeds AS f ON f.id = i.feed_id
    WHERE e.story_id = s.id AND coalesce(i.held_at, f.held_at) >= :held_before)
ORDER BY s.first_seen_at LIMIT :portion
"""

# The ids of a story live from the day the last of its entries was held, not each from its own.
HELD_TOGETHER = """
UPDATE identities SET held_at = (
    SELECT max(coalesce(i.held_at, f.held_at)) FROM entries AS e JOIN identities AS i ON i.uid = e.uid
    JOIN feeds AS f ON f.id = i.feed_id WHERE e.story_id = :story)
WHERE held_at IS NOT NULL AND uid IN (SELECT uid FROM entries WHERE story_id = :story)
"""

# An entry that a feed shows again tells the event that it told.
IN_EVENT = """
UPDATE identities SET event_id = :event WHERE uid IN (SELECT uid FROM entries WHERE story_id = :story)
"""

REMOVED = "INSERT OR REPLACE INTO removed_stories (id, revision) VALUES (?, ?)"

# Who publishes follows within seconds, and begins with what is there: what went before the sweep before is
# news to nobody.
NO_NEWS = """
DELETE FROM removed_stories WHERE revision <= (SELECT value FROM counters WHERE name = 'swept')
"""
SWEPT = """
INSERT INTO counters (name, value) SELECT 'swept', value FROM counters WHERE name = 'revision'
ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""

FORGOTTEN = """
SELECT feed_id, key, uid FROM identities AS i
WHERE held_at < :forget_before AND NOT EXISTS (SELECT 1 FROM entries AS e WHERE e.uid = i.uid)
UNION ALL
SELECT i.feed_id, i.key, i.uid FROM feeds AS f JOIN identities AS i ON i.feed_id = f.id AND i.held_at IS NULL
WHERE f.held_at < :forget_before AND NOT EXISTS (SELECT 1 FROM entries AS e WHERE e.uid = i.uid)
LIMIT :portion
"""

FORGET_FINGERPRINTS = """
DELETE FROM fingerprints
WHERE uid = ? AND NOT EXISTS (SELECT 1 FROM identities AS i WHERE i.uid = fingerprints.uid)
"""

# A gist is as old as its entry; of those that are old enough most have gone in earlier sweeps.
FORGET_GISTS = """
DELETE FROM gists WHERE (at_ms, entry_id) IN (
    SELECT at_ms, entry_id FROM gists AS g
    WHERE at_ms < :held_before_ms
    AND NOT EXISTS (SELECT 1 FROM entries AS e WHERE e.id = g.entry_id) LIMIT :portion)
"""

TRIM_POLLS = """
DELETE FROM polls WHERE rowid IN (
    SELECT rowid FROM polls WHERE feed_id = ? ORDER BY at DESC LIMIT -1 OFFSET ?)
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """What was held last before these moments goes: the story, and its ids."""

    held_before: datetime
    forget_before: datetime


def begin_sweep(conn: Connection) -> None:
    """Forget which stories went before the sweep before this one, or their names would gather for ever."""
    conn.execute(NO_NEWS)
    conn.execute(SWEPT)


def remove_stories(conn: Connection, limits: Limits) -> int:
    """Remove a portion of the stories that no document held since; how many went, 0 at the end."""
    wanted = {"held_before": to_text(limits.held_before), "portion": PORTION}
    gone = conn.execute(NOT_HELD, wanted).fetchall()
    if not gone:
        return 0
    ids = [row["id"] for row in gone]
    conn.executemany(HELD_TOGETHER, [{"story": story_id} for story_id in ids])
    conn.executemany(IN_EVENT, [{"story": row["id"], "event": row["event_id"]} for row in gone])
    conn.execute("DELETE FROM entries WHERE story_id IN (SELECT value FROM json_each(?))", (listed(ids),))
    take_out(conn, {row["id"]: row["seq"] for row in gone})
    events.renew(conn, {row["event_id"] for row in gone if row["event_id"]})
    return len(ids)


def take_out(conn: Connection, gone: Mapping[str, int]) -> None:
    """Remove these stories (id → seq), which no entry tells any more; who publishes hears of it."""
    ids = listed(gone)
    conn.execute("DELETE FROM story_tags WHERE story_id IN (SELECT value FROM json_each(?))", (ids,))
    conn.execute("DELETE FROM stories WHERE id IN (SELECT value FROM json_each(?))", (ids,))
    conn.executemany("DELETE FROM stories_fts WHERE rowid = ?", [(seq,) for seq in gone.values()])
    conn.executemany(REMOVED, zip(gone, count(take_revisions(conn, len(gone))), strict=False))


def forget_ids(conn: Connection, limits: Limits) -> int:
    """Forget a portion of the ids and fingerprints whose story went long ago; how many, 0 at the end."""
    wanted = {"forget_before": to_text(limits.forget_before), "portion": PORTION}
    gone = conn.execute(FORGOTTEN, wanted).fetchall()
    conn.executemany(
        "DELETE FROM identities WHERE feed_id = ? AND key = ?", [(row["feed_id"], row["key"]) for row in gone]
    )
    conn.executemany(FORGET_FINGERPRINTS, [(row["uid"],) for row in gone])
    return len(gone)


def forget_gists(conn: Connection, limits: Limits) -> int:
    """Forget a portion of what the index was made of, for entries that are gone; how many, 0 at the end."""
    wanted = {"held_before_ms": milliseconds(limits.held_before), "portion": GISTS_PORTION}
    gone: int = conn.execute(FORGET_GISTS, wanted).rowcount
    return gone


def trim_polls(conn: Connection, after_feed: int) -> int | None:
    """Keep the last polls of each feed, a portion of the feeds at a time; where to go on, None at the end."""
    feeds = conn.execute(
        "SELECT id FROM feeds WHERE id > ? ORDER BY id LIMIT ?", (after_feed, PORTION)
    ).fetchall()
    conn.executemany(TRIM_POLLS, [(row["id"], POLLS_PER_FEED) for row in feeds])
    return feeds[-1]["id"] if feeds else None
