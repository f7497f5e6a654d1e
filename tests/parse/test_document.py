"""Whole documents: every format, what is no feed, what is broken."""

import io
import warnings
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest

from aggregator.errors import ParseError
from aggregator.model import Enclosure, ParsedEntry, ParsedFeed
from aggregator.parse import parse_document
from aggregator.parse.entries import Context, read_entry
from aggregator.parse.limits import MAX_PROBLEMS, Note
from tests.parse.documents import URL, rss, titles

SAMPLES = Path(__file__).parent / "samples"


def read(sample: str) -> ParsedFeed:
    return parse_document((SAMPLES / sample).read_bytes(), URL, None)


@pytest.mark.parametrize(
    ("sample", "kind", "title", "site", "count"),
    [
        ("rss20.xml", "rss20", "The Valley Gazette & Courier", "https://gazette.example/", 3),
        ("rss10.rdf", "rss10", "Talarchiv", "https://archiv.example/", 2),
        ("rss091.xml", "rss091u", "Old Valley News", "http://old.example/", 1),
        ("rss090.rdf", "rss090", "The Oldest", "http://oldest.example/", 1),
        ("atom10.xml", "atom10", "La Vallée", "https://vallee.example/journal/", 3),
        ("atom03.xml", "atom03", "Early days", "http://early.example/", 1),
        ("cdf.xml", "cdf", "Channel definition", "http://cdf.example/", 1),
        ("feed11.json", "json11", "Tal & Berg", "https://tal.example/", 3),
    ],
)
def test_reads_every_format(sample: str, kind: str, title: str, site: str, count: int) -> None:
    feed = read(sample)

    assert (feed.format, feed.title, feed.site_url, len(feed.entries)) == (kind, title, site, count)
    assert feed.complete


def test_an_rss_item_with_everything() -> None:
    entry = read("rss20.xml").entries[0]

    assert entry.guid == "gazette-1"
    assert entry.url == "https://gazette.example/2026/dam"
    assert entry.title == "Dam bursts & thousands leave"
    assert entry.author == "Jane Roe, John Doe"
    assert entry.categories == ("World", "Floods")
    assert entry.lang == "en-gb"
    assert entry.published_at == datetime(2026, 11, 24, 6, 15, tzinfo=UTC)
    assert entry.summary == "A dam gave way."
    assert (
        entry.content
        == '<p>A dam gave way on <a href="https://gazette.example/places/north">Tuesday</a>.</p>'
    )
    assert entry.image == "https://img.gazette.example/dam-small.jpg"
    assert entry.enclosures == (Enclosure("https://video.gazette.example/dam.mp4", "video/mp4", 1_200_300),)


def test_a_podcast_episode() -> None:
    entry = read("rss20.xml").entries[1]

    assert entry.guid == entry.url == "https://gazette.example/podcast/7"
    assert entry.author == "The newsroom"
    assert (entry.summary, entry.content) == ("", "Everything in seven minutes.")
    assert entry.published_at == datetime(2026, 1, 10, 14, 30, tzinfo=UTC)
    assert entry.image == "https://img.gazette.example/cover.png"
    assert entry.enclosures == (
        Enclosure("https://audio.gazette.example/7.mp3", "audio/mpeg", 7_340_032),
        Enclosure("https://audio.gazette.example/7.ogg", "audio/ogg", None),
    )


def test_a_date_that_cannot_be_read_is_a_problem_and_no_more() -> None:
    feed = read("rss20.xml")

    assert feed.problems == ("entry 3: no readable date 'sometime soon'",)
    assert feed.entries[2].published_at is None
    assert feed.entries[2].url == "https://news.example/2026/undated"


def test_the_hints_of_a_feed() -> None:
    hints = read("rss20.xml").hints

    assert hints.ttl == timedelta(minutes=45)
    assert hints.update_period == timedelta(minutes=30)
    assert hints.skip_hours == {0, 1}
    assert hints.skip_days == {5, 6}


def test_rdf_items_go_by_their_about_and_dublin_core() -> None:
    entry = read("rss10.rdf").entries[0]

    assert entry.guid == "https://archiv.example/1"
    assert (entry.author, entry.categories, entry.lang) == ("Erika Muster", ("Welt",), "de")
    assert entry.published_at == entry.updated_at == datetime(2026, 11, 24, 7, 15, tzinfo=UTC)


def test_html_entities_need_no_declaration() -> None:
    assert titles(read("rss091.xml")) == ["Café opens"]


def test_an_atom_entry_with_everything() -> None:
    entry = read("atom10.xml").entries[0]

    assert entry.guid == "urn:vallee:1"
    assert entry.title == "Si a < b & <c> &amp; d"
    assert entry.url == "https://vallee.example/journal/2026/barrage"
    assert entry.author == "Anne Martin, Paul Petit"
    assert entry.categories == ("Monde",)
    assert entry.lang == "fr"
    assert entry.published_at == datetime(2026, 11, 24, 7, 15, tzinfo=UTC)
    assert entry.updated_at == datetime(2026, 11, 24, 7, 45, tzinfo=UTC)
    assert entry.summary == "Un barrage a cédé."
    assert (
        entry.content == '<p>Un barrage a cédé <a href="https://vallee.example/journal/carte">mardi</a>.</p>'
    )
    assert entry.enclosures == (Enclosure("https://vallee.example/sons/1.mp3", "audio/mpeg", 1000),)


