"""Where a story says what a filter looks for: its title and the place in its text, to be marked. Pure.

Asks the filter itself: a clause stands in the fewest words for which it still holds. So this knows nothing of
phrases, prefixes or folding, and stays right whatever the language learns. What a NOT refuses, what a filter
asks of feeds, tags or time, and what it only measures has no place in a text, and is not marked.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from html import escape

import regex

from aggregator.core.chrome import without
from aggregator.core.filters import (
    NO_NAMES,
    Filter,
    Names,
    Search,
    Subject,
    explain,
    judge,
    parse_filter,
    story_subject,
)
from aggregator.core.items import title_of
from aggregator.core.text import UNSPACED
from aggregator.errors import FilterError
from aggregator.model import Story

Piece = tuple[str, bool]
"""Some text, and whether it is what was looked for."""
Span = tuple[int, int]

EXCERPT = 280  # characters
BEFORE = 90  # of them before what was found
LOOKED_AT = 20_000  # characters of a text, more than any article that people read
MARKS = 20  # of one clause in one text
CLAUSES = 20  # of one filter
STEP = 8  # words that are asked at once to begin with
_WORD = regex.compile(rf"[{UNSPACED}]|[#@]?[^\W{UNSPACED}]+")
_MEASURE = re.compile(r"[A-Za-z]+\s*[<>=]")


@dataclass(frozen=True, slots=True)
class Marker:
    """Marks stories that this filter took. `names` are what a `@name` in it may stand for."""

    wanted: Filter
    now: datetime
    search: Search
    names: Names = NO_NAMES
    _clauses: dict[str, Filter | None] = field(default_factory=dict)
    """each clause read as a filter of its own; None where it cannot be, or has no place in a text"""

    def marked(self, story: Story) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
        """The story's title and an excerpt of its text, both in pieces."""
        clauses = self._holding(story)
        title = title_of(story.lead)
        spans = self._spans(title, clauses, story, in_title=True)
        return _pieces(title, spans), self._excerpt(story, clauses)

    def _holding(self, story: Story) -> list[Filter]:
        """The clauses that hold for the story and are somewhere in its title or text."""
        found = explain(self.wanted, story_subject(story), now=self.now, search=self.search)
        sources = list(dict.fromkeys(leaf.clause for leaf in found.holding()))[:CLAUSES]
        for source in sources:
            if source not in self._clauses:
                self._clauses[source] = self._placed(source, story)
        return [clause for source in sources if (clause := self._clauses[source])]

    def _placed(self, source: str, story: Story) -> Filter | None:
        if _MEASURE.match(source):
            return None
        try:
            clause = parse_filter(source, self.names)
        except FilterError:
            return None
        return None if self._holds(clause, story, title="", text="") else clause

    def _holds(self, clause: Filter, story: Story, *, title: str, text: str) -> bool:
        """Whether the clause would hold if the story said this and no more."""
        lead = replace(story, title=escape(title), summary=escape(text), content="")
        subject = Subject(lead, story.entries, tuple(tag.name for tag in story.tags), story.news_at)
        return judge(clause, subject, now=self.now, search=self.search) is True

    def _spans(self, text: str, clauses: list[Filter], story: Story, *, in_title: bool) -> Iterator[Span]:
        for clause in clauses:

            def holds(part: str, clause: Filter = clause) -> bool:
                title, body = (part, "") if in_title else ("", part)
                return self._holds(clause, story, title=title, text=body)

            yield from _places(text, holds)

    def _excerpt(self, story: Story, clauses: list[Filter]) -> tuple[Piece, ...]:
        """The text round the first place where a clause is found; else its beginning."""
        texts = [without(body, story.chrome)[:LOOKED_AT] for body in (story.summary, story.content)]
        for text in texts:
            if spans := list(self._spans(text, clauses, story, in_title=False)):
                return _cut(text, spans)
        return _cut(next(filter(None, texts), ""), [])


def _places(text: str, holds: Callable[[str], bool]) -> Iterator[Span]:
    """The places that hold by themselves, one after the other, each as short as can be."""
    words = [found.span() for found in _WORD.finditer(text)]

    def within(first: int, last: int) -> bool:
        return holds(text[words[first][0] : words[last][1]])

    at = 0
    for _ in range(MARKS):
        far = _reach(at, len(words), within)
        if far is None:
            return
        last = at + bisect_left(range(at, far), True, key=partial(within, at))
        # Counted from behind, for bisect wants what does not hold before what does.
        most = bisect_left(range(last - at + 1), True, key=partial(_back, within, last))
        yield words[max(last - most, at)][0], words[last][1]
        at = last + 1


def _back(within: Callable[[int, int], bool], last: int, by: int) -> bool:
    return within(last - by, last)


def _reach(at: int, end: int, within: Callable[[int, int], bool]) -> int | None:
    """A word, not much too far, up to which it holds from `at` on; None where it never does."""
    step = STEP
    while at < end:
        last = min(at + step, end) - 1
        if within(at, last):
            return last
        if last == end - 1:
            break
        step *= 2
    return None


def _pieces(text: str, spans: Iterable[Span]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    at = 0
    for begin, end in _merged(spans):
        pieces += [(text[at:begin], False), (text[begin:end], True)]
        at = end
    return tuple(piece for piece in (*pieces, (text[at:], False)) if piece[0])


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    """The same places in order, those that overlap as one."""
    merged: list[Span] = []
    for begin, end in sorted(spans):
        if merged and begin < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((begin, end))
    yield from merged


def _cut(text: str, spans: Sequence[Span]) -> tuple[Piece, ...]:
    """EXCERPT characters round the first of these spans, cut between words where there are any."""
    first = min(spans)[0] if spans else 0
    begin = max(0, first - BEFORE)
    if begin:
        begin = text.find(" ", begin, first) + 1 or begin
    end = min(begin + EXCERPT, len(text))
    if end < len(text):
        end = max(text.rfind(" ", first, end), 0) or end
    inside = [(max(a, begin) - begin, min(b, end) - begin) for a, b in spans if a < end]
    cut = _pieces(text[begin:end], inside)
    return ((("… ", False),) if begin else ()) + cut + (((" …", False),) if end < len(text) else ())
