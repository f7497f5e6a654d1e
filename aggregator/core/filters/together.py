"""Many filters on one story, at little more than the price of those that take it.

Of each filter one set of words is chosen of which the story must have one. All these words are looked up
at once among the story's, which is an intersection of two sets: filters look for words and never for parts
of them, so that no automaton has to go over the letters. Of a filter whose need is not met it is known that
it does not hold, and where the need is all it asks, that it does; only the others have to be judged.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from aggregator.core.filters.clauses import Clause
from aggregator.core.filters.needs import UNSAID, Needed, chosen, needed_by
from aggregator.core.filters.subject import Subject

Numbers = tuple[int, ...]
SHORT = 4  # letters: the words of a story are cut once for each length


@dataclass(frozen=True, slots=True)
class Together:
    """Filters by number, and which words each may not do without."""

    needs: Mapping[int, Needed]
    always: Numbers
    """those that may hold whatever the words are"""
    by_word: Mapping[str, Numbers]
    by_beginning: Mapping[int, Mapping[str, Numbers]]
    """by its length, which is SHORT at most: what a longer one goes on with is seen when it is looked at"""

    def possible(self, subject: Subject) -> Mapping[int, bool]:
        """The numbers of those that can hold for this story, in order, and whether they surely do."""
        met = self._met(subject) if self.needs else {}
        return dict(sorted((met | dict.fromkeys(self.always, False)).items()))

    def _met(self, subject: Subject) -> dict[int, bool]:
        words = subject.title.words | subject.text.words
        found: set[int] = set()
        for word in self.by_word.keys() & words:
            found.update(self.by_word[word])
        for length, by_beginning in self.by_beginning.items():
            for beginning in by_beginning.keys() & {word[:length] for word in words}:
                found.update(by_beginning[beginning])
        return {one: self.needs[one].exact for one in found if self.needs[one].met_by(subject)}


def together(clauses: Iterable[Clause | None]) -> Together:
    """These filters; one that is None asks for nothing."""
    needs: dict[int, Needed] = {}
    always: list[int] = []
    by_word: defaultdict[str, list[int]] = defaultdict(list)
    by_beginning: defaultdict[int, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, clause in enumerate(clauses):
        needed = needed_by(clause) if clause else UNSAID
        if needed.need is None:
            always.append(number)
            continue
        needs[number] = needed
        for word in chosen(needed.need):
            form = word.form[:SHORT] if word.prefix else word.form
            (by_beginning[len(form)] if word.prefix else by_word)[form].append(number)
    beginnings = {length: _frozen(some) for length, some in by_beginning.items()}
    return Together(needs, tuple(always), _frozen(by_word), beginnings)


def _frozen(numbers: Mapping[str, Sequence[int]]) -> Mapping[str, Numbers]:
    return {form: tuple(dict.fromkeys(some)) for form, some in numbers.items()}
