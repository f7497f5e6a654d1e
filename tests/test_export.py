"""The outputs as a folder for a static host: what is in it, and what is left alone. On a real store."""

import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from aggregator.core.formats.bound import BOUND
from aggregator.core.settings import FeedSettings, OutputSettings
from aggregator.errors import DataFolderError
from aggregator.model import Edition, Story
from aggregator.patterns import timed_search
from aggregator.publish import MANIFEST, Exported, export
from tests.disk import a_full_disk
from tests.folder import dead_links, serving_below
from tests.grammar.judges import faults
from tests.press import DAY, FEED, Press, a_press, output, settings, story
from tests.web.browser import chromium, visit

ADDRESS = "https://reader.example.net/news/"
TAGGED: Mapping[str, Any] = {"feeds": (FeedSettings(url=FEED, tags=("europe/west",)),)}


@dataclass
class House:
    """A press, and the folder that is made of it."""

    press: Press
    folder: Path

    async def export(self, *outputs: OutputSettings, **changes: Any) -> Exported:
        return await export(
            self.press.reader,
            settings(*outputs, **changes),
            self.folder,
            ADDRESS,
            now=lambda: self.press.now,
            search=timed_search,
        )

    def read(self, path: str) -> bytes:
        return (self.folder / path).read_bytes()

    def state(self) -> dict[str, tuple[bytes, int]]:
        """The bytes and the date of every file."""
        files = (one for one in self.folder.rglob("*") if one.is_file())
        return {
            str(one.relative_to(self.folder)): (one.read_bytes(), one.stat().st_mtime_ns) for one in files
        }


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_press(tmp_path / "data") as press:
        yield House(press, tmp_path / "site")


async def test_a_folder_holds_a_front_page_and_every_output_and_named_tag(house: House) -> None:
    await house.press.tell(story(1, "europe/west"))

    made = await house.export(output(), **TAGGED)

    forms = ("atom", "html", "json", "rss")
    paths = {f"{name}.{form}" for name in ("all", "tag/europe", "tag/europe/west") for form in forms}
    assert set(made.written) == paths | {"index.html", "icon.svg"}
    assert set(house.state()) == paths | {"index.html", "icon.svg", MANIFEST}


async def test_feeds_name_the_address_where_the_folder_is_served_and_are_valid(house: House) -> None:
    await house.press.tell(*(story(number) for number in range(5)))

    await house.export(output(limit=2))

    for suffix in ("atom", "rss", "json"):
        body = house.read(f"all.{suffix}")
        assert f"{ADDRESS}all.{suffix}".encode() in body
        assert b"127.0.0.1" not in body
        assert faults(suffix, body) == []


async def test_ids_are_those_that_the_daemon_gives(house: House) -> None:
    await house.press.tell(story(1), story(2))
    await house.press.refresh(output())

    await house.export(output())

    ids = re.compile(rb"<id>(.*?)</id>")
    ours = ids.findall(house.press.publisher.snapshot["all.atom"].body)
    assert ids.findall(house.read("all.atom")) == ours


@pytest.mark.parametrize("suffix", ["atom", "rss", "json"])
async def test_a_reader_of_the_files_that_was_away_misses_nothing(house: House, suffix: str) -> None:
    await house.press.tell(*(story(number) for number in range(400)))
    await house.export(output(limit=10))
    leads_on = rb'(?:rel="prev-archive" href=|"next_url": )"' + ADDRESS.encode() + rb'([^"]+)"'

    path, found = f"all.{suffix}", []
    while path:
        body = house.read(path)
        assert faults(suffix, body) == []
        found += re.findall(rb'(?:<title>|"title": ")(News \d+)', body)
        onward = re.search(leads_on, body)
        path = onward[1].decode() if onward else ""

    assert found == [f"News {number}".encode() for number in range(399, -1, -1)]


def with_text(one: Story, text: str) -> Story:
    return replace(one, entries=tuple(replace(entry, content=text) for entry in one.entries))


async def test_what_does_not_fit_into_five_megabytes_is_in_the_archive(house: House) -> None:
    text = "<p>" + "Water rose. " * 4_000 + "</p>"
    large = (story(number) for number in range(300))
    await house.press.tell(*(with_text(one, text) for one in large))

    await house.export(output(limit=300))

    assert all(len(body) <= BOUND for body, _ in house.state().values())
    told = {
        title
        for path, (body, _) in house.state().items()
        for title in re.findall(rb"<title>(News \d+)", body)
        if path.endswith(".atom")
    }
    front = json.loads(house.read("all.json"))
    assert len(front["items"]) == 100
    assert len(told) == 300
    assert ADDRESS in front["next_url"]


async def test_a_second_run_with_nothing_new_touches_nothing(house: House) -> None:
    await house.press.tell(*(story(number, "europe/west") for number in range(150)))
    await house.export(output(limit=10), **TAGGED)
    before = house.state()

    house.press.now += 100 * DAY
    again = await house.export(output(limit=10), **TAGGED)

    assert again == Exported((), ())
    assert house.state() == before


async def test_news_writes_only_what_says_something_else(house: House) -> None:
    await house.press.tell(*(story(number) for number in range(3)))
    await house.export(output(), output("quiet", include="nothing"))

    await house.press.tell(story(3))
    made = await house.export(output(), output("quiet", include="nothing"))

    assert sorted(made.written) == ["all.atom", "all.html", "all.json", "all.rss"]


async def test_what_is_published_no_more_is_removed_and_nothing_else(house: House) -> None:
    await house.press.tell(story(1))
    await house.export(output(), output("old"))
    (house.folder / "old.txt").write_text("mine")
    (house.folder / ".writing-mine").write_text("mine")

    await house.export(output())

    assert not list(house.folder.glob("old.[!t]*"))
    assert (house.folder / "old.txt").read_text() == "mine"


