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
WAITING = "waiting"  # for its first poll: nobody knows yet whether it is fine
ORDER = ("failing", "gone", WAITING, "fine", "paused")
"""of the page: what a person should see first; the words are those of the page"""

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
    states = [state_of(feed) for feed in feeds]
    return {word: states.count(word) for word in ORDER if word in states}


def state_of(feed: Feed) -> str:
    """How it is, in the word of the page."""
    waits = feed.state is FeedState.ACTIVE and not feed.last_polled_at
    return WAITING if waits else STATES[feed.state]


def _source(feed: Feed, figures: FeedFigures) -> Source:
    polls = sparkline(figures.beats) if figures.beats else None
    return Source(
        feed, state_of(feed), polls, figures.brought, per_day(figures), copied(figures), cure_of(feed)
    )


def _trouble_first(feed: Feed) -> tuple[int, str]:
    return ORDER.index(state_of(feed)), (feed.title or feed.url).casefold()
