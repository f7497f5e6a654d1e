"""Which articles are worth fetching, and what of their pages becomes an entry's text. Pure: fetches nothing.

What comes back for an article may be a consent form, a pay wall or the home page, so a page has to earn its
place: in doubt the feed's own text stays. An entry is decided once, when it is new, and again only when its
feed tells it in other words.

To ask more of a page: a condition in `_is_the_article`, and a row in tests/core/test_full_text.py.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from aggregator.core import identities
from aggregator.core.gist import OPENING_CHARACTERS
from aggregator.core.identities import OwnEntries
from aggregator.core.text import key64, plain_text, words
from aggregator.core.urls import canonical
from aggregator.model import Article, Entry, Known, ParsedEntry, ParsedFeed

MAX_PAGES = 20  # in one poll: the backlog of a new feed must not hold its news up for long
MAX_AGAIN = 5  # of these for edits: some feeds tell an old entry in new words with each poll
MIN_WORDS = 25  # less is a notice and not an article
MIN_SHARE = 0.3  # of the words of title and opening, found again in the page

_ARTICLE_NAME = re.compile(r"\d{4}|[^/]+[-_][^/]+[-_][^/]+/?$")


@dataclass(frozen=True, slots=True)
class Want:
    """An entry whose article's page may be asked for, and the same as it is stored, None where it is new."""

    said: ParsedEntry
    stored: Entry | None = None


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages to ask for, new entries and the newest first, and those beyond the bounds of one poll."""

    asked: tuple[Want, ...] = ()
    left: tuple[Want, ...] = ()


def pages(
    parsed: ParsedFeed, known: Known, accepts: Callable[[ParsedEntry], bool], *, now: datetime
) -> Pages:
    """The pages that bear on this document: of entries that will come in, and of those told in other words.

    `accepts` is the feed's include and exclude, asked of the feed's own words: an entry that stays outside
    would be new with each poll, and its page asked for each time.
    """
    wants = sorted(_wants(parsed, known), key=lambda want: want.said.published_at or now, reverse=True)
    new = [want for want in wants if want.stored is None and accepts(want.said)]
    again = [want for want in wants if want.stored and own_text_key(want.said) != _told_key(want.stored)]
    queue = (*new, *again[:MAX_AGAIN])
    return Pages(asked=queue[:MAX_PAGES], left=(*queue[MAX_PAGES:], *again[MAX_AGAIN:]))


def _wants(parsed: ParsedFeed, known: Known) -> Iterable[Want]:
    """Entries with a page of their own, in the order of the document.

    A link that several entries share leads to a section.
    """
    document = identities.heard(parsed)
    matches = tuple(OwnEntries(known, document).matches())
    links = Counter(canonical(one.said.url or "") for one in document.entries)
    for one, entry in reversed(matches):
        name = canonical(one.said.url or "")
        if name and links[name] == 1:
            yield Want(one.said, entry)


# -- what the feed itself says ----------------------------------------------------------------------------


def own_text_key(said: ParsedEntry | Entry) -> int:
    """A key of the words of a text. Markup does not count, and neither do numbers: "3 comments" rises."""
    told = words(plain_text(f"{said.summary} {said.content}"))
    return key64(" ".join(word for word in told if not word.isdigit()))


def _told_key(entry: Entry) -> int:
    return own_text_key(entry) if entry.own_text_key is None else entry.own_text_key


def kept(entry: Entry, said: ParsedEntry) -> ParsedEntry:
    """What the feed says of a stored entry, with the page's text for as long as its own is the same."""
    if entry.own_text_key is None or said.own_text_key is not None:
        return said
    return _with_text_of(entry, said, entry.summary) if own_text_key(said) == entry.own_text_key else said


def _with_text_of(entry: Entry, said: ParsedEntry, summary: str) -> ParsedEntry:
    return replace(
        said,
        summary=summary,
        content=entry.content,
        own_text_key=own_text_key(said),
        canonical_url=entry.canonical_url,
    )


# -- what the page says -----------------------------------------------------------------------------------


def told(want: Want, article: Article | None) -> ParsedEntry:
    """The entry with its article's text, or as the feed tells it where there is no better.

    The feed's own text becomes the summary, so that the entry is recognised by it as before. An entry that
    has its page's text keeps it when the page cannot be had again.
    """
    said = want.said
    summary = said.summary or said.content
    if article and _is_the_article(article, said):
        return replace(
            said,
            summary=summary,
            content=article.content,
            own_text_key=own_text_key(said),
            canonical_url=_other_name(article.canonical_url, said.url or ""),
        )
    if want.stored and want.stored.own_text_key is not None:
        return _with_text_of(want.stored, said, summary)
    return said


def _is_the_article(article: Article, said: ParsedEntry) -> bool:
    """Whether this is more of what the feed speaks of: longer, and in part the same words."""
    page, own = plain_text(article.content), plain_text(said.content or said.summary)
    found = words(page)
    if len(found) < MIN_WORDS or len(page) <= len(own):
        return False
    expected = set(words(f"{said.title} {own[:OPENING_CHARACTERS]}"))
    return len(expected & set(found)) >= MIN_SHARE * len(expected)


def _other_name(named: str | None, url: str) -> str | None:
    """What the page calls itself, where it is another article's address; never a home or section page's.

    A template that names the section in every page would make all its articles one story.
    """
    if not named or canonical(named) in (None, canonical(url)):
        return None
    parts, own = urlsplit(named), urlsplit(url)
    inside = parts.netloc == own.netloc and own.path.startswith(f"{parts.path.rstrip('/')}/")
    named_so = _ARTICLE_NAME.search(f"{parts.query}&{parts.path}")
    return named if named_so and not inside else None
