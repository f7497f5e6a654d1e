"""Who may be asked, and when: what servers asked for, what is overdue, and whether it is our own line.

The rules are core/schedule's and core/line's; this asks the store what they need to know, and keeps what they
say. Never fetches.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Protocol

from aggregator.core import schedule
from aggregator.core.settings import Plan
from aggregator.model import Answer, Feed, Wait
from aggregator.poll.line import OwnLine

Replanning = Callable[[Sequence[Feed], Sequence[Wait]], Iterable[Feed]]


class Plans(Protocol):
    """Keeps when feeds are due and what servers asked for."""

    async def waits(self, now: datetime) -> Sequence[Wait]:
        """What servers asked for that is not over yet."""
        ...

    async def hold(self, waits: Sequence[Wait], *, now: datetime) -> None:
        """Keep what servers asked for."""
        ...

    async def replan(self, change: Replanning, *, now: datetime) -> None:
        """Keep the feeds that `change` gives back, of all that have a next poll."""
        ...


@dataclass(frozen=True, slots=True)
class Pace:
    """The pace of all polls together."""

    store: Plans
    now: Callable[[], datetime]
    chance: Callable[[], float]
    line: OwnLine = field(default_factory=OwnLine)

    async def wait_of(self, feed: Feed, plan: Plan) -> Wait | None:
        """What this feed's server asked for, perhaps since the feed was chosen; None when it may be asked."""
        now = self.now()
        return schedule.wait_of(feed, await self.store.waits(now), plan.settings.poll, now=now)

    async def hold(self, refusals: Iterable[Answer], plan: Plan) -> None:
        """Keep what the hosts of article pages asked for, and put off the feeds that it concerns."""
        now, settings = self.now(), plan.settings.poll
        waits = [wait for one in refusals if (wait := schedule.page_wait(one, settings, now=now))]
        if waits:
            await self.store.hold(waits, now=now)
        if any(not wait.whom.startswith(schedule.PAGES) for wait in waits):
            await self.settle(plan, spread=False)

    async def closed_to_pages(self, plan: Plan) -> set[str]:
        """The hosts of which no article page may be asked for."""
        now = self.now()
        return schedule.closed_to_pages(await self.store.waits(now), plan.settings.poll, now=now)

    async def settle(self, plan: Plan, *, spread: bool) -> None:
        """Look over what is planned, after a start, a reload, a wake-up or a new wait.

        With `spread` an overdue set is spread; without it may go at once.
        """
        now = self.now()

        def change(feeds: Sequence[Feed], waits: Sequence[Wait]) -> Sequence[Feed]:
            terms_of = partial(schedule.terms, plan)
            return schedule.settled(feeds, waits, terms_of, plan.settings.poll, now=now, spread=spread)

        await self.store.replan(change, now=now)

    async def is_our_line(self, feed: Feed, answer: Answer, plan: Plan) -> bool:
        """Whether this poll failed for want of a line of our own.

        When it is the one that shows it, what the last ones put down to their feeds is made good.
        """
        now, settings = self.now(), plan.settings.poll
        blamed = self.line.heard(feed, answer, plan, now=now)
        if blamed:
            chance = self.chance()

            def change(feeds: Sequence[Feed], _: Sequence[Wait]) -> Sequence[Feed]:
                return schedule.forgiven(feeds, blamed, settings, now=now, chance=chance)

            await self.store.replan(change, now=now)
        return self.line.down_since is not None and answer.unreached
