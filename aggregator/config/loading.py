"""A config file → settings, or every fault in it at once. The only place of this package that reads files.

The steps: bytes → text → nodes (cures.py) → plain values (environment.py) → models.py, checks.py → build.py.
Each step notes what it finds and the next goes on with what is left, so that one run tells all.
"""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from aggregator.config.build import names_in, settings_of, with_feeds
from aggregator.config.checks import CHECKS
from aggregator.config.cures import read_all
from aggregator.config.environment import plain_value
from aggregator.config.faults import fault_at, meant_at, translated
from aggregator.config.models import Config
from aggregator.config.opml import parse_opml
from aggregator.config.positions import Document, Flaw, Loc, MapNode, ScalarNode, find, loc_at, path_text
from aggregator.config.values import Listen, quoted, read_listen, read_url
from aggregator.core.filters import Names
from aggregator.core.settings import FeedSettings, Settings
from aggregator.errors import ConfigError, Fault
from aggregator.model import LogFormat

Judge = Callable[[Sequence[str]], Sequence[str | None]]
"""What is wrong with each address of a service for notices, None where nothing is."""

MAX_FILE_BYTES = 20_000_000  # a hundred thousand feeds with all their keys
MISSING = "there is no such file; name one that exists, or begin one with `aggregator init`"
MISSING_LIST = (
    "there is no such file; mend the path (it begins at this config's folder), or take the line out"
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A config that is in order. A change of a `watched` file means: load again.

    `remote_opml` are lists that the caller has to fetch: `parse_opml` reads them, `with_feeds` adds them.
    """

    settings: Settings
    watched: tuple[Path, ...]
    remote_opml: tuple[str, ...] = ()


def no_judge(_: Sequence[str]) -> Sequence[str | None]:
    """Has nothing against any address: for who sends no notices."""
    return ()


def load(path: Path, environ: Mapping[str, str], *, judge: Judge = no_judge) -> Loaded:
    """The config at `path`; ConfigError with every fault, in the order of the file.

    `environ` gives the values of `${NAME}`, and in place of `server.listen` and `logging.format`
    AGGREGATOR_LISTEN and AGGREGATOR_LOG. `judge` says what is wrong with the addresses of `notify`.
    """
    return load_text(read_text(path), path, environ, judge=judge)


def load_text(text: str, path: Path, environ: Mapping[str, str], *, judge: Judge = no_judge) -> Loaded:
    """The same, as if the file at `path` held this text."""
    ledger = _Ledger(read_all(text), str(path))
    values = _values(ledger, environ)
    for check in CHECKS:
        check(values, ledger.line_of, ledger.report)
    names = names_in(values)
    config = _validated(ledger, values, names)
    lists = _read_lists(ledger, values, path.parent)
    for number, fault in enumerate(judge(config.notify) if config else ()):
        if fault:
            ledger.report(("notify", number), fault)
    listen, log = _listen(ledger, environ), _log(ledger, environ)
    if config is None or ledger.faults:
        raise ledger.error()
    settings = with_feeds(settings_of(config, names=names, listen=listen, log=log), lists.feeds)
    return Loaded(settings, (path, *lists.paths), tuple(lists.urls))


def default_text() -> str:
    """The config that ships, with its comments, but for the schema's: that file lies in config/ alone."""
    text = files("aggregator").joinpath("defaults", "aggregator.yaml").read_text(encoding="utf-8")
    return re.sub(r"\A# yaml-language-server:.*\n#\n", "", text)


@dataclass(slots=True)
class _Ledger:
    """Gathers the faults of one file, one for each place: the first step that complains knows best."""

    document: Document
    file: str
    faults: list[Fault] = field(default_factory=list)
    known: set[tuple[str, int]] = field(default_factory=set)
    guessed_lines: set[int] = field(default_factory=set)

    def report(self, loc: Loc, message: str, meant: str | None = None) -> None:
        """Notes a fault of the value at `loc`, and what must have been meant."""
        fault = fault_at(self.document, self.file, loc, message)
        self.add(meant_at(fault, self.document, loc, meant) if meant else fault)

    def add(self, fault: Fault) -> None:
        """Notes a fault unless its place has one, or stands on a line that was mended."""
        place = (fault.path, fault.line)
        if fault.line not in self.guessed_lines and (not fault.path or place not in self.known):
            self.known.add(place)
            self.faults.append(fault)

    def line_of(self, loc: Loc) -> int:
        """The line, from 1, of the value at `loc`."""
        return find(self.root, loc).start.line + 1

    @property
    def root(self) -> MapNode:
        return cast("MapNode", self.document.root)

    def error(self) -> ConfigError:
        """All that was noted, in the order of the file; other files' faults after it."""
        return ConfigError(tuple(sorted(self.faults, key=lambda fault: (fault.file != self.file, fault))))


def read_text(path: Path) -> str:
    """What the file holds, its line ends as they are; ConfigError where it cannot be read or is not UTF-8."""
    return _decoded(_bytes(path, MISSING), str(path))


def _bytes(path: Path, missing: str) -> bytes:
    try:
        with path.open("rb") as file:
            body = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise _whole_file(str(path), _unreadable(error, missing)) from error
    if len(body) > MAX_FILE_BYTES:
        raise too_large(str(path))
    return body


def too_large(file: str) -> ConfigError:
    """The fault of a file that holds more than any config or list of feeds."""
    return _whole_file(file, f"the file is larger than {MAX_FILE_BYTES // 10**6} MB; is it the right one?")


def _unreadable(error: OSError, missing: str) -> str:
    if isinstance(error, FileNotFoundError):
        return missing
    if isinstance(error, IsADirectoryError):
        return "this is a folder; name the file in it (Docker makes a folder where a mounted file is missing)"
    if isinstance(error, PermissionError):
        return (
            f"user {os.getuid()} may not read the file; give it to that user "
            "(chown; for a container, on its host) or let everybody read it (chmod a+r)"
        )
    return f"the file cannot be read: {error.strerror}"


def _decoded(body: bytes, file: str) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = body[: error.start].decode("utf-8-sig", "replace")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        message = f"the byte 0x{body[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise ConfigError((Fault(file, line, column, "", message),)) from error


def _whole_file(file: str, message: str) -> ConfigError:
    return ConfigError((Fault(file, 1, 1, "", message),))


def _values(ledger: _Ledger, environ: Mapping[str, str]) -> dict[str, Any]:
    """The plain values of the document; raises where it holds none."""
    for flaw in ledger.document.flaws:
        ledger.add(_of_flaw(ledger, flaw))
    ledger.guessed_lines.update(flaw.line for flaw in ledger.document.flaws if flaw.repaired)
    root = ledger.document.root
    if not isinstance(root, MapNode):
        raise ledger.error() if ledger.faults else _whole_file(ledger.file, _no_config(root is None))
    values = cast("dict[str, Any]", plain_value(root, environ, ledger.report))
    if "feeds" in root.items:
        values.setdefault("feeds", [])  # the key without a value, as when every line below is commented out
    return values


def _no_config(empty: bool) -> str:
    what = "the file is empty" if empty else "this is no config: it must hold 'key: value' lines"
    return f"{what}; the shortest one is 'feeds: [https://example.org/feed.xml]'"


def _of_flaw(ledger: _Ledger, flaw: Flaw) -> Fault:
    root = ledger.document.root
    path = path_text(loc_at(root, flaw.line, flaw.column)) if root is not None else ""
    return Fault(ledger.file, flaw.line, flaw.column, path, flaw.message, swap=flaw.swap)


def _validated(ledger: _Ledger, values: Mapping[str, object], names: Names) -> Config | None:
    try:
        return Config.model_validate(values, context=names)
    except ValidationError as error:
        for fault in translated(error, ledger.document, ledger.file):
            ledger.add(fault)
        return None


@dataclass(slots=True)
class _Lists:
    """What the `opml:` items name and hold."""

    paths: list[Path] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    feeds: list[FeedSettings] = field(default_factory=list)


def _read_lists(ledger: _Ledger, values: Mapping[str, Any], folder: Path) -> _Lists:
    lists = _Lists()
    feeds = values.get("feeds")
    for index, item in enumerate(feeds if isinstance(feeds, list) else ()):
        named = item.get("opml") if isinstance(item, dict) else None
        if isinstance(named, str) and named:
            _read_list(ledger, ("feeds", index, "opml"), named, folder, lists)
    return lists


def _read_list(ledger: _Ledger, loc: Loc, named: str, folder: Path, lists: _Lists) -> None:
    written = cast("ScalarNode", find(ledger.root, loc)).text  # never what the environment made of it
    if "://" in named:
        try:
            lists.urls.append(read_url(named))
        except ValueError as error:
            ledger.report(loc, f"{quoted(written)} {error}")
        return
    path = folder / named
    if path in lists.paths:
        return  # told already, by a check or by its own faults
    lists.paths.append(path)
    try:
        body = _bytes(path, MISSING_LIST)
    except ConfigError as error:
        ledger.report(loc, f"{folder / written}: {error.faults[0].message}")
        return
    try:
        lists.feeds.extend(parse_opml(body, str(path)))
    except ConfigError as error:
        ledger.faults.extend(error.faults)


def _listen(ledger: _Ledger, environ: Mapping[str, str]) -> Listen | None:
    wanted = environ.get("AGGREGATOR_LISTEN")
    if not wanted:
        return None
    try:
        return read_listen(wanted)
    except ValueError as error:
        ledger.faults.append(Fault("AGGREGATOR_LISTEN", 1, 1, "", f"'{wanted}' {error}"))
        return None


def _log(ledger: _Ledger, environ: Mapping[str, str]) -> LogFormat | None:
    wanted = environ.get("AGGREGATOR_LOG")
    if not wanted:
        return None
    if wanted not in set(LogFormat):
        message = f"'{wanted}' is not one of: {', '.join(LogFormat)}"
        ledger.faults.append(Fault("AGGREGATOR_LOG", 1, 1, "", message))
        return None
    return LogFormat(wanted)
