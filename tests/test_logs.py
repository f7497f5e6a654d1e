"""Lines of the log: readable for people, JSON for programs, and never a secret."""

import io
import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aggregator import logs
from aggregator.core.settings import LogSettings
from aggregator.logs import JsonFormatter, TextFormatter, line
from aggregator.model import LogFormat, LogLevel
from tests.builders import NOON


def a_record(message: object, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    told = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("aggregator", logging.WARNING, "x.py", 1, message, args, told)


@contextmanager
def bare() -> Iterator[logging.Logger]:
    """The root logger without handlers, as a program finds it; all as it was afterwards."""
    root, ours = logging.getLogger(), logging.getLogger(logs.OURS)
    handlers, levels = root.handlers[:], (root.level, ours.level)
    root.handlers[:] = []
    try:
        yield root
    finally:
        root.handlers[:] = handlers
        root.setLevel(levels[0])
        ours.setLevel(levels[1])


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"files": 3}, "published files=3"),
        ({"feed": "https://a.example/?x=1&y=2"}, "published feed=https://a.example/?x=1&y=2"),
        ({"error": "timed out"}, "published error='timed out'"),
        ({"error": "one\ntwo"}, r"published error='one\ntwo'"),
        ({"error": "\x1b[31m"}, r"published error='\x1b[31m'"),
        ({"error": ""}, "published error=''"),
        ({"error": None}, "published"),
        ({"at": NOON, "keep": timedelta(hours=2)}, "published at=2026-11-24T12:00:00.000Z keep=2:00:00"),
    ],
    ids=[
        "a number",
        "a word, however odd",
        "several words",
        "a line end is no line end",
        "a terminal is not commanded",
        "nothing is seen as nothing",
        "what is not known is left out",
        "times",
    ],
)
def test_a_line_is_an_event_and_its_fields(fields: dict[str, object], shown: str) -> None:
    assert str(line("published", **fields)) == shown


def test_for_people_a_line_begins_with_time_and_level() -> None:
    said = TextFormatter().format(a_record(line("published", files=3)))

    assert said.endswith(" WARNING published files=3")


def test_for_programs_a_line_is_an_object_with_its_fields() -> None:
    record = a_record(line("poll", feed="https://a.example/rss", ms=12, event="?"))
    record.created = NOON.timestamp()

    assert json.loads(JsonFormatter().format(record)) == {
        "at": "2026-11-24T12:00:00.000Z",
        "level": "warning",
        "event": "poll",
        "feed": "https://a.example/rss",
        "ms": 12,
    }


def test_what_others_log_is_an_event_with_its_logger() -> None:
    said = json.loads(JsonFormatter().format(a_record("%d of\n%d", 1, 2)))

    assert (said["event"], said["logger"]) == ("1 of\n2", "aggregator")


@pytest.mark.parametrize("formatter", [TextFormatter(), JsonFormatter()], ids=["text", "json"])
def test_no_form_holds_a_secret_not_even_in_a_traceback(formatter: logging.Formatter) -> None:
    record = a_record(
        line("poll", feed="https://me:hunter2@a.example/rss"),
        error=ValueError("https://me:hunter2@b.example/"),
    )

    said = formatter.format(record)

    assert "hunter2" not in said
    assert "a.example" in said
    assert "b.example" in said


def test_a_traceback_is_part_of_its_line_in_json() -> None:
    said = JsonFormatter().format(a_record(line("bug"), error=ValueError("surprise")))

    assert "\n" not in said
    assert "ValueError: surprise" in json.loads(said)["traceback"]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("wanted", "stream", "is_json"),
    [
        (None, io.StringIO, True),
        (None, Terminal, False),
        ("text", io.StringIO, False),
        ("json", Terminal, True),
        ("nonsense", Terminal, False),
    ],
    ids=["elsewhere JSON", "at a terminal text", "text if asked", "JSON if asked", "a mistake is told later"],
)
def test_the_form_follows_the_environment_and_the_terminal(
    wanted: str | None,
    stream: type[io.StringIO],
    is_json: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stderr", said := stream())

    with bare() as root:
        logs.begin(wanted)
        root.info(line("published"))

    assert said.getvalue().startswith("{") is is_json
    assert said.getvalue().count("\n") == 1


@contextmanager
def leading_to(journal: Path, monkeypatch: pytest.MonkeyPatch, named: str | None = None) -> Iterator[None]:
    """stderr leads there, and systemd calls it its journal, or another file."""
    with journal.open("w") as stream:
        found = os.fstat(stream.fileno())
        name = f"{found.st_dev}:{found.st_ino}" if named is None else named
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setenv("JOURNAL_STREAM", name)
        yield


def test_in_the_journal_a_line_begins_with_its_priority(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = tmp_path / "journal"

    with leading_to(journal, monkeypatch), bare() as root:
        logs.begin()
        root.info(line("published", files=3))
        root.warning(line("failed"))
        root.error(line("bug"), exc_info=ValueError("surprise"))

    assert journal.read_text() == "<6>published files=3\n<4>failed\n<3>bug\n<3>ValueError: surprise\n"


@pytest.mark.parametrize(("named", "wanted"), [("8:1", None), ("", None), (None, "json")])
def test_what_goes_elsewhere_or_in_a_form_that_was_asked_for_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str | None, wanted: str | None
) -> None:
    journal = tmp_path / "journal"

    with leading_to(journal, monkeypatch, named), bare() as root:
        logs.begin(wanted)
        root.info(line("published"))

    assert journal.read_text().startswith("{")


def test_a_stream_that_is_no_file_is_no_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOURNAL_STREAM", "8:1")
    monkeypatch.setattr(sys, "stderr", said := io.StringIO())

    with bare() as root:
        logs.begin()
        root.info(line("published"))

    assert said.getvalue().startswith("{")


def test_a_config_changes_form_and_level_while_the_program_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", said := io.StringIO())
    ours = logging.getLogger(logs.OURS)
    with bare():
        logs.begin("text")

        logs.put_in_force(LogSettings(format=LogFormat.JSON, level=LogLevel.WARNING))
        ours.info(line("published"))
        ours.warning(line("failed"))

    assert [json.loads(one)["event"] for one in said.getvalue().splitlines()] == ["failed"]


def test_the_lines_on_the_page_are_written_so() -> None:
    page = (Path(__file__).parents[1] / "docs" / "monitoring.md").read_text(encoding="utf-8")
    for_people, for_programs = page.partition("```text\n")[2].partition("```")[0].splitlines()
    fields = json.loads(for_programs)
    at, level, event = datetime.fromisoformat(fields.pop("at")), fields.pop("level"), fields.pop("event")
    record = a_record(line(event, **fields))
    record.levelname, record.created, record.msecs = level.upper(), at.timestamp(), at.microsecond / 1000

    assert JsonFormatter().format(record) == for_programs
    assert TextFormatter().format(record).partition(" INFO")[2] == for_people.partition(" INFO")[2]
