"""How long a config of 5,000 feeds takes to load, and how that compares with YAML alone.

    python -m benchmarks.config [--feeds 5000] [--rounds 5]

Prints the best of the rounds: the seconds of `load` and of `yaml.load` with libyaml's safe loader on the same
file in the same run, and their ratio (which travels between machines; seconds do not). Goal: about a second.
Two files: feeds as people write them, and the same with three filters each, all of which are compiled.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from aggregator.config import load

FEED = """\
  - url: https://news{0}.example.org/feeds/world.xml
    title: "The Daily {0}: news from the world"
    tags: [world, europe/part-{1}]
    every: 15m
    priority: {1}
"""
FILTERS = """\
    include: [nato, '"gas pipeline"', "title:election*"]
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--feeds", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "aggregator.yaml"
        for kind, feed in (("plain", FEED), ("filtered", FEED + FILTERS)):
            feeds = "".join(feed.format(number, number % 10) for number in range(chosen.feeds))
            path.write_text(f"feeds:\n{feeds}", encoding="utf-8")
            print(
                f"kind={kind} feeds={chosen.feeds} bytes={path.stat().st_size} {report(path, chosen.rounds)}"
            )


def report(path: Path, rounds: int) -> str:
    """What both readers need for this file."""
    ours, yamls = fastest(
        rounds,
        lambda: load(path, {}),
        lambda: yaml.load(path.read_bytes(), yaml.CSafeLoader),
    )
    return f"load={ours:.2f}s yaml={yamls:.2f}s ratio={ours / yamls:.2f}"


def fastest(rounds: int, *actions: Callable[[], object]) -> list[float]:
    """The best time of each action, in seconds; they take turns, so that a slow moment hits them alike."""
    times = [[seconds(action) for action in actions] for _ in range(rounds)]
    return [min(column) for column in zip(*times, strict=True)]


def seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
