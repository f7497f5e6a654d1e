"""Which story may an entry join? Answers from what was seen under its fingerprints; pure.

An entry joins another feed's story where one key is the same, or where one is about the page that the other
is. Within one feed nothing is collapsed except the same text under the same link: a series and a new version
both look alike from outside. A feed that repeats one text without end fills story after story: the time for a
document stays in proportion to its length.

To change who may join whom: `_closed`.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from aggregator.core.dedup import SIGNALS, sought
from aggregator.model import DedupLevel, Entry, Fingerprint, Known, MatchedBy, Sighting

MAX_REPEATS = 100  # entries of one feed in one story
SECTION_STORIES = 3  # of one feed under one key; two may be one article under two headlines, or two links

SPLIT_OFF = "a person has split it off"

Prints = tuple[Fingerprint, ...]
Found = tuple[MatchedBy, Sighting]

RANKS = {signal: rank for rank, signal in enumerate(dict.fromkeys(signal for signal, _ in SIGNALS))}


@dataclass(frozen=True, slots=True, order=True)
class Wish:
    """A story that a new entry, by its number, may join by one of its keys; the surest go first."""

    rank: tuple[int, int]
    first_seen_at: datetime
    story_id: str
    number: int
    found: Found = field(compare=False)


@dataclass(frozen=True, slots=True)
class Seen:
    """A sighting under one of an entry's keys, by which signal it counts, and why its story is closed to it.

    `apart` is empty where it is open.
    """

    signal: MatchedBy
    sighting: Sighting
    apart: str


class Joining:
    """What has been seen under every fingerprint: stored entries, and those that `see` adds."""

    def __init__(self, known: Known, level_of: Callable[[int], DedupLevel], since: datetime) -> None:
        self._feed_id = known.feed.id
        self._level_of = level_of
        self._since = since
        self._split = known.split
        self._others: defaultdict[Fingerprint, list[Sighting]] = defaultdict(list)
        self._mine: defaultdict[Fingerprint, dict[str, Sighting]] = defaultdict(dict)
        self._prints: defaultdict[str, set[Fingerprint]] = defaultdict(set)
        self._own: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for sighting in known.sightings:
            self._note(sighting)
        for story in known.stories.values():
            own = (entry.uid for entry in story.entries if entry.feed_id == self._feed_id)
            self._own[story.id] |= dict.fromkeys(own)

    def see(self, entry: Entry, prints: Prints) -> None:
        """The feed has told this entry, in the story that it names."""
        self._own[entry.story_id][entry.uid] = None
        for key in prints:
            self._note(
                Sighting(
                    fingerprint=key,
                    uid=entry.uid,
                    story_id=entry.story_id,
                    feed_id=entry.feed_id,
                    first_seen_at=entry.first_seen_at,
                )
            )

    def knows(self, prints: Prints) -> bool:
        """Whether anything was seen under one of these keys."""
        return any(key in self._others or key in self._mine for _, key in sought(prints))

    def claims(self, new: Mapping[int, Prints]) -> Mapping[int, Found]:
        """By its number what each of these new entries joins, the surest key and the oldest story first.

        A story takes one of them and its repeats, whichever order a document has them in.
        """
        if self._level_of(self._feed_id) is DedupLevel.OFF:
            return {}
        wishes = sorted(chain.from_iterable(self._wishes(number, prints) for number, prints in new.items()))
        found: dict[int, Found] = {}
        holders: dict[str, Prints] = {}
        told = Counter({story_id: len(own) for story_id, own in self._own.items()})
        for wish in wishes:
            if wish.number in found or told[wish.story_id] >= MAX_REPEATS:
                continue
            prints, is_own = _own_words(new[wish.number]), wish.found[1].feed_id == self._feed_id
            holder = prints if is_own else holders.get(wish.story_id)
            if holder is None or (holder == prints and _has_link_and_text(prints)):
                holders[wish.story_id] = prints
                found[wish.number] = wish.found
                told[wish.story_id] += 1
        return found

    def repeat_of(self, prints: Prints) -> Found | None:
        """The oldest story in which the feed itself has said the same under the same link."""
        if self._level_of(self._feed_id) is DedupLevel.OFF:
            return None
        repeated = self._repeated(_own_words(prints))
        oldest = min(repeated, key=lambda one: (one.first_seen_at, one.story_id), default=None)
        return (prints[0].signal, oldest) if oldest else None

    def _wishes(self, number: int, prints: Prints) -> Iterator[Wish]:
        said = _own_words(prints)
        for place, (signal, key) in enumerate(sought(prints)):
            others = [one for one in self._told(signal, key) if not self._closed(one, said)]
            for one in others if place else (*others, *self._repeated(said)):
                yield Wish((RANKS[signal], place), one.first_seen_at, one.story_id, number, (signal, one))

    def _told(self, signal: MatchedBy, key: Fingerprint) -> list[Sighting]:
        """What other feeds have told under a key that means one story."""
        told = self._others.get(key, [])
        if self._is_section(key, told):
            return []
        return told if signal is not MatchedBy.TARGET else list(filter(self._both_at_story, told))

    def _both_at_story(self, sighting: Sighting) -> bool:
        """Whether this feed and the sighting's are matched by more than their own words."""
        return all(self._level_of(one) is DedupLevel.STORY for one in (self._feed_id, sighting.feed_id))

    def _is_section(self, key: Fingerprint, told: Iterable[Sighting]) -> bool:
        """Whether a feed tells story after story under one key.

        Such a link leads to a section, or to a shop; title and opening are those of a series.
        """
        stories = Counter(feed for feed, _ in {(one.feed_id, one.story_id) for one in told})
        return max([len(self._mine.get(key, {})), *stories.values()]) >= SECTION_STORIES

    def barred(self, prints: Prints) -> frozenset[str]:
        """The stories from which a person has split what this feed said before under one of these keys."""
        if not self._split:
            return frozenset()
        own = (one.uid for key in prints for one in self._mine.get(key, {}).values())
        return frozenset(self._split[uid] for uid in own if uid in self._split)

    def seen(self, prints: Prints) -> Iterator[Seen]:
        """What was seen under these keys, the surest first, and of each story the first."""
        said = tuple(key for key in prints if key.signal is not MatchedBy.TARGET)
        told: set[str] = set()
        for signal, key in sought(prints):
            for sighting in chain(self._others.get(key, ()), self._mine.get(key, {}).values()):
                if sighting.story_id not in told:
                    told.add(sighting.story_id)
                    apart = self._unsaid(signal, key, sighting) or self._closed(sighting, said)
                    yield Seen(signal, sighting, apart)

    def _unsaid(self, signal: MatchedBy, key: Fingerprint, sighting: Sighting) -> str:
        """Why this key says nothing of the sighting's story; empty where it means that one story."""
        if self._is_section(key, self._others.get(key, [])):
            what = "title and opening" if key.signal is MatchedBy.TITLE else "link"
            return f"a feed tells story after story under that {what}"
        if signal is MatchedBy.TARGET and not self._both_at_story(sighting):
            return "targets count where both feeds' dedup is story"
        return ""

    def _note(self, sighting: Sighting) -> None:
        key = sighting.fingerprint
        self._prints[sighting.uid].add(key)
        if sighting.feed_id != self._feed_id:
            self._others[key].append(sighting)
            return
        first = self._mine[key].setdefault(sighting.story_id, sighting)
        if sighting.first_seen_at < first.first_seen_at:
            self._mine[key][sighting.story_id] = sighting

    def _closed(self, sighting: Sighting, prints: Prints) -> str:
        """Why a story is not open to an entry of this feed; empty where it is."""
        if DedupLevel.OFF in (self._level_of(self._feed_id), self._level_of(sighting.feed_id)):
            return "dedup is off for one of the feeds"
        if sighting.first_seen_at < self._since:
            return "first seen before the window"
        if sighting.story_id in self.barred(prints):
            return SPLIT_OFF
        own = self._own.get(sighting.story_id, {})
        if not own and sighting.feed_id != self._feed_id:
            return ""
        if len(own) < MAX_REPEATS and self._says_the_same((*own, sighting.uid), prints):
            return ""
        return "the feed tells that story already"

    def _repeated(self, prints: Prints) -> Iterator[Sighting]:
        """The stories in which the feed itself says the same under the same link."""
        if not prints:
            return
        stories = min((self._mine[key] for key in prints), key=len)
        for sighting in list(stories.values()):
            own = self._own.get(sighting.story_id, {})
            if len(own) >= MAX_REPEATS:
                del stories[sighting.story_id]
            elif sighting.first_seen_at >= self._since and self._says_the_same((*own, sighting.uid), prints):
                yield sighting

    def _says_the_same(self, uids: tuple[str, ...], prints: Prints) -> bool:
        """Whether one of these entries was seen under every key: link and text."""
        known = (self._prints[uid] for uid in uids if uid in self._prints)
        return _has_link_and_text(prints) and any(seen.issuperset(prints) for seen in known)


def _own_words(prints: Prints) -> Prints:
    """Without what the entry only points to: many may point to one page and say different things of it."""
    return tuple(key for key in prints if key.signal is not MatchedBy.TARGET)


def _has_link_and_text(prints: Prints) -> bool:
    return len({key.signal for key in prints}) > 1
