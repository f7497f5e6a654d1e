"""Applying today's judgement, or a person's, to stories that are already stored.

Works in transactions on the thread that writes, rules in batches, so that polling goes on in between and a
stop half-way loses nothing. Never changes an id, and never touches what a feed said.

To add a correction: a function that hands the store a change from story to story.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Protocol

from aggregator.core import overruling
from aggregator.core.filters import LANGUAGE, Search
from aggregator.core.rejudging import rejudged, tagged_by
from aggregator.core.settings import Plan
from aggregator.core.text import key64
from aggregator.model import Entry, Overrule, Story

BATCH = 50  # stories a transaction: more are no quicker, and a poll waits for its turn meanwhile
RULES = "rules"  # the name under which the store notes by which rules its stories are judged
BELOW = "rules.below"  # and this: those with a lower `seq` are still to be judged by them; 0: none is left
ABOVE_ALL = 2**63 - 1

Progress = Callable[[int, int], None]
"""hears how many stories are judged by now, and of how many"""


def unheard(_judged: int, _of: int) -> None:
    """The progress that interests nobody."""


class Rewrites(Protocol):
    """Changes stored stories in batches, and keeps a number for the next start."""

    async def rewrite(
        self, below_seq: int, limit: int, change: Callable[[Story], Story | None]
    ) -> int | None:
        """The lowest `seq` that was looked at; None where no story is below it."""
        ...

    async def count_below(self, seq: int) -> int:
        """How many stories have a lower `seq`."""
        ...

    async def note(self, name: str, value: int) -> None:
        """Keep a number under a name."""
        ...

    async def noted(self, name: str) -> int | None:
        """The number under this name."""
        ...


class Overrules(Protocol):
    """Moves entries between stories, because a person says so."""

    async def split(
        self, wanted: str, divide: Callable[[Story, Entry, str], tuple[Story, Story]], *, now: datetime
    ) -> Overrule:
        """The entry of this number or uid gets a story of its own."""
        ...

    async def merge(
        self, one: str, two: str, unite: Callable[[Story, Story], Story], *, now: datetime
    ) -> Overrule:
        """Two stories become the older one."""
        ...


async def split(store: Overrules, plan: Plan, wanted: str, *, now: datetime, search: Search) -> Overrule:
    """An entry tells a story of its own from now on; UnknownIdError where nothing is named so."""
    tagged = partial(tagged_by, plan=plan, now=now, search=search)

    def divide(story: Story, entry: Entry, own_id: str) -> tuple[Story, Story]:
        rest, own = overruling.divided(story, entry, own_id, plan.priority_of)
        return tagged(rest), tagged(own)

    return await store.split(wanted, divide, now=now)


async def merge(
    store: Overrules, plan: Plan, one: str, two: str, *, now: datetime, search: Search
) -> Overrule:
    """Two stories are one from now on, the older; UnknownIdError where one of them is not stored."""
    tagged = partial(tagged_by, plan=plan, now=now, search=search)
    return await store.merge(
        one, two, lambda kept, gone: tagged(overruling.united(kept, gone, plan.priority_of)), now=now
    )


def in_words(done: Overrule) -> str:
    """What a person's word did, in a line for him."""
    match done.kind, done.changed:
        case "split", True:
            return f"entry {done.what} tells story {done.story_id} of its own; it told {done.from_id}"
        case "split", False:
            return f"entry {done.what} tells story {done.story_id} alone already"
        case _, True:
            return f"story {done.from_id} is part of story {done.story_id} now"
    return f"both are story {done.story_id} already"


class Notes(Protocol):
    """What the store keeps, for those who only read it."""

    def noted(self, name: str) -> int | None:
        """The number under this name."""
        ...

    def count_below(self, seq: int) -> int:
        """How many stories have a lower `seq`."""
        ...


async def retag(
    store: Rewrites,
    plan: Plan,
    *,
    now: datetime,
    search: Search,
    progress: Progress = unheard,
    broken_off: Callable[[], bool] = lambda: False,
) -> int:
    """How many stories got other tags, or another lead because its feed left the config.

    The newest come first, as readers see those. A run that was `broken_off`, or died, goes on where it
    stopped if the rules are still the same.
    """
    judged = changed = 0

    def anew(story: Story) -> Story | None:
        nonlocal judged, changed
        after = rejudged(story, plan, now=now, search=search)
        judged += 1
        changed += after is not story
        return None if after is story else after

    below = await _begin(store, rules_key(plan, now))
    of = await store.count_below(below)
    progress(judged, of)
    while below and not broken_off():
        below = await store.rewrite(below, BATCH, anew) or 0
        await store.note(BELOW, below)
        progress(judged, of)
    return changed


async def _begin(store: Rewrites, rules: int) -> int:
    """The `seq` below which stories are to be judged by these rules; noted before the first one is."""
    below = await store.noted(BELOW)
    if below and await store.noted(RULES) == rules:
        return below
    await store.note(BELOW, ABOVE_ALL)  # first: a stop between the two judges too much, and never too little
    await store.note(RULES, rules)
    return ABOVE_ALL


async def is_due(store: Rewrites, plan: Plan, *, now: datetime) -> bool:
    """Whether a stored story was last judged by other rules than the plan's, or at another time for these."""
    return await store.noted(RULES) != rules_key(plan, now) or await store.noted(BELOW) != 0


def left(store: Notes) -> int:
    """How many stories are still to be judged by the rules that are being applied."""
    below = store.noted(BELOW)
    return store.count_below(below) if below else 0


def rules_key(plan: Plan, now: datetime, *, language: int = LANGUAGE) -> int:
    """What changes when a stored story may get other tags or another lead.

    An edition of the filter language reads the same rules in its own way, and a rule with `until` or `age`
    says another thing of a story as time goes by.
    """
    rules = [(rule.name, rule.rule.meaning, *rule.rule.time_of_verdicts(now)) for rule in plan.settings.tags]
    whole = sorted(number for number, feed in plan.feeds.items() if not feed.skip_chrome)
    categories, threshold = plan.settings.categories.key, plan.settings.topics
    topics = () if threshold is None else ((threshold, plan.topics.edition),)
    return key64(repr((language, rules, sorted(plan.feed_tags().items()), categories, whole, *topics)))
