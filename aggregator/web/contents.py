"""What an output holds, at a glance: read from its own JSON Feed, so that a page shows what readers get.

Pure but for a memory of what was read last: the same bytes are not read twice.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aggregator.model import Snapshot

_FIRST = 4


@dataclass(frozen=True, slots=True)
class Headline:
    """One item: its title, where it leads, who tells it and since when."""

    title: str
    lang: str | None
    url: str
    at: datetime
    source: str
    coverage: int


@dataclass(frozen=True, slots=True)
class Glance:
    """How many items an output has, and those that stand first."""

    items: int = 0
    first: tuple[Headline, ...] = ()
    newest_at: datetime | None = None
    """when the newest item was published; None in an empty output"""


class Contents:
    """Looks into outputs, and remembers by ETag; safe in any thread, as each entry is set in one step."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[str, Glance]] = {}

    def glance(self, name: str, snapshot: Snapshot) -> Glance:
        """What the output of this name holds; an empty glance before it is first published."""
        rendered = snapshot.get(f"{name}.json")
        if rendered is None:
            return Glance()
        seen = self._seen.get(name)
        if seen is None or seen[0] != rendered.etag:
            seen = (rendered.etag, _read(rendered.body))
            self._seen[name] = seen
        return seen[1]


def _read(body: bytes) -> Glance:
    items = json.loads(body)["items"]
    told = tuple(map(_headline, items))
    return Glance(len(told), told[:_FIRST], max((one.at for one in told), default=None))


def _headline(item: Mapping[str, Any]) -> Headline:
    told = item.get("_aggregator", {})
    return Headline(
        title=item.get("title") or item.get("url", ""),
        lang=item.get("language"),
        url=item.get("url", ""),
        at=datetime.fromisoformat(item["date_published"]),
        source=told.get("feed", ""),
        coverage=told.get("coverage", 1),
    )
