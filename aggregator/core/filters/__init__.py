"""The filter language: from a text such as `title:nato -sport age<2d` to a verdict on a story.

A filter is read once (`parse_filter`) and judged often (`judge`, `explain`). It never does I/O, never reads
a clock, and runs a regular expression only through the `search` it is handed. The language is described in
docs/filters.md, whose table of cases is a test.

The parts: grammar (source to tree), mistakes (what is wrong with a source), compiling (tree to clauses),
naming (what a `@name` stands for), fields, nearness and measures (what a clause asks), words (what a word
is), subject (what a clause reads), found (what it found there), clauses (how verdicts are joined), printing
(back to a text), needs (the words without which a filter does not hold), together (many filters on one
story).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from aggregator.core.filters.clauses import (
    Case,
    Clause,
    Explanation,
    Search,
    alternatives,
    any_holds,
    explained,
    joined,
    leaves,
    verdict_of,
)
from aggregator.core.filters.compiling import clause_of
from aggregator.core.filters.found import Found, in_words
from aggregator.core.filters.measures import Until
from aggregator.core.filters.naming import NO_NAMES, Names, Sources, names_of
from aggregator.core.filters.needs import Need, Needed, needed_of_index, oldest, since
from aggregator.core.filters.printing import printed
from aggregator.core.filters.subject import Subject, entry_subject, story_subject
from aggregator.core.filters.together import Together, together
from aggregator.core.filters.words import LANGUAGE

__all__ = [
    "LANGUAGE",
    "NO_NAMES",
    "Explanation",
    "Filter",
    "Found",
    "Names",
    "Need",
    "Needed",
    "Search",
    "Subject",
    "Together",
    "all_together",
    "any_of",
    "entry_subject",
    "explain",
    "in_words",
    "judge",
    "named_filters",
    "parse_filter",
    "story_subject",
]


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter, compiled. Two are equal when they mean the same."""

    source: str = field(compare=False)
    meaning: str
    """its canonical form, with what it names written out: `parse_filter` makes the same filter of it"""
    clause: Clause = field(compare=False, repr=False)

    @property
    def timed(self) -> bool:
        """Whether its verdict on a story changes as time goes by: with `age` or `until`."""
        return self.clause.timed

    @property
    def alternatives(self) -> tuple[str, ...]:
        """The parts of which one must hold, each as the user wrote it."""
        return alternatives(self.clause)

    @property
    def needed(self) -> Needed:
        """What to ask an index of words for: a story without that is not taken."""
        return needed_of_index(self.clause)

    @property
    def oldest(self) -> timedelta | None:
        """How long ago a story was news at most, of which it holds; None where that cannot be said."""
        return oldest(self.clause)

    @property
    def since(self) -> datetime | None:
        """Before when no story was seen first, of which it holds; None where that cannot be said."""
        return since(self.clause)

    def expired(self, now: datetime) -> tuple[date, ...]:
        """The days of its `until:` that are over, each once."""
        tests = [leaf.test for leaf in leaves(self.clause)]
        days = {test.last for test in tests if isinstance(test, Until)}
        return tuple(sorted(day for day in days if day < now.astimezone(UTC).date()))

    def time_of_verdicts(self, now: datetime) -> tuple[object, ...]:
        """What verdicts hang on beside the story: days of `until:` that are over, and with `age` the hour."""
        ages = any(leaf.timed and not isinstance(leaf.test, Until) for leaf in leaves(self.clause))
        return (*self.expired(now), *([int(now.timestamp()) // 3600] if ages else []))


def parse_filter(source: str, names: Names = NO_NAMES) -> Filter:
    """The filter that this text says; FilterError names the column and the cure."""
    clause = clause_of(source, names)
    return Filter(source, printed(clause), clause)


def named_filters(sources: Sources) -> Names:
    """What a `@name` stands for in other filters. Never raises: what is wrong shows when each is parsed."""
    return names_of(sources, clause_of)


def any_of(filters: Sequence[Filter]) -> Filter:
    """A filter that takes what any of these takes; at least one."""
    if len(filters) == 1:
        return filters[0]
    source = " OR ".join(f"({one.source})" for one in filters)
    clause = joined(source, any_holds, [one.clause for one in filters])
    return Filter(source, printed(clause), clause)


def all_together(filters: Iterable[Filter | None]) -> Together:
    """These filters by number: which of them can hold for a story is known at once. None holds for all."""
    return together(one.clause if one else None for one in filters)


def judge(wanted: Filter, subject: Subject, *, now: datetime, search: Search) -> bool | None:
    """Whether the filter takes the story; None is unknown (out of time): it neither includes nor excludes."""
    return verdict_of(wanted.clause, Case(subject, now, search))


def explain(wanted: Filter, subject: Subject, *, now: datetime, search: Search) -> Explanation:
    """The same verdict with those of all its parts, and the clause that decided."""
    return explained(wanted.clause, Case(subject, now, search))
