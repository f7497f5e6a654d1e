"""Was there a server at all? What the network does before an answer is told apart from every answer."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from aggregator.fetch import Fetcher
from aggregator.fetch.failures import in_words
from aggregator.model import Request
from tests.fetch.asking import BODY, OK, at_home, got, said, within
from tests.http import WebServer, reply, serving

IMPATIENT = within(timeout=timedelta(seconds=0.2))


async def no_name_server(_: str, __: int) -> Sequence[str]:
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


@asynccontextmanager
async def a_mail_server() -> AsyncIterator[int]:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail ready\r\n")
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


async def silence(writer: asyncio.StreamWriter) -> None:
    while not writer.is_closing():
        await asyncio.sleep(0.02)
        writer.write(b"")
        await writer.drain()


async def test_a_host_that_does_not_exist_is_named() -> None:
    answer = await got("http://reader:secret@no-such-host.invalid/rss")

    assert (answer.error, answer.unreached) == ("no such host: no-such-host.invalid", True)


async def test_a_name_that_no_one_could_have_does_not_exist() -> None:
    answer = await got(f"http://{'a' * 64}.example/rss")

    assert answer.error == f"no such host: {'a' * 64}.example"


async def test_a_silent_name_server_is_told_apart_from_a_name_that_is_not() -> None:
    answer = await got("http://news.example/rss", resolve=no_name_server)

    assert (answer.error, answer.unreached) == ("no name server answers for news.example", True)


async def test_a_closed_port_is_named() -> None:
    async with serving() as web:
        url, host = web.url + "/rss", f"127.0.0.1:{web.port}"

    answer = await got(url)

    assert (answer.error, answer.unreached) == (f"{host} refuses the connection", True)


async def test_a_server_that_says_nothing_was_not_reached(web: WebServer) -> None:
    answer = await got(web.on("/rss", silence), settings=IMPATIENT)

    assert (answer.error, answer.unreached) == ("no whole answer within 0.2 s (poll.timeout)", True)


async def test_a_server_whose_tls_never_comes_keeps_no_connection_open() -> None:
    gone = asyncio.Event()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()  # until the other end is closed
        gone.set()
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as server, Fetcher(IMPATIENT) as fetcher:
        port = server.sockets[0].getsockname()[1]
        answer = await fetcher.get(Request(url=f"https://127.0.0.1:{port}/rss"))
        await asyncio.wait_for(gone.wait(), 5)

    assert (answer.error, answer.unreached) == ("no whole answer within 0.2 s (poll.timeout)", True)


async def test_tls_to_a_server_without_it_is_told() -> None:
    async with a_mail_server() as port:
        answer = await got(f"https://127.0.0.1:{port}/rss")

    assert str(answer.error).startswith(f"no secure connection to 127.0.0.1:{port}")
    assert answer.unreached


async def test_tls_verifies_the_name_that_was_asked_for(safe: WebServer) -> None:
    safe.on("/rss", OK)

    assert said(await got(f"https://news.example:{safe.port}/rss", resolve=at_home)) == BODY


async def test_a_certificate_for_another_name_is_not_trusted(safe: WebServer) -> None:
    answer = await got(f"https://other.example:{safe.port}/rss", resolve=at_home)

    assert str(answer.error).startswith(f"no trust in the certificate of other.example:{safe.port}")
    assert answer.unreached
    assert not safe.asked


async def test_a_certificate_that_nobody_vouches_for_is_not_trusted(
    safe: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")

    answer = await got(f"https://news.example:{safe.port}/rss", resolve=at_home)

    assert str(answer.error).startswith("no trust in the certificate")


@pytest.mark.parametrize("said", [b"", b"SMTP ready\r\n\r\n"])
async def test_a_server_that_speaks_no_http_was_not_reached(web: WebServer, said: bytes) -> None:
    answer = await got(web.on("/rss", said))

    assert "broke off or speaks no HTTP" in str(answer.error)
    assert answer.unreached


@pytest.mark.parametrize(
    "said",
    [
        reply(404),
        reply(503),
        reply(200, b""),
        reply(304),
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nabc",
        reply(302, location="http://no-such-host.invalid/"),
        reply(302, location="gopher://x/"),
    ],
)
async def test_a_failure_after_any_answer_is_no_failure_of_the_line(web: WebServer, said: bytes) -> None:
    answer = await got(web.on("/rss", said))

    assert answer.error
    assert not answer.unreached


@pytest.mark.parametrize("url", ["ftp://example.org/", "http://[::1/", "file:///etc/passwd", ""])
async def test_an_address_that_is_none_is_told(url: str) -> None:
    answer = await got(url)

    assert "is no web address" in str(answer.error)
    assert not answer.unreached


async def test_a_scheme_in_capitals_is_a_scheme(web: WebServer) -> None:
    assert said(await got(web.on("/rss", OK).replace("http:", "HTTP:"))) == BODY


async def test_a_header_that_http_cannot_carry_is_no_failure_of_the_line(web: WebServer) -> None:
    answer = await got(web.on("/rss", OK), headers={"X-Note": "two\nlines"})

    assert "LocalProtocolError" in str(answer.error)
    assert not answer.unreached


def test_a_failure_of_several_addresses_is_told_by_the_first_that_says_something() -> None:
    tried = OSError("all attempts failed")
    tried.__cause__ = ExceptionGroup("attempts", [TimeoutError(), ConnectionRefusedError(111, "refused")])

    assert in_words(tried, "news.example.org") == "news.example.org refuses the connection"


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (OSError(101, "Network is unreachable"), "no way to news.example: Network is unreachable"),
        (OSError("nothing more is known"), "no way to news.example: nothing more is known"),
        (TimeoutError(), "news.example does not answer in time"),
        (ConnectionResetError(104, "reset"), "news.example broke the connection"),
        (RuntimeError("odd"), "RuntimeError: odd"),
        (RuntimeError(), "RuntimeError"),
    ],
)
def test_a_failure_is_told_in_words(failure: Exception, told: str) -> None:
    assert in_words(failure, "news.example") == told
