"""The judges have teeth: each rule finds the document that breaks it."""

import pytest

from aggregator.core.formats import FORMATS
from tests.core.formats.pieces import FULL, rendered
from tests.grammar.judges import faults

ENTRY = b'<link rel="alternate" href="https://one.example.org/dam?a=1&amp;b=2"/>'


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_good_document_has_no_faults(suffix: str) -> None:
    assert faults(suffix, rendered(suffix, FULL)) == []


@pytest.mark.parametrize(
    ("suffix", "good", "bad"),
    [
        ("atom", b"<updated>2026", b"<updated>26"),
        ("atom", b"<updated>2026", b"<updated>1970"),
        ("rss", b"Nov 2026 12", b"Nov 1970 12"),
        ("atom", b"</entry>", b"<id>urn:two</id></entry>"),
        ("atom", b"<generator>", b"<strange>a</strange><generator>"),
        ("atom", b"</entry>", b'<a xmlns="urn:x"><any b="c">thing</any></a></entry><entry/>'),
        ("atom", b'xml:lang="en-GB"', b'xml:lang="english!"'),
        ("atom", b'type="audio/mpeg"', b'type="audio"'),
        ("atom", b"<name>Jane Roe</name>", b""),
        ("atom", b"<author>\n<name>Jane Roe</name>\n</author>", b""),
        ("atom", b'href="https://one.example.org/a.mp3"', b'href="a.mp3"'),
        ("atom", ENTRY, ENTRY + ENTRY),
        ("rss", b"<description>Every", b"<desc>Every story once</desc><description>Every"),
        ("rss", b"Nov 2026 12:00:00 GMT", b"November 2026"),
        ("rss", b'length="1234"', b'length="1 MB"'),
        ("rss", b'isPermaLink="false"', b""),
        ("rss", b"<enclosure", b'<enclosure url="https://x.org/" length="0" type="a/b"/><enclosure'),
        ("json", b'"title": "Security', b'"titel": "Security'),
        ("json", b'"date_published": "2026', b'"date_published": "26'),
        ("json", b'"url": "https', b'"url": "'),
        ("json", b'"Jane Roe"', b'"\\ud800"'),
        ("json", b'"content_html"', b'"_html"'),
    ],
)  # fmt: skip
def test_a_fault_is_found(suffix: str, good: bytes, bad: bytes) -> None:
    body = rendered(suffix, FULL)
    assert good in body

    assert faults(suffix, body.replace(good, bad))


@pytest.mark.parametrize("suffix", ["atom", "rss"])
def test_an_id_that_stands_twice_is_a_fault(suffix: str) -> None:
    assert any("stands 2 times" in fault for fault in faults(suffix, rendered(suffix, FULL, FULL)))
