"""What one decision costs, and what the index takes, with many entries in the window.

    python -m benchmarks.dedup.scale FILE.jsonl [--entries 100000 1000000] [--asked 2000] [--json]
        [--write docs/dedup-quality.md]

Entries are made of the file's words at their real frequencies, with titles and texts as long as the file's; a
word seen once stands for a new one each time, as names and figures do. A decision is core.ingest's whole
answer for one new entry: fingerprints, text, vector, event. `restart` is the index built again from gists.
"""

import argparse
import gc
import json
import random
import resource
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from statistics import mean, quantiles

from aggregator.core.gist import Gist, number
from aggregator.core.neighbours import Neighbours
from aggregator.core.text import plain_text, words
from aggregator.model import ParsedEntry
from benchmarks.dedup.ledger import Ledger
from benchmarks.dedup.lines import SHUFFLED_START, Line, read
from benchmarks.dedup.page import write

VECTOR = 64  # bytes, as aggregator/semantic/table.py makes them; by chance, so that few titles are close
SPACING = timedelta(milliseconds=300)  # a million entries in three and a half days


class Speech:
    """Makes entries that use words as often as the lines do."""

    def __init__(self, lines: tuple[Line, ...]) -> None:
        self.chance = random.Random(7)
        said = Counter(word for line in lines for word in words(f"{line.title} {plain_text(line.summary)}"))
        self.words = list(said)
        self.totals = list(accumulate(said.values()))
        self.once = {word for word, count in said.items() if count == 1}
        self.lengths = [(len(words(line.title)), len(words(plain_text(line.summary)))) for line in lines]

    def entry(self) -> tuple[list[str], list[str]]:
        """The words of a title and of a text."""
        title, text = self.chance.choice(self.lengths)
        said = self.chance.choices(self.words, cum_weights=self.totals, k=title + text)
        said = [f"{word}{self.chance.randrange(300_000)}x" if word in self.once else word for word in said]
        return said[:title], said[title:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("file", type=Path)
    parser.add_argument("--entries", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--asked", type=int, default=2_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the figures into the page's table")
    chosen = parser.parse_args()
    rows = []
    for figures in measure(Speech(read(chosen.file)), sorted(chosen.entries), chosen.asked):
        rows.append(figures)
        print(
            json.dumps(figures) if chosen.json else " ".join(f"{name}={one}" for name, one in figures.items())
        )
    if chosen.write:
        note = (
            f"{chosen.asked:,} decisions each, words of `{chosen.file.name}`, {datetime.now(UTC):%Y-%m-%d}."
        )
        write(chosen.write, "cost", rows, note)


def measure(speech: Speech, sizes: list[int], asked: int) -> Iterator[dict[str, float]]:
    """The figures at each size, as the index grows."""
    index, seconds, before = Neighbours(), 0.0, _resident()
    for size in sizes:
        packed = []
        while len(index) < size:
            packed = [
                (_gist(speech).packed(), speech.chance.randbytes(VECTOR))
                for _ in range(min(10_000, size - len(index)))
            ]
            began = time.process_time()
            _fill(index, packed)
            seconds += time.process_time() - began
        gc.collect()
        held = _resident() - before
        taken = _ask(speech, index, asked)
        yield {
            "entries": size,
            "mean_ms": round(mean(taken), 3),
            "p50_ms": round(quantiles(taken, n=100)[49], 3),
            "p99_ms": round(quantiles(taken, n=100)[98], 3),
            "kb_per_entry": round(held / size / 1000, 3),
            "restart_s": round(seconds, 1),
        }


def _gist(speech: Speech) -> Gist:
    title, text = speech.entry()
    return Gist(tuple(map(number, title)), tuple(map(number, text)))


def _fill(index: Neighbours, packed: list[tuple[bytes, bytes]]) -> None:
    first = len(index) + 1
    start, spacing = SHUFFLED_START.timestamp(), SPACING.total_seconds()
    index.add_all(
        (place, place, start + place * spacing, one, meaning, False)
        for place, (one, meaning) in enumerate(packed, first)
    )


def _ask(speech: Speech, index: Neighbours, asked: int) -> list[float]:
    """Milliseconds of CPU time for each of so many decisions."""
    ledger, taken = Ledger(index=index), []
    ledger.story_ids = [""] * (len(index) + 1)
    now = SHUFFLED_START + (len(index) + 1) * SPACING
    for place in range(asked):
        title, text = (" ".join(said) for said in speech.entry())
        said = ParsedEntry(guid=str(place), title=title, summary=text)
        began = time.process_time()
        ledger.ask(said, now)
        taken.append((time.process_time() - began) * 1000)
    return taken


def _resident() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main()
