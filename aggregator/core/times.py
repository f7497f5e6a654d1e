"""Times as text and back: ISO 8601 in UTC with milliseconds and a Z, so that text sorts as time does.

To change the precision, write a migration: stored text is compared with text.
"""

from datetime import UTC, datetime
from functools import lru_cache

NEVER = datetime(1990, 1, 1, tzinfo=UTC)
"""the date of a document that has never had an item: the W3C validator takes none before it for plausible"""


def to_text(moment: datetime) -> str:
    """`2026-11-24T08:00:00.000Z`: always 24 characters (RFC 3339 §5.6)."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


@lru_cache(maxsize=2**12)  # a story's times are those of its entries
def from_text(text: str) -> datetime:
    """The moment that `to_text` wrote; ValueError on anything else."""
    return datetime.fromisoformat(text).astimezone(UTC)
