"""Nodes → plain values, with `${NAME}` read from the environment and empty values told apart.

Keys are never expanded, and what came from the environment is never part of a message.
"""

import re
from collections.abc import Callable, Mapping

from aggregator.config.positions import ListNode, Loc, Node, Plain, ScalarNode

Report = Callable[[Loc, str], None]

MAY_BE_EMPTY = frozenset({"headers", "tags", "allow_private"})  # with every line below commented out
_REFERENCE = re.compile(r"\$\$\{|\$\{([^}]*)(\}?)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_STRAY = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # no feed can carry these
_EMPTY = "has no value; give it one or take the key out (a '#' begins a comment unless it is in quotes)"


def plain_value(node: Node, environ: Mapping[str, str], report: Report, loc: Loc = ()) -> object:
    """The node as str, list and dict; `report` hears of every empty value and unknown name.

    Keys without a value are left out, so that a section whose lines are all commented out reads as absent.
    """
    if isinstance(node, ScalarNode):
        text = _text(node, environ, lambda message: report(loc, message))
        return text if node.style else Plain(text)
    if isinstance(node, ListNode):
        return [
            None
            if _is_empty(item, report, (*loc, index))
            else plain_value(item, environ, report, (*loc, index))
            for index, item in enumerate(node.items)
        ]
    return {
        key: plain_value(item, environ, report, (*loc, key))
        for key, item in node.items.items()
        if not _is_empty(item, report, (*loc, key))
    }


def _text(node: ScalarNode, environ: Mapping[str, str], report: Callable[[str], None]) -> str:
    text = expanded(node.text, environ, report) if "${" in node.text else node.text
    if text.isprintable() or not (stray := _STRAY.search(text)):
        return text
    report(f"holds the control character U+{ord(stray[0]):04X}, which no feed can carry; take it out")
    return _STRAY.sub("", text)


def _is_empty(node: Node, report: Report, loc: Loc) -> bool:
    if not isinstance(node, ScalarNode) or not node.is_null:
        return False
    in_rules = loc[0] == "tags"
    if len(loc) > 1 and (in_rules or loc[-1] not in MAY_BE_EMPTY):
        report(loc, _EMPTY)
    return True


def expanded(text: str, environ: Mapping[str, str], report: Callable[[str], None]) -> str:
    """The text with `${NAME}` replaced; `$${` stands for a plain `${`."""

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name is None:
            return "${"
        if not found[2] or not _NAME.fullmatch(name):
            report(
                "'${' begins a name from the environment, as in ${MY_TOKEN}; "
                "for the two signs themselves write '$${'"
            )
        elif name not in environ:
            report(f"{name} is not set in the environment; set it before starting, or write the value here")
        return environ.get(name, "")

    return _REFERENCE.sub(value, text)
