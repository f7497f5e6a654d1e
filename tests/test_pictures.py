"""The pictures of the docs are those that `make pictures` takes, and each is shown. One is taken."""

import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.pictures import FOLDER, PICTURES, SMALL, Picture, four_days, png, taken
from tests.web.browser import chromium

DOCS = FOLDER.parent


@pytest.fixture
async def origin(tmp_path: Path) -> AsyncIterator[str]:
    async with four_days(tmp_path) as served:
        yield served


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_every_picture_is_there_and_shown(picture: Picture) -> None:
    file = f"pictures/{picture.name}.png"

    assert (DOCS / file).is_file()
    assert any(file in page.read_text("utf-8") for page in (*DOCS.glob("*.md"), DOCS.parent / "README.md"))


async def test_a_picture_is_taken_of_a_page_of_the_demo(origin: str) -> None:
    async with chromium() as browser:
        made = await taken(browser, origin, Picture("phone-stats", "/stats", size=SMALL))

    assert made.startswith(b"\x89PNG")
    assert 5_000 < len(made) < 30_000


def test_a_picture_is_made_of_a_palette_and_places_in_it() -> None:
    made = png(2, 2, bytes((255, 0, 0, 0, 0, 255)), bytes((0, 1, 1, 0)))

    begin = made.index(b"IDAT") + 4
    assert zlib.decompress(made[begin:-16]) == bytes((0, 0, 1, 0, 1, 0))
    assert bytes((255, 0, 0, 0, 0, 255)) in made
