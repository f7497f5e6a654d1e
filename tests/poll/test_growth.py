"""What entries are recognised by stays within bounds, also of feeds that say everything anew each time."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.core.settings import FeedSettings
from aggregator.store.writing import MOST_NAMES
from tests.http import reply
from tests.newsroom import TEXT, an_item, an_rss
from tests.poll.rooms import Round
from tests.store.scenes import rows_of


def counts_votes(poll: int) -> str:
    return an_item(1, text=f"{poll} votes, {2 * poll} comments. {TEXT}")


def makes_up_guids(poll: int) -> str:
    return an_item(1).replace("item-1", f"session-{poll}")


@pytest.mark.parametrize("item", [counts_votes, makes_up_guids])
async def test_an_entry_that_changes_with_each_poll_is_known_by_its_last_names(
    room: Round, tmp_path: Path, item: Callable[[int], str]
) -> None:
    polls = MOST_NAMES + 10
    url = room.web.on("/rss", *(reply(200, an_rss(item(poll))) for poll in range(polls)))
    (feed,) = await room.subscribe(FeedSettings(url=url))

    came = [(await room.poll(feed, later=timedelta(hours=1)))[0].new_entries for _ in range(polls)]

    assert came == [1] + [0] * (polls - 1)
    for table in ("fingerprints", "identities"):
        ((many,),) = rows_of(tmp_path, f"SELECT count(*) FROM {table}")
        assert many <= MOST_NAMES + 2
