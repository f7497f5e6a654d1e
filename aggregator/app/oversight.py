"""Keeps an eye on all of it: finds what is wrong, remembers it over restarts, and tells people once.

What counts as wrong is core's business (findings, silence, clock, freshness), and so is when a problem begins
and ends (problems); notices are sent by `notices`, in a process of their own. Nothing here holds up a poll: a
look reads the store beside everything else, and whoever takes no notices is a problem like any other.

To look at something else: a finding in core/findings.py, asked for in `_of_program` or `_of_feeds`.
"""

import asyncio
import logging
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from aggregator.app.lines import line_problem
from aggregator.app.parts import Parts, utc_now
from aggregator.core import findings
from aggregator.core.notices import notice
from aggregator.core.problems import followed, standing, told, untold
from aggregator.core.silence import AT_LEAST, silence
from aggregator.errors import AggregatorError
from aggregator.logs import line
from aggregator.metrics import Metrics
from aggregator.model import Feed, Finding, Health, Problem, ProblemKind, Standing
from aggregator.notices import send, service_of

log = logging.getLogger("aggregator")

ARRIVALS = 1_000  # entries of which a feed's rhythm is learned
RETRY, LONGEST_RETRY = timedelta(minutes=1), timedelta(hours=1)  # while nobody takes notices
ON_PAGES = frozenset({ProblemKind.CLOCK, ProblemKind.DISK, ProblemKind.NOTICES})
"""what no other part of the pages tells"""

