"""Where entries stand by themselves, and that they are followed from story to story."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from aggregator.core.selection import Ranking, choose
from aggregator.core.settings import OutputSettings
from aggregator.core.tellings import Tellings, told_at
from aggregator.model import Group, Story
from tests.builders import NOON, a_story, an_entry

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OUTPUT = OutputSettings(name="all", title="All", group=Group.NONE)
LATER = NOON + 7 * DAY

FIRST = an_entry(id=1, uid="first", first_seen_at=NOON)
COPY = an_entry(id=2, uid="copy", feed_id=2, first_seen_at=LATER, published_at=LATER - HOUR)


def of(story_id: str, *entries: object, **changes: object) -> Story:
    return replace(a_story(*entries), id=story_id, **changes)  # type: ignore[arg-type]  # entries and fields


def shown(ranking: Ranking) -> list[str]:
    return [place.id for place in choose(OUTPUT, ranking, now=LATER)]


@pytest.mark.parametrize(
    ("published", "stands"),
    [
        (LATER - HOUR, LATER),
        (LATER + DAY, LATER),
        (None, LATER),
        (LATER - 2 * DAY, LATER - 2 * DAY),
        (NOON - 90 * DAY, NOON - HOUR),
    ],
    ids=["of today", "from the future", "without a date", "of a backlog", "dated before its story"],
)
def test_a_later_telling_stands_by_when_it_came_unless_its_feed_calls_it_old(
    published: datetime | None, stands: datetime
) -> None:
    copy = replace(COPY, published_at=published)
    story = of("s", FIRST, copy, news_at=NOON - HOUR)

    assert told_at(story, copy) == stands
    assert told_at(story, FIRST) == NOON - HOUR


def test_a_story_stands_once_for_each_of_its_entries() -> None:
    ranking, tellings = Ranking(), Tellings()

    tellings.put("old", of("old", FIRST, COPY), ranking)
    tellings.put("other", of("other", an_entry(id=3, uid="third"), news_at=NOON + HOUR), ranking)

    assert shown(ranking) == ["copy", "third", "first"]
    assert tellings.story_of("copy") == "old"


@pytest.mark.parametrize("order", [("old", "new"), ("new", "old")])
def test_an_entry_that_moves_to_another_story_stands_once(order: tuple[str, str]) -> None:
    ranking, tellings = Ranking(), Tellings()
    tellings.put("old", of("old", FIRST, COPY), ranking)
    after = {"old": of("old", FIRST), "new": of("new", COPY, news_at=LATER)}

    for story_id in order:
        tellings.put(story_id, after[story_id], ranking)

    assert shown(ranking) == ["copy", "first"]
    assert tellings.story_of("copy") == "new"


def test_what_an_output_does_not_take_any_more_stands_nowhere() -> None:
    ranking, tellings = Ranking(), Tellings()
    tellings.put("s", of("s", FIRST, COPY), ranking)

    tellings.put("s", None, ranking)

    assert shown(ranking) == []
