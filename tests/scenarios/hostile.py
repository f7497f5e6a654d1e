"""What strangers serve to do harm: answers of a hostile server, by the rows of docs/politeness.md.

Each says what must come of it: the entries that are kept all the same, or the words in which the failure is
told. Used by `test_attacks.py`, which subscribes to all of them at once, and by `python -m benchmarks.soak`.

To add one: a row in ATTACKS.
"""

import asyncio
import gzip
import zlib
from dataclasses import dataclass

from tests.http import Script, reply
from tests.newsroom import an_item, an_rss

SECRET = "/etc/passwd"
MEGABYTE = 1_000_000
XML = "application/rss+xml"
HEAD = f"HTTP/1.1 200 OK\r\nContent-Type: {XML}\r\n".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """A hostile feed. `keeps` are titles that must be stored; `tells` is part of the error if one is due."""

    row: str
    name: str
    answer: bytes | Script
    keeps: tuple[str, ...] = ()
    tells: str | None = None

    @property
    def id(self) -> str:
        """The row and the attack in words."""
        return f"{self.row} {self.name}"

    @property
    def path(self) -> str:
        """Where it is served."""
        return "/" + self.id.replace(" ", "-").replace("/", "-").replace(",", "")


def document(inside: str | bytes, *, head: str | bytes = "", **headers: str) -> bytes:
    """A feed with this in its channel and this before its root."""
    inside, head = _bytes(inside), _bytes(head)
    body = head + b'<rss version="2.0"><channel><title>Hostile</title>' + inside + b"</channel></rss>"
    return reply(200, body, content_type=XML, **headers)


def item(title: str, more: str = "") -> str:
    """An item with a guid of its own."""
    return f"<item><title>{title}</title><guid>{title[:40]}-{len(more)}</guid>{more}</item>"


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


# -- bodies that are no constants -------------------------------------------------------------------------


def laughs() -> str:
    """Nine entities, each ten times the one before (CVE-2003-1564)."""
    pairs = zip("abcdefgh", "bcdefghi", strict=True)
    more = "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairs)
    return f'<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">{more}]>'


def zeros(megabytes: int) -> bytes:
    """A document that is mostly blanks, and small when packed."""
    return an_rss(an_item(1, text=" " * MEGABYTE * megabytes))


async def _drip(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"\r\n<rss>")
    for _ in range(600):
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.1)


async def _endless_body(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"\r\n<rss version='2.0'><channel><title>")
    for _ in range(2_000):
        writer.write(b"for ever and ever " * 1_000)
        await writer.drain()


async def _endless_headers(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD)
    for number in range(20_000):
        writer.write(b"X-Header-%d: %s\r\n" % (number, b"x" * 1_000))
        await writer.drain()


async def _reset(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"Content-Length: 99999\r\n\r\n" + an_rss(an_item(1)))
    await writer.drain()
    writer.transport.abort()


# -- the rows ---------------------------------------------------------------------------------------------

