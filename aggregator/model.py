"""The nouns: what the parts hand to one another. Frozen values, no behaviour beyond reading themselves.

The words are those of docs/architecture.md (feed, entry, story, event, tag, output, poll, validators, lead).
Nothing here does I/O or knows a library. All times are aware `datetime`s in UTC.

To add a noun: a frozen dataclass with slots, keyword-only when it has more than three fields.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class DedupLevel(StrEnum):
    """How far entries may be taken for one story; a level includes the ones before it."""

    OFF = "off"
    EXACT = "exact"
    STORY = "story"


class FeedState(StrEnum):
    """How a feed stands: polled normally, polled with backoff, gone for good (410), or left alone."""

    ACTIVE = "active"
    FAILING = "failing"
    GONE = "gone"
    PAUSED = "paused"


class Outcome(StrEnum):
    """How one poll ended."""

    NEW = "new"
    UNCHANGED = "unchanged"
    NOT_MODIFIED = "not_modified"
    FAILED = "failed"
    SKIPPED = "skipped"


class MatchedBy(StrEnum):
    """The signal that brought an entry to its story; `new` began one."""

    NEW = "new"
    GUID = "guid"
    URL = "url"
    TARGET = "target"
    TITLE = "title"
    TEXT = "text"
    MANUAL = "manual"


class Group(StrEnum):
    """What one item of an output stands for."""

    NONE = "none"
    STORY = "story"
    EVENT = "event"


class Origin(StrEnum):
    """Where a tag on a story comes from."""

    RULE = "rule"
    FEED = "feed"
    PUBLISHER = "publisher"


@dataclass(frozen=True, slots=True)
class Validators:
    """ETag and Last-Modified exactly as the server sent them (RFC 9110 §8.8).

    Header bytes decoded as ISO-8859-1, so that every byte survives the round trip; None where absent.
    """

    etag: str | None = None
    last_modified: str | None = None

    def __bool__(self) -> bool:
        return bool(self.etag or self.last_modified)


# -- fetching ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One conditional GET to be made."""

    url: str
    validators: Validators = Validators()
    validators_url: str | None = None
    """the URL that gave the validators, the last of its redirects: only a hop to it carries them"""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a request. Exactly one of three: `body` (a whole 200), `status` 304, or `error`.

    `url` is the final one after redirects; `moved_to` is set only when every hop so far was permanent
    (301, 308) and names where they led. `max_age` is what Cache-Control or Expires still grants,
    `retry_after` what a refusing server asked for; both are durations from now.
    """

    url: str
    status: int | None = None
    body: bytes | None = None
    error: str | None = None
    content_type: str | None = None
    validators: Validators = Validators()
    moved_to: str | None = None
    max_age: timedelta | None = None
    retry_after: timedelta | None = None
    received_bytes: int = 0
    took_ms: int = 0


# -- parsing ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that belongs to an entry (RFC 4287 §4.2.7.2 rel=enclosure); `length` in bytes."""

    url: str
    type: str | None = None
    length: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedEntry:
    """What one item of a feed document said, cleaned.

    `title`, `author` and `categories` are plain text; `summary` and `content` are sanitised HTML with
    absolute links ('' where the feed had none; `content` is the fuller of the two); `guid` is as given.
    Dates are as the feed says, None where absent or senseless.
    """

    guid: str | None = None
    url: str | None = None
    title: str = ""
    summary: str = ""
    content: str = ""
    author: str = ""
    lang: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    categories: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    image: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What a feed document asks of its pollers (RSS 2.0 ttl, skipHours, skipDays; mod_syndication).

    `skip_hours` are GMT hours 0 to 23, `skip_days` are weekdays with Monday 0.
    """

    ttl: timedelta | None = None
    update_period: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed document, read. `complete` is False when it was cut short; `problems` are for people."""

    title: str = ""
    site_url: str | None = None
    lang: str | None = None
    format: str = ""
    hints: Hints = Hints()
    entries: tuple[ParsedEntry, ...] = ()
    problems: tuple[str, ...] = ()
    complete: bool = True


