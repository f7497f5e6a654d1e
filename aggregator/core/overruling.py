"""A person overrules the dedup: an entry gets a story of its own, two stories become one. Pure.

His word moves entries between stories, which nothing else does, and is the last one until he says another. A
story keeps its id, its number and its place in time whatever leaves it or comes to it; its lead is chosen as
always, so that a settled one changes only where it is gone.

To add a verb: a function from stories to stories, and what keeps its word in store/overruling.py.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count

from aggregator.core.identities import minted
from aggregator.core.lead import choose_lead
from aggregator.model import Entry, MatchedBy, Story


def own_ids(entry: Entry) -> Iterator[str]:
    """The ids that a story of the entry's own may have, the first that is free; no other entry gets them."""
    yield entry.uid
    yield from (minted(entry.uid, f"split\n{time}") for time in count(1))


def divided(
    story: Story, entry: Entry, story_id: str, priority_of: Callable[[int], int]
) -> tuple[Story, Story]:
    """The story as it is without the entry, and the entry's own under this id."""
    left = tuple(one for one in story.entries if one.uid != entry.uid)
    own = Story(
        id=story_id,
        lead_uid=entry.uid,
        first_seen_at=entry.first_seen_at,
        updated_at=entry.updated_at,
        news_at=min(entry.first_seen_at, story.news_at if _is_backlog(story) else entry.first_seen_at),
        entries=(_moved(entry, story_id),),
    )
    return choose_lead(replace(story, entries=left), priority_of), choose_lead(own, priority_of)


def _is_backlog(story: Story) -> bool:
    """Old news when it came: then what is split off is none of today, either."""
    return story.news_at < story.first_seen_at


def united(kept: Story, gone: Story, priority_of: Callable[[int], int]) -> Story:
    """The kept story, told by the entries of both; one that is alone so far comes to the other's event."""
    moved = tuple(_moved(entry, kept.id) for entry in gone.entries)
    event_id = kept.event_id if is_set_apart(kept) else kept.event_id or gone.event_id
    return choose_lead(replace(kept, event_id=event_id, entries=(*kept.entries, *moved)), priority_of)


def is_set_apart(story: Story) -> bool:
    """Whether a person made it a story of its own: then its first entry was put there by him."""
    stored = (
        entry for entry in story.entries if entry.id
    )  # those of the document being decided have no number
    first = min(stored, key=lambda entry: entry.id, default=story.entries[0])
    return first.matched_by is MatchedBy.MANUAL


def older_first(one: Story, two: Story) -> tuple[Story, Story]:
    """Both, the one that was here first before the other."""
    first, second = sorted((one, two), key=lambda story: (story.first_seen_at, story.seq))
    return first, second


def _moved(entry: Entry, story_id: str) -> Entry:
    return replace(entry, story_id=story_id, matched_by=MatchedBy.MANUAL, match_score=1.0)
