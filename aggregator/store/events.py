"""Events as they are stored: a row once a second story joins, and the stories that name it.

A row says nothing that its stories do not: it is made anew from them whenever one of them is written or goes,
and goes with the last. A story that is alone with its event has no row; its event is found by the id all
the same. Never decides which stories share an event: core/ingest.py does.
"""

from collections.abc import Collection
from datetime import datetime

from aggregator.core.coverage import event_id
from aggregator.core.times import from_text, to_text
from aggregator.model import Event, Story
from aggregator.store import stories
from aggregator.store.connection import Connection

FORGET = "DELETE FROM events WHERE id IN (SELECT value FROM json_each(?))"
KEEP = """
INSERT INTO events (id, title, first_seen_at, last_seen_at)
SELECT span.event_id, lead.title, span.first_seen_at, span.last_seen_at
FROM (
    SELECT s.event_id, min(s.seq) AS seq,
        min(s.first_seen_at) AS first_seen_at, max(s.first_seen_at) AS last_seen_at
    FROM stories AS s WHERE s.event_id IN (SELECT value FROM json_each(?)) GROUP BY s.event_id
) AS span JOIN stories AS lead ON lead.seq = span.seq
"""

ROW = "SELECT * FROM events WHERE id = ?"
STORIES_OF = "SELECT id FROM stories WHERE event_id = ? ORDER BY seq"

TOP = """
SELECT event_id, first FROM (
    SELECT s.event_id, min(s.seq) AS seq, s.id AS first, count(DISTINCT e.feed_id) AS feeds
    FROM stories AS s JOIN entries AS e ON e.story_id = s.id
    WHERE s.news_at >= :since GROUP BY coalesce(s.event_id, s.id))
WHERE feeds > 1 ORDER BY feeds DESC, seq LIMIT :limit
"""


def renew(conn: Connection, ids: Collection[str]) -> None:
    """Make the rows of these events say what their stories say now."""
    if not ids:
        return
    conn.execute(FORGET, (stories.listed(ids),))
    conn.execute(KEEP, (stories.listed(ids),))


def event(conn: Connection, wanted: str) -> Event | None:
    """The event with this id, with its stories; None where there is none.

    One that turned out to be part of another leads there: the story that began it says to which.
    """
    row = conn.execute(ROW, (wanted,)).fetchone()
    if row is None:
        return _of_its_first(conn, wanted)
    ids = [found["id"] for found in conn.execute(STORIES_OF, (wanted,)).fetchall()]
    return Event(
        id=row["id"],
        title=row["title"],
        first_seen_at=from_text(row["first_seen_at"]),
        last_seen_at=from_text(row["last_seen_at"]),
        stories=stories.in_order(conn, ids),
    )


def _of_its_first(conn: Connection, wanted: str) -> Event | None:
    """The event that the story which began this one tells now, alone or with others."""
    try:
        story_id = event_id(wanted)
    except ValueError:  # no UUID
        return None
    if event_id(story_id) != wanted:  # spelled otherwise
        return None
    for story in stories.in_order(conn, [stories.moved(conn, story_id) or story_id]):
        return event(conn, story.event_id) if story.event_id else _alone(story)
    return None


def _alone(story: Story) -> Event:
    return Event(
        id=event_id(story.id),
        title=story.title,
        first_seen_at=story.first_seen_at,
        last_seen_at=story.first_seen_at,
        stories=(story,),
    )


def top(conn: Connection, since: datetime, limit: int) -> tuple[Event, ...]:
    """The events that most feeds told in the news `since` then, from two feeds on, most first."""
    found = conn.execute(TOP, {"since": to_text(since), "limit": limit}).fetchall()
    ids = [row["event_id"] or event_id(row["first"]) for row in found]
    return tuple(one for wanted in ids if (one := event(conn, wanted)))
