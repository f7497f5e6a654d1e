"""Takes what hubs push: read within bounds, counted only if it is signed, stored beside everything else.

A hub hears at once that its push has come, and never what became of it: one with a wrong signature is
acknowledged and ignored (w3.org/TR/websub §8).
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from aggregator.app.parts import Parts
from aggregator.core import subscribing
from aggregator.errors import ParseError
from aggregator.fetch import FetchError, read_body
from aggregator.logs import line
from aggregator.model import Answer, Body, Feed, Poll, Subscription, SubscriptionState

log = logging.getLogger("aggregator")

MOST = 50  # pushes being read or waiting to be stored; what comes beyond is sent again by its hub


@dataclass(slots=True)
class Pushing:
    """Our end of all subscriptions. `note` hears of each push that was stored; `begin` runs work aside."""

    parts: Parts
    note: Callable[[Feed, Poll], None]
    begin: Callable[[Callable[[], Awaitable[None]]], None]
    _under_way: int = 0

    async def confirm(self, token: str, query: Mapping[str, str]) -> str | None:
        """What a hub that verifies is to hear; None for what we did not ask for."""
        return await self.parts.subscriber.confirm(token, query)

    async def deliver(
        self, token: str, headers: Mapping[str, str], chunks: AsyncIterator[bytes]
    ) -> HTTPStatus:
        """What to answer to a push."""
        one = self.parts.subscriber.known(token)
        if one is None:
            return HTTPStatus.NOT_FOUND
        if one.state is not SubscriptionState.ACTIVE:
            return HTTPStatus.GONE
        if headers.get("content-encoding", "identity") != "identity":
            return HTTPStatus.UNSUPPORTED_MEDIA_TYPE
        if self._under_way >= MOST:
            return HTTPStatus.SERVICE_UNAVAILABLE
        self._under_way += 1
        try:
            body = await read_body(chunks, "", self.parts.settings.poll.max_bytes, self.parts.data)
        except FetchError as error:
            log.info(line("push refused", hub=subscribing.host(one.hub), topic=one.topic, error=error))
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        finally:
            self._under_way -= 1
        if body is not None:
            await self._judge(one, body, headers)
        return HTTPStatus.ACCEPTED

    async def _judge(self, one: Subscription, body: Body, headers: Mapping[str, str]) -> None:
        """Store what is signed; what is not is forgotten."""
        signature = headers.get("x-hub-signature", "")
        content = await asyncio.to_thread(body.read)
        if not subscribing.is_signed(content, signature, one.secret):
            body.close()
            log.info(line("push ignored", hub=subscribing.host(one.hub), topic=one.topic, error="not signed"))
            return
        self._under_way += 1
        hub = subscribing.host(one.hub)
        told = Answer(
            url=one.topic,
            body=body,
            content_type=headers.get("content-type"),
            received_bytes=body.size,
            note=f"pushed by {hub}",
        )

        async def push() -> None:
            try:
                with told:
                    await self._store(one, told)
            finally:
                self._under_way -= 1

        self.begin(push)

    async def _store(self, one: Subscription, told: Answer) -> None:
        try:
            poll = await self.parts.take(one.feed_id, told)
        except ParseError as error:
            log.info(line("push ignored", hub=subscribing.host(one.hub), topic=one.topic, error=error))
            return
        await self.parts.subscriber.pushed(one)
        feed = next((feed for feed in self.parts.feeds if feed.id == one.feed_id), None)
        if feed:
            self.note(feed, poll)
