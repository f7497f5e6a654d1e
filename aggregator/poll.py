"""One poll of one feed, from the conditional GET to the committed entries, and whose turn it is.

Never decides what an entry means (core does) and never opens a socket, a process or a file (the edges do).
Validators go in with the entries, or not at all: a body that was cut, could not be read or could not be
stored must be asked for again.

To add a step: put its decision into core/, call it from `Poller`, and prove it in tests/test_poll.py.
"""

import asyncio
import hashlib
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from aggregator.core import ingest, schedule, tagging, urls
from aggregator.core.filters import Filter, Search, entry_subject, judge
from aggregator.core.ingest import Intake, Probe
from aggregator.core.settings import Plan
from aggregator.errors import ParseError
from aggregator.model import (
    Answer,
    Changes,
    Entry,
    Feed,
    Known,
    Outcome,
    ParsedFeed,
    Poll,
    Request,
    Story,
    Tag,
)

Decided = tuple[Changes, Feed, Poll]


class Fetches(Protocol):
    """Makes one conditional GET; what the network does is a value, never an exception."""

    async def get(self, request: Request) -> Answer:
        """What came of the request."""
        ...


class Parses(Protocol):
    """Reads a feed document, somewhere it can do no harm."""

    async def parse(self, body: bytes, url: str, content_type: str | None) -> ParsedFeed:
        """The document's entries; ParseError where it is no feed or took too much."""
        ...


class Stores(Protocol):
    """Keeps what a poll brought, whole or not at all."""

    async def commit(self, feed_id: int, probe: Probe, decide: Callable[[Known], Decided]) -> Decided:
        """What was decided inside the writing transaction, with the ids it got."""
        ...

    async def record(self, feed: Feed, poll: Poll) -> None:
        """Keep a poll that brought no document."""
        ...


@dataclass(slots=True)
class Poller:
    """Polls feeds as the plan says. `plan` is replaced when the config changes."""

    store: Stores
    fetcher: Fetches
    parser: Parses
    plan: Plan
    now: Callable[[], datetime]
    chance: Callable[[], float]
    search: Search

    async def poll(self, feed: Feed) -> Poll:
        """Ask for the feed once and keep what comes; always leaves a row in `polls`."""
        at = self.now()
        answer = await self.fetcher.get(self._request(feed))
        if answer.body is None:
            return await self._without_document(feed, answer, at)
        body_hash = hashlib.blake2b(answer.body, digest_size=16).hexdigest()
        if body_hash == feed.body_hash:
            return await self._without_document(feed, answer, at, Outcome.UNCHANGED)
        try:
            parsed = await self.parser.parse(answer.body, answer.url, answer.content_type)
        except ParseError as error:
            return await self._without_document(feed, answer, at, Outcome.FAILED, error.reason)
        return await self._with_document(feed, replace(answer, body=None), parsed, body_hash, at)

    async def give_up(self, feed: Feed, reason: str) -> None:
        """Record that a poll failed for a reason of our own, so that the feed backs off like any other."""
        answer = Answer(url=feed.url, error=reason)
        await self._without_document(feed, answer, self.now())

    def _request(self, feed: Feed) -> Request:
        return Request(
            url=feed.url,
            validators=feed.validators,
            validators_url=feed.validators_url,
            headers=self.plan.of(feed.id).headers,
        )

    def _after(self, feed: Feed, answer: Answer, parsed: ParsedFeed | None, error: str | None) -> Feed:
        return schedule.after_poll(
            feed,
            answer,
            self.plan.settings.poll,
            every=self.plan.of(feed.id).every,
            hints=parsed.hints if parsed else feed.hints,
            parsed_error=error,
            now=self.now(),
            chance=self.chance(),
        )

    async def _without_document(
        self,
        feed: Feed,
        answer: Answer,
        at: datetime,
        outcome: Outcome | None = None,
        parse_error: str | None = None,
    ) -> Poll:
        """A poll that changes no entry: not modified, the same bytes again, or a failure."""
        outcome = outcome or (Outcome.FAILED if answer.error else Outcome.NOT_MODIFIED)
        after = self._after(feed, answer, None, parse_error)
        if outcome is not Outcome.FAILED:
            after = _with_validators(after, answer)
        poll = _poll_row(feed.id, at, outcome, answer, error=parse_error or answer.error)
        await self.store.record(after, poll)
        return poll

    async def _with_document(
        self, feed: Feed, answer: Answer, parsed: ParsedFeed, body_hash: str, at: datetime
    ) -> Poll:
        def decide(known: Known) -> Decided:
            moment = self.now()
            changes = ingest.decide(parsed, known, self._intake(known.feed, moment), now=moment)
            after = self._after(known.feed, answer, parsed, None)
            after = replace(
                after,
                title=self.plan.of(feed.id).title or parsed.title or after.title,
                site_url=parsed.site_url or after.site_url,
                hints=parsed.hints,
            )
            if parsed.complete:
                after = replace(_with_validators(after, answer), body_hash=body_hash)
            outcome = Outcome.NEW if changes.stories else Outcome.UNCHANGED
            return changes, after, _poll_row(feed.id, at, outcome, answer, changes, _noted(parsed))

        _, _, poll = await self.store.commit(feed.id, ingest.probe(parsed), decide)
        return poll

    def _intake(self, feed: Feed, now: datetime) -> Intake:
        plan, wishes = self.plan, self.plan.of(feed.id)
        feed_tags = plan.feed_tags()

        def accepts(entry: Entry) -> bool:
            subject = entry_subject(entry, tags=wishes.tags)

            def says(rule: Filter) -> bool | None:
                return judge(rule, subject, now=now, search=self.search)

            if wishes.exclude and says(wishes.exclude):
                return False
            # Unknown (a regular expression out of time) keeps the entry: no news is lost by a slow rule.
            return wishes.include is None or says(wishes.include) is not False

        def tags_of(story: Story) -> tuple[Tag, ...]:
            return tagging.tags_of(story, plan.settings.tags, feed_tags, now=now, search=self.search)

        return Intake(
            level=plan.level_of(feed.id),
            window=plan.settings.dedup_window,
            first_poll=feed.last_ok_at is None,
            accepts=accepts,
            tags_of=tags_of,
            priority_of=plan.priority_of,
            level_of=plan.level_of,
        )


