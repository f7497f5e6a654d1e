"""What a feed says under all its articles: the blocks that are known, and the entries that show it.

Reads and writes inside the store's transactions. What is chrome is decided in core/chrome.py.
"""

from collections.abc import Iterable

from aggregator.model import ChromeBlock, ChromeMemory
from aggregator.store import rows, stories
from aggregator.store.connection import Connection

RECENT = 40  # entries beside the document, a few days of most feeds; and as many of its own

BLOCKS = "SELECT * FROM chrome WHERE feed_id = ? ORDER BY key"
FORGET = "DELETE FROM chrome WHERE feed_id = ?"
BLOCK = """
INSERT INTO chrome (feed_id, key, text, seen, last_seen_at)
VALUES (:feed_id, :key, :text, :seen, :last_seen_at)
"""

# By guid and link, or all texts of the feed are read to get at the column behind them.
BESIDE = """
SELECT id FROM (
    SELECT id FROM entries WHERE feed_id = :feed
    AND coalesce(guid, '') NOT IN (SELECT value FROM json_each(:guids))
    AND coalesce(url, '') NOT IN (SELECT value FROM json_each(:urls))
    ORDER BY id DESC LIMIT :recent)
UNION
SELECT id FROM (
    SELECT id FROM entries INDEXED BY entries_by_guid
    WHERE feed_id = :feed AND guid IN (SELECT value FROM json_each(:guids)) AND own_text_key IS NOT NULL
    UNION
    SELECT id FROM entries INDEXED BY entries_by_url
    WHERE feed_id = :feed AND url IN (SELECT value FROM json_each(:urls)) AND own_text_key IS NOT NULL
    ORDER BY id DESC LIMIT :recent)
"""


def chrome_memory(conn: Connection, feed_id: int, guids: Iterable[str], urls: Iterable[str]) -> ChromeMemory:
    """What a document with these guids and links is read beside."""
    document = {"guids": stories.listed(guids), "urls": stories.listed(urls)}
    beside = conn.execute(BESIDE, {"feed": feed_id, "recent": RECENT, **document}).fetchall()
    return ChromeMemory(
        blocks=tuple(map(rows.chrome_from, conn.execute(BLOCKS, (feed_id,)).fetchall())),
        recent=stories.entries(conn, (row["id"] for row in beside)),
    )


def write_chrome(conn: Connection, feed_id: int, blocks: Iterable[ChromeBlock]) -> None:
    """These blocks in place of those that were known."""
    conn.execute(FORGET, (feed_id,))
    conn.executemany(BLOCK, [rows.of_chrome(feed_id, block) for block in blocks])
