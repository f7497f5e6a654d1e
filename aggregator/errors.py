"""Everything that can go wrong and is not an everyday answer, grouped by what a caller does about it.

    AggregatorError                 one line for a person; `exit_code` is the program's
    ├── UsageError            (2)   the user mends the command line or the config
    │   ├── AddressTooLongError     a search that no address holds
    │   ├── ConfigError             every fault of a config file at once
    │   ├── EditError               the config file cannot be changed from here, only by hand
    │   └── FilterError             a filter that cannot be read, with its column
    ├── DataFolderError       (1)   the folder or the database cannot be used as it is
    │   ├── AlreadyRunningError     another process owns the data folder
    │   └── StoreError              SQLite refused: full, read-only, damaged, from a newer version
    ├── ListenError           (1)   the address to serve on is taken or not ours
    ├── NoFeedError           (1)   no feed was found behind an address
    ├── SearchTooLongError    (1)   a search that would have taken longer than it may
    ├── UnknownIdError        (1)   no such entry, story, output or feed
    ├── OrderError            (1)   the daemon that owns the data folder refused, or did not answer
    └── ParseError            (1)   these bytes are no feed, or took too long; tried again later
        └── ListError               they are an OPML list of feeds

A 404, a 304 or a timeout is no error but a value: `model.Answer`.

To add one: put it under the group whose remedy it shares, keep its facts as attributes, and hand all of
them to `super().__init__` (else it cannot cross a process boundary).
"""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path, PurePath


class AggregatorError(Exception):
    """A failure that is told to the user in one line, with its cure; never shown as a traceback."""

    exit_code = 1

    def for_strangers(self) -> str:
        """What a page tells of it: where our folder lies, and what the config says, is not for everybody."""
        return str(self)


class UsageError(AggregatorError):
    """What was asked for cannot be done as it was asked; the message says how to ask."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Swap:
    """What to write at the place of a fault: `new` for `old`, which stands there on one line."""

    old: str
    new: str


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault of a config file; `line`, `column` count from 1, `path` reads like `outputs[2].include`.

    `open_message` is the same without a word of what stands in the file; '' where that cannot be said. `swap`
    is there where nothing else can have been meant.
    """

    file: str
    line: int
    column: int
    path: str
    message: str
    open_message: str = field(default="", compare=False)
    swap: Swap | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return self._said(self.file, self.message)

    def for_strangers(self) -> str:
        """Place and reason as everybody may read them: a value may be a secret, or stand near one."""
        return self._said(
            PurePath(self.file).name, self.open_message or "`aggregator check` tells what is wrong"
        )

    def _said(self, file: str, message: str) -> str:
        where = f"{file}:{self.line}:{self.column}"
        return f"{where}: {self.path}: {message}" if self.path else f"{where}: {message}"


class ConfigError(UsageError):
    """Every fault of a config, in the order of the file."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)

    def for_strangers(self) -> str:
        """The same as everybody may read it, without a word of what stands in the file."""
        return "\n".join(fault.for_strangers() for fault in self.faults)


class EditError(UsageError):
    """The config file stays as it is; `by_hand` is what the user can do in it himself."""

    def __init__(self, reason: str, by_hand: str) -> None:
        super().__init__(reason, by_hand)
        self.reason = reason
        self.by_hand = by_hand

    def __str__(self) -> str:
        return f"{self.reason}; {self.by_hand}"


class FilterError(UsageError):
    """A filter that cannot be read. `column` counts characters of the filter from 1."""

    def __init__(self, source: str, column: int, message: str) -> None:
        super().__init__(source, column, message)
        self.source = source
        self.column = column
        self.message = message

    def __str__(self) -> str:
        return f"column {self.column}: {self.message}"


class DataFolderError(AggregatorError):
    """The data folder cannot be used: missing and not to be made, not writable, no folder."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"

    def for_strangers(self) -> str:
        """The reason as everybody may read it: where the folder lies is our own business."""
        return self.reason.replace(str(self.path), self.path.name)


class AlreadyRunningError(DataFolderError):
    """Another process holds the lock of this data folder."""


class StoreError(DataFolderError):
    """SQLite refused to read or write; `reason` says what to do."""


class ListenError(AggregatorError):
    """The HTTP server cannot listen on this address."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(address, reason)
        self.address = address
        self.reason = reason

    def __str__(self) -> str:
        return f"cannot listen on {self.address}: {self.reason}"


class NoFeedError(AggregatorError):
    """Behind this address, and where feeds usually are, there is none; `reason` says what it is instead."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(address, reason)
        self.address = address
        self.reason = reason

    def __str__(self) -> str:
        return f"no feed found at {self.address}: {self.reason}"


class AddressTooLongError(UsageError):
    """A search is longer than the address of a page may be."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit

    def __str__(self) -> str:
        return (
            f"the search does not fit into an address, which may have {self.limit:,} characters; put it into "
            "the config, as the `include` of an output, and `aggregator preview` shows what it takes"
        )


class SearchTooLongError(AggregatorError):
    """A search did not end in its time; it asks for less, or another time."""

    def __init__(self, limit: timedelta) -> None:
        super().__init__(limit)
        self.limit = limit

    def __str__(self) -> str:
        seconds = self.limit.total_seconds()
        return (
            f"the search took longer than {seconds:g} s; add a word that is rare, or leave out what is slow"
        )


class UnknownIdError(AggregatorError):
    """Nothing stored has this id, URL or name."""

    def __init__(self, what: str, wanted: str, remedy: str) -> None:
        super().__init__(what, wanted, remedy)
        self.what = what
        self.wanted = wanted
        self.remedy = remedy

    def __str__(self) -> str:
        return f"no {self.what} {self.wanted!r}; {self.remedy}"


class OrderError(AggregatorError):
    """What the daemon was asked to do was not done, or not yet; the message says what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


class ParseError(AggregatorError):
    """These bytes are no feed, or took too long or too much memory; the feed is tried again later.

    `feeds` are the addresses of feeds that a page points to, where the bytes are one.
    """

    def __init__(self, feed_url: str, reason: str, feeds: tuple[str, ...] = ()) -> None:
        super().__init__(feed_url, reason, feeds)
        self.feed_url = feed_url
        self.reason = reason
        self.feeds = feeds

    def __str__(self) -> str:
        return f"{self.feed_url}: {self.reason}"


class ListError(ParseError):
    """These bytes are an OPML list of feeds, which the config names in another way."""
