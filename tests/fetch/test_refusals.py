"""What servers say instead of a feed, and how it is told."""

from datetime import timedelta

import pytest

from tests.fetch.asking import got
from tests.http import WebServer, reply


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (404, "HTTP 404 Not Found"),
        (410, "HTTP 410 Gone"),
        (599, "HTTP 599 Whatever"),
        (204, "HTTP 204 No Content"),
    ],
)
async def test_a_status_is_told_with_its_meaning(web: WebServer, status: int, error: str) -> None:
    answer = await got(web.on("/rss", reply(status)))

    assert (answer.status, answer.error, answer.body) == (status, error, None)


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(seconds=120)),
        ("0", None),
        ("-5", None),
        ("soon", None),
        ("Tue, 24 Nov 2020 12:00:00 GMT", None),
        ("Tue, 24 Nov 2020 12:00:00", None),
    ],
)
async def test_retry_after_is_a_wait_or_nothing(web: WebServer, said: str, wait: timedelta | None) -> None:
    assert (await got(web.on("/rss", reply(429, retry_after=said)))).retry_after == wait


async def test_retry_after_may_be_a_date(web: WebServer) -> None:
    answer = await got(web.on("/rss", reply(503, retry_after="Fri, 24 Nov 2124 12:00:00 GMT")))

    assert answer.retry_after is not None
    assert answer.retry_after > timedelta(days=365)
