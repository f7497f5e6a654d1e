"""Putting feeds into a config and taking them out: every other byte stays as it was."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.config import default_text, load_text
from aggregator.config.editing import Edit, added, begun, listed, removed
from aggregator.core.settings import FeedSettings
from aggregator.errors import EditError

NEW = FeedSettings(url="https://new.example/feed")
NAMED = FeedSettings(
    url="https://new.example/feed", title="New: a paper", tags=("world", "war"), every=timedelta(hours=1)
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("feeds:\n  - a\n", "feeds:\n  - a\n  - {new}\n"),
        ("feeds:\n- a\noutputs: []\n", "feeds:\n- a\n- {new}\noutputs: []\n"),
        ("feeds:\n    -   a\n", "feeds:\n    -   a\n    -   {new}\n"),
        ("feeds:\n  - a", "feeds:\n  - a\n  - {new}"),
        ("feeds:\r\n  - a\r\ntags: {}\r\n", "feeds:\r\n  - a\r\n  - {new}\r\ntags: {}\r\n"),
        (
            "feeds:\n  # one\n  - a  # A\n\n  # end\n\n# tags\ntags: {}\n",
            "feeds:\n  # one\n  - a  # A\n  - {new}\n\n  # end\n\n# tags\ntags: {}\n",
        ),
        (
            "feeds:\n  - url: a\n    #every: 1h\n    # and more\n  # next\n",
            "feeds:\n  - url: a\n    #every: 1h\n    # and more\n  - {new}\n  # next\n",
        ),
        (
            "feeds:\n  - url: a\n    title: >\n      A long\n      title\n\ntags: {}\n",
            "feeds:\n  - url: a\n    title: >\n      A long\n      title\n  - {new}\n\ntags: {}\n",
        ),
        ("feeds:\n  - # why\n    url: a\n", "feeds:\n  - # why\n    url: a\n  - {new}\n"),
        ("# 😀 é\nfeeds:\n  - a # 😀\n", "# 😀 é\nfeeds:\n  - a # 😀\n  - {new}\n"),
        ("feeds: []\n", "feeds:\n  - {new}\n"),
        ("feeds: []  # none\ntags: {}\n", "feeds:  # none\n  - {new}\ntags: {}\n"),
        ("feeds:\n  # - b\ntags: {}\n", "feeds:\n  - {new}\n  # - b\ntags: {}\n"),
        ("feeds: ~\n", "feeds:\n  - {new}\n"),
        ("feeds:", "feeds:\n  - {new}"),
        ("feeds: # none\n  []\n", "feeds: # none\n\n  - {new}\n"),
        ("  feeds:\n  tags: {}\n", "  feeds:\n    - {new}\n  tags: {}\n"),
        ("", "feeds:\n  - {new}\n"),
        ("# nothing yet", "# nothing yet\nfeeds:\n  - {new}\n"),
        ("tags: {}\r\n", "tags: {}\r\nfeeds:\r\n  - {new}\r\n"),
        ("---\n", "---\nfeeds:\n  - {new}\n"),
        ("feeds: [a]\n", "feeds: [a, {new}]\n"),
        ("feeds: [ a, b ]  # two\n", "feeds: [ a, b, {new} ]  # two\n"),
        ("feeds: [\n  a,\n  b\n]\n", "feeds: [\n  a,\n  b,\n  {new}\n]\n"),
        ("feeds: [\n  a,\n  b,\n]\n", "feeds: [\n  a,\n  b,\n  {new},\n]\n"),
        ("feeds: [\n  a, # A\n  b  # B\n]\n", "feeds: [\n  a, # A\n  b,  # B\n  {new}\n]\n"),
        ("feeds: [\r\n  a]\r\n", "feeds: [\r\n  a, {new}]\r\n"),
        ("feeds: [\n  # none\n]\n", "feeds: [{new}\n  # none\n]\n"),
        ("{feeds: [], tags: {}}", "{feeds: [{new}], tags: {}}"),
        ('{"feeds": ["a"]}', '{"feeds": ["a", "{new}"]}'),
        ('{\n  "feeds": [\n    "a"\n  ]\n}\n', '{\n  "feeds": [\n    "a",\n    "{new}"\n  ]\n}\n'),
    ],
)
def test_a_feed_is_put_behind_the_others_in_their_style(before: str, after: str) -> None:
    assert added(before, [NEW]).text == after.replace("{new}", NEW.url)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "feeds:\n  - a\n",
            """feeds:
  - a
  - url: https://new.example/feed
    title: 'New: a paper'
    tags: [world, war]
    every: 1h
  - https://new.example/feed
