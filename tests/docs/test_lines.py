"""Every command line in the README and in docs/ is one that the program takes."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from aggregator.cli import aggregator

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(console|sh)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`((?:python\s-m\s)?aggregator\s[^`|\[…]+)`")
CALL = re.compile(r"(?:docker compose exec (?:-T )?aggregator |python -m |\$)?aggregator (?P<words>.+)")
ENDS = {"|", "&&", "<", ">", ";"}
"""What of a shell's line is no longer the command's own."""


def lines_of(page: str) -> Iterator[str]:
    """What the page says to type: its blocks (of a console's, the lines with a prompt), and its spans."""
    for language, block in BLOCK.findall(page):
        lines = block.replace("\\\n", " ").splitlines()
        yield from (line.removeprefix("$ ") for line in lines if language == "sh" or line.startswith("$ "))
    yield from (" ".join(span.split()) for span in SPAN.findall(BLOCK.sub("", page)))


def calls_in(page: Path) -> Iterator[str]:
    """The words after `aggregator` of each line that calls it."""
    for line in lines_of(page.read_text(encoding="utf-8")):
        if call := CALL.fullmatch(line):
            yield call["words"]


CALLS = sorted({(page.name, words) for page in PAGES for words in calls_in(page)})


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that has the file which the pages import."""
    (tmp_path / "feeds.opml").touch()
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("page", "words"), CALLS)
def test_a_command_line_on_a_page_is_taken(page: str, words: str) -> None:
    assert words in aggregator.commands or fault_of(words) is None, page  # a name alone tells of the command


@pytest.mark.parametrize(
    "words", ["pol", "poll --al", "stories --limit many", "split", "--conf x run", "run now"]
)
def test_a_command_line_that_no_program_takes_would_be_found(words: str) -> None:
    assert fault_of(words) is not None


def test_command_lines_are_found_wherever_they_stand(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "Try `aggregator\nhealth`, not `aggregator [OPTIONS]`.\n"
        "```sh\naggregator run  # now\ndocker build -t aggregator .\n"
        "docker compose exec -T aggregator aggregator import - < a\n$aggregator add \\\n  URL\n```\n"
        "```console\n$ aggregator check\naggregator: no config\n```\n"
    )

    assert list(calls_in(page)) == ["run  # now", "import - < a", "add    URL", "check", "health"]


def fault_of(words: str) -> str | None:
    """What the program's parser has against these words; None where it takes them."""
    given = shlex.split(words, comments=True)
    end = next((at for at, word in enumerate(given) if word in ENDS), len(given))
    try:
        with aggregator.make_context("aggregator", given[:end]) as above:
            name, command, rest = aggregator.resolve_command(above, [*above._protected_args, *above.args])
            assert command is not None
            command.make_context(name, rest, parent=above).close()
    except click.exceptions.Exit:  # --version and --help
        return None
    except click.UsageError as error:
        return error.format_message()
    return None
