"""Labelled news as lines of JSON: `{title, summary, url, t, story}`, each of which may be missing."""

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

SHUFFLED_GAP = timedelta(seconds=10)
SHUFFLED_START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """One telling; `story` is None for background that belongs with nothing."""

    title: str
    summary: str
    url: str | None
    at: datetime
    story: str | None


def read(path: Path) -> tuple[Line, ...]:
    """The file's lines in its order, plain or gzipped.

    Where their times do not rise the file was shuffled: its order is its time, and they come 10 s apart.
    """
    raw = tuple(_objects(path))
    return tuple(_line(one, at) for one, at in zip(raw, _times(raw), strict=True))


def _objects(path: Path) -> Iterator[dict[str, object]]:
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as file
    ):
        for text in file:
            if text.strip():
                yield json.loads(text)


def _times(raw: Sequence[dict[str, object]]) -> Iterable[datetime]:
    said = [one.get("t") for one in raw]
    seconds = [float(t) for t in said if isinstance(t, int | float)]
    if len(seconds) == len(raw) and all(before <= after for before, after in pairwise(seconds)):
        return [datetime.fromtimestamp(t, UTC) for t in seconds]
    return [SHUFFLED_START + place * SHUFFLED_GAP for place in range(len(raw))]


def _line(one: dict[str, object], at: datetime) -> Line:
    story = one.get("story")
    return Line(
        title=str(one.get("title") or ""),
        summary=str(one.get("summary") or ""),
        url=str(one["url"]) if one.get("url") else None,
        at=at,
        story=None if story in (None, "") else str(story),
    )
