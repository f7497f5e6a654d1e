"""Documents that mean harm, or look like it: entities, references, any bytes at all."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import ParseError
from aggregator.model import ParsedFeed
from aggregator.parse import parse_document
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
