"""Simple mistakes that are mended: what can have been meant in one way only, and nothing else."""

from pathlib import Path

import pytest

from aggregator.config import load_text
from aggregator.config.fixing import MAX_ROUNDS, changes, fixed
from aggregator.config.values import surely
from aggregator.errors import ConfigError, Fault, Swap

ONE = "feeds:\n  - https://one.example/rss\n"


def faults_of(text: str) -> tuple[Fault, ...]:
    try:
        load_text(text, Path("aggregator.yaml"), {"WHO": "me"})
    except ConfigError as error:
        return error.faults
    return ()


def mended(text: str) -> str:
    return fixed(text, faults_of)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("pol:\n  every: 1h\n", "poll:\n  every: 1h\n"),
        ("poll: {evry: 1h}  # often\n", "poll: {every: 1h}  # often\n"),
        ('"dedupe": {"lvl": exact}\n', '"dedup": {"level": exact}\n'),
        ("dedup: {level: stroy}\n", "dedup: {level: story}\n"),
        ("dedup: {level: 'exakt'}\n", "dedup: {level: 'exact'}\n"),
        ("dedup: {level: STORY}\n", "dedup: {level: story}\n"),
        ("poll: {every: 30 min, min: 2 hours}\n", "poll: {every: 30m, min: 2h}\n"),
        ('poll: {per_host: "4"}\n', "poll: {per_host: 4}\n"),
        ("tags:\n  a: titel:x\n", "tags:\n  a: title:x\n"),
        ("tags:\n  a: [b, 'c AND autor:\"d e\"']\n", "tags:\n  a: [b, 'c AND author:\"d e\"']\n"),
        ("tags:\n  a: wrods>3 titel:x\n", "tags:\n  a: words>3 title:x\n"),
        ('tags:\n  a: "live blog" uk   # both\n', "tags:\n  a: '\"live blog\" uk'   # both\n"),
        ("filters: {b: c}\ntags:\n  a: @b\n", "filters: {b: c}\ntags:\n  a: '@b'\n"),
        ("tags:\n  a: [@b, d]  # two\nfilters: {b: c}\n", "tags:\n  a: ['@b', d]  # two\nfilters: {b: c}\n"),
        ("poll:\n  every:5m\n  min: 1m\n", "poll:\n  every: 5m\n  min: 1m\n"),
        ("tags:\n  a: [b, c\n", "tags:\n  a: [b, c]\n"),
        ("tags:\n\ta: b\n\tc: d\n", "tags:\n  a: b\n  c: d\n"),
        ("outputs:\n- name: a\n\tlimit: 3\n", "outputs:\n- name: a\n  limit: 3\n"),
        ("tags:\r\n\ta: titel:b # c\r\n", "tags:\r\n  a: title:b # c\r\n"),
    ],
    ids=str,
)
def test_what_was_meant_is_written(before: str, after: str) -> None:
    assert mended(ONE + before) == ONE + after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- url: https://a.example/\n  titel: A\n", "- url: https://a.example/\n  title: A\n"),
        ("- url: https://a.example/\n  paused: yes\n", "- url: https://a.example/\n  paused: true\n"),
        ("- url: https://a.example/\n  paused: 'False'\n", "- url: https://a.example/\n  paused: false\n"),
        ("- feed://a.example/rss\n", "- https://a.example/rss\n"),
        ("- a.example/rss\n", "- https://a.example/rss\n"),
        ("- url: 'www.a.example'\n", "- url: 'https://www.a.example'\n"),
        ("- https://a.example/\n# b\n- https://A.example\n", "- https://a.example/\n# b\n"),
        (
            "- https://a.example/\n- url: https://a.example/\n  tags: [b]\n- https://a.example/\n",
            "- url: https://a.example/\n  tags: [b]\n",
        ),
        (
            "- {url: https://a.example/, tags: [b], title: A}\n- {url: https://a.example/, tags: [b]}\n",
            "- {url: https://a.example/, tags: [b], title: A}\n",
        ),
        (
            "- {url: https://a.example/, tags: [nato, 'eu/b']}\ntags: {NATO: c, EU: d}\n",
            "- {url: https://a.example/, tags: [NATO, 'EU/b']}\ntags: {NATO: c, EU: d}\n",
        ),
        ("- opml: b.example\n- a.example/\n", "- opml: b.example\n- https://a.example/\n"),
    ],
)
def test_feeds_are_mended_and_those_that_stand_twice_taken_out(before: str, after: str) -> None:
    assert mended(f"feeds:\n{before}") == f"feeds:\n{after}"


