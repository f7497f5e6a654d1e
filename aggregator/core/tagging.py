"""Which tags a story has, and why: by rule, from its feeds, from its publishers. Pure.

A rule is a filter of the config; it sees the feeds' and publishers' tags and those of the rules before it,
so rules can build on one another. A rule that is out of time gives no tag, and no tag is ever guessed.

To add an origin: a function that yields Tags, its place in `tags_of`, which goes from weak to strong.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from aggregator.core.filters import Search, explain, judge, story_subject
from aggregator.core.settings import TagRule
from aggregator.model import Origin, Story, Tag

MAX_PUBLISHER_TAGS = 20  # some sites put their whole vocabulary on every article
MAX_NAME = 64


def tags_of(
    story: Story,
    rules: Sequence[TagRule],
    feed_tags: Mapping[int, tuple[str, ...]],
    *,
    now: datetime,
    search: Search,
) -> tuple[Tag, ...]:
    """The story's tags by name, each once: a rule's before a feed's before a publisher's.

    `feed_tags` are the config's, by feed id. `why` is the clause of the rule that fired, the feed's title,
    or the publisher's category.
    """
    tags = {_key(tag.name): tag for tag in islice(_publisher_tags(story), MAX_PUBLISHER_TAGS)}
    tags |= {_key(tag.name): tag for tag in _feed_tags(story, feed_tags)}
    subject = story_subject(story, tags=[tag.name for tag in tags.values()])
    for rule in rules:
        if judge(rule.rule, subject, now=now, search=search):
            why = explain(rule.rule, subject, now=now, search=search).decisive
            tags[_key(rule.name)] = Tag(rule.name, Origin.RULE, why)
            subject = subject.with_tag(rule.name)
    return tuple(sorted(tags.values(), key=lambda tag: tag.name))


def _key(name: str) -> str:
    """Under which two spellings are one tag: a rule's `NATO` and a publisher's `nato`."""
    return name.casefold()


def _feed_tags(story: Story, feed_tags: Mapping[int, tuple[str, ...]]) -> Iterator[Tag]:
    # Backwards, so that of two feeds with one tag the first is named.
    for entry in reversed(story.entries):
        for name in feed_tags.get(entry.feed_id, ()):
            yield Tag(name, Origin.FEED, entry.feed_title or entry.feed_url)


def _publisher_tags(story: Story) -> Iterator[Tag]:
    seen: set[str] = set()
    for entry in story.entries:
        for category in entry.categories:
            name = tag_name(category)
            if name and name not in seen:
                seen.add(name)
                yield Tag(name, Origin.PUBLISHER, category)


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
    kept = "".join(char for char in "-".join(text.split()) if _belongs(char))
    # `R & D` leaves two hyphens where the sign was; dots alone would be a folder.
    return "-".join(filter(None, kept.split("-"))).strip(".")


def _belongs(char: str) -> bool:
    """Letters and digits of any script with the vowel signs that belong to them, and `.`, `-`, `_`."""
    return char.isalnum() or char in ".-_" or unicodedata.category(char).startswith("M")
