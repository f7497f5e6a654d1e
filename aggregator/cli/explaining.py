"""`why`: how an entry was judged, whom it was compared with, and which outputs took its story.

One object for a program; for a person a line for each thing that counted. Decides nothing.

To tell more: a key in `_answer`, a line in `_lines`, and its row in docs/commands.md.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import click

from aggregator import query
from aggregator.cli.context import Context, command
from aggregator.cli.show import show_json
from aggregator.core import selection
from aggregator.core.chrome import shown
from aggregator.core.coverage import event_of_story
from aggregator.core.judging import spelled
from aggregator.core.settings import Settings
from aggregator.core.text import counted
from aggregator.model import Candidate, Entry, Event, Overrule, Tag
from aggregator.patterns import timed_search


@command("aggregator why https://example.org/2026/11/24/dam")
@click.argument("wanted", metavar="URL-or-ID")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def why(context: Context, wanted: str, as_json: bool) -> None:
    """Say how an entry was judged: its story, its tags, and which outputs took it."""
    reader = context.reader()
    judged = query.why(reader, wanted)
    answer = _answer(context.settings(), judged, reader.event(event_of_story(judged.story)))
    if as_json:
        show_json(answer)
        return
    for line in _lines(answer):
        click.echo(line)


def _answer(settings: Settings, judged: query.Judgement, event: Event | None) -> dict[str, Any]:
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
        },
        "matched_by": entry.matched_by,
        "match_score": entry.match_score,
        "overruled": judged.overrule and _overruled(judged.overrule),
        "considered": [_considered(entry, *one) for one in judged.considered],
        "others": [_other(one) for one in story.entries if one.uid != entry.uid],
        "tags": [_tag(tag) for tag in story.tags],
        "outputs": [{"name": one.name, "taken": one.taken, "clause": one.clause} for one in verdicts],
        "also": [_other(one) for one in judged.also],
    }


def _event(event: Event | None) -> dict[str, object] | None:
    """What is known of the event; a story that is alone has none."""
    if event is None or len(event.stories) == 1:
        return None
    told = [{"id": story.id, "title": story.title, "url": story.url} for story in event.stories]
    return {"id": event.id, "title": event.title, "feeds": event.feeds, "stories": told}


def _overruled(said: Overrule) -> dict[str, object]:
    return {"by": said.kind, "from": said.from_id, "at": said.at}


def _considered(judged: Entry, candidate: Candidate, entry: Entry | None) -> dict[str, object]:
    told = (judged, entry) if entry else (judged,)
    return {
        "id": entry.id if entry else candidate.entry,
        "uid": entry.uid if entry else candidate.uid,
        "feed": entry and (entry.feed_title or entry.feed_url),
        "title": entry and entry.title,
        "url": entry and entry.url,
        "story": entry and entry.story_id,
        "layer": candidate.layer,
        "score": candidate.score,
        "limit": candidate.limit,
        "apart": candidate.apart or None,
        "words": spelled(candidate.terms, *told),
    }


def _other(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.id,
        "uid": entry.uid,
        "feed": entry.feed_title or entry.feed_url,
        "title": entry.title,
        "url": entry.url,
        "matched_by": entry.matched_by,
        "match_score": entry.match_score,
    }


def _tag(tag: Tag) -> dict[str, object]:
    return {"tag": tag.name, "origin": tag.origin, "why": tag.why}


# -- for a person -----------------------------------------------------------------------------------------


def _lines(answer: dict[str, Any]) -> Iterator[str]:
    entry, story = answer["entry"], answer["story"]
    yield f"{entry['title'] or entry['url'] or entry['guid']}"
    yield f"  entry {entry['id']} of {answer['feed']['title'] or answer['feed']['url']}, {entry['url']}"
    role = "leads" if story["leads"] else "is told also by"
    yield f"  {role} story {story['id']} ({counted(story['entries'], 'entry')}): {story['title']}"
    yield f"  matched by {answer['matched_by']}, score {answer['match_score']:.2f}"
    if said := answer["overruled"]:
        yield f"  by a person's word: {said['by']} from story {said['from']}, {said['at']:%Y-%m-%d %H:%M} UTC"
    for other in answer["others"]:
        yield f"  told by {_named(other)} ({other['matched_by']}, {other['match_score']:.2f})"
    for one in answer["considered"]:
        yield f"  compared with {_compared(one)}"
    for block in entry["chrome"]:
        yield f"  page chrome, matches nothing: {block}"
    if event := story["event"]:
        told = f"{counted(len(event['stories']), 'story')}, {counted(event['feeds'], 'feed')}"
        yield f"  event {event['id']} ({told}): {event['title']}"
    for tag in answer["tags"]:
        yield f"  tag {tag['tag']} from {tag['origin']}: {tag['why']}"
    for output in answer["outputs"]:
        verdict = "takes it" if output["taken"] else "drops it"
        yield f"  output {output['name']}: {verdict}: {output['clause']}"
    for other in answer["also"]:
        yield f"  also named: entry {other['id']} of {_named(other)}"


def _named(entry: dict[str, Any]) -> str:
    said = ", ".join(filter(None, (entry["title"], entry["url"])))
    return f"{entry['feed']}: {said}"


def _compared(one: dict[str, Any]) -> str:
    who = f"entry {one['id']} of {_named(one)}" if one["feed"] else "an entry that is gone"
    score = "" if one["score"] is None else f", score {one['score']:.2f}"
    limit = "" if one["limit"] is None else f" (limit {one['limit']:.2f})"
    words = f", by {' '.join(one['words'])}" if one["words"] else ""
    return f"{who}: {one['layer']}{score}{limit}{words}: {one['apart'] or 'the same story'}"
