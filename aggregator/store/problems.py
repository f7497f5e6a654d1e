"""Keeping problems: the few of today and of the last weeks. What they mean is core/problems.py's business."""

from collections.abc import Collection
from typing import Any

from aggregator.core.times import from_text, to_text
from aggregator.model import Problem, ProblemKind
from aggregator.store.connection import Connection, Row
from aggregator.store.rows import moment_or_none, text_or_none
from aggregator.store.stories import listed

FORGET = "DELETE FROM problems WHERE id NOT IN (SELECT value FROM json_each(?))"
KEEP = """
INSERT OR REPLACE INTO problems
    (id, kind, subject, title, cure, began_at, seen_at, ended_at, told_began, told_ended)
VALUES (:id, :kind, :subject, :title, :cure, :began_at, :seen_at, :ended_at, :told_began, :told_ended)
"""
ALL = "SELECT * FROM problems ORDER BY began_at, id"

# The last of them are enough to know a rhythm; rows of entries are large, so no more are read.
ARRIVALS = """
SELECT first_seen_at FROM entries INDEXED BY entries_by_feed WHERE feed_id = ?
ORDER BY id DESC LIMIT ?
"""


def keep(conn: Connection, problems: Collection[Problem]) -> None:
    """Keep these, and no others."""
    conn.execute(FORGET, (listed(one.id for one in problems),))
    conn.executemany(KEEP, [_row(one) for one in problems])


def kept(conn: Connection) -> tuple[Problem, ...]:
    """All that are kept, those that began first first."""
    return tuple(map(_problem, conn.execute(ALL).fetchall()))


def _row(problem: Problem) -> dict[str, Any]:
    return {
        "id": problem.id,
        "kind": problem.kind.value,
        "subject": problem.subject,
        "title": problem.title,
        "cure": problem.cure,
        "began_at": to_text(problem.began_at),
        "seen_at": to_text(problem.seen_at),
        "ended_at": text_or_none(problem.ended_at),
        "told_began": problem.told_began,
        "told_ended": problem.told_ended,
    }


def _problem(row: Row) -> Problem:
    return Problem(
        id=row["id"],
        kind=ProblemKind(row["kind"]),
        subject=row["subject"],
        title=row["title"],
        cure=row["cure"],
        began_at=from_text(row["began_at"]),
        seen_at=from_text(row["seen_at"]),
        ended_at=moment_or_none(row["ended_at"]),
        told_began=bool(row["told_began"]),
        told_ended=bool(row["told_ended"]),
    )
