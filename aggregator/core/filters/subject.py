"""What a filter reads of a story: its texts folded and cut into words, once, and only when asked for.

A hundred rules on one story share one Subject. Never judges; never reads a clock.

To add a field: a property here, a row in `fields.FIELDS`, rows in the cases of docs/filters.md.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import takewhile, zip_longest
from urllib.parse import urlsplit

from aggregator.core.chrome import without
from aggregator.core.filters.words import (
    HYPHENS,
    Phrase,
    cut,
    exact_forms,
    forms,
    hashtags,
    is_plain,
    joined,
    ready,
    side_by_side,
    spellings,
)
from aggregator.core.text import folded, plain_text
from aggregator.model import Entry, Story

Span = tuple[int, int]
"""From which word to which; a text's words are counted from 0."""
Spans = list[Span]
FAR = 1_000  # the distance between two parts of a text: nothing is near to what stands in another


@dataclass(frozen=True)
class Text:
    """A text in parts, made searchable; nothing is found across two parts.

    An `exact` one is searched as it is written, with case and marks.
    """

    parts: tuple[str, ...]
    exact: bool = False

    @cached_property
    def lines(self) -> str:
        """The parts as regular expressions see them: one line each."""
        return "\n".join(self.parts if self.exact else [folded(part) for part in self.parts])

    @cached_property
    def hashtags(self) -> frozenset[str]:
        """Its hashtags, in every spelling."""
        found = [tag for part in self.parts if "#" in part or "＃" in part for tag in hashtags(ready(part))]
        return frozenset(found if self.exact else [form for tag in found for form in spellings(tag)])

    @cached_property
    def _written(self) -> tuple[list[str], ...]:
        return tuple(cut(ready(part)) for part in self.parts)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every form of every word: the keys of `positions`, at a fraction of their cost."""
        found: set[str] = set()
        forms_of = exact_forms if self.exact else forms
        for written in self._written:
            different = set(written)
            plain = set(filter(is_plain, different))
            found.update(plain if self.exact else map(str.lower, plain))
            for word in different - plain:
                found.update(forms_of(word.rstrip(HYPHENS)))
            for word in joined(written) if len(plain) < len(different) else ():
                found.update(forms_of(word))
        return frozenset(found)

    @cached_property
    def positions(self) -> dict[str, list[int]]:
        """Where each word stands, under every form of it."""
        positions: dict[str, list[int]] = {}
        forms_of = exact_forms if self.exact else forms
        at = 0
        for part in self._written:
            before = ""  # the word before, where only a hyphen parts it from this one
            for written in part:
                plain = is_plain(written)
                word = written if plain else written.rstrip(HYPHENS)
                for form in (word.lower(),) if plain and not self.exact else forms_of(word):
                    positions.setdefault(form, []).append(at)
                for form in forms_of(before + word) if before else ():
                    positions.setdefault(form, []).extend((at - 1, at))
                before = word if word != written else ""
                at += 1
            at += FAR
        return positions

    @cached_property
    def _sorted_words(self) -> list[str]:
        return sorted(self.words)

    def holds(self, phrase: Phrase, *, prefix: bool) -> bool:
        """Whether these words stand here side by side; with `prefix` the last need only begin so."""
        if len(phrase) == 1:
            if prefix:
                return any(self.begins(form) for form in phrase[0])
            return not self.words.isdisjoint(phrase[0])
        return bool(self._starts(phrase, prefix=prefix))

    def spans(self, phrase: Phrase, *, prefix: bool) -> Spans:
        """All places where they do."""
        length = len(phrase)
        return [(start, start + length - 1) for start in self._starts(phrase, prefix=prefix)]

    def quoted(self, phrase: Phrase, *, prefix: bool) -> Iterator[str]:
        """What stands in these places, in order, as it is written."""
        if len(phrase) > 1:
            spans = sorted(self.spans(phrase, prefix=prefix))
            return (self.said(first, last) for first, last in spans)
        endings = [word for form in phrase[0] for word in self._beginning_with(form)] if prefix else phrase[0]
        first = [self._as_written[form] for form in endings if form in self._as_written]
        return iter(first) if first else self._having(frozenset(endings))

    def said(self, first: int, last: int) -> str:
        """The words from this to that as they are written, with what a hyphen joins to them."""
        parts = iter(self._written)
        while first >= len(part := next(parts)):
            first, last = first - len(part) - FAR, last - len(part) - FAR
        before = first > 0 and part[first - 1].endswith(tuple(HYPHENS))
        after = part[last].endswith(tuple(HYPHENS))
        return side_by_side(part[first - before : last + 1 + after])

    @cached_property
    def _as_written(self) -> dict[str, str]:
        """The first word of each that is found as it stands but for capitals: most, for next to nothing."""
        written = [word for part in self._written for word in part]
        written.reverse()
        return dict(zip(written if self.exact else map(str.lower, written), written, strict=True))

    def _having(self, wanted: AbstractSet[str]) -> Iterator[str]:
        """The words that have one of these forms, in order, also in two that a hyphen joins."""
        forms_of = exact_forms if self.exact else forms
        for part in self._written if not wanted.isdisjoint(self.words) else ():
            for word, after in zip_longest(part, part[1:], fillvalue=""):
                if not wanted.isdisjoint(forms_of(word.rstrip(HYPHENS))):
                    yield word.rstrip(HYPHENS)
                elif any(not wanted.isdisjoint(forms_of(one)) for one in joined((word, after))):
                    yield word + after.rstrip(HYPHENS)

    def unfolded(self, line: str) -> str:
        """A piece of `lines` as it is written, where folding left every letter in its place; else itself."""
        at = self.lines.find(line)
        written = "\n".join(self.parts)[at : at + len(line)]
        return written if self.exact or folded(written) == line else line

    def hashtags_among(self, wanted: Callable[[str], bool]) -> Iterator[str]:
        """Those of its hashtags that are wanted under one of their spellings, as they are written."""
        for part in self.parts:
            for tag in hashtags(ready(part)):
                if any(map(wanted, (tag,) if self.exact else spellings(tag))):
                    yield f"#{tag}"

    def _starts(self, phrase: Phrase, *, prefix: bool) -> set[int]:
        *first, last = phrase
        endings = [word for form in last for word in self._beginning_with(form)] if prefix else last
        starts: set[int] | None = None
        for offset, written in enumerate([*first, endings]):
            here = {at - offset for form in written for at in self.positions.get(form, ())}
            starts = here if starts is None else starts & here
            if not starts:
                break
        return starts or set()

    def begins(self, prefix: str) -> bool:
        """Whether a word here begins so."""
        at = bisect_left(self._sorted_words, prefix)
        return at < len(self._sorted_words) and self._sorted_words[at].startswith(prefix)

    def _beginning_with(self, prefix: str) -> list[str]:
        at = bisect_left(self._sorted_words, prefix)
        return list(takewhile(lambda word: word.startswith(prefix), self._sorted_words[at:]))


@dataclass(frozen=True)
class Subject:
    """A story, or an entry alone, as filters read it."""

    lead: Story | Entry
    entries: tuple[Entry, ...]
    tag_names: tuple[str, ...]
    news_at: datetime
    chrome: tuple[int, ...] = ()
    """the keys of those blocks of the lead's text that are page chrome: they are not read"""

    @cached_property
    def title(self) -> Text:
        """The lead's title."""
        return Text((plain_text(self.lead.title),))

    @cached_property
    def text(self) -> Text:
        """The lead's summary and content, without its page's chrome."""
        return Text(self._bodies)

    @cached_property
    def _bodies(self) -> tuple[str, str]:
        return without(self.lead.summary, self.chrome), without(self.lead.content, self.chrome)

    @cached_property
    def as_written(self) -> tuple[Text, Text]:
        """Title and text with case and marks."""
        return Text(self.title.parts, exact=True), Text(self._bodies, exact=True)

    @cached_property
    def author(self) -> Text:
        """The lead's author."""
        return Text((self.lead.author,))

    @cached_property
    def feed_titles(self) -> Text:
        """The titles of all feeds that tell the story."""
        return Text(tuple(dict.fromkeys(entry.feed_title for entry in self.entries)))

    @cached_property
    def categories(self) -> Text:
        """The categories that any publisher gave it."""
        return Text(tuple(dict.fromkeys(name for entry in self.entries for name in entry.categories)))

    @cached_property
    def urls(self) -> tuple[str, ...]:
        """The lead's URL, folded; none where it has none."""
        return (folded(self.lead.url),) if self.lead.url else ()

    @cached_property
    def langs(self) -> tuple[str, ...]:
        """The lead's language, as `de-at`; none where it is not known."""
        return (self.lead.lang.lower().replace("_", "-"),) if self.lead.lang else ()

    @cached_property
    def feed_urls(self) -> tuple[str, ...]:
        """The URLs of all feeds that tell the story, folded."""
        return tuple({folded(entry.feed_url) for entry in self.entries})

    @cached_property
    def domains(self) -> tuple[str, ...]:
        """The hosts of all entries' URLs, without port."""
        return tuple({host for entry in self.entries if (host := host_name(entry.url or ""))})

    @cached_property
    def tags(self) -> tuple[str, ...]:
        """The names of its tags, folded."""
        return tuple({folded(name) for name in self.tag_names})

    def with_tag(self, name: str) -> "Subject":
        """The same story with one more tag; what was folded already is not folded again."""
        other = replace(self, tag_names=(*self.tag_names, name))
        vars(other).update({key: value for key, value in vars(self).items() if key not in vars(other)})
        vars(other).pop("tags", None)
        return other

    @property
    def published_at(self) -> datetime:
        """When the feed says it appeared; where it says nothing or the future, when we first saw it."""
        said = self.lead.published_at
        return said if said and said <= self.lead.first_seen_at else self.lead.first_seen_at

    @property
    def feed_count(self) -> int:
        """How many feeds tell it."""
        return len({entry.feed_id for entry in self.entries})

    @cached_property
    def word_count(self) -> int:
        """The length of its fuller text, summary or content, in words."""
        return max(len(cut(ready(body))) for body in self._bodies)


def host_name(url: str) -> str:
    """The lower-case host of a URL, its international letters as typed in an address bar; '' if none."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
        return folded(host.encode("idna").decode("idna"))
    except ValueError:
        return ""


def story_subject(story: Story, *, tags: Iterable[str] | None = None) -> Subject:
    """The story as filters read it; `tags` in place of its own where they are still being worked out."""
    names = tuple(tag.name for tag in story.tags) if tags is None else tuple(tags)
    return Subject(story, story.entries, names, story.news_at, story.chrome)


def entry_subject(entry: Entry, *, tags: Iterable[str] = ()) -> Subject:
    """One entry alone, as the filters at intake read it."""
    seen = entry.first_seen_at
    return Subject(entry, (entry,), tuple(tags), min(entry.published_at or seen, seen), entry.chrome)
