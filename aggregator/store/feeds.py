"""The rows of feeds and polls: what the config wants polled, what is due, how a poll ended.

A feed is known by the URL in the config (`config_url`); `url` is where it is polled, which a permanent
redirect may change. Runs inside the store's transactions. Never deletes a feed: one that leaves the config
is paused, and its stories stay.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Any

from sqlite_utils import Database

from aggregator.core import schedule
from aggregator.core.times import to_text
from aggregator.errors import UnknownIdError
from aggregator.model import Feed, FeedState, Outcome, Poll, Wait
from aggregator.store import rows
from aggregator.store.connection import Connection
from aggregator.store.stories import listed
from aggregator.store.writing import take_revisions

DUE = """
SELECT * FROM feeds WHERE next_poll_at <= ? AND id NOT IN (SELECT value FROM json_each(?))
ORDER BY next_poll_at LIMIT ?
"""

PLANNED = "SELECT * FROM feeds WHERE next_poll_at IS NOT NULL ORDER BY id"
WAITS = "SELECT * FROM waits WHERE until > ? ORDER BY whom"
WAITED = "DELETE FROM waits WHERE until <= ?"

STORIES_OF_FEED = "SELECT DISTINCT story_id FROM entries WHERE feed_id = ?"
STAMP = "UPDATE stories SET revision = ? WHERE id = ?"

Replanning = Callable[[Sequence[Feed], Sequence[Wait]], Iterable[Feed]]

HOLDING = (Outcome.NEW, Outcome.UNCHANGED, Outcome.NOT_MODIFIED)


@dataclass(frozen=True, slots=True)
class WantedFeed:
    """A feed as the config has it; an empty title leaves the naming to the feed."""

    url: str
    title: str = ""
    paused: bool = False
    access: str = ""
    """what changes when the way in to it does; a feed that wants a log-in waits for that"""


def get(conn: Connection, feed_id: int) -> Feed:
    """The feed with this id; UnknownIdError where there is none."""
    row = conn.execute("SELECT * FROM feeds WHERE id = ?", (feed_id,)).fetchone()
    if row is None:
        raise UnknownIdError("feed", str(feed_id), "`aggregator feeds` lists them")
    return rows.feed_from(row)


def due(conn: Connection, now: datetime, limit: int, busy: Collection[int]) -> tuple[Feed, ...]:
    """The feeds whose time has come, the longest overdue first, without those that are `busy`."""
    found = conn.execute(DUE, (to_text(now), listed(busy), limit)).fetchall()
    return tuple(rows.feed_from(row) for row in found)


def save(conn: Connection, feed: Feed, poll: Poll, waits: Sequence[Wait] = ()) -> None:
    """Keep how a poll ended and what its server asked for, the feed with its validators last."""
    database = Database(conn, execute_plugins=False)
    if waits:
        conn.execute(WAITED, (to_text(poll.at),))
        database.table("waits").upsert_all(map(rows.of_wait, waits), pk="whom")
    database.table("polls").insert(rows.of_poll(poll))
    columns = rows.of_feed(feed)
    if poll.outcome in HOLDING:
        columns["held_at"] = to_text(poll.at)
    database.table("feeds").update(feed.id, columns)


def waits(conn: Connection, now: datetime) -> tuple[Wait, ...]:
    """What servers asked for that is not over yet."""
    return tuple(map(rows.wait_from, conn.execute(WAITS, (to_text(now),)).fetchall()))


def replan(conn: Connection, now: datetime, change: Replanning) -> None:
    """Keep the feeds that `change` gives back, of all that have a next poll, with the waits of today."""
    planned = tuple(map(rows.feed_from, conn.execute(PLANNED).fetchall()))
    table = Database(conn, execute_plugins=False).table("feeds")
    for feed in change(planned, waits(conn, now)):
        table.update(feed.id, rows.of_feed(feed))


# -- what the config wants --------------------------------------------------------------------------------


def sync(conn: Connection, wanted: Sequence[WantedFeed], now: datetime) -> tuple[Feed, ...]:
    """The wanted feeds as they stand now, in order; all others are paused. Who begins is due `now`."""
    wishes = {wish.url: wish for wish in wanted}
    known = _by_config_url(conn)
    table = Database(conn, execute_plugins=False).table("feeds")
    for url, feed in known.items():
        after = _as_wished(feed, wishes.get(url), now)
        if after != feed:
            table.update(feed.id, rows.of_feed(after))
    table.insert_all(_new_row(wish, now) for url, wish in wishes.items() if url not in known)
    stored = _by_config_url(conn)
    _stamp_stories(conn, [feed.id for url, feed in known.items() if feed.title != stored[url].title])
    return tuple(stored[wish.url] for wish in wanted)


def _by_config_url(conn: Connection) -> dict[str, Feed]:
    found = conn.execute("SELECT * FROM feeds ORDER BY id").fetchall()
    return {row["config_url"]: rows.feed_from(row) for row in found}


def _as_wished(feed: Feed, wish: WantedFeed | None, now: datetime) -> Feed:
    if wish is None or wish.paused:
        rule = "paused in the config" if wish else "not in the config"
        return replace(feed, state=FeedState.PAUSED, next_poll_at=None, next_poll_rule=rule)
    return schedule.begun(replace(feed, title=wish.title or feed.title), access=wish.access, now=now)


def _new_row(wish: WantedFeed, now: datetime) -> dict[str, Any]:
    resting = Feed(id=0, url=wish.url, title=wish.title, state=FeedState.PAUSED)
    return rows.of_feed(_as_wished(resting, wish, now)) | {"config_url": wish.url}


def _stamp_stories(conn: Connection, feed_ids: Iterable[int]) -> None:
    """A feed that got another name in the config changes what is published of its stories."""
    for feed_id in feed_ids:
        told = conn.execute(STORIES_OF_FEED, (feed_id,)).fetchall()
        revisions = count(take_revisions(conn, len(told)))
        conn.executemany(STAMP, [(next(revisions), row["story_id"]) for row in told])
