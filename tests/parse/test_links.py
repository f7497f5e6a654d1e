"""What a document calls itself, and the WebSub hubs that it names, in every format."""

import json

import pytest

from aggregator.parse import parse_document
from aggregator.parse.limits import MAX_HUBS
from tests.parse.documents import URL, rss

HUB, SELF = "https://hub.example.org/", "https://news.example/self"
ATOM = "http://www.w3.org/2005/Atom"


def an_atom(links: str) -> bytes:
    return f'<feed xmlns="{ATOM}"><title>T</title>{links}<entry><title>a</title></entry></feed>'.encode()


def a_json_feed(**said: object) -> bytes:
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [], **said}
    ).encode()


@pytest.mark.parametrize(
    "document",
    [
        an_atom(f'<link rel="hub" href="{HUB}"/><link rel="self" href="{SELF}"/>'),
        an_atom(f'<link rel="hub" href="{HUB}"/><link rel="self" href="/self"/><link href="/"/>'),
        rss(f'<link rel="hub" href="{HUB}" xmlns="{ATOM}"/><link rel="self" href="{SELF}" xmlns="{ATOM}"/>'),
        a_json_feed(hubs=[{"type": "WebSub", "url": HUB}], feed_url=SELF),
        a_json_feed(hubs=["x", {"type": "rssCloud", "url": "https://c.example/"},
                          {"type": "WebSub", "url": "mailto:x@y.example"}, {"type": "WebSub"},
                          {"type": "WebSub", "url": HUB}], feed_url="/self"),
    ],
    ids=["Atom", "relative", "RSS", "JSON Feed", "among other hubs"],
)  # fmt: skip
def test_a_feed_names_its_hub_and_itself(document: bytes) -> None:
    feed = parse_document(document, URL, None)

    assert (feed.hubs, feed.self_url) == ((HUB,), SELF)


@pytest.mark.parametrize(
    "document",
    [
        rss("<link>https://news.example/</link>"),
        an_atom('<link rel="hub" href="javascript:x"/><link rel="self"/>'),
        a_json_feed(hubs="x", feed_url=7),
    ],
    ids=["RSS", "Atom", "JSON Feed"],
)
def test_most_name_neither(document: bytes) -> None:
    feed = parse_document(document, URL, None)

    assert (feed.hubs, feed.self_url) == ((), None)


def test_of_very_many_hubs_the_first_are_read() -> None:
    many = [f"https://{number}.example/" for number in range(MAX_HUBS + 3)]
    links = "".join(f'<link rel="hub" href="{hub}"/>' for hub in many)

    for document in (an_atom(links), a_json_feed(hubs=[{"type": "WebSub", "url": hub} for hub in many])):
        assert parse_document(document, URL, None).hubs == tuple(many[:MAX_HUBS])
