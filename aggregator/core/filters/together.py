"""Many filters on one story, at little more than the price of those that take it.

Of each filter one set of words is chosen of which the story must have one. All these words are looked up
at once among the story's, which is an intersection of two sets: filters look for words and never for parts
of them, so that no automaton has to go over the letters. What then meets the need of a filter is judged as
if it stood alone; of all others it is known that they do not hold.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from aggregator.core.filters.clauses import Clause
from aggregator.core.filters.needs import Need, chosen, needed_by
from aggregator.core.filters.subject import Subject

Numbers = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """Filters by number, and which words each may not do without."""

    needs: Mapping[int, Need]
    always: Numbers
    """those that may hold whatever the words are"""
    by_word: Mapping[str, Numbers]
    by_beginning: Mapping[str, Numbers]

    def possible(self, subject: Subject) -> list[int]:
        """The numbers of those that can hold for this story, in order; the others do not."""
        if not self.needs:
            return list(self.always)
        texts = (subject.title, subject.text)
        found: set[int] = set()
        for text in texts:
            for word in self.by_word.keys() & text.words:
                found.update(self.by_word[word])
        for beginning, numbers in self.by_beginning.items():
            if any(text.begins(beginning) for text in texts):
                found.update(numbers)
        return sorted((*self.always, *(one for one in found if self.needs[one].met_by(subject))))


def together(clauses: Iterable[Clause | None]) -> Together:
    """These filters; one that is None asks for nothing."""
    needs: dict[int, Need] = {}
    always: list[int] = []
    by_word: defaultdict[str, list[int]] = defaultdict(list)
    by_beginning: defaultdict[str, list[int]] = defaultdict(list)
    for number, clause in enumerate(clauses):
        need = needed_by(clause).need if clause else None
        if need is None:
            always.append(number)
            continue
        needs[number] = need
        for word in chosen(need):
            (by_beginning if word.prefix else by_word)[word.form].append(number)
    return Together(needs, tuple(always), _frozen(by_word), _frozen(by_beginning))


def _frozen(numbers: Mapping[str, Sequence[int]]) -> Mapping[str, Numbers]:
    return {form: tuple(dict.fromkeys(some)) for form, some in numbers.items()}
