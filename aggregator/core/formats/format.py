"""What a format is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aggregator.model import Document

Links = Mapping[str, str]
"""The absolute address of the same output in each format, by suffix."""


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write a document down."""

    suffix: str
    content_type: str
    render: Callable[[Document, Links], bytes]
