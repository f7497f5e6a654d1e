"""Why an output shows a story or does not: every clause of it judged, and the one that decided. Pure.

The same conditions as in selection.py, asked about one story. What depends on other stories (`limit`,
`per_feed`) is told by what the output shows now.

To add a condition: a line in `_conditions`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from aggregator.core.coverage import event_of_story
from aggregator.core.filters import Explanation, Search, Subject, story_subject
from aggregator.core.filters import explain as explained
from aggregator.core.listing import Listing
from aggregator.core.schedule import in_words
from aggregator.core.selection import Place, covered, is_too_old, member_of, place_of, takes
from aggregator.core.settings import OutputSettings, Settings
from aggregator.core.tellings import places_of
from aggregator.model import Group, Order, Story

NOTHING_SHOWN: Mapping[str, Listing] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class OutputVerdict:
    """What one output says of a story; `clause` is what decided, `tree` all that was asked."""

    name: str
    taken: bool
    clause: str
    tree: Explanation


@dataclass(frozen=True, slots=True)
class _Condition:
    """One part of an output: as the config says it, whether it lets the story in, and what to say if not."""

    judged: Explanation
    holds: bool
    refusal: str


def explain(
    settings: Settings,
    story: Story,
    *,
    now: datetime,
    search: Search,
    event: Sequence[Story] = (),
    shown: Mapping[str, Listing] = NOTHING_SHOWN,
) -> tuple[OutputVerdict, ...]:
    """What each output says of this story.

    `event` are the stories of its event; where an output groups by event, they count as far as it takes them.
    `shown` is what readers see of each output; without it, limits that depend on other stories are not told.
    """
    subject, told = story_subject(story), [(one, story_subject(one)) for one in event]

    def place(output: OutputSettings) -> Place:
        if output.group is Group.NONE:
            return max(places_of(story))
        taken = (one for one, said in told if takes(output, said, now=now, search=search))
        together = {one.id: member_of(one) for one in taken} if output.group is Group.EVENT else {}
        return covered(together.values())[0] if story.id in together else place_of(story)

    def verdict(output: OutputSettings) -> OutputVerdict:
        asked = [*_filters(output, subject, now, search)]
        asked += _conditions(output, story, place(output), now, shown.get(output.name, ()))
        return _verdict(output, asked)

    return tuple(map(verdict, settings.outputs))


def _verdict(output: OutputSettings, asked: Sequence[_Condition]) -> OutputVerdict:
    included = asked[0].judged.decisive if output.include else ""
    praise = f"include: {included}" if output.include else "takes everything"
    clause = next((one.refusal for one in asked if not one.holds), praise)
    taken = all(one.holds for one in asked)
    tree = Explanation(f"output {output.name}", taken, clause, tuple(one.judged for one in asked))
    return OutputVerdict(output.name, taken, clause, tree)


def _filters(output: OutputSettings, subject: Subject, now: datetime, search: Search) -> Iterator[_Condition]:
    """`include`, which comes first where there is one, and `exclude`."""
    if output.include:
        found = explained(output.include, subject, now=now, search=search)
        late = " (out of time)" if found.verdict is None else ""
        yield _Condition(
            _under("include", found), found.verdict is True, f"not included: {found.decisive}{late}"
        )
    if output.exclude:
        found = explained(output.exclude, subject, now=now, search=search)
        yield _Condition(_under("exclude", found), not found.verdict, f"exclude: {found.decisive}")


def _under(key: str, found: Explanation) -> Explanation:
    return replace(found, clause=f"{key}: {found.clause}")


def _conditions(
    output: OutputSettings, story: Story, place: Place, now: datetime, shown: Listing
) -> Iterator[_Condition]:
    if output.max_age is not None:
        span = in_words(output.max_age)
        young = not is_too_old(output, place, now)
        yield _limit(f"max_age: {span}", young, f"older than max_age: {span}")
    if output.min_feeds > 1:
        told = f"told by {place.coverage} of min_feeds: {output.min_feeds}"
        yield _limit(f"min_feeds: {output.min_feeds}", place.coverage >= output.min_feeds, told)
    if not shown or output.digest:
        return
    is_shown = bool(_item_ids(output, story) & {one.id for one in shown})
    if output.per_feed is not None:
        of_feed = tuple(one for one in shown if one.feed_url == _feed_url(story, place))
        fits = is_shown or _has_room(output, of_feed, output.per_feed, place)
        told = f"beyond the first {output.per_feed} of its feed (per_feed)"
        yield _limit(f"per_feed: {output.per_feed}", fits, told)
    fits = is_shown or _has_room(output, shown, output.limit, place)
    yield _limit(f"limit: {output.limit}", fits, f"beyond the first {output.limit} (limit)")


def _limit(clause: str, holds: bool, refusal: str) -> _Condition:
    return _Condition(Explanation(clause, holds, clause), holds, refusal)


def _item_ids(output: OutputSettings, story: Story) -> set[str]:
    """The ids under which the output may show the story."""
    if output.group is Group.NONE:
        return {entry.uid for entry in story.entries}
    return {event_of_story(story) if output.group is Group.EVENT else story.id}


def _feed_url(story: Story, place: Place) -> str:
    """The address of the feed that the place counts for; of its event's lead, that of the story's own."""
    own = story.lead.feed_url
    return next((entry.feed_url for entry in story.entries if entry.feed_id == place.feed_id), own)


def _has_room(output: OutputSettings, shown: Listing, most: int, place: Place) -> bool:
    """Whether the place is among the first `most`: newer than the last of them, which may not show it yet.

    By coverage the next round decides that: what is not shown is beyond them as far as is known.
    """
    if len(shown) < most:
        return True
    return output.order is Order.NEWEST and place.news_at.replace(microsecond=0) > shown[most - 1].news_at
