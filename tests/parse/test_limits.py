"""How much of an entry is kept, and how a reader sees that it was cut."""

from typing import Any

import pytest

from aggregator.model import Enclosure, ParsedEntry
from aggregator.parse import parse_document
from aggregator.parse.html import CUT_MARK, MAX_CHARS
from aggregator.parse.limits import CUT, MAX_PROBLEM, told, within_limits
from tests.parse.documents import URL, rss


def kept(**said: Any) -> tuple[ParsedEntry, list[str]]:
    """The entry as it is kept, and the problems that were noted."""
    problems: list[str] = []
    return within_limits(ParsedEntry(**said), problems.append), problems


@pytest.mark.parametrize(
    ("field", "said", "is_kept"),
    [
        ("title", "word " * 400, ("word " * 199)[:-1].removesuffix(" word") + CUT),
        ("title", "x" * 1_001, "x" * (1_000 - len(CUT)) + CUT),
        ("author", "Jane Roe, " * 100, ("Jane Roe, " * 49).rstrip() + CUT),
        ("categories", tuple(map(str, range(101))), tuple(map(str, range(100)))),
        (
            "enclosures",
            tuple(Enclosure(f"https://a.example/{n}") for n in range(101)),
            tuple(Enclosure(f"https://a.example/{n}") for n in range(100)),
        ),
    ],
    ids=["title", "title without blanks", "author", "categories", "enclosures"],
)
def test_what_is_too_long_is_cut_and_told(field: str, said: Any, is_kept: Any) -> None:
    entry, problems = kept(**{field: said})

    assert getattr(entry, field) == is_kept
    assert problems == [f"too long, so it was cut: {field}"]


def test_what_is_long_enough_is_left_alone() -> None:
    said = {"title": "x" * 1_000, "guid": "g" * 2_000, "categories": tuple(map(str, range(100)))}

    entry, problems = kept(**said)

    assert {name: getattr(entry, name) for name in said} == said
    assert problems == []


def test_long_guids_that_differ_at_their_end_are_still_two() -> None:
    one, other, again = (kept(guid="g" * 5_000 + end)[0].guid for end in "aba")

    assert one == again != other
    assert len(one or "") < 300


@pytest.mark.parametrize("given", ["&lt;", "&amp;amp;"], ids=["signs that grow when escaped", "references"])
def test_a_content_that_is_too_long_only_when_it_is_safe_is_cut_too(given: str) -> None:
    feed = parse_document(rss(f"<item><description>{given * 900_000}</description></item>"), URL, None)

    (entry,) = feed.entries
    assert len(entry.content) < MAX_CHARS + len(CUT_MARK) + 20
    assert entry.content.endswith(f";{CUT_MARK}")
    assert feed.problems == ("entry 1: too long, so it was cut: content",)


def test_a_plain_text_that_is_too_long_keeps_its_paragraphs_whole() -> None:
    text = "one & two\n\n" * 150_000
    body = (
        b'{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[{"id":"1","content_text":%s}]}'
    )

    feed = parse_document(body % repr(text).replace("'", '"').encode(), URL, None)

    (entry,) = feed.entries
    assert entry.content.endswith(CUT_MARK)
    assert entry.content.count("<p>") == entry.content.count("</p>")
    assert feed.problems == ("entry 1: too long, so it was cut: content",)


def test_the_feeds_own_title_is_cut() -> None:
    for body in (
        b"<rss version='2.0'><channel><title>%s</title></channel></rss>" % (b"x" * 5_000),
        b'{"version":"https://jsonfeed.org/version/1.1","title":"%s","items":[]}' % (b"x" * 5_000),
    ):
        assert len(parse_document(body, URL, None).title) == 1_000


def test_a_problem_is_a_short_line_without_characters_that_break_a_log_or_the_store() -> None:
    assert told(["a\r\nb\x1b\ud800" + "x" * 900]) == ("a b" + "x" * (MAX_PROBLEM - 3),)
