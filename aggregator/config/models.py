"""The shape of the config file: which keys exist, what each may hold, and its description for editors.

Models show the defaults of core/settings.py; kinds.py knows how each value is read. What only shows when keys
are seen together is in checks.py.

The docstring of a field is what editors and docs/reference/config.md say of it; where it has no default that
can be written down, its last sentence tells one: "Default: no limit."

To add a key: a field with its docstring here and in core/settings.py, a line in defaults/aggregator.yaml and
in its copy config/aggregator.yaml; then `python -m aggregator.config.schema --write
config/aggregator.schema.json` and `make reference`.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, WithJsonSchema

from aggregator.config import values
from aggregator.config.kinds import (
    SWITCH_OR_SECTION,
    AgentName,
    Count,
    Duration,
    Filters,
    Grouping,
    Guard,
    Headers,
    Lasting,
    Level,
    Listen,
    LogForm,
    Login,
    Loudness,
    Mapped,
    NamedFilters,
    Networks,
    NoticeAddresses,
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
    TagRules,
    Tags,
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
    """Address and port; `0.0.0.0:8080` is every network, `[::1]:8080` is IPv6.

    AGGREGATOR_LISTEN overrides it."""
    public_url: PublicUrl | None = None
    """The address under which readers reach this server, for the links of a feed to itself.

    With a path (`https://example.org/news/`) everything is served below it. Default: made from `listen`."""
    login: Login | None = None
    """What a browser or feed reader must give; the password best as `${NAME}`. Default: nothing."""
    login_for: Guard = _SERVER.login_for
    """What asks for it: `all`: everything · `pages`: the pages, while feeds stay open."""
    proxies: Proxies = []
    """The reverse proxies before us, whose word on who asks (`X-Forwarded-For`) is believed.

    Taken up at a restart, as is `listen`."""
    searches: Annotated[Whole, Field(ge=0)] = _SERVER.searches
    """How often one client may search within a minute; 0 is without bound."""
    hub: Url | None = None
    """A WebSub hub that hears of each change, and tells it to readers that subscribed there.

    Needs `public_url`. Default: none."""


class Poll(Section):
    """How feeds are polled."""

    every: Lasting = _POLL.every
    """The rhythm that a feed begins with; it finds its own between `min` and `max`."""
    min: Duration = _POLL.min
    """No feed is polled more often than this, whatever the reason; only its own `every` may be shorter."""
    max: Lasting = _POLL.max
    """No feed is polled more seldom than this, unless it or its server asks for more."""
    concurrency: Count = _POLL.concurrency
    """Requests under way at once, in all."""
    per_host: Count = _POLL.per_host
    """Requests under way at once to one host and port."""
    host_gap: Duration = _POLL.host_gap
    """Pause between two requests to one host and port."""
    timeout: Lasting = _POLL.timeout
    """Time limit of a whole request, redirects included."""
    max_bytes: Annotated[Size, Field(ge=1)] = _POLL.max_bytes
    """Largest document that is read, after decompression.

    While it waits to be parsed, one above 256 kB takes that much disk in the data folder, and no memory."""
    allow_private: Networks = []
    """Private addresses that may be polled: `[nas.lan, 192.168.1.0/24]`. All others are refused."""
    spread: Duration = _POLL.spread
    """A start, a wake-up, or more than three overdue feeds are spread over this time; the first of each host
    goes at most a second after that of another."""
    jitter: Share = _POLL.jitter
    """Each poll comes later, at random, by up to this share of its pause."""
    backoff: Lasting = _POLL.backoff
    """First pause after a failed poll; it doubles with each further failure."""
    backoff_max: Lasting = _POLL.backoff_max
    """Longest pause of a failing feed."""
    hint_max: Duration = _POLL.hint_max
    """Longest pause that a feed may ask for with Cache-Control, ttl and the like."""
    retry_after_max: Duration = _POLL.retry_after_max
    """Longest pause that a server may ask for with Retry-After."""
    refetch: Lasting = _POLL.refetch
    """After this long with nothing but "not modified", a feed is fetched whole once."""
    move_after: Count = _POLL.move_after
    """How often a permanent redirect must be seen before the new address is kept."""
    move_span: Duration = _POLL.move_span
    """Time over which those sightings must reach."""
    parse_timeout: Lasting = _POLL.parse_timeout
    """Time limit for parsing one document; its process is ended and replaced."""
    parse_memory: Annotated[Size, Field(ge=64_000_000)] = _POLL.parse_memory
    """Memory limit of a parsing process, at least 64MB.

    Of documents above 1 MB one is read at a time."""
    user_agent: AgentName | None = None
    """What to call ourselves; name an address where you can be reached.

    Without one, and without `server.public_url`, it is `aggregator/VERSION (feed aggregator)`, and `check`
    and `run` hint at it. Default: aggregator and its version, with `server.public_url`."""
    websub: Switch = _POLL.websub
    """Subscribe at the WebSub hubs that feeds name, and poll those feeds more seldom.

    Needs `server.public_url`."""


class Logging(Section):
    """What the program says while it runs, a line an event."""

    format: LogForm = _LOGGING.format
    """`text`: `key=value` for people · `json`: an object a line for programs · `auto`: text at a terminal and
    in systemd's journal, JSON elsewhere. AGGREGATOR_LOG overrides it."""
    level: Loudness = _LOGGING.level
    """The least that is worth a line; `warning` leaves out what is as it should be."""


class Storage(Section):
    """What is kept."""

    keep: Lasting = _ALL.keep
    """How long a story is kept after the last poll whose document still held it."""


