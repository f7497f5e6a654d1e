"""Keeping subscriptions at hubs. What they mean is core/subscribing.py's."""

from aggregator.core.times import from_text, to_text
from aggregator.model import Subscription, SubscriptionState
from aggregator.store.connection import Connection, Row
from aggregator.store.rows import moment_or_none, text_or_none

ALL = """
SELECT s.*, f.config_url AS home FROM subscriptions AS s JOIN feeds AS f ON f.id = s.feed_id
ORDER BY s.feed_id, s.callback
"""
KEEP = """
INSERT OR REPLACE INTO subscriptions (callback, feed_id, hub, topic, secret, state, asks, next_ask_at,
    lease_until, pushed_at, missed_at, problem)
VALUES (:callback, :feed_id, :hub, :topic, :secret, :state, :asks, :next_ask_at,
    :lease_until, :pushed_at, :missed_at, :problem)
"""
DROP = "DELETE FROM subscriptions WHERE callback = ?"


def subscriptions(conn: Connection) -> tuple[Subscription, ...]:
    """All that there are."""
    return tuple(map(_from, conn.execute(ALL).fetchall()))


def keep(conn: Connection, one: Subscription) -> None:
    """Keep it in the place of the one with its callback."""
    row = {
        "callback": one.callback,
        "feed_id": one.feed_id,
        "hub": one.hub,
        "topic": one.topic,
        "secret": one.secret,
        "state": one.state.value,
        "asks": one.asks,
        "next_ask_at": to_text(one.next_ask_at),
        "problem": one.problem,
    }
    moments = {name: getattr(one, name) for name in ("lease_until", "pushed_at", "missed_at")}
    conn.execute(KEEP, row | {name: text_or_none(at) for name, at in moments.items()})


def drop(conn: Connection, callback: str) -> None:
    """Forget the one with this callback."""
    conn.execute(DROP, (callback,))


def _from(row: Row) -> Subscription:
    moments = {name: row[name] for name in ("lease_until", "pushed_at", "missed_at")}
    return Subscription(
        callback=row["callback"],
        feed_id=row["feed_id"],
        home=row["home"],
        hub=row["hub"],
        topic=row["topic"],
        secret=row["secret"],
        state=SubscriptionState(row["state"]),
        asks=row["asks"],
        next_ask_at=from_text(row["next_ask_at"]),
        problem=row["problem"],
        **{name: moment_or_none(text) for name, text in moments.items()},
    )
