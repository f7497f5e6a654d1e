"""What makes feedparser slow is left out before it sees it, and nothing else."""

import re

import pytest

from aggregator.parse import parse_document
from aggregator.parse.slim import MAX_ATTRIBUTES, MAX_CATEGORIES, MAX_DEPTH, MAX_NAME, slim
from tests.parse.documents import URL, rss, titles


def attributes(number: int) -> str:
    return "".join(f' a{n}="v>v{n}"' for n in range(number))


@pytest.mark.parametrize("end", [">", "/>"])
def test_a_tag_keeps_its_first_attributes(end: str) -> None:
    assert slim(f"<a{attributes(5_000)}{end}text") == f"<a{attributes(MAX_ATTRIBUTES)}{end}text"


@pytest.mark.parametrize(
    "text",
    [
        f"<a{attributes(MAX_ATTRIBUTES)}>",
        f'<img src="data:image/png;base64,{"A" * 50_000}"/>',
        f"<a {'x' * 5_000}",
        "a < b" + " c" * 5_000 + ">",
    ],
    ids=["as many as may be", "one long value", "no end", "no tag"],
)
def test_other_long_tags_are_left_alone(text: str) -> None:
    assert slim(text) == text


@pytest.mark.parametrize(
    ("text", "slimmed"),
    [
        ("Jane Roe", "Jane Roe"),
        ("<![CDATA[Jane Roe]]>", "<![CDATA[Jane Roe]]>"),
        ("a." * 5_000, "a." * (MAX_NAME // 2)),
        ("a" * (MAX_NAME - 2) + "&amp;" + "b" * 99, "a" * (MAX_NAME - 2)),
        ("a" * (MAX_NAME - 5) + "&amp;" + "b" * 99, "a" * (MAX_NAME - 5) + "&amp;"),
        (f"<![CDATA[{'a' * 5_000}]]>", f"<![CDATA[{'a' * MAX_NAME}]]>"),
        (f"b<![CDATA[{'a' * 5_000}", f"<![CDATA[b{'a' * (MAX_NAME - 1)}]]>"),
    ],
    ids=["short", "short CDATA", "long", "reference cut", "reference whole", "CDATA", "CDATA without end"],
)
@pytest.mark.parametrize("element", ["author", "dc:creator", "managingEditor", "itunes:author"])
def test_a_name_is_no_novel(element: str, text: str, slimmed: str) -> None:
    end = f"</{element}><b/>" if "]]>" in text or "CDATA" not in text else ""

    assert slim(f"<{element} x='1'>{text}{end}") == f"<{element} x='1'>{slimmed}{end}"


def test_each_item_keeps_its_first_categories() -> None:
    many = "".join(f"<category><![CDATA[{n}]]></category>" for n in range(MAX_CATEGORIES + 50))
    item = f"<item>{many}<dc:subject>x</dc:subject><category term='y'/></item>"

    text = slim(item * 2)

    assert text.count("<category>") == 2 * MAX_CATEGORIES
    assert "subject" not in text
    assert "term" not in text


def test_a_list_of_keywords_is_cut() -> None:
    assert len(slim(f"<itunes:keywords>{'a,' * 9_000}</itunes:keywords>")) < 1_300


@pytest.mark.parametrize(
    "pit",
    ["<a>" * 9_000 + "x" + "</a>" * 9_000, "<a>" * 9_000 + "x", "<a><b/>" * 9_000 + "x"],
    ids=["closed", "open", "with leaves"],
)
def test_elements_that_lie_too_deep_lose_their_tags_and_keep_their_text(pit: str) -> None:
    text = slim(f"<rss><item><d>{pit}</d></item><item><title>y</title></item></rss>")

    assert re.sub("<[^<>]*>", "", text) == "xy"
    assert text.count("<a>") < MAX_DEPTH
    assert text.endswith("<item><title>y</title></item></rss>")


def test_html_that_was_not_escaped_is_not_deep_for_what_it_leaves_open() -> None:
    text = f"<item><description>{'a<br>' * 900}</description><title>t</title></item>" * 3

    assert slim(text) == text


def test_items_that_are_never_closed_are_all_kept() -> None:
    feed = parse_document(rss("<item><title>t</title>" * (MAX_DEPTH + 99)), URL, None)

    assert len(titles(feed)) == MAX_DEPTH + 99


def test_tags_in_a_cdata_section_are_no_elements() -> None:
    text = f"<item><description><![CDATA[{'<div>' * 900}]]></description></item><!-- {'<a>' * 900} -->"

    assert slim(text) == text
