"""Gives stored entries the key that their link has by today's rules of what makes two addresses one page.

Their old keys stay and do no harm: nothing looks for them any more. Entries that had no key by their link get
none now: the link leads to a section, or their feed was not asked. Ids are made of links as feeds wrote them,
so that none of them changes.
"""

from collections.abc import Iterator

from sqlite_utils import Database

from aggregator.core.text import key64
from aggregator.core.urls import canonical

LINKED = """
SELECT e.url, e.first_seen_at, e.uid, e.story_id, e.feed_id FROM entries AS e
WHERE e.url IS NOT NULL AND EXISTS (SELECT 1 FROM fingerprints AS f WHERE f.uid = e.uid AND f.signal = 'url')
"""
KEY = """
INSERT OR IGNORE INTO fingerprints (signal, key, first_seen_at, uid, story_id, feed_id)
VALUES ('url', ?, ?, ?, ?, ?)
"""


def apply(db: Database) -> None:
    """Add the keys that are not there yet."""
    db.conn.executemany(KEY, _keys(db))


def _keys(db: Database) -> Iterator[tuple[int, str, str, str, int]]:
    for url, *entry in db.execute(LINKED):
        page = canonical(url)
        if page:
            yield (key64(page), *entry)
