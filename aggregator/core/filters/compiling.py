"""From the tree of a source to clauses that can be judged: names are looked up, patterns compiled.

Everything that can be wrong with a filter is told here, with its column; afterwards nothing can fail.

To add to the language: a case in `_LEAVES` or `_BRANCHES`, beside its rule in grammar.py.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import regex
from lark import Token, Tree

from aggregator.core.filters.clauses import Clause, Join, Leaf, all_hold, any_holds, joined, none_holds
from aggregator.core.filters.fields import ANYWHERE, FIELDS, Field, Pattern, words_test
from aggregator.core.filters.grammar import tree_of
from aggregator.core.filters.measures import COMPARISONS, MEASURES, TIMED
from aggregator.core.filters.mistakes import nearest
from aggregator.core.text import folded
from aggregator.errors import FilterError

MAX_PATTERN = 1_000
MAX_DEPTH = 100  # of brackets and NOTs; people need five
Node = Tree[Token] | Token
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_PATTERN_SIGNS = re.compile(r"[\\^$*+?()\[{|]")
_MEASURE = re.compile(r"([A-Za-z]+)\s*(<=|>=|<|>|=)\s*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the source we are: inside which field's brackets, and how deep."""

    source: str
    field: Field = ANYWHERE
    prefix: str = ""
    depth: int = 0

    def deeper(self, at: int) -> "_Place":
        if self.depth == MAX_DEPTH:
            raise FilterError(self.source, at + 1, f"more than {MAX_DEPTH} brackets and NOTs in one another")
        return replace(self, depth=self.depth + 1)

    def fault(self, at: int, message: str) -> FilterError:
        return FilterError(self.source, at + 1, message)


Rule = Callable[[Any, _Place], Clause]  # of a token in _LEAVES, of a tree in _BRANCHES


def clause_of(source: str) -> Clause:
    """The filter that the source says, compiled; FilterError says what is wrong with it."""
    return _joint(tree_of(source), _Place(source))


def _joint(tree: Tree[Token], place: _Place) -> Clause:
    # A list, not a generator, and no function between: see `_rule`.
    parts = [_rule(part)(part, place) for part in tree.children]
    return parts[0] if len(parts) == 1 else joined(_source_of(tree, place), _JOINS[tree.data], parts)


def _source_of(node: Node, place: _Place) -> str:
    """The node as the user would write it alone: with the field whose brackets it stands in."""
    start, end = _span(node)
    text = place.source[start:end]
    return place.prefix + text if isinstance(node, Token) or not place.prefix else f"{place.prefix}({text})"


def _span(node: Node) -> tuple[int, int]:
    """Where a node stands in the source; lark fills these in for every token and every rule."""
    where = node if isinstance(node, Token) else node.meta
    return int(where.start_pos or 0), int(where.end_pos or 0)


def _rule(node: Node) -> Rule:
    """What reads this node: returned, not called, to spare a frame for each of a hundred brackets."""
    return _LEAVES[node.type] if isinstance(node, Token) else _BRANCHES[node.data]


def _negation(tree: Tree[Token], place: _Place) -> Clause:
    _, refused = tree.children
    part = _rule(refused)(refused, place.deeper(_span(tree)[0]))
    return joined(_source_of(tree, place), none_holds, [part])


def _group(tree: Tree[Token], place: _Place) -> Clause:
    _, inside, _ = tree.children
    return _rule(inside)(inside, place.deeper(_span(tree)[0]))


def _named(tree: Tree[Token], place: _Place) -> Clause:
    colon, operand = tree.children
    at, said = _span(colon)[0], str(colon)[:-1]
    name = said.lower()
    if name in MEASURES:
        raise place.fault(at, f"{name!r} is a measure: it takes no colon but one of {' '.join(COMPARISONS)}")
    if name not in FIELDS:
        raise place.fault(at, f"unknown field {said!r}{nearest(name, FIELDS)}")
    if FIELDS[name].worded and isinstance(operand, Token) and operand.startswith("-"):
        raise place.fault(at, f"write the '-' in front of the field: -{colon}{operand[1:]}")
    return _rule(operand)(operand, replace(place, field=FIELDS[name], prefix=f"{name}:"))


def _word(token: Token, place: _Place) -> Leaf:
    said = token[1:-1] if token.type == "PHRASE" else str(token)
    try:
        return Leaf(_source_of(token, place), words_test(place.field, said))
    except ValueError as error:
        raise place.fault(_span(token)[0], str(error)) from error


def _pattern(token: Token, place: _Place) -> Leaf:
    if place.field is FIELDS["url"] and not _PATTERN_SIGNS.search(token):
        return _word(token, place)  # `url:/live/` means a folder, and must not take /delivery/
    at = _span(token)[0]
    if len(token) - 2 > MAX_PATTERN:
        raise place.fault(at, f"a regular expression may have {MAX_PATTERN} characters, not {len(token) - 2}")
    return Leaf(_source_of(token, place), Pattern(place.field, _compiled(token[1:-1], at + 1, place)))


def _compiled(pattern: str, at: int, place: _Place) -> regex.Pattern[str]:
    r"""The pattern, folded as the texts are; `^` and `$` are the ends of a line.

    ASCII is left to IGNORECASE: lowering it would turn `\S` into `\s`.
    """
    plain = _NOT_ASCII.sub(lambda found: folded(found[0]), pattern)
    try:
        return regex.compile(plain, regex.IGNORECASE | regex.MULTILINE)
    except RecursionError as error:
        raise place.fault(at, "this regular expression is nested too deeply") from error
    except (regex.error, ValueError) as error:
        # Only where folding left the pattern as it was does the place in it hold for the source.
        column = at + (getattr(error, "pos", 0) if plain == pattern else 0)
        raise place.fault(column, f"no regular expression: {getattr(error, 'msg', error)}") from error


def _measure(token: Token, place: _Place) -> Leaf:
    at = _span(token)[0]
    found = _MEASURE.fullmatch(token)
    name, sign, value = found.groups() if found else (str(token), "", "")
    if name.lower() not in MEASURES:
        raise place.fault(at, f"unknown measure {name!r}{nearest(name, MEASURES)}")
    try:
        test = MEASURES[name.lower()](COMPARISONS[sign], value)
    except ValueError as error:
        raise place.fault(at + len(token) - len(value), str(error)) from error
    return Leaf(str(token), test, timed=name.lower() in TIMED)


_JOINS: dict[str, Join] = {"either": any_holds, "both": all_hold}
_LEAVES: dict[str, Rule] = {
    "WORD": _word,
    "VALUE": _word,
    "PHRASE": _word,
    "REGEX": _pattern,
    "MEASURE": _measure,
}
_BRANCHES: dict[str, Rule] = {
    "either": _joint,
    "both": _joint,
    "negation": _negation,
    "group": _group,
    "named": _named,
}
