"""From an event to its one item: the lead's text, and the coverage as it stood at a step."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aggregator.core.coverage import arrivals, coverage_of
from aggregator.core.items import LISTED, event_item, listed
from aggregator.model import AlsoIn, Entry, Item, Origin, Story, Tag
from tests.builders import NOON, a_story, an_entry

MINUTE = timedelta(minutes=1)


def telling(number: int, story: str, feed: int = 0, **changes: Any) -> Entry:
    """An entry of this story that came so many minutes after noon; the feed has the same number, or this."""
    feed = feed or number
    return an_entry(
        **{
            "id": number,
            "uid": f"uid-{number}",
            "feed_id": feed,
            "story_id": story,
            "feed_title": f"Feed {feed}",
            "url": f"https://feed{feed}.example.org/{story}",
            "title": story.title(),
            "first_seen_at": NOON + number * MINUTE,
            **changes,
        }
    )


def item(*stories: Story) -> Item:
    coverage = coverage_of(stories[0].id, arrivals(stories))
    made = event_item("e", NOON, coverage, {story.id: story for story in stories})
    assert made is not None
    return made


def several(many: int) -> list[Story]:
    """Stories of one feed each."""
    return [a_story(telling(number, f"story {number}")) for number in range(1, many + 1)]


def test_the_item_of_an_event_is_its_lead_under_the_events_id() -> None:
    made = item(a_story(telling(1, "dam"), telling(2, "dam")), a_story(telling(3, "flood")))

    assert (made.id, made.title, made.news_at) == ("urn:uuid:e", "Dam", NOON)
    assert made.coverage == 3
    assert made.also_in == (
        AlsoIn(feed_title="Feed 3", url="https://feed3.example.org/flood", title="Flood"),
        AlsoIn(feed_title="Feed 2", url="https://feed2.example.org/dam"),
    )
    assert (made.also_more, made.also_told) == (0, True)


def test_the_copies_of_a_lead_leave_room_for_other_stories() -> None:
    copies = (telling(number, "dam") for number in range(1, 2 * LISTED))

    made = item(a_story(*copies), a_story(telling(99, "flood", feed=1)))

    assert (made.also_in[0].title, len(made.also_in), made.also_more) == ("Flood", LISTED, LISTED - 1)


def test_an_event_of_one_story_names_feeds_as_a_story_does() -> None:
    assert not item(a_story(telling(1, "dam"), telling(2, "dam"))).also_told


def test_a_story_that_is_alone_is_an_item_as_any_other() -> None:
    made = item(a_story(telling(1, "dam", published_at=NOON)))

    assert (made.updated_at, made.coverage, made.also_in) == (NOON, 1, ())


def test_the_stories_of_one_feed_update_its_item() -> None:
    made = item(*(a_story(telling(number, f"story {number}", feed=1)) for number in (1, 2, 3)))

    assert [one.title for one in made.also_in] == ["Story 2", "Story 3"]
    assert (made.updated_at, made.coverage) == (NOON + 3 * MINUTE, 1)


def test_between_two_steps_nothing_changes() -> None:
    three = item(*several(3))

    assert item(*several(4)) == three
    assert item(*several(5)) != three
    assert item(*several(5)).updated_at == NOON + 5 * MINUTE


def test_what_another_feed_copies_between_two_steps_is_not_shown_nor_its_tags() -> None:
    lead, *others = several(3)
    early, late, rule = (Tag(name, Origin.PUBLISHER, name) for name in ("early", "late", "rule"))
    lead = replace(lead, entries=(replace(lead.lead, categories=("early",)),), tags=(early,))
    before = item(lead, *others)

    copy = telling(9, lead.id, categories=("late",))
    rule = replace(rule, origin=Origin.RULE)
    after = item(replace(lead, entries=(*lead.entries, copy), tags=(early, late, rule)), *others)

    assert after == replace(before, tags=("early", "rule"))


def test_a_lead_that_came_late_is_shown_all_the_same() -> None:
    dam = a_story(
        telling(4, "dam", content="The fullest text"), telling(1, "dam"), telling(2, "dam"), telling(3, "dam")
    )

    made = item(dam)

    assert made.content == "The fullest text"
    assert [one.feed_title for one in made.also_in] == ["Feed 1", "Feed 2", "Feed 3"]


def test_of_many_stories_the_first_are_named_and_the_rest_are_counted() -> None:
    made = item(*several(34))

    assert [one.title for one in made.also_in] == [f"Story {number}" for number in range(2, LISTED + 2)]
    assert made.also_more == 34 - 1 - LISTED


def test_only_the_stories_that_are_named_are_asked_for() -> None:
    coverage = coverage_of("story 1", arrivals(several(34)))

    assert listed(coverage) == tuple(f"story {number}" for number in range(1, LISTED + 2))


@pytest.mark.parametrize("url", [None, "javascript:alert(1)"])
def test_a_story_without_a_link_is_not_named(url: str | None) -> None:
    assert item(a_story(telling(1, "dam")), a_story(telling(2, "flood", url=url))).also_in == ()


def test_what_is_gone_by_now_is_left_out() -> None:
    first, second, third = several(3)
    coverage = coverage_of(first.id, arrivals((first, second, third)))

    made = event_item("e", NOON, coverage, {first.id: first, third.id: third})

    assert made is not None
    assert [one.title for one in made.also_in] == ["Story 3"]
    assert event_item("e", NOON, coverage, {third.id: third}) is None


def test_an_event_without_titles_names_the_feeds() -> None:
    made = item(a_story(telling(1, "dam")), a_story(telling(2, "flood", feed_title="", title="")))

    assert made.also_in[0] == AlsoIn(
        feed_title="https://news.example.org/rss", url="https://feed2.example.org/flood"
    )
