"""A config's text → the same text with feeds put in or taken out, every other byte as it was. Pure.

Edits are cut and pasted text at places that positions.py knows, so comments, order and style stay the user's.
An edit is read again before it is handed out: where it says anything but what was meant, EditError says what
to do by hand.

To edit another part of the file: a function text → Edit that ends in `_checked`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import yaml

from aggregator.config.environment import plain_value
from aggregator.config.positions import Document, ListNode, MapNode, Node, ScalarNode, end_of, read
from aggregator.config.spelling import as_read, in_brackets, in_lines
from aggregator.config.values import same_url
from aggregator.core.settings import FeedSettings
from aggregator.errors import EditError

STRANGE = "the list of feeds is written in a way that cannot be edited safely"
BY_HAND = "change it by hand"

_DASH = re.compile(r"(?P<indent> *)-(?:(?P<gap> +)(?=[^\s#])|(?=\s))")
_COMMENT = re.compile(r"(?P<indent>[ \t]*)#")
_COMMA = re.compile(r"[ \t]*,[ \t]*")
_REST = re.compile(r"(?P<comma>[ \t]*,)?(?P<comment>[ \t]*#[^\r\n]*|[ \t]*)(?=\r?\n)")


@dataclass(frozen=True, slots=True)
class Edit:
    """The text after an edit; `lines` are those that came or went, the first of them at `line` (from 1)."""

    text: str
    line: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """An item of `feeds:` by its place in the list, from 0: a feed with `url`, or a list with `opml`."""

    place: int
    line: int
    url: str | None
    title: str | None = None
    opml: str | None = None


def begun(text: str) -> str:
    """The text with an empty `feeds:` at its end where it has none; what is no config stays as it is."""
    try:
        root = read(text).root
    except yaml.YAMLError:
        return text
    is_open = isinstance(root, MapNode) and not root.flow and "feeds" not in root.items
    is_empty = root is None or (_is_nothing(root) and end_of(root) == root.start.index)
    if not (is_open or is_empty):
        return text
    indent = " " * root.start.column if isinstance(root, MapNode) else ""
    eol = _eol(text)
    missing_end = eol if text and not text.endswith("\n") else ""
    return f"{text}{missing_end}{indent}feeds:{eol}"


def listed(text: str, environ: Mapping[str, str]) -> tuple[Listed, ...]:
    """The items of `feeds:` in their order, with `${NAME}` read from the environment."""
    feeds = _feeds(_read(text))
    items = feeds.items if isinstance(feeds, ListNode) else []
    return tuple(_listed(place, item, environ) for place, item in enumerate(items))


def added(text: str, new: Sequence[FeedSettings]) -> Edit:
    """The text with these feeds at the end of `feeds:`, in the style of those that stand there."""
    text = begun(text)
    document = _read(text)
    shown = (replace(feed, auth=feed.auth and "***") for feed in new)
    lines = "\n".join(f"  {line}" for feed in shown for line in in_lines(feed))
    failure = EditError(STRANGE, f"add under feeds: by hand:\n{lines}")
    try:
        edit = _put_in(text, document, new)
    except EditError as error:
        raise failure from error
    return _checked(edit, [*_plain_feeds(document), *map(as_read, new)], document, failure)


def _put_in(text: str, document: Document, new: Sequence[FeedSettings]) -> Edit:
    root, feeds = document.root, _feeds(document)
    if isinstance(feeds, ListNode) and not feeds.flow:
        return _added_in_lines(text, feeds, new)
    if isinstance(feeds, ListNode) and (feeds.items or _is_flow(document) or _says_something(text, feeds)):
        return _added_in_brackets(text, feeds, new, as_json=_is_json(document))
    if isinstance(root, MapNode) and not root.flow and (isinstance(feeds, ListNode) or _is_nothing(feeds)):
        return _added_to_nothing(text, root, new)
    raise EditError(STRANGE, BY_HAND)


def removed(text: str, place: int) -> Edit:
    """The text without the item at this place of `feeds:`, and without what is said about it inside."""
    document = _read(text)
    feeds = _feeds(document)
    failure = EditError(STRANGE, BY_HAND)
    if not isinstance(feeds, ListNode):
        raise failure
    start, end = _span_in_brackets(text, feeds, place) if feeds.flow else _span_in_lines(text, feeds, place)
    item = feeds.items[place]
    told = slice(item.start.index, end_of(item)) if feeds.flow else slice(start, end)
    line = text.count("\n", 0, told.start) + 1
    edit = Edit(text[:start] + text[end:], line, tuple(text[told].splitlines()))
    left = _plain_feeds(document)
    del left[place]
    return _checked(edit, left, document, failure)


def repeats(text: str) -> tuple[int, ...]:
    """The places of items that say nothing which another item of the same address does not say, too."""
    known: dict[str, tuple[int, dict[str, object]]] = {}
    found = []
    for place, item in enumerate(_plain_feeds(_read(text))):
        said = {"url": item} if isinstance(item, str) else item
        address = said.pop("url", None) if isinstance(said, dict) else None
        if not isinstance(said, dict) or not isinstance(address, str):
            continue
        first, told = known.setdefault(same_url(address), (place, said))
        if first == place:
            continue
        if _says_no_more(said, told):
            found.append(place)
        elif _says_no_more(told, said):
            found.append(first)
            known[same_url(address)] = place, said
    return tuple(sorted(found))


def _says_no_more(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    return all(key in other and other[key] == value for key, value in one.items())


# -- reading ----------------------------------------------------------------------------------------------


def _read(text: str) -> Document:
    try:
        return read(text)
    except yaml.YAMLError as error:
        raise EditError("the config is no YAML", "`aggregator check` says where it breaks") from error


def _feeds(document: Document) -> Node | None:
    return document.root.items.get("feeds") if isinstance(document.root, MapNode) else None


def _is_nothing(node: Node | None) -> bool:
    return node is None or (isinstance(node, ScalarNode) and node.is_null)


def _is_flow(document: Document) -> bool:
    return isinstance(document.root, MapNode) and document.root.flow


def _says_something(text: str, empty: ListNode) -> bool:
    return "#" in text[empty.start.index : end_of(empty)]


def _is_json(document: Document) -> bool:
    return isinstance(document.root, MapNode) and any(key.style == '"' for key in document.root.keys.values())


def _listed(place: int, item: Node, environ: Mapping[str, str]) -> Listed:
    said, line = plain_value(item, environ, _unheard), item.start.line + 1
    if isinstance(said, dict):
        return Listed(place, line, said.get("url"), said.get("title"), said.get("opml"))
    return Listed(place, line, str(said))


def _unheard(_loc: object, _message: str) -> None:
    """Faults are told when the config is loaded."""


# -- in lines ---------------------------------------------------------------------------------------------


def _added_in_lines(text: str, feeds: ListNode, new: Sequence[FeedSettings]) -> Edit:
    last = len(feeds.items) - 1
    dash = _dash(text, feeds, last)
    lines = [dash["indent"] + line for feed in new for line in in_lines(feed, gap=dash["gap"] or " ")]
    return _lines_after(text, _span_in_lines(text, feeds, last)[1], lines)


def _added_to_nothing(text: str, root: MapNode, new: Sequence[FeedSettings]) -> Edit:
    """In place of an absent or empty value of `feeds:`, as a list in lines."""
    key, value = root.keys["feeds"], root.items["feeds"]
    indent = " " * (key.start.column + 2)
    lines = [indent + line for feed in new for line in in_lines(feed)]
    start, end = value.start.index, end_of(value)
    before = text[:start].rstrip(" ") if end > start else text[:start]
    emptied = before + text[end:]
    return _lines_after(emptied, _line_end(emptied, len(before)), lines)


def _lines_after(text: str, index: int, lines: Sequence[str]) -> Edit:
    """The text with these lines behind the line that ends, or whose break ends, at `index`."""
    at = len(text[:index].removesuffix("\n").removesuffix("\r")) if text[:index].endswith("\n") else index
    inserted = "".join(_eol(text) + line for line in lines)
    return Edit(text[:at] + inserted + text[at:], text.count("\n", 0, at) + 2, tuple(lines))


def _span_in_lines(text: str, feeds: ListNode, place: int) -> tuple[int, int]:
    """From the begin of the dash's line to the begin of the line after all that belongs to the item.

    To it belong comments that follow without a gap and stand deeper than its dash: keys not in use.
    """
    dash = _dash(text, feeds, place)
    content = len(text[: end_of(feeds.items[place])].rstrip())
    end = _line_end(text, content)
    while (found := _COMMENT.match(text, end)) and len(found["indent"]) > len(dash["indent"]):
        end = _line_end(text, end)
    return dash.start(), end


def _dash(text: str, feeds: ListNode, place: int) -> re.Match[str]:
    """The dash of this item, matched from the begin of its line."""
    above = end_of(feeds.items[place - 1]) if place else feeds.start.index - feeds.start.column
    begin = text.rfind("\n", 0, feeds.items[place].start.index) + 1
    while not (found := _DASH.match(text, begin)):
        if begin <= above:
            raise EditError(STRANGE, BY_HAND)
        begin = text.rfind("\n", 0, begin - 1) + 1
    return found


def _line_end(text: str, index: int) -> int:
    """Where the next line begins."""
    end = text.find("\n", index)
    return len(text) if end < 0 else end + 1


def _eol(text: str) -> str:
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"


# -- in brackets ------------------------------------------------------------------------------------------


def _added_in_brackets(text: str, feeds: ListNode, new: Sequence[FeedSettings], *, as_json: bool) -> Edit:
    items = [in_brackets(feed, as_json=as_json) for feed in new]
    if not feeds.items:
        return _pasted(text, feeds.start.index + 1, ", ".join(items), items)
    last = feeds.items[-1]
    at = end_of(last)
    lead = text[text.rfind("\n", 0, last.start.index) + 1 : last.start.index]
    rest = _REST.match(text, at)
    if lead.strip() or rest is None:
        return _pasted(text, at, "".join(f", {item}" for item in items), items)
    comma = rest["comma"] or ""
    head = text[:at] + (comma or ",") + rest["comment"]
    lines = f",{_eol(text)}".join(lead + item for item in items)
    return _pasted(head + text[rest.end() :], len(head), _eol(text) + lines + comma.strip(), items)


def _pasted(text: str, at: int, piece: str, items: Sequence[str]) -> Edit:
    line = text.count("\n", 0, at) + 1 + piece.startswith(("\n", "\r"))
    return Edit(text[:at] + piece + text[at:], line, tuple(items))


def _span_in_brackets(text: str, feeds: ListNode, place: int) -> tuple[int, int]:
    """The item with its comma; its whole lines, with what is said about it, where it has them for itself."""
    start, end = feeds.items[place].start.index, end_of(feeds.items[place])
    rest = _REST.match(text, end)
    if place and place + 1 == len(feeds.items) and not (rest and rest["comment"].strip()):
        before = end_of(feeds.items[place - 1])
        if "#" not in text[before:start]:
            return before, end
    begin = text.rfind("\n", 0, start) + 1
    if rest and not text[begin:start].strip():
        return begin, _line_end(text, rest.end())
    comma = _COMMA.match(text, end)
    return start, comma.end() if comma else end


# -- checking ---------------------------------------------------------------------------------------------


def _checked(edit: Edit, feeds: Sequence[object], before: Document, failure: EditError) -> Edit:
    """The edit, if YAML reads it as meant: these feeds, and all else as before."""
    try:
        after = read(edit.text)
    except yaml.YAMLError as error:
        raise failure from error
    if after.flaws or _others(after) != _others(before) or _plain_feeds(after) != list(feeds):
        raise failure
    return edit


def _others(document: Document) -> dict[str, object]:
    root = document.root
    items = root.items if isinstance(root, MapNode) else {}
    return {key: _plain(node) for key, node in items.items() if key != "feeds"}


def _plain_feeds(document: Document) -> list[object]:
    feeds = _feeds(document)
    return [_plain(item) for item in feeds.items] if isinstance(feeds, ListNode) else []


def _plain(node: Node) -> object:
    match node:
        case ScalarNode(style="|" | ">"):
            return node.text.rstrip("\n")  # one at the file's end may get its line end only by the edit
        case ScalarNode():
            return node.text
        case ListNode():
            return [_plain(item) for item in node.items]
    return {key: _plain(item) for key, item in node.items.items()}
