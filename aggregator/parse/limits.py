"""How much of an entry is kept, whatever its format. What is cut says so, to readers and as a problem.

The limits lie far above what feeds really hold: they keep one entry from filling the store and every output
that it is in. Text is cut in html.py, where its tags are known.

To limit another field: `within_limits`, and a row in tests/parse/test_limits.py.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import fields, replace

from aggregator.core.text import clean_text
from aggregator.model import ParsedEntry
from aggregator.parse.html import CUT_MARK

MAX_TITLE = 1_000  # characters
MAX_AUTHOR = 500
MAX_GUID = 2_000
MAX_CATEGORIES = 100
MAX_HUBS = 5
MAX_FILES = 100
MAX_PROBLEMS = 50  # a feed whose every date is bad need not say it a thousand times
MAX_PROBLEM = 300  # characters
CUT = " … [cut]"

Note = Callable[[str], None]
"""takes a problem, in words for people"""


def within_limits(entry: ParsedEntry, note: Note) -> ParsedEntry:
    """The entry as it is kept; `note` is told which of its fields were cut."""
    kept = replace(
        entry,
        guid=_guid(entry.guid),
        title=shortened(entry.title, MAX_TITLE),
        author=shortened(entry.author, MAX_AUTHOR),
        categories=entry.categories[:MAX_CATEGORIES],
        enclosures=entry.enclosures[:MAX_FILES],
    )
    cut = [one.name for one in fields(entry) if getattr(entry, one.name) != getattr(kept, one.name)]
    cut += [name for name in ("summary", "content") if getattr(entry, name).endswith(CUT_MARK)]
    if cut:
        note(f"too long, so it was cut: {', '.join(cut)}")
    return kept


def shortened(text: str, most: int) -> str:
    """The text, cut between words and with a mark where it is longer."""
    if len(text) <= most:
        return text
    start = text[: most - len(CUT)]
    return (start.rpartition(" ")[0] or start).rstrip() + CUT


def _guid(guid: str | None) -> str | None:
    """A guid tells entries apart to its last character: what is cut is replaced by its hash (RFC 7693)."""
    if guid is None or len(guid) <= MAX_GUID:
        return guid
    return f"{guid[:200]}…{hashlib.blake2b(guid.encode(), digest_size=16).hexdigest()}"


def told(problems: Sequence[str]) -> tuple[str, ...]:
    """The problems as they are kept: the first of them, fit for a line of a log."""
    shown = tuple(" ".join(clean_text(one).split())[:MAX_PROBLEM] for one in problems[:MAX_PROBLEMS])
    left = len(problems) - len(shown)
    return (*shown, f"and {left} more") if left else shown
