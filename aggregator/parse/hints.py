"""What a feed asks of its pollers: ttl, skipHours, skipDays (RSS 2.0), updatePeriod (mod_syndication).

Only reads; how far a hint is followed is decided by the schedule. Nonsense counts as silence.

To read another hint: a field in model.Hints and a line in `read_hints`.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from aggregator.model import Hints

PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
DAYS = {"monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6}
_MAX_TTL = 525_600  # minutes: a year; longer ones are mistakes
_MAX_FREQUENCY = 1_440
_MAX_SPAN = 4_000  # characters that 24 hours can take up in a document
_HOUR = re.compile(r"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
_DAY = re.compile(r"<day>\s*(\w+)\s*</day>", re.IGNORECASE)


def read_hints(feed: Mapping[str, Any], text: str) -> Hints:
    """The hints of feedparser's feed; skipHours and skipDays from the text, for feedparser keeps only one."""
    hours = {int(hour) % 24 for hour in _HOUR.findall(_inside(text, "skipHours")) if int(hour) <= 24}
    days = {DAYS[day.lower()] for day in _DAY.findall(_inside(text, "skipDays")) if day.lower() in DAYS}
    ttl = _number(feed.get("ttl"), _MAX_TTL)
    return Hints(
        ttl=timedelta(minutes=ttl) if ttl else None,
        update_period=_period(feed),
        skip_hours=frozenset(hours),
        skip_days=frozenset(days),
    )


def _period(feed: Mapping[str, Any]) -> timedelta | None:
    """The time between two updates: the period (daily unless said), divided by how often in it (once)."""
    name, often = feed.get("sy_updateperiod"), feed.get("sy_updatefrequency")
    if not name and not often:
        return None
    period = PERIODS.get(str(name or "daily").strip().lower())
    return period / (_number(often, _MAX_FREQUENCY) or 1) if period else None


def _number(text: object, most: int) -> int | None:
    """A whole number from 1 to `most`, else None."""
    match = re.fullmatch(r"\s*(\d{1,9})\s*", str(text or ""), re.ASCII)
    return int(match[1]) if match and 1 <= int(match[1]) <= most else None


def _inside(text: str, element: str) -> str:
    """The text between an element's tags, '' where it is missing."""
    start = text.find(f"<{element}>")
    if start < 0:
        return ""
    end = text.find(f"</{element}>", start, start + _MAX_SPAN)
    return text[start:end] if end > 0 else ""
