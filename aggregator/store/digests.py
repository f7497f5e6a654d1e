"""Keeping digests: each is written once and never changed, and the oldest make room."""

from collections.abc import Iterable

from aggregator.core.digests import KEPT
from aggregator.model import Digest, Edition
from aggregator.store import rows
from aggregator.store.connection import Connection

KEEP = """
INSERT OR IGNORE INTO digests (output, edition, period, id, source, title, content, ends_at)
VALUES (:output, :edition, :period, :id, :source, :title, :content, :ends_at)
"""
MAKE_ROOM = """
DELETE FROM digests WHERE output = :output AND edition = :edition AND period IN (
    SELECT period FROM digests WHERE output = :output AND edition = :edition
    ORDER BY ends_at DESC LIMIT -1 OFFSET :kept)
"""
LATEST = "SELECT * FROM digests WHERE output = ? AND edition = ? ORDER BY ends_at DESC LIMIT ?"


def keep(conn: Connection, digests: Iterable[Digest]) -> None:
    """Keep these; one whose period has one already is left out."""
    for one in digests:
        conn.execute(KEEP, rows.of_digest(one))
        conn.execute(MAKE_ROOM, {"output": one.output, "edition": one.edition, "kept": KEPT})


def latest(conn: Connection, output: str, edition: Edition) -> tuple[Digest, ...]:
    """The last digests of the output with this first name, the last first."""
    return tuple(map(rows.digest_from, conn.execute(LATEST, (output, edition, KEPT)).fetchall()))
