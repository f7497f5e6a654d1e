"""A crowd of publishers on loopback addresses: good ones with news, bad ones in every way we know.

Every good publisher has an address of its own (127.16.x.y), and so has every bad one (127.32.x.y); all answer
on one port. Good ones print an item now and then, keep the last twenty, and honour validators.
"""

import asyncio
import random
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice

from tests.http import Asked, Script, WebServer, reply
from tests.newsroom import TEXT, an_rss
from tests.scenarios.hostile import ATTACKS, Attack, document, item

KEPT_ITEMS = 20
LISTEN_AT_ONCE = 250
WORDS = TEXT.split()


@dataclass(slots=True)
class Publisher:
    """A good feed: what it has printed, and when it was asked."""

    number: int
    printed: list[datetime] = field(default_factory=list)
    asked_at: list[float] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/good/{self.number}"

    @property
    def host(self) -> str:
        return f"127.16.{self.number // 250}.{self.number % 250 + 1}"

    def title(self, item: int) -> str:
        """Names the publisher and the item, so that the store can be asked for it."""
        return f"Paper {self.number} item {item}"

    def document(self) -> bytes:
        """The last items, each with words of its own."""
        last = range(max(0, len(self.printed) - KEPT_ITEMS), len(self.printed))
        return an_rss(*(self._item(item) for item in reversed(last)), title=f"Paper {self.number}")

    def _item(self, item: int) -> str:
        words = " ".join(random.Random(f"{self.number}/{item}").choices(WORDS, k=60))
        link = f"https://paper{self.number}.example.org/{item}"
        return (
            f"<item><guid>{link}</guid><title>{self.title(item)}</title><link>{link}</link>"
            f"<description>{self.number} {item} {words}</description></item>"
        )

    def answer(self, asked: Asked) -> bytes:
        """The document, or 304 to whoever has it."""
        self.asked_at.append(asked.at)
        etag = f'"{self.number}-{len(self.printed)}"'
        if asked.headers.get("if-none-match") == etag.encode():
            return reply(304, etag=etag)
        return reply(200, self.document(), etag=etag, content_type="application/rss+xml")


# -- bad manners beyond hostile documents ------------------------------------------------------------------


