"""`${NAME}`, empty values, and values that no feed could carry."""

import pytest

from tests.config.conftest import ONE_FEED, Faults, Load


def test_names_are_replaced_from_the_environment(loaded: Load) -> None:
    text = "feeds:\n- url: https://${HOST}/feed.xml\n  headers: {Authorization: 'Bearer ${TOKEN}${NONE}'}\n"

    feed = loaded(text, {"HOST": "example.org", "TOKEN": "abc", "NONE": ""}).settings.feeds[0]

    assert feed.url == "https://example.org/feed.xml"
    assert feed.headers == {"Authorization": "Bearer abc"}


def test_two_dollars_are_one(loaded: Load) -> None:
    assert loaded("feeds:\n- url: https://example.org/\n  title: 5 $${USD} for $5\n").settings.feeds[
        0
    ].title == ("5 ${USD} for $5")


def test_a_value_from_the_environment_can_be_a_number(loaded: Load) -> None:
    assert loaded(ONE_FEED + "poll:\n  per_host: ${N}\n", {"N": "7"}).settings.poll.per_host == 7


def test_a_name_that_is_not_set_is_a_fault(faults_of: Faults) -> None:
    lines = faults_of("feeds:\n- url: https://example.org/\n  title: ${NOBODY}\n")

    assert lines == [
        (
            "aggregator.yaml:3:10: feeds[0].title: NOBODY is not set in the environment; "
            "set it before starting, or write the value here"
        )
    ]


@pytest.mark.parametrize("written", ["${", "${A", "${}", "${a b}", "${1}"])
def test_what_only_begins_like_a_name_is_a_fault(written: str, faults_of: Faults) -> None:
    lines = faults_of(f"feeds:\n- url: https://example.org/\n  title: '{written}'\n", {"A": "x"})

    assert lines == [
        (
            "aggregator.yaml:3:10: feeds[0].title: '${' begins a name from the environment, as in "
            "${MY_TOKEN}; for the two signs themselves write '$${'"
        )
    ]


def test_keys_are_not_replaced(faults_of: Faults) -> None:
    lines = faults_of("feeds: []\n'${A}': x\n", {"A": "outputs"})

    assert lines[0].startswith("aggregator.yaml:2:1: ${A}: unknown key '${A}'")


@pytest.mark.parametrize("empty", ["", "~", "null", "# 'tag:x'"])
def test_a_key_without_a_value_is_a_fault(empty: str, faults_of: Faults) -> None:
    lines = faults_of(f"{ONE_FEED}outputs:\n- name: a\n  include: {empty}\n")

    assert len(lines) == 1
    assert "outputs[0].include: has no value; give it one or take the key out" in lines[0]


def test_an_empty_item_is_a_fault(faults_of: Faults) -> None:
    lines = faults_of(ONE_FEED + "tags:\n  a: [x, ~]\n  b:\n")

    assert [line.split(": ")[1] for line in lines] == ["tags.a[1]", "tags.b"]


def test_lists_whose_items_are_commented_out_are_empty(loaded: Load) -> None:
    feed = loaded("feeds:\n- url: https://example.org/\n  tags:\n  headers:\n").settings.feeds[0]

    assert (feed.tags, feed.headers) == ((), {})


@pytest.mark.parametrize(
    ("written", "environ", "sign"),
    [('"a\\0b"', {}, "0000"), ("${A}", {"A": "x\x1b[2J"}, "001B"), ("${A}", {"A": "\udcff"}, "DCFF")],
)
def test_control_characters_are_refused_however_they_come(
    written: str, environ: dict[str, str], sign: str, faults_of: Faults
) -> None:
    lines = faults_of(
        f"feeds:\n- url: https://example.org/\n  title: {written}\n- opml: {written}\n", environ
    )

    assert lines[0] == (
        f"aggregator.yaml:3:10: feeds[0].title: holds the control character U+{sign}, "
        "which no feed can carry; take it out"
    )
    assert lines[1].startswith(f"aggregator.yaml:4:9: feeds[1].opml: holds the control character U+{sign}")
    assert len(lines) == 2


def test_blanks_of_other_scripts_are_welcome(loaded: Load) -> None:
    assert loaded("feeds:\n- url: https://example.org/\n  title: 朝日\u3000新聞\n").settings.feeds[
        0
    ].title == ("朝日\u3000新聞")
