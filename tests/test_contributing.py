"""CONTRIBUTING.md leads nowhere that is not there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PATHS = sorted(set(re.findall(r"\b(?:aggregator|tests|docs|benchmarks|requirements)/(?:[\w./-]*\w)?", PAGE)))
NAMED = re.findall(r"`([A-Z]\w+|\w+_of)` (?:of|in)\s`([\w/]+\.py)`", PAGE)


@pytest.mark.parametrize("path", PATHS)
def test_every_path_that_it_names_is_there(path: str) -> None:
    assert (ROOT / path.replace("-NN.", "-14.")).exists()


@pytest.mark.parametrize(("name", "path"), NAMED)
def test_every_table_that_it_names_is_in_its_file(name: str, path: str) -> None:
    assert re.search(rf"^(class |def )?{name}\b", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("target", sorted(set(re.findall(r"(?:^|`)make (\w+)", PAGE, re.MULTILINE))))
def test_every_target_of_make_that_it_names_is_there(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_it_is_found_from_the_front_page() -> None:
    assert "(CONTRIBUTING.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
