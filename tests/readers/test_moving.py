"""Moving to real readers with what `export` writes, and back with what they keep and export."""

import shutil
import subprocess
from pathlib import Path

import pytest

from aggregator.config import load
from aggregator.core.settings import FeedSettings
from tests.newsroom import Desk, clean_environment

ONE = FeedSettings(url="https://one.example/rss?a=1&b=2", title='Q&A, "quoted"', tags=("world/europe", "war"))
TWO = FeedSettings(url="https://two.example/rss", title="Zwei", tags=("tech",))
CONFIG = """feeds:
- {url: 'https://one.example/rss?a=1&b=2', title: 'Q&A, "quoted"', tags: [world/europe, war]}
- {url: https://two.example/rss, title: Zwei, tags: [tech]}
"""

needs_newsboat = pytest.mark.skipif(shutil.which("newsboat") is None, reason="newsboat is not installed")
needs_sfeed = pytest.mark.skipif(shutil.which("sfeed_opml_import") is None, reason="sfeed is not installed")


@pytest.fixture
def exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A desk with `feeds.opml`, as `export` writes it."""
    clean_environment(monkeypatch)
    desk = Desk(tmp_path, monkeypatch, capsys)
    desk.config.write_text(CONFIG)
    assert desk.run("export", "-o", str(tmp_path / "feeds.opml")).code == 0
    return desk


def said(desk: Desk, *command: str, stdin: str = "") -> str:
    return subprocess.run(
        command, cwd=desk.folder, input=stdin, capture_output=True, text=True, check=True, timeout=60
    ).stdout


def newsboat(desk: Desk, *options: str) -> str:
    (desk.folder / "config").touch()
    return said(desk, "newsboat", "-u", "urls", "-c", "cache.db", "-C", "config", *options)


def taken_back(desk: Desk, name: str) -> list[FeedSettings]:
    desk.config.write_text("feeds: []\n")
    assert desk.run("import", str(desk.folder / name)).code == 0
    return sorted(load(desk.config, {}).settings.feeds, key=lambda feed: feed.url)


@needs_newsboat
def test_newsboat_takes_feeds_with_their_first_tag(exported: Desk) -> None:
    newsboat(exported, "-i", "feeds.opml")

    assert sorted((exported.folder / "urls").read_text().split("\n")) == [
        "",
        f'{ONE.url} "world/europe"',
        f'{TWO.url} "tech"',
    ]


@needs_newsboat
def test_the_file_that_newsboat_keeps_comes_back(exported: Desk) -> None:
    newsboat(exported, "-i", "feeds.opml")

    assert taken_back(exported, "urls") == [
        FeedSettings(url=ONE.url, tags=("world/europe",)),
        FeedSettings(url=TWO.url, tags=("tech",)),
    ]


@needs_newsboat
def test_what_newsboat_exports_comes_back(exported: Desk) -> None:
    newsboat(exported, "-i", "feeds.opml")
    (exported.folder / "back.opml").write_text(newsboat(exported, "-e"))

    assert taken_back(exported, "back.opml") == [FeedSettings(url=ONE.url), FeedSettings(url=TWO.url)]


@needs_sfeed
def test_sfeed_takes_feeds_with_their_titles(exported: Desk) -> None:
    text = said(exported, "sfeed_opml_import", stdin=(exported.folder / "feeds.opml").read_text())

    assert f"feed 'Zwei' '{TWO.url}'" in text
    assert f"'{ONE.url}'" in text


def test_what_was_exported_comes_back_as_it_was(exported: Desk) -> None:
    assert taken_back(exported, "feeds.opml") == [ONE, TWO]
