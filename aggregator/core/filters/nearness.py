"""`gas NEAR/5 pipeline`: two things within some words of one another, in one part of a text, in either order.

Side by side is one word apart. The words of a phrase stay together: what counts is the way from its nearer
end. Never looks at a field's values, for these have no words.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from aggregator.core.filters.clauses import Case, Clause, Leaf, Verdict, any_holds
from aggregator.core.filters.fields import Field, Words
from aggregator.core.filters.mistakes import NEAR_TAKES
from aggregator.core.filters.subject import Spans, Text

FARTHEST = 100


@dataclass(frozen=True, slots=True)
class Near:
    """One of `these` stands within so many words of one of `those`."""

    field: Field
    these: tuple[Words, ...]
    those: tuple[Words, ...]
    distance: int

    def holds(self, case: Case) -> Verdict:
        """Whether they do in one of the field's texts."""
        return any(self._near(text) for text in self.field.texts(case.subject))

    def _near(self, text: Text) -> bool:
        these = _spans(self.these, text)
        return bool(these) and _within(self.distance, these, _spans(self.those, text))


def _spans(words: tuple[Words, ...], text: Text) -> Spans:
    return [span for one in words for phrase in one.phrases for span in text.spans(phrase, prefix=one.prefix)]


def _within(distance: int, these: Spans, those: Spans) -> bool:
    """Whether one begins at most so far after the other's end; what overlaps is no two things."""
    starts, ends = sorted(start for start, _ in those), sorted(end for _, end in those)
    return any(
        _has(starts, end + 1, end + distance) or _has(ends, start - distance, start - 1)
        for start, end in these
    )


def _has(places: Sequence[int], first: int, last: int) -> bool:
    at = bisect_left(places, first)
    return at < len(places) and places[at] <= last


def distance_of(said: str) -> int:
    """The number in `NEAR/5`; ValueError where it is none, or too large."""
    number = said.partition("/")[2]
    if not re.fullmatch("[0-9]{1,3}", number) or not 1 <= int(number) <= FARTHEST:
        raise ValueError(f"{said!r} needs a number of words from 1 to {FARTHEST}, as in NEAR/5")
    return int(number)


def words_in(clause: Clause, field: Field) -> tuple[Words, ...]:
    """The words that an operand of NEAR looks for; ValueError where it is none for it."""
    if not isinstance(clause, Leaf) and clause.join is any_holds:
        return tuple([words for part in clause.parts for words in words_in(part, field)])
    if isinstance(clause, Leaf) and isinstance(clause.test, Words) and clause.test.field is field:
        return (clause.test,)
    raise ValueError(f"NEAR {NEAR_TAKES}")
