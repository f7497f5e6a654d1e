"""How well stories or events are recognised in a labelled file, by the product's own decisions.

    python -m benchmarks.dedup FILE.jsonl [--task story|event] [--json]

The file's lines `{title, summary, url, t, story}` (plain or .gz) are heard in its order, each from a feed of
its own; a missing field is empty, and a line without `story` is background that belongs with nothing. Prints
`precision recall f1 bcubed_* link_precision linked items_per_second memory_mb`, explained in measures.py.
"""

import argparse
import json
import pickle
import time
import tracemalloc
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from aggregator.core.neighbours import Neighbours
from aggregator.model import Entry, MatchedBy, ParsedEntry
from benchmarks.dedup.happenings import Happenings
from benchmarks.dedup.ledger import Ledger
from benchmarks.dedup.lines import Line, read
from benchmarks.dedup.measures import scores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("file", type=Path)
    parser.add_argument("--task", choices=("story", "event"), default="story")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--errors", type=int, default=0, help="also print so many wrong links")
    chosen = parser.parse_args()
    figures = measure(read(chosen.file), chosen.task, chosen.errors)
    print(
        json.dumps(figures)
        if chosen.json
        else "\n".join(f"{name} {value}" for name, value in figures.items())
    )


def measure(lines: tuple[Line, ...], task: str, errors: int = 0) -> dict[str, float]:
    """All figures for these lines."""
    ledger, happenings = Ledger(), Happenings() if task == "event" else None
    began = time.process_time()
    heard = [hear(ledger, happenings, said(line, place), line.at) for place, line in enumerate(lines)]
    seconds = time.process_time() - began
    links = [(a - 1, b - 1) for a, b in happenings.sure] if happenings else story_links(ledger, heard)
    if errors:
        show(lines, links, errors)
    found = [str(happenings.events[one.id]) if happenings else one.story_id for one in heard]
    rated = asdict(scores([line.story for line in lines], found, links))
    return {
        **{name: round(value, 4) for name, value in rated.items()},
        "items_per_second": round(len(lines) / seconds),
        "memory_mb": round(index_bytes(happenings.index if happenings else ledger.index) / 1e6, 2),
    }


def hear(ledger: Ledger, happenings: Happenings | None, one: ParsedEntry, at: datetime) -> Entry:
    """One line, put into its story and, where asked for, into its event."""
    entry = ledger.hear(one, at)
    if happenings:
        happenings.hear(one, entry, ledger.stories[entry.story_id])
    return entry


def story_links(ledger: Ledger, heard: list[Entry]) -> list[tuple[int, int]]:
    """Every line that joined a story, with the first of that story."""
    first = {story.id: story.entries[0].id for story in ledger.stories.values()}
    joined = (entry for entry in heard if entry.matched_by is not MatchedBy.NEW)
    return [(entry.id - 1, first[entry.story_id] - 1) for entry in joined]


def index_bytes(index: Neighbours) -> int:
    """What the index takes, counted while a copy of it is made."""
    packed = pickle.dumps(index)
    tracemalloc.start()
    copy = pickle.loads(packed)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del copy
    return held


def show(lines: tuple[Line, ...], links: list[tuple[int, int]], many: int) -> None:
    """Some of the links that the labels call wrong."""
    wrong = [(a, b) for a, b in links if lines[a].story is None or lines[a].story != lines[b].story]
    for one, other in wrong[:many]:
        for line in (lines[other], lines[one]):
            print(f"{line.story}: {line.title} | {line.summary}")
        print()


def said(line: Line, place: int) -> ParsedEntry:
    """The line as its feed would say it."""
    return ParsedEntry(guid=f"line-{place}", url=line.url, title=line.title, summary=line.summary)


if __name__ == "__main__":
    main()
