"""A store and a reader of its folder, closed after the test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.store import Reader, Store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder that does not exist yet."""
    return tmp_path / "data"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    """An empty store in `folder`."""
    opened = Store.open(folder)
    yield opened
    opened.close()


@pytest.fixture
def reader(store: Store, folder: Path) -> Iterator[Reader]:  # noqa: ARG001 — the store makes the file
    """A reader of `store`."""
    opened = Reader(folder)
    yield opened
    opened.close()
