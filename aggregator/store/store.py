"""The store: one process owns the data folder, one thread owns the one connection that writes.

Whatever a poll brought is looked up, decided and written in one transaction on that thread, validators with
their entries, so that a crash, a full disk or two feeds telling one story at once cannot tear it apart. A
transaction that fails leaves the file as it was and the store in working order.

Knows transactions and the thread; what is written stands in feeds.py, writing.py, overruling.py and
retention.py. To add a write: a function on a connection there, and a method here that runs it in a
transaction.
"""

import asyncio
import os
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Self, TypeVar

from aggregator.core.ingest import Probe
from aggregator.core.neighbours import Neighbours
from aggregator.errors import StoreError
from aggregator.model import (
    Changes,
    ChromeMemory,
    Digest,
    Feed,
    Known,
    Overrule,
    Poll,
    Problem,
    Story,
    Subscription,
    Wait,
)
from aggregator.store import feeds, index, overruling, retention, stories, subscriptions, writing
from aggregator.store.chrome import chrome_memory
from aggregator.store.connection import (
    DATABASE_NAME,
    Connection,
    open_writer,
    or_closed,
    refusals_named,
    transaction,
)
from aggregator.store.digests import keep
from aggregator.store.feeds import Replanning, WantedFeed
from aggregator.store.known import known
from aggregator.store.lock import take_lock
from aggregator.store.notes import note, noted
from aggregator.store.overruling import Divide, Unite
from aggregator.store.problems import keep as keep_problems
from aggregator.store.recollection import Recollection

T = TypeVar("T")
Decided = tuple[Changes, Feed, Poll | None]

SETTLE = """
SELECT id FROM stories WHERE lead_settled = 0 AND id IN (SELECT value FROM json_each(?)) ORDER BY seq
"""


def _begin_index(path: Path, conn: Connection) -> None:
    with refusals_named(path), transaction(conn):
        index.begin_anew(conn)