class Dedup(Section):
    """How the same story is recognised in several feeds."""

    level: Level = _ALL.dedup_level
    """`off`: never · `exact`: same id, address, or title and lead · `story`: linked target and near-identical
    text too."""
    window: Lasting = _ALL.dedup_window
    """How far apart two tellings of one story may be, from when the first was seen."""


class Feed(Section):
    """One feed to poll."""

    url: Url
    """The feed's address."""
    title: Text | None = None
    """What to call it. Default: as it calls itself."""
    tags: Tags = []
    """Tags for every story that it tells."""
    every: Lasting | None = None
    """Its own rhythm, which then does not adapt. Default: it adapts."""
    priority: Whole = _FEED.priority
    """Whose entry leads a story that several feeds tell; the higher wins. May be negative."""
    full_text: Switch = _FEED.full_text
    """Fetch the page of each new article and take its text, where it has more than the feed."""
    dedup: Level | None = None
    """Its own level; `off`: its entries join no story and no entry joins theirs.

    Default: as `dedup.level`."""
    include: Filters | None = None
    """Store only entries that one of these filters takes.

    When it changes, the feed is soon read anew: what it lets in now and still stands in the document is
    stored, in its place in time. Default: everything."""
    exclude: Filters | None = None
    """Do not store entries that one of these filters takes. A change is taken up as one of `include`.

    Default: nothing."""
    skip_chrome: Switch = _FEED.skip_chrome
    """What it repeats in its entries (tagline, credits, "log in to comment") tags and matches nothing."""
    headers: Headers = {}
    """Request headers for the feed's own server, such as an API key."""
    auth: Login | None = None
    """A login for the feed's own server. Default: none."""
    proxy: Proxy | None = None
    """An HTTP proxy to fetch it through. Default: none."""
    user_agent: AgentName | None = None
    """What to call ourselves to this feed. Default: as `poll.user_agent`."""
    paused: Switch = _FEED.paused
    """Do not poll it; what it told stays."""
    websub: Switch = _FEED.websub
    """Subscribe at the WebSub hub that it names; `false`: for this feed not."""
    was: Urls = []
    """The address that it had before, or several: what it told under them stays its own."""


class FeedList(Section):
    """Feeds from an OPML list; its folders become tags."""

    opml: Annotated[Text, Field(title="path or URL")]
    """An OPML file: a path from the config's folder, read again as it changes, or a URL, fetched hourly."""


class Output(Section):
    """One combined feed that is published as NAME.atom, NAME.rss, NAME.json and NAME.html."""

    name: OutputName
    """Its address and file name: small letters, digits, `.`, `-`, `_`, at most 64."""
    title: Text | None = None
    """What readers call it. Default: made from the name."""
    description: Text | None = None
    """What readers say of it, in a sentence. Default: made from its filters and limits."""
    include: Filters | None = None
    """Only stories that one of these filters takes. Default: everything."""
    exclude: Filters | None = None
    """No stories that one of these filters takes. Default: nothing."""
    limit: Count = _OUTPUT.limit
    """How many items it holds."""
    max_age: Lasting | None = None
    """How old, by news time, an item may be. Default: no limit."""
    per_feed: Count | None = None
    """How many items may be led by one feed, so that no source drowns the others. Default: no limit."""
    group: Grouping = _OUTPUT.group
    """An item is, with `none`: each entry · `story`: each story, once · `event`: each event, once, with its
    coverage."""
    min_feeds: Count = _OUTPUT.min_feeds
    """Only stories or events that at least this many feeds report."""
    order: Ordering = _OUTPUT.order
    """`newest`: by news time · `coverage`: what most feeds report first, less with age."""
    digest: Rhythm | None = None
    """One item for each day or week (ISO 8601, UTC) that is over, with its stories by tag, in their place.

    Default: none."""
    was: OutputNames = []
    """What it was called before, the oldest name first: those lead here, and ids stay."""
    token: Token | None = None
    """Makes it private: its address is `/private/TOKEN/NAME.atom`, and nothing else names it.

    16 to 128 letters, digits, `-` and `_` that nobody can guess. Default: none."""


class Categories(Section):
    """What becomes of the categories under which publishers file their articles."""

    map: Mapped = {}
    """A publisher's category, whole, and what it gives in place of its own name, however many others there
    are."""
    mute: Texts = []
    """Categories that give no tag, beside noise such as `uncategorized`; `"*"`: all but those in `map`."""


class Topics(Section):
    """Topics that a small model tells, for stories in English."""

    threshold: Share = TOPIC_THRESHOLD
    """How sure the model must be; below it, and in other languages, it says nothing."""


_TOPICS = {"anyOf": [{"type": "boolean"}, Topics.model_json_schema()]}
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
    """The feeds: each an address, a mapping with `url`, or an OPML list. The only part that must be there.

    An address may stand here once."""
    filters: NamedFilters = {}
    """A name, and the filter, or list of filters, that others use as `@name`.

    A name is of small letters, digits, `.`, `-` and `_`."""
    tags: TagRules = {}
    """A tag's name, and the filter that gives it to a story; a list means "any of"."""
    categories: Categories = Field(default_factory=Categories)
    topics: Annotated[Topics | None, SWITCH_OR_SECTION, WithJsonSchema(_TOPICS)] = None
    """Whether stories in English get a topic, and how sure its model must be. Default: no topics."""
    notify: NoticeAddresses = []
    """Where notices of problems are sent, each as apprise writes it: `ntfy://my-topic`, `mailto://…`."""
    outputs: list[Output] = []
    """The combined feeds to publish. Default: one, `all`, with everything."""
