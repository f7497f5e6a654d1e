"""The daemon: what happens when, until it is told to stop.

APScheduler ticks a few duties; one of them asks the store what is due. A duty that fails is logged and
comes again: nothing here may end the daemon but a signal.

To add a duty: a method, and its line in `_duties`.
"""

import asyncio
import logging
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from aggregator.app.lines import line_problem, poll_line
from aggregator.app.orders import Orders
from aggregator.app.oversight import Condition, Oversight
from aggregator.app.parts import Parts, new_turnstile, utc_now
from aggregator.app.pushing import Pushing
from aggregator.app.reload import ConfigWatch
from aggregator.app.retagging import Retagging
from aggregator.app.showing import Showing
from aggregator.app.supervisor import ALIVE, READY, STOPPING, Supervisor
from aggregator.app.ticking import Duty, ended, heed_clock, scheduler_of
from aggregator.app.unwritten import Unwritten
from aggregator.config import Loaded
from aggregator.core import freshness
from aggregator.core.settings import Settings
from aggregator.errors import AggregatorError, ConfigError
from aggregator.logs import line, put_in_force
from aggregator.model import Feed, Health, Outcome, Poll
from aggregator.poll import Turnstile
from aggregator.web import Live, Server, create_app

log = logging.getLogger("aggregator")

TICK = timedelta(seconds=1)
PUBLISH_TICK = timedelta(seconds=2)  # gathers the polls of a burst into one round of rendering
LOOK_TICK = timedelta(seconds=15)  # for what is wrong
AGEING_TICK = timedelta(minutes=1)  # items leave outputs by age even when nothing new comes
RETAG_TICK = timedelta(minutes=1)  # for rules that changed while we were away, or while the disk was full
RELOAD_TICK = timedelta(seconds=2)
SWEEP_TICK = timedelta(hours=6)
FORGET_AFTER = timedelta(days=400)  # ids and fingerprints outlive their stories by this much
STORE_REST = timedelta(seconds=30)  # after a failed write nothing could be kept, so nothing is asked for
LONGEST_REST = timedelta(minutes=10)  # each try asks servers for what they have sent already
JUMP = timedelta(seconds=60)  # between two ticks: the machine slept, or its clock was set
DRAIN_SECONDS = 6  # for polls and duties under way when we are told to stop; many a supervisor kills after 10
DUE_AT_ONCE = 1_000
GOOD = (Outcome.NEW, Outcome.UNCHANGED, Outcome.NOT_MODIFIED)


