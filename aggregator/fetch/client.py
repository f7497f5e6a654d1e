"""The client: one request, its redirects, one answer.

Keeps no cookies, sends no Referer, and never asks a second time in another guise. Validators go only to the
URL that gave them, a feed's own headers only to its origin (RFC 9110 §15.4).
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from typing import Self
from urllib.parse import urlsplit

import httpx

from aggregator import __version__
from aggregator.core.addresses import allowed
from aggregator.core.settings import PollSettings
from aggregator.core.urls import absolute, host_of, redacted
from aggregator.fetch.body import read_body
from aggregator.fetch.codings import ACCEPTED
from aggregator.fetch.failures import FetchError, in_words
from aggregator.fetch.guard import Guard, Resolve, SystemResolver
from aggregator.fetch.headers import freshness, refreshed, retry_after, validators
from aggregator.fetch.turns import Turns
from aggregator.model import Answer, Request, Validators

MAX_REDIRECTS = 5
PERMANENT = (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT)
REDIRECTS = (*PERMANENT, HTTPStatus.FOUND, HTTPStatus.SEE_OTHER, HTTPStatus.TEMPORARY_REDIRECT)
KEEP_IDLE_SECONDS = 15
WANTED = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/json;q=0.8, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.5"
)


@dataclass(slots=True)
class _Journey:
    """One request under way: where it has come to and what it has cost."""

    request: Request
    url: str
    seconds_left: float
    permanent: bool = True
    hops: int = 0
    answered: bool = False
    received: int = 0
    started: float = field(default_factory=time.monotonic)

    def answer(self, **what: object) -> Answer:
        took = round((time.monotonic() - self.started) * 1000)
        bare = Answer(url=self.url, received_bytes=self.received, took_ms=took)
        return replace(bare, **what)  # type: ignore[arg-type]  # the keys are fields of Answer

    def failed(self, why: str) -> Answer:
        """The network's failure; a redirect on the way shows that the line itself is up."""
        return self.answer(error=why, unreached=not self.answered)

    @property
    def moved_to(self) -> str | None:
        """Where permanent redirects led; a way from https down to http is followed and not recorded."""
        down = self.request.url.startswith("https:") and not self.url.startswith("https:")
        return self.url if self.hops and self.permanent and not down else None


