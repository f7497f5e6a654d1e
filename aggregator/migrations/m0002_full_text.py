"""Entries with the text of their article's page: what their feed's own text was, what the page calls itself.

Entries that are stored already have their feed's own text, which is what two empty columns say.
"""

from sqlite_utils import Database


def apply(db: Database) -> None:
    """Add `entries.own_text_key` and `entries.canonical_url`."""
    db.executescript(
        """
        ALTER TABLE entries ADD COLUMN own_text_key INTEGER;
        ALTER TABLE entries ADD COLUMN canonical_url TEXT;
        """
    )
