"""Numbers as shapes: marks for polls, columns for days, bars for shares. Pure; the templates draw them.

Shapes are in units of their own `viewBox` and stretch with the page; words stand beside them as text, so that
they stay readable on a phone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor, log, log10
from statistics import median

from aggregator.core.text import counted
from aggregator.model import Beat, Day, FeedFigures, Outcome

BEATS = 40  # marks in a row
BEAT_WIDTH = 4  # with the gap after it
BEAT_GROUND = 20  # marks stand on it; those of failures hang below, so that no eye needs to tell colours
BEAT_HEIGHT = 30
SHORTEST_PLOT = 14  # days
_QUICK_MS, _SLOW_MS = 20, 20_000  # the shortest mark and the tallest
_SHORTEST = 4
_ENOUGH = timedelta(hours=1)  # of polls, to say what a day brings

KINDS = {
    "new": (Outcome.NEW,),
    "same": (Outcome.UNCHANGED, Outcome.NOT_MODIFIED),
    "failed": (Outcome.FAILED,),
    "left": (Outcome.SKIPPED,),
}
"""The classes of marks, and the outcomes that they stand for."""


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A row of polls: for each kind of mark its path, and all of it in words."""

    paths: tuple[tuple[str, str], ...]
    said: str


@dataclass(frozen=True, slots=True)
class Column:
    """One day of the plot: from the ground up its stories, then its copies; heights are of 100."""

    day: Day
    stories: float
    copies: float


@dataclass(frozen=True, slots=True)
class DayPlot:
    """Day by day what came; `top` is the number that 100 stands for."""

    columns: tuple[Column, ...]
    top: int
    stories: int
    copies: int


def sparkline(beats: Sequence[Beat]) -> Sparkline:
    """These polls as marks, the newest at the right; a taller one took longer."""
    last = beats[-BEATS:]
    paths = {kind: "".join(_marks(last, outcomes)) for kind, outcomes in KINDS.items()}
    return Sparkline(tuple((kind, path) for kind, path in paths.items() if path), _said(last))


def _marks(beats: Sequence[Beat], outcomes: tuple[Outcome, ...]) -> Iterable[str]:
    for place, beat in enumerate(beats, BEATS - len(beats)):
        if beat.outcome in outcomes:
            yield f"M{place * BEAT_WIDTH + 1.5:g} {BEAT_GROUND}v{_rise(beat):g}"


def _rise(beat: Beat) -> float:
    """How far the mark goes, down the screen, by the logarithm: ten times as long is as much everywhere."""
    share = log(max(beat.took_ms, _QUICK_MS) / _QUICK_MS) / log(_SLOW_MS / _QUICK_MS)
    height = round(_SHORTEST + min(share, 1.0) * (BEAT_GROUND - _SHORTEST))
    return height / 2 if beat.outcome is Outcome.FAILED else -height


def _said(beats: Sequence[Beat]) -> str:
    many = {kind: sum(beat.outcome in outcomes for beat in beats) for kind, outcomes in KINDS.items()}
    words = {"new": "with news", "same": "without", "failed": "failed", "left": "left out"}
    told = ", ".join(f"{many[kind]} {word}" for kind, word in words.items() if many[kind])
    asked = [beat.took_ms for beat in beats if beat.outcome is not Outcome.SKIPPED]
    took = f"; half of them within {median(asked):,.0f} ms" if asked else ""
    return f"Last {counted(len(beats), 'poll')}: {told}{took}"


def per_day(figures: FeedFigures) -> float | None:
    """How many entries a day the feed brings; None where it is too early to say."""
    if figures.span < _ENOUGH:
        return None
    return (figures.brought - figures.backlog) / (figures.span / timedelta(days=1))


def copied(figures: FeedFigures) -> float | None:
    """Which share of the feed's entries told a story that was there; None where it brought none."""
    return 1 - figures.began / figures.brought if figures.brought else None


def day_plot(days: Iterable[Day], *, last: date) -> DayPlot:
    """A column for each day from the first on which anything came, and for a fortnight at least."""
    known = {one.day: one for one in days}
    first = min([*known, last - timedelta(days=SHORTEST_PLOT - 1)])
    span = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    whole = [known.get(day, Day(day)) for day in span]
    top = ceiling(max(one.stories + one.copies for one in whole))
    columns = tuple(Column(one, 100 * one.stories / top, 100 * one.copies / top) for one in whole)
    return DayPlot(columns, top, sum(one.stories for one in whole), sum(one.copies for one in whole))


def ceiling(number: int) -> int:
    """The next even number with one digit before its zeros, or one and a half: where a scale may end."""
    if number <= 4:
        return 4
    step = 10 ** floor(log10(number))
    return next(int(step * factor) for factor in (1, 1.6, 2, 3, 4, 6, 8, 10) if step * factor >= number)
