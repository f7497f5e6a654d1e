"""The pace of polls as servers feel it: waits that last, feeds that end, moves, and our own line."""

import logging
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.core.settings import FeedSettings
from aggregator.model import Answer, Feed, FeedState, Outcome, Request
from tests.builders import NOON
from tests.http import reply
from tests.newsroom import an_item, an_rss
from tests.poll.rooms import POLLING, Round, a_round

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FINE = an_rss(an_item(1))


def asked_for(room: Round, path: str) -> int:
    """How often this path was asked for."""
    return sum(asked.path == path for asked in room.web.asked)


class TestRetryAfter:
    async def test_after_a_429_no_feed_of_the_host_is_asked_and_each_says_why(self, room: Round) -> None:
        busy = FeedSettings(url=room.web.on("/busy", reply(429, retry_after="7200")))
        other = FeedSettings(url=room.web.on("/other", reply(200, FINE)))
        one, two = await room.subscribe(busy, other)

        _, after = await room.poll(one)
        queued, _ = await room.poll(two)
        planned = room.stands(two)

        assert (after.next_poll_at, after.next_poll_rule) == (NOON + 2 * HOUR, "Retry-After: 2 h")
        assert queued.outcome is Outcome.SKIPPED
        assert planned.next_poll_at == NOON + 2 * HOUR
        assert planned.next_poll_rule == f"Retry-After of 127.0.0.1:{room.web.port}: 2 h"
        assert asked_for(room, "/other") == 0

    async def test_a_feed_that_is_not_in_the_queue_is_moved_as_well(self, room: Round) -> None:
        one, two = await room.subscribe(
            FeedSettings(url=room.web.on("/busy", reply(429, retry_after="7200"))),
            FeedSettings(url=room.web.on("/other", reply(200, FINE))),
        )
        await room.poll(two)

        await room.poll(one)

        assert room.stands(two).next_poll_at == NOON + 2 * HOUR
        assert room.stands(two).state is FeedState.ACTIVE

    async def test_a_new_feed_of_that_host_waits_too_also_after_a_restart(self, tmp_path: Path) -> None:
        async with a_round(tmp_path / "data") as room:
            port = room.web.port
            busy = FeedSettings(url=room.web.on("/busy", reply(429, retry_after="7200")))
            (one,) = await room.subscribe(busy)
            await room.poll(one)

        async with a_round(tmp_path / "data") as again:
            new = FeedSettings(url=f"http://127.0.0.1:{port}/new")
            again.now += HOUR
            _, two = await again.subscribe(busy, new)
            await again.poller.pace.settle(again.poller.plan, spread=False)
            poll, after = await again.poll(two)

        assert poll.outcome is Outcome.SKIPPED
        assert after.next_poll_at == NOON + 2 * HOUR

    async def test_after_the_wait_all_are_asked_again(self, room: Round) -> None:
        one, two = await room.subscribe(
            FeedSettings(url=room.web.on("/busy", reply(429, retry_after="7200"), reply(200, FINE))),
            FeedSettings(url=room.web.on("/other", reply(200, FINE))),
        )
        await room.poll(one)

        first, _ = await room.poll(one, later=2 * HOUR)
        second, _ = await room.poll(two)

        assert [first.outcome, second.outcome] == [Outcome.NEW, Outcome.NEW]

    async def test_a_503_is_that_feeds_alone(self, room: Round) -> None:
        one, two = await room.subscribe(
            FeedSettings(url=room.web.on("/busy", reply(503, retry_after="7200"))),
            FeedSettings(url=room.web.on("/other", reply(200, FINE))),
        )

        _, after = await room.poll(one)
        poll, _ = await room.poll(two)

        assert after.next_poll_at == NOON + 2 * HOUR
        assert poll.outcome is Outcome.NEW

    @pytest.mark.parametrize("value", ["0", "-5", "soon", "Tue, 01 Jan 2002 00:00:00 GMT"])
    async def test_a_senseless_value_is_our_own_backoff_and_holds_up_nobody(
        self, room: Round, value: str
    ) -> None:
        one, two = await room.subscribe(
            FeedSettings(url=room.web.on("/busy", reply(429, retry_after=value))),
            FeedSettings(url=room.web.on("/other", reply(200, FINE))),
        )

        _, after = await room.poll(one)
        poll, _ = await room.poll(two)

        assert (after.next_poll_at, poll.outcome) == (NOON + 30 * MINUTE, Outcome.NEW)

    async def test_no_article_page_is_asked_for_at_a_host_that_said_429(self, room: Round) -> None:
        busy = room.web.on("/busy", reply(429, retry_after="7200")).replace("127.0.0.1", "localhost")
        article = room.web.on("/article", reply(200)).replace("127.0.0.1", "localhost")
        rss = room.web.on("/rss", reply(200, an_rss(an_item(1, link=article))))
        one, two = await room.subscribe(FeedSettings(url=busy), FeedSettings(url=rss, full_text=True))
        await room.poll(one)

        poll, _ = await room.poll(two)

        assert f"localhost:{room.web.port} is left alone after a refusal" in str(poll.error)
        assert asked_for(room, "/article") == 0

    async def test_what_an_articles_host_asked_for_holds_for_its_feeds_and_through_restarts(
        self, tmp_path: Path
    ) -> None:
        async with a_round(tmp_path / "data") as room:
            (one,) = await room.subscribe(self.with_article(room, reply(429, retry_after="7200")))
            await room.poll(one)
            planned = room.stands(one)

        assert planned.next_poll_at == NOON + 2 * HOUR
        assert planned.next_poll_rule == f"Retry-After of 127.0.0.1:{room.web.port}: 2 h"
        async with a_round(tmp_path / "data") as again:
            (wait,) = await again.store.waits(NOON + HOUR)
        assert (wait.whom, wait.until) == (f"127.0.0.1:{room.web.port}", NOON + 2 * HOUR)

    async def test_a_refusal_of_a_page_holds_up_the_hosts_pages_but_no_feed(self, room: Round) -> None:
        wanted = self.with_article(room, reply(503, retry_after="7200"))
        (one,) = await room.subscribe(wanted)
        await room.poll(one)
        new = an_item(2, title="Something else", link=room.web.on("/article2", reply(404)))
        room.web.on("/rss", reply(200, an_rss(new)))

        poll, _ = await room.poll(one, later=HOUR)

        assert poll.outcome is Outcome.NEW
        assert f"127.0.0.1:{room.web.port} is left alone after a refusal" in str(poll.error)
        assert asked_for(room, "/article2") == 0

    @staticmethod
    def with_article(room: Round, answer: bytes) -> FeedSettings:
        """A feed that wants full texts, of one article whose page answers so."""
        article = room.web.on("/article", answer)
        return FeedSettings(
            url=room.web.on("/rss", reply(200, an_rss(an_item(1, link=article)))), full_text=True
        )

    async def test_a_pause_does_not_shorten_it(self, room: Round) -> None:
        busy = FeedSettings(url=room.web.on("/busy", reply(503, retry_after="7200")))
        (one,) = await room.subscribe(busy)
        await room.poll(one)

        await room.subscribe()
        await room.subscribe(busy)
        await room.poller.pace.settle(room.poller.plan, spread=False)

        assert room.stands(one).next_poll_at == NOON + 2 * HOUR


