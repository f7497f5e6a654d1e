"""What the search page shows: stories with the words that were found, mistakes, lines for the config. Pure.

To show more of a story: a field of Hit, filled in `hits`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from aggregator.core.marking import Marker, Piece
from aggregator.core.text import visible
from aggregator.errors import FilterError
from aggregator.model import Story
from aggregator.web.telling import feeds_of

PAGE = 30  # stories
LAST_PAGE = 20  # who reads 600 stories should rather ask for less
ROUND = 60  # characters of a long filter that are shown on either side of a mistake
FEEDS = {"atom": "Atom", "rss": "RSS", "json": "JSON"}
"""The formats to subscribe in, by suffix."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One story that the filter took; title and excerpt in pieces, of which some are marked."""

    story: Story
    title: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]
    feeds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """Where a filter cannot be read: what stands before the place and after it, and what is wrong."""

    before: str
    after: str
    said: str


def hits(stories: Iterable[Story], marker: Marker) -> tuple[Hit, ...]:
    """These stories as the page shows them."""
    return tuple(Hit(story, *marker.marked(story), feeds_of(story.entries)) for story in stories)


def mistake(error: FilterError) -> Mistake:
    """The mistake with what stands round it."""
    at, source = error.column - 1, error.source
    begin, end = max(0, at - ROUND), at + ROUND
    return Mistake(
        ("…" if begin else "") + visible(source[begin:at]),
        visible(source[at:end]) + ("…" if end < len(source) else ""),
        str(error),
    )


def config_lines(query: str) -> str:
    """An output of the config that takes what the filter takes, to be copied under `outputs:`."""
    return f"  - name: my-search\n    title: My search\n    include: [{quoted(query)}]"


def quoted(text: str) -> str:
    """The text as a YAML scalar in quotes (YAML 1.1 §5.7, §9.1); `${` names the environment in our config.

    In single quotes, as people write filters that hold phrases; what is not printable needs double ones.
    """
    safe = text.replace("${", "$${")
    if safe.isprintable():
        return "'" + safe.replace("'", "''") + "'"
    escapes = {"\\": "\\\\", '"': '\\"'}
    return '"' + "".join(escapes.get(one, one if one.isprintable() else _escape(one)) for one in safe) + '"'


def _escape(character: str) -> str:
    return f"\\U{ord(character):08x}"
