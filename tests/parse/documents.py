"""Small RSS documents, and what was read from them, for tests."""

from aggregator.model import ParsedFeed

URL = "https://news.example/feed"


def rss(inside: str, *, head: str = "") -> bytes:
    """A document with this in its channel, and `head` before its root."""
    return f'{head}<rss version="2.0"><channel><title>T</title>{inside}</channel></rss>'.encode()


def titles(feed: ParsedFeed) -> list[str]:
    return [entry.title for entry in feed.entries]
