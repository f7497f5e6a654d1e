"""How each source stands, as the page of the sources shows it. Pure.

To show more of a source: a field of Source, filled in `sources`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aggregator.core.cures import cure_of
from aggregator.model import Feed, FeedFigures, FeedState
from aggregator.web.plots import Sparkline, copied, per_day, sparkline

STATES = {
    FeedState.FAILING: "failing",
    FeedState.GONE: "gone",
    FeedState.ACTIVE: "fine",
    FeedState.PAUSED: "paused",
}
"""in the order of the page: what a person should see first; the words are those of the page"""

_ORDER = tuple(STATES)
_UNHEARD = FeedFigures()


@dataclass(frozen=True, slots=True)
class Source:
    """One feed with its last polls, what it brings, and what to do where it fails."""

    feed: Feed
    state: str
    polls: Sparkline | None
    brought: int
    per_day: float | None
    copied: float | None
    cure: str


def sources(feeds: Iterable[Feed], figures: Mapping[int, FeedFigures]) -> tuple[Source, ...]:
    """These feeds, the troubled ones first."""
    return tuple(_source(feed, figures.get(feed.id, _UNHEARD)) for feed in sorted(feeds, key=_trouble_first))


def tally(feeds: Iterable[Feed]) -> Mapping[str, int]:
    """How many sources are in each state, in the words of the page; without the zeros."""
    states = [STATES[feed.state] for feed in feeds]
    return {word: states.count(word) for word in STATES.values() if word in states}


def _source(feed: Feed, figures: FeedFigures) -> Source:
    polls = sparkline(figures.beats) if figures.beats else None
    return Source(
        feed, STATES[feed.state], polls, figures.brought, per_day(figures), copied(figures), cure_of(feed)
    )


def _trouble_first(feed: Feed) -> tuple[int, str]:
    return _ORDER.index(feed.state), (feed.title or feed.url).casefold()
