"""How long the newest hundred stories with a keyword take, among very many: `python -m benchmarks.keyword`.

Builds a store of made-up stories (`--stories`, a hundred thousand unless told; a million take some gigabytes
and minutes) by the store's own code, then asks for words that very many, few and no stories have, and for
one of many with one of few, each once. A time is that of the whole `query.search`: the query is read, the
index asked, and the stories are read whole with their entries and tags. Beside it the textbook's query for
the ids alone: a join of the index with the stories, sorted by time. `--folder` keeps the store.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from aggregator import query
from aggregator.patterns import timed_search
from aggregator.store import Reader, Store, WantedFeed
from aggregator.store.connection import DATABASE_NAME, Connection, open_reader, open_writer, transaction
from aggregator.store.writing import write_stories
from benchmarks.zipf import FEEDS, START, Press

LIMIT = 100
WORDS = 60  # of each class
JOINS = 5  # the textbook takes seconds for a common word
BATCH = 2_000
TEXTBOOK = """
SELECT s.id FROM stories_fts JOIN stories AS s ON s.seq = stories_fts.rowid
WHERE stories_fts MATCH ? ORDER BY s.news_at DESC LIMIT ?
"""


def build(folder: Path, press: Press) -> None:
    """The store with all that the press prints."""
    with closing(Store.open(folder)) as store:
        wanted = [WantedFeed(f"https://news.example.org/{number}") for number in range(FEEDS)]
        asyncio.run(store.sync_feeds(wanted, now=START))
    with closing(open_writer(folder / DATABASE_NAME)) as conn:
        conn.execute("PRAGMA synchronous = OFF")
        printed = press.print()
        while stories := tuple(islice(printed, BATCH)):
            with transaction(conn):
                write_stories(conn, {}, stories)
            print(f"\r{stories[-1].url}", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)


def classes(press: Press) -> dict[str, list[str]]:
    """Words by how many stories have them."""
    common, rare = press.common[:WORDS], press.rare[:WORDS]
    return {
        "common": common,
        "rare": rare,
        "absent": [f"{word}x" for word in common],
        "common and rare": [f"{one} {other}" for one, other in zip(common, rare, strict=True)],
    }


def milliseconds(ask: Callable[[str], object], words: Sequence[str]) -> list[float]:
    """What each word took when it was asked for the first time."""
    took = []
    for word in words:
        start = perf_counter()
        ask(word)
        took.append((perf_counter() - start) * 1000)
    return took


def report(reader: Reader, conn: Connection, press: Press) -> None:
    """A row for each class."""
    now = datetime.now(UTC)

    def ours(words: str) -> object:
        return query.search(reader, words, limit=LIMIT, now=now, matcher=timed_search)

    def textbook(words: str) -> object:
        return conn.execute(TEXTBOOK, (words, LIMIT)).fetchall()

    print(f"{press.stories:,} stories, the newest {LIMIT} with a word; milliseconds")
    print(f"{'':<18}{'median':>9}{'p95':>9}{'textbook':>10}{'ratio':>9}")
    for name, words in classes(press).items():
        took, beside = milliseconds(ours, words), median(milliseconds(textbook, words[:JOINS]))
        middle, late = median(took), quantiles(took, n=20)[-1]
        print(f"{name:<18}{middle:>9.2f}{late:>9.2f}{beside:>10.1f}{beside / middle:>9.1f}")


def main() -> None:
    """Build, ask, tell."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--stories", type=int, default=100_000)
    options.add_argument("--folder", type=Path)
    given = options.parse_args()
    press = Press(given.stories)
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.folder or Path(scratch)
        if not (folder / DATABASE_NAME).exists():
            build(folder, press)
        with closing(Reader(folder)) as reader, closing(open_reader(folder / DATABASE_NAME)) as conn:
            report(reader, conn, press)


if __name__ == "__main__":
    main()
