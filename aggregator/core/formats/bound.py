"""Keeps a document below the size that readers and validators take, whatever the feeds say. Pure.

Where there is an archive the oldest items stand there instead; then the largest texts are cut, with a note
that leads on to the source; only where all that is not enough are the oldest items left out. The steps are
few and fixed, so that a document does not change its texts with every item that comes.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from aggregator.core.formats.markup import element, uri
from aggregator.core.text import paragraphs, plain_text
from aggregator.model import Document, Item

BOUND = 5_000_000  # bytes
STEPS = (300_000, 100_000, 30_000, 10_000, 3_000, 1_000, 0)  # characters of a text, the mildest first
FEW = 10  # tags; and one file, of an item of which no text is left
CUT = "Cut here, or this feed would be too large: read on at the source."

Render = Callable[[Document], Mapping[str, bytes]]
"""a document's bytes in each of its forms"""


def fitted(document: Document, render: Render, *, least: int) -> tuple[Document, Mapping[str, bytes]]:
    """The document as it fits into BOUND in all forms, and these forms.

    Texts are cut only where it has no more than `least` items, which is as many as it must show.
    """
    while True:
        for form in _forms(document, cut=len(document.items) <= least):
            bodies = render(form)
            if all(len(body) <= BOUND for body in bodies.values()) or not form.items:
                return form, bodies
        left = len(document.items) // 2
        left = max(least, left) if len(document.items) > least else left
        document = replace(document, items=document.items[:left])


def _forms(document: Document, *, cut: bool) -> Iterator[Document]:
    yield document
    for most in STEPS if cut else ():
        yield replace(document, items=tuple(shortened(item, most) for item in document.items))


def shortened(item: Item, most: int) -> Item:
    """The item with texts of no more than `most` characters; with nothing but what it must have at 0."""
    content, summary = (_cut(text, most, item) for text in (item.content, item.summary))
    item = replace(item, content=content, summary=summary)
    if most:
        return item
    return replace(item, also_in=(), also_more=0, tags=item.tags[:FEW], enclosures=item.enclosures[:1])


def _cut(markup: str, most: int, item: Item) -> str:
    """What is longer as plain paragraphs, and a way to the rest: much of what is long is no text at all."""
    if len(markup) <= most:
        return markup
    link = uri(item.url)
    note = element("p", CUT) if link is None else f"<p>{element('a', CUT, href=link)}</p>"
    return "".join(element("p", one) for one in _beginning(markup, most)) + note


def _beginning(markup: str, most: int) -> Iterator[str]:
    for paragraph in filter(None, map(plain_text, paragraphs(markup))):
        if most <= 0:
            return
        yield paragraph[:most]
        most -= len(paragraph)
