"""Numbers as shapes: what stands where, how tall it is, and the same in words."""

from datetime import date, timedelta

import pytest

from aggregator.model import Beat, Day, FeedFigures, Outcome
from aggregator.web.plots import BEATS, SHORTEST_PLOT, ceiling, copied, day_plot, per_day, sparkline

TODAY = date(2026, 11, 24)


def heights(*took_ms: int) -> list[int]:
    """How tall the marks of polls are that took so long."""
    (path,) = [path for _, path in sparkline([Beat(Outcome.NEW, took) for took in took_ms]).paths]
    return [int(mark.partition("v-")[2]) for mark in path.split("M")[1:]]


def test_each_kind_of_outcome_has_marks_of_its_own_the_newest_at_the_right() -> None:
    outcomes = (Outcome.NEW, Outcome.FAILED, Outcome.UNCHANGED, Outcome.NOT_MODIFIED)

    drawn = dict(sparkline([Beat(outcome, 20) for outcome in outcomes]).paths)

    assert drawn == {
        "new": "M145.5 20v-4",
        "same": "M153.5 20v-4M157.5 20v-4",
        "failed": "M149.5 20v2",
    }


def test_a_mark_is_taller_by_the_logarithm_of_the_time_within_its_bounds() -> None:
    assert heights(0, 20, 200, 2_000, 20_000, 900_000) == [4, 4, 9, 15, 20, 20]


def test_a_row_of_polls_is_told_in_words() -> None:
    beats = [Beat(Outcome.NEW, 100), Beat(Outcome.NOT_MODIFIED, 1_400), Beat(Outcome.SKIPPED, 0)]

    assert sparkline(beats).said == (
        "Last 3 polls: 1 with news, 1 without, 1 left out; half of them within 750 ms"
    )


def test_polls_that_were_all_left_out_took_no_time() -> None:
    assert sparkline([Beat(Outcome.SKIPPED, 0)]).said == "Last 1 poll: 1 left out"


def test_only_the_last_polls_are_drawn() -> None:
    beats = [Beat(Outcome.FAILED, 20), *[Beat(Outcome.NEW, 20)] * BEATS]

    assert [kind for kind, _ in sparkline(beats).paths] == ["new"]


def test_what_a_day_brings_leaves_the_backlog_out() -> None:
    assert per_day(FeedFigures(brought=50, backlog=30, span=timedelta(days=4))) == 5


def test_in_the_first_hour_it_is_too_early_to_say_what_a_day_brings() -> None:
    assert per_day(FeedFigures(brought=50, span=timedelta(minutes=59))) is None


@pytest.mark.parametrize(("brought", "began", "share"), [(8, 6, 0.25), (8, 0, 1.0), (0, 0, None)])
def test_the_share_of_entries_that_told_nothing_new(brought: int, began: int, share: float | None) -> None:
    assert copied(FeedFigures(brought=brought, began=began)) == share


def test_days_without_news_have_an_empty_column() -> None:
    days = [Day(TODAY, stories=3, copies=1), Day(TODAY - timedelta(days=2), stories=2)]

    plot = day_plot(days, last=TODAY)

    assert len(plot.columns) == SHORTEST_PLOT
    assert [(one.stories, one.copies) for one in plot.columns[-3:]] == [(50, 0), (0, 0), (75, 25)]
    assert (plot.top, plot.stories, plot.copies) == (4, 5, 1)


def test_the_plot_begins_with_the_first_day_that_is_known() -> None:
    plot = day_plot([Day(TODAY - timedelta(days=29), stories=1)], last=TODAY)

    assert len(plot.columns) == 30
    assert plot.columns[0].day.stories == 1


@pytest.mark.parametrize(
    ("number", "end"),
    [(0, 4), (4, 4), (5, 6), (10, 10), (11, 16), (99, 100), (101, 160), (1_601, 2_000), (26_132, 30_000)],
)
def test_a_scale_ends_at_a_round_number_whose_half_is_round_too(number: int, end: int) -> None:
    assert ceiling(number) == end
