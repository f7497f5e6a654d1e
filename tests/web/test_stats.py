"""The pages of numbers: how each source does, and what came day by day."""

from datetime import timedelta

import pytest
from lxml import html

from aggregator.model import Beat, Day, FeedFigures, FeedShare, FeedState, Outcome, TagFigures
from aggregator.web.pages import Pages
from aggregator.web.wording import amount, in_code
from tests.builders import NOON, a_feed
from tests.web.sites import FakeSite
from tests.web.test_pages import FOREIGN, HOSTILE, links, pages, words

TODAY = NOON.date()
A_WEEK = FeedFigures(
    beats=(Beat(Outcome.NEW, 90), Beat(Outcome.FAILED, 30)),
    brought=80,
    began=60,
    backlog=10,
    span=timedelta(days=7),
)


def test_a_source_shows_its_polls_as_marks_and_in_words() -> None:
    shown = pages(FakeSite(counted={1: A_WEEK})).feeds()

    (title,) = html.fromstring(shown).xpath("//svg/title/text()")
    assert title == "Last 2 polls: 1 with news, 1 failed; half of them within 60 ms"
    assert html.fromstring(shown).xpath("//svg/path[@class='beat-failed']/@d") == ["M157.5 20v2.5"]


def test_a_source_tells_what_it_brings_and_how_much_of_it_is_told_before() -> None:
    shown = words(pages(FakeSite(counted={1: A_WEEK})).feeds(), "tbody")

    assert "10 a day 25 % already told elsewhere" in shown


def test_a_new_source_tells_what_it_has_brought_so_far() -> None:
    shown = words(pages(FakeSite(counted={1: FeedFigures(brought=9, began=9, backlog=9)})).feeds(), "tbody")

    assert "9 entries so far 0 % already told elsewhere" in shown


def test_a_source_in_trouble_says_how_to_mend_it() -> None:
    source = a_feed(state=FeedState.FAILING, last_error="HTTP 404 Not Found")

    shown = pages(FakeSite(sources=(source,))).feeds()

    assert "Look on its site for the feed's new address (aggregator add SITE finds it)" in words(shown, "p")
    assert "aggregator add SITE" in html.fromstring(shown).xpath("//p[@class='cure']/code/text()")


def test_the_stats_sum_up_what_came() -> None:
    site = FakeSite(
        came=(Day(TODAY, 1_200, 300), Day(TODAY - timedelta(days=20), 300, 200)),
        brought=(FeedShare("One", 3, 1), FeedShare("Two", 1, 1)),
    )

    shown = words(pages(site).stats(), "ul")

    assert (
        shown
        == "1,500 stories 500 repeats caught 25 % of what was told is a repeat 2 sources heard this week"
    )


def test_every_day_of_the_plot_stands_in_a_table_too() -> None:
    shown = pages(FakeSite(came=(Day(TODAY, 1_200, 300),))).stats()

    assert "24 Nov 2026 1,200 300 23 Nov 2026 0 0" in words(shown, "tbody")
    assert "24 Nov: 1,200 stories, 300 repeats" in html.fromstring(shown).xpath("//g/title/text()")


def test_tags_and_sources_have_bars_with_their_numbers() -> None:
    site = FakeSite(
        tagged=(TagFigures("energy", 40, 60), TagFigures("sport", 10, 10)),
        brought=(FeedShare("One", 30, 15), FeedShare("Two", 10, 0)),
    )

    shown = pages(site).stats()

    told = words(shown, "tbody")
    assert "energy 40 × 1.5 sport 10 × 1.0" in told
    assert "One 30, of which 15 were the first of their story 75 % Two 10" in told
    assert "tag/energy.html" in links(shown)
    bars = html.fromstring(shown).xpath("//table[@class='bars']//rect/@width")
    assert bars == ["100.00", "25.00", "100.00", "50.00", "33.33", "0.00"]


def test_of_many_sources_the_largest_are_shown_and_the_others_counted() -> None:
    brought = [FeedShare(f"Feed {number}", 9, 9) for number in range(17)]

    shown = words(pages(FakeSite(brought=brought)).stats())

    assert "Feed 14" in shown
    assert "Feed 15" not in shown
    assert "And 2 sources more." in shown


def test_before_anything_came_the_stats_say_so() -> None:
    shown = words(pages(FakeSite()).stats())

    assert "0 stories 0 repeats caught 0 % of what was told is a repeat" in shown
    assert "No story of these days has a tag." in shown
    assert "Nothing came in these days." in shown


def test_what_is_counted_stays_for_a_minute() -> None:
    clock = [NOON]
    site = FakeSite(came=(Day(TODAY, 1),))
    made = Pages(site, lambda: clock[0])
    made.stats()
    site.came = (Day(TODAY, 2),)

    before = words(made.stats(), "ul")
    clock[0] += timedelta(minutes=1)
    after = words(made.stats(), "ul")

    assert before.startswith("1 story 0 repeats")
    assert after.startswith("2 stories")


def test_nothing_that_a_stranger_wrote_is_markup_in_the_stats() -> None:
    site = FakeSite(brought=(FeedShare(HOSTILE, 1, 1),), tagged=(TagFigures(HOSTILE, 1, 1),))

    assert not html.fromstring(pages(site).stats()).xpath(FOREIGN)


@pytest.mark.parametrize(
    ("number", "told"), [(0, "0"), (0.04, "under 0.1"), (0.26, "0.3"), (9.96, "10.0"), (1203.6, "1,204")]
)
def test_an_amount_has_as_many_digits_as_compare(number: float, told: str) -> None:
    assert amount(number) == told


def test_code_is_what_stands_between_backticks_and_nothing_else_is_markup() -> None:
    assert in_code("set `a<b` & go") == 'set <code translate="no">a&lt;b</code> &amp; go'
