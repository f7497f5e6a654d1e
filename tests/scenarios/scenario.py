"""What a scenario is, and how it is played: script, visits, judge.

The client is a `Guest`: it is told the time and woken, never asked how it works. A forced visit is a person
who says "poll now"; any other visit only wakes the client, which does what it thinks is due. The clock is the
play's own, so ten days pass in a second; only slow bodies take real time.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Protocol

from tests.http import Asked, WebServer, serving

FEED = "/feed"

PUBLIC = tuple(f"127.0.0.{number}" for number in range(1, 6))
"""the addresses that stand for the public internet: a guest that guards against private ones allows these"""

HERE, THERE, *_ = PUBLIC
"""the feed's host, and another one"""

INSIDE = "127.0.0.66"
"""an address that is private in every play"""


# -- the client -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """What a client has to show for its feeds: titles that it keeps, and what it says is wrong, by URL."""

    titles: frozenset[str] = frozenset()
    problems: Mapping[str, str] = field(default_factory=dict)


class Guest(Protocol):
    """A feed client under judgement. Moments are its only clock."""

    async def subscribe(self, urls: Sequence[str], headers: Mapping[str, str]) -> None:
        """Take these feeds up; the headers go with each request to them."""
        ...

    async def visit(self, now: datetime, *, forced: bool) -> None:
        """Poll every feed, if forced as a person would; else those that the client thinks are due."""
        ...

    async def restart(self) -> None:
        """End and begin again with what was stored."""
        ...

    async def found(self) -> Found:
        """What the client keeps and what it complains about."""
        ...


Invite = Callable[[Path], AbstractAsyncContextManager[Guest]]
"""a new guest that may keep its files in this folder"""


# -- the play ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Stage:
    """The servers of a play. `sent` counts the bytes of a body without end."""

    public: tuple[WebServer, ...]
    inside: WebServer
    sent: int = 0

    @property
    def here(self) -> WebServer:
        """The feed's host."""
        return self.public[0]

    @property
    def there(self) -> WebServer:
        """Another host."""
        return self.public[1]

    @property
    def servers(self) -> tuple[WebServer, ...]:
        """Every host, the private one last."""
        return *self.public, self.inside

    def url(self, feed: str) -> str:
        """A feed as a URL: a path at `here`, or a URL with `{there}` or `{0}`, which are hosts with ports."""
        if feed.startswith("/"):
            return self.here.url + feed
        places = [f"{server.host}:{server.port}" for server in self.public]
        return feed.format(*places, there=places[1])


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit to the client, so long after the play began."""

    after: timedelta
    forced: bool = True
    restarted: bool = False
    online: bool = True
    """whether any server can be reached"""
    pause: timedelta = timedelta(0)
    """real time to let pass before"""


@dataclass(frozen=True, slots=True)
class Visited:
    """What a visit led to: the requests at each host in order, what the client had, how long it took."""

    visit: Visit
    requests: Mapping[str, tuple[Asked, ...]]
    found: Found
    seconds: float


@dataclass(frozen=True, slots=True)
class Seen:
    """All that the judge gets to see."""

    stage: Stage
    began: datetime
    visits: tuple[Visited, ...]

    def requests(self, path: str | None = FEED, host: str = HERE) -> list[Asked]:
        """Every request for this path at this host; for any path where it is None."""
        return [asked for visited in self.visits for asked in _of(visited, path, host)]

    def moments(self, path: str = FEED, host: str = HERE) -> list[timedelta]:
        """When this path was asked for, by the play's clock; several requests in one visit are one moment."""
        return [visited.visit.after for visited in self.visits if _of(visited, path, host)]


def _of(visited: Visited, path: str | None, host: str) -> list[Asked]:
    return [asked for asked in visited.requests[host] if path in (None, asked.path)]


Script = Callable[[Stage], None]
Judge = Callable[[Seen], str | None]
"""None where the client behaved, else a sentence that says what was wrong"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A rule as a play. `source` is where the rule comes from: an RFC's section or a public post."""

    rule: int
    name: str
    source: str
    script: Script
    judge: Judge
    visits: tuple[Visit, ...]
    feeds: tuple[str, ...] = (FEED,)
    """see `Stage.url`"""
    headers: Mapping[str, str] = field(default_factory=dict)
    """what the user has the client send to the feed, such as a password"""

    @property
    def id(self) -> str:
        """The rule in words, with its number in front."""
        return f"{self.rule:02} {self.name}"


async def judged(scenario: Scenario, invite: Invite, folder: Path) -> str | None:
    """None where the guest behaves, else a sentence that says what it did wrong."""
    async with _staged() as stage, invite(folder) as guest:
        scenario.script(stage)
        await guest.subscribe([stage.url(feed) for feed in scenario.feeds], scenario.headers)
        began = datetime.now(UTC)
        visits = [await _visited(stage, guest, visit, began) for visit in scenario.visits]
        return scenario.judge(Seen(stage, began, tuple(visits)))


async def _visited(stage: Stage, guest: Guest, visit: Visit, began: datetime) -> Visited:
    before = [len(server.asked) for server in stage.servers]
    for server in stage.servers:
        await server.reachable(visit.online)
    if visit.restarted:
        await guest.restart()
    await asyncio.sleep(visit.pause.total_seconds())
    started = monotonic()
    await guest.visit(began + visit.after, forced=visit.forced)
    seconds = monotonic() - started
    pairs = zip(stage.servers, before, strict=True)
    requests = {server.host: tuple(server.asked[seen:]) for server, seen in pairs}
    return Visited(visit, requests, await guest.found(), seconds)


@asynccontextmanager
async def _staged() -> AsyncIterator[Stage]:
    async with AsyncExitStack() as closing:
        servers = [await closing.enter_async_context(serving(host=host)) for host in (*PUBLIC, INSIDE)]
        yield Stage(public=tuple(servers[:-1]), inside=servers[-1])


# -- what rows are made of --------------------------------------------------------------------------------


def hours(count: float) -> timedelta:
    """So many hours."""
    return timedelta(hours=count)


def polls(count: int, *, apart: timedelta = timedelta(hours=1)) -> tuple[Visit, ...]:
    """Forced visits."""
    return tuple(Visit(apart * number) for number in range(count))


def wakes(over: timedelta, *, every: timedelta, restarting: bool = False) -> tuple[Visit, ...]:
    """Visits that leave it to the client what is due."""
    return tuple(
        Visit(every * number, forced=False, restarted=restarting and number > 0)
        for number in range(over // every + 1)
    )


def answering(*answers: bytes) -> Script:
    """The feed's host answers so, in turn; the last for ever."""

    def script(stage: Stage) -> None:
        stage.here.on(FEED, *answers)

    return script
