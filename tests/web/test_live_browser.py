"""Live pages in a real browser: news is announced, and shown at a click."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from aggregator.core.formats import FORMATS
from aggregator.core.settings import ServerSettings
from aggregator.model import Rendered
from aggregator.web import Live
from tests.builders import a_rendered
from tests.web.asking import website
from tests.web.browser import PHONE, chromium, visit
from tests.web.scenes import a_published_site, an_output_page
from tests.web.sites import a_json_feed

pytestmark = pytest.mark.asyncio(loop_scope="module")

PATIENCE = 30_000  # milliseconds, for a machine that has much to do


def published(*titles: str) -> Mapping[str, Rendered]:
    """One output with these stories."""
    whole = an_output_page()
    items = [replace(whole.items[0], title=one, url=f"https://news.example.org/{one}") for one in titles]
    links = {suffix: f"https://news.example.net/security.{suffix}" for suffix in FORMATS}
    body = FORMATS["html"].render(replace(whole, items=tuple(items)), links).decode()
    page = a_rendered(body, content_type=FORMATS["html"].content_type, etag=f'"{len(titles)}"')
    return {"security.html": page, "security.json": a_json_feed(*titles)}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all these tests."""
    async with chromium() as running:
        yield running


@pytest.mark.parametrize("prefix", ["", "/news"])
@pytest.mark.parametrize(
    ("path", "said"), [("security.html", "2 new stories – show"), ("", "New stories – show")]
)
async def test_news_is_announced_and_shown_at_a_click(
    browser: Browser, path: str, said: str, prefix: str
) -> None:
    door = ServerSettings(searches=0, public_url=f"https://example.org{prefix}/")
    site, live = a_published_site(published=published("Dam"), door=door), Live()
    async with (
        website(site, live=live) as client,
        visit(browser, f"{client.base_url}{prefix}/{path}", viewport=PHONE) as visited,
    ):
        status = visited.page.get_by_role("status")
        await expect(status).to_have_text("")
        site.published = published("Storm", "Flood", "Dam")
        live.tell()

        pill = status.get_by_role("button", name=said)
        await expect(pill).to_be_visible(timeout=PATIENCE)
        assert "Storm" not in await visited.words()
        assert await visited.violations() == []
        await pill.click()

        await expect(visited.page.locator("main")).to_contain_text("Storm")
        await expect(visited.page.locator(".fresh")).to_have_count(2)
        await expect(status).to_have_text("")
        assert await visited.violations() == []
        assert await visited.overflow() == []
        assert (visited.console, visited.elsewhere) == ([], [])


async def test_a_page_without_scripts_listens_to_nobody(browser: Browser) -> None:
    site, live = a_published_site(published=published("Dam")), Live()
    async with (
        website(site, live=live) as client,
        visit(browser, f"{client.base_url}/security.html", java_script_enabled=False),
    ):
        assert live.listeners == 0