async def test_a_refusal_is_never_followed_by_a_request_in_another_guise(room: Round) -> None:
    (feed,) = await room.subscribe(FeedSettings(url=room.web.on("/rss", reply(403))))

    _, after = await room.poll(feed)

    assert len(room.web.asked) == 1
    assert after.next_poll_at == NOON + 30 * MINUTE


async def test_after_a_401_only_another_config_asks_again(room: Round) -> None:
    url = room.web.on("/rss", reply(401), reply(200, FINE))
    (feed,) = await room.subscribe(FeedSettings(url=url, headers={"Authorization": "old"}))
    _, refused = await room.poll(feed)
    room.now += HOUR

    (same,) = await room.subscribe(
        FeedSettings(url=url, headers={"Authorization": "old"}, title="Another title")
    )
    (other,) = await room.subscribe(FeedSettings(url=url, headers={"Authorization": "new"}))
    _, healed = await room.poll(other)

    assert refused.next_poll_rule == "needs authorization (401): not polled until its config changes"
    assert (refused.next_poll_at, same.next_poll_at, other.next_poll_at) == (None, None, NOON + HOUR)
    assert (healed.state, healed.refused_access) == (FeedState.ACTIVE, None)


async def test_after_eight_days_of_only_304_one_request_goes_without_validators(room: Round) -> None:
    url = room.web.on(
        "/rss", reply(200, FINE, etag='"1"'), reply(304), reply(304), reply(200, FINE, etag='"1"'), reply(304)
    )
    (feed,) = await room.subscribe(FeedSettings(url=url))
    for later in (timedelta(0), DAY, 6 * DAY, DAY, DAY):
        await room.poll(feed, later=later)

    conditions = [asked.headers.get("if-none-match") for asked in room.web.asked]
    assert conditions == [None, b'"1"', b'"1"', None, b'"1"']


