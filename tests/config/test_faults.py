"""Where a fault is told, in which words, and what a message never shows."""

from pathlib import Path

import pytest

from aggregator.errors import ConfigError
from tests.config.conftest import ONE_FEED, Faults, Load


def after_path(line: str) -> str:
    return line.partition("aggregator.yaml:")[2]


@pytest.mark.parametrize(
    ("section", "line"),
    [
        ("ouputs: []", "2:1: ouputs: unknown key 'ouputs', did you mean 'outputs'?"),
        ("every: 5m", "2:1: every: unknown key 'every' here; it belongs under 'poll:'"),
        (
            "zzz: 1",
            (
                "2:1: zzz: unknown key 'zzz'; "
                "the keys here are categories, dedup, feeds, filters, logging, notify, outputs, poll, "
                "server, storage, tags, topics"
            ),
        ),
        (
            "server: {publicurl: x}",
            "2:10: server.publicurl: unknown key 'publicurl', did you mean 'public_url'?",
        ),
        (
            "outputs: [{name: a, limits: 1}]",
            "2:21: outputs[0].limits: unknown key 'limits', did you mean 'limit'?",
        ),
        ("outputs: [{title: a}]", "2:11: outputs[0]: the key 'name' is missing"),
        ("outputs: [{nmae: a}]", "2:12: outputs[0].nmae: unknown key 'nmae', did you mean 'name'?"),
        ("poll: 5", "2:7: poll: must hold 'key: value' lines"),
        ("tags: [a]", "2:7: tags: must hold 'key: value' lines"),
        ("outputs: {a: b}", "2:10: outputs: must be a list: lines that begin with '- ', or [one, two]"),
        ("outputs: [x]", "2:11: outputs[0]: must hold 'key: value' lines"),
        ("server: {public_url: [a]}", "2:22: server.public_url: must be one value, a text"),
        ("poll: {per_host: x}", "2:18: poll.per_host: must be a whole number without quotes, not 'x'"),
        ("poll: {per_host: '5'}", "2:18: poll.per_host: must be a whole number without quotes, not '5'"),
        ("poll: {per_host: [5]}", "2:18: poll.per_host: must be a whole number without quotes, not a list"),
        ("poll: {per_host: {}}", "2:18: poll.per_host: must be a whole number without quotes, not '…'"),
        ("poll: {per_host: 0}", "2:18: poll.per_host: must be at least 1, not '0'"),
        ("poll: {per_host: 1000001}", "2:18: poll.per_host: must be at most 1000000, not '1000001'"),
        ("poll: {jitter: much}", "2:16: poll.jitter: must be a number without quotes, not 'much'"),
        ("poll: {jitter: 1.5}", "2:16: poll.jitter: must be at most 1.0, not '1.5'"),
        ("poll: {every: 0s}", "2:15: poll.every: must be longer than 0s"),
        ("poll: {user_agent: ''}", "2:20: poll.user_agent: must not be empty"),
        ("dedup: {level: some}", "2:16: dedup.level: 'some' is not one of: off, exact, story"),
        (
            "outputs: [{name: a, group: all}]",
            "2:28: outputs[0].group: 'all' is not one of: none, story, event",
        ),
        (
            "categories: {mpa: {}}",
            "2:14: categories.mpa: unknown key 'mpa', did you mean 'map'?",
        ),
        ("mute: [news]", "2:1: mute: unknown key 'mute' here; it belongs under 'categories:'"),
        ("topics: {threshold: 2}", "2:21: topics.threshold: must be at most 1.0, not '2'"),
        ("topics: {treshold: 1}", "2:10: topics.treshold: unknown key 'treshold', did you mean 'threshold'?"),
        ("topics: sport", "2:9: topics: 'sport' is not true, false, or a mapping with 'threshold'"),
        ("categories: {map: [a]}", "2:19: categories.map: must hold 'key: value' lines"),
        (
            "categories: {map: {Welt: a b}}",
            (
                "2:26: categories.map.Welt: 'a b' is not a tag; "
                "use letters, digits, '.', '-' and '_', '/' between parts, no dot first"
            ),
        ),
        (
            "categories: {map: {Welt: []}}",
            "2:26: categories.map.Welt: is an empty list; put something in or take the key out",
        ),
        ("categories: {mute: {a: b}}", "2:20: categories.mute: must be one value, a text"),
        (
            "categories: {map: {Top News: a, top-news: b}}",
            "2:43: categories.map.top-news: is the category on line 2; take one of the two out",
        ),
        (
            "tags: {NATO: a, nato: b}",
            "2:17: tags.nato: is another spelling of the tag 'NATO' on line 2; make one rule of the two",
        ),
        (
            "tags:\n  Europe/a:\n    - x\n  europe: y",
            "5:3: tags.europe: is another spelling of the tag 'Europe' on line 3; make one rule of the two",
        ),
        (
            "tags:\n  Europe:\n    - x\n  europe/a: y",
            (
                "5:3: tags.europe/a: begins with another spelling of the tag 'Europe' on line 3; "
                "write both alike"
            ),
        ),
        (
            "tags: {été: a, e\N{COMBINING ACUTE ACCENT}té: b}",
            (
                "2:16: tags.e\N{COMBINING ACUTE ACCENT}té: is another spelling of the tag 'été' on line 2; "
                "make one rule of the two"
            ),
        ),
        (
            "categories: {map: {Welt: [World, x], Erde: world}}",
            "2:44: categories.map.Erde: is another spelling of a tag on line 2; write both alike",
        ),
        (
            "categories: {map: {Welt: [a, World]}}\ntags: {world: b}",
            (
                "2:30: categories.map.Welt[1]: is another spelling of the tag 'world' on line 3; "
                "write both alike"
            ),
        ),
        ("categories: {mute: [[a]]}", "2:21: categories.mute[0]: must be one value, a text"),
        (
            "categories: {map: {Welt: a}, mute: welt}",
            "2:36: categories.mute: is the category on line 2; take one of the two out",
        ),
        (
            "categories: {map: {Welt: a}, mute: [x, welt]}",
            "2:40: categories.mute[1]: is the category on line 2; take one of the two out",
        ),
        (
            "server: {hub: 'https://hub.example/'}",
            ("2:15: server.hub: needs server.public_url beside it: that is where a hub fetches what changed"),
        ),
        (
            "server: {public_url: 'https://a.example/', hub: 'https://me:pw@hub.example/'}",
            "2:49: server.hub: stands in every output, with its login; take the login out",
        ),
        ("tags: {a: []}", "2:11: tags.a: is an empty list; put something in or take the key out"),
        ("tags: {a: [[b]]}", "2:12: tags.a[0]: must be a filter: a text, or a list of texts"),
        (
            "tags: {a: {title: x}}",
            (
                "2:11: tags.a: reads as a key with a value, because of ': '; "
                "if it is a filter, quote it: 'title: x'"
            ),
        ),
        (
            "tags: {a//b: x}",
            (
                "2:8: tags.a//b: 'a//b' is not a tag; "
                "use letters, digits, '.', '-' and '_', '/' between parts, no dot first"
            ),
        ),
        ("? [a]\n: b", "2:3: a key must be a word; if brackets or braces are meant as text, quote them"),
        ("poll: {}\npoll: {}", "3:1: the key 'poll' stands twice, first on line 2"),
        ("poll:\n  min: 1m\n  min: 2m", "4:3: the key 'min' stands twice, first on line 3"),
    ],
)
def test_a_mistake_is_told_at_its_place(section: str, line: str, faults_of: Faults) -> None:
    assert [after_path(each) for each in faults_of(ONE_FEED + section + "\n")] == [line]


