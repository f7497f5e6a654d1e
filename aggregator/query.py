"""Answering questions about what is stored: stories, search, and why an entry was judged as it was.

Only reads, and works while a daemon owns the store.

To add a question: a function over `Reads`, and its command in cli/.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Protocol

from aggregator.core.filters import NO_NAMES, Filter, Names, Search, judge, parse_filter, story_subject
from aggregator.errors import UnknownIdError
from aggregator.model import Candidate, Entry, Overrule, Story

BATCH = 200
# What FTS5 and the filter language read alike: then the index finds the candidates and the filter decides.
PLAIN_WORDS = re.compile(r"(?!.*\b(?:AND|OR|NOT)\b)[A-Za-z0-9 ]+")


class Reads(Protocol):
    """Finds stored stories and entries."""

    def stories(self, *, limit: int, before_seq: int | None = None) -> tuple[Story, ...]:
        """The newest stories, whole."""
        ...

    def search(self, words: str, *, limit: int) -> tuple[Story, ...]:
        """The newest stories that hold all these words."""
        ...

    def find_entries(self, wanted: str) -> tuple[Entry, ...]:
        """The entries that an id or a URL names."""
        ...

    def considered(self, number: int) -> tuple[tuple[Candidate, Entry | None], ...]:
        """What this entry was compared with when it came, each as it is now."""
        ...

    def last_word(self, uid: str) -> Overrule | None:
        """What a person said last of this entry."""
        ...

    def by_ids(self, ids: tuple[str, ...]) -> tuple[Story, ...]:
        """These stories, whole."""
        ...


@dataclass(frozen=True, slots=True)
class Judgement:
    """One entry and the story it was found to tell; `also` are the other entries that were named."""

    entry: Entry
    story: Story
    considered: tuple[tuple[Candidate, Entry | None], ...]
    overrule: Overrule | None
    also: tuple[Entry, ...]


def search(
    reader: Reads, query: str, *, limit: int, now: datetime, matcher: Search, names: Names = NO_NAMES
) -> tuple[Story, ...]:
    """The newest stories that a filter takes; FilterError says where the query cannot be read."""
    wanted = parse_filter(query, names)
    candidates = _indexed(reader, query, limit) if PLAIN_WORDS.fullmatch(query) else _all(reader)
    return tuple(islice(_taken(candidates, wanted, now, matcher), limit))


def _taken(stories: Iterator[Story], wanted: Filter, now: datetime, matcher: Search) -> Iterator[Story]:
    return (story for story in stories if judge(wanted, story_subject(story), now=now, search=matcher))


def _indexed(reader: Reads, query: str, limit: int) -> Iterator[Story]:
    # The filter may refuse a few that the index offers: ask for some to spare.
    return iter(reader.search(query, limit=limit * 2))


def _all(reader: Reads) -> Iterator[Story]:
    before: int | None = None
    while batch := reader.stories(limit=BATCH, before_seq=before):
        yield from batch
        before = batch[-1].seq


def why(reader: Reads, wanted: str) -> Judgement:
    """How the first entry was judged that an id or URL names; UnknownIdError where there is none."""
    entries = reader.find_entries(wanted)
    if not entries:
        raise UnknownIdError("entry or story", wanted, "`aggregator stories` lists what is stored")
    entry, *also = entries
    (story,) = reader.by_ids((entry.story_id,))
    return Judgement(entry, story, reader.considered(entry.id), reader.last_word(entry.uid), tuple(also))
