"""Which event does each new story of a document tell of? Pure; groups, and never collapses anything.

Asked of a story once, when it begins: an event grows and is never taken apart by itself. The stories of a
document find each other, too, in an order that does not depend on how the feed lists them.

To change what is close: core/events.py. Who may share an event: `Grouping._open`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator.core import judging
from aggregator.core.coverage import event_of_story
from aggregator.core.events import Meanings, Telling, Weighed, event_of
from aggregator.core.gist import Gist
from aggregator.core.joining import SPLIT_OFF
from aggregator.core.neighbours import Neighbour, Neighbours
from aggregator.core.overruling import is_set_apart
from aggregator.model import Candidate, DedupLevel, Story

UNSTORED = 1 << 62  # entries that have no number yet are counted from here: above all that the store gives


@dataclass(frozen=True, slots=True)
class Beginning:
    """A new story as its first entry tells it; `key` is what the document knows that entry by."""

    key: int
    story: Story
    gist: Gist
    meaning: bytes


@dataclass(frozen=True, slots=True)
class Grouped:
    """What a document's new stories tell: them and the stored stories that they met, as they are from now on.

    `numbers` are the events' own, by story id, for those that the index held already; `moved` are those of
    stored stories whose event turned out to be part of another. `judged` is what each new story was compared
    with, by its id.
    """

    stories: Mapping[str, Story]
    numbers: Mapping[str, int]
    moved: Mapping[str, int]
    judged: Mapping[str, tuple[Candidate, ...]]


class Together:
    """The index with what this document has said so far, read as one."""

    def __init__(self, stored: Neighbours) -> None:
        self._stored, self._own = stored, Neighbours()
        self.weights = stored.weights  # how much a term tells: one document does not change that
        self._into: dict[int, int] = {}  # event → the one it turned out to be part of

    def near(self, terms: Iterable[int], *, rare: int, many: int, since: datetime) -> tuple[Neighbour, ...]:
        """At most `many` stored entries, and as many of the document, that share most of the rare terms."""
        wanted = tuple(terms)
        stored = self._stored.near(wanted, rare=rare, many=many, since=since)
        if not len(self._own):  # as for most documents
            return stored
        both = stored + self._own.near(wanted, rare=rare, many=many, since=since)
        if not self._into:
            return both
        return tuple(one._replace(event=self._into.get(one.event, one.event)) for one in both)

    def entries_of(self, event: int) -> Sequence[int]:
        """What tells the event, stored or of this document."""
        if not len(self._own):
            return self._stored.entries_of(event)
        events = (event, *(part for part, into in self._into.items() if into == event))
        told = {
            entry for one in events for held in (self._stored, self._own) for entry in held.entries_of(one)
        }
        return tuple(sorted(told))

    def unite(self, part: int, event: int) -> None:
        """What told the one event tells the other."""
        self._into |= {one: event for one, into in self._into.items() if into == part} | {part: event}

    def is_part_of(self, event: int, whole: int) -> bool:
        """Whether what told the one event tells the other by now."""
        return self._into.get(event) == whole

    def add(self, one: Beginning, number: int, event: int, now: datetime) -> None:
        """The document has said this."""
        self._own.add(number, event, now, one.gist.packed(), one.meaning)


class Grouping:
    """The new stories of one document, each asked for its event."""

    def __init__(
        self,
        index: Neighbours,
        meanings: Meanings,
        story_of: Callable[[int], Story | None],
        level_of: Callable[[int], DedupLevel],
        now: datetime,
    ) -> None:
        self._said = Together(index)
        self._meanings, self._story_of, self._level_of, self._now = meanings, story_of, level_of, now
        self._begun: dict[int, str] = {}  # the number that is none yet → the story
        self._stories: dict[str, Story] = {}
        self._numbers: dict[str, int] = {}
        self._moved: dict[str, int] = {}
        self._judged: dict[str, tuple[Candidate, ...]] = {}

    def grouped(self, new: Iterable[Beginning], held: Mapping[str, Story]) -> Grouped:
        """Each new story with its event; `held` are stories that the document has changed already, by id."""
        ordered = sorted(new, key=lambda one: one.key)
        for number, one in enumerate(ordered, UNSTORED):
            self._begun[number] = one.story.id
            self._stories[one.story.id] = one.story
            event = self._join(one, held) or number
            if one is not ordered[-1]:  # after which nobody asks
                self._said.add(one, number, event, self._now)
            if event < UNSTORED:
                self._numbers[one.story.id] = event
        return Grouped(self._stories, self._numbers, self._moved, self._judged)

    def _join(self, one: Beginning, held: Mapping[str, Story]) -> int | None:
        """The number of the event that the story tells of, having noted so; None where it begins one."""
        feed_id = one.story.entries[0].feed_id
        weighed: list[Weighed] = []
        telling = event_of(
            one.gist,
            one.meaning,
            self._said,
            self._meanings,
            now=self._now,
            is_own=lambda entry: self._is_told_by(feed_id, entry),
            tell=weighed.extend,
        )
        told = {telling.event, *telling.same} if telling else set()
        joined = self._into(one, telling, told, held) if telling else None
        self._judge(one, weighed, told, joined)
        return joined

    def _into(
        self, one: Beginning, telling: Telling, told: set[int], held: Mapping[str, Story]
    ) -> int | None:
        """The event that those which are told are from now on; None where it is closed to the story."""
        event = telling.event if telling.event < UNSTORED else min(told)  # what is stored stays
        closest = telling.entry if event == telling.event else self._said.entries_of(event)[0]
        other = self._open(closest, held)
        if other is None:
            return None
        joined = event_of_story(other)
        changed = (story for story in (other, one.story) if story.event_id != joined)
        self._stories |= {story.id: replace(story, event_id=joined) for story in changed}
        for part in sorted(told - {event}):
            if not (self._is_set_apart(part) or self._is_set_apart(event)):
                self._unite(part, event, joined, held)
        return event

    def _judge(self, one: Beginning, weighed: Sequence[Weighed], told: set[int], joined: int | None) -> None:
        """Write down what the story was compared with, once it is known what came of it."""

        def apart(event: int) -> str:
            if event not in told:
                return judging.CLOSER
            if joined is None:
                return judging.CLOSED
            return "" if event == joined or self._said.is_part_of(event, joined) else SPLIT_OFF

        if weighed:
            self._judged[one.story.id] = judging.weighed(weighed, self._named, apart, self._said.weights)

    def _named(self, number: int) -> tuple[int | None, str | None]:
        """What an entry is known by: those of this document have no number yet, and begin the story."""
        return (None, self._begun[number]) if number in self._begun else (number, None)

    def _is_set_apart(self, event: int) -> bool:
        """Whether a person said of the story that began the event that it is another: his word holds.

        Later stories may join it, and it stays an event of its own.
        """
        first = self._said.entries_of(event)[0]
        story = self._story_of(first) if first < UNSTORED else None
        return story is not None and is_set_apart(story)

    def _is_told_by(self, feed_id: int, number: int) -> bool:
        if number in self._begun:
            return True
        story = self._story_of(number)
        return story is not None and _feed_of(story, number) == feed_id

    def _unite(self, part: int, event: int, joined: str, held: Mapping[str, Story]) -> None:
        """Make the stories of one event those of another."""
        for number in self._said.entries_of(part):
            story = self._open(number, held)
            if story is None:
                continue
            self._stories[story.id] = replace(story, event_id=joined)
            if number < UNSTORED:
                self._moved[story.id] = event
            elif event < UNSTORED:
                self._numbers[story.id] = event
        self._said.unite(part, event)

    def _open(self, number: int, held: Mapping[str, Story]) -> Story | None:
        """The story of an entry, unless that is gone, or its feed is to be matched with no other."""
        if number in self._begun:
            return self._stories[self._begun[number]]
        story = self._story_of(number)
        if story is None or self._level_of(_feed_of(story, number)) is DedupLevel.OFF:
            return None
        return self._stories.get(story.id) or held.get(story.id) or story


def _feed_of(story: Story, number: int) -> int:
    return next(entry.feed_id for entry in story.entries if entry.id == number)


def event_numbers(stories: Iterable[Story], stored: Mapping[str, int]) -> Iterator[tuple[Story, int]]:
    """Each story with the number of its event: `stored`, by story id, or of its first entry among these."""
    told = tuple(stories)
    firsts: dict[str, int] = {}
    for story in told:
        event, first = story.event_id or story.id, min(entry.id for entry in story.entries)
        firsts[event] = min(first, firsts.get(event, first))
    for story in told:
        yield story, stored.get(story.id) or firsts[story.event_id or story.id]
