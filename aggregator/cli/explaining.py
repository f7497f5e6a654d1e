"""`why`: how an entry was judged, whom it was compared with, and which outputs took its story.

One object for a program; for a person a line for each thing that counted. Decides nothing.

To tell more: a key in `_answer`, a line in `_lines` or a tree in `_tell`, and its row in docs/commands.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click

from aggregator import query
from aggregator.app import PUBLIC
from aggregator.cli.context import Context, command
from aggregator.cli.show import say, show_json, show_tree
from aggregator.core.chrome import shown
from aggregator.core.coverage import event_of_story
from aggregator.core.filters import Explanation
from aggregator.core.judging import spelled
from aggregator.core.listing import Listing
from aggregator.core.settings import Settings
from aggregator.core.tagging import rules_explained
from aggregator.core.text import counted
from aggregator.core.verdicts import explain
from aggregator.model import Candidate, Entry, Event, Origin, Overrule, Story, Tag
from aggregator.patterns import timed_search
from aggregator.publish import published


@command("aggregator why https://example.org/2026/11/24/dam")
@click.argument("wanted", metavar="URL-or-ID", help="A link, or the id of an entry, a story or an item.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def why(context: Context, wanted: str, as_json: bool) -> None:
    """Say how an entry was judged: its story, its tags, and which outputs took it.

    By which signal and score it came to its story, whom it was compared with, why its event is that, what of
    its text counts as page chrome, and every clause of the rules and filters.
    """
    reader = context.reader()
    judged = query.why(reader, wanted)
    event, seen = reader.event(event_of_story(judged.story)), published(context.data / PUBLIC)
    settings = context.settings()
    answer = _answer(judged, event) | _by_rules(settings, judged.story, event, seen) | _also(judged)
    if as_json:
        show_json(answer)
    else:
        _tell(answer)


def _answer(judged: query.Judgement, event: Event | None) -> dict[str, Any]:
    entry, story = judged.entry, judged.story
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
            "event_considered": [_considered(entry, *one) for one in judged.events],
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
    }


def _by_rules(
    settings: Settings, story: Story, event: Event | None, seen: Mapping[str, Listing]
) -> dict[str, Any]:
    """The tags and the outputs, with every clause that was asked."""
    now, told = datetime.now(UTC), event.stories if event else ()
    rules = rules_explained(story, settings.tags, now=now, search=timed_search)
    verdicts = explain(settings, story, now=now, search=timed_search, event=told, shown=seen)
    return {
        "tags": [_tag(tag, rules) for tag in story.tags],
        "outputs": [
            {"name": one.name, "taken": one.taken, "clause": one.clause, "tree": _tree(one.tree)}
            for one in verdicts
        ],
    }


def _also(judged: query.Judgement) -> dict[str, Any]:
    return {"also": [_other(one) for one in judged.also]}


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
        "layer": candidate.layer or "event",
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


def _tag(tag: Tag, rules: Mapping[str, Explanation]) -> dict[str, object]:
    """The tag; one of a rule with the whole rule as it is judged now, None where it no longer fits."""
    said: dict[str, object] = {"tag": tag.name, "origin": tag.origin, "why": tag.why}
    if tag.origin is Origin.RULE:
        said["tree"] = _tree(rules[tag.name]) if tag.name in rules else None
    return said


def _tree(found: Explanation) -> dict[str, Any]:
    return {
        "clause": found.clause,
        "verdict": found.verdict,
        "found": [asdict(one) for one in found.found],
        "children": [_tree(child) for child in found.children],
    }


# -- for a person -----------------------------------------------------------------------------------------


def _tell(answer: dict[str, Any]) -> None:
    for line in _lines(answer):
        say(line)
    for tag in answer["tags"]:
        show_tree(f"tag {tag['tag']} from {tag['origin']}: {tag['why']}", tag.get("tree"))
    for output in answer["outputs"]:
        verdict = "takes it" if output["taken"] else "drops it"
        show_tree(f"output {output['name']}: {verdict}: {output['clause']}", *output["tree"]["children"])
    for other in answer["also"]:
        say(f"  also named: entry {other['id']} of {_named(other)}")


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
    for one in story["event_considered"]:
        yield f"  compared with {_compared(one)}"


def _named(entry: dict[str, Any]) -> str:
    said = ", ".join(filter(None, (entry["title"], entry["url"])))
    return f"{entry['feed']}: {said}"


def _compared(one: dict[str, Any]) -> str:
    who = f"entry {one['id']} of {_named(one)}" if one["feed"] else "an entry that is gone"
    score = "" if one["score"] is None else f", score {one['score']:.2f}"
    limit = "" if one["limit"] is None else f" (limit {one['limit']:.2f})"
    words = f", by {' '.join(one['words'])}" if one["words"] else ""
    same = "the same event" if one["layer"] == "event" else "the same story"
    return f"{who}: {one['layer']}{score}{limit}{words}: {one['apart'] or same}"
