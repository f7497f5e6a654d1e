"""Keeps a document below the size that readers and validators take, whatever the feeds say. Pure.

Where there is an archive the oldest items stand there instead; then the largest texts are cut, with a note
that leads on to the source; only where all that is not enough are the oldest items left out. The steps are
few and fixed, so that a document does not change its texts with every item that comes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache

from aggregator.core.formats.markup import element, uri
from aggregator.core.text import paragraphs, plain_text
from aggregator.model import Document, Item

BOUND = 5_000_000  # bytes
STEPS = (300_000, 100_000, 50_000, 25_000, 12_000, 6_000, 3_000, 1_000, 0)
"""characters of a text, the mildest first"""
FEW = 10  # tags; and one file, of an item of which no text is left
CUT = "Cut here, or this feed would be too large: read on at the source."

Render = Callable[[Document], Iterable[tuple[str, bytes]]]
"""a document's bytes by suffix, each made when it is asked for"""
Plain = Callable[[str], tuple[str, ...]]
"""the paragraphs of a markup as plain text"""


def fitted(document: Document, render: Render, *, least: int) -> tuple[Document, Mapping[str, bytes]]:
    """The document as it fits into BOUND in all forms, and these forms.

    Texts are cut only where it has no more than `least` items, which is as many as it must show.
    """
    plain = cache(_plain)  # every step asks for the same texts
    while True:
        held = len(document.items)
        for form in _forms(document, plain, cut=held <= least):
            bodies = _bodies(form, render)
            if bodies or not form.items:
                return form, bodies or dict(render(form))
        document = replace(document, items=document.items[: max(held // 2, least if held > least else 0)])


def _forms(document: Document, plain: Plain, *, cut: bool) -> Iterator[Document]:
    """The document, and as it is with less and less text, each where it is another."""
    yield document
    before = document
    for most in STEPS if cut else ():
        form = replace(document, items=tuple(shortened(item, most, plain) for item in document.items))
        if form != before:
            yield form
        before = form


def _bodies(document: Document, render: Render) -> dict[str, bytes] | None:
    """The document in all its forms; None where one is over BOUND, as all that hold the texts would be."""
    if sum(len(item.content or item.summary) for item in document.items) > BOUND:
        return None
    bodies = {}
    for suffix, body in render(document):
        if len(body) > BOUND:
            return None
        bodies[suffix] = body
    return bodies


def shortened(item: Item, most: int, plain: Plain) -> Item:
    """The item with texts of no more than `most` characters; with nothing but what it must have at 0."""
    if max(len(item.content), len(item.summary)) > most:
        content, summary = (_cut(text, most, item.url, plain) for text in (item.content, item.summary))
        item = replace(item, content=content, summary=summary)
    if most:
        return item
    return replace(item, also_in=(), also_more=0, tags=item.tags[:FEW], enclosures=item.enclosures[:1])


def _cut(markup: str, most: int, url: str | None, plain: Plain) -> str:
    """What is longer as plain paragraphs, and a way to the rest: much of what is long is no text at all."""
    if len(markup) <= most:
        return markup
    link = uri(url)
    note = element("p", CUT) if link is None else f"<p>{element('a', CUT, href=link)}</p>"
    return "".join(element("p", one) for one in _beginning(plain(markup), most)) + note


def _beginning(texts: Iterable[str], most: int) -> Iterator[str]:
    for text in texts:
        if most <= 0:
            return
        yield text[:most]
        most -= len(text)


def _plain(markup: str) -> tuple[str, ...]:
    return tuple(filter(None, map(plain_text, paragraphs(markup))))
