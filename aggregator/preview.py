"""What would enter and leave each output under another config, over the stored stories, before it happens.

Goes the way that a reload goes, in memory: each story is judged by the config's rules (core/rejudging.py),
put on the shelves of its outputs (core/shelves.py), and what these show is compared with what readers see
now. Only reads, and works while a daemon owns the store. What needs a poll is not foretold: a new feed, a
feed's own filter that lets in more.

To foretell more: do in `_judged` what the change does to a stored story.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import nlargest
from typing import Protocol

from aggregator.core.filters import Filter, Search, explain, judge, story_subject
from aggregator.core.items import title_of
from aggregator.core.listing import Listing, Shown
from aggregator.core.rejudging import rejudged
from aggregator.core.selection import Place, place_of
from aggregator.core.settings import Plan, Settings
from aggregator.core.shelves import Shelf, is_below, put_on, shelves_of
from aggregator.core.succession import heirs
from aggregator.core.topics import NO_MODEL, Model
from aggregator.core.verdicts import explain as explain_outputs
from aggregator.model import Entry, Event, Feed, Story

BATCH = 500  # stories read at once
MOST_TOLD = 20  # stories of an event that are looked at for why it comes or goes


class Reads(Protocol):
    """What is stored: all of it in turn, and by id."""

    def changed_since(self, revision: int, *, limit: int) -> tuple[int, tuple[Story, ...], tuple[str, ...]]:
        """The revision reached, the stories changed up to there, the ids of those removed."""
        ...

    def by_ids(self, ids: Collection[str]) -> tuple[Story, ...]:
        """These stories, whole."""
        ...

    def event(self, wanted: str) -> Event | None:
        """The event with this id."""
        ...

    def find_entries(self, wanted: str) -> tuple[Entry, ...]:
        """The entries that an id names."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """An item that enters or leaves an output, and by which clause. `story_id` is None where it is gone."""

    id: str
    story_id: str | None = None
    title: str = ""
    url: str | None = None
    news_at: datetime
    clause: str


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one output; `stay` counts the items that it goes on showing."""

    enter: tuple[Passing, ...] = ()
    leave: tuple[Passing, ...] = ()
    stay: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """What a filter takes of all that is stored: how many, and the newest of them."""

    count: int
    newest: tuple[Passing, ...]


