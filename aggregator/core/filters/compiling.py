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

from aggregator.core.filters.clauses import (
    Clause,
    Join,
    Leaf,
    all_hold,
    any_holds,
    depth_of,
    joined,
    none_holds,
    size_of,
)
from aggregator.core.filters.fields import ANYWHERE, FIELDS, Field, Pattern, test_of
from aggregator.core.filters.grammar import tree_of
from aggregator.core.filters.measures import COMPARISONS, MEASURES, until
from aggregator.core.filters.mistakes import nearest
from aggregator.core.filters.naming import Names
from aggregator.core.filters.nearness import Near, distance_of, words_in
from aggregator.core.filters.printing import bracketed
from aggregator.core.text import folded
from aggregator.errors import FilterError

MAX_PATTERN = 1_000
MAX_DEPTH = 100  # of brackets and NOTs; people need five
# With the filters that are named in it. Deeper would reach Python's recursion limit, and names that stand for
# names can multiply: thirty of them make a billion terms.
MAX_LEVELS = 250
MAX_TERMS = 50_000
NO_RECURSION = "a regular expression may not contain itself; write it out, or '\\(' for a bracket"
UNTIL = "until"
Node = Tree[Token] | Token
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_PATTERN_SIGNS = re.compile(r"[\\^$*+?()\[{|]")
# Calls of the whole pattern or of a group; after "(?P" the engine knows but "<", "=" and ">".
_RECURSION = re.compile(r"\\.|(\(\?(?:[R&]|[+-]?[0-9]|P(?![<=])))", re.DOTALL)
_MEASURE = re.compile(r"([A-Za-z]+)\s*(<=|>=|<|>|=)\s*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the source we are: inside which field's brackets, and how deep."""

    source: str
    names: Names
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


def clause_of(source: str, names: Names) -> Clause:
    """The filter that the source says, compiled; FilterError says what is wrong with it."""
    clause = _joint(tree_of(source), _Place(source, names))
    if size_of(clause) > MAX_TERMS or depth_of(clause) > MAX_LEVELS:
        raise FilterError(
            source, 1, f"more than {MAX_TERMS:,} terms or {MAX_LEVELS} levels, all names counted"
        )
    return clause


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
    if name == UNTIL:
        return _until(operand, place)
    if name in MEASURES:
        raise place.fault(at, f"{name!r} is a measure: it takes no colon but one of {' '.join(COMPARISONS)}")
    if name not in FIELDS:
        raise place.fault(at, f"unknown field {said!r}{nearest(name, (*FIELDS, UNTIL))}")
    if FIELDS[name].worded and isinstance(operand, Token) and operand.startswith("-"):
        raise place.fault(at, f"write the '-' in front of the field: -{colon}{operand[1:]}")
    return _rule(operand)(operand, replace(place, field=FIELDS[name], prefix=f"{name}:"))


def _until(operand: Node, place: _Place) -> Leaf:
    said = str(operand).strip('"“”„') if isinstance(operand, Token) else ""
    try:
        return Leaf(f"{UNTIL}:{said}", until(said), timed=True)
    except ValueError as error:
        raise place.fault(_span(operand)[0], str(error)) from error


def _reference(token: Token, place: _Place) -> Clause:
    at = _span(token)[0]
    if place.prefix:
        raise place.fault(at, f"{str(token)!r} names a whole filter, which cannot stand in {place.prefix}(…)")
    try:
        return joined(str(token), any_holds, [place.names.clause(token[1:].lower())])
    except ValueError as error:
        raise place.fault(at, str(error)) from error


def _near(tree: Tree[Token], place: _Place) -> Leaf:
    first, operator, second = tree.children
    bare = replace(place, prefix="")
    one, other = _rule(first)(first, bare), _rule(second)(second, bare)
    at = _span(operator)[0]
    try:
        test = Near(
            place.field, words_in(one, place.field), words_in(other, place.field), distance_of(str(operator))
        )
    except ValueError as error:
        raise place.fault(at, str(error)) from error
    said = f"{bracketed(one)} NEAR/{test.distance} {bracketed(other)}"
    return Leaf(f"{place.prefix}({said})" if place.prefix else said, test)


def _word(token: Token, place: _Place) -> Leaf:
    quoted = token.type == "PHRASE"
    said = token[1:-1] if quoted else str(token)
    written = f'"{said}"' if quoted and '"' not in said else str(token)
    try:
        return Leaf(place.prefix + written, test_of(place.field, said, quoted=quoted))
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
    exact = place.field.exact
    plain = pattern if exact else _NOT_ASCII.sub(lambda found: folded(found[0]), pattern)
    try:
        compiled = regex.compile(plain, regex.MULTILINE if exact else regex.IGNORECASE | regex.MULTILINE)
    except RecursionError as error:
        raise place.fault(at, "this regular expression is nested too deeply") from error
    except (regex.error, ValueError) as error:
        # Only where folding left the pattern as it was does the place in it hold for the source.
        column = at + (getattr(error, "pos", 0) if plain == pattern else 0)
        raise place.fault(column, f"no regular expression: {getattr(error, 'msg', error)}") from error
    called = next((found for found in _RECURSION.finditer(plain) if found[1]), None)
    if called:  # it may call itself without end, and then costs its whole time in every text
        column = at + (called.start() if plain == pattern else 0)
        raise place.fault(column, f"{called[1]!r} calls a group again: {NO_RECURSION}")
    return compiled


def _measure(token: Token, place: _Place) -> Leaf:
    at = _span(token)[0]
    found = _MEASURE.fullmatch(token)
    name, sign, value = found.groups() if found else (str(token), "", "")
    if name.lower() in (*FIELDS, UNTIL):
        raise place.fault(at, f"{name!r} is no measure: it takes a colon, as in {name.lower()}:…")
    known = MEASURES.get(name.lower())
    if known is None:
        raise place.fault(at, f"unknown measure {name!r}{nearest(name, MEASURES)}")
    try:
        test = known.read(COMPARISONS[sign], value)
    except ValueError as error:
        raise place.fault(at + len(token) - len(value), str(error)) from error
    return Leaf(f"{name.lower()}{sign}{value}", test, timed=known.timed)


_JOINS: dict[str, Join] = {"either": any_holds, "both": all_hold}
_LEAVES: dict[str, Rule] = {
    "WORD": _word,
    "VALUE": _word,
    "PHRASE": _word,
    "REGEX": _pattern,
    "MEASURE": _measure,
    "NAME": _reference,
}
_BRANCHES: dict[str, Rule] = {
    "either": _joint,
    "both": _joint,
    "negation": _negation,
    "group": _group,
    "near": _near,
    "named": _named,
}
