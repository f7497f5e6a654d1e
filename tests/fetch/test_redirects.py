"""Redirects: what is followed, what is told, what stays at home."""

from datetime import timedelta

import pytest

from tests.fetch.asking import BODY, OK, at_home, got, said, within
from tests.http import WebServer, reply


async def test_permanent_ones_all_the_way_are_reported(web: WebServer) -> None:
    web.on("/c", OK)
    web.on("/b", reply(308, location="c"))

    answer = await got(web.on("/a", reply(301, location="/b#part")))

    assert said(answer) == BODY
    assert answer.moved_to == answer.url == web.url + "/c"


@pytest.mark.parametrize(("first", "second"), [(302, 301), (301, 307), (303, 303)])
async def test_any_other_way_is_followed_and_not_reported(web: WebServer, first: int, second: int) -> None:
    web.on("/c", OK)
    web.on("/b", reply(second, location="/c"))

    answer = await got(web.on("/a", reply(first, location="/b")))

    assert (said(answer), answer.moved_to) == (BODY, None)


@pytest.mark.parametrize("back", ["/a", "/b", "b", "//{host}/a#again"])
async def test_a_circle_is_told_as_one_and_ends_at_once(web: WebServer, back: str) -> None:
    back = back.format(host=f"127.0.0.1:{web.port}")
    web.on("/b", reply(302, location=back))

    answer = await got(web.on("/a", reply(301, location="/b")))

    assert answer.error == f"HTTP 302 leads in a circle, back to {web.url}/{'a' if 'a' in back else 'b'}"
    assert len(web.asked) == 2


async def test_five_redirects_are_followed(web: WebServer) -> None:
    for hop in range(5):
        web.on(f"/{hop}", reply(301, location=f"/{hop + 1}"))
    end = web.on("/5", OK)

    assert (await got(web.url + "/0")).moved_to == end


async def test_more_than_five_redirects_are_a_failure(web: WebServer) -> None:
    for hop in range(9):
        web.on(f"/{hop}", reply(301, location=f"/{hop + 1}"))

    answer = await got(web.url + "/0")

    assert answer.error == f"more than 5 redirects, the last to {web.url}/6"
    assert len(web.asked) == 6


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({}, ""),
        ({"location": ""}, ""),
        ({"location": "ftp://me:secret@files.example/"}, ": 'ftp://files.example/'"),
        ({"location": "file:///etc/passwd"}, ": 'file:///etc/passwd'"),
        ({"location": "gopher://x/"}, ": 'gopher://x/'"),
        ({"location": "javascript:alert(1)"}, ": 'javascript:alert(1)'"),
        ({"location": "http://[::1/"}, ": 'http://[::1/'"),
        ({"location": "mailto:me@example.org"}, ": 'mailto:me@example.org'"),
        ({"location": "http://x/" + "y" * 9_000}, f": 'http://x/{'y' * 191}'"),
    ],
)
async def test_one_that_leads_to_no_web_address_is_a_failure(
    web: WebServer, headers: dict[str, str], told: str
) -> None:
    answer = await got(web.on("/a", reply(302, **headers)))

    assert answer.error == f"HTTP 302 leads to no web address{told}"


async def test_an_address_with_foreign_letters_is_followed(web: WebServer) -> None:
    web.on("/b%C3%BCcher%20neu", OK)

    assert said(await got(web.on("/a", reply(302, location="/b\xc3\xbccher neu")))) == BODY


async def test_a_body_beside_a_redirect_is_not_read(web: WebServer) -> None:
    web.on("/b", OK)

    answer = await got(
        web.on("/a", reply(302, bytes(1_000_000), location="/b")), settings=within(max_bytes=99)
    )

    assert (said(answer), answer.received_bytes) == (BODY, len(BODY))


async def test_a_permanent_way_down_from_https_is_followed_with_a_note_and_not_recorded(
    web: WebServer, safe: WebServer
) -> None:
    down = web.on("/rss", OK)
    safe.on("/rss", reply(301, location=down))

    answer = await got(f"https://news.example:{safe.port}/rss", resolve=at_home)

    assert (said(answer), answer.moved_to, answer.url) == (BODY, None, down)
    assert answer.note == f"moved for good from https down to {down}; followed, but the address is kept"


async def test_a_way_that_leaves_https_and_comes_back_is_not_recorded(
    web: WebServer, safe: WebServer
) -> None:
    home = f"https://news.example:{safe.port}"
    safe.on("/rss", reply(301, location=web.on("/rss", reply(301, location=f"{home}/evil"))))
    safe.on("/evil", OK)

    answer = await got(f"{home}/rss", resolve=at_home)

    assert (said(answer), answer.moved_to) == (BODY, None)


async def test_a_passing_way_down_needs_no_note(web: WebServer, safe: WebServer) -> None:
    safe.on("/rss", reply(302, location=web.on("/rss", OK)))

    assert (await got(f"https://news.example:{safe.port}/rss", resolve=at_home)).note is None


async def test_a_permanent_way_up_to_https_is_recorded(web: WebServer, safe: WebServer) -> None:
    up = f"https://news.example:{safe.port}/rss"
    safe.on("/rss", OK)

    answer = await got(web.on("/rss", reply(301, location=up)), resolve=at_home)

    assert (answer.moved_to, answer.note) == (up, None)


async def test_a_refusal_at_the_end_of_the_way_keeps_what_the_server_asked(web: WebServer) -> None:
    web.on("/b", reply(429, retry_after="60"))

    answer = await got(web.on("/a", reply(301, location="/b")))

    assert (answer.status, answer.retry_after) == (429, timedelta(seconds=60))
    assert answer.moved_to is None
