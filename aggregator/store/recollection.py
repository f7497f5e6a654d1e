"""The index of what was said lately: held in memory, written beside the entries, read again after a start.

Belongs to the thread that writes. It changes only after a transaction is through: what a crash leaves in the
file is what the next process reads. Never decides: core/retelling.py does.
"""

from datetime import UTC, datetime, timedelta

from aggregator.core.neighbours import Neighbours
from aggregator.core.remembering import gists_of, moved_of, remember
from aggregator.model import Changes
from aggregator.store.connection import Connection

MOVED = "UPDATE gists SET event_id = ? WHERE at_ms = ? AND entry_id = ?"
GIST = """
INSERT INTO gists (at_ms, entry_id, first_id, event_id, gist, meaning)
VALUES (:at_ms, :entry_id, :first_id, :event_id, :gist, :meaning)
"""
LATELY = """
SELECT at_ms, entry_id, first_id, event_id, gist, meaning FROM gists WHERE at_ms >= ? ORDER BY at_ms, entry_id
"""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MS = timedelta(milliseconds=1)


class Recollection:
    """The index, made when it is asked for first."""

    def __init__(self) -> None:
        self._index: Neighbours | None = None
        self._since = EPOCH

    def of(self, conn: Connection, since: datetime) -> Neighbours:
        """What was said `since` then; read from the file where that is further back than what is held."""
        if self._index is None or since < self._since:
            self._index, self._since = _read(conn, since), since
        held = len(self._index)
        self._index.forget(since)
        if len(self._index) < held:
            self._since = since
        return self._index

    def drop(self) -> None:
        """Make it anew when it is asked for next: stories were rearranged in the file."""
        self._index = None

    def remember(self, stored: Changes) -> None:
        """Take in what was stored just now; where nobody has asked yet, it waits in the file."""
        if self._index is not None:
            remember(self._index, stored)


def write_gists(conn: Connection, stored: Changes) -> None:
    """Keep what the index is made of, in the transaction that stores the entries."""
    rows = [
        {
            "at_ms": milliseconds(entry.first_seen_at),
            "entry_id": entry.id,
            "first_id": first,
            "event_id": event,
            "gist": stored.gists[entry.uid],
            "meaning": stored.meanings.get(entry.uid),
        }
        for entry, first, event in gists_of(stored)
    ]
    conn.executemany(GIST, rows)
    moved = [(event, milliseconds(entry.first_seen_at), entry.id) for entry, event in moved_of(stored)]
    conn.executemany(MOVED, moved)


def _read(conn: Connection, since: datetime) -> Neighbours:
    index = Neighbours()
    rows = conn.execute(LATELY, (milliseconds(since),))
    index.add_all(
        (entry_id, event_id, at_ms / 1000, gist, meaning or b"", first_id < entry_id)
        for at_ms, entry_id, first_id, event_id, gist, meaning in rows
    )
    return index


def milliseconds(moment: datetime) -> int:
    """Since 1970, as `gists.at_ms` has it."""
    return (moment - EPOCH) // MS