""",
        ),
        (
            "feeds:\n-  a\n",
            """feeds:
-  a
-  url: https://new.example/feed
   title: 'New: a paper'
   tags: [world, war]
   every: 1h
-  https://new.example/feed
""",
        ),
        (
            "feeds: [\n  a]",
            """feeds: [
  a, {url: https://new.example/feed, title: 'New: a paper', tags: [world, war], every: 1h}, \
https://new.example/feed]""",
        ),
        (
            '{"feeds": [\n"a"]}',
            """{"feeds": [
"a", {"url": "https://new.example/feed", "title": "New: a paper", "tags": ["world", "war"], "every": "1h"}, \
"https://new.example/feed"]}""",
        ),
    ],
    ids=["lines", "a wide gap", "brackets", "JSON"],
)
def test_several_feeds_with_keys_of_their_own(before: str, after: str) -> None:
    assert added(before, [NAMED, NEW]).text == after


@pytest.mark.parametrize(
    ("before", "place", "after", "gone"),
    [
        ("feeds:\n  - a\n  - b\n", 0, "feeds:\n  - b\n", ("  - a",)),
        ("feeds:\n  - a\n  - b\n", 1, "feeds:\n  - a\n", ("  - b",)),
        ("feeds:\n- a\ntags: {}\n", 0, "feeds:\ntags: {}\n", ("- a",)),
        ("feeds:\r\n  - a  # A\r\n  - b\r\n", 0, "feeds:\r\n  - b\r\n", ("  - a  # A",)),
        ("feeds:\n  - a\n  - b", 1, "feeds:\n  - a\n", ("  - b",)),
        (
            "feeds:\n  # World\n  - url: a\n    #every: 1h\n    tags: [b]\n    #more\n  # Tech\n  - c\n",
            0,
            "feeds:\n  # World\n  # Tech\n  - c\n",
            ("  - url: a", "    #every: 1h", "    tags: [b]", "    #more"),
        ),
        ("feeds:\n  - a\n  -\n    # why\n    url: b\n  - c\n", 1, "feeds:\n  - a\n  - c\n", None),
        ("feeds:\n  - a\n\n    # apart\n  - b\n", 0, "feeds:\n\n    # apart\n  - b\n", None),
        ("feeds: [a, b, c]\n", 0, "feeds: [b, c]\n", ("a",)),
        ("feeds: [a, b, c]\n", 1, "feeds: [a, c]\n", ("b",)),
        ("feeds: [a, b, c]\n", 2, "feeds: [a, b]\n", ("c",)),
        ("feeds: [ a ]\n", 0, "feeds: [  ]\n", ("a",)),
        ("feeds: [a,]\n", 0, "feeds: []\n", ("a",)),
        ("feeds: [\n  a, # A\n  # B is\n  b\n]\n", 0, "feeds: [\n  # B is\n  b\n]\n", ("a",)),
        ("feeds: [\n  a, # A\n  b # B\n]\n", 1, "feeds: [\n  a, # A\n]\n", ("b",)),
        ("feeds: [\n  a, # A\n  b ]\n", 1, "feeds: [\n  a, # A\n   ]\n", ("b",)),
        ('{"feeds": [\n  "a",\n  {"url": "b"}\n]}\n', 1, '{"feeds": [\n  "a"\n]}\n', ('{"url": "b"}',)),
    ],
)
def test_a_feed_is_taken_out_with_what_is_said_inside_it(
    before: str, place: int, after: str, gone: tuple[str, ...] | None
) -> None:
    edit = removed(before, place)

    assert edit.text == after
    assert gone is None or edit.lines == gone


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        (added("feeds:\n  - a\n", [NEW]), 3),
        (added("feeds:\n  - a", [NEW]), 3),
        (added("feeds: []\n", [NEW]), 2),
        (added("# x\n", [NEW]), 3),
        (added("\nfeeds: [a]\n", [NEW]), 2),
        (added("\nfeeds: [\n  a]\n", [NEW]), 3),
        (added("feeds: [\n  a\n]\n", [NEW]), 3),
        (removed("feeds:\n  - a\n  -\n    b\n", 1), 3),
        (removed("feeds: [\n  a,\n  b]\n", 0), 2),
    ],
)
def test_an_edit_says_on_which_line_it_is(edit: Edit, line: int) -> None:
    assert edit.line == line


