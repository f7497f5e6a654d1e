"""The shape of the config file: which keys exist, what each may hold, and its description for editors.

Models show the defaults of core/settings.py; kinds.py knows how each value is read. What only shows when keys
are seen together is in checks.py.

To add a key: a field with its docstring here and in core/settings.py, a line in defaults/aggregator.yaml and
in its copy config/aggregator.yaml, a row in docs/configuration.md; then
`python -m aggregator.config.schema --write config/aggregator.schema.json`.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, WithJsonSchema

from aggregator.config import values
from aggregator.config.kinds import (
    SWITCH_OR_SECTION,
    AgentName,
    Count,
    Duration,
    FilterName,
    Filters,
    Grouping,
    Guard,
    HeaderName,
    HeaderValue,
    Lasting,
    Level,
    Listen,
    LogForm,
    Login,
    Loudness,
    Network,
    NoticeAddress,
    Ordering,
    OutputName,
    OutputNames,
    Proxies,
    Proxy,
    PublicUrl,
    Rhythm,
    Share,
    Size,
    Switch,
    TagName,
    TagNames,
    Text,
    Texts,
    Token,
    Url,
    Urls,
    Whole,
)
from aggregator.core.settings import (
    TOPIC_THRESHOLD,
    FeedSettings,
    LogSettings,
    OutputSettings,
    PollSettings,
    ServerSettings,
    Settings,
)

_POLL, _SERVER, _FEED = PollSettings(), ServerSettings(), FeedSettings(url="")
_LOGGING = LogSettings()
_OUTPUT, _ALL = OutputSettings(name="", title=""), Settings()
KINDS = frozenset({"<url>", "<feed>", "<opml>"})
"""How an item of `feeds` may be written; pydantic names the kind in a fault's place."""


def _kind_of_feed(value: object) -> str:
    if isinstance(value, str):
        return "<url>"
    return "<opml>" if isinstance(value, dict) and "opml" in value else "<feed>"


class Section(BaseModel):
    """What all parts of the config share: unknown keys are faults, docstrings are descriptions."""

    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)


class Server(Section):
    """Where the feeds and pages are served."""

    listen: Listen = values.Listen(_SERVER.host, _SERVER.port)
    """Address and port to serve on; `0.0.0.0:8080` is every network. AGGREGATOR_LISTEN overrides it."""
    public_url: PublicUrl | None = None
    """The address under which readers reach this server, for self links. Default: http:// and `listen`."""
    login: Login | None = None
    """What a browser or reader must give, as `user:password`; default: nothing."""
    login_for: Guard = _SERVER.login_for
    """What the login stands before: `all`, or `pages` while feeds stay open."""
    proxies: Proxies = []
    """Addresses of the proxies before us, whose word on who asks (`X-Forwarded-For`) is taken."""
    searches: Annotated[Whole, Field(ge=0)] = _SERVER.searches
    """How often one client may search within a minute; 0 is without bound."""
    hub: Url | None = None
    """The WebSub hub that hears of each change, and tells it to who subscribed there; needs `public_url`."""


