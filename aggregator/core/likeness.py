"""Do two texts tell one story in nearly the same words? Pure; compares two gists.

Copies of one text differ in what an editor touches: the headline, a ticker sign, an added sentence, where it
was cut. Texts that only look alike are made from one mould: the figures change (a market report), or the name
(a dividend notice). So likeness is the mean of two shares, of the words and their neighbours, and of the
words by rarity, in which a name weighs more than the mould; and figures that changed end the comparison, as
other words in the same place do where both are rare, or where nothing else differs.

The limits were found on newswire copy (docs/dedup-quality.md). A wrong merge is worse than a repeat.

To add a reason to keep apart: a line in `_apart`, and a row in tests/core/test_likeness.py.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import filterfalse, pairwise

from aggregator.core.gist import FUNCTION_WORDS, Gist, is_figure, is_number, words_in

LIKE = 0.71  # of a whole paragraph, soon after
LIKE_IF_SHORT = 0.86  # few words are mostly mould
LIKE_IF_LATE = 0.92  # what comes again days later is more often a series than a copy
LIKE_IF_TABLE = 0.86  # results and rates: the words are the mould, and few figures make the news
TABLE = 0.25  # of the terms are figures
FULL_OPENING = 24  # words: a paragraph
SHORTEST_OPENING = 8  # words: less is a caption, and says nothing without its title
SAME_OPENING = 0.97  # under another headline, only the same text is the same story
LIKE_TITLES = 0.2
TITLE_WORDS = 3  # fewer in common over a short text, and it may be the name of a series
SAME_TITLES = 0.6  # more than that is one headline, edited
SOON = timedelta(days=3)
SURELY_RARE = 0.7  # of the rarity of a word that nobody used before: a name that took another's place
RATHER_RARE = 0.4  # enough where the texts differ in nothing else
UNHEARD = 0  # a term that stands for no word
BEGINNING = -1  # what stands before the first word

TOO_LITTLE, OTHER_WORDS = "too little text", "other words"
ANY_HEADLINE = "a text for any headline"


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two texts are, 0 to 1, how alike they have to be, and why they are kept apart if they are."""

    score: float
    limit: float
    apart: str = ""

    @property
    def near(self) -> bool:
        """False where a glance was enough: most that share a rare word share nothing else."""
        return self.apart not in (TOO_LITTLE, OTHER_WORDS)

    @property
    def same(self) -> bool:
        """True when both tell one story."""
        return not self.apart and self.score >= self.limit


def likeness(one: Gist, two: Gist, gap: timedelta, rarity: Callable[[int], float]) -> Likeness:
    """How alike two entries are that came `gap` apart; `rarity` weighs a term by how few tell of it."""
    length = min(words_in(one.opening), words_in(two.opening))
    if length < SHORTEST_OPENING:
        return Likeness(0.0, LIKE_IF_SHORT, TOO_LITTLE)
    limit = _limit(min(one.opening, two.opening, key=len), length, abs(gap))
    if _most_alike(one.opening, two.opening) < limit:
        return Likeness(0.0, limit, OTHER_WORDS)
    one, two = _trimmed(one, two)
    if apart := _apart(one, two, is_short=length < FULL_OPENING):
        return Likeness(0.0, limit, apart)
    if _is_substituted(one, two, rarity):
        return Likeness(0.0, limit, "other words in the same place")
    sequence = _share(_shingles(one.opening), _shingles(two.opening))
    said, again = set(one.terms), set(two.terms)
    common = sum(map(rarity, said & again))
    weight = common / (common + sum(map(rarity, said ^ again)) or 1.0)
    return Likeness((sequence + weight) / 2, _limit_of_titles(one, two, limit, sequence, abs(gap)))


def _most_alike(one: Sequence[int], two: Sequence[int]) -> float:
    """What the score cannot exceed, quickly: most candidates share a rare word and nothing else.

    All words and neighbours that could be common, over the least that the shorter text has of both; the
    words by rarity may all be common.
    """
    first, second = set(one), set(two)
    common = first & second
    shared = len(common) + sum(map(common.__contains__, one))
    return (shared / max(2 * min(len(first), len(second)) - 1, 1) + 1) / 2


def _limit(shorter: Sequence[int], length: float, gap: timedelta) -> float:
    if gap > SOON:
        return LIKE_IF_LATE
    if sum(map(is_number, shorter)) > TABLE * len(shorter):
        return LIKE_IF_TABLE
    return LIKE if length >= FULL_OPENING else LIKE_IF_SHORT


def _limit_of_titles(one: Gist, two: Gist, limit: float, sequence: float, gap: timedelta) -> float:
    """The limit, as far as the headlines have a say: over the same text, any that holds the other will do."""
    if sequence >= SAME_OPENING:
        return min(limit, LIKE) if gap <= SOON and _contained(one, two) else limit
    alike = _share(set(one.title), set(two.title)) >= LIKE_TITLES
    return limit if alike else max(limit, LIKE_IF_SHORT)


