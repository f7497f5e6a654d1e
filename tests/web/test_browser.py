"""The pages in a real browser: quiet, on their own, without scripts, for every eye and every width."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from aggregator.core.settings import ServerSettings
from aggregator.errors import StoreError
from aggregator.model import (
    Beat,
    Day,
    FeedFigures,
    FeedShare,
    FeedState,
    Health,
    Origin,
    Outcome,
    Tag,
    TagFigures,
)
from tests.builders import NOON, a_feed, a_rendered
from tests.web.asking import website
from tests.web.browser import DESK, PHONE, chromium, visit
from tests.web.scenes import EVENT_ID, FLOOD_ID, a_dam, a_flood, a_published_site, an_output_page
from tests.web.sites import FakeSite

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAGES = (
    "/",
    "/security.html",
    f"/stories/{FLOOD_ID}",
    f"/events/{EVENT_ID}",
    "/feeds",
    "/stats",
    "/search",
    "/search?q=dam",
    "/search?q=(",
    "/nothing",
)
REFUSED = "Failed to load resource: the server responded with a status of "
SAID = {"/nothing": [f"{REFUSED}404 (Not Found)"], "/search?q=(": [f"{REFUSED}400 (Bad Request)"]}
"""What Chromium says of the page's own status."""
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LONG = "Donaudampfschifffahrt" * 40


def a_full_site() -> FakeSite:
    """Something for every corner of every page, with names that no line can hold."""
    tags = (Tag("energy", Origin.RULE, "gas"), Tag("europe/elections", Origin.PUBLISHER, LONG))
    told = {story.id: story for story in (a_dam(), replace(a_flood(), tags=tags, title=LONG))}
    return a_published_site(
        an_output_page(title=LONG, author=LONG, tags=("energy", LONG), feed_title=LONG, lang="ar"),
        told=told,
        sources=(
            a_feed(last_polled_at=NOON, last_ok_at=NOON, next_poll_at=NOON, next_poll_rule="its own rhythm"),
            a_feed(id=2, title=LONG, state=FeedState.FAILING, last_error="HTTP 404 Not Found", failures=2),
            a_feed(id=3, state=FeedState.GONE, last_error=f"HTTP 410 {LONG}", url=f"https://{LONG}.example/"),
            a_feed(id=4, state=FeedState.PAUSED, moved_to=f"https://example.org/{LONG}", moved_seen=2),
        ),
        counted={1: a_busy_week(), 2: a_busy_week()},
        came=[Day((NOON - timedelta(days=ago)).date(), 900 + ago, 120) for ago in range(30)],
        brought=(FeedShare("Example News", 812, 400), FeedShare(LONG, 9, 0)),
        tagged=(TagFigures("energy", 412, 824), TagFigures("europe/elections", 3, 3)),
        faults=(f"the disk is full: {LONG}",),
        work=("The rules have changed: 200 of 1,000 stories are judged by them so far.",),
        state=Health(last_ok_at=NOON),
    )


