"""Keeps the published outputs equal to what the store holds: in memory for the web, as files for any server.

Follows the store by its revisions, so that a round costs what has changed and not what is stored. An output
is rendered again only when what it shows has changed, and written only when its bytes have; a file that
cannot be written leaves the last good one, and is tried again with the next round.

To change what is shown: core/selection.py, core/shelves.py. How: core/items.py, core/formats/.
"""

import asyncio
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from aggregator.core.archives import FORMATS as ARCHIVED
from aggregator.core.archives import MARK, SIZE, Page, has_archive, page_named
from aggregator.core.coverage import Coverage
from aggregator.core.digests import Told, beginning, digest_item, digest_of, due
from aggregator.core.filters import Search
from aggregator.core.formats import FORMATS
from aggregator.core.items import event_item, items_of
from aggregator.core.selection import Place, place_of
from aggregator.core.settings import OutputSettings, Settings
from aggregator.core.shelves import TAG_LIMIT, Shelf, put_on, shelves_of, tag_shelf
from aggregator.core.times import NEVER
from aggregator.core.websub import TOPICS, hub_of
from aggregator.model import Digest, Document, Edition, Group, Item, Rendered, Snapshot, Story
from aggregator.publish.folder import PRIVATE, Files
from aggregator.publish.rendering import (
    archive_page,
    document_of,
    forms_of,
    links_of,
    on_demand,
    rendered_as,
)

BATCH = 500  # stories read at once
REJUDGE_EVERY = timedelta(minutes=10)  # filters that ask for age or date, over all that is stored


class Reads(Protocol):
    """What is stored, by revision, by id and by tag."""

    def changed_since(self, revision: int, *, limit: int) -> tuple[int, tuple[Story, ...], tuple[str, ...]]:
        """The revision reached, the stories changed up to there, the ids of those removed."""
        ...

    def by_ids(self, ids: Collection[str]) -> tuple[Story, ...]:
        """These stories, whole, in this order."""
        ...

    def tagged(self, tag: str, *, limit: int) -> tuple[Story, ...]:
        """The newest stories with this tag or one of its children."""
        ...

    def digests(self, output: str, edition: Edition) -> tuple[Digest, ...]:
        """What is kept of the output with this first name, the last first."""
        ...


@dataclass(frozen=True, slots=True)
class Published:
    """What a round did: the files it wrote, and the stories that readers see now and whose lead has to stay.

    Those are named again until the store has settled them, for it may refuse. So are `digests`, which nobody
    sees before they are stored.
    """

    written: tuple[str, ...] = ()
    settled: frozenset[str] = frozenset()
    digests: tuple[Digest, ...] = ()


@dataclass(slots=True)
class _Channel:
    """One output (or named tag) and what it shows."""

    shelf: Shelf
    shown: tuple["_Shown", ...] | None = None
    """None before the first round"""
    older: str = ""
    """the address of the page of its archive with what is older than what is shown"""
    leads_on: str = ""
    """the address that it names, which is another where not all that is shown fits"""

    @property
    def path(self) -> str:
        return self.shelf.path

    @property
    def output(self) -> OutputSettings:
        return self.shelf.output


@dataclass(frozen=True, slots=True)
class _Shown:
    """An item's place in time, the stories that it speaks of, and a hash of what each says."""

    id: str
    news_at: datetime
    stories: tuple[str, ...]
    said: tuple[int, ...]
    coverage: Coverage | None = None


