"""Documents that mean harm, or look like it: entities, references, any bytes at all."""

from contextlib import suppress
from datetime import timedelta
from html import escape
from pathlib import Path
from xml.sax import SAXParseException
from xml.sax.xmlreader import Locator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import ParseError
from aggregator.model import ParsedFeed
from aggregator.parse import Parser, parse_document
from tests.newsroom import a_body
from tests.parse.documents import URL, rss, titles


@pytest.mark.parametrize(
    "reference", ["&#xD800;", "&#0;", "&#1;", "&#99999999999;", "&#xFFFF;", "&#x110000;"]
)
def test_references_to_no_character_vanish(reference: str) -> None:
    assert titles(parse_document(rss(f"<item><title>a{reference}b</title></item>"), URL, None)) == ["ab"]


def test_control_characters_vanish_and_misplaced_windows_characters_are_put_right() -> None:
    body = rss("<item><title>a\x01\x0b\ufffeb \x93c\x94 &#150;</title></item>")

    feed = parse_document(body, URL, None)

    assert titles(feed) == ["ab “c” –"]
    assert feed.problems == ()


def test_declared_entities_work() -> None:
    head = '<!DOCTYPE rss [<!ENTITY paper "The Gazette"> <!ENTITY mdash "&#8212;">]>'

    assert titles(
        parse_document(rss("<item><title>&paper; &mdash; 1</title></item>", head=head), URL, None)
    ) == ["The Gazette — 1"]


def test_an_entity_bomb_does_not_go_off() -> None:
    head = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )

    feed = parse_document(rss("<item><title>x&i;</title></item>", head=head + "]>"), URL, None)

    assert len(feed.entries) == 1
    assert len(feed.entries[0].title) < 100


def test_a_long_entity_used_often_is_not_expanded() -> None:
    head = f'<!DOCTYPE rss [<!ENTITY a "{"a" * 100_000}">]>'

    feed = parse_document(rss(f"<item><title>x{'&a;' * 2_000}</title></item>", head=head), URL, None)

    assert len(feed.entries[0].title) < 10_000


def test_an_external_entity_is_not_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SECRET")
    head = f'<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd" [<!ENTITY x SYSTEM "file://{secret}">]>'

    feed = parse_document(
        rss("<item><title>t</title><description>&x;</description></item>", head=head), URL, None
    )

    assert "SECRET" not in feed.entries[0].content
    assert titles(feed) == ["t"]


@given(st.binary(max_size=200))
def test_any_bytes_are_a_feed_or_a_parse_error(body: bytes) -> None:
    for document in (body, rss("<item>")[:-20] + body, b'{"items": [' + body):
        with suppress(ParseError):
            assert isinstance(parse_document(document, URL, None), ParsedFeed)


def _html(text: str) -> str:
    return f"<item><title>t</title><description>{escape(text)}</description></item>"


def _with(text: str) -> str:
    return f"<item><title>t</title>{text}</item>"


ATTRIBUTES = "".join(f' b{number}="c"' for number in range(100_000))
HOSTILE = {
    "nested elements": _with("<a>" * 1_000_000 + "</a>" * 1_000_000),
    "nested elements that are never closed": _with("<a>" * 1_000_000),
    "nested elements of HTML": _html("<div>" * 100_000 + "x"),
    "nested elements of XHTML": _with("<description>" + "<div>" * 100_000 + "</description>"),
    "comments that are never closed": _html("<!--" * 60_000),
    "CDATA sections that are never closed": _with("<description>" + "<![CDATA[" * 60_000),
    "a tag with 100,000 attributes": _with(f"<a{ATTRIBUTES}/>"),
    "HTML with 100,000 attributes": _html(f"<p{ATTRIBUTES}>x"),
    "an author of a.a.a": _with(f"<author>{'a.' * 100_000}</author>"),
    "an author of a.a.a in CDATA": _with(f"<author><![CDATA[{'a.' * 100_000}]]></author>"),
    "an editor of a.a.a": f"<managingEditor>{'a.' * 100_000}</managingEditor>" + _with(""),
    "categories": _with("".join(f"<category>{n}</category>" for n in range(100_000))),
    "enclosures": _with("".join(f'<enclosure url="https://a.example/{n}"/>' for n in range(20_000))),
    "a text of 9 MB": _html("a b c d " * 1_100_000),
    "a title of 5 MB": f"<item><title>{'word ' * 1_000_000}</title></item>",
    "a guid of 5 MB": _with(f"<guid>{'g' * 5_000_000}</guid>"),
    "a link of 5 MB": _with(f"<link>https://a.example/{'g' * 5_000_000}</link>"),
    "a date of 1 MB": _with(f"<pubDate>{'1 ' * 500_000}</pubDate>"),
    "tables in tables": _html("<table>" * 20_000),
    "images that are never closed": _html("<img " * 100_000),
    "signs that begin nothing": _html("<&" * 100_000),
}


@pytest.mark.parametrize("document", HOSTILE.values(), ids=HOSTILE.keys())
async def test_a_document_built_to_take_for_ever_is_read_within_modest_limits(document: str) -> None:
    async with Parser(1, timeout=timedelta(seconds=30), memory_bytes=200_000_000) as parser:
        feed = await parser.parse(a_body(rss(document)), URL, None)

    assert len(feed.entries) == 1


@pytest.mark.parametrize(
    "prolog",
    ["<!--" * 100_000, "<?a " * 100_000, "<? " * 100_000, "<! " * 100_000, "<!DOCTYPE a " + '"<' * 100_000],
    ids=["comments", "instructions", "declarations", "markup", "quotes"],
)
def test_a_prolog_that_never_ends_is_given_up(prolog: str) -> None:
    with pytest.raises(ParseError, match="this is no feed: it begins with"):
        parse_document(rss(_with(""), head=prolog), URL, None)


def test_a_hundred_thousand_entities_are_read_past() -> None:
    entities = "".join(f'<!ENTITY e{number} "{number}">' for number in range(100_000))

    assert titles(parse_document(rss(_with(""), head=f"<!DOCTYPE rss [{entities}]>"), URL, None)) == ["t"]


def test_memory_that_ran_out_inside_the_xml_parser_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    fault = SAXParseException("out of memory", None, Locator())
    monkeypatch.setattr("feedparser.parse", lambda *_, **__: {"bozo_exception": fault, "entries": []})

    with pytest.raises(MemoryError):
        parse_document(rss(_with("")), URL, None)
