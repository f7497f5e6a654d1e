"""What a soak shows: measures with their bounds. Knows the run, and nothing of how it was made."""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median

from benchmarks.crowd import Crowd
from benchmarks.watch import Sample

EVERY = timedelta(minutes=10)  # the default config's `poll.min`, the quickest pace without a word of ours
JITTER = 0.1
LATE_SECONDS = 5.0  # later than this is late: ticks of one second, and a queue
ON_TIME = 0.99
WARM_UP = 1.5  # rounds until every feed was polled and the workers have started
GROWTH = 1.2  # of memory, from the first quarter to the last
FILES_GROWTH = 20
WAL_MEGABYTES = 64
HOSTILE_MEGABYTES = 400
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Measure:
    """A number, what it may be, and whether it is."""

    name: str
    value: str
    bound: str = ""
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Run:
    """What a run leaves to be judged. `every` is the compressed rhythm of the good feeds."""

    crowd: Crowd
    samples: Sequence[Sample]
    pause: timedelta
    """between two samples"""
    data: Path
    every: timedelta
    exit_code: int
    log: Path


def table(measures: Iterable[Measure]) -> str:
    """The measures as a Markdown table."""
    rows = [f"| {one.name} | {one.value} | {one.bound} | {_verdict(one)} |" for one in measures]
    return "\n".join(["| measure | value | bound | |", "|---|---:|---|---|", *rows])


def _verdict(measure: Measure) -> str:
    return "" if not measure.bound else "kept" if measure.kept else "**broken**"


def measures(run: Run) -> list[Measure]:
    """All that a soak is judged by."""
    return [*_pace(run), *_news(run), *_resources(run), *_end(run)]


def hostile_measures(run: Run) -> list[Measure]:
    """What counts where every feed is hostile."""
    peak = _peak_megabytes(run)
    bound = f"under {HOSTILE_MEGABYTES} MB"
    return [
        Measure("requests to hostile feeds", str(len(run.crowd.web.asked))),
        Measure("peak memory of the tree", f"{peak:.0f} MB", bound, peak < HOSTILE_MEGABYTES),
        _own_peak(run),
        *_end(run),
    ]


# -- pace -------------------------------------------------------------------------------------------------


def _pace(run: Run) -> Iterable[Measure]:
    late = sorted(_lateness(run))
    share = sum(wait <= LATE_SECONDS for wait in late) / max(len(late), 1)
    yield Measure("rhythm of a good feed", f"{run.every.total_seconds():.0f} s")
    yield Measure("polls of good feeds after their first", str(len(late)), "more than none", bool(late))
    yield Measure(
        f"of these no more than {LATE_SECONDS:g} s late", f"{share:.2%}", f"{ON_TIME:.0%}", share >= ON_TIME
    )
    yield Measure("late by, half / 95 % / worst", _spread(late))
    yield Measure("requests to bad feeds", str(len(run.crowd.web.asked)))


def _lateness(run: Run) -> Iterable[float]:
    """How much later than its rhythm and the full jitter each poll of a good feed began, in seconds."""
    longest = run.every.total_seconds() * (1 + JITTER)
    for publisher in run.crowd.good:
        for earlier, later in pairwise(publisher.asked_at):
            yield max(0.0, later - earlier - longest)


def _spread(numbers: Sequence[float]) -> str:
    if not numbers:
        return "-"
    last = len(numbers) - 1
    return " / ".join(f"{numbers[round(last * share)]:.1f} s" for share in (0.5, 0.95, 1))


# -- news -------------------------------------------------------------------------------------------------


def _news(run: Run) -> Iterable[Measure]:
    """From the moment that a paper printed an item until it was stored; what is not due yet counts not."""
    seen = _stored(run)
    end = max(seen.values(), default=datetime.now(UTC))
    patience = run.every * (1 + JITTER) + timedelta(seconds=LATE_SECONDS)
    delays, lost = [], 0
    for publisher in run.crowd.good:
        for item, printed in enumerate(publisher.printed):
            title = publisher.title(item)
            if title in seen and item:  # the first item was there before the daemon was
                delays.append((seen[title] - printed).total_seconds())
            lost += title not in seen and printed < end - patience
    delays.sort()
    slowest = delays[round((len(delays) - 1) * 0.95)] if delays else 0.0
    limit = patience.total_seconds()
    yield Measure("news printed and stored", str(len(delays)), "more than none", bool(delays))
    yield Measure("news lost", str(lost), "none", not lost)
    yield Measure(
        "from print to store, half / 95 % / worst", _spread(delays), f"95 %: {limit:.0f} s", slowest <= limit
    )


def _stored(run: Run) -> dict[str, datetime]:
    database = f"file:{run.data / 'aggregator.db'}?mode=ro"
    with closing(sqlite3.connect(database, uri=True)) as conn:
        rows = conn.execute("SELECT title, first_seen_at FROM entries WHERE title LIKE 'Paper %'").fetchall()
    return {title: datetime.fromisoformat(at) for title, at in rows}


# -- resources --------------------------------------------------------------------------------------------


def _resources(run: Run) -> Iterable[Measure]:
    settled = run.samples[round(WARM_UP * run.every / run.pause) :] or run.samples
    quarter = max(len(settled) // 4, 1)
    first, last = settled[:quarter], settled[-quarter:]
    before, after = (median(one.memory_bytes for one in part) / MEGABYTE for part in (first, last))
    yield Measure(
        "memory of the tree, first / last quarter",
        f"{before:.0f} / {after:.0f} MB",
        f"at most {GROWTH:g} times",
        after <= before * GROWTH,
    )
    yield Measure("peak memory of the tree", f"{_peak_megabytes(run):.0f} MB")
    yield _own_peak(run)
    files = [median(one.open_files for one in part) for part in (first, last)]
    yield Measure(
        "open files of the daemon, first / last quarter",
        f"{files[0]:.0f} / {files[1]:.0f}",
        f"at most {FILES_GROWTH} more",
        files[1] <= files[0] + FILES_GROWTH,
    )
    most = max(one.processes for one in run.samples)
    yield Measure(
        "processes, at most / at the end", f"{most} / {run.samples[-1].processes}", "at most 8", most <= 8
    )
    zombies = median(one.zombies for one in last)
    yield Measure("zombies in the last quarter", f"{zombies:.0f}", "none", not zombies)
    wal = max(one.wal_bytes for one in run.samples) / MEGABYTE
    yield Measure("largest write-ahead log", f"{wal:.1f} MB", f"{WAL_MEGABYTES} MB", wal <= WAL_MEGABYTES)
    yield Measure("CPU time of the tree", f"{max(one.cpu_seconds for one in run.samples):.0f} s")


def _own_peak(run: Run) -> Measure:
    peak = max(one.own_bytes for one in run.samples) / MEGABYTE
    return Measure("peak memory of the daemon without its workers", f"{peak:.0f} MB")


def _peak_megabytes(run: Run) -> float:
    return max(one.memory_bytes for one in run.samples) / MEGABYTE


# -- the end ----------------------------------------------------------------------------------------------


def _end(run: Run) -> Iterable[Measure]:
    tracebacks = run.log.read_bytes().count(b"Traceback")
    yield Measure("tracebacks in the log", str(tracebacks), "none", not tracebacks)
    yield Measure("exit code after SIGTERM", str(run.exit_code), "0", run.exit_code == 0)
