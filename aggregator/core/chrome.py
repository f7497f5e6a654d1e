"""Page chrome: what a feed says in entry after entry (tagline, credits, "log in to comment"). Pure.

It is not the story, so it neither tags nor filters nor makes two stories alike. It is learned from what
recurs under different titles and links in a good share of a feed's last entries: a function of the set of
these, so the order inside a document says nothing and polling again changes nothing. What a reader sees is
never cut.

A wrongly learned block hides a keyword, a missed one only tags too much: in doubt it is text. Likeness is
stricter, for there a wrong merge is the greater evil: see `repeated`.

To learn otherwise: `_share`, and a row in tests/core/test_chrome.py.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import nsmallest
from html import escape
from itertools import islice
from typing import TypeVar

from aggregator.core.blocks import Block, blocks
from aggregator.core.text import key64, plain_text, words
from aggregator.model import ChromeBlock, ChromeMemory, Entry, ParsedEntry

ENTRIES = 3  # fewer show no habit
SHARE = 1 / 3  # a quotation goes through three reports of forty, a tagline through all
LINK_SHARE = 1 / 6  # what always leads to one place is a way on and tells nothing: "Follow live updates"
LITTLE_SHARE = 3 / 4  # of a word or two: "Photo:" is chrome, "Politics" is what half of a feed is about
LITTLE = 2  # words
ENOUGH = 10  # entries that can tell that a habit has ended; it ends at half the share at which it began
DOCUMENT = 200  # entries of one document that are looked at: more teach nothing new
DEPTH = 200  # blocks at either end of an entry that are looked at
LENGTH = 50_000  # characters, likewise
BEGINNING = 500  # characters of a text, by far more than are compared
HEAD = 40  # blocks, by far more than stand before them
MOST = 200  # blocks that are kept for a feed, the commonest
TEXT = 300  # characters of a block that are kept for people
FORGOTTEN = timedelta(days=180)  # a feed that was silent for so long may have another page

_Whole = TypeVar("_Whole", str, list[Block])


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is chrome in a feed's entries, by keys; `blocks` are what the store keeps of it."""

    chrome: frozenset[int] = frozenset()
    blocks: tuple[ChromeBlock, ...] = ()
    news: bool = False
    """other blocks are chrome than before"""
    again: tuple[int, ...] = ()
    """the numbers of entries that are stored and now have other chrome than before"""
    switched_off: bool = False

    def of(self, entry: ParsedEntry | Entry) -> tuple[int, ...]:
        """The keys of those blocks of the entry that are chrome, its own headline said again among them."""
        return () if self.switched_off else _marks(entry, self.chrome)


NOTHING_LEARNED = Lesson()


# -- leaving it out ---------------------------------------------------------------------------------------


def without(markup: str, chrome: Collection[int]) -> str:
    """The plain text of this HTML but for the blocks with these keys."""
    if not chrome:
        return plain_text(markup)
    return " ".join(block.text for block in blocks(markup) if key64(block.text) not in chrome)


def body(entry: ParsedEntry, chrome: Collection[int]) -> str:
    """What the entry's text begins to tell, without chrome and without the headline said again.

    With chrome to look for no more than the beginning: nobody compares the rest.
    """
    text = _beginning(entry, chrome) if chrome else plain_text(entry.summary or entry.content)
    rest = text.removeprefix(entry.title)
    return text if rest[:1].isalnum() else rest.lstrip()


def _beginning(entry: ParsedEntry, chrome: Collection[int]) -> str:
    told, length = [], 0
    for block in blocks(entry.summary or entry.content):
        if key64(block.text) not in chrome:
            told.append(block.text)
            length += len(block.text)
            if length > BEGINNING + len(entry.title):
                break
    return " ".join(told)


def shown(entry: Entry) -> tuple[str, ...]:
    """The blocks of a stored entry that count as chrome, as they stand in it, each once."""
    found = (block.text for block in _blocks(entry) if key64(block.text) in entry.chrome)
    return tuple(dict.fromkeys(found)) if entry.chrome else ()


def _marks(entry: ParsedEntry | Entry, chrome: Collection[int]) -> tuple[int, ...]:
    title = entry.title
    twice = title and any(escape(title, quote=False) in text for text in (entry.summary, entry.content))
    if not chrome and not twice:
        return ()
    said = ((key64(block.text), block.text) for block in _blocks(entry))
    return tuple(sorted({key for key, text in said if key in chrome or text == title}))


def _blocks(entry: ParsedEntry | Entry) -> Iterator[Block]:
    for text in (entry.summary, entry.content):
        yield from blocks(text)


# -- learning it ------------------------------------------------------------------------------------------


def repeated(entries: Iterable[ParsedEntry]) -> frozenset[int]:
    """The keys of what one document repeats under three titles: it is no likeness, whatever else it is."""
    titles: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        for block in islice(blocks(entry.summary or entry.content), HEAD):
            titles[block.text].add(entry.title)
    return frozenset(key64(text) for text, under in titles.items() if len(under) >= ENTRIES)


