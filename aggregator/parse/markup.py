"""Makes the text of an XML document harmless and whole before a parser sees it. Never changes what it says.

Declared entities are put in by hand and the DOCTYPE goes, so no parser ever expands one: a document of
100 kB can otherwise grow to 200 MB. References to characters that do not exist go too, for they make
feedparser raise. What a cut document holds whole is kept, and closed properly.

To mend another habit of publishers: a function text → text, called in `harmless`.
"""

import html
import re
from dataclasses import dataclass
from html.entities import html5

from aggregator.core.text import clean_text
from aggregator.parse.replacing import replaced
from aggregator.parse.slim import slim

FEED_ROOTS = frozenset({"rss", "rdf", "feed", "channel"})

_ROOT = re.compile(r"<([A-Za-z_][\w.-]{0,30}:)?([A-Za-z_][\w.-]{0,60})(?=[\s/>])")
_PROLOG = re.compile(
    r"<!--.*?-->|<\?[^<>]*>|<!(?!--)(?:[^\[\]<>\"']|\"[^\"]*\"|'[^']*'|<[^>]*>|\[|\])*+>", re.DOTALL
)
_MAX_PROLOG = 4_000_000  # characters before the root, and how many constructs in them: to look for the end
_MAX_CONSTRUCTS = 50  # of each of a million that are never closed would take hours
_ENTITY = re.compile(
    r"""<!ENTITY\s+([A-Za-z_][\w.-]{0,40})\s+(?:"([^"<&%]*|&#\w{1,8};)"|'([^'<&%]*|&#\w{1,8};)')\s*>"""
)
_REFERENCE = re.compile(r"&([A-Za-z_][\w.-]{0,40});")
_NUMERIC = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_NAMESPACE = re.compile(r"""(?<=\s)xmlns(?::[\w.-]{1,30})?\s*=\s*("[^"]*"|'[^']*')""")
_XML_OWN = frozenset({"lt", "gt", "amp", "quot", "apos"})
_MAX_ENTITY = 64  # characters; what feeds declare is a letter, a sign or a short name
_MAX_GROWTH = 1_000_000  # characters that declared entities may add in all
_TAIL = 4_000  # characters after the root in which hosters put their comments and scripts
_ITEM_TAG = re.compile(
    r"<(/?)((?:[A-Za-z_][\w.-]{0,30}:)?(?:item|entry))(?=[\s/>])([^<>]*?)(/?)>", re.IGNORECASE
)
_CDATA = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|$)|<!--.*?(?:-->|$)", re.DOTALL)
_C1 = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
HIDDEN_AT = "\ufdd0"
"""Stands for an @ that feedparser must not see; Unicode keeps this one for such uses inside a program"""
_NO_SIGN = {**_C1, 0xFFFD: None, ord(HIDDEN_AT): "@"}
"""C1 controls are windows-1252 put into the wrong place; the replacement character says nothing"""


@dataclass(frozen=True, slots=True)
class Document:
    """An XML document, harmless. `complete` is False where its root's end tag is missing."""

    text: str
    root: str
    complete: bool


def tidy(text: str) -> str:
    """Without characters that XML forbids or that only stand for lost ones; a hidden @ is shown again."""
    return clean_text(text).translate(_NO_SIGN)


def harmless(text: str) -> Document:
    """The document without prolog, entities and forbidden characters, closed if it was cut."""
    start = _root(text)
    if start is None:
        return Document("", "", complete=False)
    prolog, tag, text = text[: start.start()], *_first_tag(text[start.start() :])
    tag = _NAMESPACE.sub(lambda match: "".join(match[0].split()), tag)  # feedparser splits at blanks
    text = replaced(_NUMERIC, _existing, tidy(tag + text))
    text = slim(replaced(_REFERENCE, _Entities(prolog, text), text))
    whole, complete = _closed(text, start[0][1:])
    lines = "\n" * prolog.count("\n")  # so that a parser's complaint names the right line
    return Document(f"<?xml version='1.0' encoding='utf-8'?>{lines}{whole}", start[2].lower(), complete)


