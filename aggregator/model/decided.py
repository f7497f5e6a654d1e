"""What a decision about a document is told, and what it says: the store asks, core/ingest.py answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from aggregator.model.stored import ChromeBlock, Entry, Feed, Story
from aggregator.model.words import MatchedBy


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A key under which an entry can be recognised by one dedup signal; `key` is 64-bit signed."""

    signal: MatchedBy
    key: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A stored entry's fingerprint: who was seen under it, and when. It outlives its story."""

    fingerprint: Fingerprint
    uid: str
    story_id: str
    feed_id: int
    first_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """The ids that an entry had before retention took its row; the same identity gets them again."""

    identity: int
    uid: str
    story_id: str
    event_id: str | None = None
    first_seen_at: datetime
    news_at: datetime


@dataclass(frozen=True, slots=True)
class ChromeMemory:
    """What a feed's page chrome can be learned from, beside its document.

    `recent` are the last entries that the document does not hold, and those it holds whose text is a page's.
    """

    blocks: tuple[ChromeBlock, ...] = ()
    recent: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Overrule:
    """What a person's word did: `what` (an entry's uid, a story's id) went from `from_id` to `story_id`.

    Both are the same where it was so already.
    """

    kind: str
    what: str
    story_id: str
    from_id: str
    at: datetime

    @property
    def changed(self) -> bool:
        """False where it was so already."""
        return self.story_id != self.from_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store knows that bears on one document, read inside the writing transaction.

    `stories` holds, by id and whole, every story that an entry of `mine`, `placed` or a sighting belongs to.
    """

    feed: Feed
    mine: tuple[Entry, ...] = ()
    """this feed's stored entries that share a guid or a link with the document"""
    previous: tuple[Entry, ...] = ()
    """what the document before held, where most of this one is unknown; `stories` hold these too"""
    sightings: tuple[Sighting, ...] = ()
    tombstones: tuple[Tombstone, ...] = ()
    taken: frozenset[str] = frozenset()
    """ids that new entries might be given and other entries have, or had"""
    uids: Mapping[int, str] = field(default_factory=dict)
    """identity key in this feed → uid, for the entries of `mine` that the document may speak of"""
    placed: Mapping[str, str] = field(default_factory=dict)
    """by a person's word: ids that new entries might be given, and the story that each tells"""
    split: Mapping[str, str] = field(default_factory=dict)
    """by a person's word: this feed's entries among the sightings, and the story that each was split from"""
    stories: Mapping[str, Story] = field(default_factory=dict)
    story_of: Callable[[int], Story | None] = lambda _: None
    """the story of any stored entry by its number, None where it is gone; `stories` hold it from then on"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A stored entry that a new one was compared with, by its number or its uid.

    `score` and `limit` are None where there was nothing to measure. `apart` says why they do not tell one
    story, and is empty where they do. `terms` are the rarest that both use (core/gist.py). Without a `layer`
    it is the closest telling of an event, and `apart` speaks of the event.
    """

    layer: MatchedBy | None = None
    entry: int | None = None
    uid: str | None = None
    score: float | None = None
    limit: float | None = None
    apart: str = ""
    terms: tuple[int, ...] = ()


Considered = tuple[tuple[Candidate, Entry | None], ...]
"""What was compared when something was decided, each entry as it is now; None for one that is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What one document changes. `stories` are whole: entries with id 0 are new, `edited` uids changed."""

    stories: tuple[Story, ...] = ()
    edited: frozenset[str] = frozenset()
    fingerprints: Mapping[str, tuple[Fingerprint, ...]] = field(default_factory=dict)
    """by uid, for every new or edited entry"""
    gists: Mapping[str, bytes] = field(default_factory=dict)
    """by uid, for every entry that is news: what the index of texts keeps of it (core/gist.py), packed"""
    meanings: Mapping[str, bytes] = field(default_factory=dict)
    """by uid, for these entries: the vectors of their titles, where something makes them"""
    event_numbers: Mapping[str, int] = field(default_factory=dict)
    """by story id, of these entries' stories: the first entry of the event, where the index knows it"""
    judged: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict)
    """by uid, for every new entry that something came near: what it was compared with"""
    moved: Mapping[str, int] = field(default_factory=dict)
    """by story id, of stored stories: the number of the event that theirs turned out to be part of"""
    identities: Mapping[int, str] = field(default_factory=dict)
    """identity key in this feed → uid, for every entry of the document, also the unchanged ones"""
    chrome: tuple[ChromeBlock, ...] | None = None
    """all that counts as the feed's page chrome from now on; None where that is as it was"""
    held: frozenset[int] | None = None
    """the identity keys of all that the document holds; None while portions of it are to come"""

    @property
    def new_entries(self) -> int:
        """How many entries are stored for the first time."""
        return sum(entry.id == 0 for story in self.stories for entry in story.entries)

    @property
    def new_stories(self) -> int:
        """How many stories begin."""
        return sum(story.seq == 0 for story in self.stories)
