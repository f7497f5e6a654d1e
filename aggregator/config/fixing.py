"""A config's text → the same text with its simple mistakes mended, every other byte as it was. Pure.

Simple is what can have been meant in one way only: a fault that brings its `swap`, and an address that stands
twice and says nothing new. All else is left to a person, and so is the last word on what is changed.

To mend another mistake: let its fault bring a swap, where it is found.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import yaml

from aggregator.config.editing import removed, repeats
from aggregator.config.positions import ListNode, Node, ScalarNode, read
from aggregator.errors import EditError, Fault

MAX_ROUNDS = 50  # what is mended lets more be read, and that may have faults of its own
_SECRET = frozenset({"auth", "login", "proxy", "token"})
_LOGIN = re.compile(r"(?<=://)[^/\s@]*@")


def fixed(text: str, faults_of: Callable[[str], Iterable[Fault]]) -> str:
    """The text as it was meant; `faults_of` tells what is wrong with a text.

    One that YAML cannot read to its end even then stays as it is: nobody could tell what it has become.
    """
    mended = text
    for _ in range(MAX_ROUNDS):
        before, mended = mended, _swapped(mended, faults_of(mended))
        if mended == before:
            break
    try:
        for place in reversed(repeats(mended)):
            mended = removed(mended, place).text
    except EditError:
        return text if _is_broken(mended) else mended
    return mended


def _is_broken(text: str) -> bool:
    try:
        read(text)
    except yaml.YAMLError:
        return True
    return False


def _swapped(text: str, faults: Iterable[Fault]) -> str:
    """All swaps at once, from the end on, so that the places before them stay right."""
    lines = text.split("\n")
    left: dict[int, int] = {}
    for fault in sorted(set(faults), reverse=True):
        number, start = fault.line - 1, fault.column - 1
        if fault.swap is None or number >= len(lines):
            continue
        line, end = lines[number], start + len(fault.swap.old)
        if line.startswith(fault.swap.old, start) and end <= left.get(number, len(line)):
            lines[number] = line[:start] + fault.swap.new + line[end:]
            left[number] = start
    return "\n".join(lines)


def changes(before: str, after: str) -> Iterator[str]:
    """What is different, as lines that begin with `-` and `+` under the number of the first; no secret."""
    old, new = before.splitlines(), after.splitlines()
    hidden = sorted({*_secrets(before), *_secrets(after)}, key=len, reverse=True)
    for kind, start, end, new_start, new_end in difflib.SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if kind != "equal":
            yield f"@ line {start + 1}"
            yield from (f"- {_open(line, hidden)}" for line in old[start:end])
            yield from (f"+ {_open(line, hidden)}" for line in new[new_start:new_end])


def _open(line: str, hidden: Sequence[str]) -> str:
    for secret in hidden:
        line = line.replace(secret, "***")
    return _LOGIN.sub("***@", line)


def _secrets(text: str) -> Iterator[str]:
    """What stands under keys that hold secrets; where the text cannot be read, what it became is asked."""
    root = None if _is_broken(text) else read(text).root
    if root is not None:
        yield from _secret_values(root, hidden=False)


def _secret_values(node: Node, *, hidden: bool) -> Iterator[str]:
    if isinstance(node, ScalarNode):
        if hidden and node.text:
            yield node.text
    elif isinstance(node, ListNode):
        for item in node.items:
            yield from _secret_values(item, hidden=hidden)
    else:
        for key, value in node.items.items():
            yield from _secret_values(value, hidden=hidden or key in _SECRET or key == "headers")
