"""Subscriptions at hubs over days: a clock that the test sets, a store, and a hub that hears all."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.core.settings import FeedSettings, Plan, ServerSettings, Settings
from aggregator.fetch import Fetcher
from aggregator.model import Answer, Subscription, SubscriptionState
from aggregator.poll import Subscriber
from aggregator.store import Store, WantedFeed
from tests.builders import NOON, a_parsed_feed
from tests.hub import a_hub
from tests.poll.rooms import POLLING

URL, SELF, HUB = "https://news.example.org/rss", "https://news.example.org/feed", "https://hub.example.org/"
HOME = "https://me.example/"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
OFFER = a_parsed_feed(hubs=(HUB,), self_url=SELF)


class Hub:
    """Takes whatever it is asked for, or says what is wrong."""

    def __init__(self) -> None:
        self.forms: list[dict[str, str]] = []
        self.error: str | None = None

    async def post(self, url: str, form: Iterable[tuple[str, str]], *, home: str | None = None) -> Answer:
        assert (url, home) == (HUB, URL)
        self.forms.append(dict(form))
        return Answer(url=url, error=self.error)

    @property
    def modes(self) -> list[str]:
        return [form["hub.mode"] for form in self.forms]


class Desk:
    """A subscriber for one feed, its store, its hub, and what time it is."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.hub = Hub()
        self.now = NOON
        self.feed_id = 0
        self.subscriber = self.restarted()

    def restarted(self) -> Subscriber:
        """As a program that begins anew."""
        self.subscriber = Subscriber(self.store, lambda: self.now)
        return self.subscriber

    async def follow(self, *, home: str = HOME, given: bool = True, **feed: Any) -> None:
        """Take up a plan with the feed and this public URL."""
        (stored,) = await self.store.sync_feeds([WantedFeed(URL, "", False, "")], now=self.now)
        self.feed_id = stored.id
        settings = Settings(server=ServerSettings(public_url=home, is_public=given), poll=POLLING)
        await self.subscriber.follow(Plan(settings, {stored.id: FeedSettings(url=URL, **feed)}))

    async def heard(self, new_entries: int = 0, **changes: Any) -> None:
        """A poll brought the document."""
        await self.subscriber.heard(self.feed_id, Answer(url=URL), replace(OFFER, **changes), new_entries)

    async def ask(self) -> None:
        await self.subscriber.ask(self.hub)

    async def confirmed(self, lease: timedelta = 10 * DAY) -> Subscription:
        """The hub verifies what it was asked for last; the subscription afterwards."""
        asked = self.hub.forms[-1]
        query = {
            "hub.mode": asked["hub.mode"],
            "hub.topic": SELF,
            "hub.challenge": "c",
            "hub.lease_seconds": str(int(lease.total_seconds())),
        }
        assert await self.subscriber.confirm(asked["hub.callback"].rpartition("/")[2], query) == "c"
        return await self.only()

    async def only(self) -> Subscription:
        """The one that is stored."""
        (one,) = await self.store.subscriptions()
        return one

    async def pushed(self, after: timedelta = MINUTE) -> None:
        """The hub brought something, so much later."""
        self.now += after
        await self.subscriber.pushed(await self.only())

    async def subscribed(self) -> Subscription:
        """All is well, and the hub has proven it."""
        await self.follow()
        await self.heard()
        await self.ask()
        await self.confirmed()
        await self.pushed()
        return await self.only()

    def relies(self) -> bool:
        return self.subscriber.push_of(self.feed_id) is not None


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    store = Store.open(tmp_path)
    yield Desk(store)
    store.close()


class TestLease:
    async def test_it_is_renewed_before_it_ends(self, desk: Desk) -> None:
        await desk.subscribed()
        desk.now = NOON + 7.4 * DAY
        await desk.ask()
        assert desk.hub.modes == ["subscribe"]

        desk.now = NOON + 7.5 * DAY
        await desk.ask()
        renewed = await desk.confirmed()

        assert desk.hub.modes == ["subscribe", "subscribe"]
        assert desk.hub.forms[0] == desk.hub.forms[1]
        assert renewed.lease_until == desk.now + 10 * DAY

    async def test_while_the_renewal_is_open_the_old_one_holds_until_it_ends(self, desk: Desk) -> None:
        await desk.subscribed()
        desk.now = NOON + 8 * DAY
        await desk.ask()
        assert desk.relies()

        desk.now = NOON + 10 * DAY

        assert not desk.relies()

    async def test_one_that_has_lapsed_is_asked_for_again(self, desk: Desk) -> None:
        await desk.subscribed()
        desk.restarted()
        desk.now = NOON + 30 * DAY
        await desk.follow()
        assert not desk.relies()

        await desk.ask()
        await desk.confirmed()

        assert desk.relies()


class TestPushes:
    async def test_a_hub_is_not_relied_on_before_it_has_brought_something(self, desk: Desk) -> None:
        await desk.follow()
        assert not desk.relies()
        await desk.heard()
        await desk.ask()
        await desk.confirmed()
        assert not desk.relies()

        await desk.pushed()

        assert desk.relies()

    async def test_one_that_falls_silent_has_to_prove_itself_anew(self, desk: Desk) -> None:
        await desk.subscribed()
        desk.now += DAY
        await desk.heard()
        assert desk.relies()

        await desk.heard(new_entries=1)
        assert not desk.relies()
        await desk.heard(new_entries=1)
        await desk.pushed()

        assert desk.relies()

    async def test_one_whose_subscription_is_over_changes_nothing(self, desk: Desk) -> None:
        one = await desk.subscribed()
        await desk.store.drop_subscription(one.callback)
        desk.restarted()
        await desk.follow()

        await desk.subscriber.pushed(one)

        assert await desk.store.subscriptions() == ()


