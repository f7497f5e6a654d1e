"""The shape of the config file: which keys exist, what each may hold, and its description for editors.

Models read what environment.py gives (text, lists, mappings) and hold values ready for core/settings.py,
whose defaults they show. What only shows when keys are seen together is in checks.py. The context of a
validation are the Names that filters may use.

To add a key: a field with its docstring here and in core/settings.py, a line in config/aggregator.yaml, a
row in docs/configuration.md; then `python -m aggregator.config.schema --write config/aggregator.schema.json`.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from aggregator.config import values
from aggregator.config.positions import Plain
from aggregator.core.filters import NO_NAMES, Filter, parse_filter
from aggregator.core.settings import FeedSettings, OutputSettings, PollSettings, ServerSettings, Settings
from aggregator.errors import FilterError
from aggregator.model import DedupLevel, Edition, Group, Order

_T = TypeVar("_T")
_Choice = TypeVar("_Choice", DedupLevel, Edition, Group, Order)
_POLL, _SERVER, _FEED = PollSettings(), ServerSettings(), FeedSettings(url="")
_OUTPUT, _ALL = OutputSettings(name="", title=""), Settings()
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")  # YAML 1.2.2 §10.3.2
_SWITCH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
KINDS = frozenset({"<url>", "<feed>", "<opml>"})
"""How an item of `feeds` may be written; pydantic names the kind in a fault's place."""


def _said(read: Callable[[str], _T]) -> Callable[[Any], _T]:
    """A validator that lets `read` judge text, and hands on the predicate of its ValueError."""

    def validate(value: object) -> _T:
        if not isinstance(value, str):
            raise PydanticCustomError("string_type", "must be text")
        try:
            return read(str(value))
        except ValueError as error:
            raise PydanticCustomError("predicate", "{message}", {"message": str(error)}) from error

    return validate


def _secret(read: Callable[[str], _T]) -> Callable[[Any], _T]:
    """The same for a value that no message may show: what `read` says is the whole of it."""

    def validate(value: object) -> _T:
        try:
            return _said(read)(value)
        except PydanticCustomError as error:
            raise PydanticCustomError("secret", "{message}", {"message": error.message()}) from error

    return validate


def _or_environ(pattern: str) -> str:
    return f"^(?:{pattern})$|\\$\\{{"


def _choice(kind: type[_Choice]) -> Callable[[Any], _Choice]:
    def read(text: str) -> _Choice:
        if text not in set(kind):
            raise ValueError(f"is not one of: {', '.join(kind)}")
        return kind(text)

    return _said(read)


def _whole(value: object) -> object:
    return int(value) if isinstance(value, Plain) and _WHOLE.fullmatch(value) else value


def _number(value: object) -> object:
    return float(value) if isinstance(value, Plain) and _NUMBER.fullmatch(value) else value


def _switch(value: object) -> object:
    return _SWITCH.get(value, value) if isinstance(value, Plain) else value


def _filter(value: object, info: ValidationInfo) -> Filter:
    if isinstance(value, dict):
        raise PydanticCustomError("filter_mapping", "must be a filter")
    if not isinstance(value, str):
        raise PydanticCustomError("filter_type", "must be a filter")
    try:
        return parse_filter(str(value), info.context or NO_NAMES)
    except FilterError as error:
        context = {"message": error.message, "column": error.column}
        raise PydanticCustomError("filter", "{message}", context) from error


def _listed(value: object) -> object:
    return [value] if isinstance(value, str | dict) else value


def _kind_of_feed(value: object) -> str:
    if isinstance(value, str):
        return "<url>"
    return "<opml>" if isinstance(value, dict) and "opml" in value else "<feed>"


