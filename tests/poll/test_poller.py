"""One poll from request to committed entries, with the real store, network and parser."""

import asyncio
import base64
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from aggregator.core.filters import parse_filter
from aggregator.core.settings import FeedSettings, TagRule
from aggregator.model import Answer, DedupLevel, Feed, FeedState, Outcome, Poll, Request, Validators
from aggregator.poll import Turnstile, poll_round
from tests.builders import NOON, a_feed
from tests.http import reply
from tests.newsroom import TEXT, a_body, an_item, an_rss
from tests.poll.rooms import Round


async def test_a_document_is_kept_with_its_validators(room: Round) -> None:
    url = room.web.on("/rss", reply(200, an_rss(an_item(1), an_item(2)), etag='"1"'))
    (feed,) = await room.subscribe(FeedSettings(url=url))

    poll, after = await room.poll(feed)

    assert (poll.outcome, poll.http_status, poll.new_entries, poll.new_stories) == (Outcome.NEW, 200, 2, 2)
    assert (after.title, after.validators, after.validators_url) == ("Example News", Validators('"1"'), url)
    assert after.next_poll_at == NOON + timedelta(minutes=30)
    assert {story.title for story in room.reader.stories(limit=9)} == {
        "News number 1 of today",
        "News number 2 of today",
    }


async def test_a_feed_without_entries_is_well_and_says_why_nothing_came(room: Round) -> None:
    url = room.web.on("/rss", reply(200, an_rss(title="Quiet News")))
    (feed,) = await room.subscribe(FeedSettings(url=url))

    poll, after = await room.poll(feed)

    assert (poll.outcome, poll.error) == (Outcome.UNCHANGED, "the document holds no entries")
    assert (after.state, after.title, after.last_error) == (FeedState.ACTIVE, "Quiet News", None)


async def test_the_next_request_is_conditional_and_a_304_changes_nothing(room: Round) -> None:
    url = room.web.on("/rss", reply(200, an_rss(an_item(1)), etag='"1"'), reply(304, etag='"1"'))
    (feed,) = await room.subscribe(FeedSettings(url=url))
    await room.poll(feed)
    before = room.reader.revision()

    poll, _ = await room.poll(feed)

    assert room.web.asked[-1].headers["if-none-match"] == b'"1"'
    assert (poll.outcome, room.reader.revision()) == (Outcome.NOT_MODIFIED, before)


async def test_the_same_bytes_are_not_parsed_but_new_validators_are_kept(room: Round) -> None:
    body = an_rss(an_item(1))
    url = room.web.on("/rss", reply(200, body, etag='"1"'), reply(200, body, etag='"2"'))
    (feed,) = await room.subscribe(FeedSettings(url=url))
    await room.poll(feed)

    poll, after = await room.poll(feed)

    assert (poll.outcome, after.validators) == (Outcome.UNCHANGED, Validators('"2"'))


async def test_a_document_with_nothing_new_is_unchanged(room: Round) -> None:
    items = (an_item(1), an_item(2))
    url = room.web.on("/rss", reply(200, an_rss(*items)), reply(200, an_rss(*items, "<!-- later -->")))
    (feed,) = await room.subscribe(FeedSettings(url=url))
    await room.poll(feed)

    poll, _ = await room.poll(feed)

    assert (poll.outcome, poll.new_entries) == (Outcome.UNCHANGED, 0)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (reply(404), "HTTP 404 Not Found"),
        (reply(200, b"<html><body>Hello</body></html>", etag='"page"'), "this is an HTML page, not a feed"),
    ],
)
async def test_a_failure_leaves_entries_and_validators_as_they_were(
    room: Round, answer: bytes, error: str
) -> None:
    url = room.web.on("/rss", reply(200, an_rss(an_item(1)), etag='"1"'), answer)
    (feed,) = await room.subscribe(FeedSettings(url=url))
    await room.poll(feed)

    poll, after = await room.poll(feed)

    assert (poll.outcome, poll.error) == (Outcome.FAILED, after.last_error)
    assert error in str(poll.error)
    assert (after.state, after.failures, after.validators) == (FeedState.FAILING, 1, Validators('"1"'))
    assert len(room.reader.stories(limit=9)) == 1


