"""Feed documents for tests, and the whole program on them: a config, a data folder, a command line."""

import asyncio
import hashlib
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TypeVar

import pytest

from aggregator.cli import main
from aggregator.model import Article, Body, ParsedFeed
from aggregator.parse import parse_document
from aggregator.parse.article import extract_article
from tests.http import LOOPBACK, WebServer, serving

Opened = TypeVar("Opened")

TEXT = "Thousands were told to leave their homes on Tuesday after a dam in the valley gave way."


def an_item(number: int, *, title: str = "", link: str = "", text: str = "") -> str:
    """One RSS item; a number gives it ids and words of its own."""
    return (
        f"<item><guid>item-{number}</guid><title>{title or f'News number {number} of today'}</title>"
        f"<link>{link or f'https://news.example.org/{number}'}</link>"
        f"<description>{text or f'Report {number}. {TEXT}'}</description></item>"
    )


def an_rss(*items: str, title: str = "Example News") -> bytes:
    """An RSS 2.0 document."""
    inside = "".join(items)
    return f'<rss version="2.0"><channel><title>{title}</title>{inside}</channel></rss>'.encode()


def a_body(content: bytes) -> Body:
    """A small body with this content."""
    return Body(BytesIO(content), len(content), hashlib.blake2b(content).hexdigest())


def nameless_files(folder: Path) -> list[str]:
    """The files that this process holds open in the folder although they have no name there."""
    found = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the one of this listing is gone meanwhile
            found.append(str(descriptor.readlink()))
    return [target for target in found if target.startswith(f"{folder}/") and target.endswith("(deleted)")]


class DirectParser:
    """Parses in this process: quick, for tests that are not about workers."""

    async def parse(self, body: Body, url: str, content_type: str | None) -> ParsedFeed:
        return parse_document(body.read(), url, content_type)

    async def extract(self, body: Body, url: str, content_type: str | None) -> Article:
        return extract_article(body.read(), url, content_type)


@contextmanager
def aside(opened: AbstractAsyncContextManager[Opened]) -> Iterator[Opened]:
    """What this opens, in a thread with a loop of its own, for tests that block."""
    ready, loop, found = threading.Event(), asyncio.new_event_loop(), list[Opened]()
    stop = asyncio.Event()

    async def serve() -> None:
        async with opened as one:
            found.append(one)
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    ready.wait(10)
    try:
        yield found[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


def serving_aside() -> AbstractContextManager[WebServer]:
    """A web server in a thread of its own."""
    return aside(serving())


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


@dataclass
class Desk:
    """A folder with a config, and the command line on it."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    @property
    def config(self) -> Path:
        return self.folder / "aggregator.yaml"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def write(self, *feeds: str, more: str = "") -> None:
        """A config with these feeds, polled without pauses."""
        listed = "".join(f"  - {feed}\n" for feed in feeds)
        poll = f"{{host_gap: 0s, spread: 0s, per_host: 4, allow_private: {list(LOOPBACK)}}}"
        self.config.write_text(f"poll: {poll}\nfeeds:\n{listed}{more}")

    def run(self, *arguments: str) -> Ended:
        """Run the command on this desk's config and data, as from a shell."""
        return self.type("--config", str(self.config), "--data", str(self.data), *arguments)

    def type(self, *words: str) -> Ended:
        """Run the program with these words alone."""
        self.monkeypatch.setattr(sys, "argv", ["aggregator", *words])
        self.capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = self.capsys.readouterr()
        return Ended(code, out, err)

    def published(self) -> dict[str, bytes]:
        """Every published file by its path."""
        public = self.data / "public"
        return {
            str(path.relative_to(public)): path.read_bytes() for path in public.rglob("*") if path.is_file()
        }


def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine's own settings reaches the program."""
    for name in [name for name in os.environ if name.startswith("AGGREGATOR_")]:
        monkeypatch.delenv(name)
