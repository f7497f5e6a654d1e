"""The sample papers' feed documents, in the formats that real papers use. Pure: values in, bytes out.

The same paper, moment and timeline always give the same bytes, so that ETags mean something.

To add a format: write the function, add it to FORMATS, name it in a paper's file.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from xml.sax.saxutils import escape as xml
from xml.sax.saxutils import quoteattr

from aggregator.demo.papers import Paper, Piece, Printed, Timeline, printed

AUDIO_SECONDS = 4
AUDIO_BYTES = 44 + AUDIO_SECONDS * 8000
"""a WAV header and 8,000 samples a second of one byte each; what pages.foghorn() really gives"""

_DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
_CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
_RSS_ROOT = f'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" {_CONTENT} {_DC}>'
_RDF_SYNTAX = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
_RDF_ROOT = f'<rdf:RDF xmlns="http://purl.org/rss/1.0/" {_RDF_SYNTAX} {_CONTENT} {_DC}'


@dataclass(frozen=True, slots=True, kw_only=True)
class _Issue:
    """A paper as it stands now: what every format is written from."""

    paper: Paper
    base_url: str
    changed_at: datetime
    items: tuple[Printed, ...]

    @property
    def home(self) -> str:
        return f"{self.base_url}{self.paper.name}/"

    @property
    def address(self) -> str:
        return f"{self.home}{self.paper.feed}"


def feed_document(paper: Paper, *, now: datetime, timeline: Timeline, base_url: str) -> bytes:
    """The paper's feed as it stands at `now`, in its own format and charset; `base_url` ends in a slash."""
    items = printed(paper, now=now, timeline=timeline)
    changed_at = changed(paper, now=now, timeline=timeline)
    issue = _Issue(paper=paper, base_url=base_url, changed_at=changed_at, items=items)
    return FORMATS[paper.format][1](issue).encode(paper.encoding, "xmlcharrefreplace")


def content_type(paper: Paper) -> str:
    """The Content-Type that the paper's server sends with its feed."""
    return f"{FORMATS[paper.format][0]}; charset={paper.encoding}"


def changed(paper: Paper, *, now: datetime, timeline: Timeline) -> datetime:
    """When the feed last changed, in whole seconds: its Last-Modified."""
    moments = [one.updated_at for one in printed(paper, now=now, timeline=timeline)]
    return max(moments, default=timeline.start).replace(microsecond=0)


def article_html(piece: Piece) -> str:
    """The piece's text as HTML: the lead, then the further paragraphs."""
    return "".join([f"<p>{escape(piece.lead, quote=False)}</p>", *piece.text])


def _rss(issue: _Issue) -> str:
    paper = issue.paper
    return "\n".join(
        [
            f'<?xml version="1.0" encoding="{paper.encoding}"?>',
            _RSS_ROOT,
            "<channel>",
            _leaf("title", paper.title),
            _leaf("link", issue.home),
            f'<atom:link rel="self" type="application/rss+xml" href={quoteattr(issue.address)}/>',
            _leaf("description", paper.tagline),
            _leaf("language", paper.language),
            _leaf("lastBuildDate", format_datetime(issue.changed_at)),
            *(_rss_item(issue, one) for one in issue.items),
            "</channel>",
            "</rss>",
            "",
        ]
    )


def _rss_item(issue: _Issue, one: Printed) -> str:
    piece = one.piece
    lines = [
        "<item>",
        _leaf("title", one.title),
        _leaf("link", _link(issue, piece)),
        f'<guid isPermaLink="false">{xml(_guid(issue, piece))}</guid>',
        _leaf("pubDate", format_datetime(one.published_at.replace(microsecond=0))),
        *([_leaf("dc:creator", piece.by)] if piece.by else []),
        *(_leaf("category", category) for category in piece.categories),
        _leaf("description", piece.lead),
        *([f"<content:encoded>{_cdata(article_html(piece))}</content:encoded>"] if issue.paper.full else []),
        *([_rss_enclosure(issue, piece)] if piece.audio else []),
        "</item>",
    ]
    return "\n".join(lines)


def _rss_enclosure(issue: _Issue, piece: Piece) -> str:
    return f'<enclosure url="{xml(_audio(issue, piece))}" length="{AUDIO_BYTES}" type="audio/x-wav"/>'


