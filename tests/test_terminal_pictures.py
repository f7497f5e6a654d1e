"""The pictures of the terminal in the docs: taken as `make pictures` takes them, readable, and shown."""

import re
from collections.abc import Iterator

import pytest

from tests.pictures import FOLDER
from tests.terminal_pictures import SHOTS, Shot, desk, on_screen, taken

DOCS = FOLDER.parent
GROUND = "#0d1117"

every_shot = pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with desk(tmp_path_factory.mktemp("desk")):
        yield


def drawn(shot: Shot) -> str:
    return (FOLDER / shot.file).read_text(encoding="utf-8")


def brightness(colour: str) -> float:
    """How bright a colour is to the eye (WCAG 2.2, relative luminance)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@every_shot
@pytest.mark.usefixtures("terminal")
def test_a_picture_shows_what_the_command_says(shot: Shot) -> None:
    assert taken(shot) == drawn(shot), "renew them: make pictures"


@every_shot
def test_a_picture_is_shown_on_a_page_of_the_docs(shot: Shot) -> None:
    assert any(f"(pictures/{shot.file})" in page.read_text("utf-8") for page in DOCS.glob("*.md"))


@every_shot
def test_a_picture_asks_nobody_for_anything(shot: Shot) -> None:
    assert set(re.findall(r'(?:url\(|href=|src=|xmlns=)"?([^")#]*)', drawn(shot))) <= {
        "",
        "http://www.w3.org/2000/svg",
    }


@every_shot
def test_every_colour_can_be_read_on_its_ground(shot: Shot) -> None:
    colours = set(re.findall(r"\{ ?fill: (#[0-9a-f]{6})", drawn(shot)))

    assert colours
    for colour in colours:
        assert (brightness(colour) + 0.05) / (brightness(GROUND) + 0.05) >= 4.5


def test_a_bar_that_was_wiped_is_not_in_the_picture() -> None:
    bar = "\x1b[?25l\r\x1b[2Kpolling 1/2\r\x1b[2Kpolling 2/2\r\n\x1b[?25h\r\x1b[1A\x1b[2K"
    said = f"{bar}2 feeds\r\nall \x1b[32mwell\x1b[0m\r\n"

    assert on_screen(said) == "2 feeds\nall \x1b[32mwell\x1b[0m"
