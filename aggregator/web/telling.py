"""What the pages about stories and events show: who told it and when, and why it counts as one. Pure.

To say another reason in words: a row in REASONS.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from aggregator.core.chrome import shown
from aggregator.core.items import title_of
from aggregator.core.judging import spelled
from aggregator.model import Candidate, Considered, Entry, Event, MatchedBy, Origin, Story

MOST = 200  # copies of a story, and stories of an event: a page is no directory

REASONS: Mapping[MatchedBy, str] = MappingProxyType(
    {
        MatchedBy.NEW: "told it first",
        MatchedBy.GUID: "told before, and back after it was forgotten here",
        MatchedBy.URL: "links to the same page",
        MatchedBy.TARGET: "points to the page of the story",
        MatchedBy.TITLE: "same headline and same opening",
        MatchedBy.TEXT: "nearly the same text",
        MatchedBy.MANUAL: "a person said so",
    }
)
ORIGINS: Mapping[Origin, str] = MappingProxyType(
    {
        Origin.RULE: "by the rule",
        Origin.FEED: "as all stories of",
        Origin.PUBLISHER: "by the publisher's category",
        Origin.MODEL: "by what it is about:",
    }
)
"""Where a tag comes from, to be followed by which one."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One entry of a story: whether it leads, why it is the same story, and what of it is page chrome."""

    entry: Entry
    title: str
    leads: bool
    reason: str
    chrome: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """One story on the timeline of its event."""

    story: Story
    title: str
    feeds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The stories of an event as they came, at most MOST, and how many came later."""

    moments: tuple[Moment, ...]
    later: int


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of the front page; `page` is its address below it."""

    title: str
    lang: str | None
    page: str
    feeds: tuple[str, ...]
    stories: int
    newest_at: datetime


@dataclass(frozen=True, slots=True)
class Weighing:
    """An event that a story was compared with: its closest entry, which may be gone, and what came of it."""

    entry: Entry | None
    title: str
    result: str


def weighings(lead: Entry, considered: Considered) -> tuple[Weighing, ...]:
    """The events that the story of this lead was compared with, the closest first."""
    return tuple(
        Weighing(entry, title_of(entry) if entry else "a story that is gone", _result(lead, one, entry))
        for one, entry in considered
    )


def _result(lead: Entry, one: Candidate, entry: Entry | None) -> str:
    shared = spelled(one.terms, *filter(None, (lead, entry)))
    words = f" by {', '.join(shared)}" if shared else ""
    return f"{one.score:.2f} close{words}, where {one.limit:.2f} is asked: {one.apart or 'the same event'}"


def tellings(story: Story) -> tuple[Telling, ...]:
    """Every entry of the story in the order they came, at most MOST."""
    return tuple(
        Telling(entry, title_of(entry), entry.uid == story.lead_uid, reason_of(entry), shown(entry))
        for entry in _as_they_came(story.entries)[:MOST]
    )


def reason_of(entry: Entry) -> str:
    """Why it tells this story, in plain words; with a measure where the signal has one."""
    said = REASONS[entry.matched_by]
    return f"{said}, {entry.match_score:.0%} alike" if entry.matched_by is MatchedBy.TEXT else said


def timeline(event: Event) -> Timeline:
    """The stories of the event as they came."""
    told = sorted(event.stories, key=lambda story: (story.first_seen_at, story.seq))[:MOST]
    moments = tuple(Moment(story, title_of(story.lead), feeds_of(story.entries)) for story in told)
    return Timeline(moments, len(event.stories) - len(told))


def happening(event: Event) -> Happening:
    """What the front page tells of the event; one of a single story leads to that story."""
    entries = [entry for story in event.stories for entry in story.entries]
    lead = event.stories[0]
    return Happening(
        title=title_of(lead.lead),
        lang=lead.lang,
        page=f"events/{event.id}" if len(event.stories) > 1 else f"stories/{lead.id}",
        feeds=feeds_of(entries),
        stories=len(event.stories),
        newest_at=max(entry.first_seen_at for entry in entries),
    )


def feeds_of(entries: Iterable[Entry]) -> tuple[str, ...]:
    """The names of their feeds, each feed once, in the order they came."""
    names = {entry.feed_id: entry.feed_title or entry.feed_url for entry in _as_they_came(entries)}
    return tuple(names.values())


def _as_they_came(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (entry.first_seen_at, entry.id))
