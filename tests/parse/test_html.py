"""HTML from strangers: what is kept, what is dropped, what is mended."""

import pytest

from aggregator.parse.html import CUT_MARK, MAX_CHARS, from_plain, looks_like_markup, one_line, safe_html

BASE = "https://news.example.org/2026/"


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("<p>Dam <b>bursts</b></p>", "<p>Dam <b>bursts</b></p>"),
        ("<script>alert(1)</script>text", "text"),
        ("<p onclick='x()' style='color:red' class='c'>text</p>", "<p>text</p>"),
        ("<iframe src='https://x.org/'>inside</iframe>after", "after"),
        ("<style>p{}</style><svg><script>1</script></svg>text", "text"),
        ("<a href='javascript:alert(1)'>link</a>", "<a>link</a>"),
        ("<a href='../dam'>link</a>", '<a href="https://news.example.org/dam">link</a>'),
        ("<a href='mailto:desk@example.org'>mail</a>", '<a href="mailto:desk@example.org">mail</a>'),
        ("<p>never <b>closed", "<p>never <b>closed</b></p>"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("<form><input name=q>ask</form>", "ask"),
        ("", ""),
    ],
)
def test_only_harmless_markup_is_left(given: str, safe: str) -> None:
    assert safe_html(given, BASE) == safe


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("<p>one <button><div>two</div></button>", "<p>one </p><div>two</div><p></p>"),
        ("<h2>one<legend><h2>two</h2></legend></h2>", "<h2>one</h2><h2>two</h2>"),
        ("<a>1<table><a>2</table>", "<a>1</a><a>2</a><table></table>"),
        ("<h2>1<rt><h2>2</h2></rt></h2>", "<h2>1</h2><h2>2</h2>"),
    ],
    ids=["a paragraph", "a heading", "a table", "a reading"],
)
def test_what_is_left_can_be_read_again_as_it_is(given: str, safe: str) -> None:
    """Elements that may not stand in each other did so in the original, with one between that is gone."""
    assert safe_html(given, BASE) == safe
    assert safe_html(safe, BASE) == safe


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        (
            "<ruby>夜<rp>(</rp><rt>よる</rt><rp>)</rp></ruby>",
            "<ruby>夜<rp>(</rp><rt>よる</rt><rp>)</rp></ruby>",
        ),
        ("<ruby><b>夜</b><br><rt>よる</rt></ruby>", "<ruby><b>夜</b><br><rt>よる</rt></ruby>"),
        ("<rt lang=ja>よる</rt> <p>夜</p>", "よる <p>夜</p>"),
        ("<ruby>夜<div><rt><b>よる</b></rt></div></ruby>", "<ruby>夜<div><b>よる</b></div></ruby>"),
    ],
)
def test_a_reading_stands_only_in_ruby(given: str, safe: str) -> None:
    assert safe_html(given, BASE) == safe


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ('<img src="/i.jpg" alt="a dam">', '<img src="https://news.example.org/i.jpg" alt="a dam">'),
        ('<img src="x.gif" data-src="/big.jpg">', '<img src="https://news.example.org/big.jpg">'),
        ('<img src="https://t.example/p.gif" width="1" height="1">', ""),
        ('<img alt="nothing">', ""),
        ('<img src="data:image/gif;base64,AAAA">', ""),
        ('<img src="x.gif" data-lazy-src="javascript:1">', ""),
    ],
)
def test_an_image_is_shown_a_tracker_is_not(given: str, safe: str) -> None:
    assert safe_html(given, BASE) == safe


def test_a_very_long_text_is_cut_and_says_so() -> None:
    safe = safe_html("<p>word</p>" * 120_000, BASE)

    assert safe.endswith(CUT_MARK)
    assert len(safe) < MAX_CHARS + len(CUT_MARK) + 20


@pytest.mark.parametrize("end", ["<a href='https://exam", "&amp"])
def test_a_cut_does_not_end_inside_a_tag_or_a_reference(end: str) -> None:
    text = "x" * (MAX_CHARS - len(end)) + end + "ple.org/'>link</a>" * 9

    assert safe_html(text, BASE) == "x" * (MAX_CHARS - len(end)) + CUT_MARK


def test_markup_that_is_nested_without_end_becomes_plain_text() -> None:
    assert safe_html("<div>" * 100_000 + "deep", BASE) == "deep"


def test_many_elements_side_by_side_are_no_depth() -> None:
    assert safe_html("<p>a<br></p>" * 500, BASE).count("<p>") == 500


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("  ", ""),
        ("5 < 6 & 7", "5 &lt; 6 &amp; 7"),
        ("one\n\ntwo\nthree", "<p>one</p><p>two<br>three</p>"),
        ("one\r\ntwo", "<p>one<br>two</p>"),
    ],
)
def test_plain_text_keeps_its_lines(text: str, html: str) -> None:
    assert from_plain(text) == html


def test_a_title_is_one_line_of_text() -> None:
    assert one_line(" <b>Dam</b>\n bursts &amp; floods ", markup=True) == "Dam bursts & floods"
    assert one_line("a <b> c", markup=False) == "a <b> c"


def test_a_numeric_reference_is_its_character_even_in_text_that_is_no_markup() -> None:
    title = "Blog &#8211; It&#x2019;s &amp; &#0; &#xFFFFFFF; &#12"

    assert one_line(title, markup=False) == "Blog – It’s &amp; &#xFFFFFFF; &#12"


@pytest.mark.parametrize(
    ("text", "is_markup"), [("<b>x</b>", True), ("a &amp; b", True), ("a < b & c", False)]
)
def test_markup_is_known_by_tags_or_references(text: str, is_markup: bool) -> None:
    assert looks_like_markup(text) is is_markup
