"""From a story to the items that stand for it in an output. Pure.

An item says who told the story and who else did. Its id and dates never depend on the clock.
"""

from collections.abc import Iterator

from aggregator.core.text import plain_text
from aggregator.core.urls import absolute
from aggregator.model import AlsoIn, Entry, Group, Item, Story

TITLE_LENGTH = 80  # characters of text that stand in for a title


def items_of(story: Story, group: Group) -> tuple[Item, ...]:
    """The story's items: one, or with `group: none` one for each entry, the newest first."""
    if group is Group.NONE:
        newest_first = sorted(story.entries, key=lambda entry: (entry.first_seen_at, entry.id), reverse=True)
        return tuple(_item(story, entry, entry.uid, ()) for entry in newest_first)
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
    if entry.title:
        return entry.title
    text = plain_text(entry.summary or entry.content)
    if len(text) > TITLE_LENGTH:
        text = (text[:TITLE_LENGTH].rpartition(" ")[0] or text[:TITLE_LENGTH]) + " …"
    return text or entry.url or entry.feed_title or entry.feed_url


def _also_in(story: Story) -> Iterator[AlsoIn]:
    """The other feeds, each once, in the order in which they came to the story."""
    named = {story.lead.feed_id}
    for entry in sorted(story.entries, key=lambda entry: (entry.first_seen_at, entry.uid)):
        link = absolute(entry.url, "") if entry.url else None
        if link and entry.feed_id not in named:
            named.add(entry.feed_id)
            title = entry.title if entry.title != story.title else ""
            yield AlsoIn(feed_title=entry.feed_title or entry.feed_url, url=link, title=title)
