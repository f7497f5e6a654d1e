"""When a permanent redirect is believed, and the feed asked at its new address.

A maintenance page that answers 301 for an hour must not become the feed: a move counts only with a poll that
brought a feed, and is kept when it was seen often enough, over long enough. The same place under https is
believed at once, and so is a move that was seen before when the old address then is gone.
"""

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from aggregator.core.schedule.terms import Terms
from aggregator.core.urls import host_of
from aggregator.model import Answer, Feed

LOST = (404, 410)


def sighted(feed: Feed, answer: Answer, terms: Terms, *, now: datetime) -> Feed:
    """The feed after a good answer that came, or did not come, by a permanent redirect."""
    target = answer.moved_to
    if target is None or target == feed.url:
        return replace(feed, moved_to=None, moved_since=None, moved_seen=0)
    since = feed.moved_since or now
    seen = replace(feed, moved_since=since, moved_seen=feed.moved_seen + 1)
    if target != feed.moved_to:
        since, seen = now, replace(feed, moved_to=target, moved_since=now, moved_seen=1)
    sure = seen.moved_seen >= terms.settings.move_after and now - since >= terms.settings.move_span
    return (
        moved(seen, now=now) if _may_move(seen, terms) and (sure or _only_safer(feed.url, target)) else seen
    )


def has_moved(feed: Feed, answer: Answer, terms: Terms) -> bool:
    """Whether the feed is to be asked where it was seen to move to, as its old address is no more.

    The answer must be the old address's own, not that of the place it leads to.
    """
    return _may_move(feed, terms) and answer.status in LOST and answer.url != feed.moved_to


def moved(feed: Feed, *, now: datetime) -> Feed:
    """The feed at its new address; the old one is kept for people."""
    return replace(
        feed,
        url=feed.moved_to or feed.url,
        moved_from=feed.url,
        moved_at=now,
        moved_to=None,
        moved_since=None,
        moved_seen=0,
    )


def _may_move(feed: Feed, terms: Terms) -> bool:
    """Two feeds never share an address: one that moves to another's stays, and both are polled."""
    return feed.moved_to is not None and not terms.taken(feed.moved_to)


def _only_safer(old: str, new: str) -> bool:
    """Whether the new address is the old one under https, on the port that goes with it."""
    was, becomes = urlsplit(old), urlsplit(new)
    same = (was.path or "/", was.query) == (becomes.path or "/", becomes.query)
    hosts = (host_of(old), host_of(new)) == (f"{was.hostname}:80", f"{was.hostname}:443")
    return same and hosts and (was.scheme, becomes.scheme) == ("http", "https")