@dataclass(slots=True)
class Daemon:
    """Polls, publishes, serves and reloads. `announce` hears each line meant for a person at a terminal."""

    parts: Parts
    watch: ConfigWatch
    announce: Callable[[str], None]
    supervisor: Supervisor = field(default_factory=Supervisor)
    started_at: datetime = field(default_factory=utc_now)
    site: Showing = field(init=False)
    """what the pages ask"""
    live: Live = field(default_factory=Live)
    """who waits for news on them"""
    oversight: Oversight = field(init=False)
    _turnstile: Turnstile = field(init=False)
    _orders: Orders = field(init=False)
    _retagging: Retagging = field(init=False)
    _under_way: set[asyncio.Future[None]] = field(default_factory=set)
    """polls"""
    _at_work: set[asyncio.Future[None]] = field(default_factory=set)
    """duties"""
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _dirty: bool = True
    _rest_until: datetime | None = None
    _next_rest: timedelta = STORE_REST
    _last_tick: datetime | None = None
    _last_ok: datetime | None = None
    _published_at: datetime | None = None
    _unwritten: Unwritten = field(default_factory=Unwritten)
    _config_problem: str | None = None
    _holding: bool = False
    """no poll begins while another config comes into force; those under way go on"""

    def __post_init__(self) -> None:
        self.oversight = Oversight(self.parts, self.condition)
        self.site = Showing(self.parts, self.health, self.problems, self.under_way, self.oversight)
        self._turnstile = new_turnstile(self.parts.settings)
        self._orders = Orders(self.parts.data)
        self._retagging = Retagging(self._stop.is_set, self._renew)
        self._last_ok = max((feed.last_ok_at for feed in self.parts.feeds if feed.last_ok_at), default=None)

    # -- life -------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Serve and work until SIGTERM, SIGINT or `stop`; ListenError where the address is not to be had."""
        at = self.parts.settings.server
        self._listen_for_signals()
        await self._guarded(self.settle)()
        pushing = Pushing(self.parts, self._note, self._begin)
        website = create_app(self.site, callbacks=pushing, live=self.live)
        server = Server(website, at.host, at.port, at_once=website.at_once, proxies=at.proxies)
        server.listen()  # before any work is done: another program may have the address
        await self._guarded(self.publish)()
        self.parts.pings.recall(self.site.snapshot())
        await server.start()
        scheduler = scheduler_of((self._guarded(duty), every) for duty, every in self._duties())
        scheduler.start()
        heeding = asyncio.ensure_future(heed_clock(scheduler, self._stop))
        self.announce(serving := f"serving on {at.public_url}")
        self.supervisor.tell(READY, f"STATUS={serving}")
        try:
            await self._stop.wait()
        finally:
            self.stop()
            self.supervisor.tell(STOPPING)
            self.live.close()
            scheduler.pause()
            under_way = {*self._at_work, *self._under_way}
            await asyncio.gather(ended(under_way, DRAIN_SECONDS), server.stop())
            scheduler.shutdown(wait=False)
            await heeding
            await self._guarded(self.publish)()
            log.info(line("stopped"))

    def stop(self) -> None:
        """Ask the daemon to end: polls under way get a few seconds, then all is closed."""
        self._stop.set()

    def _duties(self) -> Sequence[Duty]:
        return (
            (self.tick, TICK),
            (self.obey, TICK),
            (self.publish, PUBLISH_TICK),
            (self.parts.ping, PUBLISH_TICK),
            (self.parts.ask_hubs, PUBLISH_TICK),
            (self.oversight.look, LOOK_TICK),
            (self.oversight.tell, LOOK_TICK),
            (self.age, AGEING_TICK),
            (self.retag, RETAG_TICK),
            (self.reload, RELOAD_TICK),
            (self.sweep, SWEEP_TICK),
            *([(self.reassure, self.supervisor.pulse)] if self.supervisor.pulse else []),
        )

    def _guarded(self, duty: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """The duty, with the daemon kept alive: an expected failure is one line, a bug its traceback."""

        async def run() -> None:
            task = asyncio.ensure_future(duty())
            self._at_work.add(task)
            task.add_done_callback(self._at_work.discard)
            try:
                await task
            except AggregatorError as error:
                what = "outputs" if duty == self.publish else "store"
                said = line("failed", duty=duty.__name__, error=error)
                self._unwritten.failed(what, error.for_strangers(), said)
            except Exception:
                log.exception(line("bug", duty=duty.__name__, so="it will be tried again"))
            except asyncio.CancelledError:
                if not self._stop.is_set():
                    raise
                log.info(line("broken off", duty=duty.__name__))

        return run

    def _begin(self, duty: Callable[[], Awaitable[None]]) -> None:
        task = asyncio.ensure_future(self._guarded(duty)())
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)

    def _listen_for_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        loop.add_signal_handler(signal.SIGHUP, self.watch.force)

    # -- duties -----------------------------------------------------------------------------------------

    async def tick(self) -> None:
        """Start the polls that are due, as far as there is room."""
        now = utc_now()
        if self._last_tick and not timedelta(0) <= now - self._last_tick <= JUMP:
            log.info(line("the clock jumped", since=self._last_tick, now=now, so="overdue feeds are spread"))
            await self._wake(now)
        self._last_tick = now
        if self._holding or self._is_resting(now):
            return
        due = await self.parts.store.due(now, DUE_AT_ONCE, busy=self._turnstile.ids)
        if not self._holding:  # else a config comes into force that may know better
            self._turnstile.add(due)
            self._start_polls()

    async def _wake(self, now: datetime) -> None:
        """Begin anew as after a start: by another clock nothing can be said of what was planned or heard."""
        self.started_at, self._rest_until = now, None
        await self.settle()

    async def reassure(self) -> None:
        """Tell the supervisor that we live, as long as the dispatcher ticks.

        A line that is down or a full disk is no reason to be started anew; a store that hangs is.
        """
        if self._last_tick and utc_now() - self._last_tick <= freshness.TICK_LATE:
            self.supervisor.tell(ALIVE)

    async def settle(self) -> None:
        """Spread what is overdue, after a start, a reload or a sleep, so that it is no burst."""
        await self.parts.settle(spread=True)

    def _start_polls(self) -> None:
        while not self._holding and not self._stop.is_set() and (feed := self._turnstile.take()):
            task = asyncio.ensure_future(self._poll(feed))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _poll(self, feed: Feed) -> None:
        try:
            self._note(feed, await self.parts.poll(feed))
        except AggregatorError as error:
            self._rest()
            said = line("not stored", feed=feed.url, error=error, polling_rests_until=self._rest_until)
            self._unwritten.failed("store", error.for_strangers(), said)
        finally:
            self._turnstile.done(feed)
            self._start_polls()

    def _is_resting(self, now: datetime) -> bool:
        return self._rest_until is not None and now < self._rest_until

    def _rest(self) -> None:
        """Twice as long each time, however many polls were under way at once."""
        now = utc_now()
        if not self._is_resting(now):
            self._rest_until = now + self._next_rest
            self._next_rest = min(2 * self._next_rest, LONGEST_REST)

    def _note(self, feed: Feed, poll: Poll) -> None:
        self._unwritten.written("store")
        self._next_rest = STORE_REST
        self.oversight.metrics.polled(poll)
        if poll.outcome in GOOD:
            self._last_ok = poll.at
        self._dirty |= poll.outcome is Outcome.NEW
        # While our own line is down, one line says it for all feeds.
        unheard = self.parts.line_down_since and poll.outcome is Outcome.FAILED
        log.log(logging.DEBUG if unheard else logging.INFO, poll_line(feed, poll))

    async def obey(self) -> None:
        """Do what a person asked for with another command."""
        for taken in self._orders.taken():
            try:
                said = await self.parts.overrule(taken.order())
            except AggregatorError as error:
                taken.answer(ok=False, said=str(error))
            else:
                self._dirty = True
                taken.answer(ok=True, said=said)
                log.info(line("obeyed", said=said))

    async def publish(self) -> None:
        """Bring the outputs up to date with the store, if anything changed."""
        if not self._dirty:
            return
        self._dirty, began = False, time.monotonic()
        try:
            written = await self.parts.publish()
        except AggregatorError:
            self._dirty = True
            raise
        self._unwritten.written("outputs")
        self._published_at = utc_now()
        self.oversight.metrics.published(timedelta(seconds=time.monotonic() - began), len(written))
        if written:
            self.live.tell()
            self.parts.pings.note(written)
            log.info(line("published", files=len(written)))

    async def age(self) -> None:
        """Let items leave outputs by their age."""
        self._renew()

    def _renew(self) -> None:
        self._dirty = True

    async def retag(self) -> None:
        """Judge what is stored by today's rules, if they changed; also when they did while we were away."""
        await self._retagging.run(self.parts)

    async def sweep(self) -> None:
        """Remove stories that no feed has held for longer than `storage.keep` before we last heard of any.

        Without that, after a sleep of months, every feed seems to have held nothing for long.
        """
        if self.oversight.doubts_clock:
            return
        now, keep = min(utc_now(), self._last_ok or utc_now()), self.parts.settings.keep
        removed = await self.parts.store.sweep(held_before=now - keep, forget_before=now - FORGET_AFTER)
        if removed:
            self._dirty = True
            log.info(line("swept", stories=removed, keep=keep))

    async def reload(self) -> None:
        """Put a changed config into force; a broken one leaves the last good one as it is."""
        if self._is_resting(utc_now()) or not self._may_differ():
            return
        try:
            loaded = await asyncio.to_thread(self.watch.load)
        except ConfigError as error:
            self._config_problem = f"the changed config is not in force: {error.for_strangers()}"
            for fault in error.faults:
                log.warning(line("config not in force", fault=fault))
            return
        self._config_problem = None
        try:
            await self._put_in_force(loaded)
        except AggregatorError:
            self.watch.force()  # nothing will change the file again
            self._rest()
            raise

    def _may_differ(self) -> bool:
        """Whether a file has changed, or a list is due; lists wait for a broken config to be mended."""
        return self.watch.changed() or (not self._config_problem and self.parts.lists.due(utc_now()))

    async def _put_in_force(self, loaded: Loaded) -> None:
        settings = await self.parts.lists.extend(loaded, self.parts.fetcher, now=utc_now())
        if settings != self.parts.settings:
            await self._apply(settings)
            log.info(line("config in force", feeds=len(settings.feeds), outputs=len(settings.outputs)))

    async def _apply(self, settings: Settings) -> None:
        if settings.server != self.parts.settings.server:
            log.warning(line("a changed server: section takes effect at the next start"))
            settings = replace(settings, server=self.parts.settings.server)
        self._holding = True
        put_in_force(settings.logging)
        try:
            await self.parts.apply(settings)
            await self.settle()
            self._turnstile.limit(settings.poll.concurrency, settings.poll.per_host)
        finally:
            self._holding = False
        self._renew()
        self._begin(self.retag)  # takes a minute or more, in which the config may change again

    # -- how it is ----------------------------------------------------------------------------------------

    def problems(self) -> Sequence[str]:
        """What a person should see on every page: a config that is not in force, a full disk, a dead line."""
        said = (
            self._config_problem,
            *self._unwritten.reasons.values(),
            line_problem(self.parts.poller.pace.line),
            *self.oversight.on_pages(),
        )
        return [problem for problem in said if problem]

    def under_way(self) -> Sequence[str]:
        """How far the stored stories are judged by changed rules, while they are."""
        return self._retagging.under_way

    def condition(self) -> Condition:
        """What only we know of ourselves, for who looks for problems."""
        under_way = len(self._under_way)
        return Condition(
            health=self.health(),
            config_problem=self._config_problem,
            write_problems=self._unwritten.reasons,
            proved=self._last_ok is not None and self._last_ok > self.started_at,
            under_way=under_way,
            waiting=max(0, len(self._turnstile.ids) - under_way),
            published_at=self._published_at,
        )

    def health(self) -> Health:
        """How fresh the data is, whether we can write, and whether the clock ticks."""
        now = utc_now()
        return freshness.health(
            now=now,
            started_at=self.started_at,
            every=self.parts.settings.poll.every,
            last_ok_at=self._last_ok,
            last_tick_at=self._last_tick,
            write_problem=next(iter(self._unwritten.reasons.values()), None),
            line_is_down=self.parts.line_down_since is not None,
            on_schedule=not self.parts.feeds or self.parts.reader.on_schedule(now),
        )
