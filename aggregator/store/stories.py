"""Reading stories whole: row, entries and tags in three statements, however many stories there are.

Serves the writing transaction and the readers alike. Never writes.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence

from aggregator.model import Entry, Story, Tag
from aggregator.store import rows
from aggregator.store.connection import Connection

STORIES = "SELECT * FROM stories WHERE id IN (SELECT value FROM json_each(?))"

TAGS = """
SELECT * FROM story_tags WHERE story_id IN (SELECT value FROM json_each(?)) ORDER BY story_id, tag, origin
"""

ENTRIES_OF_STORIES = """
SELECT e.*, f.url AS feed_url, f.title AS feed_title, f.site_url AS feed_site_url
FROM entries AS e JOIN feeds AS f ON f.id = e.feed_id
WHERE e.story_id IN (SELECT value FROM json_each(?)) ORDER BY e.id
"""

ENTRIES_BY_ID = """
SELECT e.*, f.url AS feed_url, f.title AS feed_title, f.site_url AS feed_site_url
FROM entries AS e JOIN feeds AS f ON f.id = e.feed_id
WHERE e.id IN (SELECT value FROM json_each(?)) ORDER BY e.id
"""

MOVED_TO = "SELECT story_id FROM moved_stories WHERE id = ?"


def listed(values: Iterable[object]) -> str:
    """Any number of values as one parameter, for `IN (SELECT value FROM json_each(?))`."""
    return json.dumps(list(values), ensure_ascii=False)


def whole(conn: Connection, ids: Iterable[str]) -> dict[str, Story]:
    """These stories by id, with entries (oldest first) and tags; ids that are not stored are left out."""
    wanted = (listed(ids),)
    found = conn.execute(STORIES, wanted).fetchall()
    if not found:
        return {}
    entries: defaultdict[str, list[Entry]] = defaultdict(list)
    for row in conn.execute(ENTRIES_OF_STORIES, wanted):
        entries[row["story_id"]].append(rows.entry_from(row))
    tags: defaultdict[str, list[Tag]] = defaultdict(list)
    for row in conn.execute(TAGS, wanted):
        tags[row["story_id"]].append(rows.tag_from(row))
    return {
        row["id"]: rows.story_from(row, tuple(entries[row["id"]]), tuple(tags[row["id"]])) for row in found
    }


def below(conn: Connection, seq: int, limit: int) -> dict[str, Story]:
    """The newest stories with a lower `seq`, by id."""
    found = conn.execute("SELECT id FROM stories WHERE seq < ? ORDER BY seq DESC LIMIT ?", (seq, limit))
    return whole(conn, [row["id"] for row in found.fetchall()])


def count_below(conn: Connection, seq: int) -> int:
    """How many stories have a lower `seq`."""
    return int(conn.execute("SELECT count(*) FROM stories WHERE seq < ?", (seq,)).fetchone()[0])


def in_order(conn: Connection, ids: Sequence[str]) -> tuple[Story, ...]:
    """These stories, whole, in the order of `ids`."""
    found = whole(conn, ids)
    return tuple(found[story_id] for story_id in ids if story_id in found)


def moved(conn: Connection, story_id: str) -> str | None:
    """The story that this one became part of by a person's word; None where it is its own."""
    row = conn.execute(MOVED_TO, (story_id,)).fetchone()
    return None if row is None else str(row["story_id"])


def entries(conn: Connection, ids: Iterable[int]) -> tuple[Entry, ...]:
    """The entries with these row ids, oldest first."""
    return tuple(rows.entry_from(row) for row in conn.execute(ENTRIES_BY_ID, (listed(ids),)))
