"""The judges have teeth: a guest with every bad habit is caught in every play."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from tests.scenarios import SCENARIOS
from tests.scenarios.scenario import Found, Scenario, judged

MADE_UP = {
    "If-None-Match": '"made-up"',
    "If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT",
    "Accept-Encoding": "identity",
    "Referer": "http://127.0.0.1/",
}


class Lout:
    """A client as it should not be: comes at every call, believes everything, keeps nothing."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._feeds: list[str] = []
        self._headers: Mapping[str, str] = {}

    async def subscribe(self, urls: Sequence[str], headers: Mapping[str, str]) -> None:
        self._feeds = list(urls)
        self._headers = headers

    async def visit(self, now: datetime, *, forced: bool) -> None:  # noqa: ARG002 — comes at any time
        if forced:
            await asyncio.gather(*(self._peep(url) for url in self._feeds))
        self._feeds = [feed for feed in await asyncio.gather(*map(self._poll, self._feeds)) if feed]

    async def _peep(self, url: str) -> None:
        with suppress(httpx.HTTPError):
            await self._client.head(url, params={"fresh": "1"})

    async def _poll(self, url: str) -> str | None:
        """Where it will look next time: believes any redirect, and gives a host up that was down once."""
        try:
            for _ in range(20):
                answer = await self._client.get(url, headers={**MADE_UP, **self._headers})
                if not answer.is_redirect:
                    break
                url = str(answer.url.join(answer.headers["location"]))
        except httpx.ConnectError:
            return None
        except (httpx.HTTPError, httpx.InvalidURL, KeyError):
            return url
        return url

    async def restart(self) -> None:
        pass

    async def found(self) -> Found:
        return Found()


@asynccontextmanager
async def a_lout(folder: Path) -> AsyncIterator[Lout]:  # noqa: ARG001 — it keeps nothing
    async with httpx.AsyncClient(timeout=2, limits=httpx.Limits(keepalive_expiry=60)) as client:
        yield Lout(client)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)
async def test_a_lout_is_caught(scenario: Scenario, tmp_path: Path) -> None:
    assert await judged(scenario, a_lout, tmp_path)
