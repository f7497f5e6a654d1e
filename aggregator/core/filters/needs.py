"""Which words a story must have for a filter to take it, and how new it must be: read off the filter alone.

A need is never too strong: a story without what is needed is not taken, whatever else it has. It may be too
weak (a phrase is no more than its words, a regular expression asks for nothing), so what meets it is judged,
but where the need is `exact`: then it is all that the filter asks.

To let another test need something: a case in `_needed_by`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from aggregator.core.filters.clauses import Clause, Leaf, all_hold, any_holds, depth_of
from aggregator.core.filters.fields import ANYWHERE, FIELDS, Field, Words
from aggregator.core.filters.measures import Measure
from aggregator.core.filters.nearness import Near
from aggregator.core.filters.subject import Subject, Text
from aggregator.core.filters.words import Phrase, spellings


@dataclass(frozen=True, slots=True)
class Word:
    """A form of a word in the title, in the text or in either; with `prefix` one that begins so."""

    form: str
    prefix: bool = False
    title: bool = True
    text: bool = True

    def met_by(self, subject: Subject) -> bool:
        """Whether the story has it."""
        return (self.title and self._stands_in(subject.title)) or (
            self.text and self._stands_in(subject.text)
        )

    def _stands_in(self, text: Text) -> bool:
        return text.begins(self.form) if self.prefix else self.form in text.words


@dataclass(frozen=True, slots=True)
class Every:
    """All of these, and nothing of what is `refused`."""

    parts: tuple["Need", ...]
    refused: tuple["Need", ...] = ()

    def met_by(self, subject: Subject) -> bool:
        """Whether the story has them."""
        for part in self.parts:
            if not part.met_by(subject):
                return False
        return not any(one.met_by(subject) for one in self.refused)


@dataclass(frozen=True, slots=True)
class Either:
    """One of these."""

    parts: tuple["Need", ...]

    def met_by(self, subject: Subject) -> bool:
        """Whether the story has one."""
        return any(part.met_by(subject) for part in self.parts)


Need = Word | Every | Either


@dataclass(frozen=True, slots=True)
class Needed:
    """What a clause needs, None where that cannot be said; `exact` if it is all that the clause asks."""

    need: Need | None = None
    exact: bool = False

    def met_by(self, subject: Subject) -> bool:
        """Whether the story has it; True where it cannot be said."""
        return self.need is None or self.need.met_by(subject)


UNSAID = Needed()
_Bound = TypeVar("_Bound", timedelta, datetime)
DEEPEST = 20  # groups in one another that an index is asked for; its own limit is some 100 brackets
Made = Callable[[str, bool], Word]  # of a form, and whether it is a prefix
_WORDED: Mapping[Field, Made] = {
    ANYWHERE: Word,
    FIELDS["title"]: partial(Word, text=False),
    FIELDS["text"]: partial(Word, title=False),
}


def chosen(need: Need) -> frozenset[Word]:
    """Words of which a story that meets the need has one: few, and long ones, for these are rare."""
    if isinstance(need, Word):
        return frozenset((need,))
    of_parts = [chosen(part) for part in need.parts]
    if isinstance(need, Either):
        return frozenset().union(*of_parts)
    return min(of_parts, key=lambda some: (len(some), -min(len(one.form) for one in some)))


def needed_by(clause: Clause) -> Needed:
    """What the clause needs.

    One frame for each level: a hundred brackets must not reach Python's recursion limit.
    """
    if isinstance(clause, Leaf):
        return _needed_by(clause)
    if clause.join not in (all_hold, any_holds):
        return UNSAID
    parts: list[Needed] = []
    refused: list[Needed] = []
    for part in clause.parts:
        if clause.join is all_hold and not isinstance(part, Leaf) and part.join not in (all_hold, any_holds):
            refused.append(needed_by(part.parts[0]))
        else:
            parts.append(needed_by(part))
    return _all_of(parts, refused) if clause.join is all_hold else _one_of(parts)


def oldest(clause: Clause) -> timedelta | None:
    """How long ago a story was news at most, of which the clause holds; None where that cannot be said."""
    return _bound(clause, lambda measure: measure.oldest, narrow=min, wide=max)


def since(clause: Clause) -> datetime | None:
    """Before when no story was seen first, of which the clause holds; None where that cannot be said."""
    return _bound(clause, lambda measure: measure.since, narrow=max, wide=min)


def _bound(
    clause: Clause,
    said_by: Callable[[Measure], _Bound | None],
    *,
    narrow: Callable[[Iterable[_Bound]], _Bound],
    wide: Callable[[Iterable[_Bound]], _Bound],
) -> _Bound | None:
    if isinstance(clause, Leaf):
        return said_by(clause.test) if isinstance(clause.test, Measure) else None
    of_parts = [_bound(part, said_by, narrow=narrow, wide=wide) for part in clause.parts]
    said = [one for one in of_parts if one is not None]
    if clause.join is all_hold:
        return narrow(said) if said else None
    return wide(said) if said and clause.join is any_holds and said == of_parts else None


def needed_of_index(clause: Clause) -> Needed:
    """What to ask an index of words for: of a clause that is deep, no more than some words."""
    needed = needed_by(clause)
    if needed.need is None or depth_of(clause) <= DEEPEST:
        return needed
    return Needed(Either(tuple(chosen(needed.need))))


def _all_of(parts: Sequence[Needed], refused: Sequence[Needed]) -> Needed:
    """What cannot be said is left out; a refusal counts where what is refused is known exactly."""
    needs = tuple(_said(parts))
    if not needs:
        return UNSAID
    sure = [one for one in refused if one.exact]
    exact = all(one.exact for one in parts) and len(sure) == len(refused)
    return Needed(Every(needs, tuple(_said(sure))), exact)


def _one_of(parts: Sequence[Needed]) -> Needed:
    needs = tuple(_said(parts))
    if not needs or len(needs) < len(parts):
        return UNSAID
    return Needed(Either(needs), all(one.exact for one in parts))


def _said(parts: Sequence[Needed]) -> Iterator[Need]:
    return (one.need for one in parts if one.need is not None)


def _needed_by(leaf: Leaf) -> Needed:
    test = leaf.test
    if isinstance(test, Words) and test.field in _WORDED:
        return _phrases(test, _WORDED[test.field])
    if isinstance(test, Words) and test.field is FIELDS["case"] and not test.prefix:
        return _as_written(test.phrases)
    if isinstance(test, Near) and test.field in _WORDED:
        made = _WORDED[test.field]
        sides = [_one_of([_phrases(one, made) for one in side]) for side in (test.these, test.those)]
        return Needed(_all_of(sides, ()).need)
    return UNSAID


def _phrases(words: Words, made: Made) -> Needed:
    """A word is all that there is to it; a phrase also stands in an order, which is not said."""
    needs: list[Need] = []
    for phrase in words.phrases:
        last = len(phrase) - 1
        stand = [
            _either([made(form, words.prefix and at == last) for form in forms])
            for at, forms in enumerate(phrase)
        ]
        needs.append(stand[0] if last == 0 else Every(tuple(stand)))
    return Needed(_either(needs), exact=all(len(phrase) == 1 for phrase in words.phrases))


def _as_written(phrases: Sequence[Phrase]) -> Needed:
    """A word with case and marks is found without them too: by its plain form."""
    plain = [[spellings(word)[0] for (word,) in phrase] for phrase in phrases]
    if not all(form for phrase in plain for form in phrase):
        return UNSAID
    return Needed(_either([Every(tuple(map(Word, phrase))) for phrase in plain]))


def _either(needs: Sequence[Need]) -> Need:
    return needs[0] if len(needs) == 1 else Either(tuple(needs))
