"""How often a feed has news, learned from what its polls brought; the dates inside a feed have no say.

The measure is the usual time between two arrivals of news. A poll tells it only roughly: of `k` new entries
in the time since the last poll, the first came, on average, after a `k + 1`-th of it. Each measured gap moves
the usual one half of the way, as a ratio: gaps of news are as uneven as 20 minutes by day and 8 hours by
night, and a mean of the plain numbers would sleep through the morning.

A feed is asked twice in that time, and more and more seldom while nothing comes: after another quarter of its
silence, so an hour apart after four hours and a day apart after four days.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from aggregator.core.schedule.spans import in_words
from aggregator.core.schedule.terms import Brought, Terms
from aggregator.model import Feed

POLLS_A_GAP = 2
SILENCE_SHARE = 4
SHORTEST_GAP = timedelta(seconds=1)
OWN = "its own rhythm"
EVERY = "every"


def heard(feed: Feed, brought: Brought, terms: Terms, *, now: datetime) -> Feed:
    """The feed with what this good poll says of its rhythm; `feed` as it stood before the poll.

    What the first poll brings was there before and says nothing.
    """
    if feed.last_ok_at is None or feed.news_at is None:
        return replace(feed, news_at=now)
    if not brought.new_entries:
        return feed
    unseen = max(now - feed.last_ok_at, timedelta(0))
    gap = max(feed.last_ok_at - feed.news_at, timedelta(0)) + 2 * unseen / (brought.new_entries + 1)
    usual = _between(feed.news_every or POLLS_A_GAP * terms.start, _bounded(gap, terms))
    # Of a document that was new from end to end a part may have been missed: ask before half of it is.
    whole = unseen * brought.entries / brought.new_entries
    return replace(feed, news_at=now, news_every=_bounded(min(usual, whole), terms))


def _bounded(gap: timedelta, terms: Terms) -> timedelta:
    """What lies beyond makes no difference to the pace, and would be slow to forget."""
    shortest = max(POLLS_A_GAP * terms.settings.min, SHORTEST_GAP)
    return min(max(gap, shortest), max(POLLS_A_GAP * terms.settings.max, shortest))


def _between(one: timedelta, other: timedelta) -> timedelta:
    """The geometric mean, in whole milliseconds as the store keeps it."""
    return timedelta(milliseconds=round(1000 * (one.total_seconds() * other.total_seconds()) ** 0.5))


def rhythm(feed: Feed, terms: Terms, *, now: datetime) -> tuple[timedelta, str]:
    """How long to wait for this feed's news, and why so long."""
    if terms.every:
        return terms.every, f"{EVERY} {in_words(terms.every)}"
    wait, rule = _usual(feed, terms)
    silence = now - (feed.news_at or now)
    slow = terms.bounded(silence / SILENCE_SHARE)
    if slow > wait:
        wait, rule = slow, f"{OWN}: no news for {in_words(silence)}, so {EVERY} {in_words(slow)}"
    if terms.filtered and wait > terms.start:
        return terms.start, f"{EVERY} {in_words(terms.start)}, as its filters hide its rhythm"
    return wait, rule


def _usual(feed: Feed, terms: Terms) -> tuple[timedelta, str]:
    if feed.news_every is None:
        return terms.start, f"{EVERY} {in_words(terms.start)}"
    wait = terms.bounded(feed.news_every / POLLS_A_GAP)
    return wait, f"{OWN}: news about {EVERY} {in_words(feed.news_every)}, so {EVERY} {in_words(wait)}"
