"""What one feed document changes: which entries are new, edited or known, and which story each one tells.

`decide` runs inside the store's writing transaction, so two feeds that bring one story at the same moment
find each other. It takes values and gives values: no I/O, no clock, and the same arguments give the same
answer. What has not changed is not in the answer, so polling a feed again writes nothing.

The order of trust: the feed's own word (guid, link), then the signals of core/dedup.py across feeds (link,
target, title and opening), then nearly the same text. A story that begins is asked for its event at the end.

To add a signal: core/dedup.py. To change who may join whom: core/joining.py, core/retelling.py for texts, and
core/grouping.py for events.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from aggregator.core import full_text, judging
from aggregator.core.dedup import sought
from aggregator.core.events import Meanings, NoMeanings
from aggregator.core.grouping import Beginning, Grouping
from aggregator.core.identities import Heard, HeardDocument, OwnEntries, id_names
from aggregator.core.joining import Found, Joining
from aggregator.core.lead import choose_lead
from aggregator.core.neighbours import Neighbours
from aggregator.core.retelling import Near, Retelling, granted, near, wishes
from aggregator.core.urls import canonical
from aggregator.model import (
    Candidate,
    Changes,
    ChromeBlock,
    DedupLevel,
    Entry,
    Feed,
    Fingerprint,
    Known,
    MatchedBy,
    ParsedEntry,
    Story,
    Tag,
    Tombstone,
)

FLOOD = 20  # entries that come at once where nothing of the document before is left


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What the store has to look up before a document can be judged."""

    guids: frozenset[str] = frozenset()
    urls: frozenset[str] = frozenset()
    identities: frozenset[int] = frozenset()
    id_names: frozenset[str] = frozenset()
    """what the ids of new entries would be made of"""
    document: frozenset[int] = frozenset()
    """the identities of the whole document, where this asks for a portion of it"""
    fingerprints: frozenset[Fingerprint] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """The rules under which a document's entries come in.

    `level_of` and `priority_of` answer for any feed by its id; `accepts` is the
    feed's include and exclude; `tags_of` judges a whole story; `window` is how far back a story may have
    been first seen to be joined; `index` gives what was said in it, and is asked only if there is news;
    `meanings` makes vectors of titles. `first_poll` is also one that is like the first: what is new in its
    document is a backlog.
    """

    window: timedelta
    first_poll: bool
    accepts: Callable[[Entry], bool]
    tags_of: Callable[[Story], tuple[Tag, ...]]
    priority_of: Callable[[int], int]
    level_of: Callable[[int], DedupLevel]
    index: Callable[[], Neighbours] = field(default=Neighbours)
    meanings: Meanings = field(default_factory=NoMeanings)


def probe(document: HeardDocument) -> Probe:
    """Everything by which an entry of the document may be known already."""
    heard = document.entries
    return Probe(
        guids=frozenset(one.said.guid for one in heard if one.said.guid),
        urls=frozenset(one.said.url for one in heard if one.said.url),
        identities=frozenset(one.key for one in heard),
        id_names=frozenset(name for one in heard for name in id_names(one)),
        document=document.keys,
        fingerprints=frozenset(key for one in heard for _, key in sought(one.prints)),
    )


def decide(document: HeardDocument, known: Known, intake: Intake, *, now: datetime) -> Changes:
    """What the document changes, given what is known of it; times come out in whole milliseconds."""
    return _Decision(document, known, intake, _whole_ms(now)).changes()


