"""What each feed says under all its articles, and in which blocks of an entry's text it does.

`entries.chrome` holds keys of blocks, JSON as in the columns beside it. Entries that are stored already have
none until their feed is polled again: then its last ones get theirs, and their tags anew.
"""

from sqlite_utils import Database


def apply(db: Database) -> None:
    """Add the table, the column, and the way to a feed's last entries."""
    db.executescript(
        """
        CREATE TABLE chrome (
            feed_id INTEGER NOT NULL REFERENCES feeds (id),
            key INTEGER NOT NULL,
            text TEXT NOT NULL,
            seen INTEGER NOT NULL,
            last_seen_at TEXT NOT NULL,
            PRIMARY KEY (feed_id, key)
        ) WITHOUT ROWID;
        ALTER TABLE entries ADD COLUMN chrome TEXT NOT NULL DEFAULT '[]';
        CREATE INDEX entries_by_feed ON entries (feed_id);
        """
    )
