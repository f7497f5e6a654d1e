"""What a worker is sent."""

from multiprocessing.connection import Connection

from aggregator.parse import worker, workers
from tests.newsroom import a_body, an_item, an_rss

URL = "https://news.example.org/rss"
FEED = an_rss(an_item(1))
MEMORY = 512_000_000


def give(pipe: Connection, body: bytes = FEED) -> None:
    """Send a document as a worker gets it."""
    workers._send(pipe, worker.Job(worker.Task.FEED, URL, None), a_body(body))