def a_busy_week() -> FeedFigures:
    """A poll of each outcome, time and again."""
    beats = tuple(Beat(outcome, 10 ** (number % 5)) for number in range(10) for outcome in Outcome)
    return FeedFigures(beats=beats, brought=40, began=30, backlog=10, span=timedelta(days=7))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all these tests; each page has a context of its own."""
    async with chromium() as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site() -> AsyncIterator[str]:
    """Where the full site is served."""
    async with website(a_full_site()) as client:
        yield str(client.base_url).rstrip("/")


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_says_nothing_on_the_console_and_asks_nobody_else(
    browser: Browser, site: str, path: str
) -> None:
    async with visit(browser, site + path) as visited:
        assert visited.console == SAID.get(path, [])
        assert visited.elsewhere == []
        assert await visited.page.locator("h1").count() == 1


async def test_a_breach_of_the_policy_and_a_request_elsewhere_would_be_seen(browser: Browser) -> None:
    markup = '<h1>x</h1><style>h1 {}</style><img src="https://elsewhere.invalid/pixel.gif">'
    made = FakeSite(published={"security.html": a_rendered(markup, content_type="text/html")})

    async with (
        website(made) as client,
        visit(browser, f"{client.base_url}/security.html") as visited,
    ):
        assert any("Content Security Policy" in line for line in visited.console)
        assert visited.elsewhere == ["https://elsewhere.invalid/pixel.gif"]


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_says_the_same_without_scripts(browser: Browser, site: str, path: str) -> None:
    async with visit(browser, site + path) as visited:
        with_scripts = await visited.words()
    async with visit(browser, site + path, java_script_enabled=False) as visited:
        without = await visited.words()

    assert without == with_scripts != ""


@pytest.mark.parametrize("path", PAGES)
async def test_axe_finds_nothing_on_a_page(browser: Browser, site: str, path: str) -> None:
    async with visit(browser, site + path) as visited:
        await visited.unfold()
        for viewport, scheme in product((PHONE, DESK), SCHEMES):
            await visited.page.set_viewport_size(viewport)
            await visited.page.emulate_media(color_scheme=scheme)

            assert await visited.violations() == [], (viewport, scheme)


async def test_a_page_that_cannot_be_made_is_for_everybody_too(browser: Browser) -> None:
    reason = f"the disk cannot be read: {LONG}"

    async with (
        website(FakeSite(broken=StoreError(Path("data"), reason))) as client,
        visit(browser, f"{client.base_url}/stats", viewport=PHONE) as visited,
    ):
        assert reason in await visited.words()
        assert await visited.violations() == []
        assert await visited.overflow() == []


async def test_axe_would_find_something(browser: Browser) -> None:
    markup = '<h1>x</h1><img src="/favicon.ico"><p><font color="#ddd">pale</font></p>'
    made = FakeSite(published={"security.html": a_rendered(markup, content_type="text/html")})

    async with (
        website(made) as client,
        visit(browser, f"{client.base_url}/security.html") as visited,
    ):
        found = {line.partition(":")[0] for line in await visited.violations()}

    assert {"color-contrast", "document-title", "html-has-lang", "image-alt"} <= found


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_fits_a_phone(browser: Browser, site: str, path: str) -> None:
    async with visit(browser, site + path, viewport=PHONE) as visited:
        await visited.unfold()

        assert await visited.overflow() == []


async def test_what_does_not_fit_would_be_seen(browser: Browser) -> None:
    made = FakeSite(published={"security.html": a_rendered(f"<main>{LONG}</main>", content_type="text/html")})

    async with (
        website(made) as client,
        visit(browser, f"{client.base_url}/security.html", viewport=PHONE) as visited,
    ):
        assert await visited.overflow() != []


async def test_the_first_key_leads_to_the_content(browser: Browser, site: str) -> None:
    async with visit(browser, f"{site}/feeds") as visited:
        await visited.page.keyboard.press("Tab")
        await visited.page.keyboard.press("Enter")

        await expect(visited.page).to_have_url(f"{site}/feeds#main")


async def test_times_are_those_of_the_reader_where_scripts_run(browser: Browser, site: str) -> None:
    path = f"{site}/stories/{FLOOD_ID}"
    async with visit(browser, path, timezone_id="Asia/Tokyo") as visited:
        there = visited.page.locator("header time")
        shown, title = await there.inner_text(), await there.get_attribute("title")
        assert visited.console == []
    async with visit(browser, path, timezone_id="Asia/Tokyo", java_script_enabled=False) as visited:
        said = await visited.page.locator("header time").inner_text()

    assert (shown, title, said) == ("24 Nov 2026, 01:00", "23 Nov 2026, 16:00 UTC", "23 Nov 2026, 16:00 UTC")


async def test_a_time_that_is_told_as_past_has_its_hour_of_the_reader(browser: Browser, site: str) -> None:
    async with visit(browser, site, timezone_id="Asia/Tokyo") as visited:
        heard = visited.page.locator(".lede time")

        assert await heard.inner_text() == "just now"
        assert await heard.get_attribute("title") == "24 Nov 2026, 21:00"


async def test_what_is_typed_is_looked_for_and_how_much_was_found_is_said(
    browser: Browser, site: str
) -> None:
    async with visit(browser, f"{site}/search", timezone_id="Asia/Tokyo") as visited:
        said, times = visited.page.get_by_role("status"), visited.page.locator("#found time")

        await visited.page.get_by_role("searchbox").fill("dam")
        await expect(said).to_have_text("2 stories, what came last first.")
        await expect(times.first).to_have_text("24 Nov 2026, 11:00")

        await visited.page.get_by_role("searchbox").fill("(")
        await expect(said).to_contain_text("never closed")
        await expect(times).to_have_count(0)


async def test_whoever_types_too_much_is_told_when_to_go_on(browser: Browser) -> None:
    hasty = replace(a_full_site(), door=ServerSettings(searches=1))
    async with website(hasty) as client, visit(browser, f"{client.base_url}/search") as visited:
        said = visited.page.get_by_role("status")

        await visited.page.get_by_role("searchbox").fill("dam")
        await expect(said).to_have_text("2 stories, what came last first.")
        await visited.page.get_by_role("searchbox").fill("dam gone")

        await expect(said).to_contain_text("Too many searches from your address; try again in")


async def test_the_page_that_one_is_on_is_marked(browser: Browser, site: str) -> None:
    async with visit(browser, f"{site}/stats") as visited:
        await expect(visited.page.locator("[aria-current=page]")).to_have_text("Stats")
