"""Bodies: decoded, whole, and within bounds, or refused."""

import asyncio
import gzip
import zlib
from datetime import timedelta

import pytest

from aggregator.model import Validators
from tests.fetch.asking import BODY, OK, got, within
from tests.http import WebServer, reply


def zipped(body: bytes) -> bytes:
    """The same bytes each time: gzip would note the hour."""
    return gzip.compress(body, mtime=0)


@pytest.mark.parametrize(
    ("encoding", "sent"),
    [
        ("gzip", zipped(BODY)),
        ("x-gzip, identity", zipped(BODY)),
        ("gzip", zipped(BODY[:7]) + zipped(BODY[7:])),
        ("gzip", zipped(BODY) + b"\0\0padding"),
        ("deflate", zlib.compress(BODY)),
        ("deflate", zlib.compress(BODY)[2:-4]),
        ("identity", BODY),
    ],
)
async def test_is_decoded(web: WebServer, encoding: str, sent: bytes) -> None:
    answer = await got(web.on("/rss", reply(200, sent, content_encoding=encoding)))

    assert (answer.body, answer.error) == (BODY, None)


@pytest.mark.parametrize(
    ("encoding", "sent", "error"),
    [
        ("br", BODY, "the server used Content-Encoding 'br', which we did not ask for"),
        ("gzip, gzip", BODY, "the server used Content-Encoding 'gzip, gzip', which we did not ask for"),
        ("gzip", zipped(BODY)[:-6], "the compressed body was cut short"),
        ("gzip", b"", "the compressed body was cut short"),
        ("identity", b" \n", "the answer is empty"),
    ],
)
async def test_that_cannot_be_whole_is_a_failure(
    web: WebServer, encoding: str, sent: bytes, error: str
) -> None:
    answer = await got(web.on("/rss", reply(200, sent, content_encoding=encoding, etag='"1"')))

    assert (answer.body, answer.error, answer.validators) == (None, error, Validators())


async def test_that_is_damaged_is_a_failure(web: WebServer) -> None:
    answer = await got(web.on("/rss", reply(200, b"\xffno gzip", content_encoding="gzip")))

    assert str(answer.error).startswith("the compressed body is damaged")


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
async def test_is_capped_as_decoded(web: WebServer, encoding: str) -> None:
    bomb = b"0" * 5_000_000
    sent = zipped(bomb) if encoding == "gzip" else bomb
    settings = within(max_bytes=1_000_000)

    answer = await got(web.on("/rss", reply(200, sent, content_encoding=encoding)), settings=settings)

    assert answer.error == "larger than 1,000,000 bytes (poll.max_bytes)"


async def test_of_exactly_the_cap_is_taken(web: WebServer) -> None:
    answer = await got(web.on("/rss", OK), settings=within(max_bytes=len(BODY)))

    assert answer.body == BODY


async def test_that_drips_meets_the_deadline(web: WebServer) -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n")
        while not writer.is_closing():
            writer.write(b".")
            await writer.drain()
            await asyncio.sleep(0.02)

    answer = await got(web.on("/rss", drip), settings=within(timeout=timedelta(seconds=0.2)))

    assert answer.error == "no whole answer within 0.2 s (poll.timeout)"
