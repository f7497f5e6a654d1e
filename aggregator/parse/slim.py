"""Makes the text of an XML document cheap to read: what makes feedparser's time grow with the square goes.

Its time grows with the square of the attributes of a tag, of the length of an author's name and of the
categories of an item, and its memory with the depth of elements. No feed that people read comes near these
limits, so what is beyond them is left out and the entry is kept. What still takes too long is ended from
outside (workers.py).

To slim something else: a function text → text that takes time in proportion to its input, called in `slim`.
"""

import re

from aggregator.parse.replacing import replaced

MAX_ATTRIBUTES = 200  # of one tag; the longest of a real feed has some 30, all of them namespaces
MAX_NAME = 1_200  # characters of an author's name
MAX_KEYWORDS = 1_200  # characters of one list of keywords
MAX_CATEGORIES = 200  # of one item
MAX_DEPTH = 500  # of elements within an item

_LONG = 2_000  # characters: a tag that is shorter cannot hold too many attributes
_LONG_TAG = re.compile(rf"""<(?=[A-Za-z_])(?=[^<]{{{_LONG}}})(?:[^<>"']|"[^"<]*"|'[^'<]*')*+>""")
_ATTRIBUTE = re.compile(r"""\s[^\s=<>"'/]++(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]++))?+""")
_PREFIX = r"(?:[A-Za-z_][\w.-]{0,30}:)?"
_TEXT = r"(?:[^<]++|<!\[CDATA\[.*?(?:\]\]>|\Z))*+"
_NAME = re.compile(
    rf"(<{_PREFIX}(?:author|creator|managingEditor|webMaster|publisher)\b[^<>]*+>)({_TEXT})",
    re.IGNORECASE | re.DOTALL,
)
_KEYWORDS = re.compile(rf"(<{_PREFIX}(?:keywords|tags)\b[^<>]*+>)({_TEXT})", re.IGNORECASE | re.DOTALL)
_CATEGORY = re.compile(
    rf"<({_PREFIX}(?:category|subject|keywords))\b[^<>]*+>(?:(?<=/>)|{_TEXT}</\1\s*+>)"
    rf"|<{_PREFIX}(?P<item>item|entry)(?=[\s/>])",
    re.IGNORECASE | re.DOTALL,
)
_CATEGORY_LIKE = re.compile(r"(?:category|subject|keywords)\b", re.IGNORECASE)
_ELEMENT = re.compile(
    rf"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    rf"|<(?P<close>/?)(?P<name>{_PREFIX}[A-Za-z_][\w.-]*+)[^<>]*?(?P<empty>/?)>",
    re.DOTALL,
)
_ITEM = re.compile(rf"{_PREFIX}(?:item|entry)", re.IGNORECASE)
_UNCLOSED = frozenset({"br", "hr", "img", "input", "link", "meta", "p", "li"})  # HTML that was not escaped


def slim(text: str) -> str:
    """The document without what no reader would miss and no parser can take."""
    text = replaced(_LONG_TAG, _few_attributes, text)
    text = replaced(_NAME, lambda match: match[1] + _shortened(match[2], MAX_NAME), text)
    text = replaced(_KEYWORDS, lambda match: match[1] + _shortened(match[2], MAX_KEYWORDS), text)
    if sum(1 for _ in _CATEGORY_LIKE.finditer(text)) > MAX_CATEGORIES:
        text = replaced(_CATEGORY, _Categories(), text)
    return _shallow(text)


def _few_attributes(match: re.Match[str]) -> str:
    tag = match[0]
    for number, attribute in enumerate(_ATTRIBUTE.finditer(tag), start=1):
        if number == MAX_ATTRIBUTES:
            return tag[: attribute.end()] + ("/>" if tag.endswith("/>") else ">")
    return tag


def _shortened(text: str, most: int) -> str:
    """An element's text, cut; never inside a reference or a CDATA section."""
    if len(text) <= most:
        return text
    if "<![CDATA[" in text:
        return f"<![CDATA[{re.sub(r'<!.CDATA.|]]>', '', text)[:most]}]]>"
    text = text[:most]
    reference = text.rfind("&", most - 50)
    return text[:reference] if reference >= 0 and ";" not in text[reference:] else text


class _Categories:
    """Leaves the first categories of each item, for `replaced`."""

    def __init__(self) -> None:
        self._seen = 0

    def __call__(self, match: re.Match[str]) -> str:
        if match["item"]:
            self._seen = 0
            return match[0]
        self._seen += 1
        return match[0] if self._seen <= MAX_CATEGORIES else ""


def _shallow(text: str) -> str:
    """The document without the tags that lie too deep; their text stays."""
    if text.count("<") <= MAX_DEPTH:
        return text
    depth = _Depth()
    shallow = all(depth(match) for match in _ELEMENT.finditer(text))
    return text if shallow else replaced(_ELEMENT, _Depth(), text)


class _Depth:
    """Leaves the tags that are not too deep, for `replaced`. An item begins anew, whatever was left open."""

    def __init__(self) -> None:
        self._depth = 0

    def __call__(self, match: re.Match[str]) -> str:
        name = match["name"]
        if name is None or match["empty"] or name.lower() in _UNCLOSED:
            return match[0] if self._depth <= MAX_DEPTH else ""
        if _ITEM.fullmatch(name):
            self._depth = 0
        elif match["close"]:
            self._depth -= 1
            return match[0] if self._depth < MAX_DEPTH else ""
        else:
            self._depth += 1
        return match[0] if self._depth <= MAX_DEPTH else ""
