"""The daemon and its hub."""

from pathlib import Path
from urllib.parse import parse_qsl

from tests.app.alive import running, until
from tests.http import WebServer, reply
from tests.newsroom import an_item, an_rss


async def test_the_hub_hears_of_news_and_a_dead_one_holds_nothing_up(tmp_path: Path, web: WebServer) -> None:
    feed = web.on("/feed", reply(200, an_rss(an_item(1))), reply(200, an_rss(an_item(1), an_item(2))))
    web.on("/hub", reply(204))
    server = f"public_url: 'https://news.example.org/', hub: '{web.url}/hub'"

    async with running(tmp_path, feed, server=server) as alive:

        async def told() -> bool:
            return bool(await alive.titles()) and any(asked.path == "/hub" for asked in web.asked)

        await until(told)
        await web.reachable(False)
        parts = alive.parts
        parts.pings.note(["all.atom"])
        await parts.ping()

        assert (await alive.get("all.json")).status_code == 200

    forms = [parse_qsl(asked.body.decode()) for asked in web.asked if asked.path == "/hub"]
    assert ("hub.url", "https://news.example.org/all.atom") in forms[0]
    assert all(topic.endswith((".atom", ".rss", ".json")) for form in forms for _, topic in form[1:])


async def test_after_a_restart_the_hub_hears_again_of_what_it_may_not_have_heard(
    tmp_path: Path, web: WebServer
) -> None:
    feed = web.on("/feed", reply(200, an_rss(an_item(1))))
    web.on("/hub", reply(503), reply(204))
    server = f"public_url: 'https://news.example.org/', hub: '{web.url}/hub'"

    async def asked() -> bool:
        return any(one.path == "/hub" for one in web.asked)

    async with running(tmp_path, feed, server=server, every="1h"):
        await until(asked)
    web.asked.clear()
    async with running(tmp_path, feed, server=server, every="1h"):
        await until(asked)

    form = next(parse_qsl(one.body.decode()) for one in web.asked if one.path == "/hub")
    assert ("hub.url", "https://news.example.org/all.atom") in form
