"""Conditional GETs against a real server: validators, redirects, bounds, refusals, turns."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise

import pytest

from aggregator.core.settings import PollSettings
from aggregator.fetch import Fetcher
from aggregator.fetch.failures import in_words
from aggregator.model import Answer, Request, Validators
from tests.http import WebServer, reply, serving

BODY = b"<rss version='2.0'/>"
OK = reply(200, BODY)
SETTINGS = PollSettings(host_gap=timedelta(0), timeout=timedelta(seconds=5))


@pytest.fixture
async def web() -> AsyncIterator[WebServer]:
    async with serving() as server:
        yield server


def zipped(body: bytes) -> bytes:
    """The same bytes each time: gzip would note the hour."""
    return gzip.compress(body, mtime=0)


async def got(url: str, settings: PollSettings = SETTINGS, **asked: object) -> Answer:
    """The answer to one request of a fresh fetcher."""
    async with Fetcher(settings) as fetcher:
        return await fetcher.get(Request(url=url, **asked))  # type: ignore[arg-type]  # fields of Request


class TestValidators:
    async def test_a_whole_answer_brings_body_type_and_validators(self, web: WebServer) -> None:
        date = "Tue, 24 Nov 2026 12:00:00 GMT"
        url = web.on("/rss", reply(200, BODY, etag='W/"1"', last_modified=date, content_type="text/xml"))

        answer = await got(url)

        assert (answer.status, answer.body, answer.error) == (200, BODY, None)
        assert (answer.content_type, answer.url) == ("text/xml", url)
        assert answer.validators == Validators('W/"1"', date)
        assert answer.received_bytes == len(BODY)

    @pytest.mark.parametrize("etag", ['"1"', 'W/"1"', "unquoted", '"\xe9\xff"'])
    async def test_they_are_sent_back_byte_for_byte(self, web: WebServer, etag: str) -> None:
        url = web.on("/rss", reply(200, BODY, etag=etag, last_modified="no date at all"))
        first = await got(url)

        await got(url, validators=first.validators)

        headers = web.asked[-1].headers
        assert headers["if-none-match"] == etag.encode("latin-1")
        assert headers["if-modified-since"] == b"no date at all"

    async def test_a_lone_date_is_sent_alone(self, web: WebServer) -> None:
        await got(web.on("/rss", OK), validators=Validators(None, "then"))

        assert web.asked[0].headers["if-modified-since"] == b"then"
        assert "if-none-match" not in web.asked[0].headers

    async def test_a_lone_tag_is_sent_alone(self, web: WebServer) -> None:
        await got(web.on("/rss", OK), validators=Validators('"1"'))

        assert "if-modified-since" not in web.asked[0].headers

    async def test_without_any_the_request_has_no_conditions(self, web: WebServer) -> None:
        await got(web.on("/rss", OK))

        assert not {"if-none-match", "if-modified-since", "cookie", "referer"} & set(web.asked[0].headers)

    @pytest.mark.parametrize(
        ("sent", "kept"),
        [
            ({}, Validators('"1"', "then")),
            ({"last_modified": "now"}, Validators('"1"', "now")),
            ({"etag": '"2"'}, Validators('"1"', "then")),
            ({"etag": 'W/"2"'}, Validators('W/"2"', "then")),
        ],
    )
    async def test_a_304_refreshes_them(self, web: WebServer, sent: dict[str, str], kept: Validators) -> None:
        url = web.on("/rss", reply(304, **sent))

        answer = await got(url, validators=Validators('"1"', "then"))

        assert (answer.status, answer.body, answer.error) == (304, None, None)
        assert answer.validators == kept

    async def test_a_304_that_was_not_asked_for_is_a_failure(self, web: WebServer) -> None:
        answer = await got(web.on("/rss", reply(304)))

        assert answer.error == "HTTP 304 to a request without conditions"

    async def test_they_go_only_to_the_url_that_gave_them(self, web: WebServer) -> None:
        new = web.on("/new", OK)
        url = web.on("/old", reply(302, location="/new"))

        await got(url, validators=Validators('"1"'), validators_url=new)

        assert ["if-none-match" in asked.headers for asked in web.asked] == [False, True]


class TestRedirects:
    async def test_permanent_ones_all_the_way_are_reported(self, web: WebServer) -> None:
        web.on("/c", OK)
        web.on("/b", reply(308, location="c"))

        answer = await got(web.on("/a", reply(301, location="/b#part")))

        assert answer.body == BODY
        assert answer.moved_to == answer.url == web.url + "/c"

    @pytest.mark.parametrize(("first", "second"), [(302, 301), (301, 307), (303, 303)])
    async def test_any_other_way_is_followed_and_not_reported(
        self, web: WebServer, first: int, second: int
    ) -> None:
        web.on("/c", OK)
        web.on("/b", reply(second, location="/c"))

        answer = await got(web.on("/a", reply(first, location="/b")))

        assert (answer.body, answer.moved_to) == (BODY, None)

    async def test_a_circle_ends(self, web: WebServer) -> None:
        answer = await got(web.on("/a", reply(301, location="/a")))

        assert answer.error == f"more than 5 redirects, the last to {web.url}/a"

    @pytest.mark.parametrize("headers", [{}, {"location": "ftp://x/"}, {"location": "javascript:1"}])
    async def test_one_that_leads_to_no_web_address_is_a_failure(
        self, web: WebServer, headers: dict[str, str]
    ) -> None:
        answer = await got(web.on("/a", reply(302, **headers)))

        assert "leads to no web address" in str(answer.error)

    async def test_a_feeds_own_headers_stay_at_its_origin(self, web: WebServer) -> None:
        async with serving() as other:
            target = other.on("/c", OK)
            web.on("/b", reply(302, location=target))
            url = web.on("/a", reply(302, location="/b"))

            await got(url, headers={"Authorization": "secret"})

        assert [asked.headers.get("authorization") for asked in web.asked] == [b"secret"] * 2
        assert "authorization" not in other.asked[0].headers


class TestRefusals:
    @pytest.mark.parametrize(
        ("status", "error"),
        [
            (404, "HTTP 404 Not Found"),
            (410, "HTTP 410 Gone"),
            (599, "HTTP 599 Whatever"),
            (204, "HTTP 204 No Content"),
        ],
    )
    async def test_a_status_is_told_with_its_meaning(self, web: WebServer, status: int, error: str) -> None:
        answer = await got(web.on("/rss", reply(status)))

        assert (answer.status, answer.error, answer.body) == (status, error, None)

    @pytest.mark.parametrize(
        ("said", "wait"),
        [
            ("120", timedelta(seconds=120)),
            ("0", None),
            ("-5", None),
            ("soon", None),
            ("Tue, 24 Nov 2020 12:00:00 GMT", None),
            ("Tue, 24 Nov 2020 12:00:00", None),
        ],
    )
    async def test_retry_after_is_a_wait_or_nothing(
        self, web: WebServer, said: str, wait: timedelta | None
    ) -> None:
        assert (await got(web.on("/rss", reply(429, retry_after=said)))).retry_after == wait

    async def test_retry_after_may_be_a_date(self, web: WebServer) -> None:
        answer = await got(web.on("/rss", reply(503, retry_after="Fri, 24 Nov 2124 12:00:00 GMT")))

        assert answer.retry_after is not None
        assert answer.retry_after > timedelta(days=365)

    async def test_a_host_that_does_not_exist_is_named(self) -> None:
        answer = await got("http://reader:secret@no-such-host.invalid/rss")

        assert answer.error == "no such host: no-such-host.invalid"

    async def test_a_closed_port_is_named(self) -> None:
        async with serving() as web:
            url, host = web.url + "/rss", f"127.0.0.1:{web.port}"

        assert (await got(url)).error == f"{host} refuses the connection"

    @pytest.mark.parametrize("url", ["ftp://example.org/", "http://[::1/", "file:///etc/passwd", ""])
    async def test_an_address_that_is_none_is_told(self, url: str) -> None:
        assert "is no web address" in str((await got(url)).error)

    async def test_tls_to_a_server_without_it_is_told(self) -> None:
        async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"220 mail ready\r\n")
            writer.close()

        async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
            host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
            answer = await got(f"https://{host}/rss")

        assert str(answer.error).startswith(f"no secure connection to {host}")

    @pytest.mark.parametrize(
        "said", [b"SMTP ready\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nabc"]
    )
    async def test_a_server_that_breaks_off_is_told(self, web: WebServer, said: bytes) -> None:
        assert "broke off or speaks no HTTP" in str((await got(web.on("/rss", said))).error)

    async def test_a_header_that_http_cannot_carry_is_told(self, web: WebServer) -> None:
        answer = await got(web.on("/rss", OK), headers={"X-Note": "two\nlines"})

        assert "LocalProtocolError" in str(answer.error)


class TestFreshness:
    @pytest.mark.parametrize(
        ("headers", "left"),
        [
            ({"cache_control": "max-age=600"}, 600),
            ({"cache_control": 'public, MAX-AGE="600"', "age": "100"}, 500),
            ({"cache_control": "max-age=60", "age": "100"}, None),
            ({"cache_control": "no-cache, max-age=600"}, None),
            ({"cache_control": "max-age=soon"}, None),
            ({"date": "Tue, 24 Nov 2026 12:00:00 GMT", "expires": "Tue, 24 Nov 2026 12:30:00 GMT"}, 1800),
            ({"date": "Tue, 24 Nov 2026 12:00:00 GMT", "expires": "0"}, None),
            ({"expires": "Tue, 99 Nov 2026 12:00:00 GMT"}, None),
            ({}, None),
        ],
    )
    async def test_is_what_the_headers_leave(
        self, web: WebServer, headers: dict[str, str], left: int | None
    ) -> None:
        answer = await got(web.on("/rss", reply(200, BODY, **headers)))

        assert answer.max_age == (None if left is None else timedelta(seconds=left))


class TestBody:
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
    async def test_is_decoded(self, web: WebServer, encoding: str, sent: bytes) -> None:
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
        self, web: WebServer, encoding: str, sent: bytes, error: str
    ) -> None:
        answer = await got(web.on("/rss", reply(200, sent, content_encoding=encoding, etag='"1"')))

        assert (answer.body, answer.error, answer.validators) == (None, error, Validators())

    async def test_that_is_damaged_is_a_failure(self, web: WebServer) -> None:
        answer = await got(web.on("/rss", reply(200, b"\xffno gzip", content_encoding="gzip")))

        assert str(answer.error).startswith("the compressed body is damaged")

    @pytest.mark.parametrize("encoding", ["identity", "gzip"])
    async def test_is_capped_as_decoded(self, web: WebServer, encoding: str) -> None:
        bomb = b"0" * 5_000_000
        sent = zipped(bomb) if encoding == "gzip" else bomb
        settings = PollSettings(max_bytes=1_000_000)

        answer = await got(web.on("/rss", reply(200, sent, content_encoding=encoding)), settings)

        assert answer.error == "larger than 1,000,000 bytes (poll.max_bytes)"

    async def test_of_exactly_the_cap_is_taken(self, web: WebServer) -> None:
        answer = await got(web.on("/rss", OK), PollSettings(max_bytes=len(BODY)))

        assert answer.body == BODY

    async def test_that_drips_meets_the_deadline(self, web: WebServer) -> None:
        async def drip(writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n")
            while not writer.is_closing():
                writer.write(b".")
                await writer.drain()
                await asyncio.sleep(0.02)

        answer = await got(web.on("/rss", drip), PollSettings(timeout=timedelta(seconds=0.2)))

        assert answer.error == "no whole answer within 0.2 s"


class TestTurns:
    async def times(self, web: WebServer, settings: PollSettings, hosts: int = 1) -> list[float]:
        """When six requests came in, spread over so many names of the server's host."""
        web.on("/rss", OK)
        names = ["127.0.0.1", "localhost"][:hosts]
        async with Fetcher(settings) as fetcher:
            urls = [f"http://{names[number % hosts]}:{web.port}/rss" for number in range(6)]
            answers = await asyncio.gather(*(fetcher.get(Request(url=url)) for url in urls))
        assert [answer.body for answer in answers] == [BODY] * 6
        return sorted(asked.at for asked in web.asked)

    async def test_one_host_is_asked_one_request_at_a_time(self, web: WebServer) -> None:
        await self.times(web, SETTINGS)

        assert web.most_at_once == 1

    async def test_and_given_a_rest_between_two(self, web: WebServer) -> None:
        at = await self.times(web, PollSettings(host_gap=timedelta(seconds=0.05)))

        assert all(later - earlier >= 0.045 for earlier, later in pairwise(at))

    async def test_the_limit_over_all_hosts_holds(self, web: WebServer) -> None:
        await self.times(web, PollSettings(concurrency=1, per_host=6, host_gap=timedelta(0)), hosts=2)

        assert web.most_at_once == 1

    async def test_waiting_for_a_turn_is_not_on_the_clock(self, web: WebServer) -> None:
        settings = PollSettings(host_gap=timedelta(seconds=0.15), timeout=timedelta(seconds=0.4))

        assert len(await self.times(web, settings)) == 6


def test_a_failure_of_several_addresses_is_told_by_the_first_that_says_something() -> None:
    tried = OSError("all attempts failed")
    tried.__cause__ = ExceptionGroup("attempts", [TimeoutError(), ConnectionRefusedError(111, "refused")])

    assert in_words(tried, "news.example.org") == "news.example.org refuses the connection"
