"""The daemon as a subscriber, against a hub by the letter of the W3C Recommendation."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest

from aggregator.app.pushing import MOST, Pushing
from aggregator.model import SubscriptionState
from tests.app.alive import Running, free_port, has, running, until
from tests.http import WebServer, reply
from tests.hub import Hub, a_hub, ask
from tests.newsroom import an_item

TOPIC = "https://news.example.org/feed.xml"
SLOW = "1d"  # nothing comes by a poll but the first


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    async with a_hub() as one:
        yield one


def a_pushed_rss(hub: str, *items: str, topic: str = TOPIC) -> bytes:
    """A document that names its hub, and itself by another address than it is polled at."""
    links = f'<atom:link rel="self" href="{topic}"/>' + (
        f'<atom:link rel="hub" href="{hub}"/>' if hub else ""
    )
    return (
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Example News</title>'
        f"{links}{''.join(items)}</channel></rss>"
    ).encode()


@asynccontextmanager
async def subscribing(
    folder: Path, *feeds: str, port: int | None = None, every: str = SLOW
) -> AsyncIterator[Running]:
    port = port or free_port()
    server = f"public_url: 'http://127.0.0.1:{port}/'"
    async with running(folder, *feeds, every=every, port=port, server=server) as alive:
        yield alive


async def subscribed(alive: Running, hub: Hub) -> None:
    """Wait until the hub sends what is new, and we know it."""

    async def known() -> bool:
        await alive.parts.ask_hubs()
        stored = await alive.parts.store.subscriptions()
        return bool(hub.subscribers) and any(one.state is SubscriptionState.ACTIVE for one in stored)

    await until(known)


async def test_news_comes_by_a_push_and_has_its_own_id(tmp_path: Path, web: WebServer, hub: Hub) -> None:
    feed = web.on("/feed", reply(200, a_pushed_rss(hub.url, an_item(1))))

    async with subscribing(tmp_path, feed) as alive:
        await subscribed(alive, hub)
        fat = a_pushed_rss(hub.url, an_item(2), an_item(1))

        assert await hub.push(fat) == [202]
        await until(lambda: has(alive, 2))
        assert await hub.push(fat) == [202]
        assert await hub.push(a_pushed_rss(hub.url, an_item(3))) == [202]
        await until(lambda: has(alive, 3))

        assert await alive.titles() == [f"News number {number} of today" for number in (3, 2, 1)]
    assert len([asked for asked in web.asked if asked.path == "/feed"]) == 1
    assert hub.forms[0]["hub.topic"] == TOPIC
    assert hub.forms[0]["hub.mode"] == "subscribe"


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
async def test_every_method_of_the_recommendation_signs(
    tmp_path: Path, web: WebServer, hub: Hub, method: str
) -> None:
    feed = web.on("/feed", reply(200, a_pushed_rss(hub.url, an_item(1))))

    async with subscribing(tmp_path, feed) as alive:
        await subscribed(alive, hub)
        await hub.push(a_pushed_rss(hub.url, an_item(2)), method=method)

        await until(lambda: has(alive, 2))


async def test_what_is_not_signed_rightly_is_acknowledged_and_ignored(
    tmp_path: Path, web: WebServer, hub: Hub
) -> None:
    feed = web.on("/feed", reply(200, a_pushed_rss(hub.url, an_item(1))))

    async with subscribing(tmp_path, feed) as alive:
        await subscribed(alive, hub)
        forged = a_pushed_rss(hub.url, an_item(66))

        for signature in ("", "sha256=00", "md5=00", "sha256"):
            assert await hub.push(forged, signature=signature) == [202]
        await hub.push(a_pushed_rss(hub.url, an_item(2)))

        await until(lambda: has(alive, 2))
        assert "News number 66 of today" not in await alive.titles()


async def test_a_push_stays_within_bounds(tmp_path: Path, web: WebServer, hub: Hub) -> None:
    feed = web.on("/feed", reply(200, a_pushed_rss(hub.url, an_item(1))))

    async with subscribing(tmp_path, feed) as alive:
        await subscribed(alive, hub)

        assert await hub.push(b" " * 10_000_001) == [413]
        assert await hub.push(b"zipped", **{"Content-Encoding": "gzip"}) == [415]
        assert await hub.push(b"  ") == [202]
        assert await hub.push(b"<html>no feed</html>") == [202]
        await hub.push(a_pushed_rss(hub.url, an_item(2)))
        await until(lambda: has(alive, 2))


async def test_more_pushes_than_can_be_read_at_once_are_to_come_again(
    tmp_path: Path, web: WebServer, hub: Hub
) -> None:
    feed = web.on("/feed", reply(200, a_pushed_rss(hub.url, an_item(1))))

    async with subscribing(tmp_path, feed) as alive:
        await subscribed(alive, hub)
        (one,) = await alive.parts.store.subscriptions()
        busy = Pushing(alive.parts, alive.daemon._note, alive.daemon._begin, MOST)

        assert (
            await busy.deliver(one.callback.rpartition("/")[2], {}, _nothing())
            is HTTPStatus.SERVICE_UNAVAILABLE
        )


async def _nothing() -> AsyncIterator[bytes]:
    yield b""


async def test_callbacks_that_nobody_was_given_are_not_there(
    tmp_path: Path, web: WebServer, hub: Hub
) -> None:
    feed = web.on("/feed", reply(200, a_pushed_rss(hub.url, an_item(1))))

    async with subscribing(tmp_path, feed) as alive:
        await subscribed(alive, hub)
        (one,) = hub.subscribers.values()
        other = one.callback[:-1] + ("a" if one.callback[-1] != "a" else "b")
        verify = {"hub.topic": TOPIC, "hub.challenge": "x", "hub.lease_seconds": "60"}

        assert (await ask(other, {**verify, "hub.mode": "subscribe"})).status_code == 404
        assert (await ask(one.callback, {**verify, "hub.mode": "unsubscribe"})).status_code == 404
        assert (
            await ask(one.callback, {**verify, "hub.mode": "subscribe", "hub.topic": "https://x.example/"})
        ).status_code == 404
        async with httpx.AsyncClient(trust_env=False) as client:
            assert (await client.post(other, content=b"x")).status_code == 404
            assert (await client.put(one.callback, content=b"x")).status_code == 405


async def test_a_hub_may_deny_at_any_time_and_then_its_pushes_are_gone(
    tmp_path: Path, web: WebServer, hub: Hub
) -> None:
    feed = web.on("/feed", reply(200, a_pushed_rss(hub.url, an_item(1))))

    async with subscribing(tmp_path, feed) as alive:
        await subscribed(alive, hub)
        (one,) = hub.subscribers.values()
        await hub.deny(one.callback, one.topic, "no more")
        hub.subscribers[one.callback] = one

        assert await hub.push(a_pushed_rss(hub.url, an_item(2))) == [410]
        (stored,) = await alive.parts.store.subscriptions()
    assert (stored.state, stored.problem) == (SubscriptionState.DENIED, "denied: no more")


async def test_a_feed_that_leaves_the_config_is_unsubscribed(
    tmp_path: Path, web: WebServer, hub: Hub
) -> None:
    feed = web.on("/feed", reply(200, a_pushed_rss(hub.url, an_item(1))))
    other = web.on("/other", reply(200, a_pushed_rss("", an_item(9))))

    async with subscribing(tmp_path, feed) as alive:
        await subscribed(alive, hub)
        alive.write(other, every=SLOW)

        async def gone() -> bool:
            await alive.parts.ask_hubs()
            return not hub.subscribers and not await alive.parts.store.subscriptions()

        await until(gone)
    assert hub.verified[-1] == ("unsubscribe", 200)


async def test_a_restart_keeps_the_subscription(tmp_path: Path, web: WebServer, hub: Hub) -> None:
    feed = web.on("/feed", reply(200, a_pushed_rss(hub.url, an_item(1))))
    port = free_port()
    async with subscribing(tmp_path, feed, port=port) as alive:
        await subscribed(alive, hub)

    async with subscribing(tmp_path, feed, port=port) as alive:
        await hub.push(a_pushed_rss(hub.url, an_item(2)))
        await until(lambda: has(alive, 2))

    assert len(hub.forms) == 1


@pytest.mark.parametrize("status", [307, 308])
async def test_a_hub_may_send_us_on_to_another(tmp_path: Path, web: WebServer, hub: Hub, status: int) -> None:
    old = web.on("/old", reply(status, location=hub.url))
    feed = web.on("/feed", reply(200, a_pushed_rss(old, an_item(1))))

    async with subscribing(tmp_path, feed) as alive:
        await subscribed(alive, hub)

    assert len(hub.subscribers) == 1


async def test_a_link_header_counts_before_the_document(tmp_path: Path, web: WebServer, hub: Hub) -> None:
    document = a_pushed_rss("https://wrong.example/", an_item(1), topic="https://wrong.example/feed")
    header = f'<{hub.url}>; rel="hub", </self>; rel=self'
    feed = web.on("/feed", reply(200, document, link=header))

    async with subscribing(tmp_path, feed) as alive:
        await subscribed(alive, hub)

    assert hub.forms[0]["hub.topic"] == f"{web.url}/self"


async def test_a_hub_that_is_down_is_asked_again_and_polls_go_on(
    tmp_path: Path, web: WebServer, hub: Hub
) -> None:
    await hub.web.reachable(False)
    feed = web.on(
        "/feed",
        reply(200, a_pushed_rss(hub.url, an_item(1))),
        reply(200, a_pushed_rss(hub.url, an_item(2))),
    )

    async with subscribing(tmp_path, feed, every="1s") as alive:
        await until(lambda: has(alive, 2))
        await alive.parts.ask_hubs()
        (one,) = await alive.parts.store.subscriptions()

        assert (one.state, one.asks) == (SubscriptionState.WANTED, 1)


async def test_without_a_public_url_nobody_is_asked(tmp_path: Path, web: WebServer, hub: Hub) -> None:
    feed = web.on("/feed", reply(200, a_pushed_rss(hub.url, an_item(1))))

    async with running(tmp_path, feed, every=SLOW) as alive:
        await until(lambda: has(alive, 1))
        await alive.parts.ask_hubs()

        assert not await alive.parts.store.subscriptions()
    assert not hub.forms


async def test_no_log_line_holds_a_callback_or_a_secret(
    tmp_path: Path, web: WebServer, hub: Hub, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    feed = web.on("/feed", reply(200, a_pushed_rss(hub.url, an_item(1))))

    async with subscribing(tmp_path, feed) as alive:
        await subscribed(alive, hub)
        await hub.push(a_pushed_rss(hub.url, an_item(66)), signature="sha1=0")
        await hub.push(a_pushed_rss(hub.url, an_item(2)))
        await until(lambda: has(alive, 2))
        (one,) = await alive.parts.store.subscriptions()

    ours = [record.getMessage() for record in caplog.records if record.name.startswith("aggregator")]
    assert ours
    assert not any(one.secret in line or one.callback.rpartition("/")[2] in line for line in ours)
    assert one.secret not in repr(one)
