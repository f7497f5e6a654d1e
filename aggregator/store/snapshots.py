"""Snapshots of the store for those who only read: each fits together, and none is held for long.

Connections are read-only twice over (mode=ro, query_only), and SQLite itself keeps the time limit. They are
kept for the next question, and there are as many as questions are asked at once.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from queue import Empty, SimpleQueue

from aggregator.errors import SearchTooLongError, StoreError
from aggregator.store.connection import Connection, is_interrupted, open_reader, refusals_named, transaction

INSTRUCTIONS_BETWEEN_LOOKS = (
    10_000  # of SQLite's machine, between two looks at the clock: under a millisecond
)


@dataclass(frozen=True, slots=True)
class Snapshots:
    """Of the store at `path`: each for a question that takes no longer than `time_limit`."""

    path: Path
    time_limit: timedelta
    end: float | None = None
    """by the monotonic clock: when all that one search asks has to be over"""
    _idle: SimpleQueue[Connection] = field(default_factory=SimpleQueue)

    def within(self, span: timedelta) -> "Snapshots":
        """The same for one search: all its questions together have so long, then SearchTooLongError."""
        return replace(self, time_limit=span, end=time.monotonic() + span.total_seconds())

    def close(self) -> None:
        """Close the connections that nobody uses now."""
        for conn in self._taken():
            conn.close()

    def _taken(self) -> Iterator[Connection]:
        while True:
            try:
                yield self._idle.get_nowait()
            except Empty:
                return

    @contextmanager
    def one(self) -> Iterator[Connection]:
        """A connection in a transaction: whatever is asked of it fits together.

        StoreError where there is no store, or none that this version can read.
        """
        conn = next(self._taken(), None) or open_reader(self.path)
        try:
            with refusals_named(self.path), self._limited(conn), transaction(conn, "BEGIN"):
                yield conn
        finally:
            self._idle.put(conn)

    @contextmanager
    def _limited(self, conn: Connection) -> Iterator[None]:
        now = time.monotonic()
        end = self.end or now + self.time_limit.total_seconds()
        if self.end and now > end:
            raise SearchTooLongError(self.time_limit)
        conn.set_progress_handler(lambda: int(time.monotonic() > end), INSTRUCTIONS_BETWEEN_LOOKS)
        try:
            yield
        except Exception as error:
            if not is_interrupted(error):
                raise
            if self.end:
                raise SearchTooLongError(self.time_limit) from error
            seconds = self.time_limit.total_seconds()
            raise StoreError(
                self.path, f"the question took longer than {seconds:g} s; ask for less"
            ) from error
        finally:
            conn.set_progress_handler(None, 0)
