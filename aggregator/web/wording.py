"""How the pages say times, names and amounts, and which addresses they lead to. Pure.

To add a way of saying something: a function here, a filter of that name in pages.py.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from markupsafe import Markup

from aggregator.core.text import counted

LONG_NAME = 80  # characters; a name is there to know its bearer by
ISOLATED = Markup("<bdi>{}</bdi>")

_STEPS = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))


def listed(names: Sequence[str], most: int = 6) -> Markup:
    """`A, B and C`, `A, B and 5 more`; each name keeps to itself, in whatever direction it is written."""
    names = [name if len(name) <= LONG_NAME else f"{name[: LONG_NAME - 1]}…" for name in names]
    shown = [ISOLATED.format(name) for name in (names[: most - 1] if len(names) > most else names)]
    if len(names) > most:
        shown.append(Markup("{} more").format(len(names) - most + 1))
    return Markup(" and ").join(filter(None, (Markup(", ").join(shown[:-1]), *shown[-1:])))


def amount(number: float) -> str:
    """`1,204`, `12`, `3.4`, `under 0.1`: two digits are enough to compare feeds by."""
    if 0 < number < 0.1:
        return "under 0.1"
    return f"{number:,.0f}" if number == 0 or number >= 10 else f"{number:.1f}"


def in_code(text: str) -> Markup:
    """The text as markup, with what stands between backticks as code."""
    pieces = text.split("`")
    code = Markup('<code translate="no">{}</code>')
    return Markup("").join(code.format(one) if number % 2 else one for number, one in enumerate(pieces))


def root_of(path: str) -> str:
    """The way from this path back to the front page, relative, so that it also works behind a path prefix."""
    return "../" * (path.count("/") - 1) or "./"


def ago(moment: datetime, now: datetime) -> str:
    """`3 hours ago`, `in 5 minutes`, `just now`: the largest unit alone."""
    apart = abs(now - moment)
    for unit, name in _STEPS:
        if apart >= unit:
            text = counted(apart // unit, name)
            return f"{text} ago" if moment < now else f"in {text}"
    return "just now" if moment <= now else "in a moment"


def link(url: str | None) -> str:
    """The URL if it may be an href: http and https only; else an empty text."""
    try:
        return url if url and urlsplit(url).scheme in ("http", "https") else ""
    except ValueError:  # such as `http://[`
        return ""
