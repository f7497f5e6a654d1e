"""The docs as a site: built without a warning, asking nobody else; and their links as GitHub follows them."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.web.browser import chromium, visit

ROOT = Path(__file__).parents[1]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)#?([^)\s]*)\)")
CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LOADS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, as `make docs` builds it."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    environ = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return folder


def test_every_page_of_the_docs_is_on_the_site(site: Path) -> None:
    wanted = {page.relative_to(ROOT / "docs").with_suffix(".html") for page in (ROOT / "docs").rglob("*.md")}

    assert wanted <= {page.relative_to(site) for page in site.rglob("*.html")}


def test_no_page_of_the_site_loads_anything_from_elsewhere(site: Path) -> None:
    loaded = [one for page in site.rglob("*.html") for one in loads_of(page.read_text(encoding="utf-8"))]

    assert loaded
    assert [one for one in loaded if re.match(r"(\w+:)?//", one)] == []


def test_what_a_page_loads_is_seen() -> None:
    assert loads_of('<script src="//a.example/x.js"></script><a href="https://b.example/">b</a>') == [
        "//a.example/x.js"
    ]


async def test_a_browser_that_opens_the_site_asks_nobody_else(site: Path) -> None:
    async with chromium() as browser, visit(browser, (site / "index.html").as_uri()) as visited:
        await visited.page.wait_for_load_state("networkidle")

        assert visited.elsewhere == []
        assert await visited.page.title() == "aggregator"


def test_the_front_page_of_the_docs_leads_to_every_other() -> None:
    folder = ROOT / "docs"
    led = {target for target, _ in LINK.findall((folder / "index.md").read_text(encoding="utf-8"))}

    assert {str(page.relative_to(folder)) for page in folder.rglob("*.md")} - {"index.md"} <= led


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere_on_github(page: Path) -> None:
    links = LINK.findall(CODE.sub("", page.read_text(encoding="utf-8")))

    assert [link for link in links if not _leads(page, *link)] == []


def loads_of(markup: str) -> list[str]:
    """The addresses that a browser loads by itself to show this page."""
    found: list[str] = []

    class Loads(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.extend(value for name, value in attrs if value and LOADS.get(tag) == name)

    Loads().feed(markup)
    return found


def _leads(page: Path, target: str, anchor: str) -> bool:
    there = page.parent / target if target else page
    return there.exists() and (not anchor or anchor in _anchors(there))


def _anchors(page: Path) -> set[str]:
    """The anchors that GitHub makes of the headings of a page, and those that it sets itself."""
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    made = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return made | set(re.findall(r'<a id="([^"]+)">', text))
