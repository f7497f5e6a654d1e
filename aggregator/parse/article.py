"""Bytes of an article's page → its text as safe HTML. Trafilatura finds it, html.py makes it safe.

Runs in a worker process, which alone imports this module, and only when the first page comes: trafilatura is
an extra (`aggregator[fulltext]`) and brings 15 MB of memory with it. What is no page is a ParseError; a page
without an article gives an empty text.

To leave more out of a page, or less: the switches of `_article_in`.
"""

import re

import trafilatura
from lxml.html import HtmlElement

from aggregator.core.urls import absolute
from aggregator.errors import ParseError
from aggregator.model import Article
from aggregator.parse.charset import to_text
from aggregator.parse.html import safe_html

_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_META = re.compile(rb"""<meta\b[^>]{0,200}?\bcharset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_META_WITHIN = 4096  # bytes; HTML asks for the first 1024, and authors put comments before it
_TITLE = re.compile(r"\A\s*<h1\b[^>]*>.*?</h1>", re.DOTALL)


def extract_article(body: bytes, url: str, content_type: str | None) -> Article:
    """The article on this page, read from `url` (after redirects); `content_type` as the server sent it.

    ParseError where the bytes are no HTML page.
    """
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind and kind not in _PAGES:
        raise ParseError(url, f"this is {kind[:60]}, not a web page")
    tree = trafilatura.load_html(_text(body, content_type)) if b"<" in body[:_META_WITHIN] else None
    if tree is None:
        raise ParseError(url, "this is not a web page")
    base = _address(tree, "//base/@href", url) or url
    tree.rewrite_links(lambda link: absolute(link, base) or link, resolve_base_href=False)
    canonical = _address(tree, "//link[@rel='canonical']/@href", url)
    return Article(content=_article_in(tree, url), canonical_url=canonical)


def _text(body: bytes, content_type: str | None) -> str:
    """The page as characters: where the server names no charset, the page's own head may."""
    meta = _META.search(body[:_META_WITHIN])
    if meta and "charset" not in (content_type or "").lower():
        content_type = f"text/html; charset={meta[1].decode('ascii')}"
    return to_text(body, content_type)


def _article_in(tree: HtmlElement, url: str) -> str:
    """Without the title, which the entry has already, and without readers' comments."""
    found = trafilatura.extract(
        tree,
        url=url,
        output_format="html",
        include_comments=False,
        include_formatting=True,
        include_images=True,
        include_links=True,
    )
    return _TITLE.sub("", safe_html(found or "", url)).strip()


def _address(tree: HtmlElement, path: str, url: str) -> str | None:
    """The first usable address at this XPath."""
    found = (absolute(str(href), url) for href in tree.xpath(path))
    return next((address for address in found if address), None)
