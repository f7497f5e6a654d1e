"""What a format is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from aggregator.model import Document

Links = Mapping[str, str]
"""The absolute address of the same output in each format, by suffix."""


HISTORY = "http://purl.org/syndication/history/1.0"
"""the namespace of RFC 5005"""


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write a document down."""

    suffix: str
    content_type: str
    render: Callable[[Document, Links], bytes]


def is_marked_archive(document: Document) -> bool:
    """Whether fh:archive stands in it: not on the oldest page, whose archive validators think incomplete."""
    return bool(document.current and document.older)


def history(document: Document, suffix: str) -> Iterator[tuple[str, str]]:
    """The relations of a document to its archive, with the addresses that they lead to (RFC 5005 §4)."""
    for relation, address in (("current", document.current), ("prev-archive", document.older)):
        if address:
            yield relation, f"{document.base_url}{address}.{suffix}"
