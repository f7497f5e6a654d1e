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
from aggregator.model import Answer, Feed, FeedState, Wait

TOO_MANY_REQUESTS = 429
RETRY_AFTER = "Retry-After"
PAGES = "pages of "  # a host, of which the articles alone are left alone
GONE_RULE = "gone (410): not polled until it is named"
REFUSED_RULE = "needs authorization (401): not polled until its config changes"


def waits_after(feed: Feed, brought: Brought, settings: PollSettings, *, now: datetime) -> tuple[Wait, ...]:
    """The waits that this answer asked for, each held to `retry_after_max`."""
    answer = brought.answer
    if answer.retry_after is None or not brought.error:
        return ()
    until, told = _asked(answer.retry_after, settings, now=now)
    own = Wait(feed.url, until, f"{RETRY_AFTER}: {told}")
    of_host = page_wait(answer, settings, now=now) if answer.status == TOO_MANY_REQUESTS else None
    return (own, of_host) if of_host else (own,)


def page_wait(answer: Answer, settings: PollSettings, *, now: datetime) -> Wait | None:
    """The wait that an article's page asked for; None where it did not.

    A page is asked for once, so what it asks for is for all pages of its host, and a 429 for its feeds too.
    """
    if answer.retry_after is None:
        return None
    until, told = _asked(answer.retry_after, settings, now=now)
    host = host_of(answer.url)
    name = host.removesuffix(":443").removesuffix(":80")
    pages = "" if answer.status == TOO_MANY_REQUESTS else PAGES
    return Wait(f"{pages}{host}", until, f"{RETRY_AFTER} of {pages}{name}: {told}")


def closed_to_pages(waits: Iterable[Wait], settings: PollSettings, *, now: datetime) -> set[str]:
    """The hosts of which no page is asked for just now."""
    return {wait.whom.removeprefix(PAGES) for wait in waits if _holds(wait, settings, now=now)}


def _asked(asked: timedelta, settings: PollSettings, *, now: datetime) -> tuple[datetime, str]:
    return now + min(asked, settings.retry_after_max), asked_for(asked, settings)


def asked_for(asked: timedelta, settings: PollSettings) -> str:
    """What was asked for, and what we make of it, in words."""
    most = settings.retry_after_max
    return in_words(asked) if asked <= most else f"{in_words(most)}, though {in_words(asked)} was asked for"


def wait_of(feed: Feed, waits: Iterable[Wait], settings: PollSettings, *, now: datetime) -> Wait | None:
    """The wait that this feed has to keep just now, the longest of several; None where there is none."""
    led_to = host_of(feed.validators_url or feed.url)
    own = [wait for wait in waits if wait.whom == led_to or wait.whom in _names(feed.url)]
    return _longest(own, settings, now=now)


def wait_at(url: str, waits: Iterable[Wait], settings: PollSettings, *, now: datetime) -> Wait | None:
    """The wait that whoever asks this address has to keep just now; None where there is none."""
    return _longest([wait for wait in waits if wait.whom in _names(url)], settings, now=now)


def _names(url: str) -> tuple[str, str]:
    return url, host_of(url)


def _longest(waits: Iterable[Wait], settings: PollSettings, *, now: datetime) -> Wait | None:
    """Of equal ones that of the address, which is no host: its reason is the nearer one."""
    kept = [wait for wait in waits if _holds(wait, settings, now=now)]
    return max(kept, key=lambda wait: (wait.until, "://" in wait.whom), default=None)


def _holds(wait: Wait, settings: PollSettings, *, now: datetime) -> bool:
    """One that is longer than any can be is a leftover of a clock that was wrong."""
    return timedelta(0) < wait.until - now <= settings.retry_after_max


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
