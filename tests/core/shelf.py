"""A store of plain values: what ingest tests hand documents to, poll after poll.

Keeps exactly what the real store keeps between two documents, and answers a probe the same way.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from aggregator.core.chrome import NOTHING_LEARNED, Lesson
from aggregator.core.events import Meanings, NoMeanings
from aggregator.core.identities import heard, minted
from aggregator.core.ingest import Intake, Probe, decide, probe
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
    Tombstone,
)
from tests.builders import NOON, a_feed


def feed_number(number: int) -> Feed:
    """One of several feeds."""
    url = f"https://feed{number}.example.org/rss"
    return a_feed(id=number, url=url, origin=url, title=f"Feed {number}")


@dataclass
class Shelf:
    """Feeds are known by number; `level` and `priority` by that number too."""

    levels: dict[int, DedupLevel] = field(default_factory=dict)
    priorities: dict[int, int] = field(default_factory=dict)
    accepts: Callable[[Entry], bool] = lambda _: True
    stories: dict[str, Story] = field(default_factory=dict)
    sightings: list[Sighting] = field(default_factory=list)
    identities: dict[tuple[int, int], str] = field(default_factory=dict)
    held: dict[int, frozenset[int]] = field(default_factory=dict)
    buried: dict[str, Tombstone] = field(default_factory=dict)
    polled: set[int] = field(default_factory=set)
    moved_to: dict[int, str] = field(default_factory=dict)
    index: Neighbours = field(default_factory=Neighbours)
    numbers: dict[str, int] = field(default_factory=dict)
    meanings: Meanings = field(default_factory=NoMeanings)

    def hear(
        self, number: int, *said: ParsedEntry, now: datetime = NOON, lesson: Lesson = NOTHING_LEARNED
    ) -> Changes:
        """Poll the feed of this number, which holds these entries."""
        parsed = ParsedFeed(title=f"Feed {number}", entries=said)
        document = heard(parsed, lesson)
        changes = decide(document, self._known(number, probe(document)), self.intake(number), now=now)
        self.polled.add(number)
        stored = tuple(self._numbered(story) for story in changes.stories)
        self.stories |= {story.id: story for story in stored}
        remember(self.index, replace(changes, stories=stored))
        for uid, prints in changes.fingerprints.items():
            self.sightings += [_sighting(self.entry(uid), one) for one in prints]
        self.identities |= {(number, key): uid for key, uid in changes.identities.items()}
        self.held[number] = frozenset(changes.identities)
        return changes

    def _numbered(self, story: Story) -> Story:
        def number(uid: str) -> int:
            return self.numbers.setdefault(uid, len(self.numbers) + 1)

        numbered = tuple(replace(entry, id=number(entry.uid)) for entry in story.entries)
        return replace(story, seq=story.seq or 1, entries=numbered)

    def _story_of(self, number: int) -> Story | None:
        told = ((entry, story) for story in self.stories.values() for entry in story.entries)
        return next((story for entry, story in told if entry.id == number), None)

    def feed(self, number: int) -> Feed:
        """The feed of this number, where it is now."""
        feed = feed_number(number)
        return replace(feed, url=self.moved_to.get(number, feed.url))

    def entry(self, uid: str) -> Entry:
        """The stored entry with this uid."""
        return next(entry for entry in self.entries if entry.uid == uid)

    @property
    def entries(self) -> list[Entry]:
        """Every stored entry."""
        return [entry for story in self.stories.values() for entry in story.entries]

    def settle(self) -> None:
        """All stories were published."""
        self.stories = {key: replace(story, lead_settled=True) for key, story in self.stories.items()}

    def sweep(self) -> None:
        """Retention takes every story; what recognises them stays."""
        for story in self.stories.values():
            for entry in story.entries:
                self.buried[entry.uid] = Tombstone(
                    identity=0,
                    uid=entry.uid,
                    story_id=story.id,
                    event_id=story.event_id,
                    first_seen_at=entry.first_seen_at,
                    news_at=story.news_at,
                )
        self.stories = {}

    def _known(self, number: int, wanted: Probe) -> Known:
        uids = {key: uid for (feed, key), uid in self.identities.items() if feed == number}
        by_identity = {uids[key] for key in wanted.identities if key in uids}
        own = [entry for entry in self.entries if entry.feed_id == number]
        mine = tuple(
            entry
            for entry in own
            if entry.guid in wanted.guids or entry.url in wanted.urls or entry.uid in by_identity
        )
        left = {uids[key] for key in self.held.get(number, frozenset()) - wanted.document}
        unknown = 2 * len(mine) < len(wanted.identities)
        return Known(
            feed=self.feed(number),
            mine=mine,
            previous=tuple(entry for entry in own if entry.uid in left) if unknown else (),
            sightings=tuple(one for one in self.sightings if one.fingerprint in wanted.fingerprints),
            tombstones=tuple(
                replace(self.buried[uids[key]], identity=key)
                for key in wanted.identities
                if uids.get(key) in self.buried.keys() - {entry.uid for entry in own}
            ),
            taken=frozenset(self._used())
            & {minted(self.feed(number).origin, one) for one in wanted.id_names},
            uids={key: uids[key] for key in wanted.identities if key in uids},
            stories=self.stories,
            story_of=self._story_of,
        )

    def _used(self) -> Iterator[str]:
        """Every id that was ever given."""
        yield from (entry.uid for entry in self.entries)
        yield from self.identities.values()

    def intake(self, number: int) -> Intake:
        """The rules under which this feed's entries come in."""

        def level_of(feed_id: int) -> DedupLevel:
            return self.levels.get(feed_id, DedupLevel.STORY)

        return Intake(
            window=timedelta(days=14),
            first_poll=number not in self.polled,
            accepts=self.accepts,
            tags_of=lambda story: story.tags,
            priority_of=lambda feed_id: self.priorities.get(feed_id, 0),
            level_of=level_of,
            index=lambda: self.index,
            meanings=self.meanings,
        )


def _sighting(entry: Entry, fingerprint: Fingerprint) -> Sighting:
    return Sighting(
        fingerprint=fingerprint,
        uid=entry.uid,
        story_id=entry.story_id,
        feed_id=entry.feed_id,
        first_seen_at=entry.first_seen_at,
    )