@pytest.mark.parametrize(
    "text",
    [
        "feeds: yes",
        "feeds: {a: b}",
        "- a\n",
        "just words",
        "{tags: {}}",
        "feeds: [a, &b c]",
        "tags: {}\n...\n",
        "feeds: [a\n",
        "? feeds\n: - a\n",
        "~",
    ],
)
def test_what_cannot_be_edited_safely_is_left_to_the_user(text: str) -> None:
    with pytest.raises(EditError) as caught:
        added(text, [NAMED])

    assert "by hand" in str(caught.value) or "aggregator check" in str(caught.value)


def test_the_lines_to_add_by_hand_are_told() -> None:
    with pytest.raises(EditError, match=r"add under feeds: by hand:\n  - https://new\.example/feed$"):
        added("feeds: yes", [NEW])


@pytest.mark.parametrize("text", ["feeds: yes", "feeds: [a, *b]", "feeds: [a # A\n, b]", "? feeds\n: - a\n"])
def test_what_cannot_be_taken_out_safely_is_left_to_the_user(text: str) -> None:
    with pytest.raises(EditError, match="by hand"):
        removed(text, 0)


@pytest.mark.parametrize(
    "title",
    [
        *(
            "yes",
            "12:30",
            "2026",
            "null",
            "~",
            "a # b",
            "a: b",
            "- a",
            "'a' \"b\"",
            "[a]",
            "*a",
            "&a",
            "${HOME}",
        ),
        *("a\nb", "a\tb", "😀", "%a", "@a", "a,b", "{a", "a:", "!a", "|", "\\n", "#a", " a ", "\x07a\x85b"),
    ],
)
@pytest.mark.parametrize("before", ["feeds:\n  - https://a.example/\n", "feeds: [https://a.example/]\n"])
def test_a_title_comes_back_as_it_was_given(title: str, before: str) -> None:
    text = added(before, [FeedSettings(url=NEW.url, title=title)]).text

    feeds = load_text(text, Path("aggregator.yaml"), {}).settings.feeds
    assert (feeds[1].title or "").split() == title.replace("\x07", "").split()


@pytest.mark.parametrize("url", ["https://a.example/?a=1&b[]=2,3", "https://a.example/#x:", "https://a/${X}"])
@pytest.mark.parametrize("before", ["feeds:\n", "feeds: [https://b.example/]\n", '{"feeds": []}'])
def test_an_address_comes_back_as_it_was_given(url: str, before: str) -> None:
    text = added(before, [FeedSettings(url=url)]).text

    assert load_text(text, Path("aggregator.yaml"), {}).settings.feeds[-1].url == url


def test_the_items_of_a_config_are_told_in_their_order() -> None:
    text = "feeds:\n  - ${A}\n  - {url: b, title: B}\n  - opml: c.opml\n"

    found = [(item.place, item.line, item.url, item.title, item.opml) for item in listed(text, {"A": "a"})]

    assert found == [(0, 2, "a", None, None), (1, 3, "b", "B", None), (2, 4, None, None, "c.opml")]
    assert listed("feeds:\n", {}) == ()


