"""Time spans as people say them."""

from datetime import timedelta

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))


def in_words(span: timedelta) -> str:
    """`90 s`, `30 min`, `2.7 h`, `1 d`: the largest unit that leaves no rest, or of which there are two."""
    seconds = round(span.total_seconds(), 1)
    for unit, name in _UNITS:
        if seconds and (seconds % unit == 0 or seconds >= 2 * unit):
            return f"{_short(seconds / unit)} {name}"
    return f"{_short(seconds)} s"


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
