"""A site for the web tests: a hand-written `Site` whose every answer a test can set."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from aggregator.core.filters import Explanation, judge, parse_filter, story_subject
from aggregator.core.marking import Marker
from aggregator.core.settings import OutputSettings, ServerSettings
from aggregator.core.verdicts import OutputVerdict
from aggregator.model import (
    Considered,
    Day,
    Event,
    Feed,
    FeedFigures,
    FeedShare,
    Health,
    Rendered,
    Story,
    TagFigures,
)
from aggregator.patterns import timed_search
from aggregator.publish import search_output
from tests.builders import NOON, a_feed, a_rendered


def a_json_feed(*titles: str, **changes: object) -> Rendered:
    """A published JSON Feed with an item of each title, newest first."""
    items = [
        {
            "id": f"urn:uuid:{number}",
            "url": f"https://news.example.org/{number}",
            "title": title,
            "date_published": "2026-11-24T11:57:00Z",
            **changes,
        }
        for number, title in enumerate(titles)
    ]
    text = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": items})
    return a_rendered(text, content_type="application/feed+json; charset=utf-8")


UNLOCKED = ServerSettings(searches=0)


@dataclass
class FakeSite:
    """What the pages ask for, as plain values."""

    published: Mapping[str, Rendered] = field(default_factory=lambda: {"security.atom": a_rendered()})
    on_demand: Mapping[tuple[str, str], Rendered] = field(default_factory=dict)
    sources: Sequence[Feed] = (a_feed(),)
    state: Health = field(default_factory=Health)
    named: Sequence[str] = ("energy", "europe/elections")
    faults: Sequence[str] = ()
    work: Sequence[str] = ()
    configured: Sequence[OutputSettings] = (OutputSettings(name="security", title="Security"),)
    hidden: Sequence[OutputSettings] = ()
    secrets: Mapping[str, Rendered] = field(default_factory=dict)
    """what the private outputs hold"""
    told: Mapping[str, Story] = field(default_factory=dict)
    """by the id that is asked for"""
    happened: Sequence[Event] = ()
    part_of: Mapping[str, str] = field(default_factory=dict)
    """the most told first"""
    judged: Sequence[OutputVerdict] = ()
    weighed: Considered = ()
    ruled: Mapping[str, Explanation] = field(default_factory=dict)
    """by the tag that the rule gives"""
    counted: Mapping[int, FeedFigures] = field(default_factory=dict)
    """by the feed's id"""
    came: Sequence[Day] = ()
    brought: Sequence[FeedShare] = ()
    tagged: Sequence[TagFigures] = ()
    door: ServerSettings = UNLOCKED
    broken: Exception | None = None

    def snapshot(self) -> Mapping[str, Rendered]:
        return self.published

    def fresh_for(self) -> timedelta:
        return timedelta(minutes=1)

    def tag_output(self, tag: str, suffix: str) -> Rendered | None:
        self._refuse()
        return self.on_demand.get((tag, suffix))

    def archive(self, path: str, page: str, suffix: str) -> Rendered | None:
        self._refuse()
        return self.on_demand.get((f"{path}.archive-{page}", suffix))

    def story(self, story_id: str) -> Story | None:
        self._refuse()
        return self.told.get(story_id)

    def event(self, event_id: str) -> Event | None:
        self._refuse()
        event_id = self.part_of.get(event_id, event_id)
        return next((event for event in self.happened if event.id == event_id), None)

    def events_considered(self, story: Story) -> Considered:
        return self.weighed if story in self.told.values() else ()

    def top_events(self, since: datetime, *, limit: int) -> Sequence[Event]:
        self._refuse()
        return [event for event in self.happened if event.last_seen_at >= since][:limit]

    def verdicts(self, story: Story) -> Sequence[OutputVerdict]:
        self._refuse()
        return self.judged if story in self.told.values() else ()

    def rules(self, story: Story) -> Mapping[str, Explanation]:
        return {tag.name: self.ruled[tag.name] for tag in story.tags if tag.name in self.ruled}

    def search(self, query: str, *, limit: int) -> Sequence[Story]:
        self._refuse()
        wanted = parse_filter(query)
        taken = (
            story
            for story in self.told.values()
            if judge(wanted, story_subject(story), now=NOON, search=timed_search)
        )
        return list(islice(taken, limit))

    def marker(self, query: str) -> Marker:
        return Marker(parse_filter(query), NOON, timed_search)

    def search_output(self, query: str, suffix: str) -> Rendered:
        found = self.search(query, limit=9)
        return search_output(parse_filter(query), found, suffix, self.public_url(), NOON)

    def feeds(self) -> Sequence[Feed]:
        self._refuse()
        return self.sources

    def feed_figures(self) -> Mapping[int, FeedFigures]:
        self._refuse()
        return self.counted

    def days(self, since: datetime) -> Sequence[Day]:
        self._refuse()
        return [one for one in self.came if one.day >= since.date()]

    def shares(self, since: datetime) -> Sequence[FeedShare]:  # noqa: ARG002 — all are new enough
        return self.brought

    def tag_figures(self, since: datetime, *, limit: int) -> Sequence[TagFigures]:  # noqa: ARG002
        return self.tagged[:limit]

    def health(self) -> Health:
        self._refuse()
        return self.state

    def problem_feed(self) -> Rendered:
        self._refuse()
        return a_rendered("<feed/>")

    def opml(self) -> bytes:
        self._refuse()
        return b"<opml/>"

    def metrics(self) -> bytes:
        self._refuse()
        return b"aggregator_healthy 1.0\n"

    def outputs(self) -> Sequence[OutputSettings]:
        return self.configured

    def private_outputs(self) -> Sequence[OutputSettings]:
        return self.hidden

    def private(self) -> Mapping[str, Rendered]:
        return self.secrets

    def named_tags(self) -> Sequence[str]:
        return self.named

    def server(self) -> ServerSettings:
        return self.door

    def public_url(self) -> str:
        return "https://news.example.net/"

    def under_way(self) -> Sequence[str]:
        return self.work

    def problems(self) -> Sequence[str]:
        return self.faults

    def _refuse(self) -> None:
        if self.broken is not None:
            raise self.broken
