"""Web servers in the loop of each test, in the clear and with TLS."""

import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.http import WebServer, serving

TLS = Path(__file__).parent / "tls"


@pytest.fixture
async def web() -> AsyncIterator[WebServer]:
    """A web server on a free port."""
    async with serving() as server:
        yield server


@pytest.fixture
async def safe(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[WebServer]:
    """A server with TLS, by the name of news.example; its certificate is trusted."""
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "certificate.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(TLS / "certificate.pem", TLS / "key.pem")
    async with serving(context) as server:
        yield server
