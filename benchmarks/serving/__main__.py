"""How fast an output is served, beside nginx serving the same file in the same run.

    python -m benchmarks.serving [--rounds 9] [--seconds 2] [--connections 16] [--json]

Needs Debian's `nginx-light` and `wrk`, and two processor cores: the server under load has one, wrk the other.
Both servers run all the time and are asked in turns, so that what else the machine does meets both alike; a
ratio is the median of those of the rounds. One is aggregator's whole daemon on a real data folder, the other
one nginx worker with the file, its gzip form beside it, and no access log. CPU is what the server's process
took for a request, the kernel's part included.

Ends with 1 where a goal is missed.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from benchmarks.serving.contenders import Contender, contenders
from benchmarks.serving.load import Load, Question, loaded, validators

READER = {
    "User-Agent": "Reader/1.0 (+https://reader.example.org/)",
    "Accept": "application/atom+xml, application/rss+xml, application/feed+json, text/html;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}
"""What a feed reader says besides."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One way of asking; `goal` is how fast we want to be, nginx being 1."""

    name: str
    status: int
    headers: dict[str, str]
    held: bool
    goal: float


KINDS = (
    Kind("304, bare", 304, {}, held=True, goal=0.45),
    Kind("304, as readers ask", 304, READER, held=True, goal=0.45),
    Kind("200, identity", 200, {}, held=False, goal=0.7),
    Kind("200, gzip", 200, READER, held=False, goal=0.7),
)


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one kind: medians of the rounds, CPU in microseconds for a request."""

    kind: str
    goal: float
    ratio: float
    lowest: float
    highest: float
    ours_per_second: float
    nginx_per_second: float
    ours_cpu: float
    nginx_cpu: float
    bytes: int


def main() -> None:
    chosen = _arguments()
    server_core, load_core = sorted(os.sched_getaffinity(0))[:2]
    os.sched_setaffinity(0, {server_core})  # what we start inherits it
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, contenders(Path(folder)) as both:
        rows = [_row(kind, both, chosen, load_core) for kind in KINDS]
    print(json.dumps([asdict(row) for row in rows], indent=1) if chosen.json else _table(rows))
    sys.exit(any(row.ratio < row.goal for row in rows))


def _row(kind: Kind, both: Sequence[Contender], chosen: argparse.Namespace, core: int) -> Row:
    questions = [_question(kind, one) for one in both]
    rounds = [
        [loaded(question, one, chosen.connections, chosen.seconds, core) for question, one in asked]
        for asked in [list(zip(questions, both, strict=True))] * chosen.rounds
    ]
    ours, theirs = zip(*rounds, strict=True)
    ratios = [mine.per_second / yours.per_second for mine, yours in rounds]
    return Row(
        kind=kind.name,
        goal=kind.goal,
        ratio=median(ratios),
        lowest=min(ratios),
        highest=max(ratios),
        ours_per_second=_usual(ours),
        nginx_per_second=_usual(theirs),
        ours_cpu=median(one.cpu for one in ours),
        nginx_cpu=median(one.cpu for one in theirs),
        bytes=questions[0].bytes,
    )


def _question(kind: Kind, one: Contender) -> Question:
    held = validators(one.url, kind.headers) if kind.held else {}
    return Question.checked(one.url, {**kind.headers, **held}, kind.status)


def _usual(loads: Sequence[Load]) -> float:
    return median(one.per_second for one in loads)


def _table(rows: Sequence[Row]) -> str:
    lines = [
        "| asked | bytes | ratio (of the rounds) | goal | ours/s | nginx/s | CPU, ours | CPU, nginx |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.kind} | {row.bytes:,} | **{row.ratio:.2f}** ({row.lowest:.2f} to {row.highest:.2f}) "
        f"| {row.goal:.2f} | {row.ours_per_second:,.0f} | {row.nginx_per_second:,.0f} "
        f"| {row.ours_cpu:.0f} µs | {row.nginx_cpu:.0f} µs |"
        for row in rows
    ]
    return "\n".join(lines)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=2, help="of load on one server in a round")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
