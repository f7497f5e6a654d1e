"""Which items stand on which page of an output's archive."""

from datetime import date, timedelta

import pytest

from aggregator.core.archives import Page, page_before, page_named, places_on
from aggregator.core.selection import Place, Ranking
from aggregator.core.settings import OutputSettings
from aggregator.model import Edition, Order
from tests.builders import NOON

MONDAY = date(2026, 11, 23)
HOUR = timedelta(hours=1)
ALL = OutputSettings(name="all", title="All")


def place(number: int, *, coverage: int = 1) -> Place:
    """A story of Tuesday noon and so many minutes later."""
    return Place(NOON + number * timedelta(minutes=1), number, f"s{number}", 1, coverage)


def ranking(*places: Place) -> Ranking:
    made = Ranking()
    for one in places:
        made.put(None, one)
    return made


def test_a_page_ends_with_the_newest_that_is_older() -> None:
    week = ranking(*(place(number) for number in range(250)))

    page = page_before(ALL, week, place(230))

    assert page == Page(MONDAY, 201, 230)
    assert [one.seq for one in places_on(ALL, week, page)] == list(range(229, 199, -1))


def test_page_by_page_leads_to_the_oldest_and_misses_nothing() -> None:
    places = [place(number * 100) for number in range(450)]  # a month
    month = ranking(*places)

    found, page = [], page_before(ALL, month, places[-1])
    while page:
        assert page == page_named(page.name)
        on_page = places_on(ALL, month, page)
        assert 0 < len(on_page) <= 100
        found += on_page
        page = page_before(ALL, month, on_page[-1])

    assert found == places[-2::-1]


def test_what_is_behind_a_name_stays_as_news_comes_in() -> None:
    week = ranking(*(place(number) for number in range(150)))
    page = page_before(ALL, week, place(120))
    assert page
    before = places_on(ALL, week, page)

    for number in range(150, 400):
        week.put(None, place(number))

    assert places_on(ALL, week, page) == before
    assert page_before(ALL, week, place(121)) != page


def test_nothing_is_older_than_the_oldest() -> None:
    assert page_before(ALL, ranking(place(1)), place(1)) is None


@pytest.mark.parametrize(("least", "kept"), [(3, 10), (4, 5)])
def test_only_what_enough_feeds_tell_is_archived(least: int, kept: int) -> None:
    output = OutputSettings(name="all", title="All", min_feeds=least)
    mixed = ranking(*(place(number, coverage=1 + number % 4) for number in range(20)))

    page = page_before(output, mixed, place(20))

    assert page == Page(MONDAY, 1, kept)
    assert {one.coverage for one in places_on(output, mixed, page)} == set(range(least, 5))


@pytest.mark.parametrize(
    "changes",
    [
        {"per_feed": 3},
        {"order": Order.COVERAGE},
        {"token": "x" * 32},
        {"digest": Edition.DAILY},
    ],
    ids=["a share for each feed", "not by time", "private", "digests"],
)
def test_outputs_that_time_does_not_order_have_no_archive(changes: dict[str, object]) -> None:
    output = OutputSettings(name="all", title="All", **changes)  # type: ignore[arg-type]  # of any kind
    few = ranking(place(1), place(2))

    assert page_before(output, few, place(2)) is None
    assert places_on(output, few, Page(MONDAY, 1, 1)) == []


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("2026-W48-1-100", Page(MONDAY, 1, 100)),
        ("2026-W48-101-117", Page(MONDAY, 101, 117)),
        ("2026-W48-2-100", None),
        ("2026-W48-1-101", None),
        ("2026-W48-1-0", None),
        ("2026-W48-01-100", None),
        ("2026-W54-1-100", None),
        ("0000-W01-1-100", None),
        ("2026-W48", None),
        ("9999-W52-1-100", None),
        ("2026-W48-1-١", None),
    ],
)
def test_only_names_that_we_give_name_a_page(name: str, page: Page | None) -> None:
    assert page_named(name) == page