class Poll(Section):
    """How feeds are polled."""

    every: Lasting = _POLL.every
    """The rhythm that a feed begins with; it finds its own between `min` and `max`."""
    min: Duration = _POLL.min
    """No feed is polled more often than this, unless its own `every` says so."""
    max: Lasting = _POLL.max
    """No feed that answers is polled more seldom than this."""
    concurrency: Count = _POLL.concurrency
    """How many requests may be under way at once."""
    per_host: Count = _POLL.per_host
    """How many requests may be under way at once to one host and port."""
    host_gap: Duration = _POLL.host_gap
    """Pause between two requests to one host and port."""
    timeout: Lasting = _POLL.timeout
    """Time limit of a whole request, redirects included."""
    max_bytes: Annotated[Size, Field(ge=1)] = _POLL.max_bytes
    """Largest document that is read, after decompression."""
    allow_private: list[Network] = []
    """Private addresses that may be polled: names, addresses, networks. All others are refused."""
    spread: Duration = _POLL.spread
    """Time over which a start, a wake-up, or a set of overdue feeds is spread."""
    jitter: Share = _POLL.jitter
    """Share of the rhythm, 0 to 1, by which each poll is moved at random."""
    backoff: Lasting = _POLL.backoff
    """First pause after a failed poll; it doubles with each further failure."""
    backoff_max: Lasting = _POLL.backoff_max
    """Longest pause between polls of a failing feed."""
    hint_max: Duration = _POLL.hint_max
    """Longest pause that a feed may ask for with Cache-Control, ttl and the like."""
    retry_after_max: Duration = _POLL.retry_after_max
    """Longest pause that a server may ask for with Retry-After."""
    refetch: Lasting = _POLL.refetch
    """After this long with nothing but 304 answers a feed is fetched whole once."""
    move_after: Count = _POLL.move_after
    """How often a permanent redirect must be seen before the feed's new address is kept."""
    move_span: Duration = _POLL.move_span
    """Time over which those sightings must reach."""
    parse_timeout: Lasting = _POLL.parse_timeout
    """Time limit for parsing one document."""
    parse_memory: Annotated[Size, Field(ge=64_000_000)] = _POLL.parse_memory
    """Memory limit of a parsing process."""
    user_agent: AgentName | None = None
    """What to call ourselves; the default names the program, and `server.public_url` where it is set."""
    websub: Switch = _POLL.websub
    """Subscribe at the WebSub hubs that feeds name, and poll them more seldom; needs `server.public_url`."""


class Logging(Section):
    """What the program says while it runs, a line an event."""

    format: LogForm = _LOGGING.format
    """text: `key=value` · json: an object a line · auto: text for people. AGGREGATOR_LOG overrides it."""
    level: Loudness = _LOGGING.level
    """The least that is worth a line: debug, info, warning or error."""


class Storage(Section):
    """What is kept."""

    keep: Lasting = _ALL.keep
    """How long a story is kept after the last poll whose document still held it."""


class Dedup(Section):
    """How the same story is recognised in several feeds."""

    level: Level = _ALL.dedup_level
    """off: never · exact: same guid, address, or title and lead · story: also target, near-identical text."""
    window: Lasting = _ALL.dedup_window
    """How far apart two tellings of one story may be, from when the first was seen."""


class Feed(Section):
    """One feed to poll."""

    url: Url
    """The feed's address."""
    title: Text | None = None
    """What to call it; default: as it calls itself."""
    tags: list[TagName] = []
    """Tags for every story that it tells."""
    every: Lasting | None = None
    """Its own rhythm, which then does not adapt; default: it begins with `poll.every`."""
    priority: Whole = _FEED.priority
    """Whose entry leads a story that several feeds tell; the higher wins."""
    full_text: Switch = _FEED.full_text
    """Fetch the page of each new article and take its text, where it has more than the feed."""
    dedup: Level | None = None
    """Its own level of `dedup.level`; off: its entries join no story and no entry joins theirs."""
    include: Filters | None = None
    """Store only entries that one of these filters takes."""
    exclude: Filters | None = None
    """Do not store entries that one of these filters takes."""
    skip_chrome: Switch = _FEED.skip_chrome
    """What it repeats in its entries (tagline, credits, "log in to comment") tags and matches nothing."""
    headers: dict[HeaderName, HeaderValue] = {}
    """Request headers for this feed's own server, such as Authorization."""
    auth: Login | None = None
    """User and password for this feed's own server, as `user:password`."""
    proxy: Proxy | None = None
    """Address of the proxy to fetch it through; default: none."""
    user_agent: AgentName | None = None
    """What to call ourselves to this feed; default: `poll.user_agent`."""
    paused: Switch = _FEED.paused
    """Do not poll it; what it told stays."""
    websub: Switch = _FEED.websub
    """Subscribe at the WebSub hub that it names, if it names one; as `poll.websub`, for this feed alone."""
    was: Urls = []
    """The address, or a list of those, that it had before: what it told under them stays its own."""


