"""YAML text → nodes that know where they stand. Nothing here knows what a config means.

The tree is built from libyaml's events rather than with `yaml.compose`: events show anchors and tags as they
are written, cost a quarter of the time, and nest without recursion, so that no file can exhaust the C stack.
Values stay text, as YAML 1.2's core schema has them before typing: `no`, `on` and `12:30` are words. A
plain scalar is a `Plain`, so that a key which wants a number can tell `5` from `"5"`.

To refuse another YAML feature: add a `_flaw` where its event arrives.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

import yaml

from aggregator.config.values import single_quoted
from aggregator.errors import Swap

MAX_DEPTH = 50  # a config needs five levels
NULLS = frozenset({"", "~", "null", "Null", "NULL"})  # YAML 1.2.2 §10.3.2
LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # PyYAML may be built without libyaml

KEY = "[key]"

Loc = tuple[int | str, ...]
"""Where a value is: keys and indexes from the root, as pydantic names it, and KEY behind a key itself."""


class Plain(str):
    """A scalar that stood without quotes."""

    __slots__ = ()


@dataclass(slots=True)
class ScalarNode:
    """One value; `style` is its quote or block sign, '' when plain."""

    text: str
    style: str
    start: yaml.Mark
    end: yaml.Mark

    @property
    def is_null(self) -> bool:
        """True for nothing, `~` and `null`, unless in quotes."""
        return not self.style and self.text in NULLS


@dataclass(slots=True)
class ListNode:
    """A list, in lines or in brackets (`flow`); `end` means something only for the latter."""

    start: yaml.Mark
    end: yaml.Mark
    flow: bool
    items: list["Node"] = field(default_factory=list)


@dataclass(slots=True)
class MapNode:
    """Keys and values, in lines or in braces; `keys` holds the keys' nodes, `pending` one without value."""

    start: yaml.Mark
    end: yaml.Mark
    flow: bool
    items: dict[str, "Node"] = field(default_factory=dict)
    keys: dict[str, ScalarNode] = field(default_factory=dict)
    pending: "Node | None" = None


