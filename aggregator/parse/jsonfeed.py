"""JSON Feed 1.0 and 1.1 (jsonfeed.org) → a ParsedFeed. feedparser does not read it.

Every member may be of a wrong type: a wrong one counts as absent, and an item that is no object is a noted
problem. Of a document that was cut short the whole items are kept.

To read another member: add it where the field of ours is made.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from aggregator.core.urls import absolute
from aggregator.errors import ParseError
from aggregator.model import Enclosure, ParsedEntry, ParsedFeed
from aggregator.parse import fields
from aggregator.parse.dates import read_date
from aggregator.parse.html import from_plain, one_line, safe_html
from aggregator.parse.limits import MAX_HUBS, MAX_TITLE, Note, shortened, told, within_limits
from aggregator.parse.markup import tidy

Node = Mapping[str, Any]

_ITEMS = re.compile(r'"items"\s*:\s*\[')


def read_json_feed(text: str, url: str) -> ParsedFeed:
    """The feed in this text; ParseError where it is JSON of another kind, or no JSON at all."""
    feed, complete = _load(text, url)
    items = feed.get("items")
    if not isinstance(items, list) or not _is_feed(feed):
        raise ParseError(url, "this is JSON, but no JSON Feed (no version of jsonfeed.org with items)")
    problems = [] if complete else [f"the document is cut short; {len(items)} whole entries were kept"]
    entries = tuple(_entries(items, url, fields.language(feed.get("language")), problems.append))
    return ParsedFeed(
        title=shortened(one_line(_text(feed, "title"), markup=False), MAX_TITLE),
        site_url=_link(feed, "home_page_url", url),
        lang=fields.language(feed.get("language")),
        format="json10" if _text(feed, "version").rstrip("/").endswith("/1") else "json11",
        entries=entries,
        problems=told(problems),
        complete=complete,
        hubs=tuple(_hubs(feed.get("hubs"), url))[:MAX_HUBS],
        self_url=_link(feed, "feed_url", url),
    )


def _hubs(said: object, url: str) -> Iterator[str]:
    """Those of its hubs that speak WebSub."""
    for hub in said if isinstance(said, list) else ():
        if isinstance(hub, dict) and _text(hub, "type").lower() == "websub":
            address = _link(hub, "url", url)
            if address:
                yield address


def _load(text: str, url: str) -> tuple[dict[str, Any], bool]:
    """The document's object, and whether it is whole."""
    try:
        feed = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        return _salvaged(text, url, error), False
    if not isinstance(feed, dict):
        raise ParseError(url, "this is JSON, but no JSON Feed (it is no object)")
    return feed, True


def _salvaged(text: str, url: str, error: Exception) -> dict[str, Any]:
    """What can be read of a broken document: its members before `items`, and the whole items."""
    start = _ITEMS.search(text)
    head = text[: start.start()].rstrip().rstrip(",") + "}" if start else ""
    try:
        feed = json.loads(head, strict=False)
    except (ValueError, RecursionError):
        raise ParseError(url, f"this is no readable JSON: {error}") from error
    return {**feed, "items": list(_whole_items(text, start.end() if start else 0))}


def _whole_items(text: str, position: int) -> Iterator[Any]:
    decoder = json.JSONDecoder(strict=False)
    while True:
        following = re.compile(r"[\s,]*").match(text, position)
        try:
            item, position = decoder.raw_decode(text, following.end() if following else position)
        except (ValueError, RecursionError):
            return
        yield item


def _is_feed(feed: Node) -> bool:
    """Whether this is a JSON Feed; many forget the version, none the title."""
    version = _text(feed, "version")
    return "jsonfeed.org/version/" in version or (not version and bool(_text(feed, "title")))


def _entries(items: list[Any], url: str, lang: str | None, note: Note) -> Iterator[ParsedEntry]:
    for number, item in enumerate(items, start=1):
        if isinstance(item, dict):
            about = partial(_note, note, number)
            yield within_limits(_entry(item, url, lang, about), about)
        else:
            _note(note, number, "it is no object")


def _note(note: Note, number: int, problem: str) -> None:
    note(f"entry {number}: {problem}")


def _entry(item: Node, url: str, lang: str | None, note: Note) -> ParsedEntry:
    elsewhere = _link(item, "external_url", url)
    link = _link(item, "url", url) or elsewhere
    published, updated = _date(item, "date_published", note), _date(item, "date_modified", note)
    summary, content = from_plain(_text(item, "summary")), _content(item, link or url)
    return ParsedEntry(
        guid=tidy(_identity(item.get("id"))).strip() or None,
        url=link or _address_in_id(item, url),
        title=one_line(_text(item, "title"), markup=False),
        summary=summary if content else "",
        content=content or summary,
        author=_authors(item),
        lang=fields.language(item.get("language")) or lang,
        published_at=published or updated,
        updated_at=updated,
        categories=tuple(dict.fromkeys(filter(None, map(_phrase, _list(item, "tags"))))),
        enclosures=_attachments(item, url),
        image=_link(item, "image", url) or _link(item, "banner_image", url),
        about=elsewhere if elsewhere != link else None,
    )


def _identity(value: object) -> str:
    """An id as text: numbers are converted, as the specification asks (JSON Feed 1.1, `id`)."""
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _address_in_id(item: Node, url: str) -> str | None:
    """The id where it is the address of the item, as the specification advises."""
    identity = _identity(item.get("id"))
    return absolute(identity, url) if identity.startswith(("http://", "https://")) else None


def _content(item: Node, base: str) -> str:
    html = _text(item, "content_html")
    return safe_html(html, base) if html.strip() else from_plain(_text(item, "content_text"))


def _authors(item: Node) -> str:
    people = [*_list(item, "authors"), item.get("author")]
    names = (fields.person(_text(person, "name"), "") for person in people if isinstance(person, dict))
    return ", ".join(dict.fromkeys(filter(None, names)))


def _attachments(item: Node, base: str) -> tuple[Enclosure, ...]:
    files = [file for file in _list(item, "attachments") if isinstance(file, dict)]
    return fields.enclosures(
        ((_text(file, "url"), file.get("mime_type"), file.get("size_in_bytes")) for file in files), base
    )


def _date(item: Node, name: str, note: Note) -> datetime | None:
    text = _text(item, name).strip()
    moment = read_date(text) if text else None
    if text and moment is None:
        note(f"no readable date '{text[:60]}'")
    return moment


def _phrase(tag: object) -> str:
    return fields.phrase(tag) if isinstance(tag, str) else ""


def _text(node: Node, name: str) -> str:
    value = node.get(name)
    return value if isinstance(value, str) else ""


def _list(node: Node, name: str) -> list[Any]:
    value = node.get(name)
    return value if isinstance(value, list) else []


def _link(node: Node, name: str, base: str) -> str | None:
    text = _text(node, name).strip()
    return absolute(text, base) if text else None
