"""Which entry of a feed is which: the identity that its ids are minted from, and finding it again. Pure.

A feed's own word is believed as far as it makes sense: a guid that several entries share is no guid, a
document that changed all its guids is the same feed as before. A doubtful entry counts as new: a repeat is
a smaller evil than two items under one id.

To find entries again by something new: a rule in `OwnEntries.match`, after those that are surer.
"""

import uuid
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator.core import migration
from aggregator.core.chrome import ENTRIES, NOTHING_LEARNED, Lesson, repeated
from aggregator.core.dedup import fingerprints
from aggregator.core.gist import Gist, gist, opening
from aggregator.core.targets import pages_linked
from aggregator.core.text import key64, plain_text, same_key
from aggregator.model import Entry, Fingerprint, Known, MatchedBy, ParsedEntry, ParsedFeed

PORTION = 1_000  # entries that are decided and stored at once: other feeds wait for as long


@dataclass(frozen=True, slots=True)
class Heard:
    """One entry of a document with all that it is recognised by."""

    said: ParsedEntry
    identity: str
    prints: tuple[Fingerprint, ...]
    gist: Gist
    shared: bool = False
    """the document gives the same guid, or without one the same link, to other entries too"""
    chrome: tuple[int, ...] = ()
    """the keys of those blocks of its text that are page chrome"""

    @property
    def key(self) -> int:
        """The identity as the store keeps it, 64 bits."""
        return key64(self.identity)


@dataclass(frozen=True, slots=True)
class HeardDocument:
    """A feed document with its entries in its order, each once; or a portion of it."""

    title: str
    entries: tuple[Heard, ...]
    keys: frozenset[int]
    """the identity of every entry of the document, as the store keeps it, also in the other portions"""
    guids: frozenset[str]
    urls: frozenset[str]
    lesson: Lesson = NOTHING_LEARNED
    """what the feed's page chrome was found to be"""
    last: bool = True
    """nothing of the document comes after this portion"""

    def portions(self, size: int = PORTION) -> tuple["HeardDocument", ...]:
        """The document in parts, the oldest entries first, for feeds list the newest first. At least one."""
        ends = range(len(self.entries), 0, -size) or (0,)
        parts = [self.entries[max(end - size, 0) : end] for end in ends]
        return tuple(
            replace(self, entries=part, last=number == len(parts))
            for number, part in enumerate(parts, start=1)
        )


def heard(parsed: ParsedFeed, lesson: Lesson = NOTHING_LEARNED) -> HeardDocument:
    """What a document says, without exact repeats (guid, link and title) and with its page chrome marked."""
    names = Counter(_name(one) for one in {_repeat_key(one): one for one in parsed.entries}.values())
    by_identity: dict[str, ParsedEntry] = {}
    for one in parsed.entries:
        by_identity.setdefault(identity(one, shared=names[_name(one)] > 1), one)
    page = repeated(by_identity.values()) | lesson.chrome
    prints = {name: _told_prints(one, page) for name, one in by_identity.items()}
    sections = _section_links((one, prints[name]) for name, one in by_identity.items())
    if any(key.signal is MatchedBy.TARGET for some in prints.values() for key in some):
        sections |= _standing_links(by_identity.values())
    entries = tuple(
        Heard(
            said=one,
            identity=name,
            prints=tuple(key for key in prints[name] if key not in sections),
            gist=gist(one, page),
            shared=names[_name(one)] > 1,
            chrome=lesson.of(one),
        )
        for name, one in by_identity.items()
    )
    return HeardDocument(
        title=parsed.title,
        entries=entries,
        keys=frozenset(one.key for one in entries),
        guids=frozenset(one.said.guid for one in entries if one.said.guid),
        urls=frozenset(one.said.url for one in entries if one.said.url),
        lesson=lesson,
    )


def minted(origin: str, name: str) -> str:
    """The id that a feed's entry gets by this name: UUIDv5 (RFC 9562 §5.5)."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{origin}\n{name}"))


def id_names(one: Heard) -> tuple[str, str]:
    """The names that an entry's id is made of, the first whose id is free."""
    return one.identity, identity(one.said, shared=True)


def _told_prints(entry: ParsedEntry, page: frozenset[int]) -> tuple[Fingerprint, ...]:
    """The fingerprints; where an entry opens with nothing but page chrome, only its links tell of it."""
    prints = fingerprints(entry, page)
    if page and not opening(entry, page):
        return tuple(key for key in prints if key.signal is not MatchedBy.TITLE)
    return prints


def identity(entry: ParsedEntry, *, shared: bool = False) -> str:
    """What the entry is within its feed: its guid, else its link, else what it says.

    Where a document gives one guid (or, without guids, one link) to several entries, it is `shared`: then
    link and title tell them apart.
    """
    name = _name(entry)
    return f"{name}\n{entry.url or ''}\n{entry.title}" if shared else name


def _name(entry: ParsedEntry) -> str:
    if entry.guid:
        return f"guid\n{entry.guid}"
    if entry.url:
        return f"link\n{entry.url}"
    return f"text\n{same_key(entry.title)}\n{same_key(plain_text(entry.summary or entry.content))}"


def _repeat_key(entry: ParsedEntry) -> tuple[str, str | None, str]:
    return _name(entry), entry.url, entry.title


def _section_links(entries: Iterable[tuple[ParsedEntry, tuple[Fingerprint, ...]]]) -> frozenset[Fingerprint]:
    """Links under which the document says different things: they lead to a section, not to an article.

    A pointer beside its page in one document is no target, or the order of the two would choose which joins.
    """
    titles: defaultdict[Fingerprint, set[str]] = defaultdict(set)
    for one, prints in entries:
        for key in prints:
            if key.signal is not MatchedBy.TITLE:
                titles[key].add(same_key(one.title))
                titles[replace(key, signal=MatchedBy.TARGET)].add(same_key(one.title))
    return frozenset(key for key, said in titles.items() if len(said) > 1)


