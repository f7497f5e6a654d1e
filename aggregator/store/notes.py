"""Numbers that are kept under a name for the next start. What they mean is their writers' business."""

from aggregator.store.connection import Connection

NOTE = """
INSERT INTO counters (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""


def note(conn: Connection, name: str, value: int) -> None:
    """Keep a 64-bit number under a name."""
    conn.execute(NOTE, (name, value))


def noted(conn: Connection, name: str) -> int | None:
    """The number under this name; None where there is none yet."""
    row = conn.execute("SELECT value FROM counters WHERE name = ?", (name,)).fetchone()
    return None if row is None else int(row["value"])
