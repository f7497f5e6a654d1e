"""Lists of feeds: what they say, how they join the config, and what is wrong with them."""

import os
from pathlib import Path

import pytest

from aggregator.config import parse_opml, read_opml, with_feeds
from aggregator.config.opml import MAX_FAULTS, MAX_TAGS
from aggregator.core.settings import FeedSettings, Settings
from aggregator.errors import ConfigError
from tests.config.conftest import Faults, Load


def an_opml(*outlines: str) -> bytes:
    return f'<opml version="2.0"><body>{"".join(outlines)}</body></opml>'.encode()


def faults_in(body: bytes) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse_opml(body, "list.opml")
    return str(caught.value).splitlines()


def test_an_outline_with_an_address_is_a_feed() -> None:
    feeds = parse_opml(an_opml('<outline text="A paper" xmlUrl="https://a.example/feed"/>'), "list.opml")

    assert feeds == (FeedSettings(url="https://a.example/feed", title="A paper"),)


def test_folders_and_categories_become_tags() -> None:
    body = an_opml(
        '<outline text="News"><outline title="Europe &amp; Asia">',
        '<outline xmlUrl="https://a.example/" category="/Tech/AI,daily"/></outline></outline>',
        '<outline xmlUrl="https://b.example/"/>',
    )

    feeds = parse_opml(body, "list.opml")

    assert [(feed.url, feed.title, feed.tags) for feed in feeds] == [
        ("https://a.example/", None, ("news/europe-asia", "tech/ai", "daily")),
        ("https://b.example/", None, ()),
    ]


def test_a_folder_whose_name_cannot_be_a_tag_gives_none() -> None:
    body = an_opml(
        f'<outline text="{"x" * 300}"><outline xmlUrl="https://a.example/"/></outline>',
        '<outline text="***"><outline xmlUrl="https://b.example/"/></outline>',
        *(['<outline text="in">'] * 11),
        '<outline xmlUrl="https://c.example/"/>',
        *(["</outline>"] * 11),
    )

    assert [feed.tags for feed in parse_opml(body, "list.opml")] == [(), (), ()]


def test_a_feed_in_two_folders_has_the_tags_of_both() -> None:
    body = an_opml(
        '<outline text="a"><outline text="Paper" xmlUrl="https://a.example/"/></outline>',
        '<outline text="b"><outline text="Other" xmlUrl="https://A.example"/></outline>',
    )

    assert parse_opml(body, "list.opml") == (
        FeedSettings(url="https://a.example/", title="Paper", tags=("a", "b")),
    )


def test_other_programs_spellings_are_read() -> None:
    body = an_opml('<OUTLINE TEXT="a" XMLURL=" feed:https://a.example/ "/>', "<note/>")

    assert [feed.url for feed in parse_opml(body, "list.opml")] == ["https://a.example/"]


def test_a_list_without_feeds_is_told_as_such() -> None:
    assert faults_in(an_opml('<outline text="a"/>')) == [
        "list.opml:1:1: there is no outline with an xmlUrl in this file; is it an OPML list of feeds?"
    ]


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (b"", "1:1: this is no XML: no element found; export it again"),
        (b"hello", "1:1: this is no XML: syntax error; export it again"),
        (b"<opml>\n<body>", "2:7: this is no XML: no element found; export it again"),
    ],
    ids=["empty", "text", "cut short"],
)
def test_what_is_no_xml_is_told_with_its_place(body: bytes, line: str) -> None:
    assert faults_in(body) == [f"list.opml:{line}"]


def test_every_wrong_address_is_told_with_its_line() -> None:
    body = an_opml('\n<outline xmlUrl="ftp://me:secret@a.example/"/>', '\n<outline xmlUrl="https://"/>', "\n")

    assert [line.partition(" is not")[0] for line in faults_in(body)] == [
        "list.opml:2:1: 'ftp://***@a.example/'",
        "list.opml:3:1: 'https://'",
    ]


def test_a_bomb_of_entities_does_not_go_off() -> None:
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(12))
    body = f'<!DOCTYPE opml [<!ENTITY e0 "ha">{entities}]><opml><outline text="&e12;"/></opml>'.encode()

    lines = faults_in(body)

    assert "this file declares XML entities" in lines[0]
    assert len(lines) < 4


def test_a_hundred_thousand_feeds_are_read() -> None:
    body = an_opml(*(f'<outline xmlUrl="https://a{number}.example/"/>' for number in range(100_000)))

    assert len(parse_opml(body, "list.opml")) == 100_000


