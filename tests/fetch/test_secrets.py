"""Logins and a feed's own headers: sent to the feed's own server, to no other, and shown to nobody."""

import base64
from datetime import timedelta

import pytest

from tests.fetch.asking import BODY, OK, at_home, got, said, within
from tests.http import LOOPBACK, WebServer, reply, serving

LOGIN = b"Basic " + base64.b64encode("jürgen:pass:wört".encode())


def with_login(url: str, login: str = "j%C3%BCrgen:pass:w%C3%B6rt") -> str:
    return url.replace("://", f"://{login}@")


async def test_a_login_is_sent_as_basic_authentication(web: WebServer) -> None:
    await got(web.on("/rss", OK), auth="jürgen:pass:wört")

    assert web.asked[0].headers["authorization"] == LOGIN


async def test_a_login_in_the_address_is_sent_the_same_way_and_leaves_the_address(web: WebServer) -> None:
    url = web.on("/rss", OK)

    answer = await got(with_login(url))

    assert web.asked[0].headers["authorization"] == LOGIN
    assert answer.url == url


async def test_the_login_that_is_given_apart_counts(web: WebServer) -> None:
    await got(with_login(web.on("/rss", OK), "other:one"), auth="jürgen:pass:wört")

    assert web.asked[0].headers["authorization"] == LOGIN


async def test_login_and_headers_stay_at_their_origin(web: WebServer) -> None:
    async with serving() as other:
        target = other.on("/c", reply(302, location=web.on("/d", OK)))
        web.on("/b", reply(302, location=target))

        await got(web.on("/a", reply(302, location="/b")), auth="a:b", headers={"X-Key": "secret"})

    assert ["authorization" in asked.headers for asked in web.asked] == [True, True, True]
    assert [asked.headers.get("x-key") for asked in web.asked] == [b"secret"] * 3
    assert not {"authorization", "x-key"} & set(other.asked[0].headers)


async def test_they_do_not_follow_from_https_down_to_http(web: WebServer, safe: WebServer) -> None:
    safe.on("/rss", reply(302, location=f"http://news.example:{web.port}/rss"))
    web.on("/rss", OK)

    await got(f"https://news.example:{safe.port}/rss", resolve=at_home, auth="a:b")

    assert "authorization" in safe.asked[0].headers
    assert "authorization" not in web.asked[0].headers


async def test_they_do_not_move_with_a_feed_to_another_origin(web: WebServer) -> None:
    settings = within(allow_private=(*LOOPBACK, "old.example"))

    answer = await got(
        web.on("/rss", OK),
        home="http://old.example/rss",
        auth="a:b",
        headers={"X-Key": "1"},
        settings=settings,
    )

    assert said(answer) == BODY
    assert not {"authorization", "x-key"} & set(web.asked[0].headers)


async def test_a_login_in_the_address_of_a_redirect_is_not_used(web: WebServer) -> None:
    target = web.on("/b", OK)

    answer = await got(web.on("/a", reply(301, location=with_login(target))))

    assert "authorization" not in web.asked[1].headers
    assert answer.moved_to == answer.url == target


@pytest.mark.parametrize(
    "said",
    [
        reply(401),
        reply(302, location="ftp://me:secret@x/"),
        reply(302, location="http://me:secret@no-such-host.invalid/"),
        b"no http",
    ],
)
async def test_no_error_shows_one(web: WebServer, said: bytes) -> None:
    answer = await got(
        with_login(web.on("/a", said), "me:secret"), settings=within(timeout=timedelta(seconds=1))
    )

    assert answer.error
    assert "secret" not in repr(answer)


async def test_no_cookie_is_kept_and_no_referer_sent(web: WebServer) -> None:
    web.on("/b", OK)

    await got(web.on("/a", reply(302, location="/b", set_cookie="id=1; Path=/")))

    assert [set(asked.headers) & {"cookie", "referer"} for asked in web.asked] == [set(), set()]
