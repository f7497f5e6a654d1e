"""Advice for each kind of error, in the very words that fetching and parsing use."""

import socket

import httpx
import pytest

from aggregator.core.cures import cure_of
from aggregator.fetch.failures import in_words
from aggregator.model import FeedState
from tests.builders import a_feed

HOST = "news.example.org"


def cure(error: str | None, state: FeedState = FeedState.FAILING) -> str:
    return cure_of(a_feed(last_error=error, state=state))


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        ("HTTP 401 Unauthorized", "set `auth`"),
        ("HTTP 403 Forbidden", "give the feed a `user_agent`"),
        ("HTTP 404 Not Found", "`aggregator add SITE` finds it"),
        ("HTTP 410 Gone", "`aggregator remove`"),
        ("HTTP 429 Too Many Requests", "a longer `every`"),
        ("HTTP 503 Service Unavailable", "trouble of its own"),
        ("more than 5 redirects, the last to https://a.example/", "new address"),
        (in_words(socket.gaierror(socket.EAI_AGAIN, "x"), HOST), "name service of this machine"),
        (in_words(socket.gaierror(socket.EAI_NONAME, "x"), HOST), "how it is spelled"),
        (
            "no trust in the certificate of news.example.org: certificate has expired",
            "the clock of this machine",
        ),
        ("no secure connection to news.example.org: WRONG_VERSION_NUMBER", "way to encrypt"),
        (in_words(TimeoutError(), HOST), "`poll.timeout` may be longer"),
        (in_words(ConnectionRefusedError(), HOST), "server is down"),
        (in_words(ConnectionResetError(), HOST), "server is down"),
        (in_words(OSError(113, "No route to host"), HOST), "server is down"),
        (in_words(httpx.RemoteProtocolError("broken"), HOST), "server is down"),
        ("this is an HTML page, not a feed; it points to the feed https://a.example/f", "Put that address"),
        ("this is an HTML page, not a feed; look there for the address of its feed", "new address"),
        ("feedparser cannot read it (mismatched tag)", "validator"),
        ("the document is empty", "validator"),
        ("the header of a.example is larger than 100 kB", "Only its owner"),
        ("internal error: KeyError('x')", "a fault of ours"),
        ("something new", "tried again by itself"),
    ],
)
def test_each_kind_of_error_has_its_advice(error: str, advice: str) -> None:
    assert advice in cure(error)


@pytest.mark.parametrize(
    "error",
    [
        "nas resolves to 10.0.0.9, a private address; add it to poll.allow_private to poll it",
        "larger than 10,000,000 bytes (poll.max_bytes)",
        "parsing it takes longer than 10 s (poll.parse_timeout)",
    ],
)
def test_where_the_error_names_its_remedy_nothing_is_added(error: str) -> None:
    assert cure(error) == ""


def test_what_is_well_or_paused_needs_no_cure() -> None:
    assert cure(None, FeedState.ACTIVE) == ""
    assert cure("HTTP 404 Not Found", FeedState.PAUSED) == ""
