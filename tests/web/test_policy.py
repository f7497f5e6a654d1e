"""What a browser may do: the Content-Security-Policy names the style sheets of every page, and other headers
say the rest. test_browser.py asks a browser."""

import base64
import hashlib
import re
from collections.abc import Mapping

import pytest

from aggregator.core.formats.layout import SCRIPT
from aggregator.core.settings import ServerSettings
from aggregator.model import LoginFor
from tests.web.asking import website
from tests.web.scenes import EVENT_ID, FLOOD_ID, a_published_site

STORY, EVENT = f"/stories/{FLOOD_ID}", f"/events/{EVENT_ID}"


def policy_of(header: str) -> Mapping[str, list[str]]:
    """The directives of a Content-Security-Policy."""
    return {name: values for name, *values in (part.split() for part in header.split(";"))}


def hashed(text: str) -> str:
    """How a policy names this style sheet."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/feeds",
        "/stats",
        "/nothing",
        "/security.html",
        STORY,
        EVENT,
        "/search",
        "/search?q=dam",
        "/search?q=(",
    ],
)
async def test_the_policy_allows_the_styles_of_the_page_by_their_hash_and_nothing_else(path: str) -> None:
    async with website(a_published_site()) as client:
        answer = await client.get(path)

    policy = policy_of(answer.headers["Content-Security-Policy"])
    styles = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert styles
    assert {hashed(style) for style in styles} <= set(policy["style-src"])
    assert all(source.startswith("'sha256-") for source in policy["style-src"])
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert " style=" not in answer.text


async def test_only_live_pages_and_the_search_may_run_a_file_of_ours_besides_the_script_of_all() -> None:
    scripted = ("/", "/security.html", "/search", "/search?q=(")
    still = ("/feeds", "/nothing")
    bare = ("/live.js", "/search.js", "/security.json", "/search.atom?q=dam", "/live?page=nothing")

    async with website(a_published_site()) as client:
        policies = {
            path: policy_of((await client.get(path)).headers["Content-Security-Policy"])
            for path in (*scripted, *still, *bare)
        }

    allowed = {
        path: (policy.get("script-src"), policy.get("connect-src")) for path, policy in policies.items()
    }
    own, all_pages = "'self'", hashed(SCRIPT)
    assert allowed == (
        dict.fromkeys(scripted, ([all_pages, own], [own]))
        | dict.fromkeys(still, ([all_pages], None))
        | dict.fromkeys(bare, (None, None))
    )


PAGES = ["/", "/nothing", "/security.html", "/search?q=("]
DATA = ["/security.json", "/healthz", "/metrics", "/problems.atom", "/search.js"]
DATA += ["/search.atom?q=(", f"/stories/urn:uuid:{FLOOD_ID}"]


@pytest.mark.parametrize("path", [*PAGES, *DATA])
async def test_every_answer_is_for_nobody_else_to_show_or_to_guess_at(path: str) -> None:
    async with website(a_published_site()) as client:
        headers = (await client.get(path)).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert policy_of(headers["Content-Security-Policy"])["frame-ancestors"] == ["'none'"]
    assert not {"server", "access-control-allow-origin", "strict-transport-security"} & headers.keys()


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_has_no_opener_asks_for_nothing_and_looks_up_no_links(path: str) -> None:
    async with website(a_published_site()) as client:
        headers = (await client.get(path)).headers

    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert headers["X-DNS-Prefetch-Control"] == "off"


@pytest.mark.parametrize("path", DATA)
async def test_what_is_no_page_has_no_styles_either(path: str) -> None:
    async with website(a_published_site()) as client:
        headers = (await client.get(path)).headers

    assert headers["Content-Security-Policy"] == "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"


@pytest.mark.parametrize("path", ["/", "/security.json", "/security.html"])
async def test_a_304_has_the_policy_of_what_it_stands_for(path: str) -> None:
    async with website(a_published_site()) as client:
        whole = await client.get(path)
        unchanged = await client.get(path, headers={"If-None-Match": whole.headers["ETag"]})

    assert unchanged.status_code == 304
    assert unchanged.headers["Content-Security-Policy"] == whole.headers["Content-Security-Policy"]


async def test_other_sites_may_show_the_icon() -> None:
    async with website(a_published_site()) as client:
        headers = (await client.get("/favicon.ico")).headers

    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize(
    ("path", "login_for", "cache"),
    [
        ("/", LoginFor.ALL, "private, no-cache"),
        ("/security.json", LoginFor.ALL, "private, max-age=60"),
        ("/security.json", LoginFor.PAGES, "max-age=60"),
        ("/", LoginFor.PAGES, "private, no-cache"),
        ("/nothing", LoginFor.ALL, "no-store"),
        (f"/stories/urn:uuid:{FLOOD_ID}", LoginFor.ALL, "private"),
        ("/healthz", LoginFor.ALL, "no-store"),
    ],
)
async def test_what_is_behind_a_login_is_for_no_cache_that_others_ask(
    path: str, login_for: LoginFor, cache: str
) -> None:
    site = a_published_site(door=ServerSettings(login="me:secret", login_for=login_for))
    async with website(site) as client:
        answer = await client.get(path, auth=("me", "secret"))

    assert answer.headers["Cache-Control"] == cache


@pytest.mark.parametrize("path", ["/private/guess/security.atom", "/websub/guess"])
async def test_no_search_engine_keeps_an_address_that_is_a_secret(path: str) -> None:
    async with website(a_published_site()) as client:
        answer = await client.get(path)

    assert answer.headers["X-Robots-Tag"] == "noindex"
