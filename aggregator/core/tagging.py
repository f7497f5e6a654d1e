"""Which tags a story has, and why: by rule, from its feeds, from its publishers, by what it is about. Pure.

A rule is a filter of the config; it sees the feeds' and publishers' tags, the topic and the tags of the rules
before it, so rules can build on one another. A rule that is out of time gives no tag, and none is guessed but
the topic, where the config asks for it.

To add an origin: a function that yields Tags, its place in `tags_of`, which goes from weak to strong.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from aggregator.core.categories import Categories
from aggregator.core.filters import Explanation, Search, explain, in_words, judge, story_subject
from aggregator.core.settings import FeedSettings, Plan, TagRule, tag_key
from aggregator.core.topics import topic_tag
from aggregator.model import Origin, Story, Tag

MAX_PUBLISHER_TAGS = 20  # some sites put their whole vocabulary on every article


def tags_of(story: Story, plan: Plan, *, now: datetime, search: Search) -> tuple[Tag, ...]:
    """The story's tags by name, each once: a rule's before a feed's before a publisher's before the model's.

    `why` is the clause of the rule that fired and the words that it found, the feed's title, the publisher's
    category, or how sure the model is.
    """
    tags = {tag_key(tag.name): tag for tag in _topic(story, plan)}
    tags |= {tag_key(tag.name): tag for tag in _publisher_tags(story, plan.settings.categories)}
    tags |= {tag_key(tag.name): tag for tag in _feed_tags(story, plan.feeds)}
    tags = {key: replace(tag, name=plan.settings.spelled(tag.name)) for key, tag in tags.items()}
    subject = story_subject(story, tags=[tag.name for tag in tags.values()])
    for number, is_sure in plan.settings.tags_together.possible(subject).items():
        rule = plan.settings.tags[number]
        if is_sure or judge(rule.rule, subject, now=now, search=search):
            why = explain(rule.rule, subject, now=now, search=search)
            tags[tag_key(rule.name)] = Tag(rule.name, Origin.RULE, _fired(why))
            subject = subject.with_tag(rule.name)
    return tuple(sorted(tags.values(), key=lambda tag: tag.name))


def rules_explained(
    story: Story, rules: Sequence[TagRule], *, now: datetime, search: Search
) -> dict[str, Explanation]:
    """Each rule that gives the story a tag today, by the tag's name, with every clause of it judged."""
    given = [tag.name for tag in story.tags if tag.origin is not Origin.RULE]
    subject, found = story_subject(story, tags=given), {}
    for rule in rules:
        judged = explain(rule.rule, subject, now=now, search=search)
        if judged.verdict:
            found[rule.name] = judged
            subject = subject.with_tag(rule.name)
    return found


def _fired(why: Explanation) -> str:
    """The clause that decided, and the words by which it holds: the text they stand in may change."""
    words = in_words(found for leaf in why.deciding.holding() for found in leaf.found)
    return f"{why.decisive} — found {words}" if words else why.decisive


def _topic(story: Story, plan: Plan) -> Iterator[Tag]:
    threshold = plan.settings.topics
    if threshold is not None and (tag := topic_tag(story, plan.topics, threshold)):
        yield tag


def _feed_tags(story: Story, feeds: Mapping[int, FeedSettings]) -> Iterator[Tag]:
    # Backwards, so that of two feeds with one tag the first is named.
    for entry in reversed(story.entries):
        for name in feeds[entry.feed_id].tags if entry.feed_id in feeds else ():
            yield Tag(name, Origin.FEED, entry.feed_title or entry.feed_url)


def _publisher_tags(story: Story, categories: Categories) -> Iterator[Tag]:
    """Those that the config maps come last and whole: nothing that a publisher says takes their place."""
    told = tuple(dict.fromkeys(name for entry in story.entries for name in entry.categories))
    yield from islice(_own_tags(told, categories), MAX_PUBLISHER_TAGS)
    for category in reversed(told):  # of two that are mapped to one tag the first is named
        for name in categories.mapped_tags(category):
            yield Tag(name, Origin.PUBLISHER, category)


def _own_tags(told: Sequence[str], categories: Categories) -> Iterator[Tag]:
    seen: set[str] = set()
    for category in told:
        name = categories.own_tag(category)
        if name and name not in seen:
            seen.add(name)
            yield Tag(name, Origin.PUBLISHER, category)
