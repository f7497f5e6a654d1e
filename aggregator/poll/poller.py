"""One poll of one feed, from the conditional GET to the committed entries.

Never decides what an entry means (core does) and never opens a socket, a process or a file (the edges do).
Validators go in with the entries, or not at all: a body that was cut, could not be read or could not be
stored must be asked for again.

To add a step: put its decision into core/, call it from `Poller`, and prove it in tests/poll/test_poller.py.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Protocol

from aggregator.core import chrome, full_text, identities, ingest, schedule, tagging
from aggregator.core.events import Meanings, NoMeanings
from aggregator.core.filters import Filter, Search, entry_subject, judge
from aggregator.core.identities import HeardDocument
from aggregator.core.ingest import Intake, Probe
from aggregator.core.neighbours import Neighbours
from aggregator.core.schedule import Brought, Terms
from aggregator.core.settings import FeedSettings, Plan
from aggregator.core.urls import login_apart
from aggregator.errors import ParseError
from aggregator.model import (
    Answer,
    Body,
    Changes,
    ChromeMemory,
    Entry,
    Feed,
    Known,
    Outcome,
    ParsedEntry,
    ParsedFeed,
    Poll,
    Request,
    Story,
    Tag,
    Validators,
    Wait,
)
from aggregator.poll.articles import Articles, Extracts, Fetches
from aggregator.poll.hubs import Hubs, NoHubs
from aggregator.poll.pace import Pace, Plans

PATIENCE = 2  # times poll.timeout: how long all the article pages of a poll may take

Decided = tuple[Changes, Feed, Poll | None]


class Parses(Extracts, Protocol):
    """Reads a feed document or an article's page, somewhere it can do no harm."""

    async def parse(self, body: Body, url: str, content_type: str | None) -> ParsedFeed:
        """The document's entries; ParseError where it is no feed or took too much."""
        ...


class Stores(Plans, Protocol):
    """Keeps what a poll brought, each portion of a document whole or not at all."""

    async def look_up(self, feed_id: int, probe: Probe) -> Known:
        """What is known of a document before it is committed."""
        ...

    async def chrome_memory(
        self, feed_id: int, guids: Collection[str], urls: Collection[str]
    ) -> ChromeMemory:
        """What the page chrome of a document with these guids and links is learned from, beside itself."""
        ...

    async def commit(self, feed_id: int, probe: Probe, decide: Callable[[Known], Decided]) -> Decided:
        """What was decided inside the writing transaction, with the ids it got; no poll, no end of it."""
        ...

    def recall(self, since: datetime) -> Neighbours:
        """The index of what was said `since` then, for a decision inside `commit`."""
        ...

    async def record(
        self, feed: Feed, poll: Poll, waits: Sequence[Wait] = (), *, began: Feed | None = None
    ) -> None:
        """Keep a poll that brought no document, and what its server asked for.

        What the config changed of the feed since the poll `began` with it stays.
        """
        ...


