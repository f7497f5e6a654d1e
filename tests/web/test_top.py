"""The top of the front page: what most feeds told in the last day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from lxml import html

from aggregator.errors import StoreError
from aggregator.model import Event
from aggregator.web.pages import TOP, TOP_LASTS, Pages
from tests.builders import NOON, an_entry
from tests.web.scenes import EVENT_ID, a_dam, a_flood, an_event, an_eventful_site
from tests.web.sites import FakeSite
from tests.web.test_pages import pages, words
from tests.web.test_stories import DAM_ID, OTHER_ID, section


def test_the_front_page_begins_with_what_most_feeds_told() -> None:
    lone = an_event(a_dam(), id=OTHER_ID)

    shown = pages(an_eventful_site(happened=(an_event(), lone))).index()

    assert section(shown, "top") == (
        "Most told in the last 24 hours "
        "4 feeds Dam bursts in northern valley Feed 4, Example News, Feed 2 and Feed 3 · "
        "2 stories · 7 hours ago "
        "3 feeds Dam bursts in northern valley Example News, Feed 2 and Feed 3 · 7 hours ago"
    )
    leads_to = html.fromstring(shown).xpath('//ol[@class="top"]//a/@href')
    assert leads_to == [f"events/{EVENT_ID}", f"stories/{DAM_ID}"]
    assert shown.index('id="top"') < shown.index('id="outputs"')


def test_the_events_of_the_day_stand_by_all_the_feeds_that_tell_them() -> None:
    site = FakeSite(happened=(an_event(a_flood(), id=OTHER_ID, last_seen_at=NOON), an_event()))

    told = html.fromstring(pages(site).index()).xpath('//p[@class="many"]/b/text()')

    assert told == ["4", "1"]


@pytest.mark.parametrize(
    ("events", "shown"),
    [
        ([an_event(last_seen_at=NOON - timedelta(hours=25))], 0),
        ([an_event(id=str(number)) for number in range(TOP + 1)], TOP),
    ],
    ids=["older than a day", "more than fit"],
)
def test_the_front_page_shows_the_day_and_no_more(events: list[Event], shown: int) -> None:
    page = html.fromstring(pages(FakeSite(happened=events)).index())

    assert len(page.xpath('//ol[@class="top"]/li')) == shown
    assert bool(page.xpath('//*[@id="top"]')) is bool(shown)


def test_a_day_with_too_much_to_count_costs_the_top_and_not_the_page() -> None:
    class BusySite(FakeSite):
        def top_events(self, since: datetime, *, limit: int) -> Sequence[Event]:
            raise StoreError(Path("data"), "too long") from LookupError(since, limit)

    shown = words(pages(BusySite()).index())

    assert "too much to count just now" in shown
    assert "Subscribe" in shown


def test_an_event_whose_title_has_no_end_is_told_by_its_beginning() -> None:
    endless = replace(a_dam(), entries=(an_entry(title="word " * 200),))

    page = html.fromstring(pages(FakeSite(happened=(an_event(endless),))).index())

    (headline,) = page.xpath('//ol[@class="top"]//h3')
    assert headline.text_content() == "word " * 55 + "word …"


@pytest.mark.parametrize(("later", "shown"), [(TOP_LASTS, 0), (TOP_LASTS / 2, 1), (-TOP_LASTS, 0)])
def test_the_top_of_the_day_is_not_looked_for_at_every_request(later: timedelta, shown: int) -> None:
    site, moments = an_eventful_site(), [NOON]
    made = Pages(site, lambda: moments[-1])
    made.index()

    site.happened = ()
    moments.append(NOON + later)

    assert len(html.fromstring(made.index()).xpath('//ol[@class="top"]/li')) == shown
