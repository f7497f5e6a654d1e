"""Who else tells a story: a line of links under its text, in the language of the text. Pure.

The line is for people, in every format; machines find the same feeds through `others`. Both are bounded: a
story that a thousand feeds tell is still a story and not a directory.

To add a language: a row in WORDS.
"""

from collections.abc import Mapping
from types import MappingProxyType

from aggregator.core.formats.markup import element, escaped, language, wrapped
from aggregator.core.text import clean_text
from aggregator.model import AlsoIn, Item

MOST = 20  # links; where there are more, the last place says how many

WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "ar": ("أيضًا في:", "و{} أخرى"),
        "de": ("Auch in:", "und {} weitere"),
        "en": ("Also in:", "and {} more"),
        "es": ("También en:", "y {} más"),
        "fr": ("Aussi dans :", "et {} autres"),
        "it": ("Anche su:", "e altri {}"),
        "ja": ("こちらにも:", "ほか{}件"),
        "nl": ("Ook in:", "en nog {}"),
        "pl": ("Także w:", "i jeszcze {}"),
        "pt": ("Também em:", "e mais {}"),
        "ru": ("Также в:", "и ещё {}"),
        "zh": ("另见:", "及另外 {} 个"),
    }
)
"""By language (ISO 639-1): what comes before the links, and what says how many are not shown (never one)."""

_RIGHT_TO_LEFT = frozenset({"ar"})


def others(item: Item) -> tuple[AlsoIn, ...]:
    """The other feeds that are named, at most MOST; it is never one alone that is left out."""
    told = item.also_in
    return told if len(told) + item.also_more <= MOST else told[: MOST - 1]


def headline(one: AlsoIn, item: Item) -> str:
    """What the other feed calls the story."""
    return one.title or item.title


def also_in(item: Item, *, class_: str | None = None, rel: str | None = None) -> str:
    """`Also in: …` as a paragraph of HTML; empty when nobody else tells the story."""
    named = others(item)
    if not named:
        return ""
    spoken = (language(item.lang) or "").partition("-")[0]
    lang = spoken if spoken in WORDS else "en"
    before, more = WORDS[lang]
    links = [element("a", one.feed_title, href=one.url, title=one.title or None, rel=rel) for one in named]
    left = len(item.also_in) + item.also_more - len(named)
    rest = f" {escaped(more.format(left))}" if left else ""
    direction = "rtl" if lang in _RIGHT_TO_LEFT else "ltr"
    return wrapped("p", f"{before} {', '.join(links)}{rest}", class_=class_, lang=lang, dir=direction)


def whole_text(item: Item) -> str:
    """The item's fullest text as clean HTML, with who else tells it below."""
    return clean_text(item.content or item.summary) + also_in(item)