def _standing_links(entries: Iterable[ParsedEntry]) -> frozenset[Fingerprint]:
    """What the document leads to under title after title is the page's, and no entry is about it."""
    titles: defaultdict[str, set[str]] = defaultdict(set)
    for one in entries:
        for page in pages_linked(one):
            titles[page].add(same_key(one.title))
    often = (page for page, under in titles.items() if len(under) >= ENTRIES)
    return frozenset(Fingerprint(MatchedBy.TARGET, key64(page)) for page in often)


class OwnEntries:
    """The feed's stored entries that a document may speak of, each to be matched at most once."""

    def __init__(self, known: Known, document: HeardDocument) -> None:
        self._origin = known.feed.origin
        self._uids = known.uids
        self._taken = known.taken
        self._document = document
        self._by_uid = {entry.uid: entry for entry in known.mine}
        self._previous = {entry.uid: entry for entry in known.previous}
        self._matched: set[str] = set()
        self._waiting: defaultdict[tuple[object, ...], deque[Entry]] = defaultdict(deque)
        self._times: Counter[tuple[object, ...]] = Counter()
        for entry in self._by_uid.values():
            self._index(entry)

    def _index(self, entry: Entry) -> None:
        """Under all that it may be found by, so that a document is matched in one pass, however alike."""
        names: list[tuple[object, ...]] = [_ids(entry), (*_ids(entry), entry.title)]
        if entry.guid:
            names += [(entry.guid,), (entry.guid, "", entry.title)]
        if entry.guid in self._document.guids and entry.url and entry.title:
            names.append(("", entry.url, entry.title))
        if page := self._page_left(entry):
            names.append(("", page))
        for name in names:
            self._waiting[name].append(entry)
        self._times.update(names)

    def _page_left(self, entry: Entry) -> str | None:
        """How a feed looks that has changed its guids: the old one is gone, page and words are the same."""
        return None if entry.guid in self._document.guids else migration.page_key(entry)

    def matches(self) -> Iterator[tuple[Heard, Entry | None]]:
        """Each entry of the document, the last first, and the stored one that it is; None where it is new."""
        entries = self._document.entries[::-1]
        stored: list[Entry | None] = [None] * len(entries)
        # Rule by rule where one is surer than the next: a weak sign takes no entry that a strong one knows.
        for rules in (
            (self._same_guid_and_link,),
            (self._other_guid,),
            (self._same_guid, self._same_text, self._same_page),
        ):
            stored = [entry or self._match(one, rules) for one, entry in zip(entries, stored, strict=True)]
        found = list(zip(entries, stored, strict=True))
        new = [one.said for one, entry in found if entry is None]
        moved = migration.moved(new, [entry for entry in self._previous.values() if self._is_gone(entry)])
        place = 0
        for one, entry in found:
            yield one, entry or moved.get(place)
            place += entry is None

    def _is_gone(self, entry: Entry) -> bool:
        return not (
            entry.uid in self._matched
            or entry.guid in self._document.guids
            or entry.url in self._document.urls
        )

    def mint(self, one: Heard, *, now: datetime) -> str:
        """A new entry's uid, made of the feed's first URL and the identity.

        An id that was given to another entry, when the guid was still that one's, is not given again.
        """
        last = f"{identity(one.said, shared=True)}\n{now.isoformat()}"
        uids = (minted(self._origin, name) for name in (*id_names(one), last))
        return next(uid for uid in uids if uid not in self._taken)

    def _match(self, one: Heard, rules: Iterable[Callable[[Heard], Entry | None]]) -> Entry | None:
        """The stored entry that this is by the first of these rules that knows one."""
        for rule in rules:
            found = rule(one)
            if found and found.uid not in self._matched:
                self._matched.add(found.uid)
                return found
        return None

    def _same_guid_and_link(self, one: Heard) -> Entry | None:
        """Without a guid the link is all there is."""
        ids = _ids(one.said)
        if ids == (None, None):
            return None
        return self._next(ids if self._means_one(one, ids) else (*ids, one.said.title))

    def _other_guid(self, one: Heard) -> Entry | None:
        """By link and title, where guids go from entry to entry: some feeds number theirs by their places.

        Only where the guid that it had is another's now; where it is gone, the feed has changed its guids.
        """
        name = ("", one.said.url, one.said.title)
        return self._next(name) if self._times[name] == 1 and not one.shared else None

    def _same_guid(self, one: Heard) -> Entry | None:
        guid = one.said.guid
        if not guid:
            return None
        return self._next((guid,) if self._means_one(one, (guid,)) else (guid, "", one.said.title))

    def _means_one(self, one: Heard, name: tuple[object, ...]) -> bool:
        """An id counts alone where it means one entry, on both sides; else the title has to agree."""
        return self._times[name] == 1 and not one.shared

    def _same_text(self, one: Heard) -> Entry | None:
        """By the identity as it was stored: the id that its words give changes where the feed moves."""
        found = self._by_uid.get(self._uids.get(one.key, ""))
        return found if found and _ids(found) == _ids(one.said) == (None, None) else None

    def _same_page(self, one: Heard) -> Entry | None:
        page = migration.page_key(one.said)
        return self._next(("", page)) if page else None

    def _next(self, name: tuple[object, ...]) -> Entry | None:
        """The first entry under this name that was not matched yet."""
        waiting = self._waiting.get(name)
        while waiting and waiting[0].uid in self._matched:
            waiting.popleft()
        return waiting[0] if waiting else None


def _ids(entry: Entry | ParsedEntry) -> tuple[str | None, str | None]:
    return entry.guid, entry.url