@dataclass(slots=True)
class Poller:
    """Polls feeds as the plan says. When the config changes, another takes over what begins from then on.

    Polls under way end with this one, which asks and waits as the plan said when they began. What they bring
    is judged by today's plan: it stays, and nothing would judge it again.
    """

    store: Stores
    fetcher: Fetches
    parser: Parses
    plan: Plan
    now: Callable[[], datetime]
    chance: Callable[[], float]
    search: Search
    meanings: Meanings = field(default_factory=NoMeanings)
    hubs: Hubs = field(default_factory=NoHubs)
    pace: Pace = field(init=False)
    _heir: "Poller | None" = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.pace = Pace(self.store, self.now, self.chance)

    def hand_over(self, plan: Plan, fetcher: Fetches, parser: Parses) -> "Poller":
        """The poller of another config; what is known of servers and of our line goes with it."""
        self._heir = replace(self, plan=plan, fetcher=fetcher, parser=parser)
        self._heir.pace = self.pace
        return self._heir

    @property
    def _today(self) -> Plan:
        """The plan in force."""
        last = self
        while last._heir:
            last = last._heir
        return last.plan

    async def poll(self, feed: Feed) -> Poll:
        """Ask for the feed once and keep what comes; always leaves a row in `polls`."""
        at = self.now()
        if wait := await self.pace.wait_of(feed, self._today):
            return await self._skip(feed, wait, at)
        with await self.fetcher.get(self._request(feed, at)) as answer:
            if await self.pace.is_our_line(feed, answer, self._today):
                return await self._unheard(feed, answer, at)
            if answer.body is None:
                return await self._without_document(feed, answer, at)
            if answer.body.digest == feed.body_hash and not self._reads_anew(feed):
                return await self._without_document(feed, answer, at, Outcome.UNCHANGED)
            try:
                parsed = await self.parser.parse(answer.body, answer.url, answer.content_type)
            except ParseError as error:
                return await self._without_document(feed, answer, at, Outcome.FAILED, error.reason)
        parsed, refusals = await self._with_articles(feed, parsed)
        poll = await self._with_document(feed, answer, parsed, answer.body.digest, at)
        await self.pace.hold(refusals, self._today)  # afterwards: this feed may have to wait as well
        await self.hubs.heard(feed.id, answer, parsed, poll.new_entries)
        return poll

    async def take(self, feed_id: int, pushed: Answer) -> Poll:
        """Keep what a hub brought of the feed as if it had been fetched; ParseError where it is no feed.

        A hub may send only what is new, and none of it says how the feed's own server answers: what the
        document held before, its validators and its next poll stay as they are.
        """
        at = self.now()
        feed = (await self.store.look_up(feed_id, Probe())).feed
        if pushed.body is None:
            raise ParseError(feed.url, "the push is empty")
        parsed = await self.parser.parse(pushed.body, pushed.url, pushed.content_type)
        parsed, refusals = await self._with_articles(feed, parsed)
        poll = await self._with_document(feed, pushed, parsed, None, at)
        await self.pace.hold(refusals, self._today)
        return poll

    async def give_up(self, feed: Feed, reason: str) -> Poll:
        """Record that a poll failed for a reason of our own, so that the feed backs off like any other."""
        answer = Answer(url=feed.url, error=reason)
        return await self._without_document(feed, answer, self.now())

    # -- polls that ask for nothing, or reach nobody ----------------------------------------------------

    async def _skip(self, feed: Feed, wait: Wait, at: datetime) -> Poll:
        after = schedule.skipped(feed, wait, self.plan.settings.poll, chance=self.chance())
        poll = Poll(feed_id=feed.id, at=at, outcome=Outcome.SKIPPED, error=wait.rule)
        await self.store.record(after, poll, began=feed)
        return poll

    async def _unheard(self, feed: Feed, answer: Answer, at: datetime) -> Poll:
        settings = self.plan.settings.poll
        after = schedule.unheard(feed, settings, now=self.now(), chance=self.chance())
        poll = _poll_row(feed.id, at, Outcome.FAILED, answer, error=answer.error)
        await self.store.record(after, poll, began=feed)
        return poll

    def _wishes(self, feed: Feed) -> FeedSettings:
        """What today's config says of this feed; of one that left it, what ours does."""
        return self._today.feeds.get(feed.id) or self.plan.of(feed.id)

    def _reads_anew(self, feed: Feed) -> bool:
        return schedule.reads_anew(feed, self._wishes(feed).intake)

    # -- polls that reach somebody ----------------------------------------------------------------------

    def _request(self, feed: Feed, now: datetime) -> Request:
        wishes = self.plan.of(feed.id)
        whole = schedule.asks_whole(feed, self.plan.settings.poll, intake=wishes.intake, now=now)
        return Request(
            url=feed.url,
            validators=Validators() if whole else feed.validators,
            validators_url=feed.validators_url,
            home=wishes.url or None,
            headers=wishes.headers,
            auth=wishes.auth,
            proxy=wishes.proxy,
            user_agent=wishes.user_agent,
        )

    def _terms(self, feed: Feed) -> Terms:
        return replace(schedule.terms(self.plan, feed.id), push=self.hubs.push_of(feed.id))

    def _after(self, feed: Feed, brought: Brought) -> Feed:
        terms = self._terms(feed)
        after = schedule.after_poll(feed, brought, terms, now=self.now(), chance=self.chance())
        # A log-in that was refused may be another one by now.
        return schedule.begun(after, access=self._today.of(feed.id).access, now=self.now())

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
        brought = Brought(answer=answer, error=parse_error or answer.error, hints=feed.hints)
        after = self._after(feed, brought)
        if outcome is not Outcome.FAILED:
            after = _with_validators(after, answer)
        poll = _poll_row(feed.id, at, outcome, answer, error=brought.error or answer.note)
        waits = schedule.waits_after(feed, brought, self.plan.settings.poll, now=self.now())
        await self.store.record(after, poll, waits, began=feed)
        if any(wait.whom != feed.url for wait in waits):  # a host's concerns its other feeds, too
            await self.pace.settle(self._today, spread=False)
        return poll

    async def _with_document(
        self, feed: Feed, answer: Answer, parsed: ParsedFeed, body_hash: str | None, at: datetime
    ) -> Poll:
        """Portion by portion, so that fifty thousand entries hold no other feed up; its own state last.

        Without a hash of its body it was pushed.
        """
        new: Counter[str] = Counter()
        polls: list[Poll] = []

        def decide(portion: HeardDocument, known: Known) -> Decided:
            moment = self.now()
            changes = ingest.decide(portion, known, self._intake(known.feed, moment), now=moment)
            changes = changes if body_hash else replace(changes, held=None)
            new.update(entries=changes.new_entries, stories=changes.new_stories, told=len(changes.stories))
            if not portion.last:
                return changes, known.feed, None
            outcome = Outcome.NEW if new["told"] else Outcome.UNCHANGED
            polls.append(_poll_row(feed.id, at, outcome, answer, new, _noted(answer, parsed)))
            after = after_all(known.feed, _brought(answer, parsed, new))
            return changes, schedule.overtaken(after, began=feed, stored=known.feed), polls[-1]

        document = await self._heard(feed, parsed)
        under = self._wishes(feed).intake

        def after_all(stored: Feed, brought: Brought) -> Feed:
            if body_hash is None:
                return schedule.after_push(stored, brought, self._terms(stored), now=self.now())
            after = self._after_document(stored, brought, parsed, body_hash)
            return replace(after, read_under=under) if parsed.complete else after

        for portion in document.portions():
            probe = await asyncio.to_thread(ingest.probe, portion)
            await self.store.commit(feed.id, probe, partial(decide, portion))
        return polls[-1]

    async def _heard(self, feed: Feed, parsed: ParsedFeed) -> HeardDocument:
        """What the document says, with its page chrome found by it and by what the feed said before."""
        guids = {one.guid for one in parsed.entries if one.guid}
        urls = {one.url for one in parsed.entries if one.url}
        memory = await self.store.chrome_memory(feed.id, guids, urls)
        wanted, now = self._wishes(feed).skip_chrome, self.now()

        def hear() -> HeardDocument:
            lesson = chrome.learn(parsed.entries, memory, now=now) if wanted else chrome.switched_off(memory)
            return identities.heard(parsed, lesson)

        return await asyncio.to_thread(hear)

    def _after_document(self, feed: Feed, brought: Brought, parsed: ParsedFeed, body_hash: str) -> Feed:
        after = self._after(feed, brought)
        after = replace(
            after,
            title=self.plan.of(feed.id).title or parsed.title or after.title,
            site_url=login_apart(parsed.site_url or after.site_url or "")[0] or None,
            hints=parsed.hints,
        )
        whole = replace(_with_validators(after, brought.answer), body_hash=body_hash)
        return whole if parsed.complete else after

    async def _with_articles(self, feed: Feed, parsed: ParsedFeed) -> tuple[ParsedFeed, Sequence[Answer]]:
        """The document with its new entries' full texts, where the config wants them, and who refused one."""
        if not self.plan.of(feed.id).full_text:
            return parsed, ()
        document = await self._heard(feed, parsed)
        known = await self.store.look_up(feed.id, await asyncio.to_thread(ingest.probe, document))
        moment = self.now()
        intake = self._intake(known.feed, moment)

        def accepts(said: ParsedEntry) -> bool:
            page = document.lesson.of(said)
            return intake.accepts(ingest.new_entry("", said, known.feed, moment, page))

        articles = Articles(
            fetcher=self.fetcher,
            parser=self.parser,
            request=self._request(feed, moment),
            patience=PATIENCE * self.plan.settings.poll.timeout,
            closed=await self.pace.closed_to_pages(self.plan),
        )
        told = await articles.into(parsed, full_text.pages(parsed, known, accepts, now=moment))
        return told, articles.refusals

    def _intake(self, feed: Feed, now: datetime) -> Intake:
        plan, wishes = self._today, self._wishes(feed)

        def accepts(entry: Entry) -> bool:
            if entry.own_text_key is not None:
                return True  # judged by its feed's own words before its page was asked for
            subject = entry_subject(entry, tags=wishes.tags)

            def says(rule: Filter) -> bool | None:
                return judge(rule, subject, now=now, search=self.search)

            if wishes.exclude and says(wishes.exclude):
                return False
            # Unknown (a regular expression out of time) keeps the entry: no news is lost by a slow rule.
            return wishes.include is None or says(wishes.include) is not False

        def tags_of(story: Story) -> tuple[Tag, ...]:
            return tagging.tags_of(story, plan, now=now, search=self.search)

        return Intake(
            window=plan.settings.dedup_window,
            # What looser filters let in now is no news either.
            first_poll=feed.last_ok_at is None or self._reads_anew(feed),
            accepts=accepts,
            tags_of=tags_of,
            priority_of=plan.priority_of,
            level_of=plan.level_of,
            index=lambda: self.store.recall(now - plan.settings.dedup_window),
            meanings=self.meanings,
        )


def _brought(answer: Answer, parsed: ParsedFeed, new: Mapping[str, int]) -> Brought:
    return Brought(answer=answer, hints=parsed.hints, entries=len(parsed.entries), new_entries=new["entries"])


def _with_validators(feed: Feed, answer: Answer) -> Feed:
    return replace(feed, validators=answer.validators, validators_url=answer.url)


def _noted(answer: Answer, parsed: ParsedFeed) -> str | None:
    """What people should know of the way and of the document, in one line; None when both were clean."""
    silent = None if parsed.entries else "the document holds no entries"
    return "; ".join(filter(None, (answer.note, silent, *parsed.problems[:5]))) or None


def _poll_row(
    feed_id: int,
    at: datetime,
    outcome: Outcome,
    answer: Answer,
    new: Mapping[str, int] | None = None,
    error: str | None = None,
) -> Poll:
    return Poll(
        feed_id=feed_id,
        at=at,
        outcome=outcome,
        http_status=answer.status,
        received_bytes=answer.received_bytes,
        took_ms=answer.took_ms,
        new_entries=new["entries"] if new else 0,
        new_stories=new["stories"] if new else 0,
        error=error,
    )