async def test_a_file_that_we_did_not_write_stays_and_is_told(house: House) -> None:
    house.folder.mkdir()
    (house.folder / "index.html").write_text("My own front page")
    (house.folder / ".writing-mine").write_text("mine")
    await house.press.tell(story(1))

    made = await house.export(output())
    again = await house.export(output("other"))

    assert (made.left_alone, again.left_alone) == (("index.html",), ("index.html",))
    assert house.read("index.html") == b"My own front page"
    assert (house.folder / "other.atom").exists()


async def test_private_outputs_are_not_in_it(house: House) -> None:
    await house.press.tell(story(1))

    await house.export(output(), output("secret", token="a" * 32))

    assert not [path for path, (body, _) in house.state().items() if "secret" in path or b"a" * 32 in body]


async def test_a_former_name_leads_to_the_page_and_holds_the_feeds_of_today(house: House) -> None:
    await house.press.tell(story(1))

    made = await house.export(replace(output(name="new"), was=("old",)))
    again = await house.export(replace(output(name="new"), was=("old",)))

    assert {f"old.{form}" for form in ("atom", "html", "json", "rss")} <= set(made.written)
    assert again.written == ()
    assert house.read("old.atom") == house.read("new.atom")
    page = house.read("old.html").decode()
    assert '<meta http-equiv="refresh" content="0; url=new.html">' in page
    assert f'<link rel="canonical" href="{ADDRESS}new.html"/>' in page


async def test_a_former_name_that_is_given_up_goes(house: House) -> None:
    await house.export(replace(output(name="new"), was=("old",)))

    await house.export(output(name="new"))

    assert not (house.folder / "old.atom").exists()


async def test_a_browser_follows_a_former_name(house: House) -> None:
    await house.export(replace(output(name="new"), was=("old",)))

    with serving_below("news", house.folder) as base:
        async with chromium() as browser, visit(browser, f"{base}old.html") as visited:
            await expect(visited.page).to_have_url(f"{base}new.html")


async def test_a_digest_is_a_file_like_any_other(house: House) -> None:
    await house.press.tell(story(1))
    daily = output("daily", digest=Edition.DAILY)
    await house.press.store.keep_digests((await house.press.refresh(daily)).digests)
    house.press.now += 2 * DAY
    await house.press.store.keep_digests((await house.press.refresh(daily)).digests)

    await house.export(daily)

    assert b"News 1" in house.read("daily.atom")


async def test_a_disk_that_fills_leaves_every_good_file_and_the_next_run_mends_it(house: House) -> None:
    await house.press.tell(*(story(number) for number in range(30)))
    await house.export(output(limit=10))
    before = house.state()
    await house.press.tell(story(30))

    with a_full_disk(), pytest.raises(DataFolderError, match="cannot be written to"):
        await house.export(output(limit=10))
    assert house.state() == before

    await house.export(output(limit=10))
    assert b"News 30" in house.read("all.atom")


async def test_a_first_run_that_a_full_disk_broke_off_is_done_over(house: House) -> None:
    await house.press.tell(story(1))
    with a_full_disk(), pytest.raises(DataFolderError):
        await house.export(output())

    made = await house.export(output())

    assert made.left_alone == ()
    assert b"News 1" in house.read("all.atom")


async def test_a_run_that_was_killed_half_way_is_done_over(house: House) -> None:
    await house.press.tell(story(1))
    await house.export(output())
    kept = house.read(MANIFEST)
    (house.folder / MANIFEST).write_bytes(re.sub(rb'"[0-9a-f]{32}"', b'""', kept))
    (house.folder / ".writing-abc").write_bytes(b"half")

    made = await house.export(output())

    assert made.left_alone == ()
    assert len(made.written) == 6
    assert not (house.folder / ".writing-abc").exists()


class TestInABrowser:
    @pytest.fixture
    async def site(self, house: House) -> House:
        """A folder with all that pages may lead to: archives, tags with and without a page, odd names."""
        told = (
            story(number, *(("europe/west", "日本", "loose") if number % 2 else ())) for number in range(30)
        )
        await house.press.tell(*told)
        feeds = (FeedSettings(url=FEED, tags=("europe/west", "日本")),)
        await house.export(output(limit=10), output("by.event_2"), feeds=feeds)
        return house

    async def test_every_link_leads_to_a_file(self, site: House) -> None:
        pages = [site.folder / path for path in site.state() if path.endswith(".html")]

        async with chromium() as browser:
            found = [await looked_at(browser, page.as_uri(), site.folder) for page in pages]

        assert len(pages) == 6
        assert found == [([], [])] * 6

    async def test_every_page_works_below_a_path_of_a_web_server(self, site: House) -> None:
        pages = [path for path in site.state() if path.endswith(".html")]

        with serving_below("some/where", site.folder) as base:
            async with chromium() as browser:
                found = [await looked_at(browser, f"{base}{path}", site.folder, base) for path in pages]

        assert found == [([], [])] * 6

    async def test_the_front_page_of_the_folder_is_for_everybody(self, site: House) -> None:
        async with chromium() as browser, visit(browser, (site.folder / "index.html").as_uri()) as page:
            assert "Every story once" in await page.words()
            assert await page.violations() == []
            assert await page.overflow() == []


async def looked_at(browser: Browser, url: str, folder: Path, base: str = "") -> tuple[list[str], list[str]]:
    """What the console said of the page, and where it leads that is no file of ours."""
    async with visit(browser, url) as page:
        links = await page.page.evaluate(
            "[...document.querySelectorAll('[href]')].map(one => [one.getAttribute('href'), one.href])"
        )
        return page.console, dead_links(links, folder, base or folder.as_uri() + "/")
