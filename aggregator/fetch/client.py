"""The client: one request, its redirects, one answer.

Keeps no cookies, sends no Referer, and never asks a second time in another guise.
"""

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Self
from urllib.parse import urlencode

import httpx

from aggregator import __version__
from aggregator.core.settings import PollSettings
from aggregator.core.urls import host_of, login_apart
from aggregator.fetch.body import read_body
from aggregator.fetch.codings import ACCEPTED
from aggregator.fetch.connections import Connections
from aggregator.fetch.failures import FetchError, in_words
from aggregator.fetch.guard import Resolve
from aggregator.fetch.headers import freshness, refreshed, retry_after, served_at, validators
from aggregator.fetch.journey import REDIRECTS, Journey
from aggregator.fetch.turns import Turns
from aggregator.model import Answer, Request

LONGEST_LINK = 8_000  # characters of Link headers that anybody reads
WANTED = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/json;q=0.8, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.5"
)


class Fetcher:
    """Makes requests within the settings' bounds. Use as `async with`, or call `aclose`.

    `resolve` looks names up; without it the operating system does. Large bodies wait for their reader in
    `folder`, as files without a name; without it in the system's folder for such files. One that takes over
    `after` another, whose last requests are still under way, keeps the same distance from their hosts.
    """

    def __init__(
        self,
        settings: PollSettings,
        resolve: Resolve | None = None,
        *,
        folder: Path | None = None,
        after: "Fetcher | None" = None,
    ) -> None:
        self._settings = settings
        self._folder = folder
        limits = settings.concurrency, settings.per_host, settings.host_gap
        self.turns: Turns = after.turns if after else Turns(*limits)
        self.turns.limit(*limits)
        self._connections = Connections(settings, resolve)
        self._headers = [
            (b"User-Agent", (settings.user_agent or f"aggregator/{__version__} (feed aggregator)").encode()),
            (b"Accept", WANTED.encode()),
            (b"Accept-Encoding", ACCEPTED.encode()),
        ]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections; calling it again does nothing."""
        await self._connections.aclose()

    async def get(self, request: Request) -> Answer:
        """What came of the request; what the network does is a value, never an exception.

        A body is the caller's to close.
        """
        return await self._travel(request)

    async def post(self, url: str, form: Iterable[tuple[str, str]], *, home: str | None = None) -> Answer:
        """What came of posting the form; likewise. `home` is the address of the feed that leads there."""
        return await self._travel(Request(url=url, home=home, form=urlencode(list(form))))

    async def _travel(self, request: Request) -> Answer:
        limit = self._settings.timeout.total_seconds()
        journey = Journey(request, seconds_left=limit)
        try:
            while True:
                found = await self._hop(journey)
                if isinstance(found, Answer):
                    return found
                journey.follow(found.status_code, found.headers.get("location"))
        except TimeoutError:
            return journey.failed(f"no whole answer within {limit:g} s (poll.timeout)")
        except (FetchError, httpx.InvalidURL, httpx.LocalProtocolError, ValueError) as error:
            return journey.answer(error=in_words(error, _way(journey)))
        except (httpx.HTTPError, OSError) as error:
            return journey.failed(in_words(error, _way(journey)))

    async def _hop(self, journey: Journey) -> Answer | httpx.Response:
        """The answer, or the redirect in its place. Waiting for a turn takes no time from the budget."""
        host = host_of(journey.url)
        if not host or not journey.url.lower().startswith(("http://", "https://")):
            raise FetchError(f"{journey.url[:200]!r} is no web address")
        form = journey.request.form
        method = "GET" if form is None else "POST"
        asked = httpx.Request(method, journey.url, headers=self._headers, content=form)
        asked.headers.update(list(journey.headers()))
        async with self.turns.of(host):
            began = time.monotonic()
            try:
                async with asyncio.timeout(journey.seconds_left):
                    return await self._ask(journey, asked)
            finally:
                journey.seconds_left -= time.monotonic() - began

    async def _ask(self, journey: Journey, asked: httpx.Request) -> Answer | httpx.Response:
        transport = await self._connections.to(asked.url, journey.home, journey.request.proxy)
        response = await transport.handle_async_request(asked)
        journey.answered = True
        try:
            if response.status_code in REDIRECTS:
                return response
            answer = await self._answer(journey, response)
            return replace(answer, served_at=served_at(response))
        finally:
            await response.aclose()

    async def _answer(self, journey: Journey, response: httpx.Response) -> Answer:
        status = response.status_code
        if journey.request.form is not None and response.is_success:
            return journey.answer(status=status)
        if status == HTTPStatus.OK:
            return await self._whole(journey, response)
        if status == HTTPStatus.NOT_MODIFIED and journey.is_conditional:
            return journey.answer(
                status=status,
                validators=refreshed(journey.request.validators, response),
                moved_to=journey.moved_to,
                max_age=freshness(response),
            )
        return journey.answer(
            status=status,
            error=_refusal(status, response.reason_phrase),
            retry_after=retry_after(response, datetime.now(UTC)),
        )

    async def _whole(self, journey: Journey, response: httpx.Response) -> Answer:
        encoding = response.headers.get("content-encoding", "")
        try:
            body = await read_body(response.aiter_raw(), encoding, self._settings.max_bytes, self._folder)
        finally:
            journey.received += response.num_bytes_downloaded
        if body is None:
            return journey.answer(status=response.status_code, error="the answer is empty")
        return journey.answer(
            status=response.status_code,
            body=body,
            content_type=response.headers.get("content-type"),
            validators=validators(response),
            moved_to=journey.moved_to,
            max_age=freshness(response),
            link=", ".join(response.headers.get_list("link"))[:LONGEST_LINK],
        )


def _refusal(status: int, phrase: str) -> str:
    if status == HTTPStatus.NOT_MODIFIED:
        return "HTTP 304 to a request without conditions"
    with suppress(ValueError):  # a status of the server's own making keeps its own words
        phrase = HTTPStatus(status).phrase
    return f"HTTP {status} {phrase[:80]}".rstrip()


def _way(journey: Journey) -> str:
    """Host and port that were asked, and the proxy that stood between."""
    host, proxy = _authority(journey.url), journey.request.proxy
    return f"{host} (through the proxy {_authority(proxy)})" if proxy else host


def _authority(url: str) -> str:
    return login_apart(url)[0].partition("://")[2].partition("/")[0].partition("?")[0]