class Store:
    """Keeps everything, for one process at a time. Its methods may be awaited from any task."""

    def __init__(self, path: Path, lock: int, conn: Connection) -> None:
        self._path = path
        self._lock = lock
        self._conn = conn
        self._closed = False
        self._recollection = Recollection()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The store in `folder`, made if missing and brought to today's schema.

        DataFolderError where the folder cannot be used, AlreadyRunningError where another process owns it,
        StoreError where SQLite refuses the file; each says what to do.
        """
        lock = take_lock(folder)
        path = folder / DATABASE_NAME
        try:
            conn = open_writer(path)
            or_closed(conn, lambda: _begin_index(path, conn))
            return cls(path, lock, conn)
        except BaseException:
            os.close(lock)
            raise

    def close(self) -> None:
        """Finish what is being written, fold the write-ahead log in, and give the folder free.

        Where the disk has no room to fold it in, the log stays beside the file, and nothing is lost. A store
        that is closed stays closed: the lock's number may be another open file's by now.
        """
        if self._closed:
            return
        self._closed = True
        self._thread.shutdown()
        try:
            with suppress(StoreError), refusals_named(self._path):
                self._conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            self._conn.close()
            os.close(self._lock)

    async def _write(
        self,
        work: Callable[[Connection], T],
        begin: str = "BEGIN IMMEDIATE",
        then: Callable[[T], None] = lambda _: None,
    ) -> T:
        """What `work` returns, in a transaction of its own on the writing thread; `then` follows its end."""

        def whole_or_not_at_all() -> T:
            with refusals_named(self._path), transaction(self._conn, begin):
                done = work(self._conn)
            then(done)
            return done

        return await asyncio.get_running_loop().run_in_executor(self._thread, whole_or_not_at_all)

    # -- feeds ------------------------------------------------------------------------------------------

    async def sync_feeds(self, wanted: Sequence[WantedFeed], *, now: datetime) -> tuple[Feed, ...]:
        """The wanted feeds as they stand now, in order; all others are paused. Who begins is due `now`."""
        return await self._write(lambda conn: feeds.sync(conn, wanted, now))

    async def replan(self, change: Replanning, *, now: datetime) -> None:
        """Keep the feeds that `change` gives back, of all that have a next poll, with the waits of today."""
        await self._write(lambda conn: feeds.replan(conn, now, change))

    async def due(self, now: datetime, limit: int, *, busy: Collection[int] = ()) -> tuple[Feed, ...]:
        """The feeds whose time has come, the longest overdue first, without those that are `busy` (ids)."""
        return await self._write(lambda conn: feeds.due(conn, now, limit, busy), begin="BEGIN")

    # -- polls ------------------------------------------------------------------------------------------

    async def look_up(self, feed_id: int, probe: Probe) -> Known:
        """What is known of a document now; by the time it is committed more may be."""
        return await self._write(lambda conn: known(conn, feeds.get(conn, feed_id), probe), begin="BEGIN")

    async def chrome_memory(
        self, feed_id: int, guids: Collection[str], urls: Collection[str]
    ) -> ChromeMemory:
        """What the page chrome of a document with these guids and links is learned from, beside itself."""
        return await self._write(lambda conn: chrome_memory(conn, feed_id, guids, urls), begin="BEGIN")

    async def commit(self, feed_id: int, probe: Probe, decide: Callable[[Known], Decided]) -> Decided:
        """What `decide` made of what is known, stored whole, with the numbers that were given.

        Without a poll it is a portion of a document, and the feed stays as it is. `decide` runs inside the
        transaction, on the writing thread; what it raises passes and nothing is stored. UnknownIdError for a
        feed that is not there, StoreError where SQLite refuses.
        """

        def work(conn: Connection) -> Decided:
            before = known(conn, feeds.get(conn, feed_id), probe)
            changes, feed, poll = decide(before)
            stored = writing.write_changes(conn, before, changes)
            if poll is not None:
                feeds.save(conn, feed, poll)
                feeds.tell_anew(conn, before.feed, feed)
            return stored, feed, poll

        return await self._write(work, then=lambda decided: self._recollection.remember(decided[0]))

    def recall(self, since: datetime) -> Neighbours:
        """The index of what was said `since` then, for a decision inside `commit` and nobody else.

        It is made of the file when it is asked for first: commits wait for that, readers do not.
        """
        return self._recollection.of(self._conn, since)

    async def record(
        self, feed: Feed, poll: Poll, waits: Sequence[Wait] = (), *, began: Feed | None = None
    ) -> None:
        """Keep a poll that brought no new document, and what its server asked for.

        A document that has not changed still holds its entries. What the config changed of the feed since
        the poll `began` with it stays.
        """
        await self._write(lambda conn: feeds.save(conn, feed, poll, waits, began=began))

    async def hold(self, waits: Sequence[Wait], *, now: datetime) -> None:
        """Keep what servers asked for beside the polls of their feeds."""
        await self._write(lambda conn: feeds.hold(conn, waits, now))

    async def waits(self, now: datetime) -> tuple[Wait, ...]:
        """What servers asked for with Retry-After that is not over yet."""
        return await self._write(lambda conn: feeds.waits(conn, now), begin="BEGIN")

    # -- stories ----------------------------------------------------------------------------------------

    async def settle_leads(self, story_ids: Collection[str]) -> None:
        """These stories are in a published output: from now on their lead stays."""

        def work(conn: Connection) -> None:
            ids = [row["id"] for row in conn.execute(SETTLE, (stories.listed(story_ids),)).fetchall()]
            before = stories.whole(conn, ids)
            after = [replace(before[story_id], lead_settled=True) for story_id in ids]
            writing.write_stories(conn, before, after)

        await self._write(work)

    async def rewrite(
        self, below_seq: int, limit: int, change: Callable[[Story], Story | None]
    ) -> int | None:
        """The lowest `seq` that was looked at, of up to `limit` stories below `below_seq`.

        None where fewer than `limit` were left. None from `change` leaves a story as it is.
        """

        def work(conn: Connection) -> int | None:
            before = stories.below(conn, below_seq, limit)
            changed = [after for story in before.values() if (after := change(story)) is not None]
            writing.write_stories(conn, before, changed)
            return min(story.seq for story in before.values()) if len(before) == limit else None

        return await self._write(work)

    async def index_more(self) -> int:
        """How many of the stories that another version indexed are indexed now; 0 where none is left.

        Until then a search finds only those above them.
        """
        return await self._write(index.go_on)

    async def count_below(self, seq: int) -> int:
        """How many stories have a lower `seq`."""
        return await self._write(lambda conn: stories.count_below(conn, seq), begin="BEGIN")

    async def split(self, wanted: str, divide: Divide, *, now: datetime) -> Overrule:
        """What became of the entry with this number or uid, which gets a story of its own.

        `divide` is told its story, the entry and the id of the new story. UnknownIdError where there is none.
        """
        return await self._overrule(lambda conn: overruling.split(conn, wanted, divide, now))

    async def merge(self, one: str, two: str, unite: Unite, *, now: datetime) -> Overrule:
        """What became of these stories, of which the older is kept and told by the entries of both.

        `unite` is told the older and the younger. UnknownIdError for a story that is not stored.
        """
        return await self._overrule(lambda conn: overruling.merge(conn, one, two, unite, now))

    async def _overrule(self, work: Callable[[Connection], Overrule]) -> Overrule:
        return await self._write(work, then=lambda _: self._recollection.drop())

    async def keep_digests(self, digests: Collection[Digest]) -> None:
        """Keep these for as long as they are shown; a period that has a digest keeps it as it is."""
        await self._write(lambda conn: keep(conn, digests))

    async def keep_problems(self, problems: Collection[Problem]) -> None:
        """Keep these problems as they stand, and no others."""
        await self._write(lambda conn: keep_problems(conn, problems))

    # -- hubs -------------------------------------------------------------------------------------------

    async def subscriptions(self) -> tuple[Subscription, ...]:
        """Where we have subscribed, or want to."""
        return await self._write(subscriptions.subscriptions, begin="BEGIN")

    async def keep_subscription(self, one: Subscription) -> None:
        """Keep it in the place of the one with its callback."""
        await self._write(lambda conn: subscriptions.keep(conn, one))

    async def drop_subscription(self, callback: str) -> None:
        """Forget the one with this callback."""
        await self._write(lambda conn: subscriptions.drop(conn, callback))

    # -- notes ------------------------------------------------------------------------------------------

    async def note(self, name: str, value: int) -> None:
        """Keep a 64-bit number under a name, for the next start."""
        await self._write(lambda conn: note(conn, name, value))

    async def noted(self, name: str) -> int | None:
        """The number under this name; None where there is none yet."""
        return await self._write(lambda conn: noted(conn, name), begin="BEGIN")

    # -- forgetting -------------------------------------------------------------------------------------

    async def sweep(self, *, held_before: datetime, forget_before: datetime) -> int:
        """How many stories went because no document has held them since `held_before`.

        Their ids and fingerprints stay until `forget_before`. Goes in portions, with polls in between.
        """
        limits = retention.Limits(held_before, forget_before)
        removed = 0
        await self._write(retention.begin_sweep)
        while portion := await self._write(lambda conn: retention.remove_stories(conn, limits)):
            removed += portion
        for forget in (retention.forget_gists, retention.forget_ids):
            while await self._write(partial(forget, limits=limits)):
                pass
        await self._trim_polls()
        return removed

    async def _trim_polls(self) -> None:
        reached: int | None = 0
        while reached is not None:
            reached = await self._write(partial(retention.trim_polls, after_feed=reached))
