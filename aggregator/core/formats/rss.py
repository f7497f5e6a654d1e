"""RSS 2.0, with the modules that readers know: content, dc, media, atom:link."""

import re
from collections.abc import Iterable, Iterator
from html import escape

from aggregator.core.formats.also_in import also_in, headline, others, whole_text
from aggregator.core.formats.format import HISTORY, Format, Links, history, is_marked_archive
from aggregator.core.formats.markup import (
    element,
    escaped,
    label,
    language,
    media_type,
    nested,
    older_uri,
    rfc822,
    sure_text,
    xml_document,
)
from aggregator.core.text import clean_text
from aggregator.model import Document, Enclosure, Item

NAMESPACES = {
    "xmlns_atom": "http://www.w3.org/2005/Atom",
    "xmlns_content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns_dc": "http://purl.org/dc/elements/1.1/",
    "xmlns_media": "http://search.yahoo.com/mrss/",
}


def render(document: Document, links: Links) -> bytes:
    """The document as an RSS channel."""
    head = (
        _title("title", document.title),
        element("link", links["html"]),
        _title("description", document.description),
        element("lastBuildDate", rfc822(document.updated_at)),
        element("atom:link", rel="self", type="application/rss+xml", href=links["rss"]),
        element("atom:link", rel="hub", href=document.hub) if document.hub else "",
        *(element("atom:link", rel=relation, href=address) for relation, address in history(document, "rss")),
        element("fh:archive") if is_marked_archive(document) else "",
        element("generator", "aggregator"),
    )
    modules = {**NAMESPACES, "xmlns_fh": HISTORY} if is_marked_archive(document) else NAMESPACES
    items = (nested("item", _item(item)) for item in document.items)
    return xml_document(nested("rss", [nested("channel", (*head, *items))], version="2.0", **modules))


def _item(item: Item) -> Iterator[str]:
    yield _title("title", item.title)
    if link := older_uri(item.url):
        yield element("link", link)
    yield element("guid", item.id, isPermaLink="false")
    yield element("pubDate", rfc822(item.published_at))
    yield element("dc:creator", item.author or item.feed_title or "Unknown")
    if lang := language(item.lang):
        yield element("dc:language", lang)
    yield from (_title("category", tag) for tag in item.tags)
    text, summary = whole_text(item), clean_text(item.summary)
    yield element("description", summary + also_in(item) if summary else text)
    if summary:  # else the description is the whole text already
        yield element("content:encoded", text)
    yield from _files(item.enclosures)
    for one in others(item):
        title = label(f"{one.feed_title}: {headline(one, item)}")
        yield element("atom:link", rel="related", href=one.url, title=title)
    if picture := older_uri(item.image):
        yield element("media:thumbnail", url=picture)
    if source := older_uri(item.feed_url):
        yield _title("source", item.feed_title or source, url=source)


def _files(files: Iterable[Enclosure]) -> Iterator[str]:
    """RSS 2.0 knows one enclosure; what else there is, and what no enclosure may name, is media:content."""
    enclosed = False
    for file in files:
        address, kind = older_uri(file.url), media_type(file)
        if address and not enclosed and _NAMED_HOST.match(address):
            enclosed = True
            yield element("enclosure", url=address, length=str(file.length or 0), type=kind)
        elif address:
            size = str(file.length) if file.length else None
            yield element("media:content", url=address, type=kind, fileSize=size)


def _title(name: str, text: str, **attributes: str) -> str:
    """A text that readers may take for HTML or not; what looks like a tag is escaped twice, so none does."""
    plain = clean_text(text)
    if _TAG.search(plain):
        plain = escape(plain, quote=False)
    said = "".join(f' {key}="{escaped(value)}"' for key, value in attributes.items())
    return f"<{name}{said}>{sure_text(plain)}</{name}>"


_TAG = re.compile(r"</?[a-zA-Z]")
_NAMED_HOST = re.compile(r"https?://(?:[a-z0-9-]+\.)+[a-z0-9][a-z0-9-]*(?::\d+)?/")
"""an address without a user, at a host with a dot in its name: what the W3C validator takes for a full URL"""


FORMAT = Format("rss", "application/rss+xml; charset=utf-8", render)
