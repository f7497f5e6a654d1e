"""Who is let in, over real sockets: with a login, below a path, from behind a proxy, and not too often."""

import base64
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from http import HTTPStatus

import httpx
import pytest

from aggregator.core.settings import OutputSettings, ServerSettings
from aggregator.model import LoginFor
from aggregator.web.gate import Allowance, below
from tests.builders import a_rendered
from tests.web.asking import ask, website
from tests.web.sites import FakeSite

TOKEN = "0123456789-abcdef"
LOGIN = "me:süß:secret"
LOCKED = FakeSite(
    door=ServerSettings(login=LOGIN, searches=0),
    on_demand={("europe", "atom"): a_rendered(), ("security.2026-W46", "atom"): a_rendered()},
    configured=[OutputSettings(name="security", title="Security", was=("old",))],
    hidden=[OutputSettings(name="mine", title="Mine", token=TOKEN)],
    secrets={"mine.atom": a_rendered("<mine/>")},
)
FEEDS_OPEN = replace(LOCKED, door=replace(LOCKED.door, login_for=LoginFor.PAGES))
PAGES = [
    "/",
    "/security.html",
    "/feeds",
    "/stats",
    "/search",
    "/search.atom?q=dam",
    "/stories/x",
    "/nothing",
    "/favicon.ico",
]
SIGNED = {"X-Hub-Signature": "sha256=00"}
FEEDS = ["/security.atom", "/old.atom", "/tag/europe.atom"]


class KnownHub:
    """Callbacks for one hub, which knows its token."""

    async def confirm(self, token: str, query: Mapping[str, str]) -> str | None:
        return query["hub.challenge"] if token == TOKEN else None

    async def deliver(
        self, token: str, headers: Mapping[str, str], chunks: AsyncIterator[bytes]
    ) -> HTTPStatus:
        body = b"".join([chunk async for chunk in chunks])
        known = token == TOKEN and headers["x-hub-signature"] == "sha256=00" and body == b"news"
        return HTTPStatus.ACCEPTED if known else HTTPStatus.NOT_FOUND


def basic(login: str) -> str:
    """The header of RFC 7617."""
    return "Basic " + base64.b64encode(login.encode()).decode()


class TestLogin:
    @pytest.mark.parametrize("path", PAGES + FEEDS)
    async def test_without_it_nobody_is_let_in(self, path: str) -> None:
        answer = await ask(path, LOCKED)

        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == 'Basic realm="aggregator", charset="UTF-8"'
        assert answer.headers["Cache-Control"] == "no-store"

    async def test_a_person_is_told_so_by_a_page_and_a_program_in_a_line(self) -> None:
        person, program = await ask("/feeds", LOCKED, accept="text/html,*/*"), await ask("/feeds", LOCKED)

        assert "<p>This asks for a login.</p>" in person.text
        assert 'href="./stats"' in person.text
        assert program.text == "This asks for a login.\n"
        assert "default-src 'none'" in person.headers["Content-Security-Policy"]

    @pytest.mark.parametrize("given", [basic(LOGIN), basic(LOGIN).replace("B", "b", 1), "Bearer süß:secret"])
    async def test_with_it_everybody_is(self, given: str) -> None:
        async with website(LOCKED) as client:
            headers = {b"Authorization": given.encode()}
            answers = [await client.get(path, headers=headers) for path in ("/", "/security.atom")]

        assert [answer.status_code for answer in answers] == [200, 200]

    @pytest.mark.parametrize(
        "given",
        [
            basic("me:wrong"),
            basic("you:süß:secret"),
            basic("me:"),
            "Basic",
            "Basic !!!",
            "Basic " + "é",
            "Bearer",
            "Bearer me:süß:secret",
            "Digest username=me",
            "süß:secret",
        ],
    )
    async def test_anything_else_is_refused(self, given: str) -> None:
        async with website(LOCKED) as client:
            answer = await client.get("/", headers={b"Authorization": given.encode()})

        assert answer.status_code == 401

    async def test_health_and_private_outputs_need_none(self) -> None:
        assert (await ask("/healthz", LOCKED)).status_code == 200
        assert (await ask(f"/private/{TOKEN}/mine.atom", LOCKED)).text == "<mine/>"

    @pytest.mark.parametrize("prefix", ["", "/my/news"])
    async def test_a_hub_needs_none_and_finds_us_below_a_path(self, prefix: str) -> None:
        below = replace(LOCKED.door, public_url=f"https://example.org{prefix}/")
        async with website(replace(LOCKED, door=below), callbacks=KnownHub()) as client:
            verified = await client.get(f"{prefix}/websub/{TOKEN}?hub.challenge=word")
            pushed = await client.post(f"{prefix}/websub/{TOKEN}", content=b"news", headers=SIGNED)
            strange = await client.post(f"{prefix}/websub/guess", content=b"news", headers=SIGNED)

        assert (verified.status_code, verified.text) == (200, "word")
        assert (pushed.status_code, strange.status_code) == (202, 404)

    @pytest.mark.parametrize("path", FEEDS)
    async def test_feeds_may_be_left_open(self, path: str) -> None:
        assert (await ask(path, FEEDS_OPEN)).status_code in (200, 301)

    @pytest.mark.parametrize("path", [*PAGES, "/security", "/nothing.atom"])
    async def test_pages_are_not_with_them(self, path: str) -> None:
        assert (await ask(path, FEEDS_OPEN)).status_code == 401

    async def test_whoever_guesses_has_to_wait(self) -> None:
        async with website(LOCKED) as client:
            wrong = {"Authorization": basic("me:guess")}
            answers = [await client.get("/", headers=wrong) for _ in range(11)]
            right = await client.get("/", headers={"Authorization": basic(LOGIN)})

        assert [answer.status_code for answer in answers] == [401] * 10 + [429]
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 6
        assert right.status_code == 200