@pytest.mark.parametrize(
    "text",
    [
        ONE,
        ONE + "zzzzz: 1\n",
        ONE + "poll: {m: 5m}\n",
        ONE + "poll: {backof: 1h, backoff: 2h}\n",
        ONE + "poll: {every: 30}\n",
        ONE + "poll: {every: 3 months}\n",
        ONE + "poll: {per_host: '4x'}\n",
        ONE + "dedup: {level: all}\n",
        ONE + "dedup: {level: '${WHO}'}\n",
        ONE + "topics: maybe\n",
        ONE + "tags:\n  a: zzz:x\n",
        ONE + "tags: [a, &b {c: d}]\n",
        ONE + "tags: {ME: a, me: b}\n",
        ONE + "categories: {map: {a: [World], b: [world]}}\n",
        ONE + "categories: {map: {a: '${WHO}'}}\ntags: {ME: a}\n",
        ONE + "storage:\n  keep: >\n    30\n    min\n",
        "feeds:\n  - ftp://a.example/\n  - 'a b.example'\n  - url:https:\n",
        "feeds:\n- {url: https://a.example/, tags: [a]}\n- {url: https://a.example/, tags: [b]}\n",
        "feeds:\n- {url: https://a.example/, auth: a}\n- 3: 4\n- []\n",
        "feeds:\n  - url: a\n   title: x\n\t- b.example/\n",
        "feeds: [\n  a,\n  b\n",
        "",
        "- a\n",
    ],
)
def test_what_can_mean_several_things_is_left_to_a_person(text: str) -> None:
    assert mended(text) == text


def test_what_yaml_cannot_read_even_then_stays_as_it_is() -> None:
    text = "feeds:\n\t- url: https://a.example/\n\t titel: b\n}\n"

    assert mended(text) == text


def test_a_hundred_lines_that_begin_with_a_tab_are_mended() -> None:
    lines = [f"- https://a{number}.example/" for number in range(100)]

    assert mended("feeds:\n" + "".join(f"\t{line}\n" for line in lines)) == (
        "feeds:\n" + "".join(f"  {line}\n" for line in lines)
    )


def test_a_swap_of_what_does_not_stand_there_is_none() -> None:
    def wrong(text: str) -> tuple[Fault, ...]:
        swaps = [
            (1, 1, Swap("b", "x")),
            (1, 3, Swap("cd", "y")),
            (1, 2, Swap(" c", "z")),
            (9, 1, Swap("", "x")),
        ]
        faults = (Fault("f", line, column, "", "", swap=swap) for line, column, swap in swaps)
        return tuple(faults) if text == "a cd\n" else ()

    assert fixed("a cd\n", wrong) == "a y\n"


def test_mending_ends_where_every_text_has_a_fault() -> None:
    def endless(_text: str) -> tuple[Fault, ...]:
        return (Fault("f", 1, 1, "", "", swap=Swap("a", "aa")),)

    assert fixed("a\n", endless) == "a" * (MAX_ROUNDS + 1) + "\n"


def test_what_is_mended_is_in_order() -> None:
    text = "fedes:\n\t- a.example/rss\n\t- a.example/rss\ntags:\n  a: @b\nfilters: {b: titel:c}\n"

    assert faults_of(mended(text)) == ()


@pytest.mark.parametrize(
    ("word", "meant"),
    [("titel", "title"), ("Title", "title"), ("text", None), ("mix", None), ("", None)],
)
def test_a_word_is_sure_where_no_other_is_as_near(word: str, meant: str | None) -> None:
    assert surely(word, ("title", "texta", "textb", "min", "max")) == meant


def test_changes_are_told_by_their_line() -> None:
    assert list(changes("a\nb\nc\nd\n", "a\nB\nc\n")) == ["@ line 2", "- b", "+ B", "@ line 4", "- d"]


def test_changes_of_what_says_nothing_are_told() -> None:
    assert list(changes("", "# a\n")) == ["@ line 1", "+ # a"]


def test_no_secret_is_told() -> None:
    before = (
        "feeds:\n- url: https://me:secret1@a.example/\n  auht: me:secret2\n  paused: no\n"
        "- {url: https://b.example/, headers: {X-Key: [secret3]}, titel: x}\n"
        "outputs: [{name: a, token: secret4secret4secret4, tokn: ''}]\n"
        "server: {login: me:secret5, titel: x}\n"
    )
    after = before.replace("auht", "auth").replace("titel", "title").replace("no\n", "false\n")

    told = "\n".join(changes(before, after.replace("@a.example", "@A.example").replace("tokn", "limit")))

    assert "+   auth: ***" in told
    assert "secret" not in told
