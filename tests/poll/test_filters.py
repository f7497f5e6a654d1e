"""A feed whose own filters change: what they let in now comes, though the document is the same."""

from datetime import timedelta

import pytest

from aggregator.core.filters import parse_filter
from aggregator.core.settings import FeedSettings
from aggregator.model import Feed, Outcome, Poll
from tests.http import reply
from tests.newsroom import an_item, an_rss
from tests.poll.rooms import Round

HOUR = timedelta(hours=1)
BODY = an_rss(an_item(1), an_item(2))


async def read_twice(room: Round, again: bytes, *, first: str, then: str | None) -> tuple[Poll, Feed]:
    """The second poll of a feed that excludes `first`, and `then` something else; the feed afterwards."""
    url = room.web.on("/rss", reply(200, BODY, etag='"1"'), again)
    (feed,) = await room.subscribe(FeedSettings(url=url, exclude=parse_filter(first)))
    await room.poll(feed)
    await room.subscribe(FeedSettings(url=url, exclude=parse_filter(then) if then else None))
    return await room.poll(feed, later=HOUR)


async def test_what_a_looser_filter_lets_in_comes_from_the_same_bytes(room: Round) -> None:
    poll, _ = await read_twice(room, reply(200, BODY, etag='"1"'), first="number 2", then=None)

    assert (poll.outcome, poll.new_entries) == (Outcome.NEW, 1)
    assert "if-none-match" not in room.web.asked[-1].headers


async def test_it_takes_its_place_in_time_and_is_no_news(room: Round) -> None:
    dated = "<pubDate>Mon, 23 Nov 2026 08:00:00 GMT</pubDate><guid>"
    body = BODY.replace(b"<guid>", dated.encode())
    url = room.web.on("/rss", reply(200, body))
    (feed,) = await room.subscribe(FeedSettings(url=url, exclude=parse_filter("number 2")))
    await room.poll(feed)
    await room.subscribe(FeedSettings(url=url))

    await room.poll(feed, later=HOUR)

    _, stories, _ = room.reader.changed_since(0, limit=9)
    assert {story.news_at.day for story in stories} == {23}


async def test_once_it_has_been_read_the_document_is_asked_for_with_conditions_again(room: Round) -> None:
    _, feed = await read_twice(room, reply(200, BODY, etag='"1"'), first="number 2", then="number 1")

    poll, _ = await room.poll(feed, later=HOUR)

    assert poll.outcome is Outcome.UNCHANGED
    assert room.web.asked[-1].headers["if-none-match"] == b'"1"'


async def test_until_then_it_is_tried_again(room: Round) -> None:
    _, feed = await read_twice(room, reply(500), first="number 2", then=None)
    room.web.on("/rss", reply(200, BODY, etag='"1"'))

    poll, _ = await room.poll(feed, later=HOUR)

    assert poll.new_entries == 1


@pytest.mark.parametrize("again", [reply(304), reply(200, BODY)], ids=["not modified", "the same bytes"])
async def test_with_the_same_filters_nothing_is_read_twice(room: Round, again: bytes) -> None:
    poll, _ = await read_twice(room, again, first="number 2", then="number 2")

    assert poll.outcome in (Outcome.NOT_MODIFIED, Outcome.UNCHANGED)
    assert poll.new_entries == 0
    assert room.web.asked[-1].headers["if-none-match"] == b'"1"'


async def test_the_feed_is_due_as_soon_as_the_least_pause_is_over(room: Round) -> None:
    url = room.web.on("/rss", reply(200, BODY))
    (feed,) = await room.subscribe(FeedSettings(url=url, exclude=parse_filter("number 2")))
    _, after = await room.poll(feed)
    assert after.last_polled_at

    await room.subscribe(FeedSettings(url=url))
    await room.poller.pace.settle(room.poller.plan, spread=True)

    soon = room.stands(feed)
    assert (soon.next_poll_at, soon.next_poll_rule) == (
        after.last_polled_at + timedelta(minutes=10),
        "its filters changed",
    )
