"""For how long an answer stays fresh, by its headers."""

from datetime import timedelta

import pytest

from tests.fetch.asking import BODY, got
from tests.http import WebServer, reply


@pytest.mark.parametrize(
    ("headers", "left"),
    [
        ({"cache_control": "max-age=600"}, 600),
        ({"cache_control": 'public, MAX-AGE="600"', "age": "100"}, 500),
        ({"cache_control": "max-age=60", "age": "100"}, None),
        ({"cache_control": "no-cache, max-age=600"}, None),
        ({"cache_control": "max-age=soon"}, None),
        ({"date": "Tue, 24 Nov 2026 12:00:00 GMT", "expires": "Tue, 24 Nov 2026 12:30:00 GMT"}, 1800),
        ({"date": "Tue, 24 Nov 2026 12:00:00 GMT", "expires": "0"}, None),
        ({"expires": "Tue, 99 Nov 2026 12:00:00 GMT"}, None),
        ({}, None),
    ],
)
async def test_is_what_the_headers_leave(web: WebServer, headers: dict[str, str], left: int | None) -> None:
    answer = await got(web.on("/rss", reply(200, BODY, **headers)))

    assert answer.max_age == (None if left is None else timedelta(seconds=left))