def _whole_ms(moment: datetime) -> datetime:
    """As the store keeps it, so that what was stored equals what is said again."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


# -- deciding ---------------------------------------------------------------------------------------------


class _Decision:
    """One document being decided, entry by entry; later entries see what earlier ones did."""

    def __init__(self, document: HeardDocument, known: Known, intake: Intake, now: datetime) -> None:
        self.document, self.known, self.intake, self.now = document, known, intake, now
        self.feed = replace(known.feed, title=known.feed.title or document.title)
        self.stories = dict(known.stories)
        self.mine = OwnEntries(known, document)
        self.joining = Joining(known, intake.level_of, since=now - intake.window)
        self.tombstones = {stone.identity: stone for stone in known.tombstones}
        self.backlog = intake.first_poll
        self.claimed: Mapping[int, Found] = {}
        self.near: Near | None = None
        self.retold: Mapping[int, Retelling] = {}
        self.judged: dict[str, tuple[Candidate, ...]] = {}
        self.prints: dict[str, tuple[Fingerprint, ...]] = {}
        self.gists: dict[str, bytes] = {}
        self.meanings: dict[str, bytes] = {}
        self.news: dict[str, Heard | None] = {}
        self.event_numbers: Mapping[str, int] = {}
        self.moved: Mapping[str, int] = {}
        self.identities: dict[int, str] = {}
        self.edited: set[str] = set()
        self.touched: dict[str, None] = {}

    def changes(self) -> Changes:
        """All that differs from what is known. Feeds list the newest first: begin with the oldest."""
        matches = tuple(self.mine.matches())
        self.backlog = self.backlog or self._is_flood([entry for _, entry in matches])
        for one, entry in matches:
            if entry:
                self._update(entry, one)
        new = [one for one, entry in matches if entry is None]
        self._match(new)
        for one in new:
            self._add(one)
        self._group()
        if self.document.last:
            self._mark()
        return Changes(
            stories=tuple(self._finished(self.stories[story_id]) for story_id in reversed(self.touched)),
            edited=frozenset(self.edited),
            fingerprints=self.prints,
            gists=self.gists,
            meanings=self.meanings,
            event_numbers=self.event_numbers,
            judged=self.judged,
            moved=self.moved,
            identities=self.identities,
            chrome=self._chrome(),
            held=self.document.keys if self.document.last else None,
        )

    def _is_flood(self, matched: Sequence[Entry | None]) -> bool:
        """Whether a feed that we know well comes with another document altogether: a backlog, not news."""
        return bool(self.known.previous) and not any(matched) and len(matched) > FLOOD

    def _mark(self) -> None:
        """Other entries of the feed, now that something else is known to be page chrome."""
        lesson = self.document.lesson
        for number in lesson.again:
            if stored := self.known.story_of(number):
                story = self.stories.setdefault(stored.id, stored)
                told = (
                    replace(one, chrome=lesson.of(one)) if one.id == number else one for one in story.entries
                )
                self._keep(replace(story, entries=tuple(told)))

    def _chrome(self) -> tuple[ChromeBlock, ...] | None:
        """What the store keeps of it: where it is as it was, only news tells that it is still in use."""
        lesson = self.document.lesson
        return lesson.blocks if self.document.last and (lesson.news or self.gists) else None

    def _finished(self, story: Story) -> Story:
        led = choose_lead(story, self.intake.priority_of)
        return replace(led, tags=self.intake.tags_of(led))

    def _update(self, entry: Entry, one: Heard) -> None:
        self.identities[one.key] = entry.uid
        after = _edited(entry, one, self.now)
        if after == entry:
            return
        story = self.stories[entry.story_id]
        told = tuple(after if other.uid == after.uid else other for other in story.entries)
        self._keep(replace(story, entries=told))
        self.edited.add(after.uid)
        self._see(after, one.prints)

    def _add(self, one: Heard) -> None:
        stone = self._stone(one)
        uid = stone.uid if stone else self.mine.mint(one, now=self.now)
        entry = new_entry(uid, one.said, self.feed, self.now, one.chrome)
        if not (stone or self.intake.accepts(entry)):
            return
        self.identities[one.key] = uid
        if stone:
            told = self._revived(replace(entry, first_seen_at=stone.first_seen_at), stone)
        else:
            told = self._told(entry, one)
            level_of = self.intake.level_of
            judged = judging.considered(told, one, self.joining, self.near, self.known, level_of)
            if judged:
                self.judged[uid] = judged
            self._note(told, one)
        self._keep(replace(self.stories[told.story_id], entries=(*self.stories[told.story_id].entries, told)))
        self._see(told, one.prints)

    def _stone(self, one: Heard) -> Tombstone | None:
        """An entry that changed its guid and then went left one under each: the first who comes gets it."""
        stone = self.tombstones.get(one.key)
        return None if stone and stone.uid in self.prints else stone

    def _keep(self, story: Story) -> None:
        self.stories[story.id] = story
        self.touched[story.id] = None

    def _see(self, entry: Entry, prints: tuple[Fingerprint, ...]) -> None:
        self.prints[entry.uid] = prints
        self.joining.see(entry, prints)

    # -- which event ---------------------------------------------------------------------------------------

    def _note(self, entry: Entry, one: Heard) -> None:
        """Keep what the index needs of an entry; one that is to be matched with no other is not in it."""
        if self.intake.level_of(self.feed.id) is DedupLevel.OFF:
            return
        self.gists[entry.uid] = one.gist.packed()
        if meaning := self.intake.meanings.of(entry.title, entry.lang):
            self.meanings[entry.uid] = meaning
        begins = entry.story_id == entry.uid
        self.news.setdefault(entry.story_id, one if begins else None)

    def _group(self) -> None:
        """Ask for the event of each story that begins here; a copy tells the event of its story."""
        if not self.news:
            return
        intake, index = self.intake, self.intake.index()
        new = [
            Beginning(one.key, self.stories[uid], one.gist, self.meanings.get(uid, b""))
            for uid, one in self.news.items()
            if one
        ]
        grouping = Grouping(index, intake.meanings, self.known.story_of, intake.level_of, self.now)
        found = grouping.grouped(new, self.stories)
        for story in found.stories.values():
            self._keep(story)
        again = [self.stories[story_id] for story_id, one in self.news.items() if one is None]
        told = {story.id: index.event_of(entry.id for entry in story.entries) for story in again}
        for uid, judged in found.judged.items():
            self.judged[uid] = (*self.judged.get(uid, ()), *judged)
        self.moved = found.moved
        self.event_numbers = {**found.numbers, **{key: event for key, event in told.items() if event}}

    # -- which story ---------------------------------------------------------------------------------------

    def _revived(self, entry: Entry, stone: Tombstone) -> Entry:
        """An entry that retention took and its feed shows again: its old ids, its old place."""
        self._begin(stone.story_id, entry, stone.first_seen_at, stone.news_at, stone.event_id)
        layer = MatchedBy.MANUAL if entry.uid in self.known.placed else MatchedBy.GUID
        return replace(entry, story_id=stone.story_id, matched_by=layer)

    def _match(self, new: Sequence[Heard]) -> None:
        """Find the stored stories that entries without a place yet tell, by fingerprint or by words.

        All are weighed before the first is stored: their order in the document does not say who joins.
        """
        fresh = {one.key: one for one in new if one.key not in self.tombstones}
        known = [one for one in fresh.values() if self.joining.knows(one.prints) and self._accepts(one)]
        self.claimed = self.joining.claims({one.key: one.prints for one in known})
        level_of = self.intake.level_of
        if level_of(self.feed.id) is not DedupLevel.STORY:
            return
        left = fresh.keys() - self.claimed.keys()
        since = self.now - self.intake.window
        self.near = near(fresh.values(), self.intake.index, since=since, now=self.now)
        wanted = wishes(self.near, self.known) if self.near else []
        wanted = [one for one in wanted if one.key in left and self._accepts(fresh[one.key])]
        taken = [seen.story_id for _, seen in self.claimed.values()]
        barred = {one.key: self.joining.barred(fresh[one.key].prints) for one in wanted}
        self.retold = granted(wanted, self.known, level_of, taken=taken, barred=barred)

    def _accepts(self, one: Heard) -> bool:
        return self.intake.accepts(new_entry("", one.said, self.feed, self.now, one.chrome))

    def _told(self, entry: Entry, one: Heard) -> Entry:
        """The entry in the story a person named, one known by a fingerprint, by its words, or its own."""
        if home := self.known.placed.get(entry.uid):
            self._begin(home, entry, self.now, self._news_at(entry))
            return replace(entry, story_id=home, matched_by=MatchedBy.MANUAL)
        if found := self.claimed.get(one.key) or self.joining.repeat_of(one.prints):
            signal, seen = found
            self._begin(seen.story_id, entry, seen.first_seen_at, seen.first_seen_at)
            return replace(entry, story_id=seen.story_id, matched_by=signal)
        if retold := self.retold.get(one.key):
            story = self.stories.setdefault(retold.story.id, retold.story)
            score = round(retold.score, 3)
            return replace(entry, story_id=story.id, matched_by=MatchedBy.TEXT, match_score=score)
        self._begin(entry.uid, entry, self.now, self._news_at(entry))
        return replace(entry, story_id=entry.uid)

    def _begin(
        self,
        story_id: str,
        entry: Entry,
        first_seen_at: datetime,
        news_at: datetime,
        event_id: str | None = None,
    ) -> None:
        if story_id not in self.stories:
            self.stories[story_id] = Story(
                id=story_id,
                event_id=event_id,
                lead_uid=entry.uid,
                first_seen_at=first_seen_at,
                updated_at=entry.updated_at,
                news_at=news_at,
            )

    def _news_at(self, entry: Entry) -> datetime:
        """A feed's backlog keeps its place in time; later a date inside a feed is shown and not trusted."""
        if self.backlog and entry.published_at:
            return min(entry.published_at, self.now)
        return self.now


