"""Which story may an entry join? Answers from what was seen under its fingerprints; pure.

An entry joins another feed's story where one key is the same. Within one feed nothing is collapsed except the
same text under the same link: a series and a new version both look alike from outside. A feed that repeats
one text without end fills story after story: the time for a document stays in proportion to its length.

To change who may join whom: `_may_join`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime

from aggregator.model import DedupLevel, Entry, Fingerprint, Known, Sighting

MAX_REPEATS = 100  # entries of one feed in one story

Prints = tuple[Fingerprint, ...]


class Joining:
    """What has been seen under every fingerprint: stored entries, and those that `see` adds."""

    def __init__(self, known: Known, level_of: Callable[[int], DedupLevel], since: datetime) -> None:
        self._feed_id = known.feed.id
        self._level_of = level_of
        self._since = since
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

    def story_for(self, prints: Prints) -> tuple[Fingerprint, Sighting] | None:
        """The oldest story that an entry with these keys may join, and the surest key that says so."""
        if self._level_of(self._feed_id) is DedupLevel.OFF:
            return None
        repeated = list(self._repeated(prints))
        for key in prints:
            allowed = [one for one in self._others[key] if self._may_join(one, prints)] + repeated
            if allowed:
                return key, min(allowed, key=lambda one: (one.first_seen_at, one.story_id))
        return None

    def _note(self, sighting: Sighting) -> None:
        key = sighting.fingerprint
        self._prints[sighting.uid].add(key)
        if sighting.feed_id != self._feed_id:
            self._others[key].append(sighting)
            return
        first = self._mine[key].setdefault(sighting.story_id, sighting)
        if sighting.first_seen_at < first.first_seen_at:
            self._mine[key][sighting.story_id] = sighting

    def _may_join(self, sighting: Sighting, prints: Prints) -> bool:
        """Whether another feed's story is open to an entry of this one."""
        if sighting.first_seen_at < self._since or self._level_of(sighting.feed_id) is DedupLevel.OFF:
            return False
        own = self._own.get(sighting.story_id, {})
        return not own or (len(own) < MAX_REPEATS and self._says_the_same((*own, sighting.uid), prints))

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
        both = len({key.signal for key in prints}) > 1
        return both and any(self._prints[uid].issuperset(prints) for uid in uids if uid in self._prints)
