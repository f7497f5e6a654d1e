"""What the store knows that bears on one feed document, read inside the writing transaction.

Only reads. What follows from it is decided in core/ingest.py.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache

from aggregator.core.identities import minted
from aggregator.core.ingest import Probe
from aggregator.model import Entry, Feed, Fingerprint, Known, Sighting, Story
from aggregator.store import rows, stories
from aggregator.store.connection import Connection

SIGHTINGS_PER_KEY = 50  # the newest; a title that half the web uses each day must not fill the memory

IDENTITIES = """
SELECT key, uid, story_id, event_id, first_seen_at, news_at FROM identities
WHERE feed_id = ? AND key IN (SELECT value FROM json_each(?))
"""

MINE = """
SELECT id FROM entries WHERE feed_id = :feed AND guid IN (SELECT value FROM json_each(:guids))
UNION
SELECT id FROM entries WHERE feed_id = :feed AND url IN (SELECT value FROM json_each(:urls))
UNION
SELECT id FROM entries WHERE feed_id = :feed AND uid IN (SELECT value FROM json_each(:uids))
"""

TAKEN = """
SELECT uid FROM entries WHERE uid IN (SELECT value FROM json_each(:uids))
UNION
SELECT uid FROM identities WHERE uid IN (SELECT value FROM json_each(:uids))
"""

PLACED = "SELECT uid, story_id FROM overrules WHERE uid IN (SELECT value FROM json_each(:uids))"

SPLIT = """
SELECT uid, from_id FROM overrules WHERE kind = 'split' AND uid IN (SELECT value FROM json_each(?))
"""

PREVIOUS = """
SELECT id FROM entries WHERE uid IN (
    SELECT uid FROM identities WHERE feed_id = :feed AND held_at IS NULL EXCEPT
    SELECT uid FROM identities WHERE feed_id = :feed AND key IN (SELECT value FROM json_each(:document))
) ORDER BY id LIMIT :most
"""
MOST_PREVIOUS = 5_000

STORY_OF = "SELECT story_id FROM entries WHERE id = ?"
SIGHTINGS = "SELECT * FROM fingerprints WHERE signal = ? AND key = ? ORDER BY first_seen_at DESC LIMIT ?"


def known(conn: Connection, feed: Feed, probe: Probe) -> Known:
    """Everything stored that shares an id, a link or a fingerprint with the document."""
    identities = conn.execute(IDENTITIES, (feed.id, stories.listed(probe.identities))).fetchall()
    mine = _mine(conn, feed, probe, {row["uid"] for row in identities})
    previous = _previous(conn, feed, probe) if 2 * len(mine) < len(probe.identities) else ()
    alive = {entry.uid for entry in mine}
    uids = {row["key"]: row["uid"] for row in identities if row["uid"] in alive}
    tombstones = tuple(rows.tombstone_from(row) for row in identities if row["uid"] not in alive)
    names = {"uids": stories.listed(minted(feed.origin, name) for name in probe.id_names)}
    placed = {row["uid"]: row["story_id"] for row in conn.execute(PLACED, names).fetchall()}
    sightings = tuple(_sightings(conn, probe.fingerprints))
    own = stories.listed(sighting.uid for sighting in sightings if sighting.feed_id == feed.id)
    split = {row["uid"]: row["from_id"] for row in conn.execute(SPLIT, (own,)).fetchall()}
    story_ids = {entry.story_id for entry in (*mine, *previous)}
    story_ids |= {sighting.story_id for sighting in sightings}
    story_ids |= {stone.story_id for stone in tombstones}
    whole = stories.whole(conn, story_ids | set(placed.values()))
    return Known(
        feed=feed,
        mine=mine,
        previous=previous,
        sightings=sightings,
        tombstones=tombstones,
        taken=_taken(conn, names),
        placed=placed,
        split=split,
        uids=uids,
        stories=whole,
        story_of=_story_of(conn, whole),
    )


def _story_of(conn: Connection, held: dict[str, Story]) -> Callable[[int], Story | None]:
    """Finds the story of an entry. What it reads is `held`, too: writing compares with what was before."""

    @cache
    def story_of(number: int) -> Story | None:
        row = conn.execute(STORY_OF, (number,)).fetchone()
        if row is None:
            return None
        if row["story_id"] not in held:
            held.update(stories.whole(conn, (row["story_id"],)))
        return held[row["story_id"]]

    return story_of


def _mine(conn: Connection, feed: Feed, probe: Probe, uids: set[str]) -> tuple[Entry, ...]:
    """By identity too: an entry without guid and link is known by nothing else."""
    wanted = {
        "feed": feed.id,
        "guids": stories.listed(probe.guids),
        "urls": stories.listed(probe.urls),
        "uids": stories.listed(uids),
    }
    found = conn.execute(MINE, wanted).fetchall()
    return stories.entries(conn, (row["id"] for row in found))


def _taken(conn: Connection, names: Mapping[str, str]) -> frozenset[str]:
    """Also ids of entries that retention took: who had one of them read is not to miss another entry."""
    return frozenset(row["uid"] for row in conn.execute(TAKEN, names).fetchall())


def _previous(conn: Connection, feed: Feed, probe: Probe) -> tuple[Entry, ...]:
    """What only the document before held: where most of a document is new, the feed may have been rebuilt."""
    wanted = {"feed": feed.id, "document": stories.listed(probe.document), "most": MOST_PREVIOUS}
    found = conn.execute(PREVIOUS, wanted).fetchall()
    return stories.entries(conn, (row["id"] for row in found))


def _sightings(conn: Connection, fingerprints: Iterable[Fingerprint]) -> Iterable[Sighting]:
    for one in fingerprints:
        for row in conn.execute(SIGHTINGS, (one.signal.value, one.key, SIGHTINGS_PER_KEY)).fetchall():
            yield rows.sighting_from(row)
