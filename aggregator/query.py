"""Answering questions about what is stored: stories, search, and why an entry was judged as it was.

Only reads, and works while a daemon owns the store.

To add a question: a function over `Reads`, and its command in cli/.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Protocol

from aggregator.core.filters import NO_NAMES, Filter, Names, Need, Search, judge, parse_filter, story_subject
from aggregator.errors import UnknownIdError
from aggregator.model import Considered, Entry, MatchedBy, Overrule, Story

BATCH = 200
LONG_AGO = timedelta(days=100)  # a wider window leaves out little, and where it begins has to be looked for


class Reads(Protocol):
    """Finds stored stories and entries."""

    def stories(self, *, limit: int, before_seq: int | None = None, from_seq: int = 0) -> tuple[Story, ...]:
        """The newest stories, whole."""
        ...

    def first_since(self, moment: datetime) -> int | None:
        """The lowest number of the stories that were news since then; None where there are none."""
        ...

    def first_seen_since(self, moment: datetime) -> int | None:
        """The lowest number of the stories that were seen first since then; None where there are none."""
        ...

    def search(
        self, need: Need, *, limit: int, before_seq: int | None = None, from_seq: int = 0
    ) -> tuple[Story, ...]:
        """The newest stories that have what is needed, whole."""
        ...

    def find_entries(self, wanted: str) -> tuple[Entry, ...]:
        """The entries that an id or a URL names."""
        ...

    def considered(self, number: int) -> Considered:
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
    """One entry and the story it was found to tell; `also` are the other entries that were named.

    `considered` is whom the entry was compared with, `events` are the events that its story was.
    """

    entry: Entry
    story: Story
    considered: Considered
    events: Considered
    overrule: Overrule | None
    also: tuple[Entry, ...]


def search(
    reader: Reads, query: str, *, limit: int, now: datetime, matcher: Search, names: Names = NO_NAMES
) -> tuple[Story, ...]:
    """The newest stories that a filter takes; FilterError says where the query cannot be read."""
    wanted = parse_filter(query, names)
    needed = wanted.needed
    first = _first(reader, wanted, now)
    if first is None:
        return ()
    found = _candidates(reader, needed.need, limit if needed.exact else BATCH, first)
    return tuple(islice(found if needed.exact else _taken(found, wanted, now, matcher), limit))


def _first(reader: Reads, wanted: Filter, now: datetime) -> int | None:
    """The number from which on stories can be new enough; None where none is."""
    firsts: list[int | None] = [0]
    if wanted.oldest is not None and wanted.oldest <= LONG_AGO:
        firsts.append(reader.first_since(now - wanted.oldest))
    if wanted.since is not None and now - wanted.since <= LONG_AGO:
        firsts.append(reader.first_seen_since(min(wanted.since, now)))
    return None if None in firsts else max(filter(None, firsts), default=0)


def _taken(stories: Iterator[Story], wanted: Filter, now: datetime, matcher: Search) -> Iterator[Story]:
    return (story for story in stories if judge(wanted, story_subject(story), now=now, search=matcher))


def _candidates(reader: Reads, need: Need | None, batch: int, first: int) -> Iterator[Story]:
    """What the index offers, or all there is from a number on, the newest first, as more is asked for."""
    read = reader.stories if need is None else partial(reader.search, need)
    before: int | None = None
    while stories := read(limit=batch, before_seq=before, from_seq=first):
        yield from stories
        before = stories[-1].seq


def why(reader: Reads, wanted: str) -> Judgement:
    """How the first entry was judged that an id or URL names; UnknownIdError where there is none."""
    entries = reader.find_entries(wanted)
    if not entries:
        raise UnknownIdError("entry or story", wanted, "`aggregator stories` lists what is stored")
    entry, *also = entries
    (story,) = reader.by_ids((entry.story_id,))
    considered = tuple(one for one in reader.considered(entry.id) if one[0].layer)
    return Judgement(
        entry, story, considered, events_considered(reader, story), reader.last_word(entry.uid), tuple(also)
    )


def events_considered(reader: Reads, story: Story) -> Considered:
    """The events that the story was compared with when it began, each by its closest entry."""
    began = (entry for entry in story.entries if entry.matched_by is MatchedBy.NEW)
    return tuple(one for entry in began for one in reader.considered(entry.id) if not one[0].layer)
