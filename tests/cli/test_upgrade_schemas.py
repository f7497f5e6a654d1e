"""The data file of every earlier schema, taken over by this version: nothing is lost, and nothing told twice.

The files hold what the version of their time stored of the documents beside them: `tests.migrations.freeze`.
"""

import json
import lzma
import sqlite3
from contextlib import closing
from pathlib import Path

import feedparser
import pytest

from aggregator.migrations import SCHEMA_VERSION
from aggregator.store.connection import DATABASE_NAME, open_writer
from tests.http import WebServer, reply
from tests.migrations.freeze import ADDRESS, FROZEN
from tests.newsroom import Desk, an_item, an_rss

FILES = sorted(FROZEN.glob("schema-*.db.xz"))
HOST = "http://{}:{}".format(*ADDRESS)
ENTRIES = "SELECT uid, story_id, feed_id, url, title, first_seen_at FROM entries ORDER BY uid"
TAGS = "SELECT story_id, tag, origin FROM story_tags ORDER BY 1, 2, 3"
STORIES = "SELECT id, seq, title, news_at, first_seen_at, lead_uid FROM stories ORDER BY id"


@pytest.fixture(params=FILES, ids=lambda file: file.name.partition(".")[0])
def before(request: pytest.FixtureRequest, desk: Desk, web: WebServer) -> Desk:
    """A desk whose store an earlier version has left, and whose feeds tell the same in other bytes."""
    desk.data.mkdir()
    (desk.data / DATABASE_NAME).write_bytes(lzma.decompress(Path(request.param).read_bytes()))
    for document in FROZEN.glob("*.[ajr]*"):
        web.on(f"{HOST}/{document.name}", reply(200, document.read_bytes() + b"\n"))
    config = (FROZEN / "aggregator.yaml").read_text()
    desk.config.write_text(config.replace("{url:", f'{{proxy: "{web.url}", url:'))
    return desk


def read(desk: Desk, query: str) -> list[tuple[object, ...]]:
    """The rows of the data file, by a reader that knows nothing of us."""
    with closing(sqlite3.connect(desk.data / DATABASE_NAME)) as conn:
        return conn.execute(query).fetchall()


def columns(path: Path) -> set[tuple[object, ...]]:
    """Every column of every table, and the name of all else that the file declares."""
    with closing(sqlite3.connect(path)) as conn:
        declared = conn.execute("SELECT type, name FROM sqlite_master").fetchall()
        tables = [name for kind, name in declared if kind == "table"]
        return {
            *declared,
            *((name, *row[1:]) for name in tables for row in conn.execute(f"PRAGMA table_info({name})")),
        }


def test_todays_schema_has_its_file() -> None:
    assert FILES[-1].name == f"schema-{SCHEMA_VERSION:02}.db.xz"


def test_what_was_stored_stays_and_is_not_told_again(before: Desk) -> None:
    kept = [read(before, query) for query in (ENTRIES, STORIES, TAGS)]

    ended = before.run("poll", "--all")

    assert ended.out.startswith("3 feeds polled (3 unchanged)\n0 new entries, 0 new stories")
    assert [read(before, query) for query in (ENTRIES, STORIES, TAGS)] == kept


def test_readers_find_the_ids_that_they_know(before: Desk) -> None:
    known = {f"urn:uuid:{row[0]}" for row in read(before, STORIES)}

    before.run("poll", "--all")

    told = feedparser.parse(before.published()["all.atom"]).entries
    assert {entry.id for entry in told} == known


def test_a_copy_that_comes_now_joins_its_story(before: Desk, web: WebServer) -> None:
    copy = an_item(1, title="Soup", link="https://paper.example/2026/soup")
    url = web.on("/late", reply(200, an_rss(copy)))
    before.config.write_text(before.config.read_text().replace("feeds:\n", f"feeds:\n  - {url}\n"))

    ended = before.run("poll", "--all")

    assert "1 new entry, 0 new stories" in ended.out


def test_what_was_stored_can_be_searched(before: Desk) -> None:
    before.run("poll")

    found = json.loads(before.run("search", "--json", "leek").out)

    assert [story["title"] for story in found] == [
        "A recipe for the first cold evening: leek and potato soup"
    ]


def test_the_schema_is_that_of_a_new_file(before: Desk, tmp_path: Path) -> None:
    before.run("poll", "--all")
    open_writer(tmp_path / "new.db").close()

    assert columns(before.data / DATABASE_NAME) == columns(tmp_path / "new.db")
    assert read(before, "PRAGMA integrity_check") == [("ok",)]