def _with_validators(feed: Feed, answer: Answer) -> Feed:
    return replace(feed, validators=answer.validators, validators_url=answer.url)


def _noted(parsed: ParsedFeed) -> str | None:
    """The document's problems in one line, for people; None when it was clean."""
    return "; ".join(parsed.problems[:5]) or None


def _poll_row(
    feed_id: int,
    at: datetime,
    outcome: Outcome,
    answer: Answer,
    changes: Changes | None = None,
    error: str | None = None,
) -> Poll:
    return Poll(
        feed_id=feed_id,
        at=at,
        outcome=outcome,
        http_status=answer.status,
        received_bytes=answer.received_bytes,
        took_ms=answer.took_ms,
        new_entries=changes.new_entries if changes else 0,
        new_stories=changes.new_stories if changes else 0,
        error=error,
    )


class Turnstile:
    """Feeds waiting for their turn. No host gets more than its share, so a slow one holds up only itself.

    `per_host` is how many of one host may be under way; twice what the fetcher sends at once keeps a
    host busy without filling every slot with feeds that only wait for it.
    """

    def __init__(self, slots: int, per_host: int) -> None:
        self._slots = slots
        self._per_host = per_host
        self._waiting: dict[str, deque[Feed]] = {}
        self._ready: deque[str] = deque()
        self._under_way: dict[str, int] = {}
        self._ids: set[int] = set()

    @property
    def ids(self) -> frozenset[int]:
        """The ids of all feeds that wait or are under way."""
        return frozenset(self._ids)

    def add(self, feeds: Iterable[Feed]) -> None:
        """Queue these feeds; one that is queued or under way already is left as it is."""
        for feed in feeds:
            if feed.id not in self._ids:
                self._ids.add(feed.id)
                self._queue(urls.host_of(feed.url)).append(feed)

    def _queue(self, host: str) -> deque[Feed]:
        if host not in self._waiting:
            self._waiting[host] = deque()
            if self._under_way.get(host, 0) < self._per_host:
                self._ready.append(host)
        return self._waiting[host]

    def take(self) -> Feed | None:
        """The next feed to poll, now under way; None when no slot or no admissible feed is left."""
        if sum(self._under_way.values()) >= self._slots or not self._ready:
            return None
        host = self._ready.popleft()
        feed = self._waiting[host].popleft()
        self._under_way[host] = self._under_way.get(host, 0) + 1
        if not self._waiting[host]:
            del self._waiting[host]
        elif self._under_way[host] < self._per_host:
            self._ready.append(host)
        return feed

    def done(self, feed: Feed) -> None:
        """Give the place of a feed free: its poll has ended."""
        host = urls.host_of(feed.url)
        self._ids.discard(feed.id)
        at_limit = self._under_way[host] >= self._per_host
        self._under_way[host] -= 1
        if not self._under_way[host]:
            del self._under_way[host]
        if at_limit and host in self._waiting:
            self._ready.append(host)


async def poll_round(
    feeds: Iterable[Feed], poll: Callable[[Feed], "asyncio.Future[Poll]"], turnstile: Turnstile
) -> AsyncGenerator[tuple[Feed, Poll], None]:
    """Poll all of these feeds, each once, yielding each poll as it ends."""
    turnstile.add(feeds)
    under_way: dict[asyncio.Future[Poll], Feed] = {}
    try:
        while True:
            while feed := turnstile.take():
                under_way[poll(feed)] = feed
            if not under_way:
                return
            done, _ = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                feed = under_way.pop(task)
                turnstile.done(feed)
                yield feed, task.result()
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
