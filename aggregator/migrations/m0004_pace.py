"""What the pace of polling remembers of a feed, and what servers asked for with Retry-After."""

from sqlite_utils import Database

PACE = """
ALTER TABLE feeds ADD COLUMN moved_from TEXT;
ALTER TABLE feeds ADD COLUMN moved_at TEXT;
ALTER TABLE feeds ADD COLUMN news_at TEXT;
ALTER TABLE feeds ADD COLUMN news_every REAL;
ALTER TABLE feeds ADD COLUMN whole_at TEXT;
ALTER TABLE feeds ADD COLUMN gone_at TEXT;
ALTER TABLE feeds ADD COLUMN refused_access TEXT;
UPDATE feeds SET gone_at = last_polled_at WHERE state = 'gone';

CREATE TABLE waits (
    whom TEXT PRIMARY KEY,
    until TEXT NOT NULL,
    rule TEXT NOT NULL
) WITHOUT ROWID;
"""


def apply(db: Database) -> None:
    """Add the columns and the table."""
    db.executescript(PACE)
