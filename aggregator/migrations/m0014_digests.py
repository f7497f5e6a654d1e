"""Digests: what was published of a day or a week stays as it was, whatever becomes of its stories.

`output` is the first name that the output had. A row without `content` says that its period is over and had
nothing to tell, or came before the output.
"""

from sqlite_utils import Database

DIGESTS = """
CREATE TABLE digests (
    output TEXT NOT NULL,
    edition TEXT NOT NULL,
    period TEXT NOT NULL,
    id TEXT NOT NULL,
    source TEXT NOT NULL,
    title TEXT NOT NULL,
    content TEXT NOT NULL,
    ends_at TEXT NOT NULL,
    PRIMARY KEY (output, edition, period)
);
"""


def apply(db: Database) -> None:
    """Add the table."""
    db.executescript(DIGESTS)
