"""A file as a whole: what is no config, where mistakes are told, and that all of them are told at once."""

import os
import time
from pathlib import Path

import pytest

from aggregator.config import load
from aggregator.config.loading import MAX_FILE_BYTES, MISSING, _unreadable
from aggregator.core.settings import LogSettings
from aggregator.errors import ConfigError
from aggregator.model import LogFormat, LogLevel
from tests.config.conftest import ONE_FEED, Faults, Load

STRAY = " does not belong in a config; delete it, or break the line in the usual way"
SHORTEST = "; the shortest one is 'feeds: [https://example.org/feed.xml]'"
EXAMPLES = Path(__file__).parent / "examples"


def test_eight_mistakes_are_eight_positioned_lines(faults_of: Faults) -> None:
    text = (EXAMPLES / "eight_mistakes.yaml").read_text(encoding="utf-8")
    expected = (EXAMPLES / "eight_mistakes.txt").read_text(encoding="utf-8").splitlines()

    lines = faults_of(text)

    assert lines == expected
    assert len(lines) == 8


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "1:1: the file is empty" + SHORTEST),
        ("# later\n", "1:1: the file is empty" + SHORTEST),
        (
            "- https://example.org/\n",
            "1:1: this is no config: it must hold 'key: value' lines" + SHORTEST,
        ),
        (
            "hello\n",
            "1:1: this is no config: it must hold 'key: value' lines" + SHORTEST,
        ),
        ("server: {}\n", "1:1: the key 'feeds' is missing"),
        (b"feeds: []\nx: caf\xe9\n", "2:7: the byte 0xe9 is not UTF-8; save the file as UTF-8"),
        ("feeds: []\n".encode("utf-16"), "1:1: the byte 0xff is not UTF-8; save the file as UTF-8"),
        (
            b"feeds: \x00",
            "1:8: the character U+0000" + STRAY,
        ),
        (
            "feeds: []\n# a\u2028b: [\n",
            "2:4: the character U+2028" + STRAY,
        ),
        (
            b"feeds:\r- https://example.org/\r",
            "1:7: the character U+000D" + STRAY,
        ),
        ("a: " + "[" * 10_000, "1:53: nested deeper than 50 levels; a config needs five"),
        (
            ONE_FEED + "---\nfeeds: []\n",
            "2:1: a second document begins here; one file is one config: take out '---'",
        ),
    ],
    ids=[
        "empty",
        "only a comment",
        "a list",
        "a word",
        "no feeds",
        "Latin-1",
        "UTF-16",
        "a control character",
        "a line separator",
        "old Mac lines",
        "a pit of brackets",
        "two documents",
    ],
)
def test_what_is_no_config_is_one_line(text: str | bytes, line: str, faults_of: Faults) -> None:
    assert faults_of(text) == [f"aggregator.yaml:{line}"]


def test_a_missing_file_is_named_with_its_cure(tmp_path: Path) -> None:
    path = tmp_path / "nothing.yaml"

    with pytest.raises(ConfigError) as caught:
        load(path, {})

    assert str(caught.value) == (
        f"{path}:1:1: there is no such file; name one that exists, or begin one with `aggregator init`"
    )


def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="1:1: this is a folder; name the file in it"):
        load(tmp_path, {})


def test_a_file_that_the_system_will_not_read_is_told_in_its_words(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="the file cannot be read: File name too long"):
        load(tmp_path / ("x" * 5_000), {})


def test_a_file_without_permission_gets_the_command_that_gives_it() -> None:
    message = _unreadable(PermissionError(13, "Permission denied"), MISSING)

    assert message.startswith(f"user {os.getuid()} may not read the file; give it to that user (chown; ")
    assert message.endswith(" or let everybody read it (chmod a+r)")


def test_a_file_that_cannot_be_a_config_is_not_read_to_its_end(faults_of: Faults) -> None:
    assert faults_of(b"#" * (MAX_FILE_BYTES + 1)) == [
        "aggregator.yaml:1:1: the file is larger than 20 MB; is it the right one?"
    ]


