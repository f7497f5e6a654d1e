"""What the pages ask of the running program: `web.Site`, answered from the store and from what is published.

Every method may be called from any thread. Changes nothing.

To answer another question: a method here and in web/site.py.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import regex

from aggregator.app.oversight import Oversight
from aggregator.app.parts import Parts
from aggregator.core.coverage import event_of_story
from aggregator.core.filters import Explanation, Search, parse_filter
from aggregator.core.formats import FORMATS
from aggregator.core.marking import Marker
from aggregator.core.problem_feed import problem_feed
from aggregator.core.settings import OutputSettings, ServerSettings
from aggregator.core.tagging import rules_explained
from aggregator.core.verdicts import OutputVerdict, explain
from aggregator.errors import SearchTooLongError
from aggregator.model import (
    Considered,
    Day,
    Event,
    Feed,
    FeedFigures,
    FeedShare,
    Health,
    Rendered,
    Snapshot,
    Story,
    TagFigures,
)
from aggregator.patterns import timed_search
from aggregator.publish import SEARCH_LIMIT, listings, rendered_as, search_output
from aggregator.query import events_considered, search
from aggregator.setup import to_opml

FRESH = timedelta(minutes=5)
PATIENCE = timedelta(seconds=3)  # for one search, whatever it asks for


@dataclass(frozen=True, slots=True)
class Showing:
    """The running program as the pages see it."""

    parts: Parts
    health: Callable[[], Health]
    problems: Callable[[], Sequence[str]]
    under_way: Callable[[], Sequence[str]]
    oversight: Oversight

    def snapshot(self) -> Snapshot:
        """Every published address, rendered."""
        return self.parts.publisher.snapshot

    def fresh_for(self) -> timedelta:
        """Half the time in which any feed may be polled again, so that caches add little to what we take."""
        return min(FRESH, self.parts.settings.poll.min / 2)

    def tag_output(self, tag: str, suffix: str) -> Rendered | None:
        """A tag's output that is no file; None where no story has the tag."""
        return self.parts.publisher.tag_output(tag, suffix)

    def archive(self, path: str, page: str, suffix: str) -> Rendered | None:
        """A page of what an output shows no more."""
        return self.parts.publisher.archive(path, page, suffix)

    def story(self, story_id: str) -> Story | None:
        """The story with this id, with all that tells it, or the one that it was merged into."""
        return self.parts.reader.story(story_id)

    def event(self, event_id: str) -> Event | None:
        """The event with this id, with its stories."""
        return self.parts.reader.event(event_id)

    def events_considered(self, story: Story) -> Considered:
        """The events that the story was compared with when it began."""
        return events_considered(self.parts.reader, story)

    def top_events(self, since: datetime, *, limit: int) -> Sequence[Event]:
        """What most feeds told since then."""
        return self.parts.reader.top_events(since, limit=limit)

    def verdicts(self, story: Story) -> Sequence[OutputVerdict]:
        """What each public output says of the story by today's rules."""
        settings, event = self.parts.settings, self.event(event_of_story(story))
        told = event.stories if event else ()
        public = replace(settings, outputs=settings.public_outputs)
        shown = listings(self.snapshot(), [output.name for output in public.outputs])
        return explain(public, story, now=self.parts.now(), search=timed_search, event=told, shown=shown)

    def rules(self, story: Story) -> Mapping[str, Explanation]:
        """The rules of today that give the story its tags."""
        return rules_explained(story, self.parts.settings.tags, now=self.parts.now(), search=timed_search)

    def problem_feed(self) -> Rendered:
        """What is or was wrong, as a feed of its own."""
        base_url = self.public_url()
        document = problem_feed(self.oversight.problems, base_url)
        links = {"atom": f"{base_url}{document.name}.atom", "html": f"{base_url}feeds"}
        body = FORMATS["atom"].render(document, links)
        return rendered_as("atom", body, self.parts.now(), links)

    def opml(self) -> bytes:
        """The feeds of the config, as `export` writes them: logins stay here."""
        stored = {url: feed for feed in self.feeds() for url in (feed.origin, feed.url)}
        return to_opml((one, stored.get(one.url)) for one in self.parts.settings.feeds).encode()

    def metrics(self) -> bytes:
        """What may be scraped."""
        return self.oversight.metrics.text()

    def feeds(self) -> Sequence[Feed]:
        """Every feed as it stands."""
        return self.parts.reader.feeds()

    def feed_figures(self) -> Mapping[int, FeedFigures]:
        """How the polls of each feed went."""
        return self.parts.reader.feed_figures()

    def days(self, since: datetime) -> Sequence[Day]:
        """What came on each day since then."""
        return self.parts.reader.days(since)

    def shares(self, since: datetime) -> Sequence[FeedShare]:
        """What each feed brought since then."""
        return self.parts.reader.shares(since)

    def tag_figures(self, since: datetime, *, limit: int) -> Sequence[TagFigures]:
        """The tags that most stories have."""
        return self.parts.reader.tag_figures(since, limit=limit)

    def outputs(self) -> Sequence[OutputSettings]:
        """The public outputs of the config, in its order."""
        return self.parts.settings.public_outputs

    def private_outputs(self) -> Sequence[OutputSettings]:
        """Those of which only who knows their token may hear."""
        return [output for output in self.parts.settings.outputs if output.token]

    def private(self) -> Snapshot:
        """What those hold, rendered, by name and suffix."""
        return self.parts.publisher.private

    def named_tags(self) -> Sequence[str]:
        """The tags that the config names."""
        return self.parts.settings.named_tags

    def server(self) -> ServerSettings:
        """Where we serve, and whom, by the config in force."""
        return self.parts.settings.server

    def public_url(self) -> str:
        """What our addresses begin with."""
        return self.parts.settings.server.public_url

    def search(self, query: str, *, limit: int) -> Sequence[Story]:
        """The newest stories that the filter takes; SearchTooLongError after PATIENCE."""
        return search(
            self.parts.reader.within(PATIENCE),
            query,
            limit=limit,
            now=self.parts.now(),
            matcher=_patient(PATIENCE),
            names=self.parts.settings.filters,
        )

    def marker(self, query: str) -> Marker:
        """What finds the words of the filter in the stories that it took."""
        names = self.parts.settings.filters
        return Marker(parse_filter(query, names), self.parts.now(), timed_search, names)

    def search_output(self, query: str, suffix: str) -> Rendered:
        """The same search as a feed."""
        found = self.search(query, limit=SEARCH_LIMIT)
        return search_output(self.marker(query).wanted, found, suffix, self.public_url(), self.parts.now())


def _patient(patience: timedelta) -> Search:
    """Runs regular expressions until all of them together had their time."""
    end = time.monotonic() + patience.total_seconds()

    def run(pattern: regex.Pattern[str], text: str) -> Sequence[str] | None:
        if time.monotonic() > end:
            raise SearchTooLongError(patience)
        return timed_search(pattern, text)

    return run
