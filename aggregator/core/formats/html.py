"""A page to read: headlines, the beginning of each text, who else tells it. For people without a reader."""

from collections.abc import Iterator

from aggregator.core.formats.also_in import also_in
from aggregator.core.formats.format import Format, Links
from aggregator.core.formats.layout import page
from aggregator.core.formats.markup import (
    clock,
    element,
    escaped,
    language,
    media_type,
    rfc3339,
    uri,
    wrapped,
)
from aggregator.core.text import clean_text, plain_text
from aggregator.model import Document, Enclosure, Item

OPENING = 280  # characters of a text: two or three sentences
KINDS = {"image": "picture", "audio": "audio", "video": "video"}
SIZES = {1_000_000_000: "GB", 1_000_000: "MB", 1_000: "kB"}
TITLES = {
    "atom": ("Atom", "application/atom+xml"),
    "rss": ("RSS", "application/rss+xml"),
    "json": ("JSON", "application/feed+json"),
}

Pages = frozenset[str] | None
"""as those of a document"""


def render(document: Document, links: Links) -> bytes:
    """The document as a web page. Times are absolute: the page must not change as time goes by."""
    depth = document.name.count("/")
    root = "../" * depth or "./"
    if document.pages is not None:
        links = {suffix: f"./{document.name.rpartition('/')[2]}.{suffix}" for suffix in links}
    subscribe = "".join(
        f"<li>{element('a', name, href=links[suffix])}</li>" for suffix, (name, _) in TITLES.items()
    )
    head = "\n".join(
        element("link", rel="alternate", type=kind, title=document.title, href=links[suffix])
        for suffix, (_, kind) in TITLES.items()
    )
    items = "\n".join(_item(item, root, document.pages) for item in document.items)
    body = (
        f'<header class="out">\n{element("h1", document.title)}\n{element("p", document.description)}\n'
        f'<ul aria-label="Subscribe">{subscribe}</ul>\n</header>\n'
        + (
            f'<ol class="items">\n{items}\n</ol>'
            if items
            else "<p>Nothing yet. Stories appear here as they come.</p>"
        )
    )
    return page(document.title, body, head=head, root=root, served=document.pages is None).encode()


def _item(item: Item, root: str, pages: Pages) -> str:
    link, title = uri(item.url), opening(item.title)
    named = element("a", title, href=link, rel="noopener noreferrer") if link else escaped(title)
    head = f'<li lang="{language(item.lang) or "und"}"><h2 dir="auto">{named}</h2>'
    return "\n".join((head, *_below(item, root, pages), "</li>"))


def _below(item: Item, root: str, pages: Pages) -> Iterator[str]:
    time = element("time", clock(item.published_at), datetime=rfc3339(item.published_at))
    tags = "".join(_tag(tag, root, pages) for tag in item.tags)
    by = f'{element("bdi", item.feed_title)} · {time} <span class="tags">{tags}</span>{_judged(item, root)}'
    yield f'<p class="by">{by}</p>'
    if item.whole:
        yield wrapped("div", clean_text(item.content), class_="whole", dir="auto")
    elif text := opening(plain_text(item.summary or item.content)):
        yield element("p", text, dir="auto")
    if files := ", ".join(_files(item)):
        yield f'<p class="files">{files}</p>'
    if others := also_in(item, class_="also", rel="noopener noreferrer"):
        yield others


def _tag(tag: str, root: str, pages: Pages) -> str:
    """The tag, as a link where it has a page."""
    address = f"tag/{tag}.html"
    there = pages is None or address in pages
    return element("a", tag, href=f"{root}{address}") if there else element("span", tag)


def _judged(item: Item, root: str) -> str:
    """The way to our own page about it; the title makes a name of it for those who hear links in a list."""
    if not item.page:
        return ""
    words = "How it was judged"
    name = escaped(f"{words}: {opening(item.title)}")
    return f' <a class="judged" lang="en" href="{escaped(root + item.page)}" aria-label="{name}">{words}</a>'


def _files(item: Item) -> Iterator[str]:
    """Links to what belongs to the item. Nothing is loaded: a page asks no other host for anything."""
    picture = [Enclosure(item.image, "image/jpeg")] if item.image else []
    for file in (*picture, *item.enclosures):
        if address := uri(file.url):
            yield element("a", file_in_words(file), href=address, rel="noopener noreferrer")


def file_in_words(file: Enclosure) -> str:
    """`audio, 12 MB`."""
    kind, length = KINDS.get(media_type(file).partition("/")[0], "file"), file.length or 0
    size = next((f", {length / unit:.0f} {name}" for unit, name in SIZES.items() if length >= unit), "")
    return kind + size


def opening(text: str) -> str:
    """The beginning of a text, cut between words."""
    if len(text) <= OPENING:
        return text
    return (
        text[:OPENING].rpartition(" ")[0].rstrip(" .,;:") + " …"
        if " " in text[:OPENING]
        else text[:OPENING] + "…"
    )


FORMAT = Format("html", "text/html; charset=utf-8", render)
