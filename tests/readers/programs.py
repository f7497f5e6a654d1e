"""Feed readers, each subscribed to a few addresses in a folder of its own, and what it shows as new.

A reader is a context manager that yields its `Look`: fetch again, then the ids that are shown as new, by
address; an id that the reader shows as new twice is there twice.

To add one: such a function, a row in READERS, its Debian packages in .ci/run.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import quoteattr

import feedparser

PATIENCE = 30  # seconds
Look = Callable[[], dict[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader, the formats that it knows, and the programs that it needs."""

    name: str
    open: Callable[[Path, Sequence[str]], AbstractContextManager[Look]]
    formats: tuple[str, ...]
    programs: tuple[str, ...] = ()

    @property
    def absent(self) -> str | None:
        """The first program that this machine does not have."""
        return next((one for one in self.programs if shutil.which(one) is None), None)


def _look_at_each(looks: dict[str, Callable[[], list[str]]]) -> Look:
    return lambda: {url: look() for url, look in looks.items()}


def _run(*command: str, cwd: Path) -> None:
    subprocess.run(command, cwd=cwd, check=True, timeout=PATIENCE, capture_output=True)


# -- newsboat ---------------------------------------------------------------------------------------------


@contextmanager
def newsboat(folder: Path, urls: Sequence[str]) -> Iterator[Look]:
    """Newsboat, with a cache for each address: it keeps an id once over all feeds of a cache."""
    yield _look_at_each({url: _newsboat(folder / str(number), url) for number, url in enumerate(urls)})


def _newsboat(folder: Path, url: str) -> Callable[[], list[str]]:
    folder.mkdir(parents=True)
    (folder / "urls").write_text(f"{url}\n")
    (folder / "config").write_text("")

    def look() -> list[str]:
        _run("newsboat", "-u", "urls", "-c", "cache.db", "-C", "config", "-x", "reload", cwd=folder)
        with closing(sqlite3.connect(folder / "cache.db")) as cache, cache:
            new = cache.execute("SELECT guid FROM rss_item WHERE unread = 1 AND NOT deleted").fetchall()
            cache.execute("UPDATE rss_item SET unread = 0")
        return [guid for (guid,) in new]

    return look


# -- sfeed ------------------------------------------------------------------------------------------------


@contextmanager
def sfeed(folder: Path, urls: Sequence[str]) -> Iterator[Look]:
    """sfeed_update: a line of tab-separated values for each item, the id in the sixth."""
    folder.mkdir(parents=True)
    feeds = "\n".join(f'feed "{number}" "{url}"' for number, url in enumerate(urls))
    (folder / "sfeedrc").write_text(f'sfeedpath="{folder}/feeds"\nfeeds() {{\n{feeds}\n}}\n')
    seen: dict[str, set[str]] = {url: set() for url in urls}

    def look() -> dict[str, list[str]]:
        _run("sfeed_update", f"{folder}/sfeedrc", cwd=folder)
        return {url: new(folder / "feeds" / str(number), seen[url]) for number, url in enumerate(urls)}

    def new(listed: Path, seen: set[str]) -> list[str]:
        # An edited headline is another line, as sfeed wants it: an id that was there is no news.
        ids = {line.split("\t")[5] for line in listed.read_text("utf-8").splitlines()}
        news = sorted(ids - seen)
        seen |= ids
        return news

    yield look


# -- by id, as most libraries do --------------------------------------------------------------------------


def _by_id(read: Callable[[], list[str]]) -> Callable[[], list[str]]:
    seen: set[str] = set()

    def look() -> list[str]:
        ids = read()
        news = [one for one in ids if one not in seen]
        seen.update(ids)
        return news

    return look


@contextmanager
def by_feedparser(_: Path, urls: Sequence[str]) -> Iterator[Look]:
    """A program that asks feedparser, with the ETag it had, and knows items by their ids."""
    yield _look_at_each({url: _by_id(_feedparser(url)) for url in urls})


def _feedparser(url: str) -> Callable[[], list[str]]:
    etag: list[str | None] = [None]

    def read() -> list[str]:
        found = feedparser.parse(url, etag=etag[0])
        assert found.status == 304 or not found.bozo
        etag[0] = found.get("etag", etag[0])
        return [entry.id for entry in found.entries]

    return read


@contextmanager
def by_json(_: Path, urls: Sequence[str]) -> Iterator[Look]:
    """A program that reads JSON Feed as its specification tells it to: by the ids of items."""
    yield _look_at_each({url: _by_id(_json(url)) for url in urls})


def _json(url: str) -> Callable[[], list[str]]:
    def read() -> list[str]:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            return [item["id"] for item in json.load(answer)["items"]]

    return read


# -- Liferea ----------------------------------------------------------------------------------------------

