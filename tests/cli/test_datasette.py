"""The store in Datasette, with the questions of docs/datasette.yaml, as docs/datasette.md says."""

import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest
import yaml

from tests.newsroom import Desk

DOCS = Path("docs").absolute()
METADATA = DOCS / "datasette.yaml"
QUESTIONS = yaml.safe_load(METADATA.read_text())["databases"]["aggregator"]["queries"]
ASKED = {"newest_with_words": {"words": "gas"}, "widest_stories": {"days": ""}}


def asked(desk: Desk, path: str, **arguments: str) -> list[dict[str, object]]:
    """The rows of Datasette's answer."""
    address = f"/aggregator/{path}.json?" + urlencode({"_shape": "array", **arguments})
    command = [
        sys.executable,
        "-m",
        "datasette",
        "data/aggregator.db",
        "--metadata",
        str(METADATA),
        "--get",
        address,
    ]
    ended = subprocess.run(command, cwd=desk.folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    rows: list[dict[str, object]] = json.loads(ended.stdout)
    return rows


@pytest.mark.parametrize("question", [name for name in QUESTIONS if name not in ("tellings", "trouble")])
def test_a_question_has_an_answer(stocked: Desk, question: str) -> None:
    assert asked(stocked, question, **ASKED.get(question, {}))


def test_a_story_has_its_tellings(stocked: Desk) -> None:
    (widest, *_) = asked(stocked, "widest_stories", days="1")

    told = asked(stocked, "tellings", story=str(widest["id"]))

    assert [one["matched_by"] for one in told] == ["new", "url"]
    assert {one["feed"] for one in told} == {"One", "Two"}
    assert (widest["feeds"], widest["told_first_by"]) == (2, told[0]["feed"])


def test_a_failed_poll_is_among_the_trouble(stocked: Desk) -> None:
    stocked.write("http://127.0.0.1:9/rss")
    stocked.run("poll", "--all")

    (trouble,) = asked(stocked, "trouble")

    assert (trouble["outcome"], trouble["polls"]) == ("failed", 1)


def test_stories_have_a_field_to_search(stocked: Desk) -> None:
    found = asked(stocked, "stories", _search="gas prices")

    assert [story["title"] for story in found] == ["Gas prices fall again"]


def test_the_page_names_every_question() -> None:
    page = (DOCS / "datasette.md").read_text()

    assert [name for name in QUESTIONS if f"`{name}`" not in page] == []
