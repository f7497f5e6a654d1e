"""What the pages tell of stories and events."""

from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.model import MatchedBy, Origin
from aggregator.web.telling import MOST, ORIGINS, REASONS, feeds_of, happening, reason_of, tellings, timeline
from tests.builders import NOON, a_story, an_entry
from tests.web.scenes import EVENT_ID, a_dam, a_flood, a_telling, an_event


def test_copies_stand_in_the_order_they_came_with_the_reason_of_each() -> None:
    story = replace(a_dam(), entries=a_dam().entries[::-1])

    told = [(one.entry.feed_title, one.leads, one.reason) for one in tellings(story)]

    assert told == [
        ("Example News", True, "told it first"),
        ("Feed 2", False, "links to the same page"),
        ("Feed 3", False, "nearly the same text, 87% alike"),
    ]


def test_a_page_shows_so_many_copies_and_no_more() -> None:
    story = a_story(*(a_telling(number) for number in range(1, MOST + 2)))

    assert len(tellings(story)) == MOST


@pytest.mark.parametrize("signal", MatchedBy)
def test_every_signal_has_its_words(signal: MatchedBy) -> None:
    assert reason_of(an_entry(matched_by=signal)).startswith(REASONS[signal])


def test_every_origin_of_a_tag_has_its_words() -> None:
    assert set(ORIGINS) == set(Origin)


def test_a_timeline_tells_stories_as_they_came() -> None:
    told = timeline(an_event(a_dam(), a_flood()))

    assert [moment.title for moment in told.moments] == ["Thousands flee", "Dam bursts in northern valley"]
    assert told.later == 0


def test_a_timeline_is_bounded_and_says_how_many_came_later() -> None:
    many = [replace(a_dam(), id=str(number), seq=number) for number in range(MOST + 3)]

    told = timeline(an_event(*many))

    assert len(told.moments) == MOST
    assert told.later == 3


def test_an_event_is_told_with_its_lead_and_all_its_feeds() -> None:
    told = happening(an_event(a_dam(), a_flood()))

    assert (told.title, told.lang) == ("Dam bursts in northern valley", None)
    assert told.page == f"events/{EVENT_ID}"
    assert told.feeds == ("Feed 4", "Example News", "Feed 2", "Feed 3")
    assert (told.stories, told.newest_at) == (2, NOON - timedelta(hours=7))


def test_an_event_of_one_story_leads_to_the_story() -> None:
    assert happening(an_event(a_dam())).page == f"stories/{a_dam().id}"


def test_a_feed_is_named_once_and_by_its_address_where_it_has_no_name() -> None:
    nameless = a_telling(3, feed_title="", feed_url="https://feed3.example.org/rss")

    assert feeds_of([nameless, a_telling(2), a_telling(2, id=9)]) == (
        "Feed 2",
        "https://feed3.example.org/rss",
    )