DOCUMENTS = (
    Attack(
        row="B1", name="an external entity and DTD", keeps=("external",),
        answer=document(
            item("external", "<description>&x;</description>"),
            head=f'<!DOCTYPE rss SYSTEM "file://{SECRET}" [<!ENTITY x SYSTEM "file://{SECRET}">]>',
        ),
    ),
    Attack(
        row="B2", name="a billion laughs", keeps=("laughing",),
        answer=document(item("laughing", "<description>&i;</description>"), head=laughs()),
    ),
    Attack(
        row="B2", name="one long entity two thousand times", keeps=("quadratic",),
        answer=document(
            item("quadratic", f"<description>{'&a;' * 2_000}</description>"),
            head=f'<!DOCTYPE rss [<!ENTITY a "{"a" * 100_000}">]>',
        ),
    ),
    Attack(row="B3", name="a hundred thousand nested elements", answer=document("<a>" * 100_000)),
    Attack(
        row="B3", name="a hundred thousand nested divisions of HTML",
        answer=document(item("divided", f"<description>{'&lt;div&gt;' * 100_000}</description>")),
    ),
    Attack(
        row="B3", name="a tag with sixteen thousand attributes",
        answer=document("<item " + " ".join(f'a{n}="1"' for n in range(16_000)) + "><title>t</title></item>"),
    ),
    Attack(
        row="B3", name="sixty thousand comments that are not closed",
        answer=document(item("remarks", f"<description>{'&lt;!--' * 60_000}</description>")),
    ),
    Attack(
        row="B3", name="an author of thirty-two thousand letters and dots",
        answer=document(item("author", f"<author>{'a.' * 16_000}</author>")),
    ),
    *(
        Attack(
            row="B4", name=f"a reference to {what}", keeps=("before", "after"),
            answer=document(item("before") + item(f"broken {reference}") + item("after")),
        )
        for what, reference in (
            ("half a character", "&#xD800;"), ("no character", "&#99999999999;"), ("nothing", "&#0;"),
        )
    ),
    Attack(
        row="B4", name="a position that is none", keeps=("before", "placed", "after"),
        answer=document(
            item("before") + item("placed", '<gml:pos xmlns:gml="http://www.opengis.net/gml">1</gml:pos>')
            + item("after")
        ),
    ),
    *(
        Attack(
            row="B4", name=f"a width that only ends, {where}", keeps=("before", "wide", "after"),
            answer=document(item("before") + item("wide", inside) + item("after") + outside),
        )
        for where, inside, outside in (("in an entry", "</width>", ""), ("beside them", "", "</width>"))
    ),
    *(
        Attack(
            row="B4", name=f"an encoding called {shown}", keeps=("encoded",),
            answer=document(item("encoded"), head=b'<?xml version="1.0" encoding="' + name + b'"?>'),
        )
        for shown, name in (("punycode", b"punycode"), ("NUL", b"\0"), ("idna", b"idna"))
    ),
    Attack(
        row="B5", name="bytes of two encodings in one document", keeps=("caf\xe9 one", "caf\xe9 two"),
        answer=document(item("caf\xe9 one").encode() + item("caf\xe9 two").encode("latin-1")),
    ),
    Attack(
        row="B5", name="UTF-16 that says it is UTF-8", keeps=("wide",),
        answer=reply(
            200, f'<?xml version="1.0" encoding="utf-8"?>{an_rss(item("wide")).decode()}'.encode("utf-16"),
        ),
    ),
    Attack(
        row="B6", name="control characters", keeps=("controlled",),
        answer=document(item("con\x01trol\x0bled\x1f\ufffe")),
    ),
    Attack(
        row="B7", name="an entry of a megabyte", keeps=("large",),
        answer=document(item("large", f"<description>{'word ' * 190_000}</description>")),
    ),
    Attack(
        row="B7", name="three thousand entries", keeps=("entry 2999",),
        answer=document("".join(item(f"entry {number}") for number in range(3_000))),
    ),
    Attack(
        row="B8", name="a document that was cut", keeps=("News number 1 of today",),
        answer=reply(200, an_rss(an_item(1), an_item(2))[:-60], content_type=XML),
    ),
)  # fmt: skip

