"""What makes feedparser raise costs no entry, and of an entry at most what stands within other elements."""

import pytest

from aggregator.parse.document import parse_document
from tests.parse.documents import URL, rss, titles

PLACE = "<gml:pos xmlns:gml='http://www.opengis.net/gml'>1</gml:pos>"


def test_extensions_that_break_feedparser_cost_no_entry() -> None:
    feed = parse_document(
        rss(f"{PLACE}<item><title>a</title>{PLACE}<dc:creator>Jane</dc:creator></item>" * 3), URL, None
    )

    assert titles(feed) == ["a", "a", "a"]
    assert {entry.author for entry in feed.entries} == {"Jane"}
    assert feed.problems[0] == "feedparser cannot read its extensions (KeyError: 'where'); read without them"


def test_extensions_of_a_feed_whose_own_elements_have_a_prefix_break_nothing_either() -> None:
    body = f"<f:feed xmlns:f='http://www.w3.org/2005/Atom'><f:entry><f:title>a</f:title>{PLACE}</f:entry></f:feed>"

    assert titles(parse_document(body.encode(), URL, None)) == ["a"]


BREAKING = {
    "a width that only ends": "</width>",
    "a height that only ends": "</height>",
    "a form of its own": "<textInput><link>x</link></textInput>",
    "a position where no place is": PLACE,
    "a player in a text": "<content type='html'><media:player url='x'/></content>",
}


@pytest.mark.parametrize("breaking", BREAKING.values(), ids=BREAKING)
def test_what_breaks_feedparser_costs_no_entry(breaking: str) -> None:
    item = (
        "<item><title>b</title><guid>1</guid>{}<link>https://a.example/b</link><author>Jane</author>"
        "<pubDate>Tue, 24 Nov 2026 12:00:00 GMT</pubDate><category>dams</category>"
        "<description><![CDATA[<p>A dam &amp; more]]></description><enclosure url='https://a.example/b.mp3'/></item>"
    )
    others = "<item><title>a</title></item>", "<item><title>c</title></item>"

    feed = parse_document(rss(others[0] + item.format(breaking) + others[1]), URL, None)
    sound = parse_document(rss(item.format("")), URL, None)

    assert titles(feed) == ["a", "b", "c"]
    assert feed.entries[1] == sound.entries[0]


@pytest.mark.parametrize("breaking", BREAKING.values(), ids=BREAKING)
@pytest.mark.parametrize("place", ["before the items", "after them"])
def test_what_breaks_feedparser_beside_the_entries_costs_none(breaking: str, place: str) -> None:
    items = "<item><title>a</title></item><item><title>b</title></item>"
    before = place == "before the items"

    feed = parse_document(rss(breaking + items if before else items + breaking), URL, None)

    assert (feed.title, titles(feed)) == ("T", ["a", "b"])


def test_a_feed_in_atom_and_one_in_rss_1_survive_it_too() -> None:
    atom = "<feed xmlns='http://www.w3.org/2005/Atom'></width><title>T</title><entry><title>a</title></entry></feed>"
    rdf = (
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
        "<channel></width><title>T</title></channel><item><title>a</title></item></rdf:RDF>"
    )

    for body in (atom, rdf):
        feed = parse_document(body.encode(), URL, None)
        assert (feed.title, titles(feed)) == ("T", ["a"])


def test_of_names_that_come_twice_the_first_is_the_entrys() -> None:
    body = rss(
        "<item><title>a</title></width><dc:title>b</dc:title><category>x</category><category>y</category></item>"
    )

    (entry,) = parse_document(body, URL, None).entries

    assert (entry.title, entry.categories) == ("a", ("x", "y"))


def test_a_blank_in_the_name_of_a_namespace_breaks_nothing() -> None:
    body = b"<feed xmlns='http://www.w3.org /2005/Atom'><entry><title>a</title></entry></feed>"

    assert titles(parse_document(body, URL, None)) == ["a"]
