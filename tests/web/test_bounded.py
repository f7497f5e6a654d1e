"""Addresses of any length over a real socket: they are answered, and what is too long of them is not kept."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from aggregator.web import Server, create_app
from aggregator.web.bounded import LARGEST_HEAD, LONGEST_ADDRESS
from aggregator.web.quick import QuickProtocol
from tests.web.sites import FakeSite

TERMS = "+OR+".join(f"word{number}" for number in range(10_000))
REST = b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
PATIENCE = 20  # seconds, for a machine that has much to do


class Watched(QuickProtocol):
    """Knows how much h11 ever held."""

    held = 0

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        Watched.held = max(Watched.held, len(self.conn.trailing_data[0]))


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    Watched.held = 0
    app = create_app(FakeSite())
    server = Server(app, "127.0.0.1", 0, at_once=app.at_once, protocol=Watched)
    await server.start()
    yield server
    await server.stop()


async def said(server: Server, *parts: bytes) -> str:
    """All that comes back for these bytes, each sent when the one before was taken."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    async with asyncio.timeout(PATIENCE):
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0)
        answer = await reader.read()
    writer.close()
    return answer.decode()


def pieces(request: bytes, size: int) -> list[bytes]:
    return [request[at : at + size] for at in range(0, len(request), size)]


@pytest.mark.parametrize("size", [1_000_000, 65_536, 30_000, 1_000])
@pytest.mark.parametrize(
    ("path", "kind"),
    [("/search", "text/html"), ("/search.json", "text/plain"), ("/search.atom", "text/plain")],
)
async def test_a_search_of_ten_thousand_terms_hears_where_to_put_it(
    server: Server, path: str, kind: str, size: int
) -> None:
    request = f"GET {path}?q={TERMS}".encode() + REST

    answer = await said(server, *pieces(request, size))

    assert answer.startswith("HTTP/1.1 414 ")
    assert f"content-type: {kind}" in answer
    assert "48,000 characters; put it into the config" in answer
    assert Watched.held <= LARGEST_HEAD


@pytest.mark.parametrize(("more", "status"), [(0, "400"), (1, "414")], ids=["the longest", "one more"])
async def test_the_bound_is_the_same_however_the_address_comes(
    server: Server, more: int, status: str
) -> None:
    path = b"/search?q=titel:"
    request = b"GET " + path + b"a" * (LONGEST_ADDRESS - len(path) + more) + REST

    answers = [await said(server, *pieces(request, size)) for size in (1_000_000, 40_000)]

    assert [answer.split()[1] for answer in answers] == [status, status]


async def test_the_next_request_of_the_connection_is_read_from_its_begin(server: Server) -> None:
    long = f"GET /search?q={TERMS} HTTP/1.1\r\nHost: x\r\n\r\n".encode()

    answer = await said(server, long[:90_000], long[90_000:] + b"GET /nothing" + REST)

    assert [line.split()[1] for line in answer.splitlines() if line.startswith("HTTP/1.1 ")] == ["414", "404"]


async def test_long_headers_are_not_cut(server: Server) -> None:
    request = (
        b"GET /nothing HTTP/1.1\r\nX-Long: " + b"x" * 60_000 + b"\r\nHost: x\r\nConnection: close\r\n\r\n"
    )

    answer = await said(server, *pieces(request, 20_000))

    assert answer.startswith("HTTP/1.1 404 ")
