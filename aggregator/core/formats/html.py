"""A page to read: headlines, the beginning of each text, who else tells it. For people without a reader."""

from collections.abc import Iterator

from aggregator.core.formats.format import Format, Links
from aggregator.core.formats.layout import page
from aggregator.core.formats.markup import element, escaped, language, rfc3339, uri
from aggregator.core.text import plain_text
from aggregator.model import Document, Item

OPENING = 280  # characters of a text: two or three sentences
TITLES = {
    "atom": ("Atom", "application/atom+xml"),
    "rss": ("RSS", "application/rss+xml"),
    "json": ("JSON", "application/feed+json"),
}


def render(document: Document, links: Links) -> bytes:
    """The document as a web page. Times are absolute: the page must not change as time goes by."""
    depth = document.name.count("/")
    root = "../" * depth or "./"
    subscribe = "".join(
        f"<li>{element('a', name, href=links[suffix])}</li>" for suffix, (name, _) in TITLES.items()
    )
    head = "\n".join(
        element("link", rel="alternate", type=kind, title=document.title, href=links[suffix])
        for suffix, (_, kind) in TITLES.items()
    )
    items = "\n".join(_item(item, root) for item in document.items)
    body = (
        f'<header class="out">\n{element("h1", document.title)}\n{element("p", document.description)}\n'
        f'<ul aria-label="Subscribe">{subscribe}</ul>\n</header>\n'
        + (
            f'<ol class="items">\n{items}\n</ol>'
            if items
            else "<p>Nothing yet. Stories appear here as they come.</p>"
        )
    )
    return page(document.title, body, head=head, root=root).encode()


def _item(item: Item, root: str) -> str:
    link = uri(item.url)
    title = element("a", item.title, href=link, rel="noopener noreferrer") if link else escaped(item.title)
    return "\n".join(
        (f'<li lang="{language(item.lang) or "und"}"><h2>{title}</h2>', *_below(item, root), "</li>")
    )


def _below(item: Item, root: str) -> Iterator[str]:
    time = f'<time datetime="{rfc3339(item.published_at)}">{item.published_at:%d %b %Y, %H:%M} UTC</time>'
    tags = "".join(element("a", tag, href=f"{root}tag/{tag}.html") for tag in item.tags)
    yield f'<p class="by">{escaped(item.feed_title)} · {time} <span class="tags">{tags}</span></p>'
    if text := opening(plain_text(item.summary or item.content)):
        yield element("p", text)
    if item.also_in:
        others = ", ".join(
            element("a", one.feed_title, href=one.url, title=one.title or None, rel="noopener noreferrer")
            for one in item.also_in
        )
        yield f'<p class="also">Also in {others}</p>'


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
