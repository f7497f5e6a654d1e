"""What YAML breaks on or refuses: the advice, and that the rest of the file is still read."""

import pytest
import yaml

from aggregator.config.cures import MAX_READ_AGAIN, MAX_REPAIRS, read_all
from aggregator.config.positions import LOADER
from tests.config.conftest import ONE_FEED, Faults

QUOTE = "YAML cannot read this value; put quotes round it: "


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ('"live blog" x', QUOTE + "a: '\"live blog\" x'"),
        ('["tag:sport", "live blog" x]', QUOTE + 'a: ["tag:sport", \'"live blog" x\']'),
        ("@home", QUOTE + "a: '@home'"),
        ("%x", QUOTE + "a: '%x'"),
        ("`x`", QUOTE + "a: '`x`'"),
        ("> 3", QUOTE + "a: '> 3'"),
        ("title: x", QUOTE + "a: 'title: x'"),
        ("/a: b/   # a comment", QUOTE + "a: '/a: b/'"),
        ("[/[a-z]+/, b]", QUOTE + "a: ['/[a-z]+/', b]"),
        ("- x", "a list begins on a line of its own, or stands in brackets; write: a: [x]"),
        ('"unclosed', 'a " is missing at the end; write: a: "unclosed"'),
        ("[one, two", "a ] is missing at the end; write: a: [one, two]"),
        ('"/\\d+/"', "in double quotes a backslash is YAML's own sign; use single quotes: '/\\d+/'"),
        ("*nato", "YAML aliases are not used here; if it is text, quote it: '*nato'"),
        ("&nato x", "YAML anchors are not used here; if it is text, quote it: '&nato'"),
        ("!nato x", "YAML tags (!nato) are not used here; if it is text, quote it"),
        ("&b [x]", "YAML anchors are not used here; if it is text, quote it: '&b'"),
        ("!b {}", "YAML tags (!b) are not used here; if it is text, quote it"),
    ],
)
def test_a_value_that_yaml_cannot_read_is_told_with_its_cure_and_read_past(
    value: str, message: str, faults_of: Faults
) -> None:
    lines = faults_of(f"{ONE_FEED}tags:\n  a: {value}\nzzz: 1\n")

    assert lines[0] == f"aggregator.yaml:3:6: tags.a: {message}"
    assert [line.partition(": ")[0] for line in lines[1:]] == ["aggregator.yaml:4:1"]


def test_a_colon_without_its_space_is_told_where_it_is_not_where_yaml_stops(faults_of: Faults) -> None:
    lines = faults_of("feeds:\n  - url:https://example.org/\n    title: x\npoll:\n  every:5m\n  min: 1m\n")

    assert lines == [
        "aggregator.yaml:2:9: a space is missing after the colon; write: - url: https://example.org/",
        "aggregator.yaml:5:9: a space is missing after the colon; write: every: 5m",
    ]


def test_pieces_of_a_mapping_in_braces_are_quoted_one_by_one(faults_of: Faults) -> None:
    lines = faults_of("feeds:\n- {url: https://example.org/, include: @x, title: a}\nzzz: 1\n")

    assert lines[0] == (
        "aggregator.yaml:2:3: feeds[0]: " + QUOTE + "- {url: https://example.org/, include: '@x', title: a}"
    )
    assert lines[1].startswith("aggregator.yaml:3:1: zzz:")


@pytest.mark.parametrize("text", ["feeds:\n\t- https://example.org/\n", "feeds:\n  - a\n \t- b: c\n"])
def test_a_tab_that_indents_is_told_as_such(text: str, faults_of: Faults) -> None:
    assert faults_of(text)[-1].endswith(": a tab cannot indent YAML; use spaces, two for each level")


def test_wrong_indentation_is_told_where_reading_ends(faults_of: Faults) -> None:
    lines = faults_of("feeds:\n  - url: https://example.org/\n   title: x\n")

    assert lines == [
        (
            "aggregator.yaml:3:4: this is no YAML: did not find expected '-' indicator (while parsing a "
            "block collection that began on line 2); check the indentation, quotes and brackets here"
        )
    ]


def test_a_cure_that_does_not_help_is_not_advised(faults_of: Faults) -> None:
    lines = faults_of(ONE_FEED + "}\n")

    assert lines == [
        (
            "aggregator.yaml:2:1: this is no YAML: did not find expected key (while parsing "
            "a block mapping that began on line 1); check the indentation, quotes and brackets here"
        )
    ]


def test_faults_before_the_end_of_reading_are_told_with_it(faults_of: Faults) -> None:
    lines = faults_of("tags:\n  a: @x\n  b: c\n]: {\n")

    assert [line.split(": ")[0] for line in lines] == ["aggregator.yaml:2:6", "aggregator.yaml:4:1"]


def test_billions_of_laughs_are_not_laughed(faults_of: Faults) -> None:
    text = "a: &a [x]\n" + "".join(
        f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )

    lines = faults_of(text + "feeds: *i\n")

    assert len(lines) < 200
    assert lines[0] == (
        "aggregator.yaml:1:4: a: YAML anchors are not used here; if it is text, quote it: '&a'"
    )


def test_repairs_end_after_some() -> None:
    document = read_all("a: @x\n" * (MAX_REPAIRS + 5))

    assert document.root is None
    assert len(document.flaws) == MAX_REPAIRS + 1


def test_a_huge_file_is_not_read_again_and_again() -> None:
    document = read_all("#" * MAX_READ_AGAIN + "\na: @x\n")

    assert document.root is None
    assert [flaw.line for flaw in document.flaws] == [2]


@pytest.mark.parametrize("loader", [LOADER, yaml.SafeLoader], ids=["libyaml", "plain Python"])
def test_both_of_pyyamls_readers_find_the_same(loader: type) -> None:
    text = "a:\n  - 'b' c\n  - [d, \"e\" f]\n  - *g\nh: i\n"

    document = read_all(text, loader)

    assert [(flaw.line, flaw.column) for flaw in document.flaws] == [(4, 5), (2, 5), (3, 5)]