# -- one entry --------------------------------------------------------------------------------------------


def _content_of(said: ParsedEntry) -> Mapping[str, object]:
    return {
        "guid": said.guid,
        "url": said.url,
        "title": said.title,
        "summary": said.summary,
        "content": said.content,
        "author": said.author,
        "lang": said.lang,
        "published_at": _whole_ms(said.published_at) if said.published_at else None,
        "categories": said.categories,
        "enclosures": said.enclosures,
        "image": said.image,
        "own_text_key": said.own_text_key,
        "canonical_url": said.canonical_url,
    }


def new_entry(uid: str, said: ParsedEntry, feed: Feed, now: datetime, chrome: tuple[int, ...] = ()) -> Entry:
    """What a feed says for the first time, in a story of its own.

    `updated_at` is the feed's own word as far as it lies in the past: a backlog is not news of today.
    """
    dates = [when for when in (said.updated_at, said.published_at) if when and when <= now]
    return Entry(
        uid=uid,
        feed_id=feed.id,
        story_id=uid,
        first_seen_at=now,
        updated_at=_whole_ms(dates[0]) if dates else now,
        feed_url=feed.url,
        feed_title=feed.title,
        feed_site_url=feed.site_url,
        chrome=chrome,
        **_content_of(said),  # type: ignore[arg-type]  # the keys are fields of Entry
    )


def _edited(entry: Entry, one: Heard, now: datetime) -> Entry:
    """The stored entry as its feed tells it now. `updated_at` moves when what a person sees has changed.

    When it was published stays as it was said first (RFC 4287 §4.2.9): by a date that moves with every edit,
    or back, readers would sort the item anew.
    """
    said = full_text.kept(entry, one.said)
    after: Entry = replace(entry, **_content_of(said))  # type: ignore[arg-type]  # the keys are fields of Entry
    after = replace(
        after, published_at=entry.published_at, chrome=one.chrome if said is one.said else entry.chrome
    )
    if entry.url and after.url and canonical(entry.url) and canonical(entry.url) == canonical(after.url):
        after = replace(after, url=entry.url)  # a tracking parameter that changes with each poll
    unseen = replace(entry, guid=after.guid, lang=after.lang, chrome=after.chrome)
    if entry.guid != after.guid:
        unseen = replace(unseen, url=after.url)  # a feed that moves house has not edited its news
    return after if after == unseen else replace(after, updated_at=now)
