"""Old addresses of outputs that were renamed, asked over real sockets."""

import pytest

from aggregator.core.settings import OutputSettings
from tests.builders import a_rendered
from tests.web.asking import ask, website
from tests.web.sites import FakeSite

SITE = FakeSite(
    published={"new.atom": a_rendered()},
    configured=[OutputSettings(name="new", title="New", was=("old", "older"))],
)


@pytest.mark.parametrize("path", ["old.atom", "older.rss", "old.json", "old.html"])
async def test_an_old_address_leads_to_the_new_one_for_good(path: str) -> None:
    answer = await ask(f"/{path}", SITE)

    assert answer.status_code == 301
    assert answer.headers["Location"] == f"new.{path.rpartition('.')[2]}"


@pytest.mark.parametrize(
    "page", [".archive-2026-W47-101-200.atom", ".archive-2026-W47-1-57.rss", ".archive-2026-W01-1-1.json"]
)
async def test_an_old_page_of_the_archive_leads_to_the_new_one(page: str) -> None:
    answer = await ask(f"/older{page}", SITE)

    assert (answer.status_code, answer.headers["Location"]) == (301, f"new{page}")


async def test_caches_ask_again_soon_for_a_name_may_go_back() -> None:
    assert (await ask("/old.atom", SITE)).headers["Cache-Control"] == "max-age=60"


async def test_a_reader_that_follows_gets_the_output() -> None:
    async with website(SITE) as client:
        answer = await client.get("/old.atom", follow_redirects=True)

    assert (answer.status_code, answer.content) == (200, b"<feed/>")


@pytest.mark.parametrize(
    "path", ["/old.pdf", "/old", "/x/old.atom", "/old.archive-2026-W47-1-57.html", "/old.archive-all.atom"]
)
async def test_what_was_never_an_address_is_none_now(path: str) -> None:
    assert (await ask(path, SITE)).status_code == 404


async def test_an_old_address_is_only_read() -> None:
    assert (await ask("/old.atom", SITE, "POST")).status_code == 405
