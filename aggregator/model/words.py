"""The words that have a few fixed values: how a feed stands, how a poll ended, how an entry was matched."""

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


class LogFormat(StrEnum):
    """How lines of the log are written; auto: text for people, JSON elsewhere."""

    AUTO = "auto"
    TEXT = "text"
    JSON = "json"


class LogLevel(StrEnum):
    """What is worth a line in the log; a level includes those after it."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


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


class Edition(StrEnum):
    """How often a digest comes."""

    DAILY = "daily"
    WEEKLY = "weekly"


class Order(StrEnum):
    """What stands first in an output."""

    NEWEST = "newest"
    COVERAGE = "coverage"


class LoginFor(StrEnum):
    """What the server's login stands before: everything, or the pages while feeds are open."""

    ALL = "all"
    PAGES = "pages"


class SubscriptionState(StrEnum):
    """How we stand with a hub: to be asked, confirmed by it, denied by it, or to be given up."""

    WANTED = "wanted"
    ACTIVE = "active"
    DENIED = "denied"
    LEAVING = "leaving"


class Origin(StrEnum):
    """Where a tag on a story comes from."""

    RULE = "rule"
    FEED = "feed"
    PUBLISHER = "publisher"
    MODEL = "model"


class ProblemKind(StrEnum):
    """What can be wrong, in the words of metrics and of the store."""

    DEAD_FEED = "dead_feed"
    SILENT_FEED = "silent_feed"
    STALE = "stale"
    WRITING = "writing"
    DISK = "disk"
    CONFIG = "config"
    LINE = "line"
    CLOCK = "clock"
    NOTICES = "notices"
