"""The Content-Security-Policy: it names the style sheets of every page, and a real browser agrees."""

import asyncio
import base64
import hashlib
import re
import shutil
import subprocess
from collections.abc import Mapping
from tempfile import TemporaryDirectory

import pytest
from lxml import html

from aggregator.core.formats import FORMATS
from aggregator.model import Document, Item
from tests.builders import NOON, a_rendered
from tests.web.asking import website
from tests.web.scenes import EVENT_ID, FLOOD_ID, an_eventful_site
from tests.web.sites import FakeSite, a_json_feed

STORY, EVENT = f"/stories/{FLOOD_ID}", f"/events/{EVENT_ID}"


def policy_of(header: str) -> Mapping[str, list[str]]:
    """The directives of a Content-Security-Policy."""
    return {name: values for name, *values in (part.split() for part in header.split(";"))}


def hashed(text: str) -> str:
    """How a policy names this style sheet."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def an_output_page() -> Document:
    item = Item(
        id="urn:uuid:2f0e4c1e-8a57-5d7c-9d3c-6f3a3b0c1a01",
        url="https://news.example.org/dam",
        title="Dam bursts",
        author="",
        summary="<p>Thousands left.</p>",
        content="",
        lang="en",
        published_at=NOON,
        updated_at=NOON,
        news_at=NOON,
        tags=("energy",),
        feed_title="Example News",
    )
    return Document(
        name="security",
        title="Security",
        description="What to mend today",
        base_url="https://news.example.net/",
        updated_at=NOON,
        items=(item,),
    )


def published_page() -> FakeSite:
    """A site with one output page, as the publisher renders it."""
    site_links = {suffix: f"https://news.example.net/security.{suffix}" for suffix in FORMATS}
    body = FORMATS["html"].render(an_output_page(), site_links).decode()
    made = a_rendered(body, content_type=FORMATS["html"].content_type)
    return an_eventful_site(published={"security.html": made, "security.json": a_json_feed("Dam bursts")})


@pytest.mark.parametrize(
    "path",
    ["/", "/feeds", "/nothing", "/security.html", STORY, EVENT, "/search", "/search?q=dam", "/search?q=("],
)
async def test_the_policy_allows_the_styles_of_the_page_by_their_hash_and_nothing_else(path: str) -> None:
    async with website(published_page()) as client:
        answer = await client.get(path)

    policy = policy_of(answer.headers["Content-Security-Policy"])
    styles = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert styles
    assert {hashed(style) for style in styles} <= set(policy["style-src"])
    assert all(source.startswith("'sha256-") for source in policy["style-src"])
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert " style=" not in answer.text


async def test_only_the_search_has_a_script_and_only_a_file_of_ours() -> None:
    async with website(published_page()) as client:
        policies = {
            path: policy_of((await client.get(path)).headers["Content-Security-Policy"])
            for path in ("/", "/search.js", "/search.atom?q=dam", "/search", "/search?q=(")
        }

    allowed = {
        path: (policy.get("script-src"), policy.get("connect-src")) for path, policy in policies.items()
    }
    assert allowed == {
        "/": (None, None),
        "/search.js": (None, None),
        "/search.atom?q=dam": (None, None),
        "/search": (["'self'"], ["'self'"]),
        "/search?q=(": (["'self'"], ["'self'"]),
    }


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/", "Every story once"),
        ("/feeds", "Sources"),
        ("/security.html", "Security"),
        ("/nothing", "Nothing here"),
        (EVENT, "Dam bursts in northern valley"),
        ("/search?q=dam", "Search"),
    ],
)
async def test_a_browser_shows_the_page_and_finds_no_breach_of_its_policy(path: str, told: str) -> None:
    async with website(published_page()) as client:
        shown, console = await browsed(f"{client.base_url}{path}")

    assert html.fromstring(shown).findtext(".//h1") == told
    assert "Content Security Policy" not in console


async def test_a_breach_of_the_policy_would_be_seen_on_the_console() -> None:
    site = FakeSite(
        published={"security.html": a_rendered("<h1>x</h1><style>h1 {}</style>", content_type="text/html")}
    )

    async with website(site) as client:
        _, console = await browsed(f"{client.base_url}/security.html")

    assert "Content Security Policy" in console


async def browsed(url: str) -> tuple[str, str]:
    """The page as headless Chromium has it after loading, and what its console says."""
    browser = shutil.which("chromium")
    if browser is None:
        pytest.skip("needs the program chromium (Debian package chromium)")
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        running = await asyncio.create_subprocess_exec(
            browser,
            *(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-proxy-server",
                f"--user-data-dir={profile}",
            ),
            *("--enable-logging=stderr", "--v=0", "--dump-dom", url),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        page, console = await asyncio.wait_for(running.communicate(), 60)
    return page.decode(), console.decode(errors="replace")