class Publisher:
    """Owns what is published. Files go to `folder`, those of private outputs to one beside it.

    Without a folder nothing is written, and pages lead only to each other, for whoever makes files of them.
    """

    def __init__(
        self, reader: Reads, folder: Path | None, *, now: Callable[[], datetime], search: Search
    ) -> None:
        self._reader = reader
        self._files = Files(folder) if folder else None
        self._private_files = Files(folder.with_name(PRIVATE), private=True) if folder else None
        self._now, self._search = now, search
        self._busy = asyncio.Lock()
        self._turn = threading.Lock()  # of the rounds and of whoever asks for the archive
        self._settings: Settings | None = None
        self._channels: tuple[_Channel, ...] = ()
        self._places: dict[str, tuple[Place, int]] = {}
        self._revision = 0
        self._judged_at = NEVER
        self._snapshot: Snapshot = {}
        self._private: Snapshot = {}
        self._unsettled: set[str] = set()

    @property
    def snapshot(self) -> Snapshot:
        """Every published address with its bytes; swapped as a whole, never changed in place."""
        return self._snapshot

    @property
    def private(self) -> Snapshot:
        """The same of private outputs, by name and suffix: whoever serves it asks for the token."""
        return self._private

    async def refresh(self, settings: Settings) -> Published:
        """Bring all outputs up to date; DataFolderError when a file could not be written."""
        async with self._busy:
            return await asyncio.to_thread(self._refresh, settings)

    def tag_output(self, tag: str, suffix: str) -> Rendered | None:
        """The output of any tag, made from the store; None where no story has it."""
        stories = self._reader.tagged(tag, limit=TAG_LIMIT)
        if not stories or suffix not in FORMATS or self._settings is None:
            return None
        base_url = self._settings.server.public_url
        links = links_of(f"tag/{tag}", base_url)
        return on_demand(tag_shelf(tag).output, stories, suffix, base_url, links, self._now())

    def archive(self, path: str, name: str, suffix: str) -> Rendered | None:
        """A page of an output's archive, made from the store; None where there is none."""
        page = page_named(name)
        if not page or suffix not in ARCHIVED:
            return None
        with self._turn:
            channel = next((one for one in self._channels if one.path == path), None)
            places = channel.shelf.archived_on(page) if channel else []
            if not channel or not places or self._settings is None:
                return None
            shown = [self._said(channel, place) for place in places]
            older = _archive(channel, channel.shelf.archived_before(places[-1]))
            base_url = self._settings.server.public_url
        items = _items(channel, shown, self._reader.by_ids(_stories(shown)))
        whole = self._document(replace(channel.output, limit=SIZE), items, base_url)
        document = replace(whole, older=older, current=channel.output.address)
        return archive_page(document, suffix, _archive(channel, page), self._now())

    def archives(self) -> Iterator[tuple[str, str]]:
        """The path and the name of every page of the archives that can be reached from what is shown."""
        for channel in self._channels:
            page = page_named(channel.leads_on.rpartition(MARK)[2])
            while page:
                yield channel.path, page.name
                page = channel.shelf.archived_before(channel.shelf.archived_on(page)[-1])

    # -- one round ----------------------------------------------------------------------------------------

    def _refresh(self, settings: Settings) -> Published:
        with self._turn:
            return self._round(settings, self._now())

    def _round(self, settings: Settings, now: datetime) -> Published:
        if settings != self._settings:
            self._begin(settings)
        elif now - self._judged_at >= REJUDGE_EVERY and any(one.shelf.timed for one in self._channels):
            self._begin(settings, only_timed=True)
        self._follow(settings, now)
        try:
            snapshot, digests = self._rendered(settings, now)
        except BaseException:
            for channel in self._channels:
                channel.shown = (
                    None  # what was rendered is lost with this round, so the next renders it again
                )
            raise
        self._snapshot = self._part(snapshot, private=False)
        self._private = self._part(snapshot, private=True)
        return Published(self._write(), frozenset(self._unsettled), tuple(digests))

    def _rendered(self, settings: Settings, now: datetime) -> tuple[dict[str, Rendered], list[Digest]]:
        """All that is published, with what changed rendered anew; and the digests that are due."""
        snapshot = {**self._snapshot, **self._private}
        digests: list[Digest] = []
        for channel in self._channels:
            if edition := channel.output.digest:
                told = self._reader.digests(channel.output.origin, edition)
                kept = [one for one in told if one.ends_at <= now]  # a clock may have been ahead
                digests += self._due(channel, edition, kept, now)
                snapshot |= self._renewed_digests(channel, kept, settings)
            else:
                snapshot |= self._renewed(channel, settings, now)
        return snapshot, digests

    def _write(self) -> tuple[str, ...]:
        """Make files of what is published; the paths of those written."""
        if not self._files or not self._private_files:
            return ()
        self._files.write(self._snapshot)
        self._private_files.write(self._private)
        # Only now: what was written before something failed must be told of, too.
        return (*self._files.taken(), *(f"{PRIVATE}/{path}" for path in self._private_files.taken()))

    def _renewed(self, channel: _Channel, settings: Settings, now: datetime) -> Snapshot:
        """What the channel is rendered as, if it shows something else than before."""
        places = channel.shelf.shown(now)
        shown = tuple(self._said(channel, place) for place in places)
        older = _archive(channel, channel.shelf.archived_before(places[-1]) if places else None)
        if (shown, older) == (channel.shown, channel.older):
            return {}
        stories = self._reader.by_ids(_stories(shown))
        self._unsettled |= {story.id for story in stories if not story.lead_settled}
        channel.shown, channel.older = shown, older
        return self._render(channel, _items(channel, shown, stories), settings, places)

    def _renewed_digests(self, channel: _Channel, kept: Iterable[Digest], settings: Settings) -> Snapshot:
        """The same of digests, which are shown as they are stored."""
        digests = [one for one in kept if one.content]
        shown = tuple(_Shown(one.id, one.ends_at, (), (hash(one),)) for one in digests)
        if shown == channel.shown:
            return {}
        channel.shown = shown
        return self._render(channel, map(digest_item, digests), settings)

    def _due(
        self, channel: _Channel, edition: Edition, kept: Sequence[Digest], now: datetime
    ) -> Iterator[Digest]:
        """The digests of the periods that are over and have none yet."""
        output, tags = channel.output, self._settings.given_tags if self._settings else ()
        if not kept:
            yield beginning(output, edition, now)
            return
        for period in due(edition, kept[0].ends_at, now):
            places = channel.shelf.told_between(period.begins, period.ends)
            coverages = [channel.shelf.coverage(place.id) for place in places]
            leads = [one.lead if one else place.id for place, one in zip(places, coverages, strict=True)]
            stories = {story.id: story for story in self._reader.by_ids(leads)}
            named = zip(leads, places, strict=True)
            told = [Told(stories[lead], place.coverage) for lead, place in named if lead in stories]
            yield digest_of(output, edition, period, told, tags)

    def _part(self, snapshot: Snapshot, *, private: bool) -> Snapshot:
        """What is published today of this, for those who know a token or for everybody."""
        channels = [one for one in self._channels if bool(one.output.token) is private]
        addresses = {f"{channel.path}.{suffix}" for channel in channels for suffix in FORMATS}
        return {path: said for path, said in snapshot.items() if path in addresses}

    def _begin(self, settings: Settings, *, only_timed: bool = False) -> None:
        """Judge all stories again: by other rules, or at another time of day."""
        old = {channel.path: channel for channel in self._channels}
        same_address = self._settings and settings.server == self._settings.server
        channels = []
        for shelf in shelves_of(settings, self._search):
            channel, known = _Channel(shelf), old.get(shelf.path)
            if known and same_address and known.output == channel.output:
                channel.shown, channel.older, channel.leads_on = known.shown, known.older, known.leads_on
            channels.append(known if known and only_timed and not known.shelf.timed else channel)
        self._channels, self._settings = tuple(channels), settings
        self._revision, self._judged_at = 0, self._now()

    def _follow(self, settings: Settings, now: datetime) -> None:
        """Take in what the store has changed since the last round."""
        while True:
            reached, changed, removed = self._reader.changed_since(self._revision, limit=BATCH)
            for story_id in removed:
                self._unsettled.discard(story_id)
                self._put(story_id, None, settings, now)
            for story in changed:
                if story.lead_settled:
                    self._unsettled.discard(story.id)
                self._put(story.id, story, settings, now)
            if reached == self._revision:
                return
            self._revision = reached

    def _put(self, story_id: str, story: Story | None, settings: Settings, now: datetime) -> None:
        """The story is this now, None where it is gone."""
        before = self._places.get(story_id)
        after = (place_of(story), story) if story else None
        shelves = [channel.shelf for channel in self._channels]
        put_on(shelves, settings, story_id, before[0] if before else None, after, now)
        self._places.pop(story_id, None)
        if after:
            self._places[story_id] = after[0], hash(replace(after[1], lead_settled=False))

    def _said(self, channel: _Channel, place: Place) -> _Shown:
        stories = channel.shelf.stories(place.id)
        said = tuple(self._places[story_id][1] for story_id in stories)
        return _Shown(place.id, place.news_at, stories, said, channel.shelf.coverage(place.id))

    # -- rendering ----------------------------------------------------------------------------------------

    def _render(
        self, channel: _Channel, items: Iterable[Item], settings: Settings, places: Sequence[Place] = ()
    ) -> Mapping[str, Rendered]:
        whole = self._document(channel.output, items, settings.server.public_url)
        hub = hub_of(channel.output, settings) if self._files else ""
        links = links_of(channel.output.address, whole.base_url)
        files = self._private_files if channel.output.token else self._files
        rendered = {}
        for suffix, body in self._forms(channel, replace(whole, hub=hub), links, places).items():
            path = f"{channel.path}.{suffix}"
            since = files.since(path, body, self._now()) if files else whole.updated_at
            rendered[path] = rendered_as(suffix, body, since, links, hub if suffix in TOPICS else "")
        return rendered

    def _forms(
        self, channel: _Channel, whole: Document, links: Mapping[str, str], places: Sequence[Place]
    ) -> Mapping[str, bytes]:
        """The channel's bytes by suffix; what does not fit stands on the pages of its archive."""
        channel.leads_on = channel.older
        document = replace(whole, older=channel.older)
        archived = has_archive(channel.output)
        fit, bodies = forms_of(document, links, least=SIZE if archived else None)
        if not archived or len(fit.items) in (0, len(whole.items)):
            return bodies
        last = fit.items[-1].id.removeprefix("urn:uuid:")
        place = next(one for one in places if one.id == last)
        channel.leads_on = _archive(channel, channel.shelf.archived_before(place))
        return forms_of(replace(fit, older=channel.leads_on), links)[1]

    def _document(self, output: OutputSettings, items: Iterable[Item], base_url: str) -> Document:
        """The output with these items; for files alone without the ways to what only a server has."""
        whole = document_of(output, items, base_url)
        if self._files:
            return whole
        pages = frozenset(f"{channel.path}.html" for channel in self._channels)
        return replace(whole, pages=pages, items=tuple(replace(item, page="") for item in whole.items))


def _archive(channel: _Channel, page: Page | None) -> str:
    """The address of a page of the channel's archive; empty where there is none."""
    return f"{channel.output.address}{MARK}{page.name}" if page else ""


def _stories(shown: Iterable[_Shown]) -> list[str]:
    """The ids of all stories that are spoken of, each once."""
    return list(dict.fromkeys(story_id for one in shown for story_id in one.stories))


def _items(channel: _Channel, shown: Iterable[_Shown], stories: Iterable[Story]) -> Iterator[Item]:
    """What is shown, as far as its stories are still there."""
    if channel.output.group is Group.EVENT:
        told = {story.id: story for story in stories}
        events = (event_item(one.id, one.news_at, one.coverage, told) for one in shown if one.coverage)
        return (item for item in events if item)
    items = {item.id: item for story in stories for item in items_of(story, channel.output.group)}
    return (items[item_id] for one in shown if (item_id := f"urn:uuid:{one.id}") in items)
