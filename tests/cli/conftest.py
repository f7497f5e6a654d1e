"""The command line on a folder of its own, with a web server beside it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.http import WebServer
from tests.newsroom import Desk, clean_environment, serving_aside


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