@pytest.mark.parametrize(
    ("item", "line"),
    [
        ("{}", "2:3: feeds[0]: the key 'url' is missing"),
        ("[a]", "2:3: feeds[0]: must hold 'key: value' lines"),
        ("{ulr: https://example.org/}", "2:4: feeds[0].ulr: unknown key 'ulr', did you mean 'url'?"),
        (
            "{url: https://example.org/, headers: {Host: x}}",
            "2:41: feeds[0].headers.Host: 'Host' is a header that the program sets itself; take it out",
        ),
        (
            "{url: https://example.org/, headers: {A: 'y\u2013z'}}",
            "2:44: feeds[0].headers.A: 'y–z' has a character that no header can hold, such as a line break",
        ),
        (
            "{url: https://example.org/, paused: yes}",
            "2:39: feeds[0].paused: must be true or false, without quotes, not 'yes'",
        ),
        (
            "{url: https://example.org/, tags: world}",
            "2:37: feeds[0].tags: must be a list: lines that begin with '- ', or [one, two]",
        ),
        ("{url: https://example.org/, title: ''}", "2:38: feeds[0].title: must not be empty"),
        (
            "{opml: 'https://example.org/list', title: x}",
            "2:38: feeds[0].title: unknown key 'title'; the keys here are opml",
        ),
    ],
)
def test_a_mistake_in_a_feed_is_told_at_its_place(item: str, line: str, faults_of: Faults) -> None:
    assert [after_path(each) for each in faults_of(f"feeds:\n- {item}\n")] == [line]


