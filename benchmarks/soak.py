"""A thousand feeds, a hundred of them bad, and the real daemon: who is late, what grows, what leaks?

    python -m benchmarks.soak [--feeds 1000] [--bad 100] [--minutes 60] [--speed 10]
    python -m benchmarks.soak --hostile [--minutes 4]

Time is compressed: every interval and pause of the config is divided by `--speed` (10: an hour of pace takes
six minutes). Work is not: parsing, writing and the daemon's own ticks take their time, so the compressed run
is the harder one. Each feed is a host of its own on a loopback address.

Prints a table of measures with their bounds, and ends with 1 if one is broken. `--hostile` subscribes to all
hostile feeds at once instead, again and again for so many real minutes, with the limits of the default
config, and looks at the peak of memory.
"""

import argparse
import asyncio
import resource
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from time import monotonic

from benchmarks.crowd import Crowd, Publisher, culprits, hostile
from benchmarks.verdict import EVERY, JITTER, Measure, Run, hostile_measures, measures, table
from benchmarks.watch import Sample, sample

NEWS_EVERY = timedelta(hours=1)  # one item of each paper
HOSTILE_SPEED = 60  # every hostile feed is asked again within a minute or so
SAMPLE_EVERY = timedelta(seconds=1)
STOP_SECONDS = 40

# What the default config says, as far as it is a wait.
SPREAD, BACKOFF, BACKOFF_MAX, HINT_MAX, TIMEOUT = (
    timedelta(minutes=count) for count in (5, 30, 1440, 1440, 1)
)

CONFIG = """\
server: {{listen: "127.0.0.1:0"}}
poll:
  every: {every}
  min: {every}
  max: {hint_max}
  spread: {spread}
  backoff: {backoff}
  backoff_max: {backoff_max}
  hint_max: {hint_max}
  retry_after_max: {hint_max}
  timeout: {timeout}
  jitter: {jitter}
  host_gap: 0s
  allow_private: [127.0.0.0/8]
outputs:
  - {{name: all, limit: 200}}
  - {{name: water, include: dam}}
feeds:
"""


def config(crowd: Crowd, speed: float, limit: timedelta) -> str:
    """Every wait divided by `speed`; good feeds have their rhythm set, so that nothing adapts it."""

    def in_seconds(wait: timedelta) -> str:
        return f"{max(1, round(wait.total_seconds() / speed))}s"

    head = CONFIG.format(
        every=in_seconds(EVERY),
        spread=in_seconds(SPREAD),
        backoff=in_seconds(BACKOFF),
        backoff_max=in_seconds(BACKOFF_MAX),
        hint_max=in_seconds(HINT_MAX),
        timeout=f"{limit.total_seconds():.0f}s",
        jitter=JITTER,
    )
    feeds = [f"  - {{url: '{crowd.url(one)}', every: {in_seconds(EVERY)}}}\n" for one in crowd.good]
    return head + "".join([*feeds, *(f"  - {crowd.url(one)}\n" for one in crowd.bad)])


@dataclass(slots=True)
class Daemon:
    """`aggregator run` as a process of its own, looked at every second."""

    process: asyncio.subprocess.Process
    data: Path
    samples: list[Sample] = field(default_factory=list)

    async def watched(self, seconds: float) -> None:
        """Take samples for so long; ends early if the daemon does."""
        end = monotonic() + seconds
        while monotonic() < end and self.process.returncode is None:
            wal = self.data / "aggregator.db-wal"
            self.samples.append(await asyncio.to_thread(sample, self.process.pid, wal))
            with suppress(TimeoutError):
                await asyncio.wait_for(self.process.wait(), SAMPLE_EVERY.total_seconds())

    async def stop(self) -> int:
        """Its exit code after SIGTERM; killed where it does not listen."""
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        try:
            return await asyncio.wait_for(self.process.wait(), STOP_SECONDS)
        except TimeoutError:
            self.process.kill()
            return await self.process.wait()


@asynccontextmanager
async def daemon(folder: Path, written: str) -> AsyncIterator[Daemon]:
    """The daemon on this config, with its log beside it; ended on the way out."""
    config_file, data, log = folder / "aggregator.yaml", folder / "data", folder / "log"
    config_file.write_text(written)
    command = (sys.executable, "-m", "aggregator", "--config", str(config_file), "--data", str(data), "run")
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(*command, stdout=out, stderr=out)
    running = Daemon(process, data)
    try:
        yield running
    finally:
        await running.stop()


async def soak(folder: Path, crowd: Crowd, seconds: float, speed: float, limit: timedelta) -> Run:
    """Let the daemon live among this crowd for so long. `limit` is that of a request, as it is."""
    async with crowd, daemon(folder, config(crowd, speed, limit)) as running:
        press = asyncio.ensure_future(crowd.publish(NEWS_EVERY / speed))
        await running.watched(seconds)
        press.cancel()
        exit_code = await running.stop()
    return Run(
        crowd=crowd,
        samples=running.samples,
        pause=SAMPLE_EVERY,
        data=running.data,
        every=EVERY / speed,
        exit_code=exit_code,
        log=folder / "log",
    )


def main() -> None:
    chosen = _arguments()
    _allow_open_files(4 * (chosen.feeds + 500))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        found = _hostile(Path(folder), chosen) if chosen.hostile else _peaceful(Path(folder), chosen)
    print(table(found))
    sys.exit(not all(measure.kept for measure in found))


def _peaceful(folder: Path, chosen: argparse.Namespace) -> list[Measure]:
    crowd = Crowd([Publisher(number) for number in range(chosen.feeds - chosen.bad)], culprits(chosen.bad))
    print(f"feeds={chosen.feeds} bad={chosen.bad} minutes={chosen.minutes:g} speed={chosen.speed:g}\n")
    seconds = chosen.minutes * 60 / chosen.speed
    return measures(asyncio.run(soak(folder, crowd, seconds, chosen.speed, TIMEOUT / chosen.speed)))


def _hostile(folder: Path, chosen: argparse.Namespace) -> list[Measure]:
    crowd = Crowd([Publisher(0)], hostile())
    print(f"feeds={len(crowd.bad) + 1} bad={len(crowd.bad)} minutes={chosen.minutes:g}\n")
    run = asyncio.run(soak(folder, crowd, chosen.minutes * 60, HOSTILE_SPEED, TIMEOUT))
    return hostile_measures(run)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--feeds", type=int, default=1_000)
    parser.add_argument("--bad", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=60, help="of compressed time")
    parser.add_argument("--speed", type=float, default=10)
    parser.add_argument("--hostile", action="store_true")
    return parser.parse_args()


def _allow_open_files(wanted: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(wanted, hard)), hard))


if __name__ == "__main__":
    main()
