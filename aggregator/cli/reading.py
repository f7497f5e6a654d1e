"""The commands that only look: they work while a daemon owns the store."""

from datetime import UTC, datetime
from typing import IO, Any

import click

from aggregator import query
from aggregator.cli.context import Context, command
from aggregator.cli.show import show_json, show_rows
from aggregator.core import selection
from aggregator.core.chrome import shown
from aggregator.core.coverage import event_of_story
from aggregator.core.settings import Settings
from aggregator.core.text import counted
from aggregator.model import Entry, Event, Feed, Story
from aggregator.patterns import timed_search
from aggregator.setup import to_opml

as_json = click.option(
    "--json", "as_json", is_flag=True, help="One JSON array (or object) instead of a table."
)
limited = click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 100_000))
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
@click.argument("query_text", metavar="QUERY")
@limited
@as_json
@click.pass_obj
def search(context: Context, query_text: str, limit: int, as_json: bool) -> None:
    """List the newest stories that a filter takes (the language of docs/filters.md)."""
    found = query.search(
        context.reader(), query_text, limit=limit, now=datetime.now(UTC), matcher=timed_search
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
    """Say what is in the store, how the feeds stand, and which SQLite keeps it."""
    told: dict[str, Any] = dict(context.reader().status())
    if as_json:
        show_json(told)
        return
    told["feeds_by_state"] = ", ".join(f"{many} {state}" for state, many in told["feeds_by_state"].items())
    for name, value in told.items():
        click.echo(f"{name.replace('_', ' ')}: {value}")


@command("aggregator why https://example.org/2026/11/24/dam")
@click.argument("wanted", metavar="URL-or-ID")
@click.option("--json", "as_json", is_flag=True, help="One JSON object (an array where several entries fit).")
@click.pass_obj
def why(context: Context, wanted: str, as_json: bool) -> None:
    """Say how an entry was judged: its story, its tags, and which outputs took it."""
    settings = context.settings()
    reader = context.reader()
    answers = [
        _why(settings, judged, reader.event(event_of_story(judged.story)))
        for judged in query.why(reader, wanted)
    ]
    if as_json:
        show_json(answers[0] if len(answers) == 1 else answers)
        return
    for answer in answers:
        _tell_why(answer)


def _why(settings: Settings, judged: query.Judgement, event: Event | None) -> dict[str, Any]:
    entry, story = judged.entry, judged.story
    verdicts = selection.explain(
        settings, story, now=datetime.now(UTC), search=timed_search, event=event.stories if event else ()
    )
    return {
        "entry": {
            "id": entry.id,
            "uid": entry.uid,
            "guid": entry.guid,
            "url": entry.url,
            "title": entry.title,
            "published_at": entry.published_at,
            "first_seen_at": entry.first_seen_at,
            "chrome": shown(entry),
        },
        "feed": {"id": entry.feed_id, "url": entry.feed_url, "title": entry.feed_title},
        "story": {
            "id": story.id,
            "seq": story.seq,
            "event_id": story.event_id,
            "event": _event(event),
            "title": story.title,
            "url": story.url,
            "leads": entry.uid == story.lead_uid,
            "entries": len(story.entries),
            "others": [_other(one) for one in story.entries if one.uid != entry.uid],
        },
        "matched_by": entry.matched_by,
        "match_score": entry.match_score,
        "tags": [{"tag": tag.name, "origin": tag.origin, "why": tag.why} for tag in story.tags],
        "outputs": [{"name": one.name, "taken": one.taken, "clause": one.clause} for one in verdicts],
    }


def _event(event: Event | None) -> dict[str, object] | None:
    """What is known of the event; a story that is alone has none."""
    if event is None or len(event.stories) == 1:
        return None
    told = [{"id": story.id, "title": story.title, "url": story.url} for story in event.stories]
    return {"id": event.id, "title": event.title, "feeds": event.feeds, "stories": told}


def _other(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.id,
        "feed": entry.feed_title or entry.feed_url,
        "title": entry.title,
        "url": entry.url,
        "matched_by": entry.matched_by,
        "match_score": entry.match_score,
    }


def _tell_why(answer: dict[str, Any]) -> None:
    entry, story = answer["entry"], answer["story"]
    click.echo(f"{entry['title'] or entry['url'] or entry['guid']}")
    click.echo(f"  entry {entry['id']} of {answer['feed']['title'] or answer['feed']['url']}, {entry['url']}")
    role = "leads" if story["leads"] else "is told also by"
    click.echo(f"  {role} story {story['id']} ({counted(story['entries'], 'entry')}): {story['title']}")
    click.echo(f"  matched by {answer['matched_by']}, score {answer['match_score']:.2f}")
    for other in story["others"]:
        by, score = other["matched_by"], other["match_score"]
        click.echo(f"  told by {other['feed']}: {other['title']}, {other['url']} ({by}, {score:.2f})")
    for block in entry["chrome"]:
        click.echo(f"  page chrome, matches nothing: {block}")
    if event := story["event"]:
        told = f"{counted(len(event['stories']), 'story')}, {counted(event['feeds'], 'feed')}"
        click.echo(f"  event {event['id']} ({told}): {event['title']}")
    for tag in answer["tags"]:
        click.echo(f"  tag {tag['tag']} from {tag['origin']}: {tag['why']}")
    for output in answer["outputs"]:
        click.echo(
            f"  output {output['name']}: {'takes it' if output['taken'] else 'drops it'}: {output['clause']}"
        )


@command("aggregator export -o feeds.opml")
@click.option(
    "--output", "-o", type=click.File("w", encoding="utf-8"), default="-", help="A file.  [default: stdout]"
)
@click.pass_obj
def export(context: Context, output: IO[str]) -> None:
    """Write the feeds as OPML, for other readers."""
    wanted, stored = context.settings().feeds, context.stored()
    output.write(to_opml((feed, stored.get(feed.url)) for feed in wanted))
