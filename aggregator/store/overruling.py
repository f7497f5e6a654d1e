"""Keeping a person's word on entries and stories: everything that leads to a story leads where he says.

Moves entries with their identities, fingerprints and gists, in the writing transaction. What is moved is
written down for ever, so that an entry whose ids were forgotten long ago still finds its place. Never decides
what a story becomes: core/overruling.py does.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from aggregator.core.overruling import older_first, own_ids
from aggregator.core.times import from_text, to_text
from aggregator.errors import UnknownIdError
from aggregator.model import Entry, Overrule, Story
from aggregator.store import events, retention, stories, writing
from aggregator.store.connection import Connection
from aggregator.store.recollection import milliseconds

Divide = Callable[[Story, Entry, str], tuple[Story, Story]]
Unite = Callable[[Story, Story], Story]

NAMED_ENTRY = "SELECT uid, story_id FROM entries WHERE uid = :uid OR id = :number ORDER BY uid = :uid DESC"

# Also where an entry that is gone may come back to it. The id of a story that was merged is given again only
# to its own entry, when that told it last and leaves the story that it was merged into.
IN_USE = """
SELECT EXISTS (SELECT 1 FROM stories WHERE id = :id)
    OR EXISTS (SELECT 1 FROM moved_stories WHERE id = :id AND NOT (
        story_id = :left AND EXISTS (SELECT 1 FROM json_each(told_by) WHERE value = :uid)))
    OR EXISTS (SELECT 1 FROM identities WHERE story_id = :id AND uid <> :uid) AS in_use
"""

REMEMBER = """
INSERT OR REPLACE INTO overrules (uid, kind, story_id, from_id, at) VALUES (?, ?, ?, ?, ?)
"""
LAST_WORD = "SELECT * FROM overrules WHERE uid = ?"
LEAD_ON = (
    "UPDATE identities SET story_id = :kept, event_id = :event WHERE story_id = :gone",
    "UPDATE fingerprints SET story_id = :kept WHERE story_id = :gone",
    "UPDATE overrules SET story_id = :kept WHERE story_id = :gone",
    "UPDATE overrules SET from_id = :kept WHERE from_id = :gone AND kind = 'split'",
    "UPDATE moved_stories SET story_id = :kept WHERE story_id = :gone",
)
MOVED = "INSERT OR REPLACE INTO moved_stories (id, story_id, told_by, at) VALUES (?, ?, ?, ?)"
ITS_OWN_AGAIN = "DELETE FROM moved_stories WHERE id = ?"

OF_EVENT = "SELECT id FROM stories WHERE event_id = ?"
FIRST = "UPDATE gists SET first_id = ?, event_id = ? WHERE at_ms = ? AND entry_id = ?"


def split(conn: Connection, wanted: str, divide: Divide, at: datetime) -> Overrule:
    """The entry that this names (number or uid) tells a story of its own; UnknownIdError if there is none."""
    row = _entry(conn, wanted)
    before = stories.whole(conn, (row["story_id"],))
    story = before[row["story_id"]]
    entry = next(one for one in story.entries if one.uid == row["uid"])
    if len(story.entries) == 1:
        return Overrule("split", entry.uid, story.id, story.id, at)
    own_id = next(one for one in own_ids(entry) if not _in_use(conn, one, entry))
    rest, own = writing.write_stories(conn, before, divide(story, entry, own_id))
    conn.execute(ITS_OWN_AGAIN, (own.id,))
    _remember(conn, "split", own, story, (entry,), at)
    _regroup(conn, rest)
    _regroup(conn, own)
    return Overrule("split", entry.uid, own.id, story.id, at)


def merge(conn: Connection, one: str, two: str, unite: Unite, at: datetime) -> Overrule:
    """The older of two stories is told by the entries of both; UnknownIdError for one that is not stored."""
    ids = [_story_id(conn, wanted) for wanted in (one, two)]
    before = stories.whole(conn, ids)
    for wanted, story_id in zip((one, two), ids, strict=True):
        if story_id not in before:
            raise UnknownIdError("story", wanted, "`aggregator why URL` shows the story of what is stored")
    kept, gone = older_first(before[ids[0]], before[ids[1]])
    if kept.id == gone.id:
        return Overrule("merge", gone.id, kept.id, kept.id, at)
    (united,) = writing.write_stories(conn, before, (unite(kept, gone),))
    retention.take_out(conn, {gone.id: gone.seq})
    for statement in LEAD_ON:
        conn.execute(statement, {"kept": kept.id, "gone": gone.id, "event": united.event_id})
    tellers = stories.listed(entry.uid for entry in gone.entries)
    conn.execute(MOVED, (gone.id, kept.id, tellers, to_text(at)))
    _remember(conn, "merge", united, gone, gone.entries, at)
    _regroup(conn, united)
    if gone.event_id:
        events.renew(conn, (gone.event_id,))
        _regroup(conn, gone)
    return Overrule("merge", gone.id, kept.id, gone.id, at)


def last_word(conn: Connection, uid: str) -> Overrule | None:
    """What a person said last of the entry with this uid; None where he said nothing."""
    row = conn.execute(LAST_WORD, (uid,)).fetchone()
    if row is None:
        return None
    return Overrule(row["kind"], uid, row["story_id"], row["from_id"], from_text(row["at"]))


def _entry(conn: Connection, wanted: str) -> dict[str, str]:
    named = wanted.strip().removeprefix("urn:uuid:")
    number = int(named) if named.isascii() and named.isdigit() and len(named) < 19 else None
    row = conn.execute(NAMED_ENTRY, {"uid": named, "number": number}).fetchone()
    if row is None:
        raise UnknownIdError("entry", wanted, "`aggregator why URL` shows the number of what is stored")
    return dict(row)


def _story_id(conn: Connection, wanted: str) -> str:
    named = wanted.strip().removeprefix("urn:uuid:")
    return stories.moved(conn, named) or named


def _in_use(conn: Connection, story_id: str, entry: Entry) -> bool:
    asked = {"id": story_id, "uid": entry.uid, "left": entry.story_id}
    return bool(conn.execute(IN_USE, asked).fetchone()["in_use"])


def _remember(
    conn: Connection, kind: str, story: Story, left: Story, entries: Iterable[Entry], at: datetime
) -> None:
    conn.executemany(REMEMBER, [(entry.uid, kind, story.id, left.id, to_text(at)) for entry in entries])


def _regroup(conn: Connection, story: Story) -> None:
    """The index counts by stories and events: say which entry is the first of each that this story is in."""
    ids = [row["id"] for row in conn.execute(OF_EVENT, (story.event_id,)).fetchall()] or [story.id]
    told = [one.entries for one in stories.whole(conn, ids).values()]
    event = min((entry.id for entries in told for entry in entries), default=0)
    conn.executemany(
        FIRST,
        [
            (min(other.id for other in entries), event, milliseconds(one.first_seen_at), one.id)
            for entries in told
            for one in entries
        ],
    )
