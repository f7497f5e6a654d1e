"""Who else tells a story: a line of links under its text, in the language of the text. Pure.

The other stories of an event are other news, so that of an event it is a list of their titles. Both are for
people, in every format; machines find the same through `others`. All is bounded: a story that a thousand
feeds tell is still a story and not a directory.

To add a language: a row in WORDS and in HEADINGS.
"""

from collections.abc import Iterable, Mapping
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

HEADINGS: Mapping[str, str] = MappingProxyType(
    {
        "ar": "تقارير أخرى:",
        "de": "Weitere Meldungen:",
        "en": "Other reports:",
        "es": "Otras noticias:",
        "fr": "Autres articles :",
        "it": "Altri articoli:",
        "ja": "ほかの記事:",
        "nl": "Andere berichten:",
        "pl": "Inne doniesienia:",
        "pt": "Outras notícias:",
        "ru": "Другие сообщения:",
        "zh": "其他报道:",
    }
)
"""By language: what stands above the titles of an event's other stories."""

_RIGHT_TO_LEFT = frozenset({"ar"})


def others(item: Item) -> tuple[AlsoIn, ...]:
    """The other feeds that are named, at most MOST; it is never one alone that is left out."""
    told = item.also_in
    return told if len(told) + item.also_more <= MOST else told[: MOST - 1]


def headline(one: AlsoIn, item: Item) -> str:
    """What the other feed calls the story."""
    return one.title or item.title


def also_in(item: Item, *, class_: str | None = None, rel: str | None = None) -> str:
    """`Also in: …` as a paragraph of HTML, or the titles of other stories as a list; empty where are none."""
    named = others(item)
    if not named:
        return ""
    left = len(item.also_in) + item.also_more - len(named)
    show = _titles if item.also_told else _line
    return show(item, named, left, class_, rel)


def _line(item: Item, named: Iterable[AlsoIn], left: int, class_: str | None, rel: str | None) -> str:
    lang, direction = _spoken(item)
    before, more = WORDS[lang]
    links = [element("a", one.feed_title, href=one.url, title=one.title or None, rel=rel) for one in named]
    rest = f" {escaped(more.format(left))}" if left else ""
    return wrapped("p", f"{before} {', '.join(links)}{rest}", class_=class_, lang=lang, dir=direction)


def _titles(item: Item, named: Iterable[AlsoIn], left: int, class_: str | None, rel: str | None) -> str:
    """Our own words are in our language; a title is in whichever it is, and says by itself how it runs."""
    lang, direction = _spoken(item)
    rows = [
        wrapped(
            "li",
            f"{element('a', headline(one, item), href=one.url, rel=rel)} ({escaped(one.feed_title)})",
            dir="auto",
        )
        for one in named
    ]
    if left:
        rows.append(element("li", WORDS[lang][1].format(left), lang=lang, dir=direction))
    heading = element("p", HEADINGS[lang], class_=class_, lang=lang, dir=direction)
    return heading + wrapped("ul", "".join(rows), class_=class_)


def _spoken(item: Item) -> tuple[str, str]:
    """The language of the item where we speak it, else English, and its direction."""
    spoken = (language(item.lang) or "").partition("-")[0]
    lang = spoken if spoken in WORDS else "en"
    return lang, "rtl" if lang in _RIGHT_TO_LEFT else "ltr"


def whole_text(item: Item) -> str:
    """The item's fullest text as clean HTML, with who else tells it below."""
    return clean_text(item.content or item.summary) + also_in(item)
