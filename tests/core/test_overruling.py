"""What becomes of two stories that a person makes one."""

import pytest

from aggregator.core.overruling import united
from aggregator.model import MatchedBy
from tests.builders import a_story, an_entry


@pytest.mark.parametrize(
    ("kept", "gone", "event"),
    [(None, "dam", "dam"), ("vote", "dam", "vote"), ("vote", None, "vote"), (None, None, None)],
)
def test_a_story_that_is_alone_comes_to_the_event_of_the_other(
    kept: str | None, gone: str | None, event: str | None
) -> None:
    one = a_story(event_id=kept)
    two = a_story(an_entry(id=2, uid="b", story_id="b"), event_id=gone)

    assert united(one, two, lambda _: 0).event_id == event


def test_one_that_a_person_split_off_keeps_an_event_of_its_own() -> None:
    one = a_story(an_entry(matched_by=MatchedBy.MANUAL), event_id=None)
    two = a_story(an_entry(id=2, uid="b", story_id="b"), event_id="dam")

    assert united(one, two, lambda _: 0).event_id is None