# -- what is stored ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One source URL and how it stands: a row of `feeds`."""

    id: int
    url: str
    title: str = ""
    site_url: str | None = None
    validators: Validators = Validators()
    validators_url: str | None = None
    """where the validators came from, after redirects; they mean nothing to another URL"""
    state: FeedState = FeedState.ACTIVE
    failures: int = 0
    last_error: str | None = None
    last_polled_at: datetime | None = None
    last_ok_at: datetime | None = None
    next_poll_at: datetime | None = None
    next_poll_rule: str = ""
    """why `next_poll_at` is what it is, in a few words"""
    body_hash: str | None = None
    """of the last body that was parsed and stored; the same bytes are not parsed again"""
    hints: Hints = Hints()
    moved_to: str | None = None
    """where permanent redirects lead; asked instead of `url` once `moved_seen` is reached"""
    moved_since: datetime | None = None
    moved_seen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What one feed said: a row of `entries`. `id` is 0 until it is stored."""

    id: int = 0
    uid: str
    feed_id: int
    story_id: str
    guid: str | None = None
    url: str | None = None
    title: str = ""
    summary: str = ""
    content: str = ""
    author: str = ""
    lang: str | None = None
    published_at: datetime | None = None
    first_seen_at: datetime
    updated_at: datetime
    categories: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    image: str | None = None
    matched_by: MatchedBy = MatchedBy.NEW
    match_score: float = 1.0
    feed_url: str = ""
    feed_title: str = ""
    feed_site_url: str | None = None


@dataclass(frozen=True, slots=True)
class Tag:
    """A topic on a story; `why` names the rule, the feed or the category it comes from."""

    name: str
    origin: Origin
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The news item itself, with every entry that tells it. `seq` is 0 until it is stored.

    The text columns are the lead's. `lead_settled` is True once the story was in a published output:
    from then on the lead does not change under the reader.
    """

    seq: int = 0
    id: str
    event_id: str | None = None
    lead_uid: str
    lead_settled: bool = False
    url: str | None = None
    title: str = ""
    summary: str = ""
    content: str = ""
    author: str = ""
    lang: str | None = None
    published_at: datetime | None = None
    first_seen_at: datetime
    updated_at: datetime
    news_at: datetime
    entries: tuple[Entry, ...] = ()
    tags: tuple[Tag, ...] = ()

    @property
    def lead(self) -> Entry:
        """The entry whose title, link, text and author stand for the story."""
        return next(entry for entry in self.entries if entry.uid == self.lead_uid)


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One conditional GET and what followed: a row of `polls`."""

    feed_id: int
    at: datetime
    outcome: Outcome
    http_status: int | None = None
    received_bytes: int = 0
    took_ms: int = 0
    new_entries: int = 0
    new_stories: int = 0
    error: str | None = None


# -- ingest: what the store is asked, and what it is told -------------------------------------------------


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
    first_seen_at: datetime
    news_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store knows that bears on one document, read inside the writing transaction.

    `stories` holds, by id and whole, every story that an entry of `mine` or a sighting belongs to.
    """

    feed: Feed
    mine: tuple[Entry, ...] = ()
    """this feed's stored entries that share a guid or a link with the document"""
    sightings: tuple[Sighting, ...] = ()
    tombstones: tuple[Tombstone, ...] = ()
    stories: Mapping[str, Story] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What one document changes. `stories` are whole: entries with id 0 are new, `edited` uids changed."""

    stories: tuple[Story, ...] = ()
    edited: frozenset[str] = frozenset()
    fingerprints: Mapping[str, tuple[Fingerprint, ...]] = field(default_factory=dict)
    """by uid, for every new or edited entry"""
    identities: Mapping[int, str] = field(default_factory=dict)
    """identity key in this feed → uid, for every entry of the document, also the unchanged ones"""

    @property
    def new_entries(self) -> int:
        """How many entries are stored for the first time."""
        return sum(entry.id == 0 for story in self.stories for entry in story.entries)

    @property
    def new_stories(self) -> int:
        """How many stories begin."""
        return sum(story.seq == 0 for story in self.stories)


# -- what is published ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AlsoIn:
    """Another feed's telling of a story: one line of "Also in"."""

    feed_title: str
    url: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of an output, ready to be written in any format. HTML fields are sanitised."""

    id: str
    """`urn:uuid:…`"""
    url: str | None
    title: str
    author: str
    summary: str
    content: str
    lang: str | None
    published_at: datetime
    """never absent, never in the future"""
    updated_at: datetime
    news_at: datetime
    tags: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    image: str | None = None
    feed_url: str = ""
    feed_title: str = ""
    feed_site_url: str | None = None
    also_in: tuple[AlsoIn, ...] = ()
    coverage: int = 1
    """how many feeds tell it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole output: what a format renders to bytes. `base_url` ends in a slash, `name` has no suffix."""

    name: str
    title: str
    description: str
    base_url: str
    updated_at: datetime
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """The bytes of one published address, with what HTTP says of them. `etag` is quoted and strong."""

    content_type: str
    body: bytes
    gzipped: bytes
    etag: str
    gzip_etag: str
    last_modified: datetime


Snapshot = Mapping[str, Rendered]
"""Every published address by its path without the leading slash: `security.atom`, `tag/europe.json`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Is the data fresh? `problems` is empty when all is well; each is one plain sentence."""

    problems: tuple[str, ...] = ()
    last_ok_at: datetime | None = None
    last_tick_at: datetime | None = None

    @property
    def ok(self) -> bool:
        """True when a person need not look."""
        return not self.problems
