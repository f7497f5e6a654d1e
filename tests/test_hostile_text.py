"""Whatever a feed says, what goes out is valid: from bytes through the parser, the store and the formats."""

import asyncio
import json
import tempfile
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from aggregator.core import identities, ingest
from aggregator.core.formats import FORMATS
from aggregator.core.ingest import Intake
from aggregator.core.items import items_of
from aggregator.model import (
    Changes,
    DedupLevel,
    Document,
    Feed,
    Group,
    Known,
    Outcome,
    ParsedFeed,
    Poll,
    Story,
)
from aggregator.parse import parse_document
from aggregator.store import Reader, Store, WantedFeed
from tests.builders import NOON
from tests.grammar.judges import faults

URL = "https://news.example.org/feed"
BASE = "https://news.example.net/"
LINKS = {suffix: f"{BASE}all.{suffix}" for suffix in FORMATS}
STRICT = etree.XMLParser(recover=False, resolve_entities=False, no_network=True)

NASTY = st.sampled_from(
    [
        "\0", "\x01", "\x0b", "\x1f", "\x7f", "\x85", "\ud800", "\udc00", "\ud83d\ude00", "\ufffe", "\uffff",
        "\ufdd0", "]]>", "--", "-->", "<![CDATA[", "<!--", "<", "&", "&#0;", "&#xD800;", "&amp;", '"', "'",
        "\r\n", "\u202e", "\u2028", "😀", "אבג", "<script>alert(1)</script>", "<b>", "</title>", "</item>",
        "javascript:alert(1)", "x" * 3_000,
    ]
)  # fmt: skip
TEXTS = st.lists(NASTY | st.text(max_size=20), max_size=6).map("".join)
FIELDS = ("id", "url", "title", "text", "author", "tag", "kind", "file", "image", "lang", "date")
LINES = st.fixed_dictionaries(dict.fromkeys(FIELDS, TEXTS))


def as_json(feed_title: str, lines: list[dict[str, str]]) -> bytes:
    """A JSON Feed; `json` writes what is no character as a reference, and reads it again."""
    items = [
        {
            "id": one["id"],
            "url": f"https://news.example.org/{one['url']}",
            "title": one["title"],
            "content_html": one["text"],
            "authors": [{"name": one["author"]}],
            "tags": [one["tag"]],
            "attachments": [{"url": f"https://a.example/{one['file']}", "mime_type": one["kind"]}],
            "image": one["image"],
            "language": one["lang"],
            "date_published": one["date"],
        }
        for one in lines
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": feed_title, "items": items}
    return json.dumps(feed | {"home_page_url": f"https://news.example.org/{feed_title}"}).encode()


def as_rss(feed_title: str, lines: list[dict[str, str]]) -> bytes:
    """An RSS feed, escaped or not as the texts happen to be."""
    items = "".join(
        f"<item><guid>{one['id']}</guid><link>https://news.example.org/{escape(one['url'])}</link>"
        f"<title>{escape(one['title'])}</title><description>{escape(one['text'])}</description>"
        f"<author>{escape(one['author'])}</author><category>{escape(one['tag'])}</category>"
        f"<enclosure url='https://a.example/{escape(one['file'])}' type='{escape(one['kind'])}'/>"
        f"<pubDate>{one['date']}</pubDate></item>"
        for one in lines
    )
    document = f"<rss version='2.0'><channel><title>{escape(feed_title)}</title>{items}</channel></rss>"
    return document.encode("utf-8", "surrogatepass")


def decide(parsed: ParsedFeed, known: Known) -> tuple[Changes, Feed, Poll]:
    intake = Intake(
        window=NOON - NOON.replace(year=2025),
        first_poll=True,
        accepts=lambda _: True,
        tags_of=lambda _: (),
        priority_of=lambda _: 0,
        level_of=lambda _: DedupLevel.STORY,
    )
    changes = ingest.decide(identities.heard(parsed), known, intake, now=NOON)
    problems = "; ".join(parsed.problems)
    return changes, known.feed, Poll(feed_id=known.feed.id, at=NOON, outcome=Outcome.NEW, error=problems)


async def stored(parsed: ParsedFeed) -> tuple[Story, ...]:
    """The document's stories as a reader finds them in a store of its own."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder))
        (feed,) = await store.sync_feeds([WantedFeed(URL, parsed.title)], now=NOON)
        probe = ingest.probe(identities.heard(parsed))
        await store.commit(feed.id, probe, partial(decide, parsed))
        store.close()
        reader = Reader(Path(folder))
        found = reader.stories(limit=100)
        reader.close()
        return found


def check(suffix: str, body: bytes) -> int:
    """How many items a strict reader finds."""
    if suffix == "json":
        feed: dict[str, Any] = json.loads(body)
        json.dumps(feed, ensure_ascii=False).encode()  # fails where half a character is left
        return len(feed["items"])
    if suffix == "html":
        return body.decode().count("<li lang=")
    return len(etree.fromstring(body, STRICT).xpath("//item | //*[local-name()='entry']"))


@pytest.mark.parametrize("write", [as_json, as_rss])
@settings(max_examples=60, deadline=None)
@given(feed_title=TEXTS, lines=st.lists(LINES, max_size=4))
def test_what_goes_out_is_valid_whatever_comes_in(
    write: Any, feed_title: str, lines: list[dict[str, str]]
) -> None:
    parsed = parse_document(write(feed_title, lines), URL, None)

    stories = asyncio.run(stored(parsed))

    items = tuple(item for story in stories for item in items_of(story, Group.NONE))
    document = Document(
        name="all", title=parsed.title or "All", description="", base_url=BASE, updated_at=NOON, items=items
    )
    for suffix, form in FORMATS.items():
        body = form.render(document, LINKS)
        assert check(suffix, body) == len(items)
        assert faults(suffix, body) == []
