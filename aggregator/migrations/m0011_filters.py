"""Feeds know under which of their own filters their document was last read.

When the config lets in more, what still stands in a document comes in, though the document is the same. Of
feeds that are stored already it is not known; they count as read under the filters of the next start.
"""

from sqlite_utils import Database


def apply(db: Database) -> None:
    """Add the column."""
    db.executescript("ALTER TABLE feeds ADD COLUMN read_under TEXT;")
