"""Live updates: who listens hears of another version, in time and no more than that. Over real sockets."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from time import monotonic

import httpx
import pytest

from aggregator.core.settings import OutputSettings, ServerSettings
from aggregator.model import Rendered
from aggregator.web import Live, Server, create_app
from aggregator.web.patience import PatientProtocol
from tests.builders import a_rendered
from tests.web.asking import website
from tests.web.sites import FakeSite

TOKEN = "0123456789-abcdef"
PATIENCE = 30  # seconds until what must happen has happened, on a machine that has much to do


def published(version: str = "one", **more: Rendered) -> Mapping[str, Rendered]:
    """What a site with the page of one output has published."""
    return {"security.html": a_rendered("<head></head>", etag=f'"{version}"'), **more}


@dataclass
class Listener:
    """One stream, line by line."""

    answer: httpx.Response
    lines: AsyncIterator[str]

    async def hears(self) -> str:
        """The next line that is no more than a break."""
        async with asyncio.timeout(PATIENCE):
            while not (line := await anext(self.lines, "(the end)")):
                pass
        return line


@dataclass
class Stage:
    """A site, its listeners, and a client."""

    site: FakeSite
    live: Live
    client: httpx.AsyncClient

    @asynccontextmanager
    async def listening(
        self, page: str | None = "security.html", *, heard: str | None = None, prefix: str = "", **asked: str
    ) -> AsyncIterator[Listener]:
        """A stream that has begun."""
        headers = {"Last-Event-ID": heard} if heard else {}
        asked = asked if page is None else {"page": page, **asked}
        async with self.client.stream("GET", f"{prefix}/live", params=asked, headers=headers) as answer:
            listener = Listener(answer, answer.aiter_lines())
            assert re.fullmatch("retry: [2-8][0-9]{3}", await listener.hears())
            yield listener

    def publish(self, *, told: bool = True, **changes: Mapping[str, Rendered]) -> None:
        """Another snapshot."""
        self.site.published = changes.get("pages", published("two"))
        if told:
            self.live.tell()


@asynccontextmanager
async def a_stage(live: Live | None = None, **site: object) -> AsyncIterator[Stage]:
    """A site with one page in its first version."""
    live = live or Live()
    made = replace(FakeSite(published=published()), **site)  # type: ignore[arg-type]  # a test knows its fields
    async with website(made, live=live) as client:
        yield Stage(made, live, client)


async def test_a_listener_hears_of_another_version_and_nothing_else() -> None:
    async with a_stage() as stage, stage.listening(since="one") as listener:
        stage.publish()

        assert [await listener.hears(), await listener.hears()] == ["id: two", "data: changed"]


async def test_proxies_are_asked_to_hand_each_event_on() -> None:
    async with a_stage() as stage, stage.listening() as listener:
        headers = listener.answer.headers

    assert headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert headers["X-Accel-Buffering"] == "no"
    assert headers["Cache-Control"] == "no-store, no-transform"
    assert "Content-Length" not in headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("asked", "heard", "told"),
    [
        ({"since": "zero"}, None, True),
        ({"since": "one"}, None, False),
        ({"since": "zero"}, "one", False),
        ({"since": "one"}, "zero", True),
        ({"since": ""}, None, False),
        ({}, None, False),
    ],
    ids=[
        "with another version",
        "with today's",
        "with today's, heard since",
        "with another, heard since",
        "with an empty one",
        "with none",
    ],
)
async def test_who_comes_with_a_version_hears_at_once_whether_it_is_todays(
    asked: dict[str, str], heard: str | None, told: bool
) -> None:
    async with a_stage(Live(heartbeat=0.05)) as stage, stage.listening(heard=heard, **asked) as listener:
        assert await listener.hears() == ("id: one" if told else ":")


async def test_a_telling_about_other_pages_is_not_heard() -> None:
    async with a_stage(Live(heartbeat=0.05)) as stage, stage.listening() as listener:
        stage.publish(pages=published("one", other=a_rendered("x")))

        assert await listener.hears() == ":"


async def test_the_front_page_hears_of_every_page() -> None:
    async with a_stage() as stage:
        version = stage.live.version(stage.site.snapshot(), "")
        async with stage.listening(None, since=version or "") as listener:
            stage.publish()
            first = await listener.hears()
        again = stage.live.version(published("two"), "")

    assert first == f"id: {again}" != f"id: {version}"


async def test_what_was_not_told_is_heard_with_the_next_heartbeat() -> None:
    async with a_stage(Live(heartbeat=0.05)) as stage, stage.listening() as listener:
        assert await listener.hears() == ":"
        stage.publish(told=False)

        while (line := await listener.hears()) == ":":
            pass

    assert line == "id: two"


async def test_between_two_events_is_a_rest_and_then_only_the_last_version_counts() -> None:
    async with a_stage(Live(heartbeat=0.05, rest=0.5)) as stage, stage.listening(since="zero") as listener:
        assert [await listener.hears(), await listener.hears()] == ["id: one", "data: changed"]
        began = monotonic()
        stage.publish()
        stage.publish(pages=published("three"))

        heard = [await listener.hears()]
        while heard[-1] == ":":
            heard.append(await listener.hears())
        rested = monotonic() - began

    assert heard[-1] == "id: three"
    assert set(heard[:-1]) == {":"}
    assert rested > 0.3


async def test_a_stream_ends_by_itself_so_that_connections_turn_over() -> None:
    async with a_stage(Live(life=0.1)) as stage, stage.listening() as listener:
        assert await listener.hears() == "(the end)"


def test_a_stream_ends_before_the_server_loses_patience() -> None:
    live = Live()

    assert live.life + live.heartbeat < PatientProtocol.answer_seconds
    assert live.heartbeat < live.rest < live.life


async def test_the_stream_of_a_page_that_goes_ends() -> None:
    async with a_stage() as stage, stage.listening() as listener:
        stage.publish(pages={})

        assert await listener.hears() == "(the end)"


async def test_beyond_the_limit_others_are_asked_to_come_later() -> None:
    async with a_stage(Live(most=1)) as stage, stage.listening():
        second = await stage.client.get("/live")

    assert second.status_code == 503
    assert second.headers["Retry-After"] == "60"


async def test_who_is_gone_is_forgotten() -> None:
    async with a_stage(Live(most=1)) as stage:
        async with stage.listening():
            assert stage.live.listeners == 1
        await _forgotten(stage.live)

        async with stage.listening():
            assert stage.live.listeners == 1


async def test_a_close_ends_every_stream_and_lets_none_begin() -> None:
    async with a_stage() as stage, stage.listening() as one, stage.listening(None) as other:
        stage.live.close()

        assert [await one.hears(), await other.hears()] == ["(the end)", "(the end)"]
        assert (await stage.client.get("/live")).status_code == 503
        await _forgotten(stage.live)


async def test_listeners_do_not_hold_up_a_stop() -> None:
    live = Live()
    server = Server(create_app(FakeSite(published=published()), live=live), "127.0.0.1", 0)
    await server.start()
    address = f"http://127.0.0.1:{server.port}/live"
    async with httpx.AsyncClient(trust_env=False) as client, client.stream("GET", address) as answer:
        listener = Listener(answer, answer.aiter_lines())
        await listener.hears()
        live.close()

        await server.stop()

        assert await listener.hears() == "(the end)"  # and not cut off, as after the server's grace


async def test_asking_for_the_head_is_no_listening() -> None:
    async with a_stage() as stage:
        answer = await stage.client.head("/live")

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"


@pytest.mark.parametrize(
    "page", ["mine.html", "mine.atom", f"private/{TOKEN}/mine.html", "nothing.html", "\x00", "/security.html"]
)
async def test_of_what_is_not_public_nobody_hears_more_than_of_what_is_not_there(page: str) -> None:
    hidden = [OutputSettings(name="mine", title="Mine", token=TOKEN)]
    secrets = {"mine.html": a_rendered(etag='"secret"'), "mine.atom": a_rendered(etag='"secret"')}
    async with a_stage(hidden=hidden, secrets=secrets) as stage:
        answer = await stage.client.get("/live", params={"page": page})

    assert (answer.status_code, answer.text) == (404, "Nothing is published at this address.\n")


async def test_a_change_of_a_private_output_is_heard_nowhere() -> None:
    hidden = [OutputSettings(name="mine", title="Mine", token=TOKEN)]
    live = Live(heartbeat=0.05)
    async with (
        a_stage(live, hidden=hidden) as stage,
        stage.listening() as page,
        stage.listening(None) as front,
    ):
        stage.site.secrets = {"mine.html": a_rendered(etag='"secret"')}
        live.tell()

        assert [await page.hears(), await front.hears()] == [":", ":"]


async def test_it_is_behind_the_login_and_below_the_path() -> None:
    door = ServerSettings(login="me:secret", searches=0, public_url="https://example.org/news/")
    async with a_stage(door=door) as stage:
        refused = await stage.client.get("/news/live")
        stage.client.auth = ("me", "secret")
        async with stage.listening(prefix="/news", since="zero") as listener:
            heard = await listener.hears()

    assert refused.status_code == 401
    assert heard == "id: one"


async def _forgotten(live: Live) -> None:
    for _ in range(100 * PATIENCE):
        if not live.listeners:
            return
        await asyncio.sleep(0.01)
    pytest.fail(f"{live.listeners} listeners are still there")
