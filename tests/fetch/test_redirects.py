"""Redirects: what is followed, what is told, what stays at home."""

import pytest

from tests.fetch.asking import BODY, OK, got
from tests.http import WebServer, reply, serving


async def test_permanent_ones_all_the_way_are_reported(web: WebServer) -> None:
    web.on("/c", OK)
    web.on("/b", reply(308, location="c"))

    answer = await got(web.on("/a", reply(301, location="/b#part")))

    assert answer.body == BODY
    assert answer.moved_to == answer.url == web.url + "/c"


@pytest.mark.parametrize(("first", "second"), [(302, 301), (301, 307), (303, 303)])
async def test_any_other_way_is_followed_and_not_reported(web: WebServer, first: int, second: int) -> None:
    web.on("/c", OK)
    web.on("/b", reply(second, location="/c"))

    answer = await got(web.on("/a", reply(first, location="/b")))

    assert (answer.body, answer.moved_to) == (BODY, None)


async def test_a_circle_ends(web: WebServer) -> None:
    answer = await got(web.on("/a", reply(301, location="/a")))

    assert answer.error == f"more than 5 redirects, the last to {web.url}/a"


@pytest.mark.parametrize("headers", [{}, {"location": "ftp://x/"}, {"location": "javascript:1"}])
async def test_one_that_leads_to_no_web_address_is_a_failure(web: WebServer, headers: dict[str, str]) -> None:
    answer = await got(web.on("/a", reply(302, **headers)))

    assert "leads to no web address" in str(answer.error)


async def test_a_feeds_own_headers_stay_at_its_origin(web: WebServer) -> None:
    async with serving() as other:
        target = other.on("/c", OK)
        web.on("/b", reply(302, location=target))
        url = web.on("/a", reply(302, location="/b"))

        await got(url, headers={"Authorization": "secret"})

    assert [asked.headers.get("authorization") for asked in web.asked] == [b"secret"] * 2
    assert "authorization" not in other.asked[0].headers
