"""A document with everything in it, one with nothing, and how they are rendered."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from aggregator.core.formats import FORMATS
from aggregator.model import AlsoIn, Document, Enclosure, Item
from tests.builders import NOON

BASE = "https://news.example.net/"
LINKS = {suffix: f"{BASE}security.{suffix}" for suffix in FORMATS}
ID = "urn:uuid:2f0e4c1e-8a57-5d7c-9d3c-6f3a3b0c1a01"
FULL = Item(
    id=ID,
    url="https://one.example.org/dam?a=1&b=2",
    title="Dam <bursts> & floods",
    author="Jane Roe",
    summary="<p>Short &amp; clear.</p>",
    content="<p>Long, and with ]]&gt; inside.</p>",
    lang="en-GB",
    published_at=NOON,
    updated_at=NOON + timedelta(hours=1),
    news_at=NOON,
    tags=("energy", "europe/elections"),
    enclosures=(
        Enclosure("https://one.example.org/a.mp3", "audio/mpeg", 1234),
        Enclosure("https://one.example.org/b", "nonsense", None),
    ),
    image="https://one.example.org/i.jpg",
    feed_url="https://one.example.org/rss",
    feed_title="One & Only",
    feed_site_url="https://one.example.org/",
    also_in=(
        AlsoIn(feed_title="Two <2>", url="https://two.example.org/x?y&z", title='A "title"'),
        AlsoIn(feed_title="Three", url="https://three.example.org/"),
    ),
    coverage=3,
)
BARE = Item(
    id="urn:uuid:1",
    url=None,
    title="Nothing",
    author="",
    summary="",
    content="",
    lang="klingon",
    published_at=NOON,
    updated_at=NOON,
    news_at=NOON,
)
ATOM = "{http://www.w3.org/2005/Atom}"
MEDIA = "{http://search.yahoo.com/mrss/}"


def document(*items: Item, **changes: Any) -> Document:
    whole = Document(
        name="security",
        title="Security & more",
        description="Every story once",
        base_url=BASE,
        updated_at=NOON + timedelta(hours=1),
        items=items,
    )
    return replace(whole, **changes)


def rendered(suffix: str, *items: Item, **changes: Any) -> bytes:
    return FORMATS[suffix].render(document(*items, **changes), LINKS)
