"""The commands that poll, publish and serve."""

import asyncio
import logging
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from aggregator import config as configs
from aggregator import logs
from aggregator.app import Daemon, Parts, ask_health, give_freed_memory_back, known_settings, open_parts
from aggregator.app.choice import choose
from aggregator.app.reload import ConfigWatch
from aggregator.app.supervisor import Supervisor
from aggregator.cli.checking import hint
from aggregator.cli.context import Context, command
from aggregator.config import Loaded
from aggregator.config.values import read_public_url
from aggregator.core.notices import TEST
from aggregator.core.settings import Settings
from aggregator.core.text import counted
from aggregator.curate import Progress as Heard
from aggregator.demo import DemoSite, config_text
from aggregator.errors import ListenError, UsageError
from aggregator.model import Feed, Outcome, Poll
from aggregator.notices import send, service_of
from aggregator.patterns import timed_search
from aggregator.publish import export

PAPERS_PACE = 1 / 240
"""The first new story comes after an hour: who learns with the papers sees what the lesson says."""


@command("aggregator --config config/aggregator.yaml --data data run")
@click.pass_obj
def run(context: Context) -> None:
    """Poll, publish and serve until told to stop (SIGTERM, Ctrl-C)."""
    if context.write_missing_config():
        click.echo(f"wrote a first config with well-known feeds: {context.config.absolute()}")
    give_freed_memory_back()
    asyncio.run(_serve(context))


async def _serve(context: Context) -> None:
    watch = ConfigWatch(context.load_judged, (context.config,))
    loaded = watch.load()
    logs.put_in_force(loaded.settings.logging)

    def announce(line: str) -> None:
        click.echo(line)
        hint(loaded.settings)

    async with open_parts(loaded, context.data) as parts:
        await Daemon(parts, watch, announce=announce, supervisor=Supervisor.of(context.environ)).run()


@command("aggregator poll https://feeds.bbci.co.uk/news/world/rss.xml")
@click.argument("urls", metavar="[URL]...", nargs=-1, help="Feeds of the config, due or not.")
@click.option("--all", "everything", is_flag=True, help="Poll every feed, due or not.")
@click.pass_obj
def poll(context: Context, urls: tuple[str, ...], everything: bool) -> None:
    """Poll what is due, or the named feeds, or all; publish; print a summary."""
    sys.exit(asyncio.run(_poll(context, urls, everything=everything)))


async def _poll(context: Context, urls: tuple[str, ...], *, everything: bool) -> int:
    loaded = context.load()
    async with open_parts(loaded, context.data) as parts:
        chosen = await choose(parts, urls, everything=everything)
        await parts.index_anew()
        with _retagging() as progress:
            await parts.retag_if_due(progress)
        polls = await _with_progress(parts, chosen.feeds)
        written: Sequence[str] = ()
        try:
            written = await parts.publish()
        finally:  # what came is stored, and told, even where it could not be published
            for line in [*chosen.left_out, *_summary(polls, written)]:
                click.echo(line)
        failed = any(one.outcome in (Outcome.FAILED, Outcome.SKIPPED) for _, one in polls)
        return 1 if urls and (failed or chosen.left_out) else 0


async def _with_progress(parts: Parts, feeds: Sequence[Feed]) -> list[tuple[Feed, Poll]]:
    """Poll them all, with a bar at a terminal and a line for each failure elsewhere."""
    polls = []
    with _bar("polling") as (bar, place):
        bar.update(place, total=len(feeds))
        async for feed, ended in parts.poll_round(feeds):
            polls.append((feed, ended))
            bar.advance(place)
    return polls


@contextmanager
def _retagging() -> Iterator[Heard]:
    with _bar("retagging") as (bar, place):
        yield lambda judged, of: bar.update(place, completed=judged, total=of)


@contextmanager
def _bar(doing: str) -> Iterator[tuple[Progress, TaskID]]:
    """A bar on stderr, with the number of its only task; nothing where that is no terminal."""
    console = Console(stderr=True)
    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        yield bar, bar.add_task(doing, total=None)


def _summary(polls: Sequence[tuple[Feed, Poll]], written: Sequence[str]) -> list[str]:
    lines = [f"failed: {feed.url}: {ended.error}" for feed, ended in polls if ended.outcome is Outcome.FAILED]
    lines += [
        f"left alone: {feed.url}: {ended.error}" for feed, ended in polls if ended.outcome is Outcome.SKIPPED
    ]
    counts = {outcome: sum(ended.outcome is outcome for _, ended in polls) for outcome in Outcome}
    told = ", ".join(f"{count} {outcome.replace('_', ' ')}" for outcome, count in counts.items() if count)
    entries = sum(ended.new_entries for _, ended in polls)
    stories = sum(ended.new_stories for _, ended in polls)
    polled = counted(len(polls) - counts[Outcome.SKIPPED], "feed")
    lines.append(f"{polled} polled" + (f" ({told})" if told else ""))
    came = counted(entries, "new entry"), counted(stories, "new story")
    lines.append(f"{', '.join(came)}, {counted(len(written), 'file')} published")
    return lines


