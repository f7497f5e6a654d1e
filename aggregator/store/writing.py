"""Writing what was decided: stories with their entries, tags and index, and what recognises an entry again.

Everything here runs inside the one writing transaction, in a handful of `executemany` calls however many
stories there are. A story that is as it was is not written, so its revision does not move and no output is
rendered for it. Never decides: that is core/ingest.py's.

To store something new of a story: its statement here, called from `write_stories`, inside the `changed`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import count

from aggregator.core.times import to_text
from aggregator.model import Changes, Entry, Fingerprint, Known, Story
from aggregator.store import events, rows
from aggregator.store.chrome import write_chrome
from aggregator.store.connection import Connection
from aggregator.store.index import index
from aggregator.store.recollection import write_gists

STORY = """
INSERT INTO stories (seq, id, event_id, url, title, summary, content, author, lang, published_at,
    first_seen_at, updated_at, news_at, lead_uid, lead_settled, revision)
VALUES (:seq, :id, :event_id, :url, :title, :summary, :content, :author, :lang, :published_at,
    :first_seen_at, :updated_at, :news_at, :lead_uid, :lead_settled, :revision)
ON CONFLICT (seq) DO UPDATE SET event_id = excluded.event_id, url = excluded.url, title = excluded.title,
    summary = excluded.summary, content = excluded.content, author = excluded.author, lang = excluded.lang,
    published_at = excluded.published_at, first_seen_at = excluded.first_seen_at,
    updated_at = excluded.updated_at, news_at = excluded.news_at, lead_uid = excluded.lead_uid,
    lead_settled = excluded.lead_settled, revision = excluded.revision
"""

ENTRY = """
INSERT INTO entries (id, uid, feed_id, story_id, guid, url, title, summary, content, author, lang,
    published_at, first_seen_at, updated_at, categories, enclosures, image, own_text_key, canonical_url,
    chrome, matched_by, match_score)
VALUES (:id, :uid, :feed_id, :story_id, :guid, :url, :title, :summary, :content, :author, :lang,
    :published_at, :first_seen_at, :updated_at, :categories, :enclosures, :image, :own_text_key,
    :canonical_url, :chrome, :matched_by, :match_score)
ON CONFLICT (id) DO UPDATE SET story_id = excluded.story_id, guid = excluded.guid, url = excluded.url,
    title = excluded.title, summary = excluded.summary, content = excluded.content,
    author = excluded.author, lang = excluded.lang, published_at = excluded.published_at,
    first_seen_at = excluded.first_seen_at, updated_at = excluded.updated_at,
    categories = excluded.categories, enclosures = excluded.enclosures, image = excluded.image,
    own_text_key = excluded.own_text_key, canonical_url = excluded.canonical_url,
    chrome = excluded.chrome, matched_by = excluded.matched_by, match_score = excluded.match_score