class TestPublicUrl:
    async def test_where_we_have_moved_hubs_are_asked_anew_and_the_old_address_is_dead(
        self, desk: Desk
    ) -> None:
        old = await desk.subscribed()

        await desk.follow(home="https://new.example/news/")
        await desk.ask()
        new = await desk.confirmed()

        assert new.callback.startswith("https://new.example/news/websub/")
        assert new.secret != old.secret
        assert desk.subscriber.known(old.callback.rpartition("/")[2]) is None
        assert desk.hub.modes == ["subscribe", "subscribe"]

    async def test_without_one_all_is_forgotten(self, desk: Desk) -> None:
        await desk.subscribed()

        await desk.follow(home="http://127.0.0.1:8080/", given=False)
        await desk.heard()

        assert await desk.store.subscriptions() == ()

    async def test_after_a_restart_at_the_same_address_all_is_as_it_was(self, desk: Desk) -> None:
        before = await desk.subscribed()
        desk.restarted()
        await desk.follow()
        await desk.heard()
        await desk.ask()

        assert await desk.only() == before
        assert desk.relies()
        assert desk.hub.modes == ["subscribe"]


class TestEnd:
    @pytest.mark.parametrize("wish", [{"websub": False}, {"paused": True}, {"proxy": "http://p.example:1"}])
    async def test_a_feed_that_is_not_to_be_pushed_is_unsubscribed(
        self, desk: Desk, wish: dict[str, Any]
    ) -> None:
        await desk.subscribed()
        await desk.follow(**wish)
        await desk.follow(**wish)
        await desk.heard()
        await desk.ask()
        assert not desk.relies()

        token = desk.hub.forms[-1]["hub.callback"].rpartition("/")[2]
        query = {"hub.mode": "unsubscribe", "hub.topic": SELF, "hub.challenge": "c"}

        assert await desk.subscriber.confirm(token, query) == "c"
        assert await desk.store.subscriptions() == ()
        assert desk.hub.modes == ["subscribe", "unsubscribe"]

    async def test_a_hub_that_does_not_let_go_is_asked_three_times_and_no_more(self, desk: Desk) -> None:
        await desk.subscribed()
        await desk.follow(websub=False)
        for _ in range(5):
            await desk.ask()
            desk.now += DAY

        assert desk.hub.modes == ["subscribe"] + ["unsubscribe"] * 3
        assert await desk.store.subscriptions() == ()

    async def test_a_feed_that_names_another_hub_goes_there(self, desk: Desk) -> None:
        old = await desk.subscribed()

        await desk.heard(hubs=("https://other.example/",))

        states = {one.hub: one.state for one in await desk.store.subscriptions()}
        assert states == {
            old.hub: SubscriptionState.LEAVING,
            "https://other.example/": SubscriptionState.WANTED,
        }

    async def test_a_document_that_was_cut_short_says_nothing_of_hubs(self, desk: Desk) -> None:
        before = await desk.subscribed()

        await desk.heard(hubs=(), complete=False)

        assert await desk.only() == before

    async def test_one_that_names_none_any_more_ends_it(self, desk: Desk) -> None:
        await desk.subscribed()

        await desk.heard(hubs=())

        assert (await desk.only()).state is SubscriptionState.LEAVING


class TestAsking:
    async def test_a_hub_that_refuses_is_asked_again_after_a_pause_that_grows(self, desk: Desk) -> None:
        desk.hub.error = "HTTP 500"
        await desk.follow()
        await desk.heard()
        for minutes in (0, 9, 10, 29, 30):
            desk.now = NOON + minutes * MINUTE
            await desk.ask()

        assert desk.hub.modes == ["subscribe"] * 3
        assert (await desk.only()).problem == "HTTP 500"

    async def test_one_that_denies_is_asked_again_the_day_after(self, desk: Desk) -> None:
        await desk.subscribed()
        one = await desk.only()
        denial = {"hub.mode": "denied", "hub.topic": SELF, "hub.reason": "no"}
        await desk.subscriber.confirm(one.callback.rpartition("/")[2], denial)
        assert (await desk.only()).problem == "denied: no"
        assert not desk.relies()

        desk.now += DAY
        await desk.ask()

        assert desk.hub.modes == ["subscribe", "subscribe"]

    async def test_a_stranger_is_told_nothing(self, desk: Desk) -> None:
        await desk.subscribed()

        assert await desk.subscriber.confirm("guess", {"hub.mode": "subscribe", "hub.topic": SELF}) is None

    async def test_a_feed_from_outside_does_not_lead_us_to_a_hub_at_home(self, desk: Desk) -> None:
        async with a_hub() as private, Fetcher(POLLING) as fetcher:
            await desk.follow()
            await desk.heard(hubs=(private.url,))
            await desk.subscriber.ask(fetcher)
            one = await desk.only()

        assert private.forms == []
        assert (one.state, one.asks) == (SubscriptionState.WANTED, 1)
        assert one.problem is not None
        assert "private" in one.problem
