"""The short way of plain requests: it says what the long way says, and takes only what it can judge."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import format_datetime

import pytest

from aggregator.web import Server, create_app
from aggregator.web.outputs import Ready
from tests.builders import NOON, a_rendered
from tests.web.sites import FakeSite

SHORT = a_rendered("<feed>" * 400, etag='"plain"', gzip_etag='"zipped"', last_modified=NOON)
MIDDLE = a_rendered("0123456789abcdef" * 4_000, etag='"middle"')
LARGE = a_rendered("0123456789abcdef" * 1_000_000, etag='"large"')
SINCE = format_datetime(NOON, usegmt=True).encode()
PATIENCE = 20  # seconds, for a machine that has much to do


@dataclass
class Served:
    """A server, and the addresses that were asked for the short way."""

    server: Server
    asked: list[str] = field(default_factory=list)

    async def said(self, *requests: bytes) -> bytes:
        """All that comes back for these bytes, each written by itself, until the connection ends."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        for part in requests:
            writer.write(part)
            await asyncio.sleep(0.05)
        async with asyncio.timeout(PATIENCE):
            answer = await reader.read()
        writer.close()
        return answer


@asynccontextmanager
async def served(*, quickly: bool = True) -> AsyncIterator[Served]:
    """Two outputs, with the short way or without."""
    website = create_app(
        FakeSite(published={"security.atom": SHORT, "middle.atom": MIDDLE, "large.atom": LARGE})
    )

    def at_once(path: str, headers: Mapping[str, str]) -> Ready | None:
        here.asked.append(path)
        return website.at_once(path, headers) if quickly else None

    here = Served(Server(website, "127.0.0.1", 0, at_once=at_once))
    await here.server.start()
    try:
        yield here
    finally:
        await here.server.stop()


def request(line: bytes, *headers: bytes, ends: bytes = b"Connection: close") -> bytes:
    return b"\r\n".join((line, b"Host: x", *headers, ends, b"", b""))


GET, HEAD = b"GET /security.atom HTTP/1.1", b"HEAD /security.atom HTTP/1.1"


def parts(answer: bytes) -> tuple[bytes, dict[bytes, bytes], bytes]:
    """Status line, headers but for the date, body."""
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *lines = head.split(b"\r\n")
    headers = dict(line.lower().split(b": ", 1) for line in lines)
    assert headers.pop(b"date")
    return status.strip(), headers, body


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        pytest.param(request(GET), b"200", id="a plain one"),
        pytest.param(request(HEAD), b"200", id="its head"),
        pytest.param(request(GET, b"Accept-Encoding: gzip, br"), b"200", id="one that takes gzip"),
        pytest.param(request(GET, b'If-None-Match: W/"plain"'), b"304", id="the version that is held"),
        pytest.param(request(GET, b'IF-NONE-MATCH:"a",\t"plain"\t '), b"304", id="in other spelling"),
        pytest.param(request(GET, b'If-None-Match: "a"', b'If-None-Match: "plain"'), b"304", id="two lines"),
        pytest.param(request(GET, b'If-None-Match: "other"'), b"200", id="another version"),
        pytest.param(request(HEAD, b'If-None-Match: "plain"'), b"304", id="the head of what is held"),
        pytest.param(request(GET, b"If-Modified-Since: " + SINCE), b"304", id="by date"),
        pytest.param(request(GET, b'If-Match: "other"'), b"412", id="a condition that fails"),
    ],
)
async def test_the_short_way_says_what_the_long_way_says(asked: bytes, status: bytes) -> None:
    async with served() as quick, served(quickly=False) as slow:
        short, long = await quick.said(asked), await slow.said(asked)

    assert quick.asked == ["security.atom"]
    assert parts(short) == parts(long)
    assert parts(short)[0].split()[1] == status