def _root(text: str) -> re.Match[str] | None:
    """Where the first element starts; whatever stands before a declaration is not ours to read."""
    declared = max(text.find("<?xml ", 0, _TAIL), 0)
    position = text.find("<", declared)
    for _ in range(_MAX_CONSTRUCTS):
        if position < 0 or (match := _ROOT.match(text, position)):
            return match if position >= 0 else None
        skipped = _PROLOG.match(text, position, declared + _MAX_PROLOG)
        position = text.find("<", skipped.end() if skipped else position + 1)
    return None


def _first_tag(text: str) -> tuple[str, str]:
    end = text.find(">") + 1
    return text[:end], text[end:]


class _Entities:
    """What stands for a named reference: XML's own as they are, declared ones and HTML's as characters."""

    def __init__(self, prolog: str, text: str) -> None:
        found = {name: html.unescape(one or two) for name, one, two in _ENTITY.findall(prolog[:100_000])}
        grown = sum(len(value) * text.count(f"&{name};") for name, value in list(found.items())[:100])
        harmless = grown <= _MAX_GROWTH and len(found) <= 100
        self._declared = {n: v for n, v in found.items() if len(v) <= _MAX_ENTITY} if harmless else {}

    def __call__(self, match: re.Match[str]) -> str:
        name = match[1]
        if name in _XML_OWN:
            return match[0]
        value = self._declared.get(name) or html5.get(f"{name};")
        return match[0] if value is None else html.escape(value, quote=False)


def _existing(match: re.Match[str]) -> str:
    """A numeric reference to a character that XML allows, or nothing."""
    digits = match[1] or match[2]
    code = int(digits, 16 if match[1] else 10) if len(digits) < 9 else -1
    if 0x80 <= code < 0xA0:
        return _C1[code]
    known = 0 <= code < 0x110000 and tidy(chr(code))
    return match[0] if known else ""


def _closed(text: str, root: str) -> tuple[str, bool]:
    """The text up to its root's end tag; one that was cut ends after its last whole item."""
    if re.match(r"<[^<>]*/>", text):
        return text, True
    end = _last_end(text, root)
    if end:
        return text[:end], True
    cut = _last_item(text)
    if cut is None:
        return text, False
    channel = "</channel>" if root == "rss" and "</channel>" not in text[cut - 200 : cut + 1] else ""
    return f"{text[:cut]}{channel}</{root}>", False


def _last_end(text: str, root: str) -> int:
    """Where the root's end tag ends, 0 where there is none near the end."""
    tail = max(len(text) - _TAIL, 0)
    ends = list(re.finditer(rf"</{re.escape(root)}\s*>", text[tail:], re.IGNORECASE))
    return tail + ends[-1].end() if ends else 0


def _last_item(text: str) -> int | None:
    """Where to cut a document that ends inside an item: after the last whole one, or before the first.

    None where it ends outside all items, so that nothing need be cut.
    """
    inside, cut = False, 0
    for match in _ITEM_TAG.finditer(_blanked(text)):
        if match[1] or (match[4] and not inside):
            inside, cut = False, match.end()
        elif not inside:
            inside, cut = True, cut or match.start()
    return cut if inside else None


def item_spans(text: str) -> list[tuple[int, int]]:
    """Where each whole item starts and ends."""
    spans: list[tuple[int, int]] = []
    start = -1
    for match in _ITEM_TAG.finditer(_blanked(text)):
        if match[1] and start >= 0:
            spans.append((start, match.end()))
            start = -1
        elif not match[1] and not match[4] and start < 0:
            start = match.start()
    return spans


def _blanked(text: str) -> str:
    """The text with CDATA sections and comments blanked, every other character where it was."""
    return replaced(_CDATA, lambda match: " " * len(match[0]), text)