CANARY = "canary"
"""an address that has another new item at each request: it tells that Liferea has been round"""
REFRESH = ("org.gnome.feed.Reader", "/org/gnome/feed/Reader", "org.gnome.feed.Reader.Refresh")


@contextmanager
def liferea(folder: Path, urls: Sequence[str]) -> Iterator[Look]:
    """Liferea on a screen that nobody sees, told over D-Bus to fetch; the last address is its canary."""
    with _bus() as bus:
        environ = _liferea_home(folder, urls) | {"DBUS_SESSION_BUS_ADDRESS": bus}
        command = ("xvfb-run", "--auto-servernum", "liferea", "--mainwindow-state=hidden")
        with _going(command, environ):
            yield _Liferea(folder / "data/liferea/liferea.db", urls, environ).look


def _liferea_home(folder: Path, urls: Sequence[str]) -> dict[str, str]:
    config = folder / "config" / "liferea"
    config.mkdir(parents=True)
    outlines = "".join(
        f'<outline title="{number}" text="{number}" type="rss" id="feed{number}" '
        f'xmlUrl={quoteattr(url)} updateInterval="-1"/>'
        for number, url in enumerate(urls)
    )
    (config / "feedlist.opml").write_text(
        f'<opml version="1.0"><head><title>all</title></head><body>{outlines}</body></opml>'
    )
    homes = {f"XDG_{name.upper()}_HOME": f"{folder}/{name}" for name in ("config", "data", "cache")}
    return {**os.environ, **homes, "HOME": str(folder), "GSETTINGS_BACKEND": "memory", "NO_AT_BRIDGE": "1"}


@contextmanager
def _bus() -> Iterator[str]:
    """The address of a message bus of our own."""
    command = ("dbus-daemon", "--session", "--nofork", "--print-address", "--address=unix:tmpdir=/tmp")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as bus:
        assert bus.stdout
        try:
            yield bus.stdout.readline().strip()
        finally:
            bus.terminate()


@contextmanager
def _going(command: Sequence[str], environ: dict[str, str]) -> Iterator[None]:
    """The program while we are in here; it ends with all that it started."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        command, env=environ, stdout=quiet, stderr=quiet, start_new_session=True
    ) as program:
        try:
            yield
        finally:
            os.killpg(program.pid, 15)


class _Liferea:
    """A Liferea under way, and what of its database we have seen."""

    def __init__(self, database: Path, urls: Sequence[str], environ: dict[str, str]) -> None:
        self._database, self._urls, self._environ = database, urls, environ
        self._seen = 0

    def look(self) -> dict[str, list[str]]:
        """Two rounds: what the canary's second answer follows has been stored."""
        self._go_round()
        self._go_round()
        rows = self._rows("SELECT item_id, node_id, source_id FROM items WHERE item_id > ? ORDER BY item_id")
        self._seen = max([self._seen, *(row[0] for row in rows)])
        news: dict[str, list[str]] = {url: [] for url in self._urls[:-1]}
        for _, node, guid in rows:
            url = self._urls[int(node.removeprefix("feed"))]
            if url in news:
                news[url].append(guid)
        return news

    def _go_round(self) -> None:
        sung, end = self._sung(), time.monotonic() + PATIENCE
        while self._sung() == sung:
            assert time.monotonic() < end, "Liferea does not go round"
            self._refresh()
            time.sleep(0.3)

    def _refresh(self) -> None:
        to, place, method = REFRESH
        command = ("dbus-send", "--session", "--print-reply", f"--dest={to}", place, method)
        subprocess.run(command, env=self._environ, timeout=PATIENCE, check=False, capture_output=True)

    def _sung(self) -> int:
        node = f"feed{len(self._urls) - 1}"
        return len(
            [
                row
                for row in self._rows("SELECT item_id, node_id FROM items WHERE item_id > ?", 0)
                if row[1] == node
            ]
        )

    def _rows(self, query: str, after: int | None = None) -> list[tuple[int, str, str]]:
        if not self._database.exists():
            return []
        with closing(sqlite3.connect(self._database, timeout=PATIENCE)) as database:
            try:
                return database.execute(query, (self._seen if after is None else after,)).fetchall()
            except sqlite3.OperationalError:  # it has only just made the file
                return []


READERS = (
    Reader("newsboat", newsboat, ("atom", "rss"), ("newsboat",)),
    Reader("sfeed", sfeed, ("atom", "rss"), ("sfeed_update", "curl")),
    Reader("liferea", liferea, ("atom", "rss", CANARY), ("liferea", "xvfb-run", "dbus-daemon", "dbus-send")),
    Reader("feedparser", by_feedparser, ("atom", "rss")),
    Reader("JSON Feed", by_json, ("json",)),
)
