"""Feeds know the address that their entries' ids are made of, so that these stay one of a kind when it moves.

Ids are made of a feed's address and an entry's identity. Two feeds that came to one address, by a redirect or
by the user's hand, would otherwise make the same ones.
"""

from sqlite_utils import Database

ORIGIN = """
ALTER TABLE feeds ADD COLUMN origin TEXT NOT NULL DEFAULT '';
UPDATE feeds SET origin = config_url;
CREATE UNIQUE INDEX feeds_by_origin ON feeds (origin);
"""


def apply(db: Database) -> None:
    """Give each feed the address that the config has for it."""
    db.executescript(ORIGIN)
