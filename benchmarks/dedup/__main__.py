"""How well stories or events are recognised in a labelled file, by the product's own decisions.

    python -m benchmarks.dedup FILE.jsonl [--task story|event] [--json] [--write docs/dedup-quality.md]

The file's lines `{title, summary, url, t, story}` (plain or .gz) are heard in its order, each from a feed of
its own; a missing field is empty, and a line without `story` is background that belongs with nothing. Prints
`precision recall f1 bcubed_* link_precision linked items_per_second memory_mb`, explained in measures.py.
For events the links are those of the cautious setting, each headline to its closest; of two lines without a
label nobody has said whether they tell one event, so `link_precision_labelled` counts the other links alone.
With `--write` those of the file and of its halves become the table of that task on the page (page.py).
"""

import argparse
import json
import pickle
import time
import tracemalloc
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from aggregator.core.coverage import event_of_story
from aggregator.core.events import NoMeanings
from aggregator.core.neighbours import Neighbours
from aggregator.model import Entry, MatchedBy, ParsedEntry
from benchmarks.dedup.ledger import Ledger
from benchmarks.dedup.lines import Line, read
from benchmarks.dedup.measures import scores
from benchmarks.dedup.page import write

RATED = ("precision", "recall", "bcubed_precision", "bcubed_recall", "bcubed_f1", "link_precision", "linked")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("file", type=Path)
    parser.add_argument("--task", choices=("story", "event"), default="story")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--errors", type=int, default=0, help="also print so many wrong links")
    parser.add_argument("--words", action="store_true", help="without vectors, also where they are installed")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the figures into the page's table")
    chosen = parser.parse_args()
    lines = read(chosen.file)
    figures = measure(lines, chosen.task, chosen.errors, words=chosen.words)
    if chosen.write:
        write_page(chosen.write, chosen.task, lines, figures, chosen.file.name)
    print(
        json.dumps(figures)
        if chosen.json
        else "\n".join(f"{name} {value}" for name, value in figures.items())
    )


def write_page(page: Path, task: str, lines: tuple[Line, ...], whole: dict[str, float], file: str) -> None:
    """The table of this task on the page: the whole file and its halves, of which links between are lost."""
    half = len(lines) // 2
    parts = {
        "all": whole,
        "first half": measure(lines[:half], task),
        "second half": measure(lines[half:], task),
    }
    rows: list[dict[str, str | float]] = [
        {"part": part, **{name: float(figures[name]) for name in RATED}} for part, figures in parts.items()
    ]
    write(page, task, rows, f"From `{file}`, {len(lines):,} lines, on {datetime.now(UTC):%Y-%m-%d}.")


def measure(lines: tuple[Line, ...], task: str, errors: int = 0, *, words: bool = False) -> dict[str, float]:
    """All figures for these lines."""
    ledger = Ledger(meanings=NoMeanings()) if words else Ledger()
    began = time.process_time()
    heard, sure = [], []
    for place, line in enumerate(lines):
        one = said(line, place)
        if task == "event" and (other := ledger.surely(one, line.at)):
            sure.append((place, other - 1))
        heard.append(ledger.hear(one, line.at))
    seconds = time.process_time() - began
    links = sure if task == "event" else story_links(ledger, heard)
    if errors:
        show(lines, links, errors)
    told = [ledger.stories[one.story_id] for one in heard]
    found = [event_of_story(story) if task == "event" else story.id for story in told]
    gold = [line.story for line in lines]
    rated = asdict(scores(gold, found, links))
    rated["link_precision_labelled"] = scores(gold, found, judged(lines, links)).link_precision
    return {
        **{name: round(value, 4) for name, value in rated.items()},
        "items_per_second": round(len(lines) / seconds),
        "memory_mb": round(index_bytes(ledger.index) / 1e6, 2),
    }


def judged(lines: tuple[Line, ...], links: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The links that labels can judge: two lines without one may well tell one event of their own."""
    return [(a, b) for a, b in links if lines[a].story is not None or lines[b].story is not None]


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
