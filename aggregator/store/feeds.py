"""The rows of feeds and polls: what the config wants polled, what is due, how a poll ended.

A feed is known by the URL in the config (`config_url`); `url` is where it is polled, which a permanent
redirect may change; its entries' ids are made of `origin`, which never changes. Runs inside the store's
transactions. Never deletes a feed: one that leaves the config is paused, and its stories stay.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, count
from typing import Any

from sqlite_utils import Database

from aggregator.core import schedule
from aggregator.core.succession import heirs
from aggregator.core.times import to_text
from aggregator.errors import UnknownIdError
from aggregator.model import Feed, FeedState, Outcome, Poll, Wait
from aggregator.store import feed_rows
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
    was: tuple[str, ...] = ()
    """addresses that the config had for it before"""
    intake: str = ""
    """what changes when its own filters do; then its document is read anew"""


def get(conn: Connection, feed_id: int) -> Feed:
    """The feed with this id; UnknownIdError where there is none."""
    row = conn.execute("SELECT * FROM feeds WHERE id = ?", (feed_id,)).fetchone()
    if row is None:
        raise UnknownIdError("feed", str(feed_id), "`aggregator feeds` lists them")
    return feed_rows.feed_from(row)


def due(conn: Connection, now: datetime, limit: int, busy: Collection[int]) -> tuple[Feed, ...]:
    """The feeds whose time has come, the longest overdue first, without those that are `busy`."""
    found = conn.execute(DUE, (to_text(now), listed(busy), limit)).fetchall()
    return tuple(feed_rows.feed_from(row) for row in found)


def save(
    conn: Connection, feed: Feed, poll: Poll, waits: Sequence[Wait] = (), *, began: Feed | None = None
) -> None:
    """Keep how a poll ended and what its server asked for, the feed with its validators last.

    What the config changed of the feed since the poll `began` with it stays.
    """
    if began:
        feed = schedule.overtaken(feed, began=began, stored=get(conn, feed.id))
    database = Database(conn, execute_plugins=False)
    hold(conn, waits, poll.at)
    database.table("polls").insert(feed_rows.of_poll(poll))
    columns = feed_rows.of_feed(feed)
    if poll.outcome in HOLDING:
        columns["held_at"] = to_text(poll.at)
    database.table("feeds").update(feed.id, columns)


def hold(conn: Connection, waits: Sequence[Wait], now: datetime) -> None:
    """Keep what servers asked for; what is over by now is forgotten with it."""
    if waits:
        conn.execute(WAITED, (to_text(now),))
        Database(conn, execute_plugins=False).table("waits").upsert_all(
            map(feed_rows.of_wait, waits), pk="whom"
        )


def waits(conn: Connection, now: datetime) -> tuple[Wait, ...]:
    """What servers asked for that is not over yet."""
    return tuple(map(feed_rows.wait_from, conn.execute(WAITS, (to_text(now),)).fetchall()))


def replan(conn: Connection, now: datetime, change: Replanning) -> None:
    """Keep the feeds that `change` gives back, of all that have a next poll, with the waits of today."""
    planned = tuple(map(feed_rows.feed_from, conn.execute(PLANNED).fetchall()))
    table = Database(conn, execute_plugins=False).table("feeds")
    for feed in change(planned, waits(conn, now)):
        table.update(feed.id, feed_rows.of_feed(feed))


# -- what the config wants --------------------------------------------------------------------------------


def sync(conn: Connection, wanted: Sequence[WantedFeed], now: datetime) -> tuple[Feed, ...]:
    """The wanted feeds as they stand now, in order; all others are paused. Who begins is due `now`."""
    wishes = {wish.url: wish for wish in wanted}
    moved = _follow(conn, wishes)
    known = _by_config_url(conn)
    table = Database(conn, execute_plugins=False).table("feeds")
    for url, feed in known.items():
        after = _as_wished(feed, wishes.get(url), now)
        if after != feed:
            table.update(feed.id, feed_rows.of_feed(after))
    _insert(conn, [_new_row(wish, now) for url, wish in wishes.items() if url not in known])
    stored = _by_config_url(conn)
    renamed = {feed.id for url, feed in known.items() if feed.title != stored[url].title}
    _stamp_stories(conn, sorted(renamed | moved))
    return tuple(stored[wish.url] for wish in wanted)


def _by_config_url(conn: Connection) -> dict[str, Feed]:
    found = conn.execute("SELECT * FROM feeds ORDER BY id").fetchall()
    return {row["config_url"]: feed_rows.feed_from(row) for row in found}


def _follow(conn: Connection, wishes: Mapping[str, WantedFeed]) -> set[int]:
    """Call stored feeds by the address that the config has for them now; the ids of those.

    What belongs to the old address (validators, faults, hints) is forgotten, and the feed rests, so that
    it begins again like a new one; the entries are its own and stay, and so does the rhythm of its news.
    """
    known = _by_config_url(conn)
    table = Database(conn, execute_plugins=False).table("feeds")
    moved = heirs(known, {url: wish.was for url, wish in wishes.items()})
    for new, old in moved.items():
        feed = known[old]
        at_rest = Feed(
            id=feed.id,
            url=new,
            title=feed.title,
            site_url=feed.site_url,
            state=FeedState.PAUSED,
            news_at=feed.news_at,
            news_every=feed.news_every,
        )
        table.update(feed.id, feed_rows.of_feed(at_rest) | {"config_url": new})
    return {known[old].id for old in moved.values()}


def _as_wished(feed: Feed, wish: WantedFeed | None, now: datetime) -> Feed:
    if wish is None or wish.paused:
        rule = "paused in the config" if wish else "not in the config"
        return replace(feed, state=FeedState.PAUSED, next_poll_at=None, next_poll_rule=rule)
    named = replace(feed, title=wish.title or feed.title)
    return schedule.reread(schedule.begun(named, access=wish.access, now=now), intake=wish.intake, now=now)


def _new_row(wish: WantedFeed, now: datetime) -> dict[str, Any]:
    resting = Feed(id=0, url=wish.url, title=wish.title, state=FeedState.PAUSED)
    return feed_rows.of_feed(_as_wished(resting, wish, now)) | {"config_url": wish.url}


def _insert(conn: Connection, new: Iterable[dict[str, Any]]) -> None:
    """Each with an origin of its own: a feed that moved on still makes ids of the address that it had."""
    taken = {row["origin"] for row in conn.execute("SELECT origin FROM feeds").fetchall()}

    def with_origin(row: dict[str, Any]) -> dict[str, Any]:
        again = (f"{row['url']}#{number}" for number in count(2))
        origin = next(name for name in chain([row["url"]], again) if name not in taken)
        taken.add(origin)
        return row | {"origin": origin}

    Database(conn, execute_plugins=False).table("feeds").insert_all(map(with_origin, new))


def tell_anew(conn: Connection, before: Feed, after: Feed) -> None:
    """A feed that calls itself otherwise, or moved its site, changes what is published of its stories."""
    if (before.title, before.site_url) != (after.title, after.site_url):
        _stamp_stories(conn, [after.id])


def _stamp_stories(conn: Connection, feed_ids: Iterable[int]) -> None:
    """A feed that got another name or address in the config changes what is published of its stories."""
    for feed_id in feed_ids:
        told = conn.execute(STORIES_OF_FEED, (feed_id,)).fetchall()
        revisions = count(take_revisions(conn, len(told)))
        conn.executemany(STAMP, [(next(revisions), row["story_id"]) for row in told])