@pytest.mark.parametrize("text", ["feeds: [a]\n", "- a\n", "{tags: {}}", "words", "feeds: [", "\x07"])
def test_a_config_that_has_feeds_or_is_none_is_begun_as_it_is(text: str) -> None:
    assert begun(text) == text


# -- whatever the style -----------------------------------------------------------------------------------

COMMENTS = st.sampled_from(["", "# note", "  # note: - x", "      # deep", " "])
ITEMS = st.sampled_from(
    [
        "- https://{n}.example/",
        "- 'https://{n}.example/' # why",
        "- url: https://{n}.example/\n{i}  title: Paper {n}\n{i}  #every: 1h\n{i}  tags: [a, b] # two",
        "- {{url: https://{n}.example/, tags: [a]}}",
        "-\n{i}    url: https://{n}.example/\n{i}    exclude:\n{i}    - sport\n{i}    - '\"live blog\"'",
        "- url: https://{n}.example/\n{i}  title: |\n{i}    Paper\n{i}    {n}",
    ]
)
SECTIONS = st.sampled_from(
    ["", "poll: {every: 5m}\n", "# the rest\ntags:\n  energy: [gas pipeline*, OPEC] # x\n"]
)


@st.composite
def configs(draw: st.DrawFn) -> tuple[str, int]:
    """A config in somebody's style, and how many feeds it has."""
    indent = " " * draw(st.integers(0, 5))
    items = draw(st.lists(st.tuples(ITEMS, COMMENTS), min_size=1, max_size=4))
    lines = [
        f"{indent}{item.format(n=number, i=indent)}\n"
        + (f"{note}\n" if note else draw(st.sampled_from(["", "\n"])))
        for number, (item, note) in enumerate(items)
    ]
    text = draw(SECTIONS) + f"feeds:{draw(st.sampled_from(['', ' # mine']))}\n{''.join(lines)}"
    tail = draw(SECTIONS.filter(lambda tail: not tail or tail not in text))
    text = text + tail if draw(st.booleans()) or tail else text.rstrip()
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text, len(items)


def without(text: str, lines: Iterable[str]) -> str:
    """The text without these lines, each taken out once, wherever they stand together."""
    breaks = "\r\n" if "\r\n" in text else "\n"
    block = "".join(breaks + line for line in lines)
    assert text.count(block) == 1
    return text.replace(block, "")


@given(configs())
def test_nothing_but_the_new_lines_is_new(config: tuple[str, int]) -> None:
    text, many = config

    edit = added(text, [NAMED])

    assert without(edit.text, edit.lines) == text
    feeds = load_text(edit.text, Path("aggregator.yaml"), {}).settings.feeds
    assert (len(feeds), feeds[-1]) == (many + 1, NAMED)


@given(configs(), st.data())
def test_nothing_but_the_feeds_own_lines_goes(config: tuple[str, int], data: st.DataObject) -> None:
    text, many = config
    place = data.draw(st.integers(0, many - 1))
    feeds = load_text(text, Path("aggregator.yaml"), {}).settings.feeds

    edit = removed(text, place)

    lines, found = text.splitlines(), edit.line - 1
    assert tuple(lines[found : found + len(edit.lines)]) == edit.lines
    assert edit.text.splitlines() == lines[:found] + lines[found + len(edit.lines) :]
    left = load_text(edit.text, Path("aggregator.yaml"), {}).settings.feeds
    assert left == (*feeds[:place], *feeds[place + 1 :])


def test_the_shipped_config_can_be_edited_from_end_to_end() -> None:
    text = default_text()
    feeds = load_text(text, Path("aggregator.yaml"), {}).settings.feeds

    grown = added(text, [NAMED])
    assert removed(grown.text, len(feeds)).text == text

    for _ in feeds:
        text = removed(text, 0).text
    assert load_text(text, Path("aggregator.yaml"), {}).settings.feeds == ()
    assert "# World news in English" in text
