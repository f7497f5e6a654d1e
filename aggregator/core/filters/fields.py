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
from aggregator.core.filters.subject import Phrase, Subject, Text, host_name
from aggregator.core.text import folded, words

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
        return any(
            text.holds(phrase, prefix=self.prefix)
            for text in self.field.texts(case.subject)
            for phrase in self.phrases
        ) or any(self.value in there for there in self.field.values(case.subject))


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
    """A regular expression, which sees folded text, one line for each value."""

    field: Field
    pattern: regex.Pattern[str]

    def holds(self, case: Case) -> Verdict:
        """Whether one of the field's texts or values has it; unknown where the time ran out."""
        texts = [text.folded for text in self.field.texts(case.subject)]
        there = "\n".join(self.field.values(case.subject))
        return any_holds([case.search(self.pattern, text) for text in (*texts, there) if text])


def words_test(field: Field, said: str) -> Words | Value:
    """A test for a word, a prefix (with * at its end) or a phrase; ValueError says what is wrong with it."""
    bare = said.removesuffix("*")
    if "*" in bare:
        raise ValueError("a '*' can only stand at the end of a word")
    prefix = bare != said
    wanted = words(bare)
    if not wanted:
        raise ValueError(f"{said!r} holds no letter and no digit to look for")
    if field.worded:
        return Words(field, (tuple([(word,) for word in wanted]),), prefix, field.tidy(bare))
    value = field.tidy(bare)
    if not value:
        raise ValueError(f"{bare!r} is not a value of this field")
    return Value(field, value, prefix)
