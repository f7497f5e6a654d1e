"""Which entry of a feed is which: the identity that its ids are minted from, and finding it again. Pure.

A feed's own word is believed as far as it makes sense: a guid that several entries share is no guid, a
document that changed all its guids is the same feed as before. A doubtful entry counts as new: a repeat is
a smaller evil than two items under one id.

To find entries again by something new: a rule in `OwnEntries.match`, after those that are surer.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from aggregator.core.dedup import fingerprints, key64
from aggregator.core.text import plain_text, same_key
from aggregator.core.urls import canonical
from aggregator.model import Entry, Fingerprint, Known, MatchedBy, ParsedEntry, ParsedFeed


@dataclass(frozen=True, slots=True)
class Heard:
    """One entry of a document with all that it is recognised by."""

    said: ParsedEntry
    identity: str
    prints: tuple[Fingerprint, ...]
    shared: bool = False
    """the document gives the same guid, or without one the same link, to other entries too"""

    @property
    def key(self) -> int:
        """The identity as the store keeps it, 64 bits."""
        return key64(self.identity)


def heard(parsed: ParsedFeed) -> tuple[Heard, ...]:
    """The document's entries in its order, each once: exact repeats (guid, link and title) are left out."""
    names = Counter(_name(one) for one in {_repeat_key(one): one for one in parsed.entries}.values())
    by_identity: dict[str, ParsedEntry] = {}
    for one in parsed.entries:
        by_identity.setdefault(identity(one, shared=names[_name(one)] > 1), one)
    sections = _section_links(by_identity.values())
    return tuple(
        Heard(
            said=one,
            identity=name,
            prints=tuple(key for key in fingerprints(one) if key not in sections),
            shared=names[_name(one)] > 1,
        )
        for name, one in by_identity.items()
    )


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


def _section_links(entries: Iterable[ParsedEntry]) -> frozenset[Fingerprint]:
    """Links under which the document says different things: they lead to a section, not to an article."""
    titles: defaultdict[Fingerprint, set[str]] = defaultdict(set)
    for one in entries:
        for key in fingerprints(one):
            if key.signal is MatchedBy.URL:
                titles[key].add(same_key(one.title))
    return frozenset(key for key, said in titles.items() if len(said) > 1)


class OwnEntries:
    """The feed's stored entries that a document may speak of, each to be matched at most once."""

    def __init__(self, known: Known, document: Iterable[Heard]) -> None:
        self._origin = known.feed.origin
        self._uids = known.uids
        self._guids = Counter(one.said.guid for one in document)
        self._by_uid = {entry.uid: entry for entry in known.mine}
        self._by_guid: defaultdict[str | None, list[Entry]] = defaultdict(list)
        self._by_url: defaultdict[str | None, list[Entry]] = defaultdict(list)
        for entry in self._by_uid.values():
            self._by_guid[entry.guid].append(entry)
            self._by_url[entry.url].append(entry)
        self._matched: set[str] = set()

    def match(self, one: Heard) -> Entry | None:
        """The stored entry that this is, by guid and link, guid alone, its words, or link and title."""
        for rule in (self._same_guid_and_link, self._same_guid, self._same_text, self._moved):
            found = next((entry for entry in rule(one) if entry.uid not in self._matched), None)
            if found:
                self._matched.add(found.uid)
                return found
        return None

    def mint(self, one: Heard) -> str:
        """A new entry's uid: UUIDv5 (RFC 9562 §5.5) of the feed's first URL and the identity.

        An id that was given to another entry, when the guid was still that one's, is not given again.
        """
        uid = self._minted(one.identity)
        if uid in self._by_uid:
            return self._minted(identity(one.said, shared=True))
        return uid

    def _minted(self, name: str) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self._origin}\n{name}"))

    def _same_guid_and_link(self, one: Heard) -> list[Entry]:
        """Without a guid the link is all there is."""
        said = one.said
        if not said.guid and not said.url:
            return []
        same_guid = self._by_guid[said.guid] if said.guid else self._by_url[said.url]
        return self._told_apart(one, [entry for entry in same_guid if _ids(entry) == _ids(said)])

    def _same_guid(self, one: Heard) -> list[Entry]:
        return self._told_apart(one, self._by_guid[one.said.guid]) if one.said.guid else []

    def _told_apart(self, one: Heard, found: list[Entry]) -> list[Entry]:
        """An id counts alone where it means one entry, on both sides; else the title has to agree."""
        if len(found) == 1 and not one.shared:
            return found
        return [entry for entry in found if entry.title == one.said.title]

    def _same_text(self, one: Heard) -> list[Entry]:
        """By the identity as it was stored: the id that its words give changes where the feed moves."""
        found = self._by_uid.get(self._uids.get(one.key, ""))
        return [found] if found and _ids(found) == _ids(one.said) == (None, None) else []

    def _moved(self, one: Heard) -> list[Entry]:
        """How a feed looks that has changed its guids: the old one is gone, link and words are the same."""
        if not (one.said.url and canonical(one.said.url)):
            return []
        title = same_key(one.said.title)
        return [
            entry
            for entry in self._by_url[one.said.url]
            if same_key(entry.title) == title and not (entry.guid and self._guids[entry.guid])
        ]


def _ids(entry: Entry | ParsedEntry) -> tuple[str | None, str | None]:
    return entry.guid, entry.url
