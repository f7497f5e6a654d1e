"""The command line on a folder of its own, with a web server beside it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.paper import HEAD, TAGGED
from tests.http import WebServer, reply
from tests.newsroom import Desk, an_item, an_rss, clean_environment, serving_aside


@pytest.fixture
def web() -> Iterator[WebServer]:
    """A web server in a thread of its own."""
    with serving_aside() as server:
        yield server


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A folder, and the command line on it."""
    clean_environment(monkeypatch)
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path, monkeypatch, capsys)


@pytest.fixture
def paper(desk: Desk) -> Desk:
    """A desk with a config that has a style of its own."""
    desk.config.write_text(HEAD)
    return desk


@pytest.fixture
def stocked(desk: Desk, web: WebServer) -> Desk:
    """A desk whose store holds what two feeds told: three stories, one of them told twice."""
    shared = an_item(1, title="Gas prices fall again", link="https://news.example.org/gas")
    one = web.on("/one", reply(200, an_rss(shared, an_item(2), title="One"), etag='"1"'), reply(304))
    two = web.on("/two", reply(200, an_rss(shared, an_item(3), title="Two")))
    desk.write(one, two, more=TAGGED)
    assert desk.run("poll").code == 0
    return desk
