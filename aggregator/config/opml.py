"""OPML → feeds: the lists that feed readers export (OPML 2.0, opml.org/spec2.opml).

A list that was cut short or cannot be read is a fault with its line, never a shorter list. An address that
cannot be polled is a fault too: the owner of the list mends it, and who reads a stranger's list goes on with
the others. Entities cannot be declared, so nothing expands and nothing is loaded.
Folders become tags, nested ones with a slash; so do the paths in an outline's `category`. A slash in the name
of a folder means the same: in most readers folders do not nest.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from xml.parsers import expat

from aggregator.config.build import without_login
from aggregator.config.values import quoted, read_tag, read_url, same_url
from aggregator.core.categories import belongs
from aggregator.core.settings import FeedSettings
from aggregator.errors import ConfigError, Fault

MAX_FOLDERS = 10  # a tag is a path of as many parts
MAX_TAGS = 50  # of one feed; a list that puts it into more folders means something else
_SCRAPED = (
    "is a page that FreshRSS reads by rules of its own ({}), not a feed; `aggregator add` finds its feed"
)
MAX_FAULTS = 100  # a list of another kind need not fill the log with each of its lines


def parse_opml(body: bytes, name: str) -> tuple[FeedSettings, ...]:
    """The feeds of this document in its order, each once; ConfigError with every fault, in file `name`."""
    feeds, faults = read_opml(body, name)
    if faults:
        raise ConfigError(faults)
    return feeds


def read_opml(body: bytes, name: str) -> tuple[tuple[FeedSettings, ...], tuple[Fault, ...]]:
    """The feeds of this document, and its lines that name no address; ConfigError where it cannot be read."""
    reader = _Reader(name)
    try:
        reader.parser.Parse(body, True)
    except expat.ExpatError as error:
        words = expat.ErrorString(error.code)
        message = f"this is no XML: {words}; export it again"
        reader.broken.append(Fault(name, error.lineno, error.offset + 1, "", message))
    if not (reader.broken or reader.faults or reader.feeds):
        message = "there is no outline with an xmlUrl in this file; is it an OPML list of feeds?"
        reader.broken.append(Fault(name, 1, 1, "", message))
    told = bounded(sorted([*reader.broken, *reader.faults]))
    if reader.broken:
        raise ConfigError(told)
    return tuple(reader.feeds.values()), told


def bounded(faults: list[Fault]) -> tuple[Fault, ...]:
    """The faults, or the first of them and how many more there are."""
    if len(faults) <= MAX_FAULTS:
        return tuple(faults)
    rest = replace(faults[MAX_FAULTS], message=f"and {len(faults) - MAX_FAULTS} more faults from here on")
    return (*faults[:MAX_FAULTS], rest)


class _Reader:
    """One pass over one document."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.feeds: dict[str, FeedSettings] = {}
        self.faults: list[Fault] = []
        self.broken: list[Fault] = []
        self.folders: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.EntityDeclHandler = self.entity

    def fault(self, message: str) -> Fault:
        """What is wrong at the place that is being read."""
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        return Fault(self.name, line, column, "", message)

    def entity(self, *_declaration: object) -> None:
        """Entities are how XML bombs are built; no list of feeds needs them."""
        message = "this file declares XML entities, which no list of feeds needs; export it again"
        self.broken.append(self.fault(message))
        self.parser.EntityDeclHandler = None

    def start(self, element: str, attributes: Mapping[str, str]) -> None:
        """An outline is a feed where it has an xmlUrl, else a folder."""
        if element.lower() != "outline":
            return
        given = {key.lower(): value.strip() for key, value in attributes.items()}
        label = given.get("text") or given.get("title") or ""
        url = given.get("xmlurl", "")
        self.folders.append("" if url else _tag_path(label))
        if len(self.folders) > 10 * MAX_FOLDERS:
            self.broken.append(self.fault("folders are nested too deep; export it again"))
            self.parser.StartElementHandler = None
        elif url and "+" in given.get("type", ""):
            self.faults.append(self.fault(f"{quoted(url)} {_SCRAPED.format(given['type'])}"))
        elif url:
            self.add(url, label, given.get("category", ""))

    def end(self, element: str) -> None:
        """Leaves a folder."""
        if element.lower() == "outline" and self.folders:
            self.folders.pop()

    def add(self, url: str, label: str, category: str) -> None:
        """Notes a feed; one that stands in several folders has all their tags."""
        url = re.sub(r"^feed://", "http://", re.sub(r"^feed:(?=https?:)", "", url))
        try:
            read_url(url)
        except ValueError as error:
            self.faults.append(self.fault(f"{quoted(url)} {error}"))
            return
        title = label if label not in {"", url} else None
        known = self.feeds.setdefault(same_url(url), without_login(FeedSettings(url=url, title=title)))
        if len(known.tags) < MAX_TAGS:
            tags = tuple(dict.fromkeys([*known.tags, *self.tags(category)]))
            self.feeds[same_url(url)] = replace(known, tags=tags[:MAX_TAGS])

    def tags(self, category: str) -> list[str]:
        """The folder that we are in as a tag, and the paths of `category`, as far as they can be tags."""
        paths = ["/".join(filter(None, self.folders)), *category.split(",")[:MAX_TAGS]]
        return [tag for path in paths if (tag := tag_of(path))]


def tag_of(label: str) -> str | None:
    """The tag that a folder's name or path makes; None where it makes none."""
    name = _tag_path(label)
    try:
        return read_tag(name) if name.count("/") < MAX_FOLDERS else None
    except ValueError:
        return None


def _tag_path(label: str) -> str:
    return "/".join(filter(None, map(_tag_part, unicodedata.normalize("NFC", label).split("/"))))


def _tag_part(label: str) -> str:
    words = "".join(char if belongs(char) else " " for char in label.casefold()).split()
    return "-".join(words).strip("-.")
