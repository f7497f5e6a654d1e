"""Counting what is stored: how the polls of each feed went, and what came day by day.

Every statement reads indices alone, or the few hundred polls that retention leaves a feed: the rows of
stories and entries hold texts, and reading those of a month would take minutes. Never writes.
"""

from collections.abc import Mapping
from datetime import date, datetime

from aggregator.core.times import from_text, to_text
from aggregator.model import Beat, Counts, Day, FeedFigures, FeedShare, FeedState, Outcome, TagFigures
from aggregator.store.connection import Connection
from aggregator.store.stories import listed

BEATS = 40  # polls of a feed that are drawn

LAST_POLLS = """
SELECT p.feed_id, p.outcome, p.ms FROM feeds AS f JOIN polls AS p
ON p.rowid IN (SELECT rowid FROM polls WHERE feed_id = f.id ORDER BY at DESC, rowid DESC LIMIT ?)
ORDER BY p.feed_id, p.at, p.rowid
"""

# min() brings the other columns of its row along (sqlite.org/lang_select.html#bareagg): the oldest poll's.
BROUGHT = """
SELECT feed_id, sum(new_entries) AS brought, sum(new_stories) AS began, min(at) AS oldest,
    new_entries AS backlog, (SELECT max(at) FROM polls AS q WHERE q.feed_id = p.feed_id) AS newest
FROM polls AS p GROUP BY feed_id
"""

BEGUN = """
SELECT substr(first_seen_at, 1, 10) AS day, count(*) AS many FROM stories
WHERE first_seen_at >= ? GROUP BY day
"""

# This index holds all that is asked for; that of the feeds would have every row read.
TOLD = """
SELECT substr(first_seen_at, 1, 10) AS day, count(*) AS many FROM entries INDEXED BY entries_by_story
WHERE first_seen_at >= ? GROUP BY day
"""

SHARES = """
SELECT feed_id, count(*) AS entries FROM entries INDEXED BY entries_by_story
WHERE first_seen_at >= ? GROUP BY feed_id
"""

FIRST = """
SELECT feed_id, count(*) AS many FROM (
    SELECT feed_id, min(first_seen_at) AS at FROM entries INDEXED BY entries_by_story GROUP BY story_id)
WHERE at >= ? GROUP BY feed_id
"""

# From name to name in the index of tags, and of each name only what is new: old ones may be millions.
TAGS = """
WITH RECURSIVE
    since (seq) AS (SELECT seq FROM stories WHERE first_seen_at >= ? ORDER BY first_seen_at LIMIT 1),
    named (tag) AS (
        SELECT min(tag) FROM story_tags
        UNION ALL
        SELECT (SELECT min(tag) FROM story_tags WHERE tag > named.tag) FROM named WHERE named.tag IS NOT NULL)
SELECT tag, since.seq, (
    SELECT count(DISTINCT seq) FROM story_tags AS t WHERE t.tag = named.tag AND t.seq >= since.seq) AS stories
FROM named, since WHERE stories > 0 ORDER BY stories DESC, tag LIMIT ?
"""

TELLINGS = """
SELECT tag, sum(feeds) AS tellings FROM (
    SELECT t.tag, (SELECT count(DISTINCT feed_id) FROM entries WHERE story_id = t.story_id) AS feeds
    FROM story_tags AS t WHERE t.tag IN (SELECT value FROM json_each(?)) AND t.seq >= ?
    GROUP BY t.tag, t.seq)
GROUP BY tag
"""


STATES = "SELECT state, count(*) AS many FROM feeds GROUP BY state"
DUE = "SELECT count(*) FROM feeds WHERE next_poll_at <= ?"

# With what is still in the write-ahead log, where a young store is nearly all of it.
BYTES = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"


def counts(conn: Connection, now: datetime) -> Counts:
    """How much there is, by the smallest index of each table."""
    states = {row["state"]: row["many"] for row in conn.execute(STATES).fetchall()}

    def number(statement: str, *values: str) -> int:
        return int(conn.execute(statement, values).fetchone()[0])

    return Counts(
        feeds={state.value: states.get(state.value, 0) for state in FeedState},
        due=number(DUE, to_text(now)),
        stories=number("SELECT count(*) FROM stories"),
        entries=number("SELECT count(*) FROM entries"),
        database_bytes=number(BYTES),
    )


def of_feeds(conn: Connection) -> Mapping[int, FeedFigures]:
    """How the polls went, by the id of the feed; feeds that were never polled are left out."""
    beats: dict[int, list[Beat]] = {}
    for feed_id, outcome, ms in conn.execute(LAST_POLLS, (BEATS,)).fetchall():
        beats.setdefault(feed_id, []).append(Beat(Outcome(outcome), ms))
    return {
        row["feed_id"]: FeedFigures(
            beats=tuple(beats[row["feed_id"]]),
            brought=row["brought"],
            began=row["began"],
            backlog=row["backlog"],
            span=from_text(row["newest"]) - from_text(row["oldest"]),
        )
        for row in conn.execute(BROUGHT).fetchall()
    }


def days(conn: Connection, since: datetime) -> tuple[Day, ...]:
    """The days on which anything came, the first first."""
    begun = {row["day"]: row["many"] for row in conn.execute(BEGUN, (to_text(since),)).fetchall()}
    told = {row["day"]: row["many"] for row in conn.execute(TOLD, (to_text(since),)).fetchall()}
    return tuple(
        Day(date.fromisoformat(day), begun.get(day, 0), max(0, told.get(day, 0) - begun.get(day, 0)))
        for day in sorted(begun | told)
    )


def shares(conn: Connection, since: datetime) -> tuple[FeedShare, ...]:
    """The feeds that brought anything since then, those with the most first."""
    names = {
        row["id"]: row["title"] or row["url"]
        for row in conn.execute("SELECT id, title, url FROM feeds").fetchall()
    }
    first = {row["feed_id"]: row["many"] for row in conn.execute(FIRST, (to_text(since),)).fetchall()}
    found = [
        FeedShare(names[row["feed_id"]], row["entries"], first.get(row["feed_id"], 0))
        for row in conn.execute(SHARES, (to_text(since),)).fetchall()
    ]
    return tuple(sorted(found, key=lambda one: (-one.entries, one.name.casefold())))


def tags(conn: Connection, since: datetime, limit: int) -> tuple[TagFigures, ...]:
    """The tags that most stories seen since then have, the most first."""
    found = conn.execute(TAGS, (to_text(since), limit)).fetchall()
    if not found:
        return ()
    names = listed(row["tag"] for row in found)
    told = {
        row["tag"]: row["tellings"] for row in conn.execute(TELLINGS, (names, found[0]["seq"])).fetchall()
    }
    return tuple(TagFigures(row["tag"], row["stories"], told[row["tag"]]) for row in found)
