"""Whole, valid values for tests: a test states only what matters to it.

To add a builder: a function named after the noun, keyword arguments only, defaults that are plausible news.
"""

import gzip
import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from aggregator.model import Entry, Feed, ParsedEntry, ParsedFeed, Rendered, Story

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
FEED_URL = "https://news.example.org/rss"


def a_feed(**changes: Any) -> Feed:
    """A feed in good health."""
    return replace(
        Feed(id=1, url=FEED_URL, origin=FEED_URL, title="Example News", site_url="https://news.example.org/"),
        **changes,
    )


def a_parsed_entry(**changes: Any) -> ParsedEntry:
    """An item of a feed document, as the parser hands it over."""
    return replace(
        ParsedEntry(
            guid="tag:news.example.org,2026:1",
            url="https://news.example.org/2026/11/24/dam",
            title="Dam bursts in northern valley",
            summary="<p>Thousands were told to leave their homes on Tuesday after a dam gave way.</p>",
            published_at=NOON,
        ),
        **changes,
    )


def a_parsed_feed(*entries: ParsedEntry, **changes: Any) -> ParsedFeed:
    """A feed document with these entries, or with one."""
    return replace(
        ParsedFeed(
            title="Example News",
            site_url="https://news.example.org/",
            lang="en",
            format="rss20",
            entries=entries or (a_parsed_entry(),),
        ),
        **changes,
    )


def an_entry(**changes: Any) -> Entry:
    """A stored entry."""
    return replace(
        Entry(
            id=1,
            uid="2f0e4c1e-8a57-5d7c-9d3c-6f3a3b0c1a01",
            feed_id=1,
            story_id="2f0e4c1e-8a57-5d7c-9d3c-6f3a3b0c1a01",
            guid="tag:news.example.org,2026:1",
            url="https://news.example.org/2026/11/24/dam",
            title="Dam bursts in northern valley",
            summary="<p>Thousands were told to leave their homes on Tuesday after a dam gave way.</p>",
            published_at=NOON,
            first_seen_at=NOON,
            updated_at=NOON,
            feed_url=FEED_URL,
            feed_title="Example News",
            feed_site_url="https://news.example.org/",
        ),
        **changes,
    )


def a_story(*entries: Entry, **changes: Any) -> Story:
    """A stored story led by the first of these entries, or by one of its own."""
    told = entries or (an_entry(),)
    lead = told[0]
    return replace(
        Story(
            seq=1,
            id=lead.story_id,
            lead_uid=lead.uid,
            url=lead.url,
            title=lead.title,
            summary=lead.summary,
            content=lead.content,
            author=lead.author,
            lang=lead.lang,
            published_at=lead.published_at,
            first_seen_at=lead.first_seen_at,
            updated_at=lead.updated_at,
            news_at=lead.first_seen_at,
            entries=told,
        ),
        **changes,
    )


def a_rendered(text: str = "<feed/>", **changes: Any) -> Rendered:
    """A published address with these contents."""
    body = text.encode()
    etag = hashlib.sha256(body).hexdigest()[:16]
    return replace(
        Rendered(
            content_type="application/atom+xml; charset=utf-8",
            body=body,
            gzipped=gzip.compress(body, mtime=0),
            etag=f'"{etag}"',
            gzip_etag=f'"{etag}-gzip"',
            last_modified=NOON,
        ),
        **changes,
    )
