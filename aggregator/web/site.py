"""What the pages need to know of the running aggregator: a Protocol, so that web depends on nobody.

Every method may be called from any thread. `snapshot` never waits; the others may ask the store.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from aggregator.core.filters import Explanation
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
    Snapshot,
    Story,
    TagFigures,
)


class Site(Protocol):
    """The aggregator as seen from a browser."""

    def snapshot(self) -> Snapshot:
        """Every published address that everybody may ask for, with its bytes, as they stand now."""
        ...

    def fresh_for(self) -> timedelta:
        """How long an output may be kept before it is asked for again."""
        ...

    def tag_output(self, tag: str, suffix: str) -> Rendered | None:
        """The output of a tag that is no file; None where no story has it."""
        ...

    def archive(self, path: str, page: str, suffix: str) -> Rendered | None:
        """A page of the archive of the output at this path; None where there is none."""
        ...

    def story(self, story_id: str) -> Story | None:
        """The story with this id, or the one that it was merged into; None where there is none."""
        ...

    def event(self, event_id: str) -> Event | None:
        """The event with this id or that it is part of now, its stories whole; None where there is none."""
        ...

    def events_considered(self, story: Story) -> Considered:
        """The events that the story was compared with when it began, each by its closest entry."""
        ...

    def top_events(self, since: datetime, *, limit: int) -> Sequence[Event]:
        """The events that most feeds told since then, from two feeds on, most first."""
        ...

    def verdicts(self, story: Story) -> Sequence[OutputVerdict]:
        """What each output says of the story, and why."""
        ...

    def rules(self, story: Story) -> Mapping[str, Explanation]:
        """The rules that give the story its tags, by the tag's name, with every clause judged."""
        ...

    def search(self, query: str, *, limit: int) -> Sequence[Story]:
        """The newest stories that a filter takes; FilterError with a column, SearchTooLongError."""
        ...

    def marker(self, query: str) -> Marker:
        """What finds the words of the filter in the stories that it took."""
        ...

    def search_output(self, query: str, suffix: str) -> Rendered:
        """The same search in one of the formats of feeds, with the same errors."""
        ...

    def feeds(self) -> Sequence[Feed]:
        """Every source and how it stands."""
        ...

    def feed_figures(self) -> Mapping[int, FeedFigures]:
        """How the polls of each feed went, by its id; feeds that were never polled may be left out."""
        ...

    def days(self, since: datetime) -> Sequence[Day]:
        """What came on each day since then, the first day first; days without anything may be left out."""
        ...

    def shares(self, since: datetime) -> Sequence[FeedShare]:
        """What each feed brought since then, those that brought most first."""
        ...

    def tag_figures(self, since: datetime, *, limit: int) -> Sequence[TagFigures]:
        """The tags that most stories seen since then have, the most first."""
        ...

    def health(self) -> Health:
        """How fresh the data is."""
        ...

    def problem_feed(self) -> Rendered:
        """What needs a look, and what was mended, as an Atom feed."""
        ...

    def opml(self) -> bytes:
        """Every source of the config as a list that other readers take."""
        ...

    def metrics(self) -> bytes:
        """What a monitoring system scrapes, in the text format of Prometheus."""
        ...

    def outputs(self) -> Sequence[OutputSettings]:
        """The configured outputs that everybody may hear of, in the order of the config."""
        ...

    def private_outputs(self) -> Sequence[OutputSettings]:
        """The others, of which only who knows their token may hear."""
        ...

    def private(self) -> Snapshot:
        """What those hold, by name and suffix; whoever serves it asks for the token."""
        ...

    def named_tags(self) -> Sequence[str]:
        """The tags that the config names, sorted."""
        ...

    def server(self) -> ServerSettings:
        """Where we serve, and whom."""
        ...

    def public_url(self) -> str:
        """What addresses begin with, ending in a slash."""
        ...

    def under_way(self) -> Sequence[str]:
        """What is being done over all that is stored and how far it is, a sentence each; mostly nothing."""
        ...

    def problems(self) -> Sequence[str]:
        """What a person should mend, a sentence each: a broken config, a feed list out of reach."""
        ...