def test_of_a_hundred_thousand_faults_the_first_are_told() -> None:
    lines = faults_in(an_opml(*(f'\n<outline xmlUrl="javascript:{n}"/>' for n in range(100_000))))

    assert len(lines) == MAX_FAULTS + 1
    assert lines[-1] == "list.opml:102:1: and 99900 more faults from here on"


def test_a_feed_in_thousands_of_folders_has_some_of_their_tags() -> None:
    outline = '<outline xmlUrl="https://a.example/" category="{}"/>'
    folders = (f'<outline text="f{n}">{outline.format(f"c{n}")}</outline>' for n in range(20_000))
    many = outline.replace("a.example", "b.example").format(",".join(f"c{n}" for n in range(50_000)))

    assert [len(feed.tags) for feed in parse_opml(an_opml(*folders, many), "list.opml")] == [
        MAX_TAGS,
        MAX_TAGS,
    ]


def test_lines_that_name_no_address_are_told_beside_the_feeds_of_the_others() -> None:
    body = an_opml('<outline xmlUrl="vbscript:1"/>', '<outline xmlUrl="https://a.example/"/>')

    feeds, faults = read_opml(body, "list.opml")

    assert [feed.url for feed in feeds] == ["https://a.example/"]
    assert [fault.line for fault in faults] == [1]


def test_a_pit_of_folders_is_refused() -> None:
    lines = faults_in(b"<opml>" + b'<outline text="a">' * 500 + b"</outline>" * 500 + b"</opml>")

    assert [line.partition(": ")[2] for line in lines] == ["folders are nested too deep; export it again"]


def test_feeds_of_a_list_come_after_those_of_the_config_and_never_in_their_place() -> None:
    own = FeedSettings(url="https://a.example/", title="Mine")
    listed = [
        FeedSettings(url="https://A.example:443/"),
        FeedSettings(url="https://b.example/", title="First"),
    ]
    again = FeedSettings(url="https://b.example/", title="Second")

    settings = with_feeds(Settings(feeds=(own,)), [*listed, again])

    assert [(feed.url, feed.title) for feed in settings.feeds] == [
        ("https://a.example/", "Mine"),
        ("https://b.example/", "First"),
    ]


def test_a_list_may_go_on_naming_the_address_that_a_feed_had_before() -> None:
    own = FeedSettings(url="https://new.example/", was=("https://old.example/",))

    assert with_feeds(Settings(feeds=(own,)), [FeedSettings(url="https://old.example")]).feeds == (own,)


def test_a_list_beside_the_config_is_read_and_watched(loaded: Load, tmp_path: Path) -> None:
    (tmp_path / "list.opml").write_bytes(an_opml('<outline xmlUrl="https://b.example/"/>'))

    found = loaded("feeds:\n- https://a.example/\n- opml: list.opml\n")

    assert [feed.url for feed in found.settings.feeds] == ["https://a.example/", "https://b.example/"]
    assert found.watched == (tmp_path / "aggregator.yaml", tmp_path / "list.opml")


def test_a_list_elsewhere_on_the_disk_is_named_by_its_whole_path(
    loaded: Load, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("elsewhere") / "list.opml"
    path.write_bytes(an_opml('<outline xmlUrl="https://b.example/"/>'))

    found = loaded(f"feeds: [{{opml: '{path}'}}]", dict(os.environ))

    assert found.watched[1] == path


def test_a_list_at_an_address_is_left_to_be_fetched(loaded: Load) -> None:
    found = loaded("feeds:\n- opml: https://example.org/${WHO}.opml\n", {"WHO": "me"})

    assert found.remote_opml == ("https://example.org/me.opml",)
    assert found.settings.feeds == ()


def test_faults_of_a_list_are_told_with_those_of_the_config(faults_of: Faults, tmp_path: Path) -> None:
    (tmp_path / "bad.opml").write_bytes(an_opml('<outline xmlUrl="x"/>'))

    lines = faults_of(
        "feeds:\n- opml: bad.opml\n- opml: none.opml\n- opml: ftp://example.org/\n- opml: bad.opml\n"
    )

    assert [line.split(": ")[:2] for line in lines] == [
        ["aggregator.yaml:3:9", "feeds[1].opml"],
        ["aggregator.yaml:4:9", "feeds[2].opml"],
        ["aggregator.yaml:5:9", "feeds[3].opml"],
        ["bad.opml:1:27", "'x' is not a web address; it must begin with https:// or http://"],
    ]
    assert "none.opml: there is no such file; mend the path" in lines[0]
