"""Scores the model of topics on labelled news: lines of `{title, summary, topic}`.

    python -m benchmarks.topics FILE.jsonl MAPPING.json [--threshold 0.8] [--json]

The mapping is an object: their label, and a list of our topics, without `topic/`, that mean it. Every line
counts: a topic that no label has, and a text that the model says nothing of, are wrong. With a label a line,
micro-F1 of all lines is how many are right.
"""

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from aggregator.core.settings import TOPIC_THRESHOLD
from aggregator.topics import model

SUREST = 0.6  # the share of lines whose precision is told


def scored(
    lines: Sequence[dict[str, str]], mapping: dict[str, list[str]], threshold: float
) -> dict[str, Any]:
    labels = {f"topic/{topic}": label for label, topics in mapping.items() for topic in topics}
    ours, began = model(), time.process_time()
    found = [ours.topic(f"{line['title']} {line['summary']}") or ("", 0.0) for line in lines]
    took = time.process_time() - began
    right = [labels.get(topic) == line["topic"] for (topic, _), line in zip(found, lines, strict=True)]
    by_sure = sorted(zip((sure for _, sure in found), right, strict=True), reverse=True)
    surest = [good for _, good in by_sure[: round(SUREST * len(lines))]]
    said = [good for sure, good in by_sure if sure >= threshold]
    return {
        "items": len(lines),
        "micro_f1": sum(right) / len(lines),
        "precision_of_surest_60_percent": sum(surest) / len(surest),
        "threshold": threshold,
        "coverage": len(said) / len(lines),
        "precision": sum(said) / max(1, len(said)),
        "items_per_second": round(len(lines) / took),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.topics")
    parser.add_argument("file", type=Path)
    parser.add_argument("mapping", type=Path)
    parser.add_argument("--threshold", type=float, default=TOPIC_THRESHOLD)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    lines = [json.loads(line) for line in args.file.read_text("utf-8").splitlines()]
    told = scored(lines, json.loads(args.mapping.read_text("utf-8")), args.threshold)
    if args.json:
        print(json.dumps(told))
        return
    for name, value in told.items():
        print(
            f"{name.replace('_', ' '):34}{value:>10.3f}"
            if isinstance(value, float)
            else f"{name:34}{value:>10}"
        )


if __name__ == "__main__":
    main()
