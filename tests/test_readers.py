"""What real feed readers make of our output: newsboat and sfeed, as Debian ships them."""

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.core.formats import FORMATS
from aggregator.core.items import items_of
from aggregator.model import Document, Group
from tests.builders import NOON, a_story, an_entry
from tests.http import WebServer, reply
from tests.newsroom import serving_aside

TITLES = {1: "Dam bursts in northern valley", 2: "AT&T & Co: 5 > 4 < 6", 3: "夜の港に灯がともる"}


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"needs {program} (Debian: {program})")


def an_output(suffix: str, web: WebServer, *numbers: int) -> bytes:
    """An output with these stories."""
    stories = [
        a_story(
            an_entry(
                uid=f"e{number}",
                story_id=f"00000000-0000-5000-8000-00000000000{number}",
                title=TITLES[number],
                url=f"https://news.example.org/{number}",
            )
        )
        for number in numbers
    ]
    items = tuple(item for story in stories for item in items_of(story, Group.STORY))
    document = Document(
        name="all",
        title="All the news",
        description="Every story once",
        base_url=f"{web.url}/",
        updated_at=NOON,
        items=tuple(replace(item, published_at=NOON) for item in items),
    )
    return FORMATS[suffix].render(document, {one: f"{web.url}/all.{one}" for one in FORMATS})


@pytest.fixture
def web() -> Iterator[WebServer]:
    with serving_aside() as server:
        yield server


class Newsboat:
    """A newsboat with a cache of its own, subscribed to one address."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        (folder / "urls").write_text(f"{url}\n")
        (folder / "config").write_text("")

    def reload(self) -> list[tuple[str, str, str, int]]:
        """Fetch again; (guid, title, url, seconds since 1970) of every item it keeps."""
        files = ("-u", "urls", "-c", "cache.db", "-C", "config", "-x", "reload")
        subprocess.run(["newsboat", *files], cwd=self.folder, check=True, timeout=60, capture_output=True)
        with sqlite3.connect(self.folder / "cache.db") as cache:
            rows = cache.execute("SELECT guid, title, url, pubDate FROM rss_item ORDER BY guid").fetchall()
        return [(str(guid), str(title), str(url), int(date)) for guid, title, url, date in rows]


@needs("newsboat")
@pytest.mark.parametrize("suffix", ["atom", "rss"])
def test_newsboat_shows_every_item_once_and_later_only_the_new_ones(
    tmp_path: Path, web: WebServer, suffix: str
) -> None:
    kind = FORMATS[suffix].content_type
    first, then = an_output(suffix, web, 1, 2), an_output(suffix, web, 1, 2, 3)
    url = web.on(f"/all.{suffix}", *(reply(200, body, content_type=kind) for body in (first, first, then)))
    newsboat = Newsboat(tmp_path, url)

    shown = newsboat.reload()
    again = newsboat.reload()
    later = newsboat.reload()

    ids = [f"urn:uuid:00000000-0000-5000-8000-00000000000{number}" for number in (1, 2)]
    links = [f"https://news.example.org/{number}" for number in (1, 2)]
    assert [(guid, link) for guid, _, link, _ in shown] == list(zip(ids, links, strict=True))
    assert shown[0][1] == TITLES[1]
    assert shown[1][1] == TITLES[2]
    assert {date for *_, date in shown} == {int(NOON.timestamp())}
    assert again == shown
    assert [row for row in later if row not in shown] == [
        (
            "urn:uuid:00000000-0000-5000-8000-000000000003",
            TITLES[3],
            "https://news.example.org/3",
            shown[0][3],
        )
    ]


@needs("sfeed")
@pytest.mark.parametrize("suffix", ["atom", "rss"])
def test_sfeed_reads_ids_titles_links_and_dates(web: WebServer, suffix: str) -> None:
    body = an_output(suffix, web, 1, 3)

    done = subprocess.run(["sfeed"], input=body, check=True, capture_output=True, timeout=20)

    rows = [line.split("\t") for line in done.stdout.decode().splitlines()]
    assert [(row[0], row[1], row[2]) for row in rows] == [
        (str(int(NOON.timestamp())), TITLES[number], f"https://news.example.org/{number}")
        for number in (1, 3)
    ]
    assert [row[5][-1] for row in rows] == ["1", "3"]