@pytest.mark.parametrize(
    "asked",
    [
        request(b"POST /security.atom HTTP/1.1"),
        request(b"GET /security.atom HTTP/1.0"),
        request(b"GET /security.atom?x=1 HTTP/1.1"),
        request(b"GET /%73ecurity.atom HTTP/1.1"),
        request(b"GET http://x/security.atom HTTP/1.1"),
        request(GET, b"Host: y"),
        request(GET).replace(b"Host: x\r\n", b""),
        request(GET, b"Content-Length: 2") + b"ab",
        request(GET, b"Transfer-Encoding: chunked") + b"0\r\n\r\n",
        request(GET, b"Expect: 100-continue"),
        request(GET, ends=b"Connection: close, upgrade"),
        request(GET, b"X-Long: " + b"x" * 5_000),
        request(GET, b"X-Odd: \x01"),
        request(GET, b" folded"),
        request(GET, b"X-Name : spaced"),
        request(GET).replace(b"\r\n", b"\n"),
        request(GET, ends=b"Connection: keep-alive") + request(GET),
    ],
    ids=lambda asked: asked.decode("latin-1")[:60],
)
async def test_what_is_not_plain_goes_the_long_way(asked: bytes) -> None:
    async with served() as quick, served(quickly=False) as slow:
        short, long = await quick.said(asked), await slow.said(asked)

    assert quick.asked == []
    assert short.partition(b"\r\n")[0] == long.partition(b"\r\n")[0]


async def test_what_is_not_published_is_asked_of_the_app() -> None:
    async with served() as quick:
        answer = await quick.said(request(b"GET /nothing.atom HTTP/1.1"))

    assert quick.asked == ["nothing.atom"]
    assert answer.startswith(b"HTTP/1.1 404")


async def test_a_request_in_two_pieces_is_one_request() -> None:
    asked = request(GET)

    async with served() as quick:
        answer = await quick.said(asked[:40], asked[40:])

    assert quick.asked == []
    assert parts(answer)[2] == SHORT.body


async def test_short_and_long_ways_take_turns_on_one_connection() -> None:
    kept = b"Connection: keep-alive"

    async with served() as quick:
        answers = await quick.said(
            request(GET, b'If-None-Match: "plain"', ends=kept),
            request(b"GET /security.atom?x HTTP/1.1", b'If-None-Match: "plain"', ends=kept),
            request(GET, b'If-None-Match: "plain"'),
        )

    assert answers.count(b"HTTP/1.1 304") == 3


async def test_a_large_answer_comes_whole_and_what_was_asked_meanwhile_after_it() -> None:
    first = request(b"GET /large.atom HTTP/1.1", ends=b"Connection: keep-alive")

    async with served() as quick:
        answers = await quick.said(first, request(GET, b'If-None-Match: "plain"'))

    body = parts(answers)[2]
    assert body.startswith(LARGE.body)
    assert body[len(LARGE.body) :].startswith(b"HTTP/1.1 304")


async def test_a_stop_does_not_cut_a_large_answer_that_is_being_taken() -> None:
    async with served() as quick:
        reader, writer = await asyncio.open_connection("127.0.0.1", quick.server.port)
        writer.write(request(b"GET /large.atom HTTP/1.1", ends=b"Connection: keep-alive"))
        begun = await reader.readexactly(100)
        stopping = asyncio.create_task(quick.server.stop())

        answer = begun + await reader.read()

        await stopping
        writer.close()
    assert parts(answer)[2] == LARGE.body


async def test_who_leaves_within_a_large_answer_is_forgotten() -> None:
    async with served() as quick:
        reader, writer = await asyncio.open_connection("127.0.0.1", quick.server.port)
        writer.write(request(b"GET /large.atom HTTP/1.1"))
        await reader.readexactly(100)
        writer.transport.abort()

        async with asyncio.timeout(PATIENCE):
            while quick.server._uvicorn.server_state.connections:  # noqa: ASYNC110  no event tells it
                await asyncio.sleep(0.01)


@pytest.mark.parametrize("path", [b"/middle.atom", b"/large.atom"])
async def test_who_asks_and_takes_nothing_is_not_answered_without_end(path: bytes) -> None:
    asked = request(b"GET " + path + b" HTTP/1.1", ends=b"Connection: keep-alive")

    async with served() as quick:
        reader, writer = await asyncio.open_connection("127.0.0.1", quick.server.port)
        for _ in range(200):
            writer.write(asked)
            await asyncio.sleep(0.005)
        (connection,) = quick.server._uvicorn.server_state.connections

        assert connection.transport.get_write_buffer_size() < 1_000_000
        writer.transport.abort()
        await asyncio.gather(reader.read(), return_exceptions=True)
    assert len(quick.asked) < 200