STALE_CURE = (
    "Look whether this machine reaches the internet, and then at the sources: each says what is wrong."
)
NOTICES_CURE = "Look at its address in the config, and try it with `aggregator notify`."


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What only the daemon knows of itself."""

    health: Health
    config_problem: str | None
    write_problems: Mapping[str, str]
    proved: bool
    """a feed has answered well since the start"""
    under_way: int
    """polls"""
    waiting: int
    """polls, too"""
    published_at: datetime | None


@dataclass(slots=True)
class Oversight:
    """The problems as they stand. To be used from one loop; what it holds may be read from any thread."""

    parts: Parts
    condition: Callable[[], Condition]
    now: Callable[[], datetime] = utc_now
    problems: tuple[Problem, ...] = field(init=False)
    metrics: Metrics = field(init=False)
    _kept: tuple[Problem, ...] = field(init=False)
    _addresses: tuple[str, ...] = field(default=(), repr=False)
    """who was tried last"""
    _refused: dict[int, str] = field(default_factory=dict)
    """who takes no notices, by their place in the config, and why"""
    _heard: bool = False
    _not_before: datetime | None = None
    _next_retry: timedelta = RETRY
    _rhythms: dict[int, tuple[datetime | None, tuple[datetime, ...]]] = field(default_factory=dict)
    """by feed: when it last had news, and when the news before that came"""

    def __post_init__(self) -> None:
        self.problems = self.parts.reader.problems()
        self._kept = _lasting(self.problems)
        self.metrics = Metrics(self.standing)

    # -- finding ------------------------------------------------------------------------------------------

    async def look(self) -> None:
        """Find what is wrong now, and remember what began and what ended."""
        try:
            found, unsure = await asyncio.to_thread(self._found)
        except AggregatorError as error:  # a store that cannot be read just now says nothing of anything
            log.warning(line("not looked", error=error))
            return
        before, now = self.problems, self.now()
        self.problems = followed(before, found, unsure=unsure, now=now)
        _log_changes(before, self.problems)
        await self._keep()

    def _found(self) -> tuple[Sequence[Finding], Sequence[ProblemKind]]:
        """What is wrong, and of which kinds nothing can be said yet: after a start that takes a while."""
        condition, feeds = self.condition(), self.parts.reader.feeds()
        fresh = () if condition.proved else (ProblemKind.STALE, ProblemKind.LINE)
        unsure = fresh if self._heard else (*fresh, ProblemKind.NOTICES)
        return [*self._of_program(condition), *self._of_machine(feeds), *self._of_feeds(feeds)], unsure

    def _of_program(self, condition: Condition) -> Iterator[Finding]:
        line_down = line_problem(self.parts.poller.pace.line)
        if condition.health.stale:
            yield Finding(kind=ProblemKind.STALE, title="No feed has answered well for long", cure=STALE_CURE)
        if condition.config_problem:
            title = "The changed config is not in force"
            yield Finding(kind=ProblemKind.CONFIG, title=title, cure=condition.config_problem)
        for what, reason in dict(condition.write_problems).items():
            title = f"The {what} cannot be written"
            yield Finding(kind=ProblemKind.WRITING, subject=what, title=title, cure=reason)
        if line_down:
            yield Finding(kind=ProblemKind.LINE, title="No server can be reached", cure=line_down)
        for place, reason in self._refused.items():
            title = f"notify[{place}] takes no notices: {reason}"
            yield Finding(kind=ProblemKind.NOTICES, subject=str(place), title=title, cure=NOTICES_CURE)

    def _of_machine(self, feeds: Sequence[Feed]) -> Iterator[Finding]:
        disk, behind = shutil.disk_usage(self.parts.data), self.parts.poller.pace.line.clock_behind
        polled = (one.last_polled_at for one in feeds if one.next_poll_at and one.last_polled_at)
        clock = findings.wrong_clock(self.now(), behind, max(polled, default=None))
        yield from filter(None, (findings.low_disk(disk.free, disk.total), clock))

    def _of_feeds(self, feeds: Sequence[Feed]) -> Iterator[Finding]:
        for feed in feeds:
            if dead := findings.dead(feed):
                yield dead
            elif findings.may_be_silent(feed, AT_LEAST) and (lasted := self._silence(feed)):
                yield findings.silent(feed, lasted)

    def _silence(self, feed: Feed) -> timedelta | None:
        """For how long it has been too silent; its rhythm is read once for each silence."""
        known = self._rhythms.get(feed.id)
        if known is None or known[0] != feed.news_at:
            known = feed.news_at, self.parts.reader.arrivals(feed.id, limit=ARRIVALS)
            self._rhythms[feed.id] = known
        return silence(known[1], feed.last_ok_at) if feed.last_ok_at else None

    async def _keep(self) -> None:
        """For the next start. On a disk that is full they are kept when there is room again."""
        lasting = _lasting(self.problems)
        if lasting == self._kept:
            return
        try:
            await self.parts.store.keep_problems(self.problems)
        except AggregatorError as error:
            log.debug(line("problems not kept", error=error))
        else:
            self._kept = lasting

    # -- telling ------------------------------------------------------------------------------------------

    async def tell(self) -> None:
        """Send one notice of all that is new, if anybody wants it and can be reached."""
        news, addresses, now = untold(self.problems), self.parts.settings.notify, self.now()
        if addresses != self._addresses:
            self._addresses, self._refused, self._not_before = addresses, {}, None
        if not news or not addresses or self.parts.line_down_since:
            return
        if self._not_before and now < self._not_before:
            return
        answers = await send(addresses, notice(news, self.parts.settings.server.public_url))
        self._refused = {place: reason for place, reason in enumerate(answers) if reason}
        for place, reason in self._refused.items():
            to = f"notify[{place}]"
            log.warning(line("notice not taken", to=to, service=service_of(addresses[place]), reason=reason))
        taken = len(self._refused) < len(addresses)
        self.metrics.noticed(taken=taken)
        if taken:
            await self._told(news)
        else:
            self._not_before, self._next_retry = (
                now + self._next_retry,
                min(2 * self._next_retry, LONGEST_RETRY),
            )

    async def _told(self, news: Sequence[Problem]) -> None:
        self._heard, self._not_before, self._next_retry = True, None, RETRY
        self.problems = told(self.problems, news)
        log.info(line("notice sent", problems=len(news)))
        await self._keep()

    @property
    def doubts_clock(self) -> bool:
        """Whether the clock is wrong, so that nobody can say what is old."""
        return any(one.kind is ProblemKind.CLOCK for one in standing(self.problems))

    # -- how it is ----------------------------------------------------------------------------------------

    def on_pages(self) -> Sequence[str]:
        """What every page should tell of these and no other part does, each with its cure."""
        return [f"{one.title}. {one.cure}" for one in standing(self.problems) if one.kind in ON_PAGES]

    def standing(self) -> Standing:
        """What metrics tell of this moment."""
        condition = self.condition()
        return Standing(
            counts=self.parts.reader.counts(self.now()),
            under_way=condition.under_way,
            waiting=condition.waiting,
            problems=Counter(one.kind for one in standing(self.problems)),
            healthy=condition.health.ok,
            disk_free_bytes=shutil.disk_usage(self.parts.data).free,
            last_ok_at=condition.health.last_ok_at,
            published_at=condition.published_at,
        )


def _lasting(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """What must outlive a restart: everything but when a problem was last seen."""
    return tuple(replace(one, seen_at=one.began_at) for one in problems)


def _log_changes(before: Sequence[Problem], after: Sequence[Problem]) -> None:
    stood = {one.id for one in standing(before)}
    for one in after:
        if one.id not in stood and not one.ended_at:
            log.warning(line("problem", kind=one.kind, title=one.title, cure=one.cure))
        elif one.id in stood and one.ended_at:
            log.info(
                line("problem mended", kind=one.kind, title=one.title, after=one.ended_at - one.began_at)
            )