class TestMoves:
    async def test_an_old_address_that_is_lost_is_left_for_the_one_it_led_to(self, room: Round) -> None:
        new = room.web.on("/new", reply(200, FINE))
        old = room.web.on("/old", reply(301, location="/new"), reply(410))
        (feed,) = await room.subscribe(FeedSettings(url=old))
        await room.poll(feed)

        lost, moved = await room.poll(feed, later=HOUR)
        found, after = await room.poll(feed, later=HOUR)

        assert (lost.outcome, moved.url, moved.next_poll_at) == (
            Outcome.FAILED,
            new,
            NOON + HOUR + 10 * MINUTE,
        )
        assert (found.outcome, after.state) == (Outcome.UNCHANGED, FeedState.ACTIVE)
        assert (after.moved_from, after.moved_at) == (old, NOON + HOUR)

    async def test_a_maintenance_page_never_becomes_the_feed(self, room: Round) -> None:
        room.web.on("/sorry", reply(200, b"<html><body>Back soon</body></html>"))
        url = room.web.on("/rss", reply(301, location="/sorry"))
        (feed,) = await room.subscribe(FeedSettings(url=url))

        for _ in range(5):
            _, after = await room.poll(feed, later=DAY)

        assert (after.url, after.moved_to) == (url, None)

    async def test_two_feeds_never_share_an_address(self, room: Round) -> None:
        new = FeedSettings(url=room.web.on("/new", reply(200, FINE)))
        old = FeedSettings(url=room.web.on("/old", reply(301, location="/new")))
        one, _ = await room.subscribe(old, new)

        for _ in range(4):
            _, after = await room.poll(one, later=DAY)

        assert (after.url, after.moved_to) == (old.url, new.url)


class TestRhythm:
    async def test_news_speeds_a_feed_up_and_silence_slows_it_down(self, room: Round) -> None:
        documents = [an_rss(*(an_item(n) for n in range(last, last + 20))) for last in (0, 2)]
        url = room.web.on("/rss", *(reply(200, document) for document in documents))
        (feed,) = await room.subscribe(FeedSettings(url=url))
        await room.poll(feed)

        _, quick = await room.poll(feed, later=30 * MINUTE)
        _, slow = await room.poll(feed, later=8 * HOUR)

        assert quick.news_every is not None
        assert quick.next_poll_rule == "its own rhythm: news about every 34.6 min, so every 17.3 min"
        assert slow.next_poll_rule == "its own rhythm: no news for 8 h, so every 2 h"

    async def test_a_date_inside_a_feed_changes_nothing(self, room: Round) -> None:
        item = an_item(1).replace("<guid>", "<pubDate>Sat, 01 Jan 2050 00:00:00 GMT</pubDate><guid>")
        (feed,) = await room.subscribe(FeedSettings(url=room.web.on("/rss", reply(200, an_rss(item)))))

        _, after = await room.poll(feed)

        assert (after.news_at, after.next_poll_at) == (NOON, NOON + 30 * MINUTE)


