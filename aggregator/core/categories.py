"""A publisher's category as tags: put into our spelling, mapped by the config, muted where it is noise. Pure.

Never drops what the config maps, and never guesses: a category that is neither mapped nor noise is its own
tag. Filters (`category:`) read what the publisher wrote, whatever becomes of it here.

To mute another word for everybody: a line in `NOISE`, if it says of no story what it is about.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from aggregator.core.text import folded

MAX_NAME = 64
EVERYTHING = "*"
CACHED = 2_000  # a publisher files all its articles under the same few words

NOISE = (
    # what WordPress files a post under when its author names nothing, in the languages met most
    *("uncategorized", "uncategorised", "allgemein", "non classé", "sin categoría", "sem categoria"),
    *("senza categoria", "geen categorie", "без рубрики", "未分類", "未分类"),
    # where on the site it stood, or what sort of thing it is
    *("news", "home", "homepage", "home page", "featured", "latest", "latest news", "breaking"),
    *("breaking news", "top news", "top stories", "article", "articles"),
)


@lru_cache(CACHED)
def spelling(category: str) -> str:
    """Under which two spellings are one category: `Top Stories`, `top-stories`, `TOP  STORIES`."""
    return re.sub(r" ?/ ?", "/", " ".join(re.sub(r"[-_]", " ", folded(category)).split()))


_NOISE = frozenset(map(spelling, NOISE))


@dataclass(frozen=True, slots=True)
class Categories:
    """What becomes of publishers' categories. The keys of `mapped` and `muted` are spellings."""

    mapped: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    muted: frozenset[str] = frozenset()
    """beside `NOISE`"""
    only_mapped: bool = False

    def mapped_tags(self, category: str) -> tuple[str, ...]:
        """The tags that the config gives to stories in this category."""
        return self.mapped.get(spelling(category), ()) if self.mapped else ()

    def own_tag(self, category: str) -> str | None:
        """The category as a tag of its own; None where it is mapped, muted, or can be none."""
        if self.only_mapped:
            return None
        spelled = spelling(category)
        if spelled in self.mapped or spelled in self.muted or spelled in _NOISE:
            return None
        return tag_name(category)

    @property
    def key(self) -> str:
        """What changes when stored stories may get other tags from their categories."""
        return repr((sorted(self.mapped.items()), sorted(self.muted), self.only_mapped, NOISE))


AS_WRITTEN = Categories()
"""every category is a tag, but for noise"""


def categories_of(mapping: Mapping[str, Iterable[str]], mute: Iterable[str]) -> Categories:
    """The rules that the config writes so: category → its tags, and categories that give none."""
    muted = frozenset(mute)
    return Categories(
        mapped={spelling(category): tuple(dict.fromkeys(tags)) for category, tags in mapping.items()},
        muted=frozenset(map(spelling, muted - {EVERYTHING})),
        only_mapped=EVERYTHING in muted,
    )


@lru_cache(CACHED)
def tag_name(category: str) -> str | None:
    """A publisher's category as a tag, `part(/part)*` in small letters; None where it can be none.

    `World News/Middle East` is `world-news/middle-east`. An address (some feeds use them as categories)
    and what is longer than 64 characters is no tag.
    """
    if "://" in category:
        return None
    text = unicodedata.normalize("NFC", category).lower()
    parts = [_part(part) for part in text.split("/")]
    name = "/".join(part for part in parts if part)
    return name if 0 < len(name) <= MAX_NAME else None


def _part(text: str) -> str:
    kept = "".join(char for char in "-".join(text.split()) if belongs(char))
    # `R & D` leaves two hyphens where the sign was; dots alone would be a folder.
    return "-".join(filter(None, kept.split("-"))).strip(".")


def belongs(char: str) -> bool:
    """Whether a tag may have it: letters and digits of any script, their vowel signs, `.`, `-` and `_`."""
    return char.isalnum() or char in ".-_" or unicodedata.category(char).startswith("M")
