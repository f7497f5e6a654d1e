"""A stored story as the rules of a config see it: its lead, its page chrome, its tags. Pure.

What `retag` writes and what `preview` foretells is one and the same. Never changes an id.

To let another part of the config reach stored stories: a step in `rejudged`, and in curate.rules_key.
"""

from dataclasses import replace
from datetime import datetime

from aggregator.core.filters import Search
from aggregator.core.lead import relead
from aggregator.core.settings import Plan
from aggregator.core.tagging import tags_of
from aggregator.model import Story


def rejudged(story: Story, plan: Plan, *, now: datetime, search: Search) -> Story:
    """The story with today's tags, and with another lead where its feed left the config; itself if alike."""
    led = _unmarked(relead(story, plan.feeds, plan.priority_of), plan)
    after = tagged_by(led, plan, now=now, search=search)
    return story if led == story and set(after.tags) == set(story.tags) else after


def tagged_by(story: Story, plan: Plan, *, now: datetime, search: Search) -> Story:
    """The story with the tags that the plan's rules and feeds give it, and its publishers."""
    return replace(story, tags=tags_of(story, plan, now=now, search=search))


def _unmarked(story: Story, plan: Plan) -> Story:
    """The story without page chrome where its feeds want none told apart."""
    if all(plan.of(entry.feed_id).skip_chrome or not entry.chrome for entry in story.entries):
        return story
    told = (
        entry if plan.of(entry.feed_id).skip_chrome else replace(entry, chrome=()) for entry in story.entries
    )
    return replace(story, entries=tuple(told))
