"""The website of a test: our own app on a real server, and a browser-like client that asks it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import httpx

from aggregator.web import Live, Server, create_app
from aggregator.web.callbacks import Callbacks
from tests.builders import NOON
from tests.web.sites import FakeSite


@asynccontextmanager
async def website(
    site: FakeSite | None = None,
    *,
    patience_seconds: float = 5.0,
    proxies: Sequence[str] = (),
    callbacks: Callbacks | None = None,
    live: Live | None = None,
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of this site's pages; by its clock it is noon."""
    live = live or Live()
    app = create_app(
        site or FakeSite(),
        now=lambda: NOON,
        patience_seconds=patience_seconds,
        callbacks=callbacks,
        live=live,
    )
    server = Server(app, "127.0.0.1", 0, at_once=app.at_once, proxies=proxies)
    await server.start()
    try:
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{server.port}", trust_env=False, timeout=10
        ) as client:
            yield client
    finally:
        live.close()
        await server.stop()


async def ask(path: str, site: FakeSite | None = None, method: str = "GET", **headers: str) -> httpx.Response:
    """The answer of a fresh website to one request; `if_none_match` is the header If-None-Match."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with website(site) as client:
        return await client.request(method, f"{client.base_url}{path}", headers=named)
