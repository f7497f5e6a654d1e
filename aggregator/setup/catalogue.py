"""The well-known feeds that `init` offers, and which of them a person means. Asks no network.

A feed stands under its topic, or, where it has none, under its country; both become its tags. A topic's feeds
come in the languages that are wanted, a country's in its own.

To offer another feed: a line in defaults/catalogue.csv, at the end of its topic or country.
"""

import csv
import difflib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from importlib.resources import files

from aggregator.core.settings import FeedSettings, parents

EVERYWHERE = "en"  # a topic's feeds in this language are wanted unless others are named
LANGUAGES = {
    "ar": "العربية",
    "cs": "Čeština",
    "da": "Dansk",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fi": "Suomi",
    "fr": "Français",
    "hi": "हिन्दी",
    "it": "Italiano",
    "ja": "日本語",
    "nl": "Nederlands",
    "no": "Norsk",
    "pl": "Polski",
    "pt": "Português",
    "ru": "Русский",
    "sv": "Svenska",
    "tr": "Türkçe",
    "uk": "Українська",
    "zh": "中文",
}
_RANGE = re.compile(r"(\d{1,4})(?:-(\d{1,4}))?")


@dataclass(frozen=True, slots=True)
class Offer:
    """A feed of the catalogue. `topic` and `country` are tags, '' for none; `language` is ISO 639-1."""

    topic: str
    country: str
    language: str
    title: str
    url: str

    @property
    def heading(self) -> str:
        """Under which name it is offered."""
        return self.topic or self.country

    @property
    def feed(self) -> FeedSettings:
        """The feed as the config names it."""
        return FeedSettings(
            url=self.url, title=self.title, tags=tuple(filter(None, (self.topic, self.country)))
        )


def catalogue() -> tuple[Offer, ...]:
    """All that is offered, in the order of the table."""
    table = files("aggregator").joinpath("defaults", "catalogue.csv").read_text(encoding="utf-8")
    return tuple(Offer(**row) for row in csv.DictReader(table.splitlines()))


def topics_of(offers: Collection[Offer]) -> tuple[str, ...]:
    """The topics, in the order of the table."""
    return tuple(dict.fromkeys(offer.topic for offer in offers if offer.topic))


def countries_of(offers: Collection[Offer]) -> tuple[str, ...]:
    """The countries that have feeds of their own."""
    return tuple(dict.fromkeys(offer.country for offer in offers if not offer.topic))


def languages_of(offers: Collection[Offer], countries: Collection[str]) -> tuple[str, ...]:
    """English, and what is spoken in the feeds of these countries."""
    spoken = (offer.language for offer in offers if not offer.topic and _within(offer.country, countries))
    return tuple(dict.fromkeys((EVERYWHERE, *spoken)))


def chosen(
    offers: Collection[Offer],
    *,
    topics: Collection[str],
    countries: Collection[str],
    languages: Collection[str] = (),
) -> tuple[Offer, ...]:
    """The feeds under these topics and countries, and under what is part of them (`tech`, `europe`)."""
    wanted = languages or languages_of(offers, countries)
    return tuple(
        offer
        for offer in offers
        if (_within(offer.topic, topics) and offer.language in wanted)
        or (not offer.topic and _within(offer.country, countries))
    )


def meant(word: str, names: Sequence[str]) -> str:
    """The name, or the family of names, that a person means by a word; ValueError with the nearest."""
    families = dict.fromkeys(name for one in names for name in (*parents(one), one))
    spelt = re.sub(r"[\s_]+", "-", word.strip().casefold())
    for name in families:
        if spelt in {name, name.rpartition("/")[2]}:
            return name
    last = {name.rpartition("/")[2]: name for name in families}
    near = difflib.get_close_matches(spelt, [*last, *families], n=1)
    raise ValueError(
        f"is none of them; did you mean {near[0]}?" if near else f"is none of: {', '.join(names)}"
    )


def picked(answer: str, names: Sequence[str]) -> tuple[str, ...]:
    """The names that an answer lists, by their numbers (`2`, `4-6`), by name, or as `all`.

    ValueError with a sentence for the person who answered.
    """
    found: dict[str, None] = {}
    for word in filter(None, re.split(r"[,;\s]+", answer.strip())):
        if word.casefold() == "all":
            found.update(dict.fromkeys(names))
        elif numbers := _RANGE.fullmatch(word):
            found.update(
                dict.fromkeys(_numbered(word, int(numbers[1]), int(numbers[2] or numbers[1]), names))
            )
        else:
            try:
                found[meant(word, names)] = None
            except ValueError as error:
                raise ValueError(f"'{word}' {error}") from error
    return tuple(found)


def _numbered(word: str, first: int, last: int, names: Sequence[str]) -> Sequence[str]:
    if not 1 <= first <= last <= len(names):
        raise ValueError(f"'{word}' is none of the numbers 1 to {len(names)}")
    return names[first - 1 : last]


def _within(name: str, families: Collection[str]) -> bool:
    return any(one in families for one in (*parents(name), name))
