"""Conditional requests and content coding, rule by rule of RFC 9110."""

from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus

import pytest

from aggregator.web.conditional import reply
from tests.builders import a_rendered

CHANGED = datetime(2026, 11, 24, 12, 0, 0, 600_000, tzinfo=UTC)
SAME_SECOND = "Tue, 24 Nov 2026 12:00:00 GMT"
SECOND_BEFORE = "Tue, 24 Nov 2026 11:59:59 GMT"
RENDERED = a_rendered("<feed/>" * 200, etag='"plain"', gzip_etag='"zipped"', last_modified=CHANGED)

OK, NOT_MODIFIED, FAILED = HTTPStatus.OK, HTTPStatus.NOT_MODIFIED, HTTPStatus.PRECONDITION_FAILED


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        pytest.param({}, OK, id="no precondition"),
        pytest.param({"if-none-match": '"plain"'}, NOT_MODIFIED, id="the same tag"),
        pytest.param({"if-none-match": 'W/"plain"'}, NOT_MODIFIED, id="the same tag, weakened on the way"),
        pytest.param({"if-none-match": '"a,b", "plain"'}, NOT_MODIFIED, id="a list, a comma inside a tag"),
        pytest.param({"if-none-match": "*"}, NOT_MODIFIED, id="any tag"),
        pytest.param({"if-none-match": '"other"'}, OK, id="another tag"),
        pytest.param({"if-none-match": "plain"}, OK, id="a tag without quotes is none"),
        pytest.param({"if-none-match": ""}, OK, id="an empty list"),
        pytest.param({"if-modified-since": SAME_SECOND}, NOT_MODIFIED, id="not changed since that second"),
        pytest.param({"if-modified-since": SECOND_BEFORE}, OK, id="changed a second later"),
        pytest.param(
            {"if-modified-since": "Tuesday, 24-Nov-26 12:00:00 GMT"}, NOT_MODIFIED, id="an RFC 850 date"
        ),
        pytest.param({"if-modified-since": "Tue Nov 24 12:00:00 2026"}, NOT_MODIFIED, id="an asctime date"),
        pytest.param({"if-modified-since": "yesterday"}, OK, id="no date is ignored"),
        pytest.param(
            {"if-modified-since": "Tue, 99 Nov 2026 12:00:00 GMT"}, OK, id="a wrong date is ignored"
        ),
        pytest.param(
            {"if-none-match": '"other"', "if-modified-since": SAME_SECOND},
            OK,
            id="the tag outweighs the date",
        ),
        pytest.param({"if-match": '"plain"'}, OK, id="If-Match with the tag"),
        pytest.param({"if-match": "*"}, OK, id="If-Match with any"),
        pytest.param({"if-match": 'W/"plain"'}, FAILED, id="If-Match compares strongly"),
        pytest.param({"if-match": '"plain"', "if-none-match": '"plain"'}, NOT_MODIFIED, id="both"),
        pytest.param({"if-unmodified-since": SECOND_BEFORE}, FAILED, id="changed since"),
        pytest.param({"if-unmodified-since": SAME_SECOND}, OK, id="unchanged since"),
        pytest.param({"if-match": "*", "if-unmodified-since": SECOND_BEFORE}, OK, id="If-Match outweighs"),
    ],
)
def test_preconditions(asked: dict[str, str], status: HTTPStatus) -> None:
    assert reply(RENDERED, asked, cache_control="max-age=60").status is status


@pytest.mark.parametrize(
    ("accept_encoding", "encoding"),
    [
        pytest.param(None, None, id="silent"),
        pytest.param("", None, id="empty"),
        pytest.param("gzip, deflate, br", "gzip", id="a browser"),
        pytest.param("GZIP;Q=0.5", "gzip", id="in capitals"),
        pytest.param("x-gzip", "gzip", id="by its old name"),
        pytest.param("*", "gzip", id="anything"),
        pytest.param("gzip;q=0", None, id="refused"),
        pytest.param("gzip;q=0.000, *", None, id="refused among anything"),
        pytest.param("gzip;q=0.5, identity", None, id="plain liked better"),
        pytest.param("gzip;q=0.5, identity;q=0.4", "gzip", id="plain liked less"),
        pytest.param("br, identity;q=0", None, id="nothing that we have"),
        pytest.param("*;q=0", None, id="nothing at all"),
        pytest.param("gzip;q=much", None, id="an unreadable weight"),
        pytest.param("identity;q=0, *;q=0.2", "gzip", id="anything but plain"),
    ],
)
def test_content_coding(accept_encoding: str | None, encoding: str | None) -> None:
    asked = {} if accept_encoding is None else {"accept-encoding": accept_encoding}

    answer = reply(RENDERED, asked, cache_control="max-age=60")

    assert answer.headers.get("Content-Encoding") == encoding
    assert answer.body == (RENDERED.gzipped if encoding else RENDERED.body)
    assert answer.headers["ETag"] == ('"zipped"' if encoding else '"plain"')


def test_a_client_that_holds_the_other_coding_keeps_it() -> None:
    asked = {"accept-encoding": "gzip", "if-none-match": 'W/"plain"'}

    answer = reply(RENDERED, asked, cache_control="max-age=60")

    assert answer.status is NOT_MODIFIED
    assert answer.headers["ETag"] == '"plain"'


def test_a_held_form_that_is_now_refused_is_not_kept() -> None:
    asked = {"accept-encoding": "gzip;q=0", "if-none-match": '"zipped"'}

    assert reply(RENDERED, asked, cache_control="max-age=60").status is OK


def test_a_304_carries_what_a_cache_needs_and_no_more() -> None:
    answer = reply(RENDERED, {"if-none-match": '"plain"'}, cache_control="max-age=60")

    assert answer.headers == {"ETag": '"plain"', "Cache-Control": "max-age=60", "Vary": "Accept-Encoding"}
    assert answer.body == b""


def test_a_200_says_what_it_is() -> None:
    answer = reply(RENDERED, {"accept-encoding": "gzip"}, cache_control="max-age=60")

    assert answer.headers == {
        "ETag": '"zipped"',
        "Cache-Control": "max-age=60",
        "Vary": "Accept-Encoding",
        "Last-Modified": SAME_SECOND,
        "Content-Type": RENDERED.content_type,
        "Content-Encoding": "gzip",
    }


def test_a_200_names_the_other_forms() -> None:
    links = '<https://news.example.net/all.atom>; rel="self"'

    answer = reply(replace(RENDERED, links=links), {}, cache_control="max-age=60")

    assert answer.headers["Link"] == links


def test_a_body_that_gzip_makes_longer_goes_plain() -> None:
    tiny = a_rendered("<feed/>")

    answer = reply(tiny, {"accept-encoding": "gzip"}, cache_control="max-age=60")

    assert answer.body == b"<feed/>"
