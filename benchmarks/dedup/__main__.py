"""How well stories or events are recognised in a labelled file, by the product's own decisions.

    python -m benchmarks.dedup FILE.jsonl [--task story|event] [--json]

The file's lines `{title, summary, url, t, story}` (plain or .gz) are heard in its order, each from a feed of
its own; a missing field is empty, and a line without `story` is background that belongs with nothing. Prints
`precision recall f1 bcubed_* link_precision linked items_per_second memory_mb`, explained in measures.py.
For events the links are those of the cautious setting, each headline to its closest, where one of the two at
least has a label: of two unlabelled headlines nobody has said whether they tell one event.
"""

import argparse
import json
import pickle
import time
import tracemalloc
from dataclasses import asdict
from pathlib import Path

from aggregator.core.coverage import event_of_story
from aggregator.core.events import NoMeanings
from aggregator.core.neighbours import Neighbours
from aggregator.model import Entry, MatchedBy, ParsedEntry
from benchmarks.dedup.ledger import Ledger
from benchmarks.dedup.lines import Line, read
from benchmarks.dedup.measures import scores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("file", type=Path)
    parser.add_argument("--task", choices=("story", "event"), default="story")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--errors", type=int, default=0, help="also print so many wrong links")
    parser.add_argument("--words", action="store_true", help="without vectors, also where they are installed")
    chosen = parser.parse_args()
    figures = measure(read(chosen.file), chosen.task, chosen.errors, words=chosen.words)
    print(
        json.dumps(figures)
        if chosen.json
        else "\n".join(f"{name} {value}" for name, value in figures.items())
    )


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
    links = judged(lines, sure) if task == "event" else story_links(ledger, heard)
    if errors:
        show(lines, links, errors)
    told = [ledger.stories[one.story_id] for one in heard]
    found = [event_of_story(story) if task == "event" else story.id for story in told]
    rated = asdict(scores([line.story for line in lines], found, links))
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