_A_LOGIN = {"type": "string", "examples": ["reader:${MY_PASSWORD}"]}
_A_PROXY = {
    "type": "string",
    "pattern": _or_environ("https?://.*"),
    "examples": ["http://proxy.example.org:3128"],
}
Text = Annotated[str, Field(min_length=1)]
Whole = Annotated[int, Field(ge=-1_000_000, le=1_000_000), BeforeValidator(_whole)]
Count = Annotated[int, Field(ge=1, le=1_000_000), BeforeValidator(_whole)]
Share = Annotated[float, Field(ge=0, le=1), BeforeValidator(_number)]
Switch = Annotated[bool, BeforeValidator(_switch)]
Duration = Annotated[
    timedelta,
    PlainValidator(_said(values.read_duration)),
    WithJsonSchema({"type": "string", "pattern": _or_environ(values.DURATION), "examples": ["30m"]}),
]
Lasting = Annotated[Duration, Field(gt=timedelta())]
Size = Annotated[
    int,
    PlainValidator(_said(values.read_size)),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": _or_environ(values.SIZE), "examples": ["10MB"]},
                {"type": "integer"},
            ]
        }
    ),
]
Url = Annotated[
    str,
    PlainValidator(_said(values.read_url)),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": _or_environ("https?://.*"),
            "examples": ["https://example.org/feed.xml"],
        }
    ),
]
_ONE_URL = {"type": "string", "pattern": _or_environ("https?://.*")}
Urls = Annotated[
    list[Url],
    BeforeValidator(_listed),
    WithJsonSchema({"anyOf": [_ONE_URL, {"type": "array", "items": _ONE_URL}]}),
]
PublicUrl = Annotated[
    str,
    PlainValidator(_said(values.read_public_url)),
    WithJsonSchema(
        {"type": "string", "pattern": _or_environ("https?://.*"), "examples": ["https://news.example.org/"]}
    ),
]
Listen = Annotated[
    values.Listen,
    PlainValidator(_said(values.read_listen)),
    WithJsonSchema({"type": "string", "examples": ["127.0.0.1:8080", "0.0.0.0:8080", "[::]:8080"]}),
]
Network = Annotated[str, AfterValidator(_said(values.read_network))]
FilterName = Annotated[
    str,
    AfterValidator(_said(values.read_filter_name)),
    WithJsonSchema({"type": "string", "pattern": f"^{values.FILTER_NAME}$"}),
]
TagName = Annotated[str, AfterValidator(_said(values.read_tag))]
TagNames = Annotated[
    list[TagName],
    Field(min_length=1),
    BeforeValidator(_listed),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
            ],
            "examples": ["world", ["politics", "europe"]],
        }
    ),
]
Texts = Annotated[
    list[Text],
    BeforeValidator(_listed),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
_NAME = {"type": "string", "pattern": f"^{values.OUTPUT_NAME}$"}
OutputName = Annotated[
    str,
    AfterValidator(_said(values.read_output_name)),
    WithJsonSchema(_NAME),
]
OutputNames = Annotated[
    list[OutputName],
    BeforeValidator(_listed),
    WithJsonSchema({"anyOf": [_NAME, {"type": "array", "items": _NAME}]}),
]
HeaderName = Annotated[str, AfterValidator(_said(values.read_header_name))]
HeaderValue = Annotated[str, AfterValidator(_said(values.read_header_value))]
Login = Annotated[str, PlainValidator(_secret(values.read_login)), WithJsonSchema(_A_LOGIN)]
Token = Annotated[
    str,
    PlainValidator(_secret(values.read_token)),
    WithJsonSchema(
        {"type": "string", "pattern": _or_environ(values.UNGUESSABLE), "examples": ["${MY_TOKEN}"]}
    ),
]
Proxy = Annotated[str, PlainValidator(_said(values.read_proxy)), WithJsonSchema(_A_PROXY)]
AgentName = Annotated[Text, AfterValidator(_said(values.read_header_value))]
Level = Annotated[
    DedupLevel,
    PlainValidator(_choice(DedupLevel)),
    WithJsonSchema({"type": "string", "enum": list(DedupLevel)}),
]
Grouping = Annotated[
    Group, PlainValidator(_choice(Group)), WithJsonSchema({"type": "string", "enum": list(Group)})
]
Ordering = Annotated[
    Order, PlainValidator(_choice(Order)), WithJsonSchema({"type": "string", "enum": list(Order)})
]
Rhythm = Annotated[
    Edition, PlainValidator(_choice(Edition)), WithJsonSchema({"type": "string", "enum": list(Edition)})
]
_ONE_FILTER = {"type": ["string", "number", "boolean"]}
Filters = Annotated[
    list[Annotated[Filter, PlainValidator(_filter)]],
    Field(min_length=1),
    BeforeValidator(_listed),
    WithJsonSchema(
        {
            "anyOf": [_ONE_FILTER, {"type": "array", "items": _ONE_FILTER, "minItems": 1}],
            "examples": ["nato", '"live blog"', "title:election* -sport"],
        }
    ),
]


class Section(BaseModel):
    """What all parts of the config share: unknown keys are faults, docstrings are descriptions."""

    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)


class Server(Section):
    """Where the feeds and pages are served."""

    listen: Listen = values.Listen(_SERVER.host, _SERVER.port)
    """Address and port to serve on; `0.0.0.0:8080` is every network. AGGREGATOR_LISTEN overrides it."""
    public_url: PublicUrl | None = None
    """The address under which readers reach this server, for self links. Default: http:// and `listen`."""


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


FeedItem = Annotated[
    Annotated[Url, Tag("<url>")] | Annotated[Feed, Tag("<feed>")] | Annotated[FeedList, Tag("<opml>")],
    Discriminator(_kind_of_feed),
]


class Config(Section):
    """The config of aggregator: which feeds to poll, how to tag their stories, and what to publish."""

    server: Server = Field(default_factory=Server)
    poll: Poll = Field(default_factory=Poll)
    storage: Storage = Field(default_factory=Storage)
    dedup: Dedup = Field(default_factory=Dedup)
    feeds: list[FeedItem]
    """The feeds: each an address, a mapping with `url`, or an OPML list."""
    filters: dict[FilterName, Filters] = {}
    """A name, and the filter, or list of filters, that others use as `@name`."""
    tags: dict[TagName, Filters] = {}
    """A tag's name and the filter, or list of filters, that gives it."""
    categories: Categories = Field(default_factory=Categories)
    outputs: list[Output] = []
    """The combined feeds to publish; default: one, `all`, with everything."""
