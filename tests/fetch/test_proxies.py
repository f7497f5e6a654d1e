"""A feed that is fetched through a proxy, and the names that we go by."""

import asyncio
import base64
from collections.abc import Sequence

import pytest

from aggregator import __version__
from aggregator.core.settings import PollSettings
from tests.fetch.asking import BODY, OK, got, said, within
from tests.http import WebServer, reply, serving


async def only_the_proxy(host: str, _: int) -> Sequence[str]:
    """The feed's own host is the proxy's to look up."""
    assert host == "proxy.example"
    return ["127.0.0.1"]


def proxy_of(web: WebServer, login: str = "") -> str:
    return f"http://{login}proxy.example:{web.port}"


async def test_a_feed_is_asked_for_through_its_proxy(web: WebServer) -> None:
    web.on("http://news.example/rss", OK)

    answer = await got("http://news.example/rss", proxy=proxy_of(web), resolve=only_the_proxy)

    assert (said(answer), answer.url) == (BODY, "http://news.example/rss")


async def test_its_redirects_go_through_it_too(web: WebServer) -> None:
    web.on("http://news.example/rss", reply(302, location="http://other.example/"))
    web.on("http://other.example/", OK)

    answer = await got("http://news.example/rss", proxy=proxy_of(web), resolve=only_the_proxy)

    assert said(answer) == BODY


@pytest.mark.parametrize("host", ["169.254.169.254", "[::ffff:10.0.0.1]", "2852039166", "0251.0376.1"])
async def test_a_proxy_is_not_asked_for_a_private_number(web: WebServer, host: str) -> None:
    """Names are the proxy's to look up; a number needs no looking up."""
    web.on("http://news.example/rss", reply(302, location=f"http://{host}/latest/meta-data"))

    answer = await got("http://news.example/rss", proxy=proxy_of(web), resolve=only_the_proxy)

    assert len(web.asked) == 1
    assert "a private address; add it to poll.allow_private" in str(answer.error)


async def test_a_proxy_is_not_asked_for_a_listed_number_by_a_feed_from_outside(web: WebServer) -> None:
    web.on("http://news.example/rss", reply(302, location="http://127.0.0.1/inside"))

    answer = await got("http://news.example/rss", proxy=proxy_of(web), resolve=only_the_proxy)

    assert len(web.asked) == 1
    assert str(answer.error).endswith("only a feed whose own host is in poll.allow_private may lead there")


async def test_the_proxy_gets_its_login_and_no_one_else_does(web: WebServer) -> None:
    web.on("http://news.example/rss", OK)

    await got("http://news.example/rss", proxy=proxy_of(web, "me:secret@"), resolve=only_the_proxy)

    login = b"Basic " + base64.b64encode(b"me:secret")
    assert web.asked[0].headers["proxy-authorization"] == login
    assert "authorization" not in web.asked[0].headers


async def test_a_tunnel_is_asked_for_where_the_feed_has_tls(web: WebServer) -> None:
    web.on("news.example:443", reply(407))

    answer = await got("https://news.example/rss", proxy=proxy_of(web, "me:secret@"), resolve=only_the_proxy)

    way = f"news.example (through the proxy proxy.example:{web.port})"
    assert answer.error == f"no way to {way}: it says 407 Whatever"
    assert answer.unreached


async def test_a_proxy_at_a_private_address_must_be_allowed(web: WebServer) -> None:
    settings = within(allow_private=())

    answer = await got("http://news.example/", proxy=proxy_of(web), resolve=only_the_proxy, settings=settings)

    assert str(answer.error).startswith("proxy.example resolves to 127.0.0.1, a private address; add it to")


async def test_a_proxy_that_is_away_is_named_beside_the_host() -> None:
    async with serving() as web:
        proxy = proxy_of(web, "me:secret@")

    answer = await got("http://news.example/rss", proxy=proxy, resolve=only_the_proxy)

    way = f"news.example (through the proxy proxy.example:{web.port})"
    assert answer.error == f"{way} refuses the connection"


async def test_a_proxy_with_tls_is_verified() -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        proxy = f"https://proxy.example:{port}"
        answer = await got("http://news.example/rss", proxy=proxy, resolve=only_the_proxy)

    assert answer.error
    assert answer.unreached


async def test_proxies_and_logins_of_the_environment_do_not_count(
    web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert said(await got(web.on("/rss", OK))) == BODY


@pytest.mark.parametrize(
    ("settings", "own", "sent"),
    [
        (within(), None, f"aggregator/{__version__} (feed aggregator)"),
        (within(user_agent="Mine/1 (+https://x.example/)"), None, "Mine/1 (+https://x.example/)"),
        (within(user_agent="Mine/1"), "Other/2 é", "Other/2 é"),
        (within(user_agent="Müller/1"), None, "Müller/1"),
    ],
)
async def test_one_name_is_told_on_every_hop(
    web: WebServer, settings: PollSettings, own: str | None, sent: str
) -> None:
    async with serving() as other:
        url = web.on("/rss", reply(302, location=other.on("/rss", OK)))

        await got(url, settings=settings, user_agent=own)

        names = [asked.headers["user-agent"] for asked in (*web.asked, *other.asked)]

    assert names == [sent.encode()] * 2
