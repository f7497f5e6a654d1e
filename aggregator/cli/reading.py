"""The commands that only look: they work while a daemon owns the store."""

from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import click

from aggregator import query
from aggregator.app import PUBLIC
from aggregator.app.lists import RemoteLists
from aggregator.app.parts import LISTS
from aggregator.cli.context import Context, command
from aggregator.cli.show import show_json, show_rows
from aggregator.core.filters import NO_NAMES
from aggregator.core.text import counted
from aggregator.curate import left
from aggregator.errors import UsageError
from aggregator.model import Feed, Story
from aggregator.patterns import timed_search
from aggregator.setup import to_opml
from aggregator.store import back_up

as_json = click.option(
    "--json", "as_json", is_flag=True, help="One JSON array (or object) instead of a table."
)
limited = click.option(
    "--limit", metavar="N", default=20, show_default=True, type=click.IntRange(1, 100_000), help="How many."
)
EMPTY_STORE = "no stories yet; `aggregator poll` or `aggregator run` brings some"


@command("aggregator stories --limit 5 --json")
@limited
@as_json
@click.pass_obj
def stories(context: Context, limit: int, as_json: bool) -> None:
    """List the newest stories."""
    reader = context.reader()
    _show_stories(reader.stories(limit=limit), as_json=as_json, empty=EMPTY_STORE)


@command("aggregator search 'dam* AND NOT tag:sport'")
@click.argument("query_text", metavar="QUERY", help="A filter; `@name` is one of the config's.")
@limited
@as_json
@click.pass_obj
def search(context: Context, query_text: str, limit: int, as_json: bool) -> None:
    """List the newest stories that a filter takes (the language of docs/filters.md)."""
    names = context.settings().filters if "@" in query_text else NO_NAMES
    found = query.search(
        context.reader(), query_text, limit=limit, now=datetime.now(UTC), matcher=timed_search, names=names
    )
    _show_stories(found, as_json=as_json, empty=f"no story matches {query_text!r}")


def _show_stories(found: tuple[Story, ...], *, as_json: bool, empty: str) -> None:
    rows = [_story_row(story) for story in found]
    show_rows(rows, ("first_seen_at", "title", "feeds", "tags", "url"), as_json=as_json, empty=empty)


def _story_row(story: Story) -> dict[str, object]:
    columns = "seq id event_id url title summary content author lang published_at first_seen_at updated_at"
    row: dict[str, object] = {name: getattr(story, name) for name in columns.split()}
    row["feeds"] = len({entry.feed_id for entry in story.entries})
    row["tags"] = sorted({tag.name for tag in story.tags})
    row["also_in"] = [
        {"feed": entry.feed_title, "url": entry.url, "title": entry.title}
        for entry in story.entries
        if entry.uid != story.lead_uid
    ]
    return row


@command("aggregator feeds --json")
@as_json
@click.pass_obj
def feeds(context: Context, as_json: bool) -> None:
    """List the feeds: how each stands, and when it is polled next by which rule."""
    rows = [_feed_row(feed) for feed in context.reader().feeds()]
    columns = ("state", "title", "last_ok_at", "next_poll_at", "next_poll_rule", "last_error", "url")
    show_rows(
        rows, columns, as_json=as_json, empty="no feeds yet; `aggregator run` takes them from the config"
    )


def _feed_row(feed: Feed) -> dict[str, object]:
    return {
        "id": feed.id,
        "url": feed.url,
        "title": feed.title,
        "site_url": feed.site_url,
        "etag": feed.validators.etag,
        "last_modified": feed.validators.last_modified,
        "state": feed.state,
        "failures": feed.failures,
        "last_error": feed.last_error,
        "last_polled_at": feed.last_polled_at,
        "last_ok_at": feed.last_ok_at,
        "next_poll_at": feed.next_poll_at,
        "next_poll_rule": feed.next_poll_rule,
        "moved_to": feed.moved_to,
        "moved_from": feed.moved_from,
        "moved_at": feed.moved_at,
    }


@command("aggregator status")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def status(context: Context, as_json: bool) -> None:
    """Say what is in the store, how the feeds stand, and which SQLite keeps it.

    Also how many stories the tag rules have yet to reach, where these changed (`retag_left`).
    """
    reader = context.reader()
    told: dict[str, Any] = {**reader.status(), "retag_left": left(reader)}
    if as_json:
        show_json(told)
        return
    told["feeds_by_state"] = ", ".join(f"{many} {state}" for state, many in told["feeds_by_state"].items())
    for name, value in told.items():
        click.echo(f"{name.replace('_', ' ')}: {value}")


@command("aggregator --data data backup /backups/aggregator.db")
@click.argument(
    "target", metavar="FILE", type=click.Path(path_type=Path), help="What to write; its folder must be there."
)
@click.pass_obj
def backup(context: Context, target: Path) -> None:
    """Make a whole and checked copy of the store, also while a daemon runs.

    An earlier backup of that name is replaced when the new one is complete, and not before.
    """
    public = (context.data / PUBLIC).resolve()
    if public in target.resolve().parents:
        raise UsageError(f"{target}: what lies in {public} may be served to everybody; name a file elsewhere")
    stories, size = back_up(context.data, target)
    click.echo(f"wrote {target}: {counted(stories, 'story')}, {size / 1e6:,.1f} MB")


@command("aggregator export -o feeds.opml")
@click.option(
    "--output",
    "-o",
    type=click.File("w", encoding="utf-8"),
    default="-",
    metavar="FILE",
    help="Where to.  [default: stdout]",
)
@click.pass_obj
def export(context: Context, output: IO[str]) -> None:
    """Write the feeds as OPML, for other readers; logins stay here.

    Those of the lists that the config names are among them.
    """
    wanted = RemoteLists(context.data / LISTS).known(context.load()).feeds
    stored = context.stored()
    output.write(to_opml((feed, stored.get(feed.url)) for feed in wanted))
