"""A feed that was rebuilt: which of its stored entries is which in its new document. Pure.

A move to another program, another domain or https gives every entry another guid, and often another link:
without a second look a whole feed of old news would be news again. In doubt an entry counts as new, for a
series ("Morning briefing", the same words each day) looks like a move from outside.

To recognise entries by something new: a key in `_KEYS`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from aggregator.core.dedup import LEAD_WORDS, TITLE_WORDS
from aggregator.core.text import plain_text, same_key, words
from aggregator.core.urls import canonical
from aggregator.model import Entry, ParsedEntry

MIN_MOVED = 3  # entries: fewer that look alike may be a series

T = TypeVar("T")
Key = Callable[[Entry | ParsedEntry], str | None]


def page_key(entry: Entry | ParsedEntry) -> str | None:
    """Title and page: the same article, whatever its guid; a scheme or `www.` makes no other page."""
    page = canonical(entry.url) if entry.url else None
    return page and f"{page}\n{same_key(entry.title)}"


def _path_key(entry: Entry | ParsedEntry) -> str | None:
    """Title and path: the same article on another host."""
    page = canonical(entry.url) if entry.url else None
    if not page or len(words(entry.title)) < TITLE_WORDS:
        return None
    return f"{page.partition('/')[2]}\n{same_key(entry.title)}"


def _text_key(entry: Entry | ParsedEntry) -> str | None:
    """Title and whole text: the same article under another path."""
    text = words(plain_text(entry.content or entry.summary))
    return f"{same_key(entry.title)}\n{' '.join(text)}" if len(text) >= LEAD_WORDS else None


_KEYS: tuple[Key, ...] = (_path_key, _text_key)


def moved(said: Sequence[ParsedEntry], gone: Sequence[Entry]) -> dict[int, Entry]:
    """By place in `said`: the stored entry that each new one was, as far as that is sure.

    `gone` are the entries of the document before whose guids and links are not in this one. The same page
    under the same title is one entry. What was moved further has to be the most of the document.
    """
    found = _paired(page_key, dict(enumerate(said)), gone)
    further: dict[int, Entry] = {}
    for key in _KEYS:
        left = {place: one for place, one in enumerate(said) if place not in found and place not in further}
        taken = {entry.uid for entry in (*found.values(), *further.values())}
        further |= _paired(key, left, [entry for entry in gone if entry.uid not in taken])
    most = min(len(said), len(gone)) / 2
    sure = len(further) >= MIN_MOVED and len(found) + len(further) >= most
    return found | further if sure else found


def _paired(key: Key, said: dict[int, ParsedEntry], gone: Sequence[Entry]) -> dict[int, Entry]:
    """The pairs under each key that one entry alone has, on both sides."""
    if not gone:
        return {}  # as in most polls; making keys of all that is new would cost more than deciding it
    places = _alone((key(one), place) for place, one in said.items())
    entries = _alone((key(entry), entry) for entry in gone)
    return {places[name]: entries[name] for name in places.keys() & entries.keys()}


def _alone(named: Iterable[tuple[str | None, T]]) -> dict[str, T]:
    listed = [(name, one) for name, one in named if name]
    times = Counter(name for name, _ in listed)
    return {name: one for name, one in listed if times[name] == 1}
