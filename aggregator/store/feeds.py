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

from aggregator.core.times import to_text
from aggregator.errors import UnknownIdError
from aggregator.model import Feed, FeedState, Outcome, Poll
from aggregator.store import rows
from aggregator.store.connection import Connection
from aggregator.store.stories import listed
from aggregator.store.writing import take_revisions

DUE = """
SELECT * FROM feeds WHERE next_poll_at <= ? AND id NOT IN (SELECT value FROM json_each(?))
ORDER BY next_poll_at LIMIT ?
"""

STORIES_OF_FEED = "SELECT DISTINCT story_id FROM entries WHERE feed_id = ?"
STAMP = "UPDATE stories SET revision = ? WHERE id = ?"

FIRST = "first poll"
HOLDING = (Outcome.NEW, Outcome.UNCHANGED, Outcome.NOT_MODIFIED)


@dataclass(frozen=True, slots=True)
class WantedFeed:
    """A feed as the config has it; an empty title leaves the naming to the feed."""

    url: str
    title: str = ""
    paused: bool = False


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


def save(conn: Connection, feed: Feed, poll: Poll) -> None:
    """Keep how a poll ended, the feed with its validators last."""
    database = Database(conn, execute_plugins=False)
    database.table("polls").insert(rows.of_poll(poll))
    columns = rows.of_feed(feed)
    if poll.outcome in HOLDING:
        columns["held_at"] = to_text(poll.at)
    database.table("feeds").update(feed.id, columns)


# -- what the config wants --------------------------------------------------------------------------------


def sync(
    conn: Connection, wanted: Sequence[WantedFeed], now: datetime, first_poll: Callable[[int, int], datetime]
) -> tuple[Feed, ...]:
    """The wanted feeds as they stand now, in order; all others are paused.

    `first_poll(index, total)` says when the feeds that begin, or begin again, are polled first.
    """
    wishes = {wish.url: wish for wish in wanted}
    known = _by_config_url(conn)
    begins = [url for url, wish in wishes.items() if not wish.paused and _rests(known.get(url))]
    starts = {url: max(now, first_poll(index, len(begins))) for index, url in enumerate(begins)}
    table = Database(conn, execute_plugins=False).table("feeds")
    for url, feed in known.items():
        after = _as_wished(feed, wishes.get(url), starts.get(url))
        if after != feed:
            table.update(feed.id, rows.of_feed(after))
    table.insert_all(_new_row(wish, starts.get(url)) for url, wish in wishes.items() if url not in known)
    stored = _by_config_url(conn)
    _stamp_stories(conn, [feed.id for url, feed in known.items() if feed.title != stored[url].title])
    return tuple(stored[wish.url] for wish in wanted)


def _by_config_url(conn: Connection) -> dict[str, Feed]:
    found = conn.execute("SELECT * FROM feeds ORDER BY id").fetchall()
    return {row["config_url"]: rows.feed_from(row) for row in found}


def _rests(feed: Feed | None) -> bool:
    return feed is None or feed.state is FeedState.PAUSED


def _as_wished(feed: Feed, wish: WantedFeed | None, start: datetime | None) -> Feed:
    if wish is None or wish.paused:
        rule = "paused in the config" if wish else "not in the config"
        return replace(feed, state=FeedState.PAUSED, next_poll_at=None, next_poll_rule=rule)
    named = replace(feed, title=wish.title or feed.title)
    if start is None:
        return named
    state = FeedState.FAILING if feed.failures else FeedState.ACTIVE
    return replace(named, state=state, next_poll_at=start, next_poll_rule=FIRST)


def _new_row(wish: WantedFeed, start: datetime | None) -> dict[str, Any]:
    resting = Feed(
        id=0, url=wish.url, title=wish.title, state=FeedState.PAUSED, next_poll_rule="paused in the config"
    )
    beginning = replace(resting, state=FeedState.ACTIVE, next_poll_at=start, next_poll_rule=FIRST)
    return rows.of_feed(beginning if start else resting) | {"config_url": wish.url}


def _stamp_stories(conn: Connection, feed_ids: Iterable[int]) -> None:
    """A feed that got another name in the config changes what is published of its stories."""
    for feed_id in feed_ids:
        told = conn.execute(STORIES_OF_FEED, (feed_id,)).fetchall()
        revisions = count(take_revisions(conn, len(told)))
        conn.executemany(STAMP, [(next(revisions), row["story_id"]) for row in told])
