"""Do two texts tell one story in nearly the same words? Pure; compares two gists.

Copies of one text differ in what an editor touches: the headline, a ticker sign, an added sentence, where it
was cut. Texts that only look alike are made from one mould: the figures change (a market report), or the name
(a dividend notice). So likeness is the mean of two shares, of the words and their neighbours, and of the
words by rarity, in which a name weighs more than the mould; and figures that changed end the comparison.

The limits were found on newswire copy (docs/dedup-quality.md). A wrong merge is worse than a repeat.

To add a reason to keep apart: a line in `_apart`, and a row in tests/core/test_likeness.py.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from aggregator.core.gist import Gist, is_number

LIKE = 0.7  # of a whole paragraph, soon after
LIKE_IF_SHORT = 0.86  # few words are mostly mould
LIKE_IF_LATE = 0.92  # what comes again days later is more often a series than a copy
LIKE_IF_TABLE = 0.86  # results and rates: the words are the mould, and few figures make the news
TABLE = 0.25  # of the terms are figures
FULL_OPENING = 24  # terms: a paragraph
SHORTEST_OPENING = 8  # terms: less is a caption, and says nothing without its title
SAME_OPENING = 0.97  # under another headline, only the same text is the same story
LIKE_TITLES = 0.2
SOON = timedelta(days=3)

TOO_LITTLE, OTHER_WORDS = "too little text", "other words"


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
    limit = _limit(one, two, abs(gap))
    if min(len(one.opening), len(two.opening)) < SHORTEST_OPENING:
        return Likeness(0.0, limit, TOO_LITTLE)
    if _most_alike(one.opening, two.opening) < limit:
        return Likeness(0.0, limit, OTHER_WORDS)
    first, second = _trimmed(one.opening, two.opening)
    said, again = {*one.title, *first}, {*two.title, *second}
    if apart := _apart(one, two, said, again):
        return Likeness(0.0, limit, apart)
    sequence = _share(_shingles(first), _shingles(second))
    common = sum(map(rarity, said & again))
    weight = common / (common + sum(map(rarity, said ^ again)) or 1.0)
    score = (sequence + weight) / 2
    if _share(set(one.title), set(two.title)) < LIKE_TITLES and sequence < SAME_OPENING:
        limit = max(limit, LIKE_IF_SHORT)
    return Likeness(score, limit)


def _most_alike(one: Sequence[int], two: Sequence[int]) -> float:
    """What the score cannot exceed, quickly: most candidates share a rare word and nothing else.

    All words and neighbours that could be common, over the least that the shorter text has of both; the
    words by rarity may all be common.
    """
    first, second = set(one), set(two)
    common = first & second
    shared = len(common) + sum(map(common.__contains__, one))
    return (shared / max(2 * min(len(first), len(second)) - 1, 1) + 1) / 2


def _limit(one: Gist, two: Gist, gap: timedelta) -> float:
    shorter = min(one.opening, two.opening, key=len)
    if gap > SOON:
        return LIKE_IF_LATE
    if sum(map(is_number, shorter)) > TABLE * len(shorter):
        return LIKE_IF_TABLE
    return LIKE if len(shorter) >= FULL_OPENING else LIKE_IF_SHORT


def _apart(one: Gist, two: Gist, said: set[int], again: set[int]) -> str:
    if _changed(said, again) or _changed(set(one.title), set(two.title)):
        return "the figures changed"
    if not set(one.title) & set(two.title) and len(one.opening) < FULL_OPENING:
        return "another headline over a short text"
    return ""


def _changed(said: set[int], again: set[int]) -> bool:
    """True where each has a figure of its own; one that is only added tells more of the same."""
    return any(map(is_number, said - again)) and any(map(is_number, again - said))


def _trimmed(one: Sequence[int], two: Sequence[int]) -> tuple[Sequence[int], Sequence[int]]:
    """Both without what only one of them has room for: copies are cut at different words."""
    after_one, after_two = _last_common(one, two), _last_common(two, one)
    rest = min(len(one) - after_one, len(two) - after_two)
    return one[: after_one + rest], two[: after_two + rest]


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
