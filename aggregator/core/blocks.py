"""A text cut into its blocks: paragraphs, their sentences, and the parts of a line that is no sentence. Pure.

What a page says under every article, it says as a block of its own: a tagline is a paragraph, "Log in" a
link, and of the credit "Photo: Jane Doe / Reuters" only the name is another one each time. So a short line
that is no sentence is cut further than a sentence is: at links, after its label, at bars, dots and slashes.

To cut elsewhere: `_in_pieces`, and a row in tests/core/test_blocks.py.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

from aggregator.core.text import paragraphs, plain_text

LINE = 80  # characters: longer is no credit and no button, but something that is told
LINE_MARKUP = 2_000  # characters of such a line with its markup; more is no page's doing

_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])\s+|\s+[|·•»]\s+")
_ENDS = (".", "!", "?", "…", "。", "！", "？")
_LABEL = re.compile(r"([^:：]{1,20}(?::(?=\s)|：))\s*(?=\S)")
_SEAM = re.compile(rf"{_SENTENCE_END.pattern}|\s+/\s+")
_SAID = re.compile(r"[^\W_]")
_LINK = re.compile(r'<a\b[^<>]*?\shref="([^"<>]*)"[^<>]*>(.*?)</a>', re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Block:
    """What stands by itself in a text; `link` is where all of it leads, without query and fragment."""

    text: str
    link: str | None = None


def blocks(markup: str) -> Iterator[Block]:
    """The blocks of this HTML in their order; joined by blanks they are its plain text, but for the seams."""
    return (
        block for paragraph in paragraphs(markup) for block in _cut(paragraph) if _SAID.search(block.text)
    )


def sentences(text: str) -> tuple[str, ...]:
    """The text cut where a sentence ends, or where a page puts a bar or a dot between its parts."""
    return tuple(part for part in _SENTENCE_END.split(text) if part)


def _cut(paragraph: str) -> Iterator[Block]:
    text = plain_text(paragraph)
    if len(text) > LINE or text.endswith(_ENDS) or len(paragraph) > LINE_MARKUP:
        yield from map(Block, sentences(text))
        return
    before, *links = _LINK.split(paragraph)
    yield from _in_pieces(plain_text(before))
    for target, inside, after in zip(links[::3], links[1::3], links[2::3], strict=True):
        yield Block(plain_text(inside), _place(unescape(target)))
        yield from _in_pieces(plain_text(after))


def _in_pieces(line: str) -> Iterator[Block]:
    label = _LABEL.match(line)
    if label:
        yield Block(label[1])
        line = line[label.end() :]
    yield from map(Block, _SEAM.split(line))


def _place(url: str) -> str | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return f"{parts.netloc}{parts.path}"
