"""What the index takes in of a stored document: its entries, and which events turned out to be one. Pure.

The store writes the same, so that another process reads an index that is like this one.
"""

from collections.abc import Iterator

from aggregator.core.grouping import event_numbers
from aggregator.core.neighbours import Neighbours
from aggregator.model import Changes, Entry


def gists_of(stored: Changes) -> Iterator[tuple[Entry, int, int]]:
    """What the index keeps: each entry that is news, by rising number, its story's and its event's first."""
    told = (
        (entry, min(other.id for other in story.entries), event)
        for story, event in event_numbers(stored.stories, stored.event_numbers)
        for entry in story.entries
        if entry.uid in stored.gists
    )
    yield from sorted(told, key=lambda one: one[0].id)


def remember(index: Neighbours, stored: Changes) -> None:
    """Put what was stored into the index: its one change after each commit."""
    for entry, first, event in gists_of(stored):
        gist, meaning = stored.gists[entry.uid], stored.meanings.get(entry.uid, b"")
        index.add(entry.id, event, entry.first_seen_at, gist, meaning, again=first < entry.id)
    for entry, event in moved_of(stored):
        part = index.event_of((entry.id,))
        if part is not None and part != event:
            index.unite(part, event)


def moved_of(stored: Changes) -> Iterator[tuple[Entry, int]]:
    """The entries of which an event turned out to be part of another, each with that one's number."""
    for story in stored.stories:
        if story.id in stored.moved:
            yield from ((entry, stored.moved[story.id]) for entry in story.entries)
