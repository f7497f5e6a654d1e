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
from aggregator.core.settings import TagRule
from aggregator.model import Story

BATCH = 200  # stories a transaction: some 20 ms, so a poll never waits long for its turn


class Rewrites(Protocol):
    """Changes stored stories in batches."""

    async def rewrite(
        self, after_seq: int, limit: int, change: Callable[[Story], Story | None]
    ) -> int | None:
        """The last `seq` that was looked at; None at the end."""
        ...


async def retag(
    store: Rewrites,
    rules: tuple[TagRule, ...],
    feed_tags: dict[int, tuple[str, ...]],
    *,
    now: datetime,
    search: Search,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """How many stories got other tags under today's rules. `progress` hears the `seq` reached."""
    changed = 0

    def tagged(story: Story) -> Story | None:
        nonlocal changed
        tags = tagging.tags_of(story, rules, feed_tags, now=now, search=search)
        if set(tags) == set(story.tags):
            return None
        changed += 1
        return replace(story, tags=tags)

    reached: int | None = 0
    while reached is not None:
        progress(reached)
        reached = await store.rewrite(reached, BATCH, tagged)
    return changed
