"""`gas NEAR/5 pipeline`: two things within some words of one another, in one part of a text, in either order.

Side by side is one word apart. The words of a phrase stay together: what counts is the way from its nearer
end. Never looks at a field's values, for these have no words.
"""

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

from aggregator.core.filters.clauses import Case, Clause, Leaf, Verdict, any_holds
from aggregator.core.filters.fields import Field, Words
from aggregator.core.filters.found import Found
from aggregator.core.filters.mistakes import NEAR_TAKES
from aggregator.core.filters.subject import Span, Spans, Text

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
        return any(self._pair(text) for text in self.field.texts(case.subject))

    def found(self, case: Case) -> tuple[Found, ...]:
        """The two things, in the first text in which they are near."""
        return self.field.first_found(
            case.subject, lambda text: [text.said(*span) for span in self._pair(text) or ()]
        )

    def _pair(self, text: Text) -> tuple[Span, Span] | None:
        these = _spans(self.these, text)
        return _within(self.distance, these, _spans(self.those, text)) if these else None


def _spans(words: tuple[Words, ...], text: Text) -> Spans:
    return [span for one in words for phrase in one.phrases for span in text.spans(phrase, prefix=one.prefix)]


def _within(distance: int, these: Spans, those: Spans) -> tuple[Span, Span] | None:
    """Two of which one begins at most so far after the other's end; what overlaps is no two things."""
    by_start, by_end = sorted(those), sorted(those, key=_end)
    for this in these:
        start, end = this
        that = _first(by_start, _start, end + 1, end + distance)
        if that := that or _first(by_end, _end, start - distance, start - 1):
            return this, that
    return None


def _first(spans: Spans, key: Callable[[Span], int], lowest: int, highest: int) -> Span | None:
    """The first that has its `key` between these; the spans are in its order."""
    at = bisect_left(spans, lowest, key=key)
    return spans[at] if at < len(spans) and key(spans[at]) <= highest else None


def _start(span: Span) -> int:
    return span[0]


def _end(span: Span) -> int:
    return span[1]


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