async def _hang_up(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def _say_nothing(_: asyncio.StreamWriter) -> None:
    await asyncio.sleep(120)


def _manners(path: str) -> dict[str, Sequence[bytes | Script]]:
    """What a bad publisher at this path may answer, by the name of its vice."""
    page = b"<!doctype html><title>We are moving</title>"
    good = reply(200, an_rss("<item><guid>1</guid><title>Sometimes</title></item>"), etag='"1"')
    return {
        "hangs up": [_hang_up],
        "says nothing": [_say_nothing],
        "429 with Retry-After": [reply(429, retry_after="2")],
        "429 with Retry-After 0": [reply(429, retry_after="0")],
        "503 with Retry-After": [good, reply(503, retry_after="2")],
        "storm of 500": [good, *[reply(500)] * 1_000],
        "500 every other time": [good, reply(500)] * 500,
        "redirects to itself": [reply(301, location=path)],
        "redirects to a file": [reply(302, location="file:///etc/passwd")],
        "304 to everybody": [reply(304, etag='"1"')],
        "304 for ever": [good, reply(304)],
        "410": [good, reply(410)],
        "401": [reply(401)],
        "an HTML page": [reply(200, page, content_type="text/html")],
        "an empty body": [reply(200)],
        "max-age of years": [reply(200, an_rss(), cache_control="max-age=999999999")],
    }


@dataclass(frozen=True, slots=True)
class Culprit:
    """A bad feed and its vice."""

    number: int
    vice: str
    answers: tuple[bytes | Script, ...]
    scheme: str = "http"

    @property
    def path(self) -> str:
        return f"/bad/{self.number}"

    @property
    def host(self) -> str:
        return f"127.32.{self.number // 250}.{self.number % 250 + 1}"


def giants() -> list[Attack]:
    """Documents just below the default `poll.max_bytes` of ten megabytes, or as bad as a small one can be."""
    entries = "".join(item(f"entry {number}", "<description>words</description>") for number in range(90_000))
    bomb = f'<!DOCTYPE rss [<!ENTITY a "{"a" * 100_000}">]>'
    attributes = " ".join(f'a{number}="1"' for number in range(100_000))
    divisions = "&lt;div&gt;" * 800_000
    return [
        Attack(row="B2", name="a long entity ten thousand times", answer=document("&a;" * 10_000, head=bomb)),
        Attack(row="B3", name="a million nested elements", answer=document("<a>" * 1_000_000)),
        Attack(row="B3", name="a hundred thousand attributes", answer=document(f"<item {attributes}/>")),
        Attack(
            row="B3", name="a long author", answer=document(item("a", f"<author>{'a.' * 99_999}</author>"))
        ),
        Attack(row="B3", name="many divisions", answer=document(item("d", _described(divisions)))),
        Attack(row="B7", name="ninety thousand entries", answer=document(entries)),
        Attack(
            row="B7", name="nine megabytes of text", answer=document(item("t", _described("w " * 4_500_000)))
        ),
        Attack(row="B7", name="nine megabytes of HTML", answer=document(item("h", _described(_markup())))),
    ]


def _described(text: str) -> str:
    return f"<description>{text}</description>"


def _markup() -> str:
    return "&lt;p&gt;&lt;b&gt;word&lt;/b&gt; &lt;a href='/x'&gt;link&lt;/a&gt;&lt;/p&gt;" * 120_000


def hostile() -> list[Culprit]:
    """Every hostile feed once."""
    return [Culprit(number, one.id, (one.answer,)) for number, one in enumerate([*ATTACKS, *giants()])]


def culprits(count: int) -> list[Culprit]:
    """So many, of every vice in turn."""
    names = [*(attack.id for attack in ATTACKS), *_manners("/"), "TLS that never comes"]
    return [_culprit(number, name) for number, name in enumerate(islice(cycle(names), count))]


def _culprit(number: int, vice: str) -> Culprit:
    answers: dict[str, Sequence[bytes | Script]] = {attack.id: [attack.answer] for attack in ATTACKS}
    answers |= _manners(f"/bad/{number}")
    if vice in answers:
        return Culprit(number, vice, tuple(answers[vice]))
    return Culprit(number, vice, (reply(404),), scheme="https")


# -- all together -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class Crowd:
    """All publishers on one port. Use as `async with`; `publish` runs until it is cancelled."""

    good: list[Publisher]
    bad: list[Culprit]
    web: WebServer = field(default_factory=WebServer)
    _closing: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def __aenter__(self) -> "Crowd":
        for publisher in self.good:
            self.web.on(publisher.path, self._speaker(publisher))
        for culprit in self.bad:
            self.web.on(culprit.path, *culprit.answers)
        await self.web.reachable()
        hosts = [one.host for one in self.good] + [one.host for one in self.bad]
        for first in range(0, len(hosts), LISTEN_AT_ONCE):
            some = hosts[first : first + LISTEN_AT_ONCE]
            server = await asyncio.start_server(self.web.serve, some, self.web.port, backlog=16)
            await self._closing.enter_async_context(server)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.web.reachable(False)
        await self._closing.aclose()

    def _speaker(self, publisher: Publisher) -> Script:
        async def speak(writer: asyncio.StreamWriter) -> None:
            writer.write(publisher.answer(self.web.asked.pop()))  # this request is the last that came

        return speak

    def url(self, one: Publisher | Culprit) -> str:
        scheme = one.scheme if isinstance(one, Culprit) else "http"
        return f"{scheme}://{one.host}:{self.web.port}{one.path}"

    async def publish(self, every: timedelta) -> None:
        """Each publisher prints an item about so often, at moments of its own."""
        pause = every.total_seconds() / max(len(self.good), 1)
        for publisher in self.good:
            publisher.printed.append(datetime.now(UTC))
        chance = random.Random(1)
        while True:
            await asyncio.sleep(pause)
            chance.choice(self.good).printed.append(datetime.now(UTC))
