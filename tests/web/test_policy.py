"""The Content-Security-Policy: it names the style sheets of every page. test_browser.py asks a browser."""

import base64
import hashlib
import re
from collections.abc import Mapping

import pytest

from aggregator.core.formats.layout import SCRIPT
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
    still = ("/feeds", "/live.js", "/search.js", "/security.json", "/search.atom?q=dam", "/nothing")

    async with website(a_published_site()) as client:
        policies = {
            path: policy_of((await client.get(path)).headers["Content-Security-Policy"])
            for path in (*scripted, *still)
        }

    allowed = {
        path: (policy.get("script-src"), policy.get("connect-src")) for path, policy in policies.items()
    }
    own, all_pages = "'self'", hashed(SCRIPT)
    assert allowed == (
        dict.fromkeys(scripted, ([all_pages, own], [own])) | dict.fromkeys(still, ([all_pages], None))
    )
