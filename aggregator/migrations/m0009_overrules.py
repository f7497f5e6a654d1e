"""What a person said of entries and stories, for ever; and what the decisions before it had considered.

`overrules` has the last word on each entry, `moved_stories` the ids of stories that became part of another,
which readers may still ask for. `entries.judged` is null where nothing came near the entry.
"""

from sqlite_utils import Database

OVERRULES = """
CREATE TABLE overrules (
    uid TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    story_id TEXT NOT NULL,
    from_id TEXT NOT NULL,
    at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE moved_stories (
    id TEXT PRIMARY KEY,
    story_id TEXT NOT NULL,
    told_by TEXT NOT NULL,
    at TEXT NOT NULL
) WITHOUT ROWID;

ALTER TABLE entries ADD COLUMN judged TEXT;
"""


def apply(db: Database) -> None:
    """Add the tables and the column."""
    db.executescript(OVERRULES)
