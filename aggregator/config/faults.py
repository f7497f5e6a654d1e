"""What pydantic found → faults for people: the place in the file, plain words, the nearest valid key.

Nothing is judged here. A value in a message is shown as it is written in the file, never as the environment
made it, and without the password of a URL.

To translate another of pydantic's errors: a row in _WORDS, `{quoted}` for the value as written.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, cast

from pydantic import ValidationError

from aggregator.config.models import (
    KINDS,
    Categories,
    Config,
    Dedup,
    Feed,
    FeedList,
    Output,
    Poll,
    Section,
    Server,
    Storage,
    Topics,
)
from aggregator.config.positions import (
    KEY,
    Document,
    ListNode,
    Loc,
    MapNode,
    Node,
    ScalarNode,
    find,
    path_text,
)
from aggregator.config.values import quoted, surely
from aggregator.errors import Fault, Swap

UNKNOWN = "unknown key"
_NEAR_FIELD = re.compile(r"unknown (?:field|measure) '(\w+)', did you mean '(\w+)'\?")
_DIGITS = re.compile(r"-?[0-9]+")
_SWITCHES = {"true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false"}

_SECTIONS: Mapping[str, type[Section]] = {
    "server": Server,
    "poll": Poll,
    "storage": Storage,
    "dedup": Dedup,
    "categories": Categories,
    "topics": Topics,
    "outputs": Output,
}
_WORDS = {
    "int_type": "must be a whole number without quotes, not {quoted}",
    "float_type": "must be a number without quotes, not {quoted}",
    "bool_type": "must be true or false, without quotes, not {quoted}",
    "string_type": "must be one value, a text",
    "string_too_short": "must not be empty",
    "too_short": "is an empty list; put something in or take the key out",
    "list_type": "must be a list: lines that begin with '- ', or [one, two]",
    "dict_type": "must hold 'key: value' lines",
    "model_type": "must hold 'key: value' lines",
    "greater_than": "must be longer than 0s",
    "greater_than_equal": "must be at least {ge}, not {quoted}",
    "less_than_equal": "must be at most {le}, not {quoted}",
    "predicate": "{quoted} {message}",
    "filter": "{message}",
    "filter_type": "must be a filter: a text, or a list of texts",
    "filter_mapping": "reads as a key with a value, because of ': '; if it is a filter, quote it: {quoted}",
}


def translated(error: ValidationError, document: Document, file: str) -> list[Fault]:
    """A fault for each of pydantic's errors; `document` is what was validated, `file` its name."""
    found = [cast("dict[str, Any]", each) for each in error.errors(include_url=False, include_input=False)]
    missing = {_plain(each["loc"]) for each in found if each["type"] == "missing"}
    meant = {
        (*loc[:-1], near)
        for each in found
        if each["type"] == "extra_forbidden"
        and (near := nearest(str((loc := _plain(each["loc"]))[-1]), _keys_at(document, loc[:-1])))
    }
    return [
        _fault(each, document, file)
        for each in found
        if each["type"] != "missing" or _plain(each["loc"]) in missing - meant
    ]


def fault_at(document: Document, file: str, loc: Loc, message: str, open_message: str = "") -> Fault:
    """A fault at the value or key of `loc`, or at the closest thing above it that exists."""
    node = find(cast("Node", document.root), loc)
    return Fault(file, node.start.line + 1, node.start.column + 1, path_text(loc), message, open_message)


def meant_at(fault: Fault, document: Document, loc: Loc, meant: str) -> Fault:
    """The fault with the text that must have been meant at `loc`, unless the environment has a part in it."""
    node = cast("ScalarNode", find(cast("Node", document.root), loc))
    new = None if "${" in node.text else f"{node.style}{meant}{node.style}"
    return replace(fault, swap=_swap(document, node, new))


def nearest(word: str, valid: Iterable[str]) -> str | None:
    """The valid key that was probably meant."""
    close = difflib.get_close_matches(word.lower(), list(valid), n=1)
    return close[0] if close else None


def _fault(error: Mapping[str, Any], document: Document, file: str) -> Fault:
    loc = _written(document, _plain(error["loc"]))
    match error["type"]:
        case "extra_forbidden":
            fault = fault_at(document, file, (*loc, KEY), _unknown(document, loc), UNKNOWN)
            return replace(fault, swap=_key_swap(document, loc))
        case "missing":
            message = f"the key '{loc[-1]}' is missing"
            return fault_at(document, file, loc[:-1], message, message)
        case "filter":
            return _filter_fault(error, document, file, loc)
    silent = _message(error, "what stands here").partition(";")[0]  # a remedy may repeat what was written
    if loc[-1] == KEY:
        return fault_at(document, file, loc, _message(error, quoted(str(loc[-2]))), silent)
    node = find(cast("Node", document.root), loc)
    fault = fault_at(document, file, loc, _message(error, _as_written(node)), silent)
    return replace(fault, swap=_swap(document, node, _meant(error, node)))


