"""From a story, or an event, to the items that stand for it in an output. Pure.

An item says who told the story and who else did. Its id and dates never depend on the clock.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from aggregator.core.coverage import Coverage
from aggregator.core.tellings import told_at
from aggregator.core.text import is_seen, plain_text
from aggregator.core.urls import absolute
from aggregator.model import AlsoIn, Entry, Group, Item, Origin, Story

TITLE_LENGTH = 80  # characters of text that stand in for a title
LISTED = 20  # others that an event names; who wants all of a hundred does not read them in a feed reader


def listed(coverage: Coverage) -> tuple[str, ...]:
    """The ids of the stories that an event's item speaks of, its lead first."""
    return (coverage.lead, *coverage.others[:LISTED])


def event_item(
    event_id: str, news_at: datetime, coverage: Coverage, stories: Mapping[str, Story]
) -> Item | None:
    """The one item of an event: its lead's text, and the coverage as it stood then; None without the lead.

    `stories` are those that are `listed`, by id: they are named before the copies of the lead. What came
    later is not shown, nor what follows from it.
    """
    story = stories.get(coverage.lead)
    if story is None:
        return None
    lead = _as_it_stood(story, coverage)
    others = (stories[one] for one in coverage.others[:LISTED] if one in stories)
    tellings = [*(one for other in others for one in _telling(other)), *_also_in(lead)]
    known = len({entry.feed_id for entry in lead.entries}) - 1 + len(coverage.others)
    named = tuple(tellings[:LISTED])
    item = replace(
        _item(lead, lead.lead, event_id, named),
        news_at=news_at,
        page=f"events/{event_id}",
        coverage=coverage.feeds,
        also_told=bool(coverage.others),
        also_more=known - len(named) if named and known > LISTED else 0,
    )
    if coverage.feeds == 1 and not coverage.others:
        return item
    return replace(item, updated_at=max(item.updated_at, coverage.until.at))


def _as_it_stood(story: Story, coverage: Coverage) -> Story:
    """The story without what came later, but for its lead, and without the tags that that gave."""
    until = (coverage.until.at, coverage.until.entry)
    entries = tuple(
        entry
        for entry in story.entries
        if (entry.first_seen_at, entry.id) <= until or entry.uid == story.lead_uid
    )
    said = {name for entry in entries for name in (*entry.categories, entry.feed_title or entry.feed_url)}
    tags = tuple(tag for tag in story.tags if tag.origin is Origin.RULE or tag.why in said)
    return replace(story, entries=entries, tags=tags)


def _telling(story: Story) -> Iterator[AlsoIn]:
    """Another story of an event, where it has a link."""
    lead = story.lead
    if link := absolute(lead.url, "") if lead.url else None:
        yield AlsoIn(feed_title=lead.feed_title or lead.feed_url, url=link, title=story.title)


def items_of(story: Story, group: Group) -> tuple[Item, ...]:
    """The story's items: one, or with `group: none` one for each entry, the newest first."""
    if group is Group.NONE:
        newest_first = sorted(story.entries, key=lambda entry: (entry.first_seen_at, entry.id), reverse=True)
        return tuple(
            replace(_item(story, entry, entry.uid, ()), news_at=told_at(story, entry))
            for entry in newest_first
        )
    return (_item(story, story.lead, story.id, tuple(_also_in(story))),)


def _item(story: Story, entry: Entry, item_id: str, also_in: tuple[AlsoIn, ...]) -> Item:
    said = entry.published_at
    published = said if said and said <= entry.first_seen_at else entry.first_seen_at
    return Item(
        id=f"urn:uuid:{item_id}",
        url=entry.url,
        title=title_of(entry),
        author=entry.author,
        summary=entry.summary,
        content=entry.content,
        lang=entry.lang,
        published_at=published,
        updated_at=max(published, entry.updated_at),
        news_at=story.news_at,
        page=f"stories/{story.id}",
        tags=tuple(sorted({tag.name for tag in story.tags})),
        enclosures=tuple(file for file in entry.enclosures if absolute(file.url, "")),
        image=entry.image,
        feed_url=entry.feed_url,
        feed_title=entry.feed_title or entry.feed_url,
        feed_site_url=entry.feed_site_url,
        also_in=also_in,
        coverage=len({entry.feed_id for entry in story.entries}),
    )


def title_of(entry: Entry) -> str:
    """Its title. A reader must show something: else its first words, where it leads, or who it is from."""
    if is_seen(entry.title):
        return entry.title
    text = plain_text(entry.summary or entry.content)
    if len(text) > TITLE_LENGTH:
        text = (text[:TITLE_LENGTH].rpartition(" ")[0] or text[:TITLE_LENGTH]) + " …"
    return text if is_seen(text) else entry.url or entry.feed_title or entry.feed_url


def _also_in(story: Story) -> Iterator[AlsoIn]:
    """The other feeds, each once, in the order in which they came to the story."""
    named = {story.lead.feed_id}
    for entry in sorted(story.entries, key=lambda entry: (entry.first_seen_at, entry.uid)):
        link = absolute(entry.url, "") if entry.url else None
        if link and entry.feed_id not in named:
            named.add(entry.feed_id)
            title = entry.title if entry.title != story.title else ""
            yield AlsoIn(feed_title=entry.feed_title or entry.feed_url, url=link, title=title)
