"""What each entry said, cut down to the words that tell stories apart: what the index in memory is made of.

A table of its own in the order of time, so that a start reads the last days in one go and no article's text.
Entries that are stored already have none: they are recognised by their links and titles, as they were.
"""

from sqlite_utils import Database

GISTS = """
CREATE TABLE gists (
    at_ms INTEGER NOT NULL,
    entry_id INTEGER NOT NULL,
    first_id INTEGER NOT NULL,
    gist BLOB NOT NULL,
    PRIMARY KEY (at_ms, entry_id)
) WITHOUT ROWID;
"""


def apply(db: Database) -> None:
    """Add the table."""
    db.executescript(GISTS)
