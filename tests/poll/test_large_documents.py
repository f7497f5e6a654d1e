"""Documents of many thousand entries: stored in portions, with other feeds' polls in between."""

import asyncio
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from aggregator.core.identities import PORTION
from aggregator.core.ingest import Probe
from aggregator.core.settings import FeedSettings
from aggregator.model import Known, Outcome, Validators
from aggregator.store import Store
from aggregator.store.store import Decided
from tests.http import reply
from tests.newsroom import an_item, an_rss
from tests.poll.rooms import Round
from tests.store.scenes import rows_of

ENTRIES = 3 * PORTION
MANY = an_rss(*(an_item(number) for number in range(ENTRIES)))


def before_each_commit(monkeypatch: pytest.MonkeyPatch, do: Callable[[int], None]) -> None:
    """Calls `do` with the number of each commit, from 1, before it."""
    commit, numbers = Store.commit, count(1)

    async def watched(self: Store, feed_id: int, probe: Probe, decide: Callable[[Known], Decided]) -> Decided:
        do(next(numbers))
        return await commit(self, feed_id, probe, decide)

    monkeypatch.setattr(Store, "commit", watched)


async def test_a_large_document_is_stored_whole_and_told_as_one_poll(room: Round) -> None:
    (feed,) = await room.subscribe(FeedSettings(url=room.web.on("/rss", reply(200, MANY, etag='"1"'))))

    poll, after = await room.poll(feed)

    assert (poll.outcome, poll.new_entries, poll.new_stories) == (Outcome.NEW, ENTRIES, ENTRIES)
    assert after.validators == Validators('"1"')
    assert len(room.reader.polls(feed.id, limit=9)) == 1


async def test_what_left_a_large_document_is_known_to_have_left_it(room: Round, tmp_path: Path) -> None:
    fewer = an_rss(*(an_item(number) for number in range(10, ENTRIES)))
    url = room.web.on("/rss", reply(200, MANY), reply(200, fewer))
    (feed,) = await room.subscribe(FeedSettings(url=url))
    await room.poll(feed)

    poll, _ = await room.poll(feed)

    assert (poll.outcome, poll.new_entries) == (Outcome.UNCHANGED, 0)
    assert rows_of(tmp_path, "SELECT count(*) FROM identities WHERE held_at IS NOT NULL") == [(10,)]


async def test_a_crash_between_two_portions_loses_no_entry_and_keeps_the_old_validators(
    room: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    (feed,) = await room.subscribe(FeedSettings(url=room.web.on("/rss", reply(200, MANY, etag='"1"'))))

    def die(number: int) -> None:
        if number == 2:
            raise RuntimeError("the power is gone")

    before_each_commit(monkeypatch, die)
    with pytest.raises(RuntimeError, match="power"):
        await room.poll(feed)
    monkeypatch.undo()
    (between,) = room.reader.feeds()

    poll, after = await room.poll(feed)

    assert (between.validators, between.last_ok_at) == (Validators(), None)
    assert (poll.new_entries, after.validators) == (ENTRIES - PORTION, Validators('"1"'))


async def test_another_feed_is_stored_meanwhile(room: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    many = 2 * ENTRIES  # the small feed asks the store twice: what its page is like, and to be stored
    document = an_rss(*(an_item(number) for number in range(many)))
    large, small = await room.subscribe(
        FeedSettings(url=room.web.on("/large", reply(200, document))),
        FeedSettings(url=room.web.on("/small", reply(200, an_rss(an_item(1))))),
    )
    begun = asyncio.Event()
    before_each_commit(monkeypatch, lambda _: begun.set())
    storing = asyncio.create_task(room.poll(large))
    await begun.wait()

    poll, _ = await room.poll(small)

    assert (poll.outcome, storing.done()) == (Outcome.NEW, False)
    assert (await storing)[0].new_entries == many
