"""Keeps the published outputs equal to what the store holds: in memory for the web, as files for any server.

Follows the store by its revisions, so that a round costs what has changed and not what is stored. An output
is rendered again only when what it shows has changed, and written only when its bytes have; a file that
cannot be written leaves the last good one, and is tried again with the next round.

To change what is shown: core/selection.py, core/shelves.py. How: core/items.py, core/formats/.
"""

import asyncio
import contextlib
import gzip
import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from aggregator.core.coverage import Coverage
from aggregator.core.descriptions import description_of
from aggregator.core.filters import Filter, Search
from aggregator.core.formats import FORMATS
from aggregator.core.items import event_item, items_of, listed
from aggregator.core.listing import Listing, listing_of
from aggregator.core.selection import Place, place_of
from aggregator.core.settings import OutputSettings, Settings
from aggregator.core.shelves import TAG_LIMIT, Shelf, shelves_of, tag_shelf, takers
from aggregator.core.times import from_text, to_text
from aggregator.errors import DataFolderError
from aggregator.files import clear_drafts, replace_whole
from aggregator.model import Document, Group, Item, Rendered, Snapshot, Story

BATCH = 500  # stories read at once
REJUDGE_EVERY = timedelta(minutes=10)  # filters that ask for age or date, over all that is stored
SEARCH_LIMIT = 100
TITLE = 100  # characters of a search in the title of its feed
MANIFEST = ".published.json"  # which files are ours, and since when they say what they say
NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # the date of an output that has never had an item


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


@dataclass(frozen=True, slots=True)
class Published:
    """What a round did: the files it wrote, and the stories that readers see now and whose lead has to stay.

    Those are named again until the store has settled them, for it may refuse.
    """

    written: tuple[str, ...] = ()
    settled: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Channel:
    """One output (or named tag) and what it shows."""

    shelf: Shelf
    shown: tuple["_Shown", ...] | None = None
    """None before the first round"""

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
    """Owns the published snapshot. `folder` is where the files go; nothing else in it is touched."""

    def __init__(self, reader: Reads, folder: Path, *, now: Callable[[], datetime], search: Search) -> None:
        self._reader, self._files = reader, _Files(folder)
        self._now, self._search = now, search
        self._busy = asyncio.Lock()
        self._settings: Settings | None = None
        self._channels: tuple[_Channel, ...] = ()
        self._places: dict[str, tuple[Place, int]] = {}
        self._revision = 0
        self._judged_at = NEVER
        self._snapshot: Snapshot = {}
        self._unsettled: set[str] = set()

    @property
    def snapshot(self) -> Snapshot:
        """Every published address with its bytes; swapped as a whole, never changed in place."""
        return self._snapshot

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
        return _on_demand(tag_shelf(tag).output, stories, suffix, base_url, _links(f"tag/{tag}", base_url))

    # -- one round ----------------------------------------------------------------------------------------

    def _refresh(self, settings: Settings) -> Published:
        now = self._now()
        if settings != self._settings:
            self._begin(settings)
        elif now - self._judged_at >= REJUDGE_EVERY and any(one.shelf.timed for one in self._channels):
            self._begin(settings, only_timed=True)
        self._follow(settings, now)
        snapshot = dict(self._snapshot)
        for channel in self._channels:
            shown = self._shown(channel, now)
            if shown != channel.shown:
                stories = self._reader.by_ids([one for each in shown for one in each.stories])
                self._unsettled |= {story.id for story in stories if not story.lead_settled}
                snapshot |= self._render(channel, _items(channel, shown, stories), settings)
                channel.shown = shown
        addresses = {f"{channel.path}.{suffix}" for channel in self._channels for suffix in FORMATS}
        self._snapshot = {path: said for path, said in snapshot.items() if path in addresses}
        written = self._files.write(self._snapshot)
        return Published(written, frozenset(self._unsettled))

    def _begin(self, settings: Settings, *, only_timed: bool = False) -> None:
        """Judge all stories again: by other rules, or at another time of day."""
        old = {channel.path: channel for channel in self._channels}
        same_address = self._settings and settings.server == self._settings.server
        channels = []
        for shelf in shelves_of(settings, self._search):
            channel, known = _Channel(shelf), old.get(shelf.path)
            if known and same_address and known.output == channel.output:
                channel.shown = known.shown
            channels.append(known if known and only_timed and not known.shelf.timed else channel)
        self._channels, self._settings = tuple(channels), settings
        self._revision, self._judged_at = 0, self._now()

    def _follow(self, settings: Settings, now: datetime) -> None:
        """Take in what the store has changed since the last round."""
        while True:
            reached, changed, removed = self._reader.changed_since(self._revision, limit=BATCH)
            for story_id in removed:
                self._unsettled.discard(story_id)
                self._put(story_id, None)
            for story in changed:
                self._judge(story, settings, now)
            if reached == self._revision:
                return
            self._revision = reached

    def _judge(self, story: Story, settings: Settings, now: datetime) -> None:
        if story.lead_settled:
            self._unsettled.discard(story.id)
        shelves = (channel.shelf for channel in self._channels)
        self._put(story.id, story, frozenset(one.path for one in takers(shelves, settings, story, now)))

    def _put(self, story_id: str, story: Story | None, taken: frozenset[str] = frozenset()) -> None:
        """The story is this now, None where it is gone, and these channels take it."""
        before, after = self._places.pop(story_id, None), None
        if story:
            after = place_of(story)
            self._places[story_id] = after, hash(replace(story, lead_settled=False))
        for channel in self._channels:
            there = (after, story) if story and after and channel.path in taken else None
            channel.shelf.put(story_id, before[0] if before else None, there)

    def _shown(self, channel: _Channel, now: datetime) -> tuple[_Shown, ...]:
        """What the channel shows now, the newest first."""
        return tuple(self._said(channel, place) for place in channel.shelf.shown(now))

    def _said(self, channel: _Channel, place: Place) -> _Shown:
        coverage = channel.shelf.coverage(place.id)
        stories = listed(coverage) if coverage else (place.id,)
        said = tuple(self._places[story_id][1] for story_id in stories)
        return _Shown(place.id, place.news_at, stories, said, coverage)

    # -- rendering ----------------------------------------------------------------------------------------

    def _render(self, channel: _Channel, items: Iterable[Item], settings: Settings) -> Mapping[str, Rendered]:
        document = _document(channel.output, items, settings.server.public_url)
        links = _links(channel.path, document.base_url)
        rendered = {}
        for suffix, form in FORMATS.items():
            path = f"{channel.path}.{suffix}"
            body = form.render(document, links)
            rendered[path] = _rendered(suffix, body, self._files.since(path, body, self._now()))
        return rendered


