"""What comes from the web: requests and answers, documents and their entries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from aggregator.model.body import Body


@dataclass(frozen=True, slots=True)
class Validators:
    """ETag and Last-Modified exactly as the server sent them (RFC 9110 §8.8).

    Header bytes decoded as ISO-8859-1, so that every byte survives the round trip; None where absent.
    """

    etag: str | None = None
    last_modified: str | None = None

    def __bool__(self) -> bool:
        return bool(self.etag or self.last_modified)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One conditional GET to be made, or the POST of a form."""

    url: str
    validators: Validators = Validators()
    validators_url: str | None = None
    """the URL that gave the validators, the last of its redirects: only a hop to it carries them"""
    home: str | None = None
    """the feed's address in the config, where it differs: only its origin gets `headers` and `auth`"""
    headers: Mapping[str, str] = field(default_factory=dict)
    accept: str | None = None
    """what is wanted in place of a feed (RFC 9110 §12.5.1), on every hop"""
    auth: str | None = None
    """`user:password` (RFC 7617); one that stands in `url` counts as this"""
    user_agent: str | None = None
    """in place of our own name"""
    proxy: str | None = None
    """the URL of the proxy that carries the request"""
    form: str | None = None
    """what is posted (application/x-www-form-urlencoded); None for a GET"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a request. Exactly one of three: `body` (a whole 200), `status` 304, or `error`.

    Of a form that was posted: `error`, or a `status` of 200 to 299 without a body, which nobody reads.


    `url` is the final one after redirects; `moved_to` is set only when every hop was permanent (301, 308)
    and none left https for http, and names where they led. `max_age` is what Cache-Control or Expires still
    grants, `retry_after` what a refusing server asked for; both are durations from now. `unreached` is a
    failure before any server answered: no name, no connection, no TLS, or silence. `note` is for people and
    no failure. `served_at` is what the server says the time is. Used in a `with`, which closes the body.
    """

    url: str
    status: int | None = None
    body: Body | None = None
    error: str | None = None
    unreached: bool = False
    note: str | None = None
    served_at: datetime | None = None
    content_type: str | None = None
    validators: Validators = Validators()
    moved_to: str | None = None
    max_age: timedelta | None = None
    retry_after: timedelta | None = None
    link: str = ""
    """the Link header of a whole answer, as it came (RFC 8288)"""
    received_bytes: int = 0
    took_ms: int = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.body is not None:
            self.body.close()


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
    Dates are as the feed says, None where absent or senseless. Where `content` is taken from the article's
    page, `own_text_key` stands for the feed's own text and `canonical_url` is what the page calls itself, if
    that is another address than `url`. `about` is the page that a link blog says it points to (JSON Feed's
    `external_url`, Atom's one link of the relation `related`).
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
    own_text_key: int | None = None
    canonical_url: str | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What an article's page holds: its text as sanitised HTML with absolute links, '' where none was found.

    `canonical_url` is the page's rel=canonical (RFC 6596), None where it names none.
    """

    content: str = ""
    canonical_url: str | None = None


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
    hubs: tuple[str, ...] = ()
    """the WebSub hubs that it names, the first first, and what it calls itself (rel=self)"""
    self_url: str | None = None
