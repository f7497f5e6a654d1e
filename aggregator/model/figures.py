"""What is counted for the pages: how the polls of a feed went, and what all feeds together brought."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from aggregator.model.words import Outcome, ProblemKind


@dataclass(frozen=True, slots=True)
class Beat:
    """One poll as a mark in a row of them."""

    outcome: Outcome
    took_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFigures:
    """How those polls of a feed went that are still on record."""

    beats: tuple[Beat, ...] = ()
    """the last of them, the oldest first"""
    brought: int = 0
    """entries"""
    began: int = 0
    """stories that were new; the other entries told one that was there"""
    backlog: int = 0
    """entries of the oldest poll: they came before it"""
    span: timedelta = timedelta(0)
    """from the oldest poll to the newest"""


@dataclass(frozen=True, slots=True)
class Day:
    """What came on one day in UTC: stories, and entries that told a story which was there."""

    day: date
    stories: int = 0
    copies: int = 0


@dataclass(frozen=True, slots=True)
class TagFigures:
    """How many stories have a tag, and how many feeds told them, all added up."""

    name: str
    stories: int
    tellings: int


@dataclass(frozen=True, slots=True)
class FeedShare:
    """How many entries a feed brought, and with how many of them it was the first to tell the story."""

    name: str
    entries: int
    first: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much there is in the store, and how many feeds are due."""

    feeds: Mapping[str, int]
    """by state; every state is there"""
    due: int
    stories: int
    entries: int
    database_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the running program stands: what metrics tell beside what they count."""

    counts: Counts
    under_way: int
    """polls"""
    waiting: int
    """polls, too"""
    problems: Mapping[ProblemKind, int]
    """those that last; kinds without one may be left out"""
    healthy: bool
    disk_free_bytes: int
    last_ok_at: datetime | None = None
    published_at: datetime | None = None
