"""What was wrong and what became of it, so that a restart tells nobody twice."""

from sqlite_utils import Database

PROBLEMS = """
CREATE TABLE problems (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    title TEXT NOT NULL,
    cure TEXT NOT NULL,
    began_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    ended_at TEXT,
    told_began INTEGER NOT NULL DEFAULT 0,
    told_ended INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
"""


def apply(db: Database) -> None:
    """Add the table."""
    db.executescript(PROBLEMS)