"""

FORGET_TAGS = "DELETE FROM story_tags WHERE story_id = ?"
TAG = "INSERT INTO story_tags (story_id, tag, origin, why, seq) VALUES (?, ?, ?, ?, ?)"
JUDGED = "UPDATE entries SET judged = ? WHERE uid = ?"
BACK_AGAIN = "DELETE FROM removed_stories WHERE id = ?"
MOVE_IDENTITIES = "UPDATE identities SET story_id = ?, news_at = ? WHERE uid = ?"
MOVE_FINGERPRINTS = "UPDATE fingerprints SET story_id = ? WHERE uid = ?"

# An entry that counts its votes has other words with each poll; one without a lasting guid another identity.
MOST_NAMES = 20
FORGET_FINGERPRINTS = """
DELETE FROM fingerprints WHERE uid = :uid AND (SELECT count(*) FROM fingerprints WHERE uid = :uid) >= :most
"""
FORGET_IDENTITIES = """
DELETE FROM identities WHERE uid = :uid AND held_at IS NOT NULL
AND (SELECT count(*) FROM identities WHERE uid = :uid) >= :most
"""

LAST_NUMBER = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = ?"
TAKE_REVISIONS = "UPDATE counters SET value = value + ? WHERE name = 'revision' RETURNING value"

FINGERPRINT = """
INSERT OR IGNORE INTO fingerprints (signal, key, first_seen_at, uid, story_id, feed_id)
VALUES (?, ?, ?, ?, ?, ?)
"""

IN_DOCUMENT = "SELECT key, uid FROM identities WHERE feed_id = ? AND held_at IS NULL"
LEFT_DOCUMENT = """
UPDATE identities SET held_at = (SELECT held_at FROM feeds WHERE id = :feed)
WHERE feed_id = :feed AND key = :key
"""
HELD = """
INSERT INTO identities (feed_id, key, uid, story_id, first_seen_at, news_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (feed_id, key) DO UPDATE SET uid = excluded.uid, story_id = excluded.story_id,
    first_seen_at = excluded.first_seen_at, news_at = excluded.news_at, held_at = NULL
"""


def write_changes(conn: Connection, known: Known, changes: Changes) -> Changes:
    """The changes as they are stored now: every entry and story with its number."""
    stored = write_stories(conn, known.stories, changes.stories)
    write_gists(conn, replace(changes, stories=stored))
    conn.executemany(JUDGED, [(rows.of_candidates(some), uid) for uid, some in changes.judged.items()])
    entries = {entry.uid: entry for story in stored for entry in story.entries}
    _write_fingerprints(conn, entries, changes.fingerprints)
    _write_identities(conn, known, stored, changes)
    if changes.chrome is not None:
        write_chrome(conn, known.feed.id, changes.chrome)
    return replace(changes, stories=stored)


def write_stories(conn: Connection, before: Mapping[str, Story], after: Sequence[Story]) -> tuple[Story, ...]:
    """`after` with its numbers; what differs from `before`, and only that, is written."""
    changed = _numbered(conn, [story for story in after if not _same(before.get(story.id), story)])
    if changed:
        first = take_revisions(conn, len(changed))
        conn.executemany(STORY, map(rows.of_story, changed, count(first)))
        _write_entries(conn, before, changed)
        _write_tags(conn, before, changed)
        index(conn, [story for story in changed if _text(before.get(story.id)) != _text(story)])
        conn.executemany(BACK_AGAIN, [(story.id,) for story in changed if story.id not in before])
        events.renew(conn, _events_of((*changed, *(before[one.id] for one in changed if one.id in before))))
    stored = {story.id: story for story in changed}
    return tuple(stored.get(story.id, story) for story in after)


def _events_of(stories: Iterable[Story]) -> set[str]:
    return {story.event_id for story in stories if story.event_id}


def take_revisions(conn: Connection, many: int) -> int:
    """The first of as many revisions as are asked for; each is given once, and they rise."""
    last: int = conn.execute(TAKE_REVISIONS, (many,)).fetchall()[0][0]
    return last - many + 1


# -- stories ----------------------------------------------------------------------------------------------


def _same(before: Story | None, after: Story) -> bool:
    """Tags and entries are sets: their order says nothing."""
    if before is None:
        return False
    alike = replace(after, tags=before.tags, entries=before.entries) == before
    return alike and set(after.tags) == set(before.tags) and set(after.entries) == set(before.entries)


def _numbered(conn: Connection, stories: Sequence[Story]) -> list[Story]:
    """The same stories; new ones get numbers that rise with their news time.

    Feeds list the newest first, so among equals the last in the document gets the lowest number.
    """
    numbers = count(_last_number(conn, "stories") + 1)
    entry_ids = count(_last_number(conn, "entries") + 1)
    new = sorted((story for story in reversed(stories) if story.seq == 0), key=lambda story: story.news_at)
    seqs = {story.id: next(numbers) for story in new}
    numbered = {
        story.id: replace(
            story,
            seq=story.seq or seqs[story.id],
            entries=tuple(
                entry if entry.id else replace(entry, id=next(entry_ids)) for entry in story.entries
            ),
        )
        for story in (*(story for story in stories if story.seq), *new)
    }
    return [numbered[story.id] for story in stories]


def _last_number(conn: Connection, table: str) -> int:
    last: int = conn.execute(LAST_NUMBER, (table,)).fetchone()[0]
    return last


def _write_entries(conn: Connection, before: Mapping[str, Story], changed: Sequence[Story]) -> None:
    old = {entry.uid: entry for story in before.values() for entry in story.entries}
    touched = [entry for story in changed for entry in story.entries if old.get(entry.uid) != entry]
    conn.executemany(ENTRY, map(rows.of_entry, touched))
    news_at = {story.id: to_text(story.news_at) for story in changed}
    moved = [entry for entry in touched if entry.uid in old and old[entry.uid].story_id != entry.story_id]
    conn.executemany(MOVE_IDENTITIES, [(one.story_id, news_at[one.story_id], one.uid) for one in moved])
    conn.executemany(MOVE_FINGERPRINTS, [(one.story_id, one.uid) for one in moved])


def _write_tags(conn: Connection, before: Mapping[str, Story], changed: Iterable[Story]) -> None:
    retagged = [
        story
        for story in changed
        if set(story.tags) != (set(before[story.id].tags) if story.id in before else set())
    ]
    conn.executemany(FORGET_TAGS, [(story.id,) for story in retagged if story.id in before])
    conn.executemany(
        TAG,
        [
            (story.id, name, origin.value, tag.why, story.seq)
            for story in retagged
            for (name, origin), tag in {(tag.name, tag.origin): tag for tag in story.tags}.items()
        ],
    )


def _text(story: Story | None) -> tuple[str, str, str, tuple[int, ...]] | None:
    return None if story is None else (story.title, story.summary, story.content, story.chrome)


# -- what recognises an entry -----------------------------------------------------------------------------


def _write_fingerprints(
    conn: Connection, entries: Mapping[str, Entry], fingerprints: Mapping[str, tuple[Fingerprint, ...]]
) -> None:
    """Those of the last versions stay: another feed may still tell an older one."""
    conn.executemany(FORGET_FINGERPRINTS, [{"uid": uid, "most": MOST_NAMES} for uid in fingerprints])
    seen = ((entries[uid], one) for uid, some in fingerprints.items() for one in some)
    conn.executemany(
        FINGERPRINT,
        [
            (
                one.signal.value,
                one.key,
                to_text(entry.first_seen_at),
                entry.uid,
                entry.story_id,
                entry.feed_id,
            )
            for entry, one in seen
        ],
    )


def _write_identities(conn: Connection, known: Known, stored: Iterable[Story], changes: Changes) -> None:
    """Note which entries the document holds now, and until when it held those that left it."""
    feed_id = known.feed.id
    held: dict[int, str] = {
        row["key"]: row["uid"] for row in conn.execute(IN_DOCUMENT, (feed_id,)).fetchall()
    }
    left = held.keys() - changes.held if changes.held is not None else set()
    conn.executemany(LEFT_DOCUMENT, [{"feed": feed_id, "key": key} for key in left])
    ids = {one.uid: (one.story_id, one.first_seen_at, one.news_at) for one in known.tombstones}
    ids |= {
        entry.uid: (story.id, entry.first_seen_at, story.news_at)
        for story in (*known.stories.values(), *stored)
        for entry in story.entries
    }
    come = [(key, uid, *ids[uid]) for key, uid in changes.identities.items() if held.get(key) != uid]
    conn.executemany(FORGET_IDENTITIES, [{"uid": uid, "most": MOST_NAMES} for _, uid, *_ in come])
    conn.executemany(
        HELD,
        [
            (feed_id, key, uid, story_id, to_text(first_seen_at), to_text(news_at))
            for key, uid, story_id, first_seen_at, news_at in come
        ],
    )
