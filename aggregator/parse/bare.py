"""What is left of XML that no parser will take: the plain elements that a feed is made of, and their frame.

For documents that make feedparser raise: a stray `</width>` does. Elements within elements are left out, so a
text in XHTML is lost, and with it nothing else. Takes time in proportion to its input.

To keep another element: its name in _NAMES.
"""

import re

_NAMES = (
    "title|link|guid|id|pubDate|published|updated|date|modified|issued|created|name|creator|author|"
    "description|summary|content|encoded|enclosure|category|subject|language"
)
_ONCE = frozenset({"title", "guid", "id"})
_ELEMENT = re.compile(
    rf"<((?:(?!media:)[A-Za-z_][\w.-]{{0,30}}:)?({_NAMES}))(?=[\s/>])"
    r"(?:[^<>]*?/>|[^<>]*+>(?:[^<]++|<!\[CDATA\[.*?\]\]>)*+</\1\s*+>)",
    re.IGNORECASE | re.DOTALL,
)
_APART = re.compile(  # they hold elements of the same names
    r"<(textinput|image|source)\b[^<>]*>.{0,2000}?</\1\s*+>", re.IGNORECASE | re.DOTALL
)
_START = re.compile(r"<[A-Za-z_][^<>]*>")
_CHANNEL = re.compile(r"<((?:[A-Za-z_][\w.-]{0,30}:)?channel)(?=[\s>])[^<>]*>", re.IGNORECASE)


def bare_item(text: str) -> str:
    """An item (RSS) or entry (Atom), from its start to its end tag, with its plain elements alone."""
    start, end = text.index(">") + 1, text.rindex("</")
    return text[:start] + _elements(text[start:end]) + text[end:]


def bare_frame(head: str) -> tuple[str, str]:
    """What stands before a document's items, from its root on, and what after them, bare likewise."""
    root = next(_START.finditer(head))
    begin, end = head[: root.end()], f"</{root[0][1:-1].split()[0]}>"
    channel = _CHANNEL.search(head, root.end())
    if channel is None:
        return begin + _elements(head[root.end() :]), end
    begin += channel[0] + _elements(head[channel.end() :])
    if f"</{channel[1]}" in head:  # RSS 1.0 has its items after the channel
        return f"{begin}</{channel[1]}>", end
    return begin, f"</{channel[1]}>{end}"


def _elements(text: str) -> str:
    kept, seen = [], set()
    for match in _ELEMENT.finditer(_APART.sub("", text)):
        name = match[2].lower()
        if name not in _ONCE or name not in seen:
            kept.append(match[0])
        seen.add(name)
    return "".join(kept)
