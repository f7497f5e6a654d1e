"""Whose entry stands for a story: the lead, its title, link, text and author. Pure.

Chosen while a story is not published yet, and settled from then on.

To choose by something else: `rank` in `choose_lead`.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

from aggregator.core.text import plain_text
from aggregator.model import Entry, Story


def choose_lead(story: Story, priority_of: Callable[[int], int]) -> Story:
    """The story led by the entry of the highest priority, the fullest text, the earliest arrival.

    A settled lead stays: what a reader has seen does not turn into something else.
    """
    if story.lead_settled and any(entry.uid == story.lead_uid for entry in story.entries):
        return _led_by(story, story.lead)
    order = {entry.uid: place for place, entry in enumerate(story.entries)}

    def rank(entry: Entry) -> tuple[int, int, datetime, int]:
        text = len(plain_text(entry.content or entry.summary))
        return -priority_of(entry.feed_id), -text, entry.first_seen_at, order[entry.uid]

    return _led_by(story, min(story.entries, key=rank))


def relead(story: Story, feeds: Collection[int], priority_of: Callable[[int], int]) -> Story:
    """The story with another lead where its own comes from none of these feeds and another entry does.

    The one way in which a settled lead changes without a person's word: its feed has left the config.
    """
    present = tuple(entry for entry in story.entries if entry.feed_id in feeds)
    if not present or story.lead in present:
        return story
    chosen = choose_lead(replace(story, entries=present, lead_settled=False), priority_of)
    return replace(chosen, entries=story.entries, lead_settled=story.lead_settled)


def _led_by(story: Story, lead: Entry) -> Story:
    return replace(
        story,
        lead_uid=lead.uid,
        url=lead.url,
        title=lead.title,
        summary=lead.summary,
        content=lead.content,
        author=lead.author,
        lang=lead.lang,
        published_at=lead.published_at,
        updated_at=lead.updated_at,
    )