async def test_a_document_that_was_cut_gives_its_entries_and_is_asked_for_again(room: Round) -> None:
    whole = an_rss(an_item(1), an_item(2))
    url = room.web.on("/rss", reply(200, whole[: whole.index(b"<item><guid>item-2") + 30], etag='"1"'))
    (feed,) = await room.subscribe(FeedSettings(url=url))

    poll, after = await room.poll(feed)

    assert poll.new_entries == 1
    assert "cut short" in str(poll.error)
    assert (after.validators, after.body_hash) == (Validators(), None)


async def test_two_feeds_that_tell_one_story_at_once_store_it_once(room: Round) -> None:
    wanted = []
    for number in range(6):
        link = f"https://news.example.org/1?utm_source=feed{number}"
        path = room.web.on(f"/{number}", reply(200, an_rss(an_item(1, link=link), title=f"Feed {number}")))
        wanted.append(FeedSettings(url=path))
    feeds = await room.subscribe(*wanted)

    await asyncio.gather(*(room.poll(feed) for feed in feeds))

    (story,) = room.reader.stories(limit=9)
    assert {entry.feed_title for entry in story.entries} == {f"Feed {number}" for number in range(6)}


async def test_the_config_says_what_a_feed_is_called_what_it_takes_and_which_tags_it_gives(
    room: Round,
) -> None:
    items = (an_item(1, title="Gas prices fall"), an_item(2, title="Gas and sport"), an_item(3))
    url = room.web.on("/rss", reply(200, an_rss(*items)))
    wishes = FeedSettings(
        url=url,
        title="My feed",
        tags=("home",),
        include=parse_filter("gas"),
        exclude=parse_filter("sport"),
        headers={"X-Key": "1"},
    )
    (feed,) = await room.subscribe(wishes, tags=(TagRule(name="energy", rule=parse_filter("gas")),))

    _, after = await room.poll(feed)

    (story,) = room.reader.stories(limit=9)
    assert (story.title, after.title) == ("Gas prices fall", "My feed")
    assert {tag.name for tag in story.tags} == {"home", "energy"}
    assert room.web.asked[0].headers["x-key"] == b"1"


async def test_a_regular_expression_out_of_time_keeps_the_entry(room: Round) -> None:
    url = room.web.on("/rss", reply(200, an_rss(an_item(1))))
    (feed,) = await room.subscribe(FeedSettings(url=url, include=parse_filter("/x/"), dedup=DedupLevel.OFF))
    room.poller.search = lambda _, __: None

    poll, _ = await room.poll(feed)

    assert poll.new_entries == 1


async def test_a_permanent_redirect_is_asked_instead_once_it_is_sure(room: Round) -> None:
    new = room.web.on("/new", reply(200, an_rss(an_item(1))))
    (feed,) = await room.subscribe(FeedSettings(url=room.web.on("/old", reply(301, location="/new"))))
    await room.poll(feed)
    await room.poll(feed, later=timedelta(hours=12))

    _, after = await room.poll(feed, later=timedelta(hours=12))

    assert (after.url, after.moved_from) == (new, room.web.url + "/old")


async def test_a_fault_of_our_own_backs_off_like_any_other(room: Round) -> None:
    (feed,) = await room.subscribe(FeedSettings(url=room.web.on("/rss", reply(404))))

    await room.poller.give_up(feed, "internal error: KeyError()")

    (after,) = room.reader.feeds()
    assert (after.state, after.last_error) == (FeedState.FAILING, "internal error: KeyError()")


async def test_a_poll_that_breaks_inside_the_transaction_leaves_nothing_behind(room: Round) -> None:
    url = room.web.on("/rss", reply(200, an_rss(an_item(1)), etag='"1"'))
    (feed,) = await room.subscribe(FeedSettings(url=url))
    room.poller.chance = lambda: 1 / 0

    with pytest.raises(ZeroDivisionError):
        await room.poller.poll(feed)

    assert room.reader.feeds()[0].validators == Validators()
    assert room.reader.stories(limit=9) == ()


