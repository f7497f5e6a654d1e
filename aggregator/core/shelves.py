"""What one output holds: the stories that it takes, in order, and which of them it shows now. Pure.

Publishing and previewing both go through here, so that what is foretold is what happens. A shelf follows
story by story; whoever owns it remembers where each story stood before.

To add a kind of output: a function that makes its shelf, a line in `shelves_of`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from aggregator.core.archives import Page, page_before, places_on
from aggregator.core.coverage import Coverage
from aggregator.core.filters import Search, Subject, story_subject
from aggregator.core.items import listed
from aggregator.core.selection import Place, Ranking, choose, choose_between, member_of, takes
from aggregator.core.settings import OutputSettings, Settings
from aggregator.core.standing import Standing
from aggregator.core.tellings import Tellings
from aggregator.model import Group, Story

TAG_LIMIT = 100


@dataclass(slots=True)
class Shelf:
    """One output, or a named tag, and what it holds. `path` is its address without a suffix."""

    path: str
    output: OutputSettings
    takes: Callable[[Story, Subject, datetime], bool]
    tag: str | None = None
    timed: bool = False
    """whether what it takes changes as time goes by"""
    _ranking: Ranking = field(default_factory=Ranking)
    _standing: Standing | None = None
    """where an item is an event: the events that the ranking holds the places of"""
    _tellings: Tellings | None = None
    """where an item is an entry: likewise"""

    def __post_init__(self) -> None:
        self._standing = Standing() if self.output.group is Group.EVENT else None
        self._tellings = Tellings() if self.output.group is Group.NONE else None

    def put(self, story_id: str, before: Place | None, after: tuple[Place, Story] | None) -> None:
        """The story stood there; now it is this and stands there, None where the output does not take it."""
        if self._standing:
            self._standing.put(story_id, member_of(after[1]) if after else None)
        elif self._tellings:
            self._tellings.put(story_id, after[1] if after else None, self._ranking)
        else:
            self._ranking.put(before, after[0] if after else None)

    def shown(self, now: datetime) -> tuple[Place, ...]:
        """The places of what is shown now, in the output's order."""
        if self._standing:
            self._standing.settle(self._ranking)
        return choose(self.output, self._ranking, now=now)

    def told_between(self, begins: datetime, ends: datetime) -> tuple[Place, ...]:
        """The places of the news from `begins` up to `ends`, what most feeds tell first."""
        if self._standing:
            self._standing.settle(self._ranking)
        return choose_between(self.output, self._ranking, begins, ends)

    def archived_before(self, place: Place) -> Page | None:
        """The page of the archive with what is older than this; None where nothing is."""
        return page_before(self.output, self._ranking, place)

    def archived_on(self, page: Page) -> list[Place]:
        """The places on this page of the archive, the newest first."""
        return places_on(self.output, self._ranking, page)

    def coverage(self, item_id: str) -> Coverage | None:
        """The event that is shown under this id; None where an item is no event."""
        return self._standing.coverage(item_id) if self._standing else None

    def stories(self, item_id: str) -> tuple[str, ...]:
        """The ids of the stories that what is shown under this id speaks of."""
        if coverage := self.coverage(item_id):
            return listed(coverage)
        return (self._tellings.story_of(item_id) if self._tellings else item_id,)


def shelves_of(settings: Settings, search: Search) -> Iterator[Shelf]:
    """An empty shelf for every output and every tag that the config names."""
    for output in settings.outputs:
        timed = any(one.timed for one in (output.include, output.exclude) if one)
        yield Shelf(output.name, output, _filter_of(output, search), timed=timed)
    yield from map(tag_shelf, settings.named_tags)


def put_on(
    shelves: Collection[Shelf],
    settings: Settings,
    story_id: str,
    before: Place | None,
    after: tuple[Place, Story] | None,
    now: datetime,
) -> None:
    """The story stood there; now it is this and stands there, where one of the settings' shelves takes it."""
    taken = frozenset(shelf.path for shelf in _takers(shelves, settings, after[1], now)) if after else ()
    for shelf in shelves:
        shelf.put(story_id, before, after if shelf.path in taken else None)


def _takers(shelves: Iterable[Shelf], settings: Settings, story: Story, now: datetime) -> Iterator[Shelf]:
    """Which of the shelves take the story; what its words rule out is not asked."""
    subject = story_subject(story)
    possible = {settings.outputs[number].name for number in settings.outputs_together.possible(subject)}
    for shelf in shelves:
        if (shelf.tag or shelf.path in possible) and shelf.takes(story, subject, now):
            yield shelf


def _filter_of(output: OutputSettings, search: Search) -> Callable[[Story, Subject, datetime], bool]:
    return lambda _, subject, now: takes(output, subject, now=now, search=search)


def tag_shelf(tag: str) -> Shelf:
    """An empty shelf for the stories with this tag or one of its children."""

    def has(story: Story, _: Subject, __: datetime) -> bool:
        return any(is_below(one.name, tag) for one in story.tags)

    output = OutputSettings(
        name=f"tag/{tag}",
        title=f"Tag: {tag}",
        description=f"Every story once, with the tag {tag}",
        limit=TAG_LIMIT,
    )
    return Shelf(output.name, output, has, tag)


def is_below(name: str, tag: str) -> bool:
    """Whether the tag of this name is `tag` or one of its children."""
    return name == tag or name.startswith(f"{tag}/")