def test_a_byte_order_mark_is_no_part_of_the_config(loaded: Load) -> None:
    assert len(loaded(b"\xef\xbb\xbf" + ONE_FEED.encode()).settings.feeds) == 1


def test_a_byte_order_mark_moves_no_column(faults_of: Faults) -> None:
    lines = faults_of(b"\xef\xbb\xbffeds: []\n")

    assert lines == ["aggregator.yaml:1:1: feds: unknown key 'feds', did you mean 'feeds'?"]


def test_windows_line_ends_move_no_position(faults_of: Faults) -> None:
    lines = faults_of(ONE_FEED.encode() + b'tags:\r\n  a: "x y" z\r\n  b: titel:x\r\n')

    assert lines == [
        "aggregator.yaml:3:6: tags.a: YAML cannot read this value; put quotes round it: a: '\"x y\" z'",
        "aggregator.yaml:4:6: tags.b: unknown field 'titel', did you mean 'title'?",
    ]


def test_sections_whose_lines_are_all_commented_out_are_as_good_as_absent(loaded: Load) -> None:
    settings = loaded("server:\npoll:\n  #every: 5m\nfeeds:\noutputs:\ntags:\n").settings

    assert settings == loaded("feeds: []").settings


def test_the_config_is_watched(loaded: Load, tmp_path: Path) -> None:
    assert loaded(ONE_FEED).watched == (tmp_path / "aggregator.yaml",)


def test_the_environment_says_where_to_listen(loaded: Load) -> None:
    server = loaded(
        ONE_FEED + "server: {listen: 127.0.0.1:1}", {"AGGREGATOR_LISTEN": "0.0.0.0:99"}
    ).settings.server

    assert (server.host, server.port, server.public_url) == ("0.0.0.0", 99, "http://localhost:99/")


def test_the_environment_says_how_to_log(loaded: Load) -> None:
    said = loaded(ONE_FEED + "logging: {format: text, level: error}", {"AGGREGATOR_LOG": "json"}).settings

    assert said.logging == LogSettings(format=LogFormat.JSON, level=LogLevel.ERROR)


def test_a_wrong_value_in_the_environment_is_told_after_the_mistakes_of_the_file(faults_of: Faults) -> None:
    lines = faults_of("feeds: [x]\n", {"AGGREGATOR_LISTEN": "nonsense", "AGGREGATOR_LOG": "loud"})

    assert [line.partition(": ")[0] for line in lines] == [
        "aggregator.yaml:1:9",
        "AGGREGATOR_LISTEN:1:1",
        "AGGREGATOR_LOG:1:1",
    ]
    assert "'nonsense' is not host:port" in lines[1]


def test_positions_are_right_at_the_end_of_five_thousand_feeds(faults_of: Faults) -> None:
    feed = "  - url: https://host{0}.example/feed.xml\n    title: Blatt ü\n    tags: [a, b]\n    every: 1h\n"
    text = "feeds:\n" + "".join(feed.format(number) for number in range(5_000))
    text += "    prioritty: 3\n  - https://HOST0.example:443/feed.xml\n"
    text += "outputs:\n  - name: x\n    exclude: @b\n"
    began = time.monotonic()

    lines = faults_of(text)

    assert lines == [
        "aggregator.yaml:20002:5: feeds[4999].prioritty: unknown key 'prioritty', did you mean 'priority'?",
        (
            "aggregator.yaml:20003:5: feeds[5000]: stands in the list already, on line 2; "
            "take one of the two out"
        ),
        (
            "aggregator.yaml:20006:14: outputs[0].exclude: YAML cannot read this value; "
            "put quotes round it: exclude: '@b'"
        ),
    ]
    assert time.monotonic() - began < 30  # seconds here; it would be minutes if any step were quadratic