Node = ScalarNode | ListNode | MapNode


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that YAML or we refuse; `line`, `column` count from 1."""

    line: int
    column: int
    message: str
    repaired: bool = False
    """the line was mended to read on, so what follows on it is a guess"""
    swap: Swap | None = None


@dataclass(slots=True)
class Document:
    """A file as nodes: `root` is None where it is empty or could not be read to its end."""

    text: str
    root: Node | None = None
    flaws: list[Flaw] = field(default_factory=list)


def read(text: str, loader: type = LOADER) -> Document:
    """The nodes of this YAML; raises `yaml.MarkedYAMLError` where it is no YAML.

    Duplicate keys, aliases, anchors, tags and a second document are flaws of the document.
    """
    composer = _Composer(Document(text))
    for event in yaml.parse(text, loader):
        if not composer.take(event):
            break
    return composer.document


class _Composer:
    """Puts events together; lives for one document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.stack: list[ListNode | MapNode] = []

    def take(self, event: yaml.Event) -> bool:
        """Adds one event; False when reading on is senseless."""
        start, end = cast("yaml.Mark", event.start_mark), cast("yaml.Mark", event.end_mark)
        match event:
            case yaml.ScalarEvent():
                self._check_decoration(event, start)
                self._put(ScalarNode(event.value, event.style or "", start, end))
            case yaml.AliasEvent():
                self._flaw(
                    start,
                    f"YAML aliases are not used here; if it is text, quote it: '*{event.anchor}'",
                    end,
                )
                self._put(ScalarNode(str(event.anchor), "*", start, end))
            case yaml.CollectionStartEvent():
                self._check_decoration(event, start)
                kind = MapNode if isinstance(event, yaml.MappingStartEvent) else ListNode
                return self._open(kind(start, end, flow=bool(event.flow_style)))
            case yaml.CollectionEndEvent():
                node = self.stack.pop()
                node.end = end
                self._put(node)
            case yaml.DocumentStartEvent() if self.document.root is not None:
                self._flaw(start, "a second document begins here; one file is one config: take out '---'")
                return False
        return True

    def _open(self, node: ListNode | MapNode) -> bool:
        if len(self.stack) >= MAX_DEPTH:
            self._flaw(node.start, f"nested deeper than {MAX_DEPTH} levels; a config needs five")
            return False
        self.stack.append(node)
        return True

    def _put(self, node: Node) -> None:
        if not self.stack:
            self.document.root = node
        elif isinstance(parent := self.stack[-1], ListNode):
            parent.items.append(node)
        elif parent.pending is None:
            parent.pending = node
        else:
            self._pair(parent, parent.pending, node)
            parent.pending = None

    def _pair(self, parent: MapNode, key: Node, value: Node) -> None:
        if not isinstance(key, ScalarNode):
            self._flaw(key.start, "a key must be a word; if brackets or braces are meant as text, quote them")
        elif (first := parent.keys.get(key.text)) is not None:
            self._flaw(key.start, f"the key {key.text!r} stands twice, first on line {first.start.line + 1}")
        else:
            parent.keys[key.text] = key
            parent.items[key.text] = value

    def _check_decoration(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, mark: yaml.Mark) -> None:
        plain = isinstance(event, yaml.ScalarEvent) and not event.style
        end = cast("yaml.Mark", event.end_mark) if plain else None
        if event.anchor is not None:
            message = f"YAML anchors are not used here; if it is text, quote it: '&{event.anchor}'"
            self._flaw(mark, message, end)
        if event.tag is not None:
            self._flaw(mark, f"YAML tags ({event.tag}) are not used here; if it is text, quote it", end)

    def _flaw(self, mark: yaml.Mark, message: str, end: yaml.Mark | None = None) -> None:
        """Notes a flaw; what stands from its mark to an `end` on the same line can be quoted."""
        quotable = end is not None and end.line == mark.line and end.index > mark.index
        text = self.document.text[mark.index : end.index] if end and quotable else ""
        swap = Swap(text, single_quoted(text)) if text else None
        self.document.flaws.append(Flaw(mark.line + 1, mark.column + 1, message, swap=swap))


def end_of(node: Node) -> int:
    """The index in the text behind the last character of this node."""
    if isinstance(node, ScalarNode) or node.flow:
        return node.end.index
    return end_of(node.items[-1] if isinstance(node, ListNode) else list(node.items.values())[-1])


def find(root: Node, loc: Loc) -> Node:
    """The node at `loc`, or the last one on the way there that exists."""
    if loc and loc[-1] == KEY:
        parent = find(root, loc[:-2])
        key = parent.keys.get(str(loc[-2])) if isinstance(parent, MapNode) else None
        return key or find(root, loc[:-1])
    node = root
    for part in loc:
        below = _child(node, part)
        if below is None:
            return node
        node = below
    return node


def _child(node: Node, part: int | str) -> Node | None:
    if isinstance(node, MapNode):
        return node.items.get(str(part))
    if isinstance(node, ListNode) and isinstance(part, int) and part < len(node.items):
        return node.items[part]
    return None


def loc_at(root: Node, line: int, column: int) -> Loc:
    """The place of the value, or of the key, that begins at this position; () where none does."""
    for loc, mark in _marks(root, ()):
        if (mark.line + 1, mark.column + 1) == (line, column):
            return loc
    return ()


def _marks(node: Node, loc: Loc) -> Iterator[tuple[Loc, yaml.Mark]]:
    if isinstance(node, MapNode):
        for name, key in node.keys.items():
            yield (*loc, name), key.start
            yield from _marks(node.items[name], (*loc, name))
    elif isinstance(node, ListNode):
        for index, item in enumerate(node.items):
            yield from _marks(item, (*loc, index))
    if loc:
        yield loc, node.start


def path_text(loc: Sequence[int | str]) -> str:
    """`outputs[2].include`: a place as people write it."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc if part != KEY)
    return text.removeprefix(".")