def test_an_atom_entry_without_a_link_goes_by_its_id() -> None:
    entry = read("atom10.xml").entries[1]

    assert entry.guid == entry.url == "https://vallee.example/2"
    assert entry.title == "Barragem & água"
    assert entry.lang == "pt-br"
    assert entry.content == '<p><img src="https://autre.example/agua.png" alt="água"></p>'
    assert entry.published_at == entry.updated_at == datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


def test_atom_text_stays_text() -> None:
    assert read("atom10.xml").entries[2].content == "<p>1 &lt; 2</p><p>Deuxième paragraphe</p>"


def test_atom_03_escaped_markup() -> None:
    entry = read("atom03.xml").entries[0]

    assert (entry.title, entry.content) == ("Bits & bytes", "<b>Bits</b>")
    assert entry.published_at == datetime(2004, 6, 7, 8, 9, 10, tzinfo=UTC)


def test_an_xml_base_does_not_change_an_id() -> None:
    body = (
        b'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/"><title>T</title>'
        b"<entry><id>7</id><title>x</title></entry></feed>"
    )

    entry = parse_document(body, URL, None).entries[0]

    assert (entry.guid, entry.url) == ("7", None)


def test_the_same_document_from_another_address_has_the_same_guids() -> None:
    body = rss("<item><guid>12</guid></item><item><guid isPermaLink='true'>/x</guid></item>")

    here, there = (parse_document(body, url, None).entries for url in (URL, "http://mirror.example/rss"))

    assert [entry.guid for entry in here] == [entry.guid for entry in there] == ["12", "/x"]


@pytest.mark.parametrize("sample", sorted(path.name for path in SAMPLES.glob("*.[xr]*")))
def test_no_entry_that_feedparser_reads_is_lost(sample: str) -> None:
    body = (SAMPLES / sample).read_bytes()

    with warnings.catch_warnings(action="ignore"):
        expected = len(feedparser.parse(io.BytesIO(body)).entries)

    assert len(parse_document(body, URL, None).entries) == expected > 0


