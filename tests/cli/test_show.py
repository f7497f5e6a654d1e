"""Rows for a person at a terminal, and for a program."""

import json
import sys

import pytest

from aggregator.cli.show import say, show_json, show_rows, show_tree
from aggregator.model import FeedState
from tests.builders import NOON

ROWS = [{"title": "Dam [b]bursts[/b]", "at": NOON, "tags": ["a", "b"], "state": FeedState.GONE, "gap": None}]
COLUMNS = ("title", "at", "tags", "state", "gap")


def test_a_terminal_gets_a_table(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", "120")

    show_rows(ROWS, COLUMNS, as_json=False, empty="")

    head, row = capsys.readouterr().out.splitlines()
    assert head.split() == ["title", "at", "tags", "state", "gap"]
    assert row.startswith("Dam [b]bursts[/b]")
    assert "2026-11-24 12:00" in row


def test_an_address_can_be_followed_though_it_takes_two_lines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "https://news.example.org/2026/11/24/dam"
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    for name, value in {"TERM": "xterm", "COLUMNS": "30", "FORCE_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)

    show_rows([{"url": url}], ["url"], as_json=False, empty="")

    assert capsys.readouterr().out.count(f";{url}\x1b\\") == 2


def test_a_pipe_gets_lines_with_tabs(capsys: pytest.CaptureFixture[str]) -> None:
    show_rows(ROWS, COLUMNS, as_json=False, empty="")

    assert capsys.readouterr().out == "Dam [b]bursts[/b]\t2026-11-24 12:00\ta b\tgone\t\n"


def test_what_a_terminal_would_obey_is_shown_instead(capsys: pytest.CaptureFixture[str]) -> None:
    show_rows([{"title": "\u202eevil\x9b2J"}], ("title",), as_json=False, empty="")
    show_tree("tag \u202e", {"clause": "\u2066", "verdict": True, "found": [], "children": []})
    say("\u202e")

    assert capsys.readouterr().out.splitlines() == [
        "<U+202E>evil<U+009B>2J",
        "  tag <U+202E>",
        "    true    <U+2066>",
        "<U+202E>",
    ]


def test_a_program_gets_json(capsys: pytest.CaptureFixture[str]) -> None:
    show_json({"rows": ROWS, "numbers": (1, 2)})

    told = json.loads(capsys.readouterr().out)
    assert told["rows"][0]["at"] == "2026-11-24T12:00:00.000Z"
    assert (told["rows"][0]["state"], told["numbers"]) == ("gone", [1, 2])


GAS = {"words": ["[i]Gas[/i]"], "place": "title"}
TREE = {
    "clause": "gas [b]-hot[/b]",
    "verdict": True,
    "found": [],
    "children": [
        {"clause": "gas", "verdict": True, "found": [GAS], "children": []},
        {"clause": "/(a+)+$/", "verdict": None, "found": [], "children": []},
    ],
}


def test_a_terminal_gets_a_tree_of_clauses(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")

    show_tree("output [x]", TREE, None)

    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == [
        "  output [x]",
        "  └── true gas [b]-hot[/b]",
        '      ├── true gas — "[i]Gas[/i]" in the title',
        "      └── unknown /(a+)+$/",
    ]


def test_a_pipe_gets_the_same_tree_indented(capsys: pytest.CaptureFixture[str]) -> None:
    show_tree("output x", TREE, None)

    assert capsys.readouterr().out.splitlines() == [
        "  output x",
        "    true    gas [b]-hot[/b]",
        '      true    gas — "[i]Gas[/i]" in the title',
        "      unknown /(a+)+$/",
    ]
