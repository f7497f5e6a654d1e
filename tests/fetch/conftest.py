"""A web server in the loop of each test."""

from collections.abc import AsyncIterator

import pytest

from tests.http import WebServer, serving


@pytest.fixture
async def web() -> AsyncIterator[WebServer]:
    """A web server on a free port."""
    async with serving() as server:
        yield server
