"""Filters that have names, and stand in others as `@name`.

A name that leads back to itself stands for nothing, and neither does one whose filter cannot be read: that
is told where it is defined, and not again wherever it is used.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from lark import Token

from aggregator.core.filters.clauses import Clause, any_holds, joined
from aggregator.core.filters.grammar import tree_of
from aggregator.core.filters.mistakes import nearest
from aggregator.errors import FilterError

Sources = Mapping[str, Sequence[str]]
"""The filters under each name; it stands for any of them."""


@dataclass(frozen=True, slots=True)
class Names:
    """What names stand for, by name; `circles` are those that lead back to themselves, with the way."""

    clauses: Mapping[str, Clause] = field(default_factory=dict)
    circles: Mapping[str, str] = field(default_factory=dict)

    def clause(self, name: str) -> Clause:
        """What the name stands for; ValueError where that is nothing."""
        if name in self.circles:
            raise ValueError(f"'@{name}' is made of itself: {self.circles[name]}")
        if name not in self.clauses:
            known = nearest(f"@{name}", [f"@{one}" for one in self.clauses]) if self.clauses else ""
            raise ValueError(f"unknown filter '@{name}'{known or '; to look for the word, put it in quotes'}")
        return self.clauses[name]


NO_NAMES = Names()


def names_of(sources: Sources, read: Callable[[str, Names], Clause]) -> Names:
    """The names that these sources define; `read` compiles one source."""
    order, circles = _ordered({name: _used(texts) & sources.keys() for name, texts in sources.items()})
    clauses: dict[str, Clause] = {}
    for name in order:
        if name not in circles:
            known = Names(clauses, circles)
            parts = [_readable(source, known, read) for source in sources[name]]
            clauses[name] = parts[0] if len(parts) == 1 else joined(f"@{name}", any_holds, parts)
    return Names(clauses, circles)


def _used(sources: Sequence[str]) -> set[str]:
    used: set[str] = set()
    for source in sources:
        try:
            tokens = tree_of(source).scan_values(
                lambda token: isinstance(token, Token) and token.type == "NAME"
            )
        except FilterError:
            continue
        used.update(token[1:].lower() for token in tokens)
    return used


def _ordered(uses: Mapping[str, set[str]]) -> tuple[tuple[str, ...], dict[str, str]]:
    """The names, each after those that it uses; and the circles among them."""
    circles: dict[str, str] = {}
    while True:
        try:
            return tuple(TopologicalSorter(uses).static_order()), circles
        except CycleError as error:
            ring: list[str] = error.args[1][:0:-1]
            for at, name in enumerate(ring):
                circles[name] = ", ".join(f"@{one}" for one in (*ring[at:], *ring[:at], name))
            uses = {name: used for name, used in uses.items() if name not in circles}


def _readable(source: str, known: Names, read: Callable[[str, Names], Clause]) -> Clause:
    try:
        return read(source, known)
    except FilterError:
        return NOTHING


NOTHING = joined("", any_holds, ())
