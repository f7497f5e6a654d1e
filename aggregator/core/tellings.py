"""The entries of the stories that one output takes, where an item is an entry: where each stands. Pure.

An entry that tells a story of last week is news today to whoever wants every entry: where it stood with its
story, it would come below all that is shown, and nobody would see it.
"""

from datetime import datetime, timedelta

from aggregator.core.selection import Place, Ranking, place_of
from aggregator.model import Entry, Story

LATE = timedelta(days=1)  # what a feed dates further back is no news: it is the backlog of a new feed


class Tellings:
    """Follows story by story. An entry may move to another story: each is asked for what it has now."""

    def __init__(self) -> None:
        self._places: dict[str, tuple[Place, ...]] = {}
        self._story_of: dict[str, str] = {}

    def put(self, story_id: str, story: Story | None, ranking: Ranking) -> None:
        """The story is this now; None where the output does not take it."""
        for place in self._places.pop(story_id, ()):
            ranking.put(place, None)
            if self._story_of.get(place.id) == story_id:
                del self._story_of[place.id]
        if story is None:
            return
        self._places[story_id] = places_of(story)
        for place in self._places[story_id]:
            ranking.put(None, place)
            self._story_of[place.id] = story_id

    def story_of(self, uid: str) -> str:
        """The id of the story that this entry tells."""
        return self._story_of[uid]


def places_of(story: Story) -> tuple[Place, ...]:
    """Where the entries of the story stand, each by itself."""
    whole = place_of(story)
    return tuple(
        whole._replace(news_at=told_at(story, entry), id=entry.uid, feed_id=entry.feed_id)
        for entry in story.entries
    )


def told_at(story: Story, entry: Entry) -> datetime:
    """When the entry counts as news: the first as its story does, each other one when it came."""
    first = min(story.entries, key=lambda one: (one.first_seen_at, one.id))
    said = entry.published_at or entry.first_seen_at
    if entry.uid == first.uid:
        return story.news_at
    if entry.first_seen_at - said <= LATE:
        return max(entry.first_seen_at, story.news_at)
    return max(said, story.news_at)
