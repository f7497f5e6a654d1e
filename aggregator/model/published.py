"""What is published: items, documents, rendered bytes, and how well we are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aggregator.model.wire import Enclosure
from aggregator.model.words import Edition


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
    page: str = ""
    """the address of our own page about it, below the front page; empty where there is none"""
    tags: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    image: str | None = None
    feed_url: str = ""
    feed_title: str = ""
    feed_site_url: str | None = None
    also_in: tuple[AlsoIn, ...] = ()
    """who else tells it, and for an event its other stories"""
    also_told: bool = False
    """whether there are other stories among them, in other words than its own"""
    also_more: int = 0
    """how many more there are"""
    coverage: int = 1
    """how many feeds tell it"""
    whole: bool = False
    """whether a page shows all of its text: it is our own"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What an output said of one period. `output` is its first name; empty `content` is never shown."""

    output: str
    edition: Edition
    period: str
    """`2026-11-24` or `2026-W48`"""
    id: str
    source: str
    """what the output was called then"""
    title: str
    content: str
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole output: what a format renders to bytes. `base_url` ends in a slash, `name` has no suffix."""

    name: str
    title: str
    description: str
    base_url: str
    updated_at: datetime
    items: tuple[Item, ...] = ()
    origin: str = ""
    """the name that it had first, which its id is made of; empty where it has had no other"""
    older: str = ""
    """the address of the archive page with what is older, below the front page and without a suffix"""
    current: str = ""
    """for a page of the archive: the address of the output that it is of, likewise"""
    hub: str = ""
    """the WebSub hub that tells its changes; empty where none does"""
    pages: frozenset[str] | None = None
    """the pages that there are, from the front page on; None where a server makes those of any tag"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """The bytes of one published address, with what HTTP says of them. `etag` is quoted and strong."""

    content_type: str
    body: bytes
    gzipped: bytes
    etag: str
    gzip_etag: str
    last_modified: datetime
    links: str = ""
    """its other addresses, as a Link header says them (RFC 8288)"""


Snapshot = Mapping[str, Rendered]
"""Every published address by its path without the leading slash: `security.atom`, `tag/europe.json`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Is the data fresh? `problems` is empty when all is well; each is one plain sentence."""

    problems: tuple[str, ...] = ()
    last_ok_at: datetime | None = None
    last_tick_at: datetime | None = None
    stale: bool = False
    """whether that feeds have not answered well is one of the problems"""

    @property
    def ok(self) -> bool:
        """True when a person need not look."""
        return not self.problems
