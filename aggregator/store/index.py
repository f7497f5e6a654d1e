"""The full-text index: the words of each story as filters read them, so that both find the same.

Its rowids are `stories.seq`, which rises with time: asked for the newest, it need not look at the others
(a join that sorts by time reads every hit there ever was). The query language of FTS5 is spoken here alone,
and every word in it is quoted.

Where another version filled it, it is filled anew beside everything else, the newest stories first and a
portion in a transaction. Whatever stands below `BELOW` waits for that, with the words of that version.
"""

from collections.abc import Iterable
from json import loads

from aggregator.core.chrome import without
from aggregator.core.filters import LANGUAGE
from aggregator.core.filters.needs import Every, Need, Word
from aggregator.core.filters.words import running
from aggregator.core.text import plain_text
from aggregator.model import Story
from aggregator.store.connection import Connection
from aggregator.store.notes import note, noted

INDEX = "INSERT OR REPLACE INTO stories_fts (rowid, title, summary, content) VALUES (?, ?, ?, ?)"

FOUND = """
SELECT rowid FROM stories_fts WHERE stories_fts MATCH :wanted AND rowid < :before AND rowid >= :first
ORDER BY rowid DESC LIMIT :limit
"""

EDITION = "words"  # the name under which the store notes by which LANGUAGE it is indexed
BELOW = "words.below"  # and which stories are not yet: those with a lower `seq`; 0 where all are
PORTION = 200
LAST_STORY = "SELECT max(seq) FROM stories"
TEXTS = """
SELECT s.seq, s.title, s.summary, s.content, e.chrome
FROM stories AS s LEFT JOIN entries AS e ON e.uid = s.lead_uid
WHERE s.seq < ? ORDER BY s.seq DESC LIMIT ?
"""

Texts = tuple[int, str, str, str, tuple[int, ...]]
"""A story's number, title, summary and content, and which of its blocks are page chrome."""


def index(conn: Connection, stories: Iterable[Story]) -> None:
    """Index these stories, in place of what they said before."""
    _write(conn, ((one.seq, one.title, one.summary, one.content, one.chrome) for one in stories))


def begin_anew(conn: Connection) -> None:
    """Where another version filled it, note that all stories are to be indexed; new ones are as they come."""
    if noted(conn, EDITION) != LANGUAGE:
        last: int | None = conn.execute(LAST_STORY).fetchone()[0]
        note(conn, BELOW, 0 if last is None else last + 1)
        note(conn, EDITION, LANGUAGE)


def go_on(conn: Connection) -> int:
    """How many stories of those that wait are indexed now: the newest; 0 where none waits."""
    if not (below := first_indexed(conn)):
        return 0
    found = conn.execute(TEXTS, (below, PORTION + 1)).fetchall()
    now, later = found[:PORTION], found[PORTION:]
    _write(conn, ((*row[:4], tuple(loads(row["chrome"] or "[]"))) for row in now))
    note(conn, BELOW, now[-1]["seq"] if later else 0)
    return len(now)


def first_indexed(conn: Connection) -> int | None:
    """The `seq` from which on stories are indexed as this version reads words; None where none are."""
    return (noted(conn, BELOW) or 0) if noted(conn, EDITION) == LANGUAGE else None


def _write(conn: Connection, texts: Iterable[Texts]) -> None:
    conn.executemany(
        INDEX,
        (
            (
                seq,
                running(plain_text(title)),
                running(without(summary, chrome)),
                running(without(content, chrome)),
            )
            for seq, title, summary, content, chrome in texts
        ),
    )


def numbers(conn: Connection, need: Need, *, limit: int, first: int, before: int) -> list[int]:
    """The `seq` of the newest stories that have what is needed, the newest first."""
    asked = {"wanted": expression(need), "first": first, "before": before, "limit": limit}
    return [row["rowid"] for row in conn.execute(FOUND, asked).fetchall()]


def expression(need: Need) -> str:
    """The need as FTS5 reads it (sqlite.org/fts5.html §3)."""
    if isinstance(need, Word):
        return _word(need)
    parts = [expression(part) for part in need.parts]
    if not isinstance(need, Every):
        return f"({' OR '.join(parts)})"
    refused = "".join([f" NOT {expression(one)}" for one in need.refused])
    return f"(({' AND '.join(parts)}){refused})" if refused else f"({' AND '.join(parts)})"


def _word(word: Word) -> str:
    quoted = '"{}"{}'.format(word.form.replace('"', '""'), " *" if word.prefix else "")
    if word.title and word.text:
        return quoted
    return f"title : {quoted}" if word.title else f"{{summary content}} : {quoted}"
