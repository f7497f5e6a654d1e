"""Subscriptions at hubs: which feed, by which topic, until when, and by what its pushes are known.

`callback` is the address that a hub sends to, with a part that nobody can guess; `secret` is what it signs
with. `asks` counts since the hub last confirmed something, `state` is wanted, active, denied or leaving.
"""

from sqlite_utils import Database

SUBSCRIPTIONS = """
CREATE TABLE subscriptions (
    callback TEXT PRIMARY KEY,
    feed_id INTEGER NOT NULL REFERENCES feeds(id),
    hub TEXT NOT NULL,
    topic TEXT NOT NULL,
    secret TEXT NOT NULL,
    state TEXT NOT NULL,
    asks INTEGER NOT NULL,
    next_ask_at TEXT NOT NULL,
    lease_until TEXT,
    pushed_at TEXT,
    missed_at TEXT,
    problem TEXT
) WITHOUT ROWID;
"""


def apply(db: Database) -> None:
    """Add the table."""
    db.executescript(SUBSCRIPTIONS)
