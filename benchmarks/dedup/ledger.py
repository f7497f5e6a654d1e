"""A store of plain values that hands documents to core/ingest.py as the real one does, without SQLite's cost.

Every line is heard from a feed of its own, as a document with one entry: what is measured is recognition
across feeds. Nothing here decides.
"""

from collections import defaultdict, deque
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from aggregator.core.events import Meanings, event_of
from aggregator.core.gist import gist
from aggregator.core.identities import HeardDocument, heard
from aggregator.core.ingest import Intake, decide, probe
from aggregator.core.neighbours import Neighbours
from aggregator.core.remembering import remember
from aggregator.model import (
    Changes,
    DedupLevel,
    Entry,
    Feed,
    Fingerprint,
    Known,
    ParsedEntry,
    ParsedFeed,
    Sighting,
    Story,
)
from aggregator.semantic import meanings

WINDOW = timedelta(days=14)  # the default of dedup.window
SIGHTINGS = 50  # as many as the store reads for one key


@dataclass
class Ledger:
    """What has been heard so far."""

    meanings: Meanings = field(default_factory=meanings)
    index: Neighbours = field(default_factory=Neighbours)
    stories: dict[str, Story] = field(default_factory=dict)
    story_ids: list[str] = field(default_factory=lambda: [""])  # by the number of the entry
    sightings: defaultdict[Fingerprint, deque[Sighting]] = field(
        default_factory=lambda: defaultdict(lambda: deque(maxlen=SIGHTINGS))
    )

    def hear(self, said: ParsedEntry, now: datetime) -> Entry:
        """The entry as it was judged, and remembered. Entries are numbered from 1."""
        number = len(self.story_ids)
        return self._keep(self._decided(said, number, now), number)

    def ask(self, said: ParsedEntry, now: datetime) -> Entry:
        """The entry as it would be judged; nothing is kept."""
        changes = self._decided(said, len(self.story_ids), now)
        return next(entry for story in changes.stories for entry in story.entries if not entry.id)

    def surely(self, said: ParsedEntry, now: datetime) -> int | None:
        """The entry that the cautious setting for events would put it to."""
        vector = self.meanings.of(said.title, None)
        telling = event_of(gist(said), vector, self.index, self.meanings, now=now, cautious=True)
        return telling.entry if telling else None

    def _decided(self, said: ParsedEntry, number: int, now: datetime) -> Changes:
        feed = Feed(id=number, url=f"https://feed{number}.example.org/rss")
        document = heard(ParsedFeed(entries=(said,)))
        return decide(document, self._known(feed, document), self._intake(), now=now)

    def _known(self, feed: Feed, document: HeardDocument) -> Known:
        seen = tuple(one for key in probe(document).fingerprints for one in self.sightings.get(key, ()))
        return Known(
            feed=feed,
            sightings=seen,
            stories={one.story_id: self.stories[one.story_id] for one in seen},
            story_of=lambda number: self.stories.get(self.story_ids[number]),
        )

    def _intake(self) -> Intake:
        return Intake(
            window=WINDOW,
            first_poll=False,
            accepts=lambda _: True,
            tags_of=lambda _: (),
            priority_of=lambda _: 0,
            level_of=lambda _: DedupLevel.STORY,
            index=lambda: self.index,
            meanings=self.meanings,
        )

    def _keep(self, changes: Changes, number: int) -> Entry:
        stories = tuple(_numbered(story, number) for story in changes.stories)
        self.stories |= {story.id: story for story in stories}
        told = next(entry for story in stories for entry in story.entries if entry.id == number)
        self.story_ids.append(told.story_id)
        for key in changes.fingerprints[told.uid]:
            self.sightings[key].append(
                Sighting(
                    fingerprint=key,
                    uid=told.uid,
                    story_id=told.story_id,
                    feed_id=number,
                    first_seen_at=told.first_seen_at,
                )
            )
        remember(self.index, replace(changes, stories=stories))
        return told


def _numbered(story: Story, number: int) -> Story:
    told = tuple(replace(entry, id=entry.id or number) for entry in story.entries)
    return replace(story, entries=told, seq=story.seq or number)
