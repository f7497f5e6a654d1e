"""Which rules of politeness do feed clients keep? We, and lemon24/reader where a Python with it is named.

    python -m benchmarks.politeness [--reader-python venv/bin/python] [--only 34]

Plays every scenario of tests/scenarios with each client, one after another and in one run: the same servers,
the same visits, the same judges. Prints a Markdown table of the scenarios, how many rules each client keeps
(a rule is kept if all of its scenarios are), and what the judges said. For reader:

    python3 -m venv venv && venv/bin/pip install reader sgmllib3k
"""

import argparse
import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from aggregator import __version__
from tests.scenarios import SCENARIOS
from tests.scenarios.guests import ourselves
from tests.scenarios.scenario import Found, Invite, Scenario, judged

PATIENCE_SECONDS = 120  # for one command of the other client
READER_GUEST = Path(__file__).with_name("reader_guest.py")


class CrashedError(Exception):
    """The other client failed where it should have told us what is wrong."""


@dataclass(slots=True)
class ReaderGuest:
    """lemon24/reader in a process of its own."""

    process: asyncio.subprocess.Process

    async def tell(self, command: str, **arguments: Any) -> dict[str, Any]:
        """What the process answers to a command; CrashedError where it failed."""
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin
        assert stdout
        stdin.write(json.dumps([command, arguments]).encode() + b"\n")
        answer: dict[str, Any] = json.loads(await asyncio.wait_for(stdout.readline(), PATIENCE_SECONDS))
        if "crashed" in answer:
            raise CrashedError(answer["crashed"])
        return answer

    async def subscribe(self, urls: Sequence[str], headers: Mapping[str, str]) -> None:
        await self.tell("subscribe", urls=list(urls), headers=dict(headers))

    async def visit(self, now: datetime, *, forced: bool) -> None:
        await self.tell("visit", now=now.isoformat(), forced=forced)

    async def restart(self) -> None:
        await self.tell("restart")

    async def found(self) -> Found:
        answer = await self.tell("found")
        return Found(frozenset(answer["titles"]), answer["problems"])


@asynccontextmanager
async def reader_process(python: Path) -> AsyncIterator[ReaderGuest]:
    """A process that has reader, ended on the way out."""
    pipe = asyncio.subprocess.PIPE
    devnull = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        python, READER_GUEST, stdin=pipe, stdout=pipe, stderr=devnull
    )
    try:
        yield ReaderGuest(process)
    finally:
        if process.stdin:
            process.stdin.close()
        await process.wait()


def inviting(guest: ReaderGuest) -> Invite:
    """The same process for every play, each with a new database."""

    @asynccontextmanager
    async def invite(folder: Path) -> AsyncIterator[ReaderGuest]:
        await guest.tell("open", folder=str(folder))
        try:
            yield guest
        finally:
            await guest.tell("close")

    return invite


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What the judges said of one client: a sentence by scenario, None where it behaved."""

    client: str
    faults: Mapping[str, str | None]

    def kept(self, scenarios: Iterable[Scenario]) -> bool:
        return all(self.faults[scenario.id] is None for scenario in scenarios)


async def verdicts(client: str, invite: Invite, scenarios: Sequence[Scenario]) -> Verdicts:
    """Play them all."""
    faults: dict[str, str | None] = {}
    for scenario in scenarios:
        with tempfile.TemporaryDirectory() as folder:
            try:
                faults[scenario.id] = await judged(scenario, invite, Path(folder))
            except CrashedError as error:
                faults[scenario.id] = f"crashed: {error}"
    return Verdicts(client, faults)


async def compared(python: Path | None, scenarios: Sequence[Scenario]) -> list[Verdicts]:
    """Every client's verdicts."""
    all_verdicts = [await verdicts(f"aggregator {__version__}", ourselves, scenarios)]
    if python:
        async with reader_process(python) as guest:
            with tempfile.TemporaryDirectory() as folder:
                version = (await guest.tell("open", folder=folder))["version"]
                await guest.tell("close")
            all_verdicts.append(await verdicts(f"reader {version}", inviting(guest), scenarios))
    return all_verdicts


# -- the report -------------------------------------------------------------------------------------------


def report(scenarios: Sequence[Scenario], clients: Sequence[Verdicts]) -> str:
    """The table, its sum by rule, and every fault in a judge's words."""
    rows = sorted(scenarios, key=_rule)
    rules = [list(group) for _, group in groupby(rows, key=_rule)]
    head = ["rule", "scenario", *(client.client for client in clients)]
    kept = (sum(map(client.kept, rules)) for client in clients)
    lines = [
        _row(head),
        _row(["---:", *["---"] * (len(head) - 1)]),
        *(_row([str(one.rule), one.name, *(_cell(client, one) for client in clients)]) for one in rows),
        _row(["", f"**rules kept, of {len(rules)}**", *(f"**{count}**" for count in kept)]),
    ]
    return "\n".join([*lines, "", *_faults(clients)])


def _rule(scenario: Scenario) -> int:
    return scenario.rule


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(client: Verdicts, scenario: Scenario) -> str:
    return "yes" if client.kept([scenario]) else "**no**"


def _faults(clients: Sequence[Verdicts]) -> Iterable[str]:
    for client in clients:
        faults = {name: fault for name, fault in sorted(client.faults.items()) if fault}
        if faults:
            yield f"What the judges said of {client.client}:\n"
            yield from (f"- {name}: {fault}" for name, fault in faults.items())
            yield ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--reader-python", type=Path, help="a Python in whose venv `reader` is installed")
    parser.add_argument("--only", type=int, action="append", help="a rule's number; may be given again")
    chosen = parser.parse_args()
    scenarios = [one for one in SCENARIOS if not chosen.only or one.rule in chosen.only]
    print(f"{datetime.now(UTC):%Y-%m-%d}\n")
    print(report(scenarios, asyncio.run(compared(chosen.reader_python, scenarios))))


if __name__ == "__main__":
    main()