def _items(channel: _Channel, shown: Iterable[_Shown], stories: Iterable[Story]) -> Iterator[Item]:
    """What is shown, as far as its stories are still there."""
    if channel.output.group is not Group.EVENT:
        return (item for story in stories for item in items_of(story, channel.output.group))
    found = {story.id: story for story in stories}
    events = (event_item(one.id, one.news_at, one.coverage, found) for one in shown if one.coverage)
    return (item for item in events if item)


def _document(output: OutputSettings, items: Iterable[Item], base_url: str) -> Document:
    held = tuple(islice(items, output.limit))
    return Document(
        name=output.name,
        title=output.title,
        description=description_of(output),
        base_url=base_url,
        updated_at=max((item.updated_at for item in held), default=NEVER),
        items=held,
    )


def search_output(wanted: Filter, stories: Iterable[Story], suffix: str, base_url: str) -> Rendered:
    """A search as a feed: the stories that it found, with the ids that they have in every output."""
    asked = quote(wanted.source, safe="", errors="replace")
    output = OutputSettings(
        name=f"search?q={asked}", title=f"Search: {wanted.source[:TITLE]}", include=wanted, limit=SEARCH_LIMIT
    )
    links = {suffix: f"{base_url}search.{suffix}?q={asked}" for suffix in FORMATS}
    return _on_demand(output, stories, suffix, base_url, links | {"html": f"{base_url}search?q={asked}"})


def _on_demand(
    output: OutputSettings, stories: Iterable[Story], suffix: str, base_url: str, links: Mapping[str, str]
) -> Rendered:
    items = (item for story in stories for item in items_of(story, output.group))
    document = _document(output, items, base_url)
    return _rendered(suffix, FORMATS[suffix].render(document, links), document.updated_at)


def listings(snapshot: Snapshot, names: Iterable[str]) -> dict[str, Listing]:
    """What readers see now of the outputs with these names."""
    return {name: listing_of(snapshot[path].body) for name in names if (path := f"{name}.json") in snapshot}


