"""The commands that change the config's feeds: its comments stay, and a daemon takes the change up by itself.

They need no lock on the data folder, so they work while a daemon runs.
"""

import asyncio
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import IO

import click

from aggregator.app.finding import find
from aggregator.app.lists import RemoteLists
from aggregator.app.parts import LISTS
from aggregator.cli.context import Context, command
from aggregator.cli.exports import EXPORT, read_told
from aggregator.cli.show import say
from aggregator.config import Loaded, parse_opml
from aggregator.config.editing import Edit, Listed, added, listed, removed
from aggregator.config.values import read_duration, read_tag
from aggregator.core import discovery
from aggregator.core.settings import FeedSettings
from aggregator.core.text import counted
from aggregator.core.urls import login_apart
from aggregator.errors import EditError, StoreError
from aggregator.model import Wait
from aggregator.setup import Candidate, Found, address_keys, named, new_among

SAMPLE = 3  # entries of a feed that are shown, so that a person sees what it is
TAKEN_UP = "a daemon on this config takes it up within seconds; without one: `aggregator poll`"


class _Said(click.ParamType[object]):
    """An option's value as the config reads it."""

    name = "text"

    def __init__(self, read: Callable[[str], object]) -> None:
        self._read = read

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> object:
        """What `read` makes of it; its complaint is told with the option's name."""
        try:
            return self._read(value)
        except ValueError as error:
            self.fail(f"'{value}' {error}", param, ctx)


@command("aggregator add https://www.theguardian.com/world --tag world --every 15m")
@click.argument("url", help="A feed's or a page's, with or without https://.")
@click.option("--title", help="What to call it.  [default: as it calls itself]")
@click.option("--tag", "tags", multiple=True, type=_Said(read_tag), help="A tag for its stories.")
@click.option("--every", type=_Said(read_duration), help="Its own rhythm: 15m, 2h, 1d.")
@click.pass_obj
def add(
    context: Context, url: str, title: str | None, tags: tuple[str, ...], every: timedelta | None
) -> None:
    """Find the feed behind a page and write it into the config."""
    asyncio.run(_add(context, FeedSettings(url=url, title=title, tags=tags, every=every)))


async def _add(context: Context, wanted: FeedSettings) -> None:
    loaded = context.load_begun()
    known = RemoteLists(context.data / LISTS).known(loaded).feeds
    if _tell_known(known, *discovery.addresses(wanted.url)):
        return
    chosen, others = _chosen(await find(wanted.url, loaded.settings, _waits(context), _tell_asked))
    if _tell_known(known, chosen.url):
        return
    _tell_found(chosen, others)
    _write(context, replace(wanted, url=chosen.url, auth=chosen.auth))


def _waits(context: Context) -> tuple[Wait, ...]:
    """What servers asked the polls for, as far as there were any."""
    try:
        return context.reader().waits(datetime.now(UTC))
    except StoreError:
        return ()


def _write(context: Context, new: FeedSettings) -> None:
    edit = _put_in(context, [new])
    click.echo(f"wrote {context.config}:{edit.line}:")
    for line in edit.lines:
        click.echo(line.replace(new.auth, "***") if new.auth else line)
    click.echo(TAKEN_UP)


def _put_in(context: Context, new: Sequence[FeedSettings]) -> Edit:
    """Read the file and write it at once: what somebody changed since the command began is kept."""
    text = context.text()
    edit = added(text, new)
    lines = "\n".join(edit.lines)
    context.save(text, edit, by_hand=f"add these lines under feeds: by hand:\n{lines}")
    return edit


def _tell_known(known: Sequence[FeedSettings], *urls: str) -> bool:
    keys = {key for url in urls for key in address_keys(url)}
    same = next((feed for feed in known if keys & address_keys(feed.url)), None)
    if same:
        click.echo(f"already in the config: {same.url}")
    return same is not None


def _tell_asked(url: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"asking {url}", err=True)


