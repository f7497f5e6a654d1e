"""Bytes of a feed document → a ParsedFeed, or a ParseError that says what the bytes are instead.

Runs in a worker process, for strangers' bytes can take feedparser any time and memory; it does no I/O and
logs nothing: what a person should know stands in `problems`. One bad entry costs that entry only.

To add a format: a reader text → ParsedFeed, and the test for it in `parse_document`.
"""

import io
import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any
from xml.sax import SAXParseException

import feedparser

from aggregator.core.discovery import page_feeds
from aggregator.errors import ListError, ParseError
from aggregator.model import ParsedEntry, ParsedFeed
from aggregator.parse.bare import bare_frame, bare_item
from aggregator.parse.charset import to_text
from aggregator.parse.entries import Context, page, plain, read_entry
from aggregator.parse.fields import language, links_of
from aggregator.parse.hints import read_hints
from aggregator.parse.jsonfeed import read_json_feed
from aggregator.parse.limits import MAX_HUBS, MAX_TITLE, shortened, told, within_limits
from aggregator.parse.markup import FEED_ROOTS, HIDDEN_AT, Document, harmless, item_spans, tidy
from aggregator.parse.replacing import replaced

_MAGIC = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"RIFF": "a media file",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a ZIP archive",
    b"\x1f\x8b": "compressed data that the server did not declare as such",
    b"\x00\x00\x01\x00": "an icon",
}
A_LIST = "this is an OPML list of feeds, not a feed; write '- opml: ADDRESS' under feeds: to follow it"
_BY_ROOT = {"channel": "cdf", "rdf": "rss", "feed": "atom"}  # where a document says no version
_ID = re.compile(r"<((?:\w{1,30}:)?id)>")
_OWN_PREFIX = re.compile(r"<\?[^>]*>\s*<([\w.-]{1,30}):")
_EXTENSIONS = "a10|atom|content|dc|dcterms|feedburner|itunes|media|rdf|rss|xhtml"
"""Prefixes of the namespaces whose elements we read."""
_AUTHOR = re.compile(
    r"<(?:\w{1,30}:)?(?:author|creator|email)\b[^<>]*>\s*(?:<!\[CDATA\[.{0,300}?\]\]>|[^<]*)",
    re.IGNORECASE | re.DOTALL,
)


def parse_document(body: bytes, url: str, content_type: str | None) -> ParsedFeed:
    """The feed in these bytes, read from `url` (after redirects); `content_type` as the server sent it.

    ParseError where they are no feed, with what they seem to be. A feed without entries is a feed.
    """
    for magic, what in _MAGIC.items():
        if body.startswith(magic):
            raise ParseError(url, f"this is {what}, not a feed")
    text = to_text(body, content_type).lstrip("\ufeff\0 \t\r\n")
    if not text:
        raise ParseError(url, "the document is empty")
    if text.startswith(("{", "[")):
        return read_json_feed(text, url)
    return _read_xml(text, url)


def _read_xml(text: str, url: str) -> ParsedFeed:
    document = harmless(text)
    if document.root == "html":
        raise _no_feed_but_page(text, url)
    problems = [] if document.complete else ["the document is cut short; its whole entries were kept"]
    result = _found(document, url, problems)
    if document.root not in FEED_ROOTS and not result["entries"]:
        raise _no_feed(document, text, url)
    return _feed(result, document, url, problems)


def _feed(result: Mapping[str, Any], document: Document, url: str, problems: list[str]) -> ParsedFeed:
    feed = dict(result["feed"])
    kind = str(result.get("version") or _BY_ROOT.get(document.root, document.root))
    context = Context(url, kind, language(feed.get("language")))
    return ParsedFeed(
        title=shortened(
            plain(str(feed.get("title") or ""), feed.get("title_detail") or {}, context), MAX_TITLE
        ),
        site_url=page(feed, context),
        lang=context.lang,
        format=kind,
        hints=read_hints(feed, document.text),
        entries=tuple(_entries(result["entries"], context, problems)),
        problems=told(problems),
        complete=document.complete,
        hubs=links_of(feed.get("links"), "hub", url)[:MAX_HUBS],
        self_url=next(iter(links_of(feed.get("links"), "self", url)), None),
    )


def _entries(nodes: list[Mapping[str, Any]], context: Context, problems: list[str]) -> Iterator[ParsedEntry]:
    """Each entry under its own guard: one that cannot be read is a problem, and the others are kept.

    The nodes are used up, for those of ninety thousand entries take 90 MB.
    """
    nodes.reverse()
    for number in range(1, len(nodes) + 1):
        try:
            note = partial(_note, problems, number)
            yield within_limits(read_entry(dict(nodes.pop()), context, note), note)
        except MemoryError:
            raise
        except Exception as error:
            problems.append(f"entry {number}: it could not be read ({_named(error)})")


