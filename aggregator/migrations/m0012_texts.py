"""Compares stored entries by today's terms: gists and title keys of before equal none that are made now.

The second lowest bit of a term has come to mark a pair of characters, and an opening is cut without half
words. An old gist shares half of its terms with a new one of the same text, so that a copy looks like another
story; it is known by that bit, which plain words no longer have. Old title keys stay and do no harm.
"""

from sqlite_utils import Database

from aggregator.core.dedup import title_and_lead
from aggregator.core.gist import gist, packed_terms
from aggregator.core.text import key64
from aggregator.model import ParsedEntry

PAIR = 2

GISTS = "SELECT gist, at_ms, entry_id FROM gists"
SAID = "SELECT title, summary, content FROM entries WHERE id = ?"
RENEW = "UPDATE gists SET gist = ? WHERE at_ms = ? AND entry_id = ?"
KEY = """
INSERT OR IGNORE INTO fingerprints (signal, key, first_seen_at, uid, story_id, feed_id)
SELECT 'title', ?, first_seen_at, uid, story_id, feed_id FROM entries AS e
WHERE e.id = ? AND EXISTS (SELECT 1 FROM fingerprints AS f WHERE f.uid = e.uid AND f.signal = 'title')
"""


def apply(db: Database) -> None:
    """Make the gists anew that are of the old kind, and add the keys that go with them."""
    old = [place for packed, *place in db.execute(GISTS) if any(term & PAIR for term in packed_terms(packed))]
    for at_ms, number in old:
        for title, summary, content in db.execute(SAID, (number,)).fetchall():
            said = ParsedEntry(title=title, summary=summary, content=content)
            db.execute(RENEW, (gist(said).packed(), at_ms, number))
            if text := title_and_lead(said, ()):
                db.execute(KEY, (key64(text), number))
