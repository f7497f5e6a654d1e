"""Bodies as they come over the wire: whole and within bounds, or refused."""

import asyncio
import gzip
import socket
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import brotli
import pytest

from aggregator.model import Validators
from tests.fetch.asking import BODY, OK, SETTINGS, got, said, within
from tests.http import Script, WebServer, reply
from tests.newsroom import serving_aside

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

HEAD = b'HTTP/1.1 200 OK\r\nETag: "1"\r\n'
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
TOO_LARGE = f"larger than {SETTINGS.max_bytes:,} bytes (poll.max_bytes)"


def repeating(first: bytes, again: bytes, *, pause: float = 0.0) -> Script:
    """A server that says one thing and then another without end."""

    async def say(writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        while not writer.is_closing():
            writer.write(again)
            await writer.drain()
            await asyncio.sleep(pause)

    return say


async def reset(writer: asyncio.StreamWriter) -> None:
    """Half a body, and then no goodbye."""
    writer.write(HEAD + b"\r\n" + BODY)
    await writer.drain()
    await asyncio.sleep(0.05)
    at_once = struct.pack("ii", 1, 0)  # socket(7), SO_LINGER
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
    writer.transport.abort()


async def test_what_can_be_decoded_within_bounds_is_what_is_offered(web: WebServer) -> None:
    await got(web.on("/rss", OK))

    assert web.asked[0].headers["accept-encoding"] == b"gzip, deflate, br, zstd"


@pytest.mark.parametrize(
    ("encoding", "code"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress), ("zstd", zstd.compress)],
)
async def test_a_compressed_body_is_decoded_and_counted_as_received(
    web: WebServer, encoding: str, code: Callable[[bytes], bytes]
) -> None:
    sent = code(BODY * 100)

    answer = await got(web.on("/rss", reply(200, sent, content_encoding=encoding)))

    assert (said(answer), answer.received_bytes) == (BODY * 100, len(sent))


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (HEAD + b"Content-Length: 99\r\n\r\n" + BODY, "broke off or speaks no HTTP"),
        (CHUNKED + b"5\r\n<rss \r\n", "broke off or speaks no HTTP"),
        (CHUNKED + b"zz\r\n<rss \r\n", "broke off or speaks no HTTP"),
        (
            reply(200, gzip.compress(BODY)[:-6], content_encoding="gzip", etag="1"),
            "the compressed body was cut short",
        ),
        (reply(200, gzip.compress(BODY), content_encoding="gzip, br", etag="1"), "compressed more than once"),
        (reply(200, b"", etag="1"), "the answer is empty"),
        (reply(200, b" \n", etag="1"), "the answer is empty"),
        (reset, "broke"),
    ],
    ids=["short", "chunk missing", "chunk odd", "gzip cut", "stacked", "empty", "blank", "reset"],
)
async def test_a_body_that_is_not_whole_brings_neither_content_nor_validators(
    web: WebServer, said: bytes | Script, error: str
) -> None:
    answer = await got(web.on("/rss", said), validators=Validators('"0"'))

    assert error in str(answer.error)
    assert (answer.body, answer.validators) == (None, Validators())


async def test_a_body_that_ends_with_the_connection_is_taken(web: WebServer) -> None:
    assert said(await got(web.on("/rss", HEAD + b"\r\n" + BODY))) == BODY


async def test_a_body_in_chunks_is_put_together(web: WebServer) -> None:
    assert said(await got(web.on("/rss", CHUNKED + b"5\r\n<rss \r\n2\r\n/>\r\n0\r\n\r\n"))) == b"<rss />"


@pytest.mark.parametrize(
    "endless",
    [
        repeating(HEAD + b"\r\n", b"0" * 65_536),
        repeating(CHUNKED, b"8000\r\n" + b"0" * 0x8000 + b"\r\n"),
        repeating(HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(BODY), bytes(65_536)),
    ],
    ids=["plain", "chunked", "padding"],
)
async def test_an_endless_body_ends_at_the_cap(web: WebServer, endless: Script) -> None:
    assert (await got(web.on("/rss", endless))).error == TOO_LARGE


@pytest.mark.parametrize(
    "slow",
    [
        repeating(HEAD + b"Content-Length: 99\r\n\r\n", b".", pause=0.02),
        repeating(HEAD, b"X", pause=0.02),
        repeating(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", pause=0.02),
        repeating(HEAD + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b""), pause=0.02),
    ],
    ids=["body", "header", "early hints", "empty members"],
)
async def test_whatever_drips_meets_the_deadline(web: WebServer, slow: Script) -> None:
    answer = await got(web.on("/rss", slow), settings=within(timeout=timedelta(seconds=0.3)))

    assert answer.error == "no whole answer within 0.3 s (poll.timeout)"


@pytest.mark.parametrize(
    "said",
    [HEAD + b"X-Long: " + b"x" * 300_000 + b"\r\n\r\n", repeating(HEAD, b"X-More: and more\r\n" * 100)],
    ids=["300 kB in one", "endless"],
)
async def test_a_header_that_is_too_large_is_told(web: WebServer, said: bytes | Script) -> None:
    answer = await got(web.on("/rss", said))

    assert answer.error == f"the header of 127.0.0.1:{web.port} is larger than 100 kB"


# -- bombs ------------------------------------------------------------------------------------------------


def gzip_bomb(zeros: bytes, times: int) -> bytes:
    stream = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return b"".join(stream.compress(zeros) for _ in range(times)) + stream.flush()


def brotli_bomb(zeros: bytes, times: int) -> bytes:
    stream = brotli.Compressor(quality=5)
    return b"".join(stream.process(zeros) for _ in range(times)) + bytes(stream.finish())


def zstd_bomb(zeros: bytes, times: int) -> bytes:
    stream = zstd.ZstdCompressor()
    return b"".join(stream.compress(zeros) for _ in range(times)) + stream.flush()


@pytest.fixture
def aside() -> Iterator[WebServer]:
    """A server that goes on while this process waits for another."""
    with serving_aside() as server:
        yield server


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
def test_a_bomb_of_any_coding_costs_no_more_memory_than_the_cap_and_a_little(aside: WebServer) -> None:
    zeros, times = bytes(1_000_000), 300
    bombs = {"gzip": gzip_bomb, "br": brotli_bomb, "zstd": zstd_bomb}
    urls = [
        aside.on(f"/{coding}", reply(200, bomb(zeros, times), content_encoding=coding))
        for coding, bomb in bombs.items()
    ]

    ended = subprocess.run(
        [sys.executable, "-m", "tests.fetch.eater", aside.on("/rss", OK), *urls],
        capture_output=True,
        text=True,
        check=True,
    )

    *errors, grown = ended.stdout.splitlines()
    assert errors == [TOO_LARGE] * 3
    assert int(grown) < 40