def _chosen(found: Sequence[Found]) -> tuple[Found, list[Found]]:
    """The best, or at a terminal the one that the user takes; and the others."""
    number = 0
    if len(found) > 1 and sys.stdin.isatty() and sys.stdout.isatty():
        for place, one in enumerate(found, start=1):
            say(f"{place}  {_line(one)}")
        number = click.prompt("Which one?", type=click.IntRange(1, len(found)), default=1) - 1
    return found[number], [*found[:number], *found[number + 1 :]]


def _tell_found(found: Found, others: Sequence[Found]) -> None:
    say(f"found: {_line(found)}")
    for entry in found.parsed.entries[:SAMPLE]:
        day = f"{entry.published_at:%Y-%m-%d}" if entry.published_at else " " * 10
        say(f"  {day}  {entry.title or entry.url or ''}")
    for other in others:
        say(f"also there: {_line(other)}")


def _line(found: Found) -> str:
    parsed = found.parsed
    entries = counted(len(parsed.entries), "entry")
    return f"{found.url} ({_format(parsed.format)}, {entries}): {parsed.title or 'without a title'}"


def _format(kind: str) -> str:
    """`rss20` → `RSS 2.0`."""
    name, digits = re.sub(r"\d.*", "", kind), re.sub(r"\D", "", kind)
    spelt = {"atom": "Atom", "json": "JSON Feed"}.get(name, name.upper())
    return f"{spelt} {digits[:1]}.{digits[1:]}" if digits else spelt


@command("aggregator remove https://www.theguardian.com/world/rss")
@click.argument("feed", metavar="URL-or-TITLE", help="Its address, in whichever spelling, or its title.")
@click.pass_obj
def remove(context: Context, feed: str) -> None:
    """Take a feed out of the config; its stories stay."""
    loaded = context.load()
    text = context.text()
    items = listed(text, context.environ)
    one = named(feed, [*_own(context, items), *_in_lists(context, loaded, items)])
    item = items[one.place]
    if one.in_list:
        where = f"{one.url} stands in a list that {context.config}:{item.line} names"
        raise EditError(where, "take it out there, or put it here with `paused: true`")

    edit = removed(text, one.place)
    context.save(text, edit, by_hand=f"take it out by hand: line {edit.line}")
    click.echo(f"took {one.url} out of {context.config}:{edit.line}; its stories stay")
    click.echo("a daemon on this config stops polling it within seconds")


def _own(context: Context, items: Sequence[Listed]) -> Iterator[Candidate]:
    stored = context.stored()
    for item in items:
        if item.url:
            url = login_apart(item.url)[0]
            polled = stored.get(url)
            yield Candidate(url, (item.title or "", polled.title if polled else ""), item.place)


def _in_lists(context: Context, loaded: Loaded, items: Sequence[Listed]) -> Iterator[Candidate]:
    remote = RemoteLists(context.data / LISTS)
    for item in items:
        if item.opml in loaded.remote_opml:
            feeds = remote.stored(item.opml)
        elif item.opml:
            feeds = parse_opml((context.config.parent / item.opml).read_bytes(), item.opml)
        else:
            continue
        for feed in feeds:
            yield Candidate(feed.url, (feed.title or "",), item.place, in_list=True)


@command("aggregator import feeds.opml", name="import")
@click.argument("file", type=EXPORT, help="What the reader exported; `-` is standard input.")
@click.option(
    "--folders-as-tags/--no-folders-as-tags",
    "as_tags",
    default=True,
    help="Make tags of folders.  [default: do]",
)
@click.pass_obj
def import_opml(context: Context, file: IO[bytes], *, as_tags: bool) -> None:
    """Write the feeds that another reader exported (OPML, or newsboat's urls) into the config."""
    loaded = context.load_begun()
    known = RemoteLists(context.data / LISTS).known(loaded).feeds
    feeds, faults = read_told(file)
    new = new_among(feeds, known)
    if not as_tags:
        new = tuple(replace(feed, tags=()) for feed in new)
    if new:
        edit = _put_in(context, new)
        click.echo(f"wrote {counted(len(new), 'feed')} to {context.config}:{edit.line}; {TAKEN_UP}")
    read, left_out = counted(len(feeds), "feed"), counted(len(faults), "line")
    click.echo(f"{read} read, {len(feeds) - len(new):,} known already, {left_out} left out")
    sys.exit(1 if faults and not feeds else 0)
