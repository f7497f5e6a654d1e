"""The room in which polls are made."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.poll.rooms import Round, a_round


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Round]:
    """A round on an empty store."""
    async with a_round(tmp_path) as room:
        yield room
