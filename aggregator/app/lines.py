"""What the log and the pages say of a poll and of our line: a line each."""

from aggregator.logs import Line, line
from aggregator.model import Feed, Poll
from aggregator.poll.line import OwnLine


def line_problem(own: OwnLine) -> str | None:
    """That our own line is down, in words for a person; None while it is up."""
    if not own.down_since:
        return None
    said = f"no server answers since {own.down_since:%d %b %H:%M} UTC ({own.reason})"
    return f"{said}: our own line is down; no feed is blamed"


def poll_line(feed: Feed, poll: Poll) -> Line:
    """One line about a poll, for the log."""
    return line(
        "poll",
        feed=feed.url,
        outcome=poll.outcome,
        status=poll.http_status,
        bytes=poll.received_bytes,
        ms=poll.took_ms,
        entries=poll.new_entries or None,
        stories=poll.new_stories if poll.new_entries else None,
        error=poll.error or None,
    )
