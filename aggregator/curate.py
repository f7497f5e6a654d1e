"""Applying today's judgement to stories that are already stored.

Works in batches, each one transaction on the thread that writes, so that polling goes on in between and a
stop half-way loses nothing. Never changes an id, and never touches what a feed said.

To add a correction: a function that hands the store a change from story to story.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from aggregator.core import tagging
from aggregator.core.filters import Search
from aggregator.core.lead import relead
from aggregator.core.settings import Plan
from aggregator.core.text import key64
from aggregator.model import Story

BATCH = 200  # stories a transaction: some 20 ms, so a poll never waits long for its turn
APPLIED = "rules"  # the name under which the store notes which rules its stories were last judged by


class Rewrites(Protocol):
    """Changes stored stories in batches, and keeps a number for the next start."""

    async def rewrite(
        self, after_seq: int, limit: int, change: Callable[[Story], Story | None]
    ) -> int | None:
        """The last `seq` that was looked at; None at the end."""
        ...

    async def note(self, name: str, value: int) -> None:
        """Keep a number under a name."""
        ...

    async def noted(self, name: str) -> int | None:
        """The number under this name."""
        ...


async def retag(
    store: Rewrites,
    plan: Plan,
    *,
    now: datetime,
    search: Search,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """How many stories got other tags, or another lead because its feed left the config.

    `progress` hears the `seq` reached.
    """
    changed = 0
    rules, feed_tags = plan.settings.tags, plan.feed_tags()

    def judged(story: Story) -> Story | None:
        nonlocal changed
        led = _unmarked(relead(story, plan.feeds, plan.priority_of), plan)
        tags = tagging.tags_of(led, rules, feed_tags, now=now, search=search)
        if led == story and set(tags) == set(story.tags):
            return None
        changed += 1
        return replace(led, tags=tags)

    reached: int | None = 0
    while reached is not None:
        progress(reached)
        reached = await store.rewrite(reached, BATCH, judged)
    await store.note(APPLIED, rules_key(plan))
    return changed


def _unmarked(story: Story, plan: Plan) -> Story:
    """The story without page chrome where its feeds want none told apart."""
    if all(plan.of(entry.feed_id).skip_chrome or not entry.chrome for entry in story.entries):
        return story
    told = (
        entry if plan.of(entry.feed_id).skip_chrome else replace(entry, chrome=()) for entry in story.entries
    )
    return replace(story, entries=tuple(told))


async def is_due(store: Rewrites, plan: Plan) -> bool:
    """Whether the stored stories were last judged by other rules than the plan's."""
    return await store.noted(APPLIED) != rules_key(plan)


def rules_key(plan: Plan) -> int:
    """What changes when a stored story may get other tags or another lead."""
    rules = [(rule.name, rule.rule.source) for rule in plan.settings.tags]
    whole = sorted(number for number, feed in plan.feeds.items() if not feed.skip_chrome)
    return key64(repr((rules, sorted(plan.feed_tags().items()), whole)))
