"""What a decision had considered, for people who ask why: who came near, how near, and why they stay apart.

Written down when the decision is made, because words are rare or common only at their time. Pure, and never
decides: the reasons are those of core/joining.py, core/retelling.py and core/likeness.py.

To tell more of a candidate: a field of `Candidate`, and its name in store/rows.py.
"""

from collections.abc import Callable, Iterable, Iterator
from heapq import nlargest
from itertools import chain, islice, pairwise

from aggregator.core.dedup import Alike
from aggregator.core.events import Weighed, Weights
from aggregator.core.gist import Gist, packed_terms, terms
from aggregator.core.identities import Heard
from aggregator.core.joining import SPLIT_OFF, Joining, Seen
from aggregator.core.retelling import SERIES, Near, closed, is_series
from aggregator.core.text import plain_text, words
from aggregator.model import Candidate, DedupLevel, Entry, Known, MatchedBy

MOST = 5  # candidates that are told of one entry
MOST_TERMS = 8

ANOTHER = "another story was first"
LESS_ALIKE = "not alike enough"
LESS_CLOSE = "not close enough"
CLOSER = "another event was closer"
CLOSED = "it is gone, or its feed is matched with no other"


def considered(
    told: Entry,
    one: Heard,
    joining: Joining,
    near: Near | None,
    known: Known,
    level_of: Callable[[int], DedupLevel],
) -> tuple[Candidate, ...]:
    """Whom the entry was compared with, the surest layer first; those whose story it tells are not apart."""
    barred = joining.barred(one.prints)
    alike = near.alike.get(one.key, ()) if near else ()
    otherwise = SERIES if is_series(alike, known) else ANOTHER

    def apart(number: int) -> str:
        story = known.story_of(number)
        if story is None:
            return "it is gone"
        if story.id == told.story_id:
            return ""
        if story.id in barred:
            return SPLIT_OFF
        return closed(story, number, told.feed_id, level_of) or otherwise

    seen = (_known(told, sighting) for sighting in joining.seen(one.prints))
    like = near and _like(one.gist, alike, apart, near.index.story_rarity)
    return tuple(islice(chain(seen, like or ()), MOST))


def _known(told: Entry, seen: Seen) -> Candidate:
    """What has the same key under a signal across feeds: alike as can be."""
    joined = seen.sighting.story_id == told.story_id and not seen.apart
    return Candidate(
        layer=seen.signal,
        uid=seen.sighting.uid,
        score=1.0,
        apart="" if joined else seen.apart or ANOTHER,
    )


def _like(
    gist: Gist, alike: Iterable[Alike], apart: Callable[[int], str], rarity: Callable[[int], float]
) -> Iterator[Candidate]:
    """The stored entries that say something like it; `apart` is asked about those that say the same."""
    said = frozenset(gist.terms)
    for one in islice(alike, MOST):
        reason = apart(one.entry) if one.like.same else one.like.apart or LESS_ALIKE
        yield Candidate(
            layer=MatchedBy.TEXT,
            entry=one.entry,
            score=None if one.like.apart else round(one.like.score, 3),
            limit=one.like.limit,
            apart=reason,
            terms=tuple(nlargest(MOST_TERMS, said.intersection(packed_terms(one.packed)), key=rarity)),
        )


def weighed(
    events: Iterable[Weighed],
    named: Callable[[int], tuple[int | None, str | None]],
    apart: Callable[[int], str],
    weights: Weights,
) -> tuple[Candidate, ...]:
    """The events that a story was compared with, the closest first.

    `named` turns the number of an entry to what it is known by, its number in the store or its uid; `apart`
    is asked about the number of an event that is close enough.
    """
    return tuple(_happening(one, *named(one.entry), apart, weights) for one in events)


def _happening(
    one: Weighed, entry: int | None, uid: str | None, apart: Callable[[int], str], weights: Weights
) -> Candidate:
    return Candidate(
        entry=entry,
        uid=uid,
        score=round(one.score, 3),
        limit=one.limit,
        apart=apart(one.event) if one.score >= one.limit else LESS_CLOSE,
        terms=tuple(nlargest(MOST_TERMS, sorted(one.terms), key=weights(one.terms).__getitem__)),
    )


def spelled(wanted: Iterable[int], *told: Entry) -> tuple[str, ...]:
    """These terms as the first of the entries writes them that does: a gist only has their numbers."""
    written: dict[int, str] = {}
    for entry in told:
        for piece in f"{entry.title} {plain_text(entry.summary or entry.content)}".split():
            for term, word in _terms_in(piece):
                written.setdefault(term, word)
    return tuple(written[term] for term in wanted if term in written)


def _terms_in(piece: str) -> tuple[tuple[int, str], ...]:
    """The terms of what stands between two blanks: a word or several, or a run of characters in pairs."""
    inside = words(piece)
    whole = terms(piece)
    if len(whole) == 1:
        return ((whole[0], piece.strip("\"'()[]{}.,;:!?…«»“”„‘’")),)
    pairs = ((one + two) for one, two in pairwise(inside))
    return tuple((term[0], said) for said in (*inside, *pairs) if len(term := terms(said)) == 1)