class FeedList(Section):
    """Feeds from an OPML list; its folders become tags."""

    opml: Text
    """Path, relative to this file, or URL of an OPML file. It is read again as it changes."""


class Output(Section):
    """One combined feed that is published as NAME.atom, NAME.rss, NAME.json and NAME.html."""

    name: OutputName
    """Its address and file name: small letters, digits, `.`, `-`, `_`."""
    title: Text | None = None
    """What readers call it; default: made from the name."""
    description: Text | None = None
    """What readers say of it, in a sentence; default: made from its filters and limits."""
    include: Filters | None = None
    """Only stories that one of these filters takes; default: everything."""
    exclude: Filters | None = None
    """No stories that one of these filters takes."""
    limit: Count = _OUTPUT.limit
    """How many items it holds."""
    max_age: Lasting | None = None
    """How old, by news time, an item may be; default: no limit."""
    per_feed: Count | None = None
    """How many items may be led by one feed; default: no limit."""
    group: Grouping = _OUTPUT.group
    """An item is: none: each entry · story: each story once · event: each event once, with its coverage."""
    min_feeds: Count = _OUTPUT.min_feeds
    """Only stories or events that at least this many feeds report."""
    order: Ordering = _OUTPUT.order
    """newest: by news time · coverage: what most feeds report, less with age, first."""
    digest: Rhythm | None = None
    """One item for each day or week (ISO 8601, UTC) that is over, with its stories by tag; default: none."""
    was: OutputNames = []
    """The name, or a list of those, the oldest first, that it had before: they lead here, and ids stay."""
    token: Token | None = None
    """Makes it private: its address is `/private/TOKEN/NAME.atom`, and nothing else names it."""


class Categories(Section):
    """What becomes of the categories under which publishers file their articles."""

    map: dict[Text, TagNames] = {}
    """A publisher's category, whole, and the tag, or list of tags, that it gives in place of its own name."""
    mute: Texts = []
    """Categories that give no tag, beside noise such as `uncategorized`; `"*"`: all but those in `map`."""


class Topics(Section):
    """Topics that a small model tells, for stories in English."""

    threshold: Share = TOPIC_THRESHOLD
    """How sure the model must be, 0 to 1."""


_TOPICS = {
    "anyOf": [
        {"type": "boolean"},
        {
            "type": "object",
            "properties": {
                "threshold": {"type": "number", "minimum": 0, "maximum": 1, "default": TOPIC_THRESHOLD}
            },
            "additionalProperties": False,
        },
    ]
}
FeedItem = Annotated[
    Annotated[Url, Tag("<url>")] | Annotated[Feed, Tag("<feed>")] | Annotated[FeedList, Tag("<opml>")],
    Discriminator(_kind_of_feed),
]


class Config(Section):
    """The config of aggregator: which feeds to poll, how to tag their stories, and what to publish."""

    server: Server = Field(default_factory=Server)
    poll: Poll = Field(default_factory=Poll)
    logging: Logging = Field(default_factory=Logging)
    storage: Storage = Field(default_factory=Storage)
    dedup: Dedup = Field(default_factory=Dedup)
    feeds: list[FeedItem]
    """The feeds: each an address, a mapping with `url`, or an OPML list."""
    filters: dict[FilterName, Filters] = {}
    """A name, and the filter, or list of filters, that others use as `@name`."""
    tags: dict[TagName, Filters] = {}
    """A tag's name and the filter, or list of filters, that gives it."""
    categories: Categories = Field(default_factory=Categories)
    topics: Annotated[Topics | None, SWITCH_OR_SECTION, WithJsonSchema(_TOPICS)] = None
    """Whether stories in English get a topic, and how sure its model must be; default: no topics."""
    notify: list[NoticeAddress] = []
    """Where notices of problems are sent, each as apprise writes it: `ntfy://my-topic`, `mailto://…`."""
    outputs: list[Output] = []
    """The combined feeds to publish; default: one, `all`, with everything."""