def _key_swap(document: Document, loc: Loc) -> Swap | None:
    """The valid key in place of a misspelt one, unless that one is there, too."""
    parent = cast("MapNode", find(cast("Node", document.root), loc[:-1]))
    meant, key = surely(str(loc[-1]), _keys_at(document, loc[:-1])), parent.keys[str(loc[-1])]
    return (
        _swap(document, key, f"{key.style}{meant}{key.style}") if meant not in {None, *parent.keys} else None
    )


def _meant(error: Mapping[str, Any], node: Node) -> str | None:
    """What must have been meant by a value; None where it could be several things."""
    if not isinstance(node, ScalarNode):
        return None
    match error["type"]:
        case "int_type" if node.style and _DIGITS.fullmatch(node.text):
            return node.text
        case "bool_type":
            return _SWITCHES.get(node.text.lower())
    meant: str | None = error.get("ctx", {}).get("meant")
    return meant and f"{node.style}{meant}{node.style}"


def _swap(document: Document, node: Node, new: str | None) -> Swap | None:
    """`new` in place of a node that is written on one line."""
    old = document.text[node.start.index : node.end.index]
    return Swap(old, new) if new and "\n" not in old else None


def _message(error: Mapping[str, Any], written: str) -> str:
    words = _WORDS.get(error["type"], "{msg}")
    return words.format_map({**error.get("ctx", {}), "msg": error["msg"], "quoted": written})


def _plain(loc: Loc) -> Loc:
    """The place without pydantic's name for the kind of feed."""
    return loc[:2] + loc[3:] if len(loc) > 2 and loc[0] == "feeds" and loc[2] in KINDS else loc


def _written(document: Document, loc: Loc) -> Loc:
    """The place as the file has it: a single filter has no index, a bare URL no key."""
    if (
        loc
        and isinstance(loc[-1], int)
        and not isinstance(find(cast("Node", document.root), loc[:-1]), ListNode)
    ):
        return loc[:-1]
    return loc


def _unknown(document: Document, loc: Loc) -> str:
    word, valid = str(loc[-1]), _keys_at(document, loc[:-1])
    home = next((name for name, section in _SECTIONS.items() if word in section.model_fields), None)
    if home is not None and len(loc) == 1:
        return f"unknown key '{word}' here; it belongs under '{home}:'"
    if (near := nearest(word, valid)) is not None:
        return f"unknown key '{word}', did you mean '{near}'?"
    return f"unknown key '{word}'; the keys here are {', '.join(sorted(valid))}"


def _keys_at(document: Document, loc: Loc) -> Iterable[str]:
    if not loc:
        return Config.model_fields
    if loc[0] == "feeds":
        node = find(cast("Node", document.root), loc)
        return (FeedList if isinstance(node, MapNode) and "opml" in node.items else Feed).model_fields
    return _SECTIONS[str(loc[0])].model_fields


def _filter_fault(error: Mapping[str, Any], document: Document, file: str, loc: Loc) -> Fault:
    fault = fault_at(document, file, loc, error["ctx"]["message"])
    node = find(cast("Node", document.root), loc)
    offset = _offset(document.text, node, error["ctx"]["column"]) if isinstance(node, ScalarNode) else 0
    found = _NEAR_FIELD.match(fault.message)
    swap = Swap(found[1], found[2]) if found and surely(found[1], [found[2]]) else None
    return Fault(file, fault.line, fault.column + offset, fault.path, fault.message, swap=swap)


def _offset(text: str, node: ScalarNode, column: int) -> int:
    """How far behind its start the `column`th character of a scalar stands; 0 where that cannot be told."""
    if "${" in node.text:
        return 0  # the filter that was read is longer or shorter than what stands here
    raw = text[node.start.index : node.end.index]
    if raw == node.text:
        return column - 1
    width = _WIDTHS.get(node.style)
    if width is None or "\n" in raw:
        return 0
    starts = [found.start() + 1 for found in width.finditer(raw[1:-1])]
    return (
        [*starts, len(raw) - 1][column - 1]
        if len(starts) == len(node.text) and column <= len(starts) + 1
        else 0
    )


_WIDTHS = {"'": re.compile(r"''|[^']"), '"': re.compile(r'\\["\\/]|[^\\]')}
"""One character of a quoted scalar as it is written in the file."""


def _as_written(node: Node) -> str:
    if isinstance(node, ScalarNode):
        return quoted(node.text)
    if isinstance(node, MapNode):
        pairs = (f"{key}: {value.text}" for key, value in node.items.items() if isinstance(value, ScalarNode))
        return quoted(next(pairs, "…"))
    return "a list"
