"""What an event is called, which story leads it, and at which moments it is shown."""

from datetime import timedelta
from uuid import UUID

import pytest

from aggregator.core.coverage import Arrival, arrivals, coverage_of, event_id, event_of_story
from tests.builders import NOON, a_story, an_entry

DAM = "2f0e4c1e-8a57-5d7c-9d3c-6f3a3b0c1a01"


def came(*told: tuple[int, str]) -> list[Arrival]:
    """Entries by feed and story, a minute apart."""
    return [
        Arrival(NOON + minute * timedelta(minutes=1), minute, feed, story)
        for minute, (feed, story) in enumerate(told)
    ]


def test_an_event_has_an_id_of_its_own_that_leads_back_to_its_first_story() -> None:
    made = UUID(event_id(DAM))

    assert str(made) != DAM
    assert (made.version, made.variant) == (8, UUID(DAM).variant)
    assert event_id(str(made)) == DAM


def test_a_story_tells_its_event_or_one_that_it_begins() -> None:
    assert event_of_story(a_story()) == event_id(DAM)
    assert event_of_story(a_story(event_id="e")) == "e"


@pytest.mark.parametrize(
    ("feeds", "shown"), [(1, 1), (2, 2), (3, 3), (4, 3), (5, 5), (7, 5), (8, 8), (20, 13)]
)
def test_coverage_is_shown_as_it_stood_at_a_step(feeds: int, shown: int) -> None:
    coverage = coverage_of("s0", came(*((feed, f"s{feed}") for feed in range(feeds))))

    assert coverage.feeds == shown
    assert (coverage.lead, *coverage.others) == tuple(f"s{feed}" for feed in range(shown))
    assert coverage.until.feed == shown - 1


@pytest.mark.parametrize(("stories", "shown"), [(2, 2), (3, 3), (4, 3), (5, 5), (7, 5), (20, 13)])
def test_the_stories_of_one_feed_are_shown_by_the_same_steps(stories: int, shown: int) -> None:
    coverage = coverage_of("s0", came(*((1, f"s{number}") for number in range(stories))))

    assert (coverage.feeds, len(coverage.others)) == (1, shown - 1)


def test_a_step_is_reached_by_feeds_or_by_stories_whichever_came_last() -> None:
    told = came((1, "a"), (2, "a"), (3, "a"), (4, "a"), (1, "b"), (5, "a"), (1, "c"))

    assert coverage_of("a", told[:4]).feeds == 3
    assert coverage_of("a", told[:5]).others == ("b",)
    assert coverage_of("a", told[:6]).feeds == 5
    assert coverage_of("a", told).others == ("b", "c")


def test_what_feeds_say_again_between_two_steps_is_shown_with_the_next() -> None:
    told = came((1, "a"), (2, "b"), (1, "b"), (2, "a"))

    assert coverage_of("a", told) == coverage_of("a", told[:2])
    assert coverage_of("a", [*told, *came(*[(0, "x")] * 4, (3, "b"))[4:]]).until.feed == 3


def test_its_first_story_leads_whichever_more_feeds_tell() -> None:
    told = came((1, "a"), (2, "b"), (3, "b"))

    assert (coverage_of("a", told).lead, coverage_of("a", told).others) == ("a", ("b",))


def test_a_lead_of_which_all_came_late_is_not_among_the_others() -> None:
    assert coverage_of("c", came((1, "a"), (2, "b"), (3, "c"))).others == ("a", "b")


def test_the_order_of_asking_does_not_matter() -> None:
    told = came((1, "a"), (2, "b"), (3, "b"), (4, "c"), (5, "c"))

    assert coverage_of("a", reversed(told)) == coverage_of("a", told)


def test_every_entry_of_a_story_is_an_arrival() -> None:
    story = a_story(an_entry(), an_entry(id=2, feed_id=3))

    assert arrivals([story]) == [Arrival(NOON, 1, 1, story.id), Arrival(NOON, 2, 3, story.id)]