def published(folder: Path) -> dict[str, Listing]:
    """What readers see of every output, by its files in this folder: also where no daemon runs."""
    found = {}
    for path in _noted(folder):
        with contextlib.suppress(
            OSError, ValueError, KeyError
        ):  # a file that is gone or damaged shows nothing
            name, dot, suffix = path.rpartition(".")
            if dot + suffix == ".json":
                found[name] = listing_of((folder / path).read_bytes())
    return found


def _links(path: str, base_url: str) -> Mapping[str, str]:
    return {suffix: f"{base_url}{path}.{suffix}" for suffix in FORMATS}


def _rendered(suffix: str, body: bytes, since: datetime) -> Rendered:
    etag = _etag(body)
    return Rendered(
        content_type=FORMATS[suffix].content_type,
        body=body,
        gzipped=gzip.compress(body, compresslevel=6, mtime=0),
        etag=f'"{etag}"',
        gzip_etag=f'"{etag}-gzip"',
        last_modified=since,
    )


def _etag(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=16).hexdigest()


# -- files ------------------------------------------------------------------------------------------------


class _Files:
    """The files we published, by path: their ETag and since when. Other people's files are left alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with contextlib.suppress(OSError, DataFolderError):
            clear_drafts(self._place(""))
        self._known = _noted(folder)
        self._missing = {path for path in self._known if not (folder / path).is_file()}

    def since(self, path: str, body: bytes, now: datetime) -> datetime:
        """Since when the path says this: as it was noted if the bytes are the same, else from now on."""
        etag, since = self._known.get(path, ("", now))
        return since if etag == _etag(body) else now.replace(microsecond=0)

    def write(self, snapshot: Snapshot) -> tuple[str, ...]:
        """The paths written: those whose bytes differ. What is no longer published is removed."""
        changed = [path for path, said in snapshot.items() if self._etag_of(path) != said.etag.strip('"')]
        gone = [path for path in self._known if path not in snapshot]
        if not changed and not gone:
            return ()
        try:
            for path in changed:
                self._replace(path, snapshot[path].body)
                self._known[path] = (snapshot[path].etag.strip('"'), snapshot[path].last_modified)
                self._missing.discard(path)
            for path in gone:
                self._place(path).unlink(missing_ok=True)
                del self._known[path]
            self._note()
        except OSError as error:
            reason = f"cannot write: {error.strerror or error}; free some space or mend the permissions"
            raise DataFolderError(self._folder, reason) from error
        return tuple(changed)

    def _place(self, path: str) -> Path:
        """Where this file belongs; DataFolderError where a link that a stranger made would lead us away.

        Links are welcome: many keep such folders on another disk. Whose they are decides.
        """
        target = self._folder / path
        for folder in (self._folder, *(one for one in target.parents if self._folder in one.parents)):
            if not folder.is_symlink():
                continue
            owner = folder.lstat().st_uid
            if is_planted(link_owner=owner, folder_owner=folder.parent.stat().st_uid, us=os.geteuid()):
                reason = f"it is a link that user {owner} made; take it away, or make it yourself"
                raise DataFolderError(folder, reason)
        return target

    def _etag_of(self, path: str) -> str | None:
        known = self._known.get(path)
        return known[0] if known and path not in self._missing else None

    def _note(self) -> None:
        listed = {path: (etag, to_text(since)) for path, (etag, since) in sorted(self._known.items())}
        self._replace(MANIFEST, json.dumps(listed, ensure_ascii=False, indent=0).encode())

    def _replace(self, path: str, body: bytes) -> None:
        target = self._place(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        replace_whole(target, body, mode=0o644)  # for any web server to read


def _noted(folder: Path) -> dict[str, tuple[str, datetime]]:
    """Which files are ours, with their ETags and since when they say what they say."""
    with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
        listed = json.loads((folder / MANIFEST).read_text("utf-8"))
        return {path: (etag, from_text(since)) for path, (etag, since) in listed.items()}
    return {}


def is_planted(*, link_owner: int, folder_owner: int, us: int) -> bool:
    """Whether a link is neither ours nor root's, nor of the owner of the folder in which it lies (user ids).

    So does Linux judge links in folders that all may write to (sysctl fs.protected_symlinks).
    """
    return link_owner not in (us, 0, folder_owner)
