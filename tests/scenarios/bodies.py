"""Rules 44 to 48: bodies that are packed oddly, broken, slow or without end."""

import asyncio
import gzip
import zlib
from collections.abc import Awaitable, Callable

from tests.http import Script as Speech
from tests.http import reply
from tests.newsroom import an_item, an_rss
from tests.scenarios.judges import all_of, complains, has
from tests.scenarios.scenario import FEED, Judge, Scenario, Script, Seen, Stage, answering, polls

NEWS = an_rss(an_item(1))
LATER = an_rss(an_item(1), an_item(2))
FIRST, SECOND = "News number 1 of today", "News number 2 of today"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n"

DRIP_SECONDS = 6.0
PATIENCE_SECONDS = 4.0
"""guests are told a time limit of two seconds; this leaves room for a busy machine"""

ENDLESS_BYTES = 30_000_000
ENOUGH_BYTES = 20_000_000
"""guests are told a limit of one megabyte, or have none to tell; what lies in socket buffers is not theirs"""

RFC_CODINGS = "RFC 9110 §8.4"
RFC_COMPLETE = "RFC 9112 §8"
SLOWLORIS = "CVE-2007-6750"


# -- odd but whole ----------------------------------------------------------------------------------------


def _packed(rule: int, name: str, source: str, coding: str, body: bytes) -> Scenario:
    return Scenario(
        rule=rule,
        name=name,
        source=source,
        script=answering(reply(200, body, content_encoding=coding)),
        judge=has(FIRST, SECOND),
        visits=polls(1),
    )


# -- broken -----------------------------------------------------------------------------------------------


def _asks_as_before(seen: Seen) -> str | None:
    last = seen.requests()[-1].headers.get("if-none-match")
    return None if last == b'"good"' else "gave up the validators of the last whole feed"


def _broken(name: str, answer: bytes | Speech, source: str = RFC_COMPLETE) -> Scenario:
    """A good feed, then this, then the good one again: nothing is replaced, and the failure is told."""

    def script(stage: Stage) -> None:
        stage.here.on(FEED, reply(200, NEWS, etag='"good"'), answer, reply(304))

    return Scenario(
        rule=46,
        name=f"{name} is a failure, and nothing is replaced",
        source=source,
        script=script,
        judge=all_of(complains(1), has(FIRST), _asks_as_before),
        visits=polls(3),
    )


async def _reset(writer: asyncio.StreamWriter) -> None:
    """Half a body, and the connection is torn down."""
    writer.write(HEAD + b"Content-Length: 9999\r\n\r\n" + LATER)
    await writer.drain()
    writer.transport.abort()


# -- slow and endless -------------------------------------------------------------------------------------


async def _drip(writer: asyncio.StreamWriter, text: bytes) -> None:
    """One byte after another; an impatient client ends it."""
    began = asyncio.get_running_loop().time()
    while asyncio.get_running_loop().time() - began < DRIP_SECONDS:
        writer.write(text)
        await writer.drain()
        await asyncio.sleep(0.1)


async def _slow_body(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"\r\n<rss>")
    await _drip(writer, b" ")


async def _slow_header(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD)
    await _drip(writer, b"X-Slow: 1\r\n")


def _saying(speech: Callable[[asyncio.StreamWriter], Awaitable[None]]) -> Script:
    def script(stage: Stage) -> None:
        stage.here.on(FEED, speech)

    return script


def _endless(stage: Stage) -> None:
    async def speech(writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"\r\n<rss version='2.0'><channel><title>")
        while stage.sent < ENDLESS_BYTES:
            writer.write(b"for ever and ever " * 1000)
            stage.sent += 18_000
            await writer.drain()

    stage.here.on(FEED, speech)


def _loses_patience(seen: Seen) -> str | None:
    seconds = seen.visits[0].seconds
    return f"listened for {seconds:.0f} s, until the server gave up" if seconds > PATIENCE_SECONDS else None


def _has_enough(seen: Seen) -> str | None:
    sent = seen.stage.sent
    return f"read {sent / 1e6:.0f} MB, until the server gave up" if sent > ENOUGH_BYTES else None


def _trying(rule: int, name: str, source: str, script: Script, judge: Judge) -> Scenario:
    return Scenario(
        rule=rule,
        name=name,
        source=source,
        script=script,
        judge=all_of(judge, complains(-1)),
        visits=polls(1),
    )


def _refuses_the_bomb(seen: Seen) -> str | None:
    return "unpacked all of it and found nothing wrong" if not seen.visits[-1].found.problems else None


BOMB = gzip.compress(b"<rss version='2.0'><channel><title>" + b" " * ENDLESS_BYTES, mtime=0)

BODIES: tuple[Scenario, ...] = (
    _packed(44, "gzip is unpacked", RFC_CODINGS, "gzip", gzip.compress(LATER, mtime=0)),
    _trying(
        44, "a gzip bomb is refused", "CVE-2025-66418", answering(reply(200, BOMB, content_encoding="gzip")),
        _refuses_the_bomb,
    ),
    _packed(
        45, "two gzip members are one body", "RFC 1952 §2.2",
        "gzip", gzip.compress(LATER[:150], mtime=0) + gzip.compress(LATER[150:], mtime=0),
    ),
    _packed(
        45, "deflate without its zlib header is unpacked", RFC_CODINGS, "deflate", zlib.compress(LATER)[2:-4],
    ),
    _broken("gzip that is none", reply(200, LATER, content_encoding="gzip", etag='"bad"'), RFC_CODINGS),
    _broken(
        "gzip that was cut",
        reply(200, gzip.compress(LATER, mtime=0)[:-9], content_encoding="gzip", etag='"bad"'),
    ),
    _broken(
        "a body shorter than its Content-Length",
        HEAD + b'ETag: "bad"\r\nContent-Length: 9999\r\n\r\n' + LATER,
    ),
    _broken(
        "a chunked body without its last chunk",
        HEAD + b'ETag: "bad"\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n' % (len(LATER), LATER),
    ),
    _broken("a connection reset in the middle", _reset),
    _broken("an empty 200", reply(200, b"", etag='"bad"')),
    _broken(
        "an HTML page",
        reply(200, b"<!doctype html><p>We are moving house</p>", content_type="text/html", etag='"bad"'),
    ),
    _trying(
        47, "a body of one byte at a time meets a deadline", SLOWLORIS, _saying(_slow_body), _loses_patience,
    ),
    _trying(
        47, "headers of one line at a time meet a deadline", SLOWLORIS, _saying(_slow_header),
        _loses_patience,
    ),
    _trying(48, "a body without end meets a limit", "RFC 9112 §6.3", _endless, _has_enough),
)  # fmt: skip
