"""Every line that a page says to type can be typed: the program takes it, the shell reads it, make has it."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from aggregator.cli import aggregator
from tests.docs.blocks import PAGES, ROOT, blocks_of, spans_of, steps_of

CALL = re.compile(r"(?:docker compose exec (?:-T )?aggregator |python -m |\$)?aggregator (?P<words>.+)")
ENDS = {"|", "&&", "<", ">", ";"}
"""What of a shell's line is no longer the command's own."""


def lines_of(page: Path) -> Iterator[tuple[str, str]]:
    """What the page says to type, each with its place."""
    for block in blocks_of(page):
        yield from ((step.place, step.typed) for step in steps_of(block))
    yield from ((page.name, span) for span in spans_of(page))


def calls_in(page: Path) -> Iterator[str]:
    """The words after `aggregator` of each line that calls it."""
    for _, line in lines_of(page):
        if call := CALL.fullmatch(line):
            yield call["words"]


CALLS = sorted({(page.name, words) for page in PAGES for words in calls_in(page)})
TYPED = [(place, line) for page in PAGES for place, line in lines_of(page)]


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

    assert list(calls_in(page)) == ["run  # now", "import - < a", "add   URL", "check", "health"]
    assert [place.rpartition("/")[2] for place, _ in lines_of(page)][3:] == [
        "page.md:7",
        "page.md:11",
        "page.md",
    ]


def test_the_shell_reads_every_line() -> None:
    read = {
        place: subprocess.run(["bash", "-n", "-c", line], check=False).returncode for place, line in TYPED
    }

    assert len(read) > 50
    assert [place for place, code in read.items() if code] == []


def test_make_has_every_target() -> None:
    wanted = {target for _, line in TYPED for target in re.findall(r"^make (\S+)", line)}
    rules = (ROOT / "Makefile").read_text(encoding="utf-8").replace("$(VENV)", ".venv")

    assert len(wanted) > 5
    assert [
        target for target in wanted if not re.search(rf"^{re.escape(target)}:", rules, re.MULTILINE)
    ] == []


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
