"""HTML from strangers, made safe: an allow-list of elements and attributes, http(s) and mailto, no trackers.

nh3 (the Rust crate ammonia) does the work; feedparser's own sanitiser lets scripts through. The elements are
those that the W3C feed validator accepts too. What goes out is a balanced fragment with absolute links.

To allow an element: TAGS, with its attributes in ATTRIBUTES, and a row in tests/parse/test_html.py.
"""

import re
from html import escape, unescape

import nh3

from aggregator.core.text import plain_text
from aggregator.core.urls import absolute
from aggregator.parse.markup import tidy

MAX_CHARS = 1_000_000  # of one entry's content
CUT_MARK = "<p>[… cut here: this entry is longer than 1 MB]</p>"

TAGS = (set(nh3.ALLOWED_TAGS) - {"bdo", "rtc", "map", "area"}) | {
    "address", "audio", "big", "main", "picture", "section", "source", "tfoot", "video",
}  # fmt: skip
SILENCED = {
    "script",
    "style",
    "noscript",
    "iframe",
    "object",
    "embed",
    "template",
    "svg",
    "math",
    "select",
    "textarea",
}
ATTRIBUTES = {
    **{tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items() if tag in TAGS},
    "*": {"dir", "lang", "title"},
    "img": {"src", "alt", "width", "height", "data-src", "data-lazy-src", "data-original"},
    "audio": {"src", "controls"},
    "video": {"src", "poster", "controls", "width", "height"},
    "source": {"src", "type"},
    "time": {"datetime"},
}
_IMAGE = re.compile(r"<img\b[^<>]*>")
_ATTRIBUTE = re.compile(r'\s([\w-]+)="([^"]*)"')
_LAZY = ("data-src", "data-lazy-src", "data-original")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_VOID = frozenset(
    ["area", "br", "col", "embed", "hr", "img", "input", "li", "link", "meta", "p", "source", "wbr"]
)
_WHOLE_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^<>]*>")
_NUMBER = re.compile(r"&#(?:[0-9]{1,7}|[xX][0-9a-fA-F]{1,6});")
_READINGS = frozenset({"rt", "rp"})
_UNSETTLING = _READINGS | {"table"}
_NEVER_CLOSED = frozenset({"br", "col", "hr", "img", "source", "wbr"})
_MAX_DEPTH = 400  # ammonia's time grows with the square of the depth: 100,000 nested elements take a minute
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:#\d+|#[xX][0-9a-fA-F]+|[a-zA-Z]\w*);")


def safe_html(html: str, base: str) -> str:
    """The fragment, safe to show anywhere; relative links are resolved against `base`, an http(s) URL."""
    whole = tidy(html).strip()
    text = _cut(whole)
    if _depth(text) > _MAX_DEPTH:
        return _within_limit(_paragraphs(plain_text(text)), cut=text != whole)
    shown = tidy(_IMAGE.sub(lambda match: _image(match[0], base), _cleaned(text, base))).strip()
    return _within_limit(shown, cut=text != whole)


def from_plain(text: str) -> str:
    """Plain text as HTML: its characters as they are, blank lines between paragraphs, line ends kept."""
    return _within_limit(_paragraphs(tidy(text)))


def _paragraphs(text: str) -> str:
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    if paragraphs == [""]:
        return ""
    if len(paragraphs) == 1 and "\n" not in paragraphs[0]:
        return escape(paragraphs[0], quote=False)
    return "".join(f"<p>{escape(part, quote=False).replace(chr(10), '<br>')}</p>" for part in paragraphs)


def _within_limit(safe: str, *, cut: bool = False) -> str:
    """Safe HTML that is not too long, with a mark where it was `cut` before or is now.

    Escaping makes five characters of one, so a text can be too long only afterwards.
    """
    if len(safe) > MAX_CHARS:
        safe, cut = nh3.clean(_cut(safe), tags=TAGS, attributes=ATTRIBUTES, link_rel=None), True
    return safe + CUT_MARK if cut else safe


def one_line(text: str, *, markup: bool) -> str:
    """A title, name or category as plain text on one line; `markup` says that the text is HTML.

    Blogs put `&#8217;` into plain text too, and nobody means it as it stands.
    """
    said = plain_text(text) if markup else _NUMBER.sub(lambda match: unescape(match[0]), text)
    return " ".join(tidy(said).split())


def looks_like_markup(text: str) -> bool:
    """Whether text of an undeclared kind is HTML: it has a tag or a character reference."""
    return bool(_MARKUP.search(text))


def _cut(text: str) -> str:
    """As much as is allowed, not ending inside a tag or a character reference."""
    if len(text) <= MAX_CHARS:
        return text
    text = text[:MAX_CHARS]
    tag = text.rfind("<")
    if text.find(">", tag) < 0 <= tag:
        text = text[:tag]
    reference = text.rfind("&", len(text) - 12)
    return text[:reference] if reference >= 0 and ";" not in text[reference:] else text


def _depth(text: str) -> int:
    """How deep the elements nest at most, roughly: unclosed ones count as open."""
    if text.count("<") <= _MAX_DEPTH:
        return 0
    depth = deepest = 0
    for closing, name in _TAG.findall(text):
        if name.lower() not in _VOID:
            depth = max(depth - 1, 0) if closing else depth + 1
            deepest = max(deepest, depth)
    return deepest


def _cleaned(text: str, base: str) -> str:
    """Allowed elements only, each where it may stand, so that whoever reads them sees the same structure.

    A second time over, because what stood in an element that is gone now stands in the one around it, where
    HTML may not allow it; a table moves what is wrong in it before itself.
    """
    names = {name.lower() for _, name in _TAG.findall(text)}
    for _ in range(2 if names - TAGS or names & _UNSETTLING else 1):
        text = nh3.clean(
            text,
            tags=TAGS,
            clean_content_tags=SILENCED,
            attributes=ATTRIBUTES,
            url_schemes={"http", "https", "mailto"},
            url_relative=lambda url: absolute(url, base),
            link_rel=None,
        )
        text = _read_in_ruby(text) if names & _READINGS else text
    return text


def _read_in_ruby(text: str) -> str:
    """Balanced markup in which the readings of characters stand directly in `ruby`, or as mere text."""
    open_elements: list[tuple[str, bool]] = []

    def kept(tag: re.Match[str]) -> str:
        closing, name = tag.groups()
        if name in _NEVER_CLOSED:
            return tag[0]
        if closing:
            return tag[0] if not open_elements or open_elements.pop()[1] else ""
        stays = name not in _READINGS or (bool(open_elements) and open_elements[-1][0] == "ruby")
        open_elements.append((name, stays))
        return tag[0] if stays else ""

    return _WHOLE_TAG.sub(kept, text)


def _image(tag: str, base: str) -> str:
    """An image as it is shown: trackers and those without a source dropped, lazy ones given their source."""
    found = dict(_ATTRIBUTE.findall(tag))
    if found.get("width") in {"0", "1"} or found.get("height") in {"0", "1"}:
        return ""
    lazy = next((found[name] for name in _LAZY if found.get(name)), None)
    source = absolute(unescape(lazy), base) if lazy else unescape(found.get("src", ""))
    if not source:
        return ""
    kept = {name: value for name, value in found.items() if name not in {*_LAZY, "src"}}
    attributes = "".join(f' {name}="{value}"' for name, value in kept.items())
    return f'<img src="{escape(source)}"{attributes}>'
