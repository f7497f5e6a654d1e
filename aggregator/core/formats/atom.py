"""Atom 1.0 (RFC 4287), with atom:source for where an item is from."""

import re
import uuid
import zlib
from collections.abc import Iterator

from aggregator.core.formats.also_in import headline, others, whole_text
from aggregator.core.formats.format import HISTORY, Format, Links, history, is_marked_archive
from aggregator.core.formats.markup import (
    element,
    escaped,
    label,
    language,
    media_type,
    nested,
    older_uri,
    rfc3339,
    sure_text,
    uri,
    xml_document,
)
from aggregator.core.text import clean_text
from aggregator.model import Document, Item

# A feed's id must not change with the address it is served from: ids are made from its first name alone.
FEED_IDS = uuid.UUID("6e1d7a52-6c5c-5d0b-9f0e-1f8a5e3b7c11")
_IN_ANGLES = re.compile(r"<[^<>]*>")


def render(document: Document, links: Links) -> bytes:
    """The document as an Atom feed."""
    head = (
        element("id", f"urn:uuid:{uuid.uuid5(FEED_IDS, document.origin or document.name)}"),
        _text("title", document.title),
        _text("subtitle", document.description),
        element("updated", rfc3339(document.updated_at)),
        element("link", rel="self", type="application/atom+xml", href=links["atom"]),
        element("link", rel="alternate", type="text/html", href=links["html"]),
        element("link", rel="hub", href=document.hub) if document.hub else "",
        *(element("link", rel=relation, href=address) for relation, address in history(document, "atom")),
        element("fh:archive") if is_marked_archive(document) else "",
        element("generator", "aggregator"),
    )
    entries = (nested("entry", _entry(item), xml_lang=language(item.lang)) for item in document.items)
    root = nested(
        "feed",
        (*head, *entries),
        xmlns="http://www.w3.org/2005/Atom",
        xmlns_media="http://search.yahoo.com/mrss/",
        xmlns_fh=HISTORY if is_marked_archive(document) else None,
    )
    return xml_document(root)


def _entry(item: Item) -> Iterator[str]:
    yield element("id", item.id)
    yield _text("title", item.title)
    if link := uri(item.url):
        yield element("link", rel="alternate", href=link)
    yield element("updated", _updated(item))
    yield element("published", rfc3339(item.published_at))
    yield nested("author", [f"<name>{_name(item)}</name>"])
    yield from (element("category", term=tag) for tag in item.tags)
    text = whole_text(item)
    if text and item.content and item.summary:
        yield element("summary", clean_text(item.summary), type="html")
    # An entry must have content where it has no link, and should have some (RFC 4287 §4.1.2, §4.1.3).
    yield element("content", text or escaped(item.title), type="html")
    for file in item.enclosures:
        length = None if file.length is None else str(file.length)
        yield element("link", rel="enclosure", href=uri(file.url), type=media_type(file), length=length)
    for one in others(item):
        title = label(f"{one.feed_title}: {headline(one, item)}")
        yield element("link", rel="related", href=uri(one.url), title=title)
    if picture := older_uri(item.image):
        yield element("media:thumbnail", url=picture)
    if source := uri(item.feed_url):
        yield nested("source", _source(item, source))


def _text(name: str, text: str) -> str:
    """A text construct (§3.1): what could be taken for markup says that it is none, by being HTML for it."""
    plain = clean_text(text)
    return (
        element(name, escaped(plain), type="html") if "<" in plain or "&" in plain else element(name, plain)
    )


def _name(item: Item) -> str:
    """Who wrote it, or who brought it: plain text (§3.2.1), so what looks like a tag is left out."""
    names = (sure_text(_IN_ANGLES.sub(" ", name)) for name in (item.author, item.feed_title))
    return next(filter(None, names), "Unknown")


def _updated(item: Item) -> str:
    """To the second as it is, with a fraction made from the id.

    Entries of one document often say the same second, and validators ask that no two entries of a feed have
    the same atom:updated; a fraction from the id keeps them apart and never changes.
    """
    return f"{rfc3339(item.updated_at)[:-1]}.{zlib.crc32(item.id.encode()) % 1_000_000:06}Z"


def _source(item: Item, source: str) -> Iterator[str]:
    yield element("id", source)
    yield _text("title", item.feed_title or source)
    yield element("updated", rfc3339(item.updated_at))
    yield element("link", rel="self", href=source)
    if site := uri(item.feed_site_url):
        yield element("link", rel="alternate", href=site)


FORMAT = Format("atom", "application/atom+xml; charset=utf-8", render)
