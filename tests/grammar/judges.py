"""What is wrong with a document by the letter of its format, a sentence each; nothing where all is well.

Grammars say which elements stand where; what no grammar can say is a function in `_RULES`.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
from lxml import etree

HERE = Path(__file__).parent
STRICT = etree.XMLParser(recover=False, resolve_entities=False, no_network=True, huge_tree=True)
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def faults(suffix: str, body: bytes) -> list[str]:
    """All that speaks against this document as one of this format; pages are read elsewhere."""
    if suffix == "json":
        return [error.message for error in _schema().iter_errors(json.loads(body))] + _not_utf8(body)
    if suffix not in ("atom", "rss"):
        return []
    root = etree.fromstring(body, STRICT)
    grammar = _grammar(suffix)
    grammar.validate(root)
    return [str(error) for error in grammar.error_log] + [
        fault for rule in _RULES[suffix] for fault in rule(root)
    ]


@cache
def _grammar(suffix: str) -> Any:
    return etree.RelaxNG(etree.parse(HERE / f"{suffix}.rng"))


@cache
def _schema() -> Any:
    return jsonschema.Draft202012Validator(json.loads((HERE / "json_feed.schema.json").read_bytes()))


def _not_utf8(body: bytes) -> list[str]:
    try:
        json.dumps(json.loads(body), ensure_ascii=False).encode()
    except UnicodeEncodeError as error:  # half a character, written as `\ud800`
        return [f"cannot be UTF-8: {error}"]
    return []


def _ids_are_unique(root: Any) -> Iterator[str]:
    """RFC 4287 §4.1.1 lets an id stand twice with other dates; readers show such an entry twice."""
    ids = Counter(root.xpath("//a:entry/a:id/text() | //item/guid/text()", namespaces=ATOM))
    yield from (f"the id {one} stands {times} times" for one, times in ids.items() if times > 1)


def _has_an_author(root: Any) -> Iterator[str]:
    """RFC 4287 §4.1.1 and §4.1.2: an entry has an author, or its source, or the feed."""
    for entry in root.xpath(
        "//a:entry[not(a:author or a:source/a:author or /a:feed/a:author)]", namespaces=ATOM
    ):
        yield f"the entry {entry.findtext('a:id', namespaces=ATOM)} has no author"


def _has_a_link_or_content(root: Any) -> Iterator[str]:
    """RFC 4287 §4.1.2."""
    for entry in root.xpath(
        "//a:entry[not(a:link[not(@rel) or @rel='alternate']) and not(a:content)]", namespaces=ATOM
    ):
        yield f"the entry {entry.findtext('a:id', namespaces=ATOM)} has neither a link nor content"


def _alternates_differ(root: Any) -> Iterator[str]:
    """RFC 4287 §4.1.2: no two of one type and language."""
    for entry in root.xpath("//a:entry[count(a:link[@rel='alternate' and not(@type)]) > 1]", namespaces=ATOM):
        yield f"the entry {entry.findtext('a:id', namespaces=ATOM)} has two links of one kind"


def _addresses_are_whole(root: Any) -> Iterator[str]:
    """No link needs a base, and every id is an IRI with a scheme (RFC 4287 §4.2.6)."""
    links = root.xpath("//a:link/@href", namespaces=ATOM)
    yield from (f"{one} is no web address" for one in links if not _is_web(one))
    ids = root.xpath("//a:id/text()", namespaces=ATOM)
    yield from (f"the id {one} has no scheme" for one in ids if not urlsplit(one).scheme)


def _dates_are_plausible(root: Any) -> Iterator[str]:
    """The W3C validator doubts all before 1990."""
    places = "//a:updated/text() | //a:published/text() | //pubDate/text() | //lastBuildDate/text()"
    for date in root.xpath(places, namespaces=ATOM):
        year = re.search(r"\d{4}", date)
        if year and year[0] < "1990":
            yield f"the date {date} is implausible"


def _is_web(address: str) -> bool:
    split = urlsplit(address)
    return split.scheme in ("http", "https") and bool(split.netloc) and " " not in address


_RULES: Mapping[str, tuple[Callable[[Any], Iterator[str]], ...]] = {
    "atom": (
        _ids_are_unique,
        _has_an_author,
        _has_a_link_or_content,
        _alternates_differ,
        _addresses_are_whole,
        _dates_are_plausible,
    ),
    "rss": (_ids_are_unique, _addresses_are_whole, _dates_are_plausible),
}
