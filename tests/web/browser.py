"""Debian's Chromium, driven by Playwright: what a person's browser makes of our pages.

Nothing is fetched: neither Playwright's own browsers nor axe-core, which lies in a Python package.
"""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, ViewportSize, async_playwright

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1180, "height": 800}

# What a table scrolls away, or a label for screen readers holds, is nobody's overflow.
WIDE = """() => [document.documentElement.scrollWidth, ...[...document.querySelectorAll("main *")]
    .filter(one => !one.closest(".unseen, svg, thead") && one.getBoundingClientRect().right > innerWidth + 1)
    .map(one => one.outerHTML.slice(0, 120))]"""


@dataclass
class Visit:
    """A page that is open, and what was heard of it."""

    page: Page
    origin: str
    console: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    """addresses on other sites that were asked for"""

    async def words(self) -> str:
        """The main text as it is shown."""
        return " ".join((await self.page.inner_text("main")).split())

    async def unfold(self) -> None:
        """Open all that can be opened."""
        await self.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")

    async def violations(self) -> list[str]:
        """What axe-core finds, in a line each."""
        if await self.page.evaluate("!window.axe"):
            await self.page.evaluate(AXE)
        found = await self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']}: {node['html']} {node['failureSummary']}"
            for one in found["violations"]
            for node in one["nodes"]
        ]

    async def overflow(self) -> list[Any]:
        """What is wider than the window; nothing where all of it fits."""
        width, *parts = await self.page.evaluate(WIDE)
        return parts if width <= await self.page.evaluate("innerWidth") else [width, *parts]


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser under way; the test is skipped where there is none."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("needs the program chromium (Debian package chromium)")
    async with async_playwright() as playwright:
        options = ["--no-sandbox", "--no-proxy-server"]
        browser = await playwright.chromium.launch(executable_path=program, args=options)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def visit(browser: Browser, url: str, **context: Any) -> AsyncIterator[Visit]:
    """The page at this address, loaded; in a context of its own, as Playwright's `new_context` takes it."""
    begun = await browser.new_context(**{"viewport": DESK, "timezone_id": "UTC", **context})
    try:
        parts = urlsplit(url)
        visited = Visit(await begun.new_page(), f"{parts.scheme}://{parts.netloc}")
        visited.page.on("console", lambda said: visited.console.append(said.text))
        visited.page.on("pageerror", lambda error: visited.console.append(str(error)))
        visited.page.on("request", lambda asked: _note(visited, asked.url))
        await visited.page.goto(url)
        yield visited
    finally:
        await begun.close()


def _note(visited: Visit, url: str) -> None:
    if not url.startswith(f"{visited.origin}/"):
        visited.elsewhere.append(url)