class Preview:
    """The stored stories as they would be judged and shown under another config.

    `stored` holds the stored feeds by every address that they have or had.
    """

    def __init__(
        self,
        reader: Reads,
        settings: Settings,
        stored: Mapping[str, Feed],
        *,
        now: datetime,
        search: Search,
        topics: Model = NO_MODEL,
    ) -> None:
        self._reader, self._now, self._search = reader, now, search
        self._plan = plan_of(settings, stored, topics)
        self._feed_urls = {feed.id: feed.url for feed in stored.values()}

    def changes(self, published: Mapping[str, Listing], *, only: str | None = None) -> dict[str, Change]:
        """What enters and leaves each output (or one), compared with what readers see of it now."""
        shelves = {shelf.path: shelf for shelf in shelves_of(self._plan.settings, self._search)}
        today = {old: output.name for output in self._plan.settings.outputs for old in output.was}
        published = {today.get(name, name): shown for name, shown in published.items()}
        names = [only] if only else [*shelves, *(name for name in published if name not in shelves)]
        self._fill([shelves[name] for name in names if name in shelves])
        return {name: self._change(shelves.get(name), published.get(name, ())) for name in names}

    def taken_by(self, wanted: Filter, *, most: int) -> Found:
        """What the filter takes of all that is stored, and the `most` newest of it."""
        places: dict[str, Place] = {}
        for story_id, story in self._stored():
            places.pop(story_id, None)
            if story and judge(wanted, story_subject(story), now=self._now, search=self._search):
                places[story_id] = place_of(story)
        newest = nlargest(most, places.values())
        stories = self._reader.by_ids([place.id for place in newest])
        return Found(len(places), tuple(self._by_filter(wanted, story) for story in stories))

    def _by_filter(self, wanted: Filter, story: Story) -> Passing:
        found = explain(wanted, story_subject(story), now=self._now, search=self._search)
        return _passing(story.id, story, found.decisive)

    # -- the stories under the config -----------------------------------------------------------------------

    def _stored(self) -> Iterator[tuple[str, Story | None]]:
        """Every story as the config's rules see it, again where it changes meanwhile; None where it went."""
        revision = -1
        reached, changed, removed = self._reader.changed_since(0, limit=BATCH)
        while reached != revision:
            yield from ((story_id, None) for story_id in removed)
            yield from ((story.id, self._judged(story)) for story in changed)
            revision = reached
            reached, changed, removed = self._reader.changed_since(revision, limit=BATCH)

    def _judged(self, story: Story) -> Story:
        titles = {entry.feed_id: self._plan.of(entry.feed_id).title for entry in story.entries}
        entries = tuple(
            replace(entry, feed_title=titles[entry.feed_id] or entry.feed_title) for entry in story.entries
        )
        return rejudged(replace(story, entries=entries), self._plan, now=self._now, search=self._search)

    def _fill(self, shelves: Collection[Shelf]) -> None:
        places: dict[str, Place] = {}
        for story_id, story in self._stored():
            before = places.pop(story_id, None)
            after = (place_of(story), story) if story else None
            if after:
                places[story_id] = after[0]
            put_on(shelves, self._plan.settings, story_id, before, after, self._now)

    # -- what changes ---------------------------------------------------------------------------------------

    def _change(self, shelf: Shelf | None, before: Listing) -> Change:
        if shelf and shelf.output.digest:  # what is published stays; the next is made when its time comes
            return Change(stay=len(before))
        after = tuple(self._listing(shelf)) if shelf else ()
        old, new = {one.id for one in before}, {one.id for one in after}
        enter = [self._passing(one, shelf, after) for one in after if one.id not in old]
        leave = [self._passing(one, shelf, after) for one in before if one.id not in new]
        return Change(tuple(enter), tuple(leave), len(old & new))

    def _listing(self, shelf: Shelf) -> Iterator[Shown]:
        """What the shelf will show, as its JSON Feed will tell it."""
        for place in shelf.shown(self._now):
            yield Shown(place.id, self._feed_urls[place.feed_id], place.news_at)

    def _passing(self, item: Shown, shelf: Shelf | None, after: Listing) -> Passing:
        told = self._told(item.id)
        if not told:
            return Passing(id=item.id, news_at=item.news_at, clause="no longer stored")
        if shelf is None:
            return _passing(item.id, told[0], "no such output in the config")
        return self._decided(item, shelf, told, after)

    def _decided(self, item: Shown, shelf: Shelf, told: Sequence[Story], after: Listing) -> Passing:
        """The item with the story that decided: of an event the first that the output would take."""
        taken = (one for one in told if shelf.takes(one, story_subject(one), self._now))
        story = next(taken, told[0])
        alone = replace(self._plan.settings, outputs=(shelf.output,))
        (verdict,) = explain_outputs(
            alone, story, now=self._now, search=self._search, event=told, shown={shelf.output.name: after}
        )
        clause = verdict.clause
        if verdict.taken and shelf.tag:
            clause = _tag_clause(shelf.tag, story)
        elif verdict.taken and all(one.id != item.id for one in after):
            clause = f"told under another id by `group: {shelf.output.group}`"
        return _passing(item.id, story, clause)

    def _told(self, item_id: str) -> tuple[Story, ...]:
        """The stories that an item of this id tells, as the config's rules see them."""
        stories = self._reader.by_ids((item_id,))
        if not stories and (event := self._reader.event(item_id)):
            stories = event.stories[:MOST_TOLD]
        if not stories:
            entries = self._reader.find_entries(item_id)
            stories = self._reader.by_ids(tuple(entry.story_id for entry in entries))
        return tuple(map(self._judged, stories))


def plan_of(settings: Settings, stored: Mapping[str, Feed], topics: Model = NO_MODEL) -> Plan:
    """The settings with each stored feed's own part of them."""
    moved = heirs(list(stored), {feed.url: feed.was for feed in settings.feeds})
    found = ((stored.get(moved.get(feed.url, feed.url)), feed) for feed in settings.feeds)
    return Plan(settings, {feed.id: wishes for feed, wishes in found if feed}, topics)


def _tag_clause(tag: str, story: Story) -> str:
    given = (one for one in story.tags if is_below(one.name, tag))
    return next((f"tag {one.name} from {one.origin}: {one.why}" for one in given), f"no tag {tag}")


def _passing(item_id: str, story: Story, clause: str) -> Passing:
    return Passing(
        id=item_id,
        story_id=story.id,
        title=title_of(story.lead),
        url=story.url,
        news_at=story.news_at,
        clause=clause,
    )
