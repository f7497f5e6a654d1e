"""ETag and Last-Modified: what comes is what goes back, to the URL that gave it and to no other."""

import pytest

from aggregator.model import Validators
from tests.fetch.asking import BODY, OK, got, said
from tests.http import WebServer, reply


async def test_a_whole_answer_brings_body_type_and_validators(web: WebServer) -> None:
    date = "Tue, 24 Nov 2026 12:00:00 GMT"
    url = web.on("/rss", reply(200, BODY, etag='W/"1"', last_modified=date, content_type="text/xml"))

    answer = await got(url)

    assert (answer.status, said(answer), answer.error) == (200, BODY, None)
    assert (answer.content_type, answer.url) == ("text/xml", url)
    assert answer.validators == Validators('W/"1"', date)
    assert answer.received_bytes == len(BODY)


@pytest.mark.parametrize("etag", ['"1"', 'W/"1"', "unquoted", '"\xe9\xff"'])
async def test_they_are_sent_back_byte_for_byte(web: WebServer, etag: str) -> None:
    url = web.on("/rss", reply(200, BODY, etag=etag, last_modified="no date at all"))
    first = await got(url)

    await got(url, validators=first.validators)

    headers = web.asked[-1].headers
    assert headers["if-none-match"] == etag.encode("latin-1")
    assert headers["if-modified-since"] == b"no date at all"


async def test_a_lone_date_is_sent_alone(web: WebServer) -> None:
    await got(web.on("/rss", OK), validators=Validators(None, "then"))

    assert web.asked[0].headers["if-modified-since"] == b"then"
    assert "if-none-match" not in web.asked[0].headers


async def test_a_lone_tag_is_sent_alone(web: WebServer) -> None:
    await got(web.on("/rss", OK), validators=Validators('"1"'))

    assert "if-modified-since" not in web.asked[0].headers


async def test_without_any_the_request_has_no_conditions(web: WebServer) -> None:
    await got(web.on("/rss", OK))

    assert not {"if-none-match", "if-modified-since", "cookie", "referer"} & set(web.asked[0].headers)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({}, Validators('"1"', "then")),
        ({"last_modified": "now"}, Validators('"1"', "now")),
        ({"etag": '"2"'}, Validators('"1"', "then")),
        ({"etag": 'W/"2"'}, Validators('W/"2"', "then")),
    ],
)
async def test_a_304_refreshes_them(web: WebServer, sent: dict[str, str], kept: Validators) -> None:
    url = web.on("/rss", reply(304, **sent))

    answer = await got(url, validators=Validators('"1"', "then"))

    assert (answer.status, answer.body, answer.error) == (304, None, None)
    assert answer.validators == kept


async def test_a_304_that_was_not_asked_for_is_a_failure(web: WebServer) -> None:
    answer = await got(web.on("/rss", reply(304)))

    assert answer.error == "HTTP 304 to a request without conditions"


async def test_they_go_only_to_the_url_that_gave_them(web: WebServer) -> None:
    new = web.on("/new", OK)
    url = web.on("/old", reply(302, location="/new"))

    await got(url, validators=Validators('"1"'), validators_url=new)

    assert ["if-none-match" in asked.headers for asked in web.asked] == [False, True]