# -- what is no feed --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "the document is empty"),
        (b" \n\xef\xbb\xbf ", "the document is empty"),
        (b"\xef\xbb\xbf \n", "the document is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "this is a PNG image, not a feed"),
        (b"%PDF-1.7", "this is a PDF document, not a feed"),
        (b"\x1f\x8b\x08\0", "compressed data"),
        (b"Not found", "this is no feed: it begins with 'Not found'"),
        (b"<!-- only a comment -->", "this is no feed"),
        (b"< 5 and > 3", "this is no feed"),
        (b"<opml><body/></opml>", "an OPML list of feeds, not a feed"),
        (b"<!DOCTYPE html><html><head><title>Hi</title></head></html>", "this is an HTML page, not a feed"),
        (b"[1, 2]", "this is JSON, but no JSON Feed"),
        (b'{"version": "1", "items": []}', "this is JSON, but no JSON Feed"),
        (b"{broken", "this is no readable JSON"),
    ],
)
def test_says_what_the_bytes_are_instead(body: bytes, words: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse_document(body, URL, None)

    assert words in caught.value.reason
    assert caught.value.feed_url == URL


def test_a_page_names_the_feed_it_points_to() -> None:
    page = (
        b'<html><head><link rel="stylesheet" href="a.css"><link rel="alternate" type="application/rss+xml"'
        b' href="/all.rss?a=1&amp;b=2"></head></html>'
    )

    with pytest.raises(ParseError, match=r"points to the feed https://news\.example/all\.rss\?a=1&b=2"):
        parse_document(page, URL, "text/html")


@pytest.mark.parametrize(
    "page",
    [
        b'<!doctype html><html><link rel="feed" href="/a.rss"><a href="/b.rss">',
        b'<meta charset="utf-8"><link rel="feed" href="/a.rss"><a href="/b.rss"></a>',
    ],
    ids=["html", "without its root"],
)
def test_every_feed_that_a_page_points_to_is_told(page: bytes) -> None:
    with pytest.raises(ParseError) as caught:
        parse_document(page, URL, None)

    assert caught.value.feeds == ("https://news.example/a.rss", "https://news.example/b.rss")


@pytest.mark.parametrize(
    "body",
    [
        rss(""),
        b"<rss/>",
        b'<feed xmlns="http://www.w3.org/2005/Atom"></feed>',
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
        b'{"version": "https://jsonfeed.org/version/1", "title": "T", "items": []}',
    ],
)
def test_a_feed_without_entries_is_a_feed(body: bytes) -> None:
    feed = parse_document(body, URL, None)

    assert feed.entries == ()
    assert feed.complete


# -- what is broken ---------------------------------------------------------------------------------------


def test_what_stands_around_the_feed_does_not_matter() -> None:
    body = b"\n\nWarning: something in line 3\n" + rss(
        "<item><title>a</title></item>", head="<?xml version='1.0'?>"
    )

    feed = parse_document(body + b"<!-- cached --><script>x()</script>", URL, None)

    assert titles(feed) == ["a"]
    assert feed.problems == ()


def test_malformed_xml_is_read_and_noted_with_its_line() -> None:
    body = rss(
        "\n<item>\n<title>a & b</title></item>\n<item><title>c</title></item>", head="<?xml version='1.0'?>\n"
    )

    feed = parse_document(body, URL, None)

    assert titles(feed) == ["a & b", "c"]
    assert feed.problems == (
        "not well-formed XML at line 4: not well-formed (invalid token); read as far as possible",
    )


def test_a_document_cut_in_an_entry_keeps_the_whole_ones() -> None:
    body = rss("<item><title>a</title></item><item><title>b</title></item><item><title>c")[
        : -len("</channel></rss>")
    ]

    feed = parse_document(body, URL, None)

    assert titles(feed) == ["a", "b"]
    assert not feed.complete
    assert feed.problems == ("the document is cut short; its whole entries were kept",)


def test_a_document_cut_in_its_first_entry_has_none() -> None:
    feed = parse_document(b'<rss version="2.0"><channel><title>T</title><item><title>half a sto', URL, None)

    assert (feed.title, feed.entries, feed.complete) == ("T", (), False)


def test_a_document_cut_between_entries_keeps_them_all() -> None:
    feed = parse_document(rss("<item><title>a</title></item>")[: -len("</rss>")], URL, None)

    assert (titles(feed), feed.complete) == (["a"], False)


def test_an_end_tag_inside_cdata_ends_nothing() -> None:
    body = (
        b"<rss version='2.0'><channel><item><title>a</title><description><![CDATA[about </item> tags]]>"
        b"</description></item><item><title>b</title><description><![CDATA[cut"
    )

    feed = parse_document(body, URL, None)

    assert titles(feed) == ["a"]
    assert feed.entries[0].content == "about  tags"


def test_a_cut_atom_feed() -> None:
    body = (SAMPLES / "atom10.xml").read_bytes()

    feed = parse_document(body[: body.index(b"Texte seul")], URL, None)

    assert (len(feed.entries), feed.complete, feed.format) == (2, False, "atom10")


class _Choosy:
    """A feedparser that cannot read documents with this in them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, bad: str) -> None:
        self._parse, self._bad = feedparser.parse, bad.encode()
        monkeypatch.setattr(feedparser, "parse", self)

    def __call__(self, stream: io.BytesIO, **options: object) -> object:
        if self._bad in stream.getvalue():
            raise ValueError("nonsense")
        return self._parse(stream, **options)


def test_one_entry_that_breaks_feedparser_costs_that_entry_only(monkeypatch: pytest.MonkeyPatch) -> None:
    _Choosy(monkeypatch, "bad")

    feed = parse_document(
        rss("".join(f"<item><title>{name}</title></item>" for name in ["a", "b", "bad", "c"])), URL, None
    )

    assert titles(feed) == ["a", "b", "c"]
    assert "entry 3: feedparser cannot read it (ValueError: nonsense)" in feed.problems


def test_a_feed_that_breaks_feedparser_is_refused_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    _Choosy(monkeypatch, "<rss")

    with pytest.raises(ParseError, match="feedparser cannot read it"):
        parse_document(rss("<item/>"), URL, None)


def test_an_entry_that_cannot_be_read_is_a_problem_and_the_others_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stumble(node: Mapping[str, object], context: Context, note: Note) -> ParsedEntry:
        if node["title"] == "b":
            raise KeyError("surprise")
        return read_entry(node, context, note)

    monkeypatch.setattr("aggregator.parse.document.read_entry", stumble)

    feed = parse_document(rss("".join(f"<item><title>{name}</title></item>" for name in "abc")), URL, None)

    assert titles(feed) == ["a", "c"]
    assert feed.problems == ("entry 2: it could not be read (KeyError: 'surprise')",)


@pytest.mark.parametrize("where", ["read_entry", "feedparser.parse"])
def test_memory_that_runs_out_is_no_fault_of_an_entry(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    def swell(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(f"aggregator.parse.document.{where}", swell)

    with pytest.raises(MemoryError):
        parse_document(rss("<item><title>a</title></item>"), URL, None)


def test_a_thousand_bad_dates_are_not_listed_a_thousand_times() -> None:
    feed = parse_document(rss("<item><pubDate>never</pubDate></item>" * (MAX_PROBLEMS + 7)), URL, None)

    assert len(feed.entries) == MAX_PROBLEMS + 7
    assert len(feed.problems) == MAX_PROBLEMS + 1
    assert feed.problems[-1] == "and 7 more"
