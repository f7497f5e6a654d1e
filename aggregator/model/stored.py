"""What is stored: feeds and their servers' waits, entries, stories, tags, polls."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aggregator.model.wire import Enclosure, Hints, Validators
from aggregator.model.words import FeedState, MatchedBy, Origin, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One source URL and how it stands: a row of `feeds`."""

    id: int
    url: str
    origin: str = ""
    """the address that its entries' ids are made of: its first, which stays when the feed moves"""
    title: str = ""
    site_url: str | None = None
    validators: Validators = field(default_factory=Validators)
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
    hints: Hints = field(default_factory=Hints)
    moved_to: str | None = None
    """where permanent redirects lead; asked instead of `url` once `moved_seen` is reached"""
    moved_since: datetime | None = None
    moved_seen: int = 0
    moved_from: str | None = None
    """where it was asked before its last move, and since when it is asked at `url`"""
    moved_at: datetime | None = None
    news_at: datetime | None = None
    """when a poll last brought new entries; the first poll counts as one"""
    news_every: timedelta | None = None
    """the usual time between two of these; None until it has shown one"""
    whole_at: datetime | None = None
    """when its document last came whole, with validators or without"""
    gone_at: datetime | None = None
    """since when its server says that it is gone for good (410)"""
    refused_access: str | None = None
    """`FeedSettings.access` under which its server wanted another log-in (401)"""
    read_under: str | None = None
    """`FeedSettings.intake` under which its document was last read; None where that is not known"""


@dataclass(frozen=True, slots=True)
class Wait:
    """What a server asked for: a feed (by its URL) or a whole host is not asked before `until`."""

    whom: str
    until: datetime
    rule: str


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
    own_text_key: int | None = None
    """of its feed's own text, where `content` is that of the article's page"""
    canonical_url: str | None = None
    """what that page calls itself, if it is another address than `url`"""
    chrome: tuple[int, ...] = ()
    """the keys of those blocks of its text that its feed repeats, rising: they match nothing"""
    matched_by: MatchedBy = MatchedBy.NEW
    match_score: float = 1.0
    feed_url: str = ""
    feed_title: str = ""
    feed_site_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChromeBlock:
    """A block of text that a feed repeats under its articles: a row of `chrome`."""

    key: int
    text: str
    """as far as people need it"""
    seen: int
    """in how many of the entries that were looked at"""
    last_seen_at: datetime
    """when a document last held it"""


@dataclass(frozen=True, slots=True)
class Tag:
    """A topic on a story; `why` names the clause and its words, the feed or the category it comes from."""

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

    @property
    def chrome(self) -> tuple[int, ...]:
        """The keys of those blocks of its text that are its lead's page chrome."""
        return next((entry.chrome for entry in self.entries if entry.uid == self.lead_uid), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Stories that report one happening, in the order they came; or one story that is alone with its own.

    `title` is that of the first, which leads it.
    """

    id: str
    title: str
    first_seen_at: datetime
    last_seen_at: datetime
    """when its newest story was first seen"""
    stories: tuple[Story, ...]

    @property
    def feeds(self) -> int:
        """How many feeds tell it."""
        return len({entry.feed_id for story in self.stories for entry in story.entries})


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
