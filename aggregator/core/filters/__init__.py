"""The filter language: from a text such as `title:nato -sport age<2d` to a verdict on a story.

A filter is read once (`parse_filter`) and judged often (`judge`, `explain`). It never does I/O, never reads
a clock, and runs a regular expression only through the `search` it is handed. The language is described in
docs/filters.md, whose table of cases is a test.

The parts: grammar (source to tree), mistakes (what is wrong with a source), compiling (tree to clauses),
fields and measures (what a clause asks), subject (what it reads), clauses (how verdicts are joined).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aggregator.core.filters.clauses import (
    Case,
    Clause,
    Explanation,
    Search,
    alternatives,
    any_holds,
    explained,
    joined,
    verdict_of,
)
from aggregator.core.filters.compiling import clause_of
from aggregator.core.filters.subject import Subject, entry_subject, story_subject

__all__ = [
    "Explanation",
    "Filter",
    "Search",
    "Subject",
    "any_of",
    "entry_subject",
    "explain",
    "judge",
    "parse_filter",
    "story_subject",
]


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter, compiled. Two are equal when their sources are."""

    source: str
    clause: Clause = field(compare=False, repr=False)

    @property
    def timed(self) -> bool:
        """Whether its verdict on a story changes as time goes by: it asks for `age` or `published`."""
        return self.clause.timed

    @property
    def alternatives(self) -> tuple[str, ...]:
        """The parts of which one must hold, each as the user wrote it."""
        return alternatives(self.clause)


def parse_filter(source: str) -> Filter:
    """The filter that this text says; FilterError names the column and the cure."""
    return Filter(source, clause_of(source))


def any_of(filters: Sequence[Filter]) -> Filter:
    """A filter that takes what any of these takes; at least one."""
    if len(filters) == 1:
        return filters[0]
    source = " OR ".join(f"({one.source})" for one in filters)
    return Filter(source, joined(source, any_holds, [one.clause for one in filters]))


def judge(wanted: Filter, subject: Subject, *, now: datetime, search: Search) -> bool | None:
    """Whether the filter takes the story; None is unknown (out of time): it neither includes nor excludes."""
    return verdict_of(wanted.clause, Case(subject, now, search))


def explain(wanted: Filter, subject: Subject, *, now: datetime, search: Search) -> Explanation:
    """The same verdict with those of all its parts, and the clause that decided."""
    return explained(wanted.clause, Case(subject, now, search))
