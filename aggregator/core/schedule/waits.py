"""What servers asked for with Retry-After (RFC 9110 §10.2.3), and who is left alone even when asked for.

A wait belongs to a feed's address. "Too many requests" (429, RFC 6585 §4) is said to us and not of a feed, so
that wait belongs to the host, for every feed that is asked there, also one that is new.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from aggregator.core.schedule.spans import in_words
from aggregator.core.schedule.terms import Brought
from aggregator.core.settings import PollSettings
from aggregator.core.urls import host_of
from aggregator.model import Feed, FeedState, Wait

TOO_MANY_REQUESTS = 429
RETRY_AFTER = "Retry-After"
GONE_RULE = "gone (410): not polled until it is named"
REFUSED_RULE = "needs authorization (401): not polled until its config changes"


def waits_after(feed: Feed, brought: Brought, settings: PollSettings, *, now: datetime) -> tuple[Wait, ...]:
    """The waits that this answer asked for, each held to `retry_after_max`."""
    asked = brought.answer.retry_after
    if asked is None or not brought.error:
        return ()
    until, told = now + min(asked, settings.retry_after_max), asked_for(asked, settings)
    own = Wait(feed.url, until, f"{RETRY_AFTER}: {told}")
    if brought.answer.status != TOO_MANY_REQUESTS:
        return (own,)
    host = host_of(brought.answer.url)
    name = host.removesuffix(":443").removesuffix(":80")
    return own, Wait(host, until, f"{RETRY_AFTER} of {name}: {told}")


def asked_for(asked: timedelta, settings: PollSettings) -> str:
    """What was asked for, and what we make of it, in words."""
    most = settings.retry_after_max
    return in_words(asked) if asked <= most else f"{in_words(most)}, though {in_words(asked)} was asked for"


def wait_of(feed: Feed, waits: Iterable[Wait], settings: PollSettings, *, now: datetime) -> Wait | None:
    """The wait that this feed has to keep just now, the longest of several; None where there is none.

    One that is longer than any can be is a leftover of a clock that was wrong.
    """
    names = {feed.url, host_of(feed.url), host_of(feed.validators_url or feed.url)}
    own = [
        wait
        for wait in waits
        if wait.whom in names and timedelta(0) < wait.until - now <= settings.retry_after_max
    ]
    return max(own, key=lambda wait: (wait.until, wait.whom == feed.url), default=None)


def skipped(feed: Feed, wait: Wait, settings: PollSettings, *, chance: float) -> Feed:
    """The feed that is not asked now, for the sake of this wait."""
    return replace(feed, next_poll_at=wait.until + settings.spread * chance, next_poll_rule=wait.rule)


def holds(feed: Feed, waits: Iterable[Wait], settings: PollSettings, *, now: datetime) -> str | None:
    """Why even a person's "poll now" must leave the feed alone; None when it may be polled."""
    if feed.state is FeedState.PAUSED:
        return feed.next_poll_rule or "paused"
    if feed.state is FeedState.GONE:
        return "gone: its server says that it will not come back (410)"
    if feed.refused_access is not None:
        return REFUSED_RULE
    wait = wait_of(feed, waits, settings, now=now)
    return wait.rule if wait else None
