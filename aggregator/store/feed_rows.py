"""Rows of feeds, of their polls and of what servers asked for, and the nouns they hold: as in rows.py."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from aggregator.core.times import from_text, to_text
from aggregator.model import Feed, FeedState, Hints, Outcome, Poll, Validators, Wait
from aggregator.store.connection import Row
from aggregator.store.rows import moment_or_none, text_or_none


def of_feed(feed: Feed) -> dict[str, Any]:
    """The columns of `feeds` that a poll may change: not its id, `config_url`, `origin` and `held_at`."""
    return {
        "url": feed.url,
        "title": feed.title,
        "site_url": feed.site_url,
        "state": feed.state.value,
        "failures": feed.failures,
        "last_error": feed.last_error,
        "last_polled_at": text_or_none(feed.last_polled_at),
        "last_ok_at": text_or_none(feed.last_ok_at),
        "next_poll_at": text_or_none(feed.next_poll_at),
        "next_poll_rule": feed.next_poll_rule,
        "body_hash": feed.body_hash,
        "hints": _of_hints(feed.hints),
        "moved_to": feed.moved_to,
        "moved_since": text_or_none(feed.moved_since),
        "moved_seen": feed.moved_seen,
        "moved_from": feed.moved_from,
        "moved_at": text_or_none(feed.moved_at),
        "news_at": text_or_none(feed.news_at),
        "news_every": None if feed.news_every is None else feed.news_every.total_seconds(),
        "whole_at": text_or_none(feed.whole_at),
        "gone_at": text_or_none(feed.gone_at),
        "refused_access": feed.refused_access,
        "read_under": feed.read_under,
        "etag": feed.validators.etag,
        "last_modified": feed.validators.last_modified,
        "validators_url": feed.validators_url,
    }


def feed_from(row: Row) -> Feed:
    """The feed of a row of `feeds`."""
    return Feed(
        id=row["id"],
        url=row["url"],
        origin=row["origin"],
        title=row["title"],
        site_url=row["site_url"],
        validators=Validators(row["etag"], row["last_modified"]),
        validators_url=row["validators_url"],
        state=FeedState(row["state"]),
        failures=row["failures"],
        last_error=row["last_error"],
        last_polled_at=moment_or_none(row["last_polled_at"]),
        last_ok_at=moment_or_none(row["last_ok_at"]),
        next_poll_at=moment_or_none(row["next_poll_at"]),
        next_poll_rule=row["next_poll_rule"],
        body_hash=row["body_hash"],
        hints=_hints_from(row["hints"]),
        moved_to=row["moved_to"],
        moved_since=moment_or_none(row["moved_since"]),
        moved_seen=row["moved_seen"],
        moved_from=row["moved_from"],
        moved_at=moment_or_none(row["moved_at"]),
        news_at=moment_or_none(row["news_at"]),
        news_every=None if row["news_every"] is None else timedelta(seconds=row["news_every"]),
        whole_at=moment_or_none(row["whole_at"]),
        gone_at=moment_or_none(row["gone_at"]),
        refused_access=row["refused_access"],
        read_under=row["read_under"],
    )


def _of_hints(hints: Hints) -> str:
    seconds = {"ttl": hints.ttl, "update_period": hints.update_period}
    numbers = {"skip_hours": hints.skip_hours, "skip_days": hints.skip_days}
    given: dict[str, Any] = {name: span.total_seconds() for name, span in seconds.items() if span is not None}
    given |= {name: sorted(some) for name, some in numbers.items() if some}
    return json.dumps(given)


def _hints_from(text: str) -> Hints:
    given: Mapping[str, Any] = json.loads(text)

    def span(name: str) -> timedelta | None:
        return timedelta(seconds=given[name]) if name in given else None

    return Hints(
        ttl=span("ttl"),
        update_period=span("update_period"),
        skip_hours=frozenset(given.get("skip_hours", ())),
        skip_days=frozenset(given.get("skip_days", ())),
    )


def of_poll(poll: Poll) -> dict[str, Any]:
    """A row of `polls`."""
    return {
        "feed_id": poll.feed_id,
        "at": to_text(poll.at),
        "outcome": poll.outcome.value,
        "http_status": poll.http_status,
        "bytes": poll.received_bytes,
        "ms": poll.took_ms,
        "new_entries": poll.new_entries,
        "new_stories": poll.new_stories,
        "error": poll.error,
    }


def poll_from(row: Row) -> Poll:
    """The poll of a row of `polls`."""
    return Poll(
        feed_id=row["feed_id"],
        at=from_text(row["at"]),
        outcome=Outcome(row["outcome"]),
        http_status=row["http_status"],
        received_bytes=row["bytes"],
        took_ms=row["ms"],
        new_entries=row["new_entries"],
        new_stories=row["new_stories"],
        error=row["error"],
    )


def of_wait(wait: Wait) -> dict[str, Any]:
    """A row of `waits`."""
    return {"whom": wait.whom, "until": to_text(wait.until), "rule": wait.rule}


def wait_from(row: Row) -> Wait:
    """The wait of a row of `waits`."""
    return Wait(row["whom"], from_text(row["until"]), row["rule"])