BYTES = (
    Attack(
        row="C1", name="a gzip bomb", tells="poll.max_bytes",
        answer=reply(200, gzip.compress(zeros(50), mtime=0), content_encoding="gzip"),
    ),
    Attack(
        row="C1", name="a deflate bomb", tells="poll.max_bytes",
        answer=reply(200, zlib.compress(zeros(50)), content_encoding="deflate"),
    ),
    Attack(
        row="C1", name="gzip in gzip", tells="Content-Encoding",
        answer=reply(200, gzip.compress(gzip.compress(zeros(1))), content_encoding="gzip, gzip"),
    ),
    Attack(row="C2", name="a body without end", tells="poll.max_bytes", answer=_endless_body),
    Attack(row="C2", name="headers without end", tells="header", answer=_endless_headers),
    Attack(row="C2", name="a slow drip", tells="no whole answer within", answer=_drip),
    Attack(
        row="C3", name="a body shorter than it says", tells="broke off",
        answer=HEAD + b"Content-Length: 99999\r\n\r\n" + an_rss(an_item(1)),
    ),
    Attack(row="C3", name="a reset in the middle", tells="127.0.0.1", answer=_reset),
    Attack(
        row="C3", name="gzip that was cut", tells="cut short",
        answer=reply(200, gzip.compress(an_rss(an_item(1)), mtime=0)[:-9], content_encoding="gzip"),
    ),
)  # fmt: skip

CONTENT = (
    Attack(
        row="D1", name="scripts in a text", keeps=("scripted",),
        answer=document(item("scripted", (
            "<description><![CDATA[kept <script>alert(1)</script><img src=x onerror=alert(1)>"
            "<iframe srcdoc='<script>alert(1)</script>'></iframe><form action='javascript:alert(1)'>"
            "<svg><a xlink:href='javascript:alert(1)'>x</a></svg><p style='background:url(javascript:x)'>"
            "]]></description>"
        ))),
    ),
    Attack(
        row="D2", name="markup in a title", keeps=("a < b & <c>",),
        answer=document(item("a &amp;lt; b &amp;amp; &amp;lt;c&amp;gt;")),
    ),
    Attack(
        row="D2", name="a script in a title",
        answer=document(item("&lt;script&gt;alert(1)&lt;/script&gt;headline")),
    ),
    *(
        Attack(
            row="D3", name=f"a link {what}", keeps=(f"linked {what}",),
            answer=document(item(f"linked {what}", f"<link>{link}</link>")),
        )
        for what, link in (
            ("to a script", "javascript:alert(1)"), ("with a tab in it", "java&#9;script:alert(1)"),
            ("to inline text", "data:text/html,&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("to visual basic", "vbscript:msgbox(1)"),
        )
    ),
    Attack(
        row="D4", name="line ends in link and author", keeps=("broken lines",),
        answer=document(item(
            "broken lines",
            "<link>http://a.example/&#13;&#10;Set-Cookie:x=1</link><author>a&#13;&#10;poll feed=x</author>",
        )),
    ),
    Attack(
        row="D5", name="a base of javascript", keeps=("based",),
        answer=document(item("based", (
            '<description xml:base="javascript:alert(1)//">&lt;a href="x"&gt;x&lt;/a&gt;</description>'
        ))),
    ),
    Attack(
        row="D6", name="images that are no web addresses", keeps=("pictured",),
        answer=document(item("pictured", (
            "<description>&lt;img src='file:///etc/passwd'&gt;"
            "&lt;img src='data:image/svg+xml,x'&gt;</description>"
        ))),
    ),
    Attack(
        row="E1", name="entries without guids and with the same", keeps=("no guid", "twin one", "twin two"),
        answer=document(
            "<item><title>no guid</title></item><item><guid></guid><title>empty guid</title></item>"
            "<item><guid>twin</guid><title>twin one</title><link>http://a.example/1</link></item>"
            "<item><guid>twin</guid><title>twin two</title><link>http://a.example/2</link></item>"
        ),
    ),
    Attack(
        row="E2", name="dates of 1970, 9999 and never", keeps=("epoch", "far", "senseless"),
        answer=document(
            item("epoch", "<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>")
            + item("far", "<pubDate>Fri, 31 Dec 9999 23:59:59 GMT</pubDate>")
            + item("senseless", "<pubDate>2026-02-30T25:61:61Z</pubDate>")
        ),
    ),
)  # fmt: skip

ATTACKS = (*DOCUMENTS, *BYTES, *CONTENT)
