"""JSON Feed 1.1 (jsonfeed.org/version/1.1), with our own object `_aggregator` for what it has no word for."""

import json
from typing import Any

from aggregator.core.formats.also_in import headline, others, whole_text
from aggregator.core.formats.format import Format, Links, history
from aggregator.core.formats.markup import language, media_type, rfc3339, uri
from aggregator.core.text import clean_text
from aggregator.model import Document, Enclosure, Item


def render(document: Document, links: Links) -> bytes:
    """The document as a JSON Feed."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": clean_text(document.title),
        "home_page_url": links["html"],
        "feed_url": links["json"],
        "description": clean_text(document.description),
        "next_url": dict(history(document, "json")).get("prev-archive"),
        "hubs": [{"type": "WebSub", "url": document.hub}] if document.hub else None,
        "items": [_item(item, document.base_url) for item in document.items],
    }
    said = {key: value for key, value in feed.items() if value is not None}
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()


def _item(item: Item, base_url: str) -> dict[str, Any]:
    author = item.author or item.feed_title
    said = {
        "id": item.id,
        "url": uri(item.url),
        "title": clean_text(item.title),
        "content_html": whole_text(item),
        "image": uri(item.image),
        "date_published": rfc3339(item.published_at),
        "date_modified": rfc3339(item.updated_at),
        "authors": [{"name": clean_text(author)}] if author else None,
        "tags": list(item.tags) or None,
        "language": language(item.lang),
        "attachments": [_attachment(file) for file in item.enclosures] or None,
        "_aggregator": _ours(item, base_url),
    }
    return {key: value for key, value in said.items() if value is not None}


def _attachment(file: Enclosure) -> dict[str, Any]:
    said = {"url": uri(file.url), "mime_type": media_type(file), "size_in_bytes": file.length}
    return {key: value for key, value in said.items() if value is not None}


def _ours(item: Item, base_url: str) -> dict[str, Any]:
    return {
        "about": "https://jsonfeed.org/version/1.1#extensions",
        "feed": clean_text(item.feed_title),
        "feed_url": item.feed_url,
        "page": f"{base_url}{item.page}" if item.page else "",
        "news_at": rfc3339(item.news_at),
        "coverage": item.coverage,
        "also_in": [
            {
                "feed": clean_text(one.feed_title),
                "url": one.url,
                "title": clean_text(headline(one, item)),
            }
            for one in others(item)
        ],
    }


FORMAT = Format("json", "application/feed+json; charset=utf-8", render)
