"""The page elsewhere that an entry of a link blog, a forum or an aggregator is about. Pure.

Most entries link to something, few are nothing but a pointer to it. An article that cites its sources is no
telling of them, and a round-up of ten links none of any: what counts is a link that the feed itself marks as
the target, one that carries the entry's title, or the only link of a text with next to no words of its own.
In doubt there is no target, and the entry is a story of its own.

To know another way of marking: `MARKS`, `LABELS` or a rule in `linked_target`, and a row in
tests/core/test_targets.py.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from aggregator.core.text import words
from aggregator.core.urls import canonical, host_of
from aggregator.model import ParsedEntry

MAX_CHARACTERS = 10_000  # of markup: a longer text is an article
MAX_LINKS = 20  # to wherever: more are a list
MAX_SAID = 500  # characters of a link that can be a title
MAX_OWN_WORDS = 8  # "submitted by … to …", "12 points, 3 comments", "via"
MAX_ELSEWHERE = 3  # pages that a text may point to where one of them carries its title
MAX_TOLD_WORDS = 120  # beside a link with the title; more is an article about the page
TITLE_WORDS = 4  # fewer are no title that would be said again by chance
TITLE_SHARE = 0.5  # of an entry's title that the link says: "Dam bursts (A. Reporter/The Wire)"

MARKS = frozenset(("[link]",))  # Reddit and its like
LABELS = ("article url:",)  # Hacker News through hnrss
TALK = frozenset(("comments", "comment", "discuss", "discussion", "permalink", "permanent link"))
TALK_LABELS = ("comments url:",)
DIGESTS = frozenset(("slashdot.org", "soylentnews.org", "metafilter.com"))
"""Sites whose every entry is about what it links to; they quote at length."""

_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^<>"]|"[^"]*")*)>""")
_HREF = re.compile(r'\shref="([^"]*)"')
_SHARING = re.compile(
    r"(?:facebook\.com/(?:sharer|share|dialog)|x\.com/(?:home|intent|share)|linkedin\.com/share"
    r"|reddit\.com/submit|pinterest\.com/pin/create|t\.me/share|api\.whatsapp\.com/|wa\.me/"
    r"|news\.ycombinator\.com/submit)"
    r"|(?:facebook|instagram|linkedin|threads|tiktok|x)\.com/[^/?]*$|[^/]+/@[^/]*$"  # a profile
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a text: where it leads, its words, and what stands before it."""

    href: str
    said: str
    label: str

    @property
    def is_target(self) -> bool:
        """Whether the feed marks it as what the entry is about."""
        return self.said.lower() in MARKS or self.label.lower().endswith(LABELS)

    @property
    def is_talk(self) -> bool:
        """Whether it leads to what people say about it."""
        plain = " ".join(words(self.said))
        sign = bool(self.said) and not plain  # ★, ∞, #: the address of the remark itself
        return sign or plain in TALK or self.label.lower().endswith(TALK_LABELS)


def linked_target(entry: ParsedEntry) -> str | None:
    """The key of the page elsewhere that the entry is about; None where it speaks for itself."""
    if not entry.url:
        return None
    own = _site(canonical(entry.url) or host_of(entry.url))
    if entry.about:
        named = canonical(entry.about)
        return named if named and _site(named) != own else None
    text = entry.summary if entry.own_text_key is not None else entry.content or entry.summary
    if "<a" not in text or len(text) > MAX_CHARACTERS:
        return None
    pages = _pages_meant(*_read(text), own, entry.title)
    return pages.pop() if len(pages) == 1 else None


def pages_linked(entry: ParsedEntry) -> frozenset[str]:
    """The keys of the pages that the entry's text leads to, at its beginning and at its end."""
    found = _HREF.findall(entry.content or entry.summary)
    some = {*found[:MAX_LINKS], *found[-MAX_LINKS:]}
    return frozenset(page for href in some if (page := canonical(html.unescape(href))))


def _pages_meant(links: list[Link], own_words: int, own: str, title: str) -> set[str]:
    """The pages that the text may be about, by the surest rule that speaks of any."""
    marked = [link for link in links if link.is_target]
    if not marked and (len(links) > MAX_LINKS or (own_words > MAX_TOLD_WORDS and own not in DIGESTS)):
        return set()
    elsewhere = [(page, link) for link in marked or links if (page := _page_elsewhere(link, own))]
    pages = {page for page, _ in elsewhere}
    if marked or (len(pages) == 1 and (own_words <= MAX_OWN_WORDS or own in DIGESTS)):
        return pages
    whole = words(title)
    titled = {page for page, link in elsewhere if _says(words(link.said), whole)}
    return titled if len(pages) <= MAX_ELSEWHERE else set()


def _page_elsewhere(link: Link, own: str) -> str | None:
    """The key of the page on another site that the link leads to."""
    page = None if link.is_talk else canonical(link.href)
    return page if page and _site(page) != own and not _SHARING.match(page) else None


def _says(said: tuple[str, ...], title: tuple[str, ...]) -> bool:
    enough = len(said) >= max(TITLE_WORDS, TITLE_SHARE * len(title))
    return enough and title[: len(said)] == said


def _site(address: str) -> str:
    """The domain that somebody registered, as far as its shape tells: `bbc.co.uk` of `news.bbc.co.uk`.

    Too much is one site by this (all blogs of one host), and then there is no target.
    """
    labels = address.partition("/")[0].partition(":")[0].split(".")
    short = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3:] if short else labels[-2:])


# -- reading the markup -----------------------------------------------------------------------------------


def _read(text: str) -> tuple[list[Link], int]:
    """The links of a sanitised text in order, and how many words stand outside of links and quotations.

    What is above `MAX_TOLD_WORDS` need not be counted.
    """
    links: list[Link] = []
    href, label, own_words, quoted = None, "", 0, 0
    for closing, name, attributes, said in _pieces(text):
        if name == "blockquote":
            quoted = max(quoted + (-1 if closing else 1), 0)
        if name == "a":
            found = None if closing else _HREF.search(attributes)
            href = html.unescape(found[1]) if found else None
            if href is not None:
                links.append(Link(href, "", label))
        if href is not None:
            links[-1] = replace(links[-1], said=f"{links[-1].said} {said}".strip()[:MAX_SAID])
        elif said.strip() and not quoted:
            label = said.strip()
            own_words += len(words(said)) if own_words <= MAX_TOLD_WORDS else 0
    return links, own_words


def _pieces(text: str) -> Iterator[tuple[bool, str, str, str]]:
    """Each tag (closing or not, name, attributes) with the text that follows it; the first without a tag."""
    place, tag = 0, (False, "", "")
    for match in _TAG.finditer(text):
        yield (*tag, html.unescape(text[place : match.start()]))
        place, tag = match.end(), (bool(match[1]), match[2].lower(), match[3])
    yield (*tag, html.unescape(text[place:]))
