"""What the user asked for: the config file as frozen values, with every filter already compiled.

The `config` edge makes these from YAML; everything else only reads them. Defaults stand here once.

A `Plan` is the same seen from the store: feeds by their id.

To add a key: a field here, and the same field, with what it means, in config/models.py.
"""

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from functools import cached_property
from urllib.parse import urlsplit

from aggregator.core.categories import AS_WRITTEN, Categories
from aggregator.core.filters import LANGUAGE, NO_NAMES, Filter, Names, Together, all_together
from aggregator.core.topics import NO_MODEL, TOPICS, Model
from aggregator.model import DedupLevel, Edition, Group, LogFormat, LoginFor, LogLevel, Order

TOPIC_THRESHOLD = 0.8  # how sure the model of topics must be where the config says no more than `true`


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """Where we serve, and whom. `public_url` always ends in a slash and is what self links begin with."""

    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = "http://127.0.0.1:8080/"
    is_public: bool = False
    """whether the config says that address; else it is made of where we listen"""
    login: str | None = field(default=None, repr=False)
    login_for: LoginFor = LoginFor.ALL
    proxies: tuple[str, ...] = ()
    searches: int = 60
    hub: str = ""
    """the WebSub hub that is told of changes; empty: none"""

    @property
    def prefix(self) -> str:
        """The path that a proxy has us under, such as `/news`; without one it is empty."""
        return urlsplit(self.public_url).path.rstrip("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSettings:
    """How we poll. Sizes in bytes."""

    every: timedelta = timedelta(minutes=30)
    min: timedelta = timedelta(minutes=10)
    max: timedelta = timedelta(days=1)
    concurrency: int = 64
    per_host: int = 1
    host_gap: timedelta = timedelta(seconds=1)
    timeout: timedelta = timedelta(seconds=60)
    max_bytes: int = 10_000_000
    allow_private: tuple[str, ...] = ()
    spread: timedelta = timedelta(minutes=5)
    jitter: float = 0.1
    backoff: timedelta = timedelta(minutes=30)
    backoff_max: timedelta = timedelta(days=1)
    hint_max: timedelta = timedelta(days=1)
    retry_after_max: timedelta = timedelta(days=7)
    refetch: timedelta = timedelta(days=8)
    move_after: int = 3
    move_span: timedelta = timedelta(days=1)
    parse_timeout: timedelta = timedelta(seconds=30)
    parse_memory: int = 512_000_000
    user_agent: str | None = None
    websub: bool = True
    """whether hubs that feeds name are subscribed to, where they can reach us"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSettings:
    """How the log is written, and from which level on."""

    format: LogFormat = LogFormat.AUTO
    level: LogLevel = LogLevel.INFO


NOT_THE_WAY_IN = frozenset(
    (
        "title",
        "tags",
        "every",
        "priority",
        "full_text",
        "dedup",
        "include",
        "exclude",
        "skip_chrome",
        "paused",
        "websub",
    )
)
"""what a feed's config says of its entries and its pace, and not of how it is asked"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSettings:
    """One entry of `feeds:`; None means "as everywhere"."""

    url: str
    title: str | None = None
    tags: tuple[str, ...] = ()
    every: timedelta | None = None
    priority: int = 0
    full_text: bool = False
    dedup: DedupLevel | None = None
    include: Filter | None = None
    exclude: Filter | None = None
    skip_chrome: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)
    auth: str | None = None
    """`user:password`; a login in the address is here and not in `url`"""
    proxy: str | None = None
    user_agent: str | None = None
    paused: bool = False
    websub: bool = True
    was: tuple[str, ...] = ()

    @property
    def access(self) -> str:
        """What changes when the way in to this feed does: its address, its headers and their like.

        Two bytes: enough to notice a change, and too few to find a password by.
        """
        said = repr([getattr(self, one.name) for one in fields(self) if one.name not in NOT_THE_WAY_IN])
        return hashlib.blake2b(said.encode(), digest_size=2).hexdigest()

    @property
    def intake(self) -> str:
        """What changes when the feed's own filters do, or what they read: which entries are stored."""
        filters = [rule and rule.meaning for rule in (self.include, self.exclude)]
        said = repr((LANGUAGE, self.skip_chrome, filters))
        return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRule:
    """A tag and the filter that gives it."""

    name: str
    rule: Filter


def parents(tag: str) -> tuple[str, ...]:
    """The tags above it: `europe` and `europe/elections` for `europe/elections/germany`."""
    return tuple(tag[:at] for at, sign in enumerate(tag) if sign == "/")


def tag_key(tag: str) -> str:
    """Under which two spellings are one tag: a rule's `NATO` and a publisher's `nato`."""
    return unicodedata.normalize("NFC", tag).casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputSettings:
    """One combined feed to publish."""

    name: str
    title: str
    description: str | None = None
    """None: what its filters and limits say"""
    include: Filter | None = None
    exclude: Filter | None = None
    limit: int = 100
    max_age: timedelta | None = None
    per_feed: int | None = None
    group: Group = Group.STORY
    min_feeds: int = 1
    order: Order = Order.NEWEST
    digest: Edition | None = None
    """None: its items are stories and not digests of them"""
    was: tuple[str, ...] = ()
    """the names that it had before, the oldest first"""
    token: str = field(default="", repr=False)
    """what its address holds that nobody can guess; empty where everybody may read it"""

    @property
    def address(self) -> str:
        """Where it is, below the front page and without a suffix."""
        return f"private/{self.token}/{self.name}" if self.token else self.name

    @property
    def origin(self) -> str:
        """Its first name, which its ids are made of: a new name makes no new feed of it."""
        return self.was[0] if self.was else self.name


