"""Subscriptions at the hubs that feeds name, so that news comes by itself and polls may be fewer.

`Subscriber` keeps them: it hears what documents offer, asks hubs, answers what they verify, and says whose
pushes count. The rules are core/subscribing.py's. Never touches entries: a push goes the way of a poll.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from aggregator.core import subscribing
from aggregator.core.schedule import Push
from aggregator.core.settings import Plan
from aggregator.core.subscribing import Offer
from aggregator.logs import line
from aggregator.model import Answer, ParsedFeed, Subscription, SubscriptionState

log = logging.getLogger("aggregator")

PATH = "websub/"  # of our callbacks, below the public URL
AT_ONCE = 20  # hubs asked in one round


class Hubs(Protocol):
    """Who else brings the news of feeds."""

    def push_of(self, feed_id: int) -> Push | None:
        """The push that this feed may rely on now."""
        ...

    async def heard(self, feed_id: int, answer: Answer, parsed: ParsedFeed, new_entries: int) -> None:
        """A poll brought this document, with so many entries that were not there before."""
        ...


class NoHubs:
    """Nobody does."""

    def push_of(self, _feed_id: int) -> None:
        """None."""

    async def heard(self, _feed_id: int, _answer: Answer, _parsed: ParsedFeed, _new_entries: int) -> None:
        """It is all the same."""


class Keeps(Protocol):
    """Keeps subscriptions over restarts."""

    async def subscriptions(self) -> Sequence[Subscription]:
        """All that there are."""
        ...

    async def keep_subscription(self, one: Subscription) -> None:
        """Keep it in the place of the one with its callback."""
        ...

    async def drop_subscription(self, callback: str) -> None:
        """Forget the one with this callback."""
        ...


class Posts(Protocol):
    """Posts a form; what the network does is a value, never an exception."""

    async def post(self, url: str, form: Iterable[tuple[str, str]], *, home: str | None = None) -> Answer:
        """What came of it."""
        ...


@dataclass(slots=True)
class Subscriber:
    """All our subscriptions, in memory as they are in the store. Use `follow` before anything else."""

    store: Keeps
    now: Callable[[], datetime]
    _by_token: dict[str, Subscription] = field(default_factory=dict)
    _homes: Mapping[int, str] = field(default_factory=dict)
    """the addresses of the feeds that may be pushed, by their id"""
    _begun: bool = False
    _base: str = ""
    """what our callbacks begin with"""

    # -- what is wanted ---------------------------------------------------------------------------------

    async def follow(self, plan: Plan) -> None:
        """Subscribe for the feeds of this plan alone; the first time, take up what a run before left.

        Where our address is another, hubs no longer reach us: what they were asked for is asked anew.
        """
        if not self._begun:
            self._begun = True
            self._by_token = {_token(one): one for one in await self.store.subscriptions()}
        server, polling = plan.settings.server, plan.settings.poll
        self._base = f"{server.public_url}{PATH}"
        may = polling.websub and server.is_public
        self._homes = {
            feed_id: feed.url
            for feed_id, feed in plan.feeds.items()
            if may and feed.websub and not feed.paused and not feed.proxy
        }
        for one in list(self._by_token.values()):
            reached = one.callback.startswith(self._base) and server.is_public
            if one.feed_id not in self._homes or not reached:
                await self._leave(one, reached=reached)
            if one.feed_id in self._homes and not reached:
                await self._begin(one.feed_id, Offer(one.hub, one.topic))

    def push_of(self, feed_id: int) -> Push | None:
        """The push that this feed may rely on now."""
        one = self._of(feed_id)
        return subscribing.push_of(one, self.now()) if one else None

    async def heard(self, feed_id: int, answer: Answer, parsed: ParsedFeed, new_entries: int) -> None:
        """A poll brought this document: what it offers is subscribed to, what it found was not pushed."""
        if feed_id not in self._homes or not parsed.complete:
            return
        one, offer = self._of(feed_id), subscribing.offered(answer, parsed)
        if one and offer == Offer(one.hub, one.topic):
            if new_entries and subscribing.push_of(one, self.now()):
                await self._keep(replace(one, missed_at=self.now()))
            return
        if one:
            await self._leave(one, reached=True)
        if offer:
            await self._begin(feed_id, offer)

    # -- asking hubs ------------------------------------------------------------------------------------

    async def ask(self, client: Posts) -> None:
        """Ask the hubs whose time has come for what we want of them."""
        now = self.now()
        due = sorted(
            (one for one in self._by_token.values() if one.next_ask_at <= now), key=lambda x: x.next_ask_at
        )
        await asyncio.gather(*(self._ask(one, client) for one in due[:AT_ONCE]))

    async def _ask(self, one: Subscription, client: Posts) -> None:
        if subscribing.is_given_up(one):
            await self._drop(one)
            return
        # First: a hub may verify before it answers.
        await self._keep(subscribing.asked(one, self.now()))
        answer = await client.post(one.hub, subscribing.request(one), home=one.home)
        hub, known = subscribing.host(one.hub), self._by_token.get(_token(one))
        if answer.error and known and known.asks:
            await self._keep(replace(known, problem=answer.error))
            log.info(line("not subscribed", hub=hub, topic=one.topic, error=answer.error))

    # -- what hubs ask and send -------------------------------------------------------------------------

    def known(self, token: str) -> Subscription | None:
        """The subscription with this callback; None where there is none, or has never been."""
        return self._by_token.get(token)

    async def confirm(self, token: str, query: Mapping[str, str]) -> str | None:
        """The challenge, for a hub that asks whether we mean it; None for what we did not ask."""
        one = self._by_token.get(token)
        found = subscribing.confirmation(one, query, self.now()) if one else None
        if one is None or found is None:
            return None
        if found.after is None:
            await self._drop(one)
        else:
            await self._keep(found.after)
        state = found.after.state if found.after else "over"
        log.info(line("subscription", state=state, hub=subscribing.host(one.hub), topic=one.topic))
        return found.challenge

    async def pushed(self, one: Subscription) -> None:
        """A push of this subscription was stored: its hub is as good as its word."""
        if today := self._by_token.get(_token(one)):
            await self._keep(replace(today, pushed_at=self.now()))

    # -- keeping ----------------------------------------------------------------------------------------

    def _of(self, feed_id: int) -> Subscription | None:
        """That of this feed which is not on its way out."""
        leaving = SubscriptionState.LEAVING
        mine = (one for one in self._by_token.values() if one.feed_id == feed_id)
        return next((one for one in mine if one.state is not leaving), None)

    async def _begin(self, feed_id: int, offer: Offer) -> None:
        callback = f"{self._base}{secrets.token_urlsafe(32)}"
        secret = secrets.token_urlsafe(32)
        home, now = self._homes[feed_id], self.now()
        await self._keep(subscribing.begun(feed_id, home, offer, callback=callback, secret=secret, now=now))

    async def _leave(self, one: Subscription, *, reached: bool) -> None:
        """End it, with a word to its hub where that can still ask back."""
        after = subscribing.left(one, self.now()) if reached else None
        if after is None:
            await self._drop(one)
        elif after != one:
            await self._keep(after)

    async def _keep(self, one: Subscription) -> None:
        await self.store.keep_subscription(one)
        self._by_token[_token(one)] = one

    async def _drop(self, one: Subscription) -> None:
        await self.store.drop_subscription(one.callback)
        self._by_token.pop(_token(one), None)


def _token(one: Subscription) -> str:
    return one.callback.rpartition("/")[2]
