"""The clauses of a compiled filter, and how they are judged: true, false or unknown (Kleene's logic).

A clause is a frozen value that keeps its own source, so that it can be quoted to the user. It reads the
subject, never the source. Unknown (None) is a regular expression that ran out of time.

To add a way to join clauses: a function from verdicts to a verdict here, a rule in grammar.py, a case in
compiling.py. To add a test: see fields.py and measures.py.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import regex

from aggregator.core.filters.found import Found
from aggregator.core.filters.subject import Subject

Search = Callable[["regex.Pattern[str]", str], Sequence[str] | None]
"""What a pattern finds first, alone; nothing where it finds nothing; None where its time ran out."""
Verdict = bool | None
Join = Callable[[Sequence[Verdict]], Verdict]


@dataclass(frozen=True, slots=True)
class Case:
    """What a clause is judged by: the story, the time, and what runs a regular expression."""

    subject: Subject
    now: datetime
    search: Search


class Test(Protocol):
    """What a leaf asks of a story: a frozen value, so that what it looks for can be read off it."""

    def holds(self, case: Case) -> Verdict:
        """Whether it is so."""
        ...

    def found(self, case: Case) -> tuple[Found, ...]:
        """The words by which it is so; none where it is not, or asks for no words."""
        ...


@dataclass(frozen=True, slots=True)
class Leaf:
    """A clause that reads the story itself; `timed` if its verdict changes as time goes by."""

    source: str
    test: Test
    timed: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Clauses joined to one by AND, OR or NOT."""

    source: str
    join: Join
    parts: tuple["Clause", ...]
    timed: bool
    size: int
    """how many leaves it has, and one where it has none"""
    depth: int
    """how many groups stand in one another"""


Clause = Leaf | Group


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a clause was judged, and each of its parts; the clause as the user wrote it."""

    clause: str
    verdict: Verdict
    decisive: str
    """the smallest single clause that made the verdict what it is"""
    children: tuple["Explanation", ...] = ()
    found: tuple[Found, ...] = ()
    """the words by which a single clause holds, as they stand in the story"""

    @property
    def deciding(self) -> "Explanation":
        """The part that `decisive` names, judged."""
        inner = next((child for child in self.children if child.decisive == self.decisive), None)
        return inner.deciding if inner else self

    def holding(self) -> Iterator["Explanation"]:
        """The single clauses by which it holds: what a NOT refuses does not, so it is none of them."""
        if self.verdict and not self.children:
            yield self
        if self.verdict:
            for child in self.children:
                yield from child.holding()


def joined(source: str, join: Join, parts: Sequence[Clause]) -> Group:
    """These clauses as one."""
    timed = any(part.timed for part in parts)
    depth = 1 + max(map(depth_of, parts), default=0)
    return Group(source, join, tuple(parts), timed, max(1, sum(map(size_of, parts))), depth)


def size_of(clause: Clause) -> int:
    """How many leaves it has."""
    return 1 if isinstance(clause, Leaf) else clause.size


def depth_of(clause: Clause) -> int:
    """How many groups stand in one another."""
    return 0 if isinstance(clause, Leaf) else clause.depth


def leaves(clause: Clause) -> Iterator[Leaf]:
    """Its leaves, from left to right."""
    waiting = [clause]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Leaf):
            yield one
        else:
            waiting.extend(reversed(one.parts))


def alternatives(clause: Clause) -> tuple[str, ...]:
    """The clauses of which one must hold, each as the user wrote it; one where there is no OR."""
    if isinstance(clause, Leaf) or clause.join is not any_holds:
        return (clause.source,)
    return tuple([one for part in clause.parts for one in alternatives(part)])


def all_hold(verdicts: Sequence[Verdict]) -> Verdict:
    """AND: false if one is false, otherwise unknown if one is."""
    if False in verdicts:
        return False
    return None if None in verdicts else True


def any_holds(verdicts: Sequence[Verdict]) -> Verdict:
    """OR: true if one is true, otherwise unknown if one is."""
    if True in verdicts:
        return True
    return None if None in verdicts else False


def none_holds(verdicts: Sequence[Verdict]) -> Verdict:
    """NOT: the opposite of OR; the opposite of unknown is unknown."""
    verdict = any_holds(verdicts)
    return None if verdict is None else not verdict


def verdict_of(clause: Clause, case: Case) -> Verdict:
    """The clause judged, reading no more of its parts than needed.

    One frame for each level: a hundred brackets must not reach Python's recursion limit.
    """
    if isinstance(clause, Leaf):
        return clause.test.holds(case)
    verdicts: list[Verdict] = []
    for part in clause.parts:
        verdicts.append(verdict_of(part, case))
        if verdicts[-1] is _SETTLED_BY[clause.join]:
            break
    return clause.join(verdicts)


_SETTLED_BY: dict[Join, Verdict] = {all_hold: False, any_holds: True, none_holds: True}


def explained(clause: Clause, case: Case) -> Explanation:
    """The clause judged with all its parts, also those that no longer matter."""
    if isinstance(clause, Leaf):
        verdict = clause.test.holds(case)
        found = clause.test.found(case) if verdict else ()
        return Explanation(clause.source, verdict, clause.source, found=found)
    children = tuple([explained(part, case) for part in clause.parts])
    verdict = clause.join([child.verdict for child in children])
    return Explanation(clause.source, verdict, _decisive(clause, verdict, children), children)


def _decisive(group: Group, verdict: Verdict, children: tuple[Explanation, ...]) -> str:
    """The first part that failed an AND or held for an OR; where it took all parts, the whole group.

    A NOT is named itself and not the word it refuses, unless it refuses a whole bracket.
    """
    if group.join is none_holds:
        inner = children[0]
        return group.source if inner.decisive == inner.clause else inner.decisive
    if verdict is None or verdict is _SETTLED_BY[group.join]:
        return next(child.decisive for child in children if child.verdict is verdict)
    return group.source
