"""How a feed document is damaged or armed for benchmarks/fuzz.py. The same chance gives the same document.

To add a mutation: a function in `MUTATIONS` that takes the bytes, all seeds and the chance.
"""

import re
from collections.abc import Callable, Sequence
from random import Random

Mutation = Callable[[bytes, Sequence[bytes], Random], bytes]

MAX_BYTES = 200_000
REFERENCES = (
    b"&#xD800;", b"&#0;", b"&#1;", b"&#99999999999;", b"&#xFFFF;", b"&#x110000;", b"&#128;",
    b"&amp;amp;lt;", b"&nope;", b"&", b"&#x1F600;", b"&#xDC00;&#xD800;",
    b"&lt;script&gt;alert(1)&lt;/script&gt;", b"]]>", b"--", b"\\ud800",
)  # fmt: skip
ELEMENTS = (
    b"<gml:pos>1</gml:pos>", b"<media:rating/>", b"<media:thumbnail/>",
    b"<pubDate>99999999999999</pubDate>", b"<pubDate>2026-02-30T25:61:61Z</pubDate>",
    b"<link>javascript:alert(1)</link>", b"<link>http://[::1</link>",
    b'<guid isPermaLink="true">ht\ntp://x</guid>', b"<author>" + b"a." * 5_000 + b"</author>",
    b"<image/>", b"<source/>", b"<category/>", b'<content type="xhtml"><div><p></div></content>',
    b'<content type="image/png">AAAA</content>', b"<item>", b"</item>", b"<entry>", b"</entry>",
    b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?php", b"</rss>", b"</feed>",
    b'<enclosure url="http://x.example/\x01" type="\x02" length="-1"/>',
    b"<title><![CDATA[<b>]]></title>", b'<x xml:base="javascript:1" xml:lang="\xff"/>',
    b"<ttl>1e999</ttl>", b"<textinput/>", b"<cloud/>", b"<georss:where>",
)  # fmt: skip
HEADS = (

    b'<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>',
    b'<?xml version="1.0" encoding="punycode"?>', b'<?xml version="1.0" encoding="utf-16"?>',
    b"\xef\xbb\xbf", b"\xff\xfe", b'<?xml version="1.0" encoding="utf-7"?>',
    b'<?xml version="1.0" encoding="\x00"?>', b"<!DOCTYPE html>", b"\n\n  ",
    b'<?xml version="1.1" encoding="iso-8859-15"?>', b'<?xml version="1.0" encoding="shift_jis"?>',
    b"<html>", b"{", b"[",
)  # fmt: skip
TAG = re.compile(rb"<[^<>]{1,2000}>")


def mutated(seeds: Sequence[bytes], chance: Random) -> bytes:
    """One of the seeds after one to six mutations."""
    body = chance.choice(seeds)
    for _ in range(chance.randint(1, 6)):
        body = chance.choice(MUTATIONS)(body, seeds, chance)[:MAX_BYTES]
    return body


def _flip(body: bytes, _: Sequence[bytes], chance: Random) -> bytes:
    flipped = bytearray(body)
    for _place in range(chance.randint(1, 8)):
        if flipped:
            flipped[chance.randrange(len(flipped))] = chance.randrange(256)
    return bytes(flipped)


def _cut(body: bytes, _: Sequence[bytes], chance: Random) -> bytes:
    return body[: chance.randint(0, len(body))]


def _drop(body: bytes, _: Sequence[bytes], chance: Random) -> bytes:
    start = chance.randint(0, len(body))
    return body[:start] + body[start + chance.randint(1, 200) :]


def _splice(body: bytes, seeds: Sequence[bytes], chance: Random) -> bytes:
    other = chance.choice(seeds)
    start = chance.randint(0, len(other))
    return _put(body, other[start : start + chance.randint(1, 3_000)], chance)


def _double(body: bytes, _: Sequence[bytes], chance: Random) -> bytes:
    start = chance.randint(0, len(body))
    piece = body[start : start + chance.randint(1, 500)]
    return body[:start] + piece * chance.randint(1, 20) + body[start:]


def _double_tag(body: bytes, _: Sequence[bytes], chance: Random) -> bytes:
    tags = TAG.findall(body)
    return _put(body, chance.choice(tags) * chance.choice((1, 2, 50, 1_000)), chance) if tags else body


def _drop_tag(body: bytes, _: Sequence[bytes], chance: Random) -> bytes:
    tags = list(TAG.finditer(body))
    gone = chance.choice(tags) if tags else None
    return body[: gone.start()] + body[gone.end() :] if gone else body


def _refer(body: bytes, _: Sequence[bytes], chance: Random) -> bytes:
    return _put(body, chance.choice(REFERENCES), chance)


def _insert(body: bytes, _: Sequence[bytes], chance: Random) -> bytes:
    """Between two tags, where a parser reads it as an element."""
    tags = list(TAG.finditer(body))
    place = chance.choice(tags).end() if tags else 0
    return body[:place] + chance.choice(ELEMENTS) + body[place:]


def _head(body: bytes, _: Sequence[bytes], chance: Random) -> bytes:
    declared = body.find(b"?>") + 2 if body.startswith(b"<?xml") and chance.random() < 0.7 else 0
    return chance.choice(HEADS) + body[max(declared, 0) :]


def _attributes(body: bytes, _: Sequence[bytes], chance: Random) -> bytes:
    tags = list(TAG.finditer(body))
    place = chance.choice(tags).end() - 1 if tags else 0
    many = b"".join(b' a%d="%s"' % (number, b"v" * 9) for number in range(chance.choice((1, 30, 3_000))))
    return body[:place] + many + body[place:]


def _recode(body: bytes, _: Sequence[bytes], chance: Random) -> bytes:
    text = body.decode("utf-8", "replace")
    return text.encode(
        chance.choice(("utf-16", "utf-32-be", "cp1252", "utf-8-sig", "shift_jis", "utf-7")), "replace"
    )


def _put(body: bytes, piece: bytes, chance: Random) -> bytes:
    place = chance.randint(0, len(body))
    return body[:place] + piece + body[place:]


MUTATIONS: tuple[Mutation, ...] = (
    _flip, _cut, _drop, _splice, _double, _double_tag, _drop_tag, _refer, _refer, _insert, _insert,
    _head, _attributes, _recode,
)  # fmt: skip