def _note(problems: list[str], number: int, text: str) -> None:
    problems.append(f"entry {number}: {text}")


def _named(error: Exception) -> str:
    return tidy(f"{type(error).__name__}: {error}")[:200]


def _found(document: Document, url: str, problems: list[str]) -> dict[str, Any]:
    """What feedparser finds; entries that make it raise are left out and noted."""
    found = _run(document.text)
    if isinstance(found, str):
        problems.append(f"feedparser cannot read its extensions ({found}); read without them")
        found = _without_extensions(document.text, url, problems)
    fault = found.get("bozo_exception")
    if isinstance(fault, SAXParseException) and document.complete:
        where = f"line {fault.getLineNumber()}: {fault.getMessage()}"
        problems.append(f"not well-formed XML at {where}; read as far as possible")
    return found


def _without_extensions(text: str, url: str, problems: list[str]) -> dict[str, Any]:
    """Places, figures and their like are where feedparser raises, and nothing that we keep."""
    own = _OWN_PREFIX.match(text)
    known = f"{_EXTENSIONS}|{own[1]}" if own else _EXTENSIONS
    text = re.sub(rf"</?(?!(?:{known}):)[A-Za-z_][\w.-]*+:[A-Za-z][^<>]*>", "", text)
    found = _run(text)
    return _without_bad_items(text, url, problems, reason=found) if isinstance(found, str) else found


def _without_bad_items(text: str, url: str, problems: list[str], reason: str) -> dict[str, Any]:
    spans = item_spans(text)
    head, tail = (text[: spans[0][0]], text[spans[-1][1] :]) if spans else (text, "")
    around = _run(head + tail)
    if isinstance(around, str):
        head, tail = bare_frame(head)
        around = _run(head + tail)
    if isinstance(around, str):
        raise ParseError(url, f"feedparser cannot read it ({reason})")
    items = [text[start:end] for start, end in spans]
    around["entries"] = _halved(items, (head, tail), problems, first=1)
    return around


def _halved(items: list[str], frame: tuple[str, str], problems: list[str], first: int) -> list[Any]:
    """The entries of these items: all at once, or in halves until the bad one is found."""
    found = _run(frame[0] + "".join(items) + frame[1])
    if not isinstance(found, str):
        return list(found["entries"])
    if len(items) == 1:
        return _bare(items[0], frame, problems, first, reason=found)
    middle = len(items) // 2
    before = _halved(items[:middle], frame, problems, first)
    return before + _halved(items[middle:], frame, problems, first + middle)


def _bare(item: str, frame: tuple[str, str], problems: list[str], number: int, reason: str) -> list[Any]:
    """The entry as far as its plain elements tell it; none if feedparser cannot read even these."""
    found = _run(frame[0] + bare_item(item) + frame[1])
    if isinstance(found, str):
        problems.append(f"entry {number}: feedparser cannot read it ({reason})")
        return []
    problems.append(f"entry {number}: only its plain elements could be read ({reason})")
    return list(found["entries"])


def _run(text: str) -> dict[str, Any] | str:
    """What feedparser finds, or why it could not.

    It is given no base address, so that it leaves guids alone, and always a stream of bytes, for it
    would open a file of that name. It does not see the @ of an author's address, for it ends an address
    after four letters of its last label (`a@b.exam` of `a@b.example`) and takes the rest for a name.
    It raises on a dozen kinds of nonsense.
    """
    text = replaced(_AUTHOR, lambda match: match[0].replace("@", HIDDEN_AT), text)
    if "xml:base" in text:
        # Else it resolves even Atom ids against it.
        text = replaced(_ID, lambda match: f'<{match[1]} isPermaLink="false">', text)
    try:
        found = feedparser.parse(
            io.BytesIO(text.encode()),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except MemoryError:
        raise
    except Exception as error:
        return _named(error)
    if "out of memory" in str(found.get("bozo_exception")):  # else what fitted in would pass for all of it
        raise MemoryError
    return dict(found)


def _no_feed(document: Document, text: str, url: str) -> ParseError:
    if not document.root:
        return ParseError(url, f"this is no feed: it begins with {text[:40]!r}")
    if document.root == "opml":
        return ListError(url, A_LIST)
    what = f"this is no feed: an XML or HTML document that begins with <{document.root}>"
    return ParseError(url, what, page_feeds(text, url))


def _no_feed_but_page(text: str, url: str) -> ParseError:
    """Says that it is a page, and which feeds the page points to."""
    feeds = page_feeds(text, url)
    advice = f"it points to the feed {feeds[0]}" if feeds else "look there for the address of its feed"
    return ParseError(url, f"this is an HTML page, not a feed; {advice}", feeds)