@dataclass
class Line:
    """A network of which hosts can be cut off; what can be reached has nothing new."""

    cut: set[str] = field(default_factory=set)

    async def get(self, request: Request) -> Answer:
        if request.url in self.cut:
            return Answer(url=request.url, error="no such host", unreached=True)
        return Answer(url=request.url, status=304)


class TestOwnLine:
    HOSTS = tuple(f"https://h{number}.example/rss" for number in range(5))

    async def feeds(self, room: Round, cut: int) -> tuple[Line, tuple[Feed, ...]]:
        """Five well feeds on five hosts, of which so many are cut off now."""
        line = Line()
        room.poller.fetcher = line
        feeds = await room.subscribe(*(FeedSettings(url=url) for url in self.HOSTS))
        for feed in feeds:
            await room.poll(feed)
        line.cut = set(self.HOSTS[:cut])
        room.now += HOUR
        return line, feeds

    async def test_when_no_host_answers_no_feed_is_blamed_and_all_are_asked_soon(
        self, room: Round, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO, "aggregator")
        _, feeds = await self.feeds(room, cut=5)

        polls = [(await room.poll(feed))[0] for feed in feeds]

        after = [room.stands(feed) for feed in feeds]
        assert {poll.outcome for poll in polls} == {Outcome.FAILED}
        assert {(feed.state, feed.failures, feed.last_error) for feed in after} == {
            (FeedState.ACTIVE, 0, None)
        }
        assert {feed.next_poll_at for feed in after} == {room.now + MINUTE}
        assert room.poller.pace.line.down_since == room.now
        assert [record.levelname for record in caplog.records] == ["WARNING"]

    async def test_the_first_answer_ends_it_with_one_line(
        self, room: Round, caplog: pytest.LogCaptureFixture
    ) -> None:
        line, feeds = await self.feeds(room, cut=5)
        for feed in feeds:
            await room.poll(feed)
        caplog.set_level(logging.INFO, "aggregator")
        caplog.clear()
        line.cut.clear()

        for feed in feeds:
            await room.poll(feed, later=MINUTE)

        assert room.poller.pace.line.down_since is None
        assert [record.getMessage() for record in caplog.records] == ["line back after=0:01:00"]
        assert room.stands(feeds[0]).next_poll_rule != "our own line is down: again in 1 min"

    async def test_hosts_that_fail_while_others_answer_back_off_as_always(self, room: Round) -> None:
        _, feeds = await self.feeds(room, cut=2)

        for feed in (feeds[0], feeds[4], feeds[1]):
            await room.poll(feed)

        after = [room.stands(feed) for feed in feeds[:2]]
        assert {(feed.state, feed.failures) for feed in after} == {(FeedState.FAILING, 1)}
        assert {feed.next_poll_at for feed in after} == {room.now + POLLING.backoff}

    async def test_a_refusal_of_our_own_says_nothing_of_the_line_and_is_put_down_to_the_feed(
        self, room: Round
    ) -> None:
        _, feeds = await self.feeds(room, cut=4)
        for feed in feeds[:4]:
            await room.poll(feed)

        class Guard:
            async def get(self, request: Request) -> Answer:
                return Answer(url=request.url, error="refused: address 10.0.0.1 is private")

        room.poller.fetcher = Guard()
        _, after = await room.poll(feeds[4])

        assert room.poller.pace.line.down_since
        assert (after.state, after.failures) == (FeedState.FAILING, 1)
