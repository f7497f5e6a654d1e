"""What stands after a field's colon, turned into a test: words, phrases, values and regular expressions.

A field is either worded (read word by word: title, text, author, category, feed) or holds values that are
compared whole (url, lang, domain, tag). Never reads the source's grammar; errors are ValueErrors, the
caller knows the column.

To add a field: a property of `Subject`, a row in `FIELDS`, a row in docs/filters.md.
"""

from collections.abc import Callable
from dataclasses import dataclass

import regex

from aggregator.core.filters.clauses import Case, Verdict, any_holds
from aggregator.core.filters.subject import Subject, Text, host_name
from aggregator.core.filters.words import (
    HYPHENS,
    Forms,
    Phrase,
    cut,
    hashtags,
    ready,
    spellings,
    wanted_forms,
)
from aggregator.core.text import folded

Fits = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Field:
    """Where a field looks: in `texts` word by word, and in `values` as `fits` says."""

    texts: Callable[[Subject], tuple[Text, ...]] = lambda _: ()
    values: Callable[[Subject], tuple[str, ...]] = lambda _: ()
    fits: Fits = str.__contains__
    tidy: Callable[[str], str] = folded
    """makes a wanted value comparable"""
    worded: bool = True
    exact: bool = False
    """whether case and marks count"""


def _below(separator: str) -> Fits:
    return lambda value, wanted: value == wanted or value.startswith(wanted + separator)


def _subdomain(value: str, wanted: str) -> bool:
    return value == wanted or value.endswith("." + wanted)


def _tidy_lang(said: str) -> str:
    return said.lower().replace("_", "-")


def _tidy_domain(said: str) -> str:
    """The host alone, however it was pasted: with a scheme, a path, a port or a dot in front."""
    host = said.lower().partition("://")[2] or said
    return host_name("//" + host.removeprefix("."))


def _tidy_tag(said: str) -> str:
    return "-".join(folded(said).split()).strip("/")


ANYWHERE = Field(texts=lambda subject: (subject.title, subject.text))
FIELDS = {
    "title": Field(texts=lambda subject: (subject.title,)),
    "text": Field(texts=lambda subject: (subject.text,)),
    "case": Field(texts=lambda subject: subject.as_written, exact=True),
    "author": Field(texts=lambda subject: (subject.author,)),
    "category": Field(texts=lambda subject: (subject.categories,)),
    "feed": Field(texts=lambda subject: (subject.feed_titles,), values=lambda subject: subject.feed_urls),
    "url": Field(values=lambda subject: subject.urls, worded=False),
    "lang": Field(values=lambda subject: subject.langs, fits=_below("-"), tidy=_tidy_lang, worded=False),
    "domain": Field(values=lambda subject: subject.domains, fits=_subdomain, tidy=_tidy_domain, worded=False),
    "tag": Field(values=lambda subject: subject.tags, fits=_below("/"), tidy=_tidy_tag, worded=False),
}


@dataclass(frozen=True, slots=True)
class Words:
    """A word, a prefix or a phrase of a worded field.

    One of the `phrases` must stand in a text: word after word, each in one of its forms; with `prefix` the
    last word need only begin so. Or `value` is a part of one of the field's values.
    """

    field: Field
    phrases: tuple[Phrase, ...]
    prefix: bool
    value: str

    def holds(self, case: Case) -> Verdict:
        """Whether one of the field's texts or values has it."""
        for text in self.field.texts(case.subject):  # plain loops: nothing runs as often as this
            for phrase in self.phrases:
                if text.holds(phrase, prefix=self.prefix):
                    return True
        return any(self.value in there for there in self.field.values(case.subject))


@dataclass(frozen=True, slots=True)
class Value:
    """A value that one of the field's must fit."""

    field: Field
    wanted: str
    prefix: bool

    def holds(self, case: Case) -> Verdict:
        """Whether one of the field's values does."""
        fits = str.startswith if self.prefix and self.field.fits is not str.__contains__ else self.field.fits
        return any(fits(value, self.wanted) for value in self.field.values(case.subject))


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression, which sees text as the field reads it, one line for each value."""

    field: Field
    pattern: regex.Pattern[str]

    def holds(self, case: Case) -> Verdict:
        """Whether one of the field's texts or values has it; unknown where the time ran out."""
        texts = [text.lines for text in self.field.texts(case.subject)]
        there = "\n".join(self.field.values(case.subject))
        return any_holds([case.search(self.pattern, text) for text in (*texts, there) if text])


@dataclass(frozen=True, slots=True)
class Hashtag:
    """A tag that an author set into a text: `#` and a word."""

    field: Field
    forms: Forms
    prefix: bool

    def holds(self, case: Case) -> Verdict:
        """Whether one of the field's texts has it."""
        there = {tag for text in self.field.texts(case.subject) for tag in text.hashtags}
        if self.prefix:
            return any(tag.startswith(self.forms) for tag in there)
        return not there.isdisjoint(self.forms)


def test_of(field: Field, said: str, *, quoted: bool) -> Words | Hashtag | Value:
    """What a word, a prefix (with * at its end), a phrase or a hashtag asks; ValueError says what is wrong.

    In quotes a hashtag is a word as any other.
    """
    bare = said.removesuffix("*")
    if "*" in bare:
        raise ValueError("a '*' can only stand at the end of a word")
    prefix = bare != said
    if not field.worded:
        return _value(field, bare, prefix=prefix)
    if bare.startswith("#") and not quoted:
        return _hashtag(field, bare, prefix=prefix)
    phrases = _phrases(bare, exact=field.exact)
    if not phrases:
        raise ValueError(f"{said!r} holds no letter and no digit to look for")
    return Words(field, phrases, prefix, field.tidy(bare))


def _value(field: Field, said: str, *, prefix: bool) -> Value:
    value = field.tidy(said)
    if not value or not cut(ready(said)):
        raise ValueError(f"{said!r} is not a value of this field")
    return Value(field, value, prefix)


def _hashtag(field: Field, said: str, *, prefix: bool) -> Hashtag:
    tags = hashtags(ready(said))
    if len(tags) != 1 or len(tags[0]) != len(ready(said)) - 1:
        raise ValueError(f"{said!r} is no hashtag: '#', then letters, digits and '_'")
    return Hashtag(field, (tags[0],) if field.exact else spellings(tags[0]), prefix)


def _phrases(said: str, *, exact: bool) -> tuple[Phrase, ...]:
    """The words side by side; and, where hyphens join some, these as one word: covid-19 is also covid19."""
    words = cut(ready(said))
    whole = cut("".join(word.rstrip(HYPHENS) if _joined(word) else f"{word} " for word in words))
    both = dict.fromkeys([_phrase(words, exact=exact), _phrase(whole, exact=exact)])
    return tuple(filter(None, both))


def _joined(word: str) -> bool:
    return word.endswith(tuple(HYPHENS))


def _phrase(words: list[str], *, exact: bool) -> Phrase:
    bare = [word.rstrip(HYPHENS) for word in words]
    written = [(word,) if exact else wanted_forms(word) for word in bare]
    return tuple(filter(None, written))