@pytest.mark.parametrize(
    ("written", "column"),
    [
        ("titel:x", 6),
        ("nato titel:x", 11),
        ("  nato titel:x", 13),
        ("'nato titel:x'", 12),
        ("'''a'' titel:x'", 13),
        ('"nato titel:x"', 12),
        ('"\\"live\\" titel:x"', 16),
        ('"\\u006eato titel:x"', 6),
        ("[nato, 'b titel:x']", 16),
        (">\n    nato\n    titel:x", 6),
        ("'nato\n    titel:x'", 6),
        ("'${WORDS} titel:x'", 6),
        ("'é地😀 titel:x'", 11),
    ],
    ids=[
        "plain",
        "plain, second word",
        "plain, after blanks",
        "single quotes",
        "single quotes, doubled",
        "double quotes",
        "double quotes with backslashes",
        "an escape that moves everything: the value's begin",
        "second of a list",
        "folded over lines: the value's begin",
        "quoted over lines: the value's begin",
        "from the environment: the value's begin",
        "letters of more than a byte",
    ],
)
def test_a_filter_is_faulted_at_the_column_of_its_wrong_word(
    written: str, column: int, faults_of: Faults
) -> None:
    lines = faults_of(f"{ONE_FEED}tags:\n  a: {written}\n", {"WORDS": "a great many words"})

    place, _, message = lines[0].removeprefix("aggregator.yaml:").partition(": ")
    assert len(lines) == 1
    assert place == f"3:{column}"
    assert message.endswith("unknown field 'titel', did you mean 'title'?")


def test_a_filter_that_lacks_its_end_is_faulted_inside_its_value(faults_of: Faults) -> None:
    lines = faults_of(ONE_FEED + "outputs:\n  - name: a\n    include: '(nato'\n")

    assert [line.partition(": ")[0] for line in lines] == ["aggregator.yaml:4:15"]


def test_a_message_never_shows_a_password(faults_of: Faults) -> None:
    lines = faults_of("feeds:\n- https://me:p@ss@example.org/a b\n- opml: ftp://me:secret@example.org/\n")

    assert [line.partition("' ")[0] for line in lines] == [
        "aggregator.yaml:2:3: feeds[0]: 'https://***@example.org/a b",
        "aggregator.yaml:3:9: feeds[1].opml: 'ftp://***@example.org/",
    ]


def test_a_message_never_shows_what_came_from_the_environment(faults_of: Faults) -> None:
    text = (
        "feeds:\n- ${SECRET}\n- opml: ${SECRET}\n- opml: x://${SECRET}\n"
        "outputs:\n- name: ${NAME}\n- name: ${NAME}\n  limit: ${SECRET}\n"
    )

    lines = faults_of(text, {"SECRET": "s3cr3t", "NAME": "s3cr3t"})

    assert [line.partition(": ")[0] for line in lines] == [
        f"aggregator.yaml:{place}" for place in ("2:3", "3:9", "4:9", "7:9", "8:10")
    ]
    assert "s3cr3t" not in "\n".join(lines)


def test_a_long_value_is_shown_by_its_beginning(faults_of: Faults) -> None:
    lines = faults_of(f"{ONE_FEED}poll: {{every: {'9' * 200}x}}\n")

    assert f"'{'9' * 79}…' is not a duration" in lines[0]


def test_one_place_is_faulted_once(faults_of: Faults) -> None:
    lines = faults_of("feeds:\n-\n- url:\n  title: x\n")

    assert [line.split(": ")[:2] for line in lines] == [
        ["aggregator.yaml:2:2", "feeds[0]"],
        ["aggregator.yaml:3:3", "feeds[1]"],
        ["aggregator.yaml:3:7", "feeds[1].url"],
    ]


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("poll: {every: s3cr3t}", "2:15: poll.every: what stands here is not a duration"),
        (
            "poll: {per_host: s3cr3t}",
            "2:18: poll.per_host: must be a whole number without quotes, not what stands here",
        ),
        ("ouputs: s3cr3t", "2:1: ouputs: unknown key"),
        ("outputs: [{title: s3cr3t}]", "2:11: outputs[0]: the key 'name' is missing"),
        ("outputs: [{name: a, include: s3cr3t*x*}]", "2:30: outputs[0].include: `aggregator check` tells"),
        ("server: {public_url: 'feed:s3cr3t'}", "2:22: server.public_url: what stands here is not"),
        ("server: {public_url: {s3cr3t: s3cr3t}}", "2:22: server.public_url: must be one value, a text"),
        ("tags: {'s3cr3t key': a}", "2:8: tags.s3cr3t key: what stands here is not a tag"),
        ("tags: [s3cr3t", "`aggregator check` tells what is wrong"),
    ],
)
def test_strangers_hear_the_place_and_not_what_stands_there(
    loaded: Load, tmp_path: Path, section: str, said: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(f"{ONE_FEED}{section}\n")

    told = caught.value.for_strangers()
    assert said in told
    assert told.startswith("aggregator.yaml:")
    assert "s3cr3t" not in told.replace("tags.s3cr3t key", "")
    assert str(tmp_path) not in told