def _rdf(issue: _Issue) -> str:
    paper = issue.paper
    listed = "".join(f"<rdf:li rdf:resource={quoteattr(_link(issue, one.piece))}/>" for one in issue.items)
    return "\n".join(
        [
            f'<?xml version="1.0" encoding="{paper.encoding}"?>',
            f'{_RDF_ROOT} xml:lang="{paper.language}">',
            f"<channel rdf:about={quoteattr(issue.address)}>",
            _leaf("title", paper.title),
            _leaf("link", issue.home),
            _leaf("description", paper.tagline),
            _leaf("dc:language", paper.language),
            _leaf("dc:date", issue.changed_at.isoformat()),
            f"<items><rdf:Seq>{listed}</rdf:Seq></items>",
            "</channel>",
            *(_rdf_item(issue, one) for one in issue.items),
            "</rdf:RDF>",
            "",
        ]
    )


def _rdf_item(issue: _Issue, one: Printed) -> str:
    piece = one.piece
    link = _link(issue, piece)
    lines = [
        f"<item rdf:about={quoteattr(link)}>",
        _leaf("title", one.title),
        _leaf("link", link),
        _leaf("description", piece.lead),
        _leaf("dc:date", one.published_at.isoformat(timespec="seconds")),
        *([_leaf("dc:creator", piece.by)] if piece.by else []),
        *(_leaf("dc:subject", category) for category in piece.categories),
        *([f"<content:encoded>{_cdata(article_html(piece))}</content:encoded>"] if issue.paper.full else []),
        "</item>",
    ]
    return "\n".join(lines)


def _atom(issue: _Issue) -> str:
    paper = issue.paper
    return "\n".join(
        [
            f'<?xml version="1.0" encoding="{paper.encoding}"?>',
            f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{paper.language}">',
            _leaf("id", f"tag:{paper.name}.example,2026:feed"),
            _leaf("title", paper.title),
            _leaf("subtitle", paper.tagline),
            f'<link rel="self" type="application/atom+xml" href={quoteattr(issue.address)}/>',
            f'<link rel="alternate" type="text/html" href={quoteattr(issue.home)}/>',
            _leaf("updated", issue.changed_at.isoformat()),
            f"<author>{_leaf('name', paper.title)}</author>",
            *(_atom_entry(issue, one) for one in issue.items),
            "</feed>",
            "",
        ]
    )


def _atom_entry(issue: _Issue, one: Printed) -> str:
    piece = one.piece
    lines = [
        "<entry>",
        _leaf("id", _guid(issue, piece)),
        _leaf("title", one.title),
        f'<link rel="alternate" type="text/html" href={quoteattr(_link(issue, piece))}/>',
        _leaf("published", one.published_at.isoformat(timespec="seconds")),
        _leaf("updated", one.updated_at.isoformat(timespec="seconds")),
        *([f"<author>{_leaf('name', piece.by)}</author>"] if piece.by else []),
        *(f"<category term={quoteattr(category)}/>" for category in piece.categories),
        _leaf("summary", piece.lead),
        *([f'<content type="html">{xml(article_html(piece))}</content>'] if issue.paper.full else []),
        "</entry>",
    ]
    return "\n".join(lines)


def _json(issue: _Issue) -> str:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": issue.paper.title,
        "description": issue.paper.tagline,
        "language": issue.paper.language,
        "home_page_url": issue.home,
        "feed_url": issue.address,
        "items": [_json_item(issue, one) for one in issue.items],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _json_item(issue: _Issue, one: Printed) -> Mapping[str, object]:
    piece = one.piece
    return {
        "id": _guid(issue, piece),
        "url": _link(issue, piece),
        "title": one.title,
        "summary": piece.lead,
        "content_html": article_html(piece),
        "date_published": one.published_at.isoformat(timespec="seconds"),
        "date_modified": one.updated_at.isoformat(timespec="seconds"),
        **({"authors": [{"name": piece.by}]} if piece.by else {}),
        "tags": list(piece.categories),
    }


def _leaf(name: str, text: str) -> str:
    return f"<{name}>{xml(text)}</{name}>"


def _cdata(html: str) -> str:
    return f"<![CDATA[{html}]]>"


def _link(issue: _Issue, piece: Piece) -> str:
    address = f"{issue.base_url}{piece.path}"
    return f"{address}?{issue.paper.tracking}" if issue.paper.tracking else address


def _audio(issue: _Issue, piece: Piece) -> str:
    return f"{issue.base_url}{piece.path}.wav"


def _guid(issue: _Issue, piece: Piece) -> str:
    """Each paper names its own items, also those that it took from elsewhere."""
    return f"tag:{issue.paper.name}.example,2026:{piece.slug}"


FORMATS: Mapping[str, tuple[str, Callable[[_Issue], str]]] = {
    "rss": ("application/rss+xml", _rss),
    "rdf": ("application/rdf+xml", _rdf),
    "atom": ("application/atom+xml", _atom),
    "json": ("application/feed+json", _json),
}
"""Format name → media type and writer."""