class TestRounds:
    async def test_every_feed_is_polled_once(self) -> None:
        feeds = [a_feed(id=number, url=f"https://h{number % 3}.example/") for number in range(20)]

        async def poll(feed: Feed) -> Poll:
            await asyncio.sleep(0)
            return Poll(feed_id=feed.id, at=NOON, outcome=Outcome.NEW)

        ended = poll_round(feeds, lambda feed: asyncio.ensure_future(poll(feed)), Turnstile(4, 2))

        assert sorted([feed.id async for feed, _ in ended]) == list(range(20))

    async def test_one_that_is_broken_off_leaves_nothing_under_way(self) -> None:
        cancelled = []

        async def poll(feed: Feed) -> Poll:
            try:
                await asyncio.sleep(0 if feed.id == 0 else 60)
            except asyncio.CancelledError:
                cancelled.append(feed.id)
                raise
            return Poll(feed_id=feed.id, at=NOON, outcome=Outcome.NEW)

        feeds = [replace(a_feed(), id=number) for number in range(3)]
        rounds = poll_round(feeds, lambda feed: asyncio.ensure_future(poll(feed)), Turnstile(4, 4))
        async with aclosing(rounds):
            await anext(rounds)

        assert sorted(cancelled) == [1, 2]


async def test_login_headers_proxy_and_name_of_a_feed_go_with_its_request(room: Round) -> None:
    url = room.web.on("/rss", reply(200, an_rss(an_item(1))))
    wishes = FeedSettings(url=url, auth="me:secret", headers={"X-Key": "1"}, user_agent="Reader/1")
    (feed,) = await room.subscribe(wishes)

    await room.poll(feed)

    headers = room.web.asked[0].headers
    assert headers["authorization"] == b"Basic " + base64.b64encode(b"me:secret")
    assert (headers["x-key"], headers["user-agent"]) == (b"1", b"Reader/1")


async def test_a_login_does_not_move_with_a_feed_to_another_host(room: Round) -> None:
    url = room.web.on("/rss", reply(200, an_rss(an_item(1))))
    (feed,) = await room.subscribe(FeedSettings(url="http://old.example/rss", auth="me:secret"))

    await room.poller.poll(replace(feed, url=url))

    assert "authorization" not in room.web.asked[0].headers


async def test_a_login_that_a_document_repeats_is_not_kept(room: Round) -> None:
    document = an_rss(an_item(1)).replace(b"<item>", b"<link>https://me:secret@news.example/</link><item>")
    (feed,) = await room.subscribe(FeedSettings(url=room.web.on("/rss", reply(200, document))))

    _, after = await room.poll(feed)

    assert after.site_url == "https://news.example/"


@dataclass
class Remarking:
    """A fetcher that has something to say of the way."""

    answer: Answer

    async def get(self, request: Request) -> Answer:
        return replace(self.answer, url=request.url)


@pytest.mark.parametrize("answer", [{"status": 304}, {"status": 200, "body": a_body(an_rss(an_item(1)))}])
async def test_a_note_about_the_way_stands_with_the_poll_and_is_no_failure(
    room: Round, answer: dict[str, Any]
) -> None:
    (feed,) = await room.subscribe(FeedSettings(url="https://news.example/rss"))
    room.poller.fetcher = Remarking(Answer(url="", note="moved down to http", **answer))

    poll, after = await room.poll(feed)

    assert (poll.error, after.failures, after.last_error) == ("moved down to http", 0, None)


async def test_an_id_that_the_guid_gave_to_an_older_entry_is_not_given_to_the_next(room: Round) -> None:
    """A guid goes from entry to entry, and each that had it got another one."""
    names = ("Dam bursts in northern valley", "Ferry crews call a strike", "Museum opens its doors again")
    days = [an_item(7, title=name, link=f"https://news.example.org/{name[:3]}", text=TEXT) for name in names]

    def named_anew(day: int) -> str:
        return days[day].replace("item-7", f"item-{day}")

    documents = [an_rss(days[0])]
    for day in (1, 2):
        documents += [an_rss(named_anew(day - 1)), an_rss(days[day], named_anew(day - 1))]
    url = room.web.on("/rss", *(reply(200, document) for document in documents))
    (feed,) = await room.subscribe(FeedSettings(url=url))

    polls = [(await room.poll(feed, later=timedelta(hours=1)))[0] for _ in documents]

    assert [poll.new_entries for poll in polls] == [1, 0, 1, 0, 1]