@dataclass(frozen=True, kw_only=True)
class Settings:
    """A whole config, checked."""

    server: ServerSettings = ServerSettings()
    poll: PollSettings = PollSettings()
    logging: LogSettings = LogSettings()
    keep: timedelta = timedelta(days=90)
    dedup_level: DedupLevel = DedupLevel.STORY
    dedup_window: timedelta = timedelta(days=14)
    feeds: tuple[FeedSettings, ...] = ()
    filters: Names = field(default=NO_NAMES, compare=False)
    """what `@name` stands for in a filter typed in; those of the config have it in them already"""
    tags: tuple[TagRule, ...] = ()
    categories: Categories = AS_WRITTEN
    topics: float | None = None
    """how sure the model must be that a story is about a topic; None: no topics"""
    notify: tuple[str, ...] = field(default=(), repr=False)
    """where notices are sent; an address may hold a password"""
    outputs: tuple[OutputSettings, ...] = ()

    @property
    def public_outputs(self) -> tuple[OutputSettings, ...]:
        """Those that everybody may read and hear of."""
        return tuple(output for output in self.outputs if not output.token)

    def wishes(self) -> Iterator[tuple[str, Filter]]:
        """Every filter that decides something, with its place in the config."""
        sections: tuple[tuple[str, FeedSettings | OutputSettings], ...] = (
            *((f"feeds: {feed.url}", feed) for feed in self.feeds),
            *((f"outputs: {output.name}", output) for output in self.outputs),
        )
        for place, section in sections:
            both = ((f"{place}: include", section.include), (f"{place}: exclude", section.exclude))
            yield from ((key, wanted) for key, wanted in both if wanted)
        yield from ((f"tags: {rule.name}", rule.rule) for rule in self.tags)

    @cached_property
    def tags_together(self) -> Together:
        """The rules of `tags`, by their place there, as they are judged: all at once."""
        return all_together(rule.rule for rule in self.tags)

    @cached_property
    def outputs_together(self) -> Together:
        """What `outputs` include, by their place there, likewise."""
        return all_together(output.include for output in self.outputs)

    @property
    def named_tags(self) -> tuple[str, ...]:
        """Every tag that the config gives, and the parents of these; sorted."""
        return tuple(sorted({*self.given_tags}.union(*map(parents, self.given_tags))))

    @property
    def given_tags(self) -> tuple[str, ...]:
        """Every tag that rules, feeds and mapped categories name, in the order of the config; topics last."""
        return tuple(dict.fromkeys(map(self.spelled, self._said_tags())))

    def _said_tags(self) -> Iterator[str]:
        """As each is written: the tags of OPML lists, and topics, may be spelled in another way."""
        yield from (rule.name for rule in self.tags)
        yield from (tag for feed in self.feeds for tag in feed.tags)
        yield from (tag for tags in self.categories.mapped.values() for tag in tags)
        yield from TOPICS if self.topics is not None else ()

    def spelled(self, tag: str) -> str:
        """The tag with as much of it as the config names written as there: a publisher's `nato` as `NATO`."""
        for name in (tag, *reversed(parents(tag))):
            if known := self._spellings.get(tag_key(name)):
                return known + tag[len(name) :]
        return tag

    @cached_property
    def _spellings(self) -> Mapping[str, str]:
        """What the config calls each tag and its parents; of two spellings of one tag the first counts."""
        known: dict[str, str] = {}
        for tag in self._said_tags():
            above, spelled = "", ""
            for name in (*parents(tag), tag):
                spelled = known.setdefault(tag_key(name), spelled + name[len(above) :])
                above = name
        return known


@dataclass(frozen=True, slots=True)
class Plan:
    """The settings, with each stored feed's own part of them by feed id, and what tells topics."""

    settings: Settings
    feeds: Mapping[int, FeedSettings]
    topics: Model = NO_MODEL

    def of(self, feed_id: int) -> FeedSettings:
        """What the config says of this feed; one that has left it has no wishes."""
        return self.feeds.get(feed_id) or FeedSettings(url="")

    def level_of(self, feed_id: int) -> DedupLevel:
        """How far this feed's entries may be matched with others."""
        return self.of(feed_id).dedup or self.settings.dedup_level

    def priority_of(self, feed_id: int) -> int:
        """The weight of this feed when a lead is chosen."""
        return self.of(feed_id).priority

    def feed_tags(self) -> dict[int, tuple[str, ...]]:
        """The tags that feeds give to their stories, by feed id."""
        return {feed_id: feed.tags for feed_id, feed in self.feeds.items()}
