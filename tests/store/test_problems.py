"""Problems are kept as they stand, and a feed's arrivals are read the last first."""

from dataclasses import replace
from datetime import timedelta

from aggregator.model import Problem, ProblemKind
from aggregator.store import Reader, Store
from tests.builders import NOON
from tests.store.scenes import ONE, TWO, a_new_story, hand_in, subscribed

HOUR = timedelta(hours=1)
PROBLEM = Problem(
    id="3b0c", kind=ProblemKind.DISK, subject="", title="Full", cure="Free some", began_at=NOON, seen_at=NOON
)
MENDED = replace(PROBLEM, id="9a1f", ended_at=NOON + HOUR, told_began=True, told_ended=True)


async def test_problems_come_back_as_they_were_kept(store: Store, reader: Reader) -> None:
    await store.keep_problems((PROBLEM, MENDED))

    assert reader.problems() == (PROBLEM, MENDED)


async def test_what_is_kept_is_all_there_is(store: Store, reader: Reader) -> None:
    await store.keep_problems((PROBLEM, MENDED))
    await store.keep_problems((replace(PROBLEM, told_began=True),))

    assert reader.problems() == (replace(PROBLEM, told_began=True),)


async def test_arrivals_are_those_of_one_feed_the_last_first(store: Store, reader: Reader) -> None:
    one, two = await subscribed(store, ONE, TWO)
    for number in range(3):
        story = a_new_story(one, str(number))
        entry = replace(story.lead, first_seen_at=NOON + number * HOUR)
        await hand_in(store, one, replace(story, entries=(entry,)))
    await hand_in(store, two, a_new_story(two, "other"))

    assert reader.arrivals(one.id, limit=2) == (NOON + 2 * HOUR, NOON + HOUR)