@command("aggregator demo --listen 127.0.0.1:8090")
@click.option(
    "--listen", default=None, metavar="HOST:PORT", help="Where to serve.  [default: 127.0.0.1:8080]"
)
@click.option(
    "--papers",
    "port",
    type=click.IntRange(1, 65_535),
    metavar="PORT",
    help="Serve the sample papers alone, on this port, for a config of your own to poll.",
)
@click.pass_obj
def demo(context: Context, listen: str | None, port: int | None) -> None:
    """Show the whole thing offline: sample feeds, the daemon, a page to open."""
    if port is not None:
        _papers(port)
        return
    site = DemoSite()
    base_url = site.start()
    try:
        with _folder_for_a_while() as folder:
            asyncio.run(_demo(context, base_url, Path(folder), listen))
    finally:
        site.stop()


def _folder_for_a_while() -> tempfile.TemporaryDirectory[str]:
    try:
        return tempfile.TemporaryDirectory(prefix="aggregator-demo-")
    except OSError as error:
        raise UsageError(
            f"the demo needs a folder for a while: {error.strerror}; name one in TMPDIR"
        ) from error


def _papers(port: int) -> None:
    """Serve them until Ctrl-C; ListenError where the port is not to be had."""
    try:
        site = DemoSite(PAPERS_PACE, port=port)
    except OSError as error:
        raise ListenError(f"127.0.0.1:{port}", f"{error.strerror}; take another port") from error
    click.echo(f"Twelve sample papers are at {site.start()} for a config of your own. Ctrl-C ends it.")
    with suppress(KeyboardInterrupt):
        threading.Event().wait()
    site.stop()


async def _demo(context: Context, base_url: str, folder: Path, listen: str | None) -> None:
    path = folder / "demo.yaml"
    path.write_text(config_text(base_url), encoding="utf-8")
    environ = {**context.environ, **({"AGGREGATOR_LISTEN": listen} if listen else {})}

    def read() -> Loaded:
        return configs.load(path, environ)

    def invite(_: str) -> None:
        click.echo("Twelve sample papers are being read; new stories come every few seconds. Ctrl-C ends it.")
        click.echo(f"Open {loaded.settings.server.public_url}")

    watch = ConfigWatch(read, (path,))
    loaded = watch.load()
    logging.getLogger("aggregator").setLevel(logging.WARNING)  # else the address scrolls away
    async with open_parts(loaded, folder / "data") as parts:
        await Daemon(parts, watch, announce=invite).run()


@command("aggregator --data data publish")
@click.option(
    "--to",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Make files for a static host instead.",
)
@click.option("--url", metavar="URL", help="Where DIR will be served.  [default: server.public_url]")
@click.pass_obj
def publish(context: Context, folder: Path | None, url: str | None) -> None:
    """Render every output again from the store.

    With --to it only reads, and works while a daemon runs.
    """
    if url and not folder:
        raise UsageError("--url says where the folder of --to will be served; name that too")
    written = _export(context, folder, url) if folder else asyncio.run(_publish(context))
    for path in written:
        click.echo(path)
    click.echo(f"{counted(len(written), 'file')} changed")


def _export(context: Context, folder: Path, url: str | None) -> tuple[str, ...]:
    settings = known_settings(context.load(), context.data)
    address = _address(settings, url)
    if context.data.resolve() in (folder.resolve(), *folder.resolve().parents):
        raise UsageError(f"--to: {folder} is in the data folder, where we keep our own; take another")
    made = export(
        context.reader(), settings, folder, address, now=lambda: datetime.now(UTC), search=timed_search
    )
    exported = asyncio.run(made)
    for path in exported.left_alone:
        click.echo(f"left alone: {folder / path}: somebody else's file; take it away to have ours", err=True)
    return exported.written


def _address(settings: Settings, url: str | None) -> str:
    """Where an export will be served; UsageError where nobody says."""
    if url:
        try:
            return read_public_url(url)
        except ValueError as error:
            raise UsageError(f"--url: {url!r} {error}") from error
    if not settings.server.is_public:
        raise UsageError("feeds name their own address: say with --url where the folder will be served")
    return settings.server.public_url


async def _publish(context: Context) -> tuple[str, ...]:
    async with open_parts(context.load(), context.data) as parts:
        return await parts.publish()


@command("aggregator --config config/aggregator.yaml retag")
@click.pass_obj
def retag(context: Context) -> None:
    """Apply today's tag rules to the stored stories, and publish.

    It goes on where a run before it was broken off. A daemon does this by itself when rules change.
    """
    changed = asyncio.run(_retag(context))
    click.echo(f"{counted(changed, 'story')} got other tags")


async def _retag(context: Context) -> int:
    async with open_parts(context.load(), context.data) as parts:
        with _retagging() as progress:
            changed = await parts.retag(progress)
        await parts.publish()
        return changed


@command("aggregator health")
@click.pass_obj
def health(context: Context) -> None:
    """Ask the running daemon how it is: exit code 0 when its data is fresh, else 1 and the reason."""
    well, line = ask_health(context.settings().server)
    click.echo(line)
    sys.exit(0 if well else 1)


@command("aggregator --config config/aggregator.yaml notify")
@click.pass_obj
def notify(context: Context) -> None:
    """Send a test notice to every address of `notify`, and tell how that went.

    Exit code 1 if one did not take it.
    """
    addresses = context.load_judged().settings.notify
    if not addresses:
        click.echo("the config names nobody to send notices to; put addresses under `notify:`")
        sys.exit(1)
    answers = asyncio.run(send(addresses, TEST))
    for number, (address, reason) in enumerate(zip(addresses, answers, strict=True)):
        click.echo(f"notify[{number}] ({service_of(address)}): {reason or 'taken'}")
    sys.exit(any(answers))
