"""What stands after a field's colon, turned into a test: words, phrases, values and regular expressions.

A field is either worded (read word by word: title, text, author, category, feed) or holds values that are
compared whole (url, lang, domain, tag). Never reads the source's grammar; errors are ValueErrors, the
caller knows the column.

To add a field: a property of `Subject`, a row in `FIELDS`, rows in the cases of docs/filters.md.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import regex

from aggregator.core.filters.clauses import Case, Verdict, any_holds
from aggregator.core.filters.found import Found, first_few
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
    """Where a field looks: in `texts` word by word, and in `values` as `fits` says.

    `says` is that in words, for the reference. `places` is what people call each of the texts, and then the
    values, after "in the".
    """

    says: str
    places: tuple[str, ...]
    texts: Callable[[Subject], tuple[Text, ...]] = lambda _: ()
    values: Callable[[Subject], tuple[str, ...]] = lambda _: ()
    fits: Fits = str.__contains__
    tidy: Callable[[str], str] = folded
    """makes a wanted value comparable"""
    worded: bool = True
    exact: bool = False
    """whether case and marks count"""

    def first_found(self, subject: Subject, find: Callable[[Text], Iterable[str]]) -> tuple[Found, ...]:
        """What is found in the first text that has any of it."""
        for text, place in zip(self.texts(subject), self.places, strict=False):
            if found := first_few(find(text), place):
                return found
        return ()

    def values_found(self, subject: Subject, fits: Callable[[str], bool]) -> tuple[Found, ...]:
        """The first values that fit, in an order that is the same every day."""
        return first_few(filter(fits, sorted(self.values(subject))), self.places[-1])


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


ANYWHERE = Field("title and text", ("title", "text"), texts=lambda subject: (subject.title, subject.text))
FIELDS = {
    "title": Field("the story's title, word by word", ("title",), texts=lambda subject: (subject.title,)),
    "text": Field("its summary and content, word by word", ("text",), texts=lambda subject: (subject.text,)),
    "case": Field(
        "title and text, word by word, with case and accents",
        ("title", "text"),
        texts=lambda subject: subject.as_written,
        exact=True,
    ),
    "author": Field("its author, word by word", ("author",), texts=lambda subject: (subject.author,)),
    "category": Field(
        "what publishers filed it under, word by word",
        ("categories",),
        texts=lambda subject: (subject.categories,),
    ),
    "feed": Field(
        "the feeds that tell it: words of a title, or any part of an address",
        ("feed's title", "feed's address"),
        texts=lambda subject: (subject.feed_titles,),
        values=lambda subject: subject.feed_urls,
    ),
    "url": Field(
        "its address: any part, no `*` needed; `url:/live/` is a folder, and a regular expression only with "
        r"one of `\ ^ $ * + ? ( ) [ { |` in it: a dot alone stands for itself",
        ("address",),
        values=lambda subject: subject.urls,
        worded=False,
    ),
    "lang": Field(
        "its language: `lang:de` takes `de-AT` too",
        ("language",),
        values=lambda subject: subject.langs,
        fits=_below("-"),
        tidy=_tidy_lang,
        worded=False,
    ),
    "domain": Field(
        "the hosts of the articles' addresses: `domain:bbc.co.uk` takes `www.bbc.co.uk` too",
        ("domains",),
        values=lambda subject: subject.domains,
        fits=_subdomain,
        tidy=_tidy_domain,
        worded=False,
    ),
    "tag": Field(
        "its tags: `tag:europe` takes `europe/elections` too",
        ("tags",),
        values=lambda subject: subject.tags,
        fits=_below("/"),
        tidy=_tidy_tag,
        worded=False,
    ),
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

    def found(self, case: Case) -> tuple[Found, ...]:
        """The words, in the first text that has them; else the values."""
        return self.field.first_found(case.subject, self._said_in) or self.field.values_found(
            case.subject, lambda there: self.value in there
        )

    def _said_in(self, text: Text) -> Iterator[str]:
        return (said for phrase in self.phrases for said in text.quoted(phrase, prefix=self.prefix))


@dataclass(frozen=True, slots=True)
class Value:
    """A value that one of the field's must fit."""

    field: Field
    wanted: str
    prefix: bool

    def holds(self, case: Case) -> Verdict:
        """Whether one of the field's values does."""
        return any(map(self._fits, self.field.values(case.subject)))

    def found(self, case: Case) -> tuple[Found, ...]:
        """The values that fit and are not what was asked for, letter by letter: these say nothing new."""
        return self.field.values_found(case.subject, lambda value: value != self.wanted and self._fits(value))

    def _fits(self, value: str) -> bool:
        fits = str.startswith if self.prefix and self.field.fits is not str.__contains__ else self.field.fits
        return fits(value, self.wanted)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression, which sees text as the field reads it, one line for each value."""

    field: Field
    pattern: regex.Pattern[str]

    def holds(self, case: Case) -> Verdict:
        """Whether one of the field's texts or values has it; unknown where the time ran out."""
        texts = [text.lines for text in self.field.texts(case.subject)]
        there = "\n".join(self.field.values(case.subject))
        return any_holds([self._holds_in(text, case) for text in (*texts, there) if text])

    def found(self, case: Case) -> tuple[Found, ...]:
        """What it finds first: in a text, else in the values."""

        def find(text: Text) -> Iterator[str]:
            return map(text.unfolded, case.search(self.pattern, text.lines) or ())

        there = "\n".join(sorted(self.field.values(case.subject)))
        return self.field.first_found(case.subject, find) or first_few(
            case.search(self.pattern, there) or (), self.field.places[-1]
        )

    def _holds_in(self, text: str, case: Case) -> Verdict:
        found = case.search(self.pattern, text)
        return None if found is None else bool(found)


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
            return any(map(self._is_wanted, there))
        return not there.isdisjoint(self.forms)

    def found(self, case: Case) -> tuple[Found, ...]:
        """The tags, in the first text that has any."""
        return self.field.first_found(case.subject, lambda text: text.hashtags_among(self._is_wanted))

    def _is_wanted(self, tag: str) -> bool:
        return tag.startswith(self.forms) if self.prefix else tag in self.forms


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
