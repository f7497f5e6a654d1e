"""Regular expressions under a time limit: the one place where a pattern written by a user is run.

Never raises for a pattern that takes too long, and never holds up the other threads while one runs.
To use another engine, write another function with the shape of `core.filters.Search`.
"""

from datetime import timedelta

import regex

LIMIT = timedelta(milliseconds=50)  # a usual one needs 50 µs for a thousand words, a hostile one years


def timed_search(
    pattern: regex.Pattern[str], text: str, *, limit: timedelta = LIMIT
) -> tuple[str, ...] | None:
    """What the pattern finds first in the text, alone; empty where it finds nothing, None out of time."""
    try:
        found = pattern.search(text, timeout=limit.total_seconds(), concurrent=True)
    except TimeoutError:
        return None
    return (found[0],) if found else ()
