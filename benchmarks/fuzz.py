"""What comes of feed documents that were damaged or armed on purpose: the parser as the daemon runs it.

    python -m benchmarks.fuzz FOLDER... [--count 200000] [--seed 1] [--processes 2] [--found fuzz-found]

Takes the feed documents below the folders that are not too large, mutates them (bytes flipped, cut, spliced,
tags doubled; references, entities, encodings, attributes put in), and parses each in the product's own
workers under the product's own limits. Of every so many feeds that were read, all formats are rendered and
checked as a strict XML or JSON parser would. Prints what became of them. A document that a worker did not
survive, that our code stumbled over or that gave a broken output is written to the folder `--found`. Exit
code 1 if our code stumbled or an output was broken; a worker that a limit ended was replaced, as it should.
"""

import argparse
import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from aggregator.core.settings import PollSettings
from aggregator.errors import ParseError
from aggregator.model import ParsedFeed
from aggregator.parse import Parser
from benchmarks.mutations import mutated
from benchmarks.rendering import broken_outputs
from tests.newsroom import a_body

URL = "https://news.example.org/rss"
TYPES = (None, "text/xml", "text/xml; charset=utf-8", "text/xml; charset=iso-8859-1", "a/b; charset=utf-16")
LOST = ("parsing it takes", "the parser died")
FAILED = "the parser failed"


def main() -> None:
    chosen = _arguments().parse_args()
    files = [file for folder in chosen.folders for file in folder.rglob("*") if file.is_file()]
    counts = asyncio.run(_Run(chosen).counts(sorted(files)))
    sys.exit(1 if counts["failed"] or counts["broken output"] else 0)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--count", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--max-bytes", type=int, default=20_000, help="larger files are left out")
    parser.add_argument(
        "--render-every", type=int, default=20, help="render the outputs of every so many feeds"
    )
    parser.add_argument("--found", type=Path, default=Path("fuzz-found"))
    return parser


class _Run:
    """One run: documents are made in order from the seed, so that a number names the same one each time."""

    def __init__(self, chosen: argparse.Namespace) -> None:
        self.chosen = chosen
        self.seeds: list[bytes] = []
        self.tally: Counter[str] = Counter()
        self.began = time.monotonic()

    async def counts(self, files: Sequence[Path]) -> Counter[str]:
        """What became of all documents that were made from these files, as far as they are feeds."""
        limits = PollSettings()
        async with Parser(
            self.chosen.processes, timeout=limits.parse_timeout, memory_bytes=limits.parse_memory
        ) as parser:
            await self._load(parser, files)
            documents = self._documents()
            async with asyncio.TaskGroup() as tasks:
                for _ in range(self.chosen.processes):
                    tasks.create_task(self._work(parser, documents))
        self._report()
        return self.tally

    async def _load(self, parser: Parser, files: Sequence[Path]) -> None:
        for file in files:
            if file.stat().st_size <= self.chosen.max_bytes:
                with suppress(ParseError):
                    await parser.parse(a_body(file.read_bytes()), URL, None)
                    self.seeds.append(file.read_bytes())
        if not self.seeds:
            sys.exit("no feed document of a fitting size below these folders")
        print(f"seeds={len(self.seeds)} bytes={sum(map(len, self.seeds))}", flush=True)

    def _documents(self) -> Iterator[tuple[int, bytes, str | None]]:
        for number in range(self.chosen.count):
            chance = random.Random(f"{self.chosen.seed}/{number}")
            yield number, mutated(self.seeds, chance), chance.choice(TYPES)

    async def _work(self, parser: Parser, documents: Iterator[tuple[int, bytes, str | None]]) -> None:
        for number, body, kind in documents:
            outcome = await self._outcome(parser, number, body, kind)
            self.tally[outcome] += 1
            if outcome not in {"parsed", "refused"}:
                self._keep(number, body, outcome)
            if (number + 1) % 2_000 == 0:
                self._report()

    async def _outcome(self, parser: Parser, number: int, body: bytes, kind: str | None) -> str:
        try:
            parsed = await parser.parse(a_body(body), URL, kind)
        except ParseError as error:
            if not error.reason.startswith((*LOST, FAILED)):
                return "refused"
            print(f"document {number}: {error.reason}", flush=True)
            return "failed" if error.reason.startswith(FAILED) else "worker lost"
        self.tally["entries"] += len(parsed.entries)
        self._count_unread(number, parsed)
        if number % self.chosen.render_every == 0:
            return self._rendered(number, parsed)
        return "parsed"

    def _count_unread(self, number: int, parsed: ParsedFeed) -> None:
        """Counts the documents of which feedparser could not read an entry, or we could not."""
        unread = [one for one in parsed.problems if ": feedparser cannot" in one or "not be read" in one]
        if unread:
            self.tally["with an entry not read"] += 1
            print(f"document {number}: {unread[0]}", flush=True)

    def _rendered(self, number: int, parsed: ParsedFeed) -> str:
        self.tally["rendered"] += 1
        for fault in broken_outputs(parsed):
            print(f"document {number}: {fault}", flush=True)
            return "broken output"
        return "parsed"

    def _keep(self, number: int, body: bytes, outcome: str) -> None:
        self.chosen.found.mkdir(exist_ok=True)
        (self.chosen.found / f"{outcome.replace(' ', '-')}-{self.chosen.seed}-{number}").write_bytes(body)

    def _report(self) -> None:
        done = sum(
            self.tally[name] for name in ("parsed", "refused", "worker lost", "failed", "broken output")
        )
        rate = done / (time.monotonic() - self.began)
        said = " ".join(f"{name.replace(' ', '_')}={count}" for name, count in sorted(self.tally.items()))
        print(f"documents={done} per_second={rate:.0f} {said}", flush=True)


if __name__ == "__main__":
    main()