class TestPrefix:
    SITE = FakeSite(door=ServerSettings(public_url="https://example.org/my/news/", searches=0))

    @pytest.mark.parametrize("path", ["/feeds", "/my/news/feeds", "/security.atom", "/my/news/security.atom"])
    async def test_a_path_is_found_with_it_and_without(self, path: str) -> None:
        assert (await ask(path, self.SITE)).status_code == 200

    async def test_links_lead_to_where_they_should(self) -> None:
        page = (await ask("/my/news/stats/nothing", self.SITE)).text

        assert 'href="../"' in page
        assert 'href="../../' not in page

    async def test_the_prefix_itself_leads_to_the_front_page(self) -> None:
        answer = await ask("/my/news", self.SITE)

        assert (answer.status_code, answer.headers["Location"]) == (308, "/my/news/")

    async def test_an_output_of_that_name_is_served(self) -> None:
        site = FakeSite(
            door=ServerSettings(public_url="https://example.org/tag/"),
            published={"tag/eu.atom": a_rendered("<eu/>")},
        )

        assert (await ask("/tag/eu.atom", site)).text == "<eu/>"

    @pytest.mark.parametrize("raw", [b"/my/news/a%2Fb", b"/m%79/news/a%2Fb"])
    def test_the_path_as_it_was_asked_loses_it_too(self, raw: bytes) -> None:
        scope = below({"path": "/my/news/a/b", "raw_path": raw}, "/my/news")

        assert (scope["path"], scope["raw_path"]) == ("/a/b", b"/a%2Fb")


class TestSearches:
    SITE = FakeSite(door=ServerSettings(searches=2))

    async def search(self, client: httpx.AsyncClient, path: str = "/search?q=dam", **headers: str) -> int:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return (await client.get(path, headers=named)).status_code

    @pytest.mark.parametrize("query", ["%E9%81%B8%E6%8C%99", "%D8%BA%D8%B2%D8%A9", "M%FCller"])
    async def test_every_script_may_be_searched_for_and_counts(self, query: str) -> None:
        async with website(self.SITE) as client:
            answers = [await self.search(client, f"/search?q={query}") for _ in range(3)]

        assert answers == [200, 200, 429]

    @pytest.mark.parametrize("query", ["%ED%A0%80", "%FF%00"])
    async def test_bytes_that_are_no_text_are_a_mistake_and_count(self, query: str) -> None:
        async with website(self.SITE) as client:
            answers = [await self.search(client, f"/search?q={query}") for _ in range(3)]

        assert answers == [400, 400, 429]

    async def test_one_client_may_not_search_without_a_pause(self) -> None:
        async with website(self.SITE) as client:
            first = [await self.search(client), await self.search(client, "/search.atom?q=dam")]
            refused = await client.get("/search?q=dam")

        assert first == [200, 200]
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["Retry-After"]) <= 30

    async def test_nothing_else_is_counted(self) -> None:
        async with website(self.SITE) as client:
            paths = ("/search", "/search?q=", "/search.js?q=dam", "/feeds?q=dam")
            answers = [await self.search(client, path) for path in paths * 2]

        assert answers == [200] * 8

    async def test_what_a_stranger_says_of_who_asks_is_not_believed(self) -> None:
        async with website(self.SITE) as client:
            answers = [
                await self.search(client, X_Forwarded_For=f"198.51.100.{number}") for number in range(3)
            ]

        assert answers == [200, 200, 429]

    async def test_what_a_proxy_says_is(self) -> None:
        async with website(self.SITE, proxies=("127.0.0.0/8",)) as client:
            answers = [
                await self.search(client, X_Forwarded_For=f"198.51.100.{number}") for number in range(3)
            ]
            forged = [
                await self.search(client, X_Forwarded_For=f"192.0.2.{number}, 198.51.100.9")
                for number in range(3)
            ]

        assert answers == [200, 200, 200]
        assert forged == [200, 200, 429]

    async def test_an_ipv6_client_is_its_network(self) -> None:
        async with website(self.SITE, proxies=("127.0.0.1",)) as client:
            asked = ("2001:db8::1", "2001:db8::2", "2001:db8:0:0:ffff::3", "2001:db8:0:1::1", "unknown")
            answers = [await self.search(client, X_Forwarded_For=name) for name in asked]

        assert answers == [200, 200, 429, 200, 200]


class TestAllowance:
    def test_it_grows_again_with_time(self) -> None:
        now = [100.0]
        allowance = Allowance(lambda: now[0])
        assert [allowance.wait("a", 2) for _ in range(3)] == [0, 0, 30]

        now[0] += 30

        assert [allowance.wait("a", 2), allowance.wait("a", 2)] == [0, 30]

    def test_many_clients_take_no_more_than_so_much_memory(self) -> None:
        allowance = Allowance(lambda: 0.0)
        for number in range(20_000):
            allowance.wait(str(number), 1)

        assert len(allowance._busy_until) == 10_000
        assert allowance.wait("19999", 1) == 60
