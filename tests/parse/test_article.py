"""The text of an article, out of its page."""

import pytest

from aggregator.core.text import plain_text
from aggregator.errors import ParseError
from aggregator.parse.article import extract_article
from tests.pages import STORY, a_page

URL = "https://news.example.org/2026/11/dam.html"
HTML = "text/html; charset=utf-8"


def text_of(page: bytes, content_type: str | None = HTML) -> str:
    return plain_text(extract_article(page, URL, content_type).content)


def test_the_text_is_found_without_what_stands_around_it() -> None:
    text = text_of(a_page())

    assert "gave way early on Tuesday" in text
    assert "inquiry into who had read the reports" in text
    assert not [
        word
        for word in ("Home", "cookies", "tracker", "Comments", "reader", "quiz", "Copyright")
        if word in text
    ]


def test_the_title_is_not_said_again() -> None:
    assert "Dam bursts" not in text_of(a_page())


def test_links_and_pictures_have_whole_addresses_and_paragraphs_stay() -> None:
    content = extract_article(a_page(), URL, HTML).content

    assert 'href="https://news.example.org/2026/map.html"' in content
    assert 'src="https://news.example.org/dam.jpg"' in content
    assert content.count("<p>") >= 3


@pytest.mark.parametrize(
    ("base", "link"),
    [
        ("https://other.example/a/", "https://other.example/map.html"),
        ("/b/c/", "https://news.example.org/b/map.html"),
        ("http://[", "https://news.example.org/2026/map.html"),
    ],
)
def test_a_page_may_name_another_base(base: str, link: str) -> None:
    page = a_page(head=f'<base href="{base}">')

    assert f'href="{link}"' in extract_article(page, URL, HTML).content


def test_no_script_survives_and_a_broken_link_costs_only_itself() -> None:
    page = a_page(
        STORY
        + '<p onclick="steal()">And <a href="javascript:alert(1)">more</a> of <a href="http://[bad">it</a>.</p>'
        '<svg onload="alert(1)"></svg><iframe srcdoc="<script>alert(1)</script>"></iframe>'
    )

    content = extract_article(page, URL, HTML).content

    assert "gave way early" in content
    assert not [word for word in ("alert", "onclick", "<svg", "<iframe", "http://[bad") if word in content]


@pytest.mark.parametrize(
    ("content_type", "head", "encoding"),
    [
        ("text/html; charset=windows-1251", "", "cp1251"),
        ("text/html", '<meta charset="windows-1251">', "cp1251"),
        (None, '<meta http-equiv="Content-Type" content="text/html; charset=shift_jis">', "cp932"),
        ("application/xhtml+xml", "", "utf-8"),
    ],
)
def test_server_or_page_says_which_characters_its_bytes_are(
    content_type: str | None, head: str, encoding: str
) -> None:
    page = a_page("<p>" + "Плотина прорвана ночью, жители покинули дома. " * 6 + "</p>", head=head)
    page = page.replace(b'<meta charset="utf-8">', b"")

    assert "Плотина прорвана" in text_of(page.decode().encode(encoding), content_type)


@pytest.mark.parametrize(
    ("href", "canonical"),
    [
        ("/2026/11/24/dam-bursts", "https://news.example.org/2026/11/24/dam-bursts"),
        ("https://wire.example/dam", "https://wire.example/dam"),
        ("javascript:void(0)", None),
        ("", None),
    ],
)
def test_what_the_page_calls_itself_is_read(href: str, canonical: str | None) -> None:
    page = a_page(head=f'<link rel="canonical" href="{href}">')

    assert extract_article(page, URL, HTML).canonical_url == canonical


def test_a_page_that_does_not_name_itself_has_no_other_name() -> None:
    assert extract_article(a_page(), URL, HTML).canonical_url is None


def test_a_page_without_an_article_has_no_text() -> None:
    assert extract_article(b"<html><head></head><body></body></html>", URL, HTML).content == ""


@pytest.mark.parametrize(
    ("body", "content_type", "what"),
    [
        (b"%PDF-1.7 <<", "application/pdf", "this is application/pdf, not a web page"),
        (b"\x89PNG\r\n", None, "this is not a web page"),
        (b'{"a": "<b>"}', "application/json; charset=utf-8", "this is application/json, not a web page"),
        (b"just text <", None, "this is not a web page"),
        (b"", "text/html", "this is not a web page"),
    ],
)
def test_what_is_no_page_is_told(body: bytes, content_type: str | None, what: str) -> None:
    with pytest.raises(ParseError) as caught:
        extract_article(body, URL, content_type)

    assert caught.value.reason == what


@pytest.mark.parametrize(
    "page",
    [
        "<html><body>" + "<div>" * 50_000,
        "<html><body>" + "<!--" * 20_000,
        "<html><body><p>&#xD800;&#0;&#99999999999;" + "<table><tr><td>" * 2_000,
        "<html>\0<body>\0<p>a\0b",
    ],
    ids=["deep", "comments", "no characters", "zeroes"],
)
def test_nonsense_is_no_article(page: str) -> None:
    assert len(text_of(page.encode())) < 25
