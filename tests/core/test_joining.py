"""Which story an entry may join, when a feed says one thing again and again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.core.joining import MAX_REPEATS, Joining
from aggregator.model import DedupLevel, Fingerprint, Known, MatchedBy, Sighting
from tests.builders import NOON, a_feed, a_parsed_entry, an_entry
from tests.core.shelf import Shelf

URL = Fingerprint(MatchedBy.URL, 1)
TITLE = Fingerprint(MatchedBy.TITLE, 2)
SEEN = Sighting(fingerprint=URL, uid="a", story_id="story-a", feed_id=1, first_seen_at=NOON)


def joining(*sightings: Sighting) -> Joining:
    """What feed 1 may join."""
    known = Known(feed=a_feed(id=1), sightings=sightings)
    return Joining(known, lambda _: DedupLevel.STORY, since=NOON - timedelta(days=14))


def test_a_text_that_is_repeated_without_end_fills_story_after_story() -> None:
    shelf = Shelf()

    shelf.hear(1, *(a_parsed_entry(guid=str(number)) for number in range(2 * MAX_REPEATS + 1)))

    assert sorted(len(story.entries) for story in shelf.stories.values()) == [1, MAX_REPEATS, MAX_REPEATS]


def test_nothing_is_known_of_an_entry_without_fingerprints() -> None:
    assert not joining(SEEN).knows(())
    assert joining(SEEN).claims({1: ()}) == {}
    assert joining(SEEN).repeat_of(()) is None


def test_the_same_text_under_the_same_link_joins_the_first_time_it_was_told() -> None:
    later = [replace(SEEN, fingerprint=key, first_seen_at=NOON + timedelta(days=1)) for key in (URL, TITLE)]
    first = [replace(SEEN, fingerprint=key) for key in (URL, TITLE)]

    found = joining(*later, *first).claims({7: (URL, TITLE)})

    assert (found[7][0], found[7][1].first_seen_at) == (MatchedBy.URL, NOON)


@pytest.mark.parametrize(
    "seen",
    [
        [SEEN],
        [SEEN, replace(SEEN, fingerprint=TITLE, uid="b")],
        [replace(SEEN, fingerprint=key, first_seen_at=NOON - timedelta(days=15)) for key in (URL, TITLE)],
    ],
    ids=["the link alone", "the link of one and the text of another", "too long ago"],
)
def test_less_than_that_within_one_feed_is_another_story(seen: list[Sighting]) -> None:
    assert joining(*seen).claims({7: (URL, TITLE)}) == {}
    assert joining(*seen).repeat_of((URL, TITLE)) is None


def test_what_the_document_said_a_moment_ago_counts() -> None:
    before = joining()
    before.see(an_entry(uid="a", story_id="story-a"), (URL, TITLE))

    found = before.repeat_of((URL, TITLE))

    assert found is not None
    assert found[1].story_id == "story-a"


OTHER = replace(SEEN, feed_id=2)


def test_a_story_takes_the_entry_whose_key_is_surest() -> None:
    both = [OTHER, replace(OTHER, fingerprint=TITLE)]

    found = joining(*both).claims({1: (TITLE,), 2: (URL,), 3: (TITLE,)})

    assert found == {2: (MatchedBy.URL, OTHER)}


def test_entries_without_a_link_are_no_repeats_of_each_other() -> None:
    assert list(joining(replace(OTHER, fingerprint=TITLE)).claims({1: (TITLE,), 2: (TITLE,)})) == [1]


def test_a_story_takes_no_more_repeats_than_it_holds() -> None:
    both = [OTHER, replace(OTHER, fingerprint=TITLE)]

    found = joining(*both).claims(dict.fromkeys(range(MAX_REPEATS + 5), (URL, TITLE)))

    assert len(found) == MAX_REPEATS


def test_a_feed_that_is_left_out_claims_nothing() -> None:
    known = Known(feed=a_feed(id=1), sightings=(OTHER,))
    left_out = Joining(known, lambda _: DedupLevel.OFF, since=NOON - timedelta(days=14))

    assert left_out.claims({1: (URL,)}) == {}
    assert left_out.repeat_of((URL,)) is None
