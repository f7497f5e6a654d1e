"""Small values that every format has: names, languages, files. Text in, plain values out.

To read another form of a value: the rule here, and a row in tests/parse/test_fields.py.
"""

import re
from collections.abc import Iterable

from aggregator.core.urls import absolute
from aggregator.model import Enclosure
from aggregator.parse.html import looks_like_markup, one_line

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*")
_NO_LANGUAGE = frozenset({"und", "zxx", "mis", "mul", "root"})
_ADDRESS = r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+"
_WITH_ADDRESS = re.compile(rf"[<(\[]?\s*(?:mailto:)?{_ADDRESS}\s*[>)\]]?")
_MAX_NAME = 300  # characters; longer "names" are texts that went astray
_MAX_LENGTH = 2**53 - 1  # what every JSON reader still holds exactly


def phrase(text: str) -> str:
    """A name or category as one line of plain text."""
    text = text[: 4 * _MAX_NAME]
    return one_line(text, markup=looks_like_markup(text))[:_MAX_NAME].strip()


def person(name: str, address: str) -> str:
    """A person's name without mail addresses: `a@b.c (Jane)` is Jane. The address where there is no name.

    Addresses that nobody reads (noreply@…) name nobody.
    """
    given = phrase(name)
    bare = " ".join(_WITH_ADDRESS.sub(" ", given).split()).replace(" ,", ",") if "@" in given else given
    bare = re.sub(r"^\((.*)\)$", r"\1", bare).replace("()", "").strip(" ,;<>\"'")
    if bare:
        return bare
    fallback = (phrase(address) or given).removeprefix("mailto:")
    return "" if fallback.lower().startswith(("noreply@", "no-reply@", "donotreply@")) else fallback


def language(text: object) -> str | None:
    """A language tag in lower case with hyphens (`en-gb`, BCP 47), None where it names no language."""
    tag = str(text or "").strip().replace("_", "-").lower()
    return tag if _LANGUAGE.fullmatch(tag) and tag.split("-")[0] not in _NO_LANGUAGE else None


def enclosures(found: Iterable[tuple[object, object, object]], base: str) -> tuple[Enclosure, ...]:
    """Files from (address, type, length in bytes), each address once; what is no http(s) address goes."""
    kept: dict[str, Enclosure] = {}
    for address, kind, length in found:
        url = absolute(str(address), base) if address and str(address).strip() else None
        if url and url not in kept:
            kept[url] = Enclosure(url, _media_type(kind), _length(length))
    return tuple(kept.values())


def links_of(links: object, relation: str, base: str) -> tuple[str, ...]:
    """Where the links of this relation lead, absolute; feedparser's links have `rel` and `href`."""
    listed = links if isinstance(links, list) else ()
    said = (str(link.get("href") or "") for link in listed if link.get("rel") == relation)
    return tuple(address for one in said if (address := absolute(one, base)))


def _media_type(kind: object) -> str | None:
    """`audio/mpeg`; None where it is no media type (RFC 9110 §8.3.1)."""
    text = str(kind or "").strip().lower()
    return text if re.fullmatch(r"[\w.+-]+/[\w.+-]+(?:\s*;.*)?", text, re.ASCII) else None


def _length(length: object) -> int | None:
    text = str(length if length is not None else "").strip()
    return int(text) if re.fullmatch(r"\d{1,16}", text, re.ASCII) and int(text) <= _MAX_LENGTH else None
