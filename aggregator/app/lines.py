"""What the log and the pages say of a poll and of our line: a line each."""

from datetime import datetime

from aggregator.model import Feed, Poll


def line_problem(down_since: datetime | None) -> str | None:
    """That our own line is down, in words for a person; None while it is up."""
    if not down_since:
        return None
    return f"no server answers since {down_since:%d %b %H:%M} UTC: our own line is down; no feed is blamed"


def poll_line(feed: Feed, poll: Poll) -> str:
    """One `key=value` line about a poll, for the log."""
    parts = [f"poll feed={feed.url} outcome={poll.outcome} status={poll.http_status or '-'}"]
    parts.append(f"bytes={poll.received_bytes} ms={poll.took_ms}")
    if poll.new_entries:
        parts.append(f"entries={poll.new_entries} stories={poll.new_stories}")
    if poll.error:
        parts.append(f"error={poll.error!r}")
    return " ".join(parts)