def learn(document: Sequence[ParsedEntry], memory: ChromeMemory, *, now: datetime) -> Lesson:
    """What is chrome, by this document, the feed's last entries beside it, and what was chrome before."""
    told = tuple(_together(_sample(document), memory.recent))
    habits = _habits(told)
    many = len({_names(entry) for entry in told})
    before = {one.key: one for one in memory.blocks}
    found = (
        ChromeBlock(
            key=key,
            text=habit.text[:TEXT],
            seen=habit.times,
            last_seen_at=before[key].last_seen_at if key in before and not habit.here else now,
        )
        for key, habit in habits.items()
        if _is_chrome(habit, many, known=key in before)
    )
    past = (one for one in memory.blocks if one.key not in habits and _may_come_again(one, many, now))
    kept = sorted((*found, *past), key=lambda one: (-one.seen, one.key))[:MOST]
    chrome = frozenset(one.key for one in kept)
    news = chrome != before.keys()
    again = tuple(one.id for one in memory.recent if news and _marks(one, chrome) != one.chrome)
    return Lesson(chrome, tuple(kept), news, again)


def switched_off(memory: ChromeMemory) -> Lesson:
    """Nothing is chrome, and what was so far is not any more."""
    again = tuple(entry.id for entry in memory.recent if entry.chrome)
    return Lesson(news=bool(memory.blocks), again=again, switched_off=True)


@dataclass(slots=True)
class _Habit:
    """A block and the entries that have it."""

    text: str
    here: bool = False
    """in the document that is being read, too"""
    titles: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    targets: set[str | None] = field(default_factory=set)

    @property
    def times(self) -> int:
        """Under how many titles and how many links: a series with one title has a right to its first line."""
        return min(len(self.titles), len(self.links))


def _is_chrome(habit: _Habit, many: int, *, known: bool) -> bool:
    """Whether the block recurs often enough among so many entries to be chrome, or to be it still."""
    if known:
        return many < ENOUGH or habit.times >= _share(habit) * many / 2
    return habit.times >= ENTRIES and habit.times >= _share(habit) * many


def _share(habit: _Habit) -> float:
    """In which part of the entries the block has to recur."""
    if sum(len(word) > 1 or not word.isascii() for word in words(habit.text)) <= LITTLE:
        return LITTLE_SHARE  # a sentence seems to end after "The U.S."
    leads_on = len(habit.targets) == 1 and None not in habit.targets
    return LINK_SHARE if leads_on else SHARE


def _may_come_again(block: ChromeBlock, many: int, now: datetime) -> bool:
    """Of a block that no entry at hand has: too few of them to tell, and not too long ago."""
    return many < ENOUGH and now - block.last_seen_at <= FORGOTTEN


def _habits(told: Iterable[ParsedEntry | Entry]) -> Mapping[int, _Habit]:
    habits: dict[int, _Habit] = {}
    for entry in told:
        title, link = _names(entry)
        for key, block in _keys(entry).items():
            habit = habits.setdefault(key, _Habit(block.text))
            habit.here = habit.here or isinstance(entry, ParsedEntry)
            habit.titles.add(title)
            habit.links.add(link)
            habit.targets.add(block.link)
    return habits


def _keys(entry: ParsedEntry | Entry) -> Mapping[int, Block]:
    """The entry's blocks by key, but for the middle of a book and the headline."""
    texts = (_ends(entry.summary, LENGTH), _ends(entry.content, LENGTH))
    said = _ends([block for text in texts for block in blocks(text)], DEPTH)
    return {key64(block.text): block for block in said if block.text != entry.title}


def _ends(whole: _Whole, size: int) -> _Whole:
    return whole if len(whole) <= 2 * size else whole[:size] + whole[-size:]


def _names(entry: ParsedEntry | Entry) -> tuple[str, str]:
    """The title and the link of an entry; one without is told apart by the other, or by its guid."""
    title, link, guid = entry.title, entry.url or "", entry.guid or ""
    return title or guid or link, link or guid or title


def _sample(document: Sequence[ParsedEntry]) -> Sequence[ParsedEntry]:
    """The document, or some of a long one: the same ones in whatever order it comes."""
    if len(document) <= DOCUMENT:
        return document
    return nsmallest(DOCUMENT, document, key=lambda entry: key64("\n".join(_names(entry))))


def _together(document: Iterable[ParsedEntry], recent: Iterable[Entry]) -> Iterator[ParsedEntry | Entry]:
    """Each entry once: as its page tells it where that was fetched, else as the document does."""
    stored = {_id(entry): entry for entry in recent}
    for entry in document:
        twin = stored.get(_id(entry))
        if twin is None or twin.own_text_key is None or entry.own_text_key is not None:
            stored.pop(_id(entry), None)
            yield entry
    yield from stored.values()


def _id(entry: ParsedEntry | Entry) -> tuple[str, ...]:
    return (entry.guid,) if entry.guid else ("", *_names(entry))