class Fetcher:
    """Makes requests within the settings' bounds. Use as `async with`, or call `aclose`."""

    def __init__(self, settings: PollSettings, resolve: Resolve | None = None) -> None:
        self._settings = settings
        self._resolver = SystemResolver()
        self._turns = Turns(settings.concurrency, settings.per_host, settings.host_gap)
        self._client = httpx.AsyncClient(
            headers={
                "User-Agent": settings.user_agent or f"aggregator/{__version__} (feed aggregator)",
                "Accept": WANTED,
                "Accept-Encoding": ACCEPTED,
            },
            transport=_guarded(settings, resolve or self._resolver),
            timeout=None,  # noqa: S113 — each hop has what is left of the whole request's time
            trust_env=False,
        )
        self._client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections; calling it again does nothing."""
        await self._client.aclose()
        self._resolver.close()

    async def get(self, request: Request) -> Answer:
        """What came of the request; what the network does is a value, never an exception."""
        journey = _Journey(request, request.url, self._settings.timeout.total_seconds())
        try:
            while True:
                found = await self._hop(journey)
                if isinstance(found, Answer):
                    return found
                _follow(journey, found)
        except TimeoutError:
            limit = self._settings.timeout.total_seconds()
            return journey.failed(f"no whole answer within {limit:g} s (poll.timeout)")
        except (FetchError, httpx.InvalidURL, httpx.LocalProtocolError, ValueError) as error:
            return journey.answer(error=in_words(error, _authority(journey.url)))
        except (httpx.HTTPError, OSError) as error:
            return journey.failed(in_words(error, _authority(journey.url)))

    async def _hop(self, journey: _Journey) -> Answer | httpx.Response:
        """The answer, or the redirect in its place. Waiting for a turn takes no time from the budget."""
        host = host_of(journey.url)
        if not host or urlsplit(journey.url).scheme not in {"http", "https"}:
            raise FetchError(f"{redacted(journey.url)!r} is no web address")
        asked = self._client.build_request("GET", journey.url, headers=list(_headers(journey)))
        async with self._turns.of(host):
            began = time.monotonic()
            try:
                async with asyncio.timeout(journey.seconds_left):
                    return await self._ask(journey, asked)
            finally:
                journey.seconds_left -= time.monotonic() - began

    async def _ask(self, journey: _Journey, asked: httpx.Request) -> Answer | httpx.Response:
        response = await self._client.send(asked, stream=True)
        journey.answered = True
        try:
            if response.status_code in REDIRECTS:
                return response
            return await self._answer(journey, response)
        finally:
            await response.aclose()

    async def _answer(self, journey: _Journey, response: httpx.Response) -> Answer:
        status = response.status_code
        if status == HTTPStatus.OK:
            encoding = response.headers.get("content-encoding", "")
            try:
                body = await read_body(response.aiter_raw(), encoding, self._settings.max_bytes)
            finally:
                journey.received += response.num_bytes_downloaded
            return _whole(journey, response, body)
        if status == HTTPStatus.NOT_MODIFIED and _sends_validators(journey):
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


def _guarded(settings: PollSettings, resolve: Resolve) -> httpx.AsyncHTTPTransport:
    """A transport whose every connection goes through the guard; SSL_CERT_FILE names other certificates."""
    transport = httpx.AsyncHTTPTransport(
        limits=httpx.Limits(max_connections=settings.concurrency, keepalive_expiry=KEEP_IDLE_SECONDS)
    )
    # httpx has no argument for it; a test sees that connections still come this way.
    transport._pool._network_backend = Guard(allowed(settings.allow_private), resolve)  # noqa: SLF001
    return transport


def _whole(journey: _Journey, response: httpx.Response, body: bytes) -> Answer:
    if not body.strip():
        return journey.answer(status=response.status_code, error="the answer is empty")
    return journey.answer(
        status=response.status_code,
        body=body,
        content_type=response.headers.get("content-type"),
        validators=validators(response),
        moved_to=journey.moved_to,
        max_age=freshness(response),
    )


def _refusal(status: int, phrase: str) -> str:
    if status == HTTPStatus.NOT_MODIFIED:
        return "HTTP 304 to a request without conditions"
    with suppress(ValueError):  # a status of the server's own making keeps its own words
        phrase = HTTPStatus(status).phrase
    return f"HTTP {status} {phrase}".rstrip()


def _headers(journey: _Journey) -> Iterator[tuple[bytes, bytes]]:
    """What is wanted, and the validators and the feed's own headers as far as they belong to this hop."""
    request = journey.request
    if request.accept:
        yield b"Accept", request.accept.encode()
    if _origin(journey.url) == _origin(request.url):
        yield from ((name.encode(), value.encode()) for name, value in request.headers.items())
    if _sends_validators(journey):
        known: Validators = request.validators
        if known.etag:
            yield b"If-None-Match", known.etag.encode("latin-1")
        if known.last_modified:
            yield b"If-Modified-Since", known.last_modified.encode("latin-1")


def _sends_validators(journey: _Journey) -> bool:
    request = journey.request
    return bool(request.validators) and journey.url == (request.validators_url or request.url)


def _authority(url: str) -> str:
    return redacted(url).partition("://")[2].partition("/")[0]


def _origin(url: str) -> tuple[str, str]:
    return urlsplit(url).scheme, host_of(url)


def _follow(journey: _Journey, redirect: httpx.Response) -> None:
    """Turn to where the redirect leads; FetchError where it leads nowhere, or round and round."""
    location = redirect.headers.get("location")
    target = absolute(location, journey.url) if location else None
    status = redirect.status_code
    if target is None:
        raise FetchError(f"HTTP {status} leads to no web address: {location!r}")
    journey.hops += 1
    if journey.hops > MAX_REDIRECTS:
        raise FetchError(f"more than {MAX_REDIRECTS} redirects, the last to {redacted(target)}")
    journey.permanent &= status in PERMANENT
    journey.url = target.partition("#")[0]