def _apart(one: Gist, two: Gist, *, is_short: bool) -> str:
    said, again = set(one.terms), set(two.terms)
    if _has_figure(said - again) and _has_figure(again - said):
        return "the figures changed"
    if _figures_changed(one.title, two.title) or _figures_changed(one.opening, two.opening):
        return "the figures changed"
    if _named(one) - again and _named(two) - said:
        return "another name"
    if is_short and len(set(one.title).intersection(two.title)) < TITLE_WORDS:
        return "hardly the same headline over a short text"
    if not (is_one_headline(one, two) or (_is_about(one) and _is_about(two))):
        return ANY_HEADLINE
    return ""


def _is_substituted(one: Gist, two: Gist, rarity: Callable[[int], float]) -> bool:
    """Whether both texts say something rare of their own between the same two words, or at the beginning.

    "The court upheld the ruling" and "The court overturned the ruling" are two stories of one mould. Where
    the texts differ elsewhere, too, an editor may have been at work, and both words must be rarer. What comes
    after the last common word is no such place: there stand the names of publishers.
    """
    first, second = _fillings(one.opening, set(two.terms)), _fillings(two.opening, set(one.terms))
    swapped = [(first[place], second[place]) for place in first.keys() & second.keys()]
    if not swapped:
        return False
    rarest = max(min(max(map(rarity, said)), max(map(rarity, again))) for said, again in swapped)
    nothing_else = _own_words(one, two) == set().union(*(said | again for said, again in swapped))
    return rarest >= (RATHER_RARE if nothing_else else SURELY_RARE) * rarity(UNHEARD)


def _fillings(opening: Sequence[int], other: Collection[int]) -> Mapping[tuple[int, int], set[int]]:
    """By its neighbours on both sides, what this text says between them and the other nowhere."""
    found: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    before, own = BEGINNING, set[int]()
    for term in opening:
        if term not in other:
            own.add(term)
            continue
        if told := set(filter(_tells, own)):
            found[before, term] |= told
        before, own = term, set()
    return found


def _own_words(one: Gist, two: Gist) -> set[int]:
    """What tells something and stands in one of the two texts only."""
    return set(filter(_tells, set(one.opening) ^ set(two.opening)))


def _tells(term: int) -> bool:
    return term not in FUNCTION_WORDS and not is_figure(term)


def _has_figure(terms: Iterable[int]) -> bool:
    return any(map(is_figure, terms))


def _figures_changed(one: Sequence[int], two: Sequence[int]) -> bool:
    """True where each has a figure of its own, or the same words have them in another order.

    A figure that is only added tells more of the same; one that is said twice is two.
    """
    first, second = list(filter(is_figure, one)), list(filter(is_figure, two))
    if first == second:
        return False
    more, less = Counter(first) - Counter(second), Counter(second) - Counter(first)
    if more or less:
        return bool(more and less)
    return list(filterfalse(is_figure, one)) == list(filterfalse(is_figure, two))


def _named(one: Gist) -> set[int]:
    """What headline and text both say: whom or what it is about, and what a mould leaves open."""
    return set(one.title).intersection(one.opening)


def _is_about(one: Gist) -> bool:
    """Whether the text speaks of its headline; "Read all about it on our pages" stands under any."""
    return not _named(one) <= FUNCTION_WORDS


def is_one_headline(one: Gist, two: Gist) -> bool:
    """Whether one headline was made of the other: most words are the same, or it only lost or got some."""
    return _contained(one, two) or _share(set(one.title), set(two.title)) >= SAME_TITLES


def _contained(one: Gist, two: Gist) -> bool:
    """Whether one headline says all that the other says: a suffix was added, or it was cut."""
    first, second = set(one.title), set(two.title)
    return first <= second or second <= first


def _trimmed(one: Gist, two: Gist) -> tuple[Gist, Gist]:
    """Both without what only one of them has room for: copies are cut at different words."""
    after_one, after_two = _last_common(one.opening, two.opening), _last_common(two.opening, one.opening)
    rest = min(len(one.opening) - after_one, len(two.opening) - after_two)
    return Gist(one.title, one.opening[: after_one + rest]), Gist(two.title, two.opening[: after_two + rest])


def _last_common(one: Sequence[int], two: Sequence[int]) -> int:
    """Where in `one` the last two neighbours end that `two` has too; its end where there are none."""
    shared = set(pairwise(two))
    for place in range(len(one) - 1, 0, -1):
        if (one[place - 1], one[place]) in shared:
            return place + 1
    return len(one)


def _shingles(terms: Sequence[int]) -> set[object]:
    return {*terms, *pairwise(terms)}


def _share(one: set[object] | set[int], two: set[object] | set[int]) -> float:
    both = len(one & two)
    return both / (len(one) + len(two) - both or 1)
