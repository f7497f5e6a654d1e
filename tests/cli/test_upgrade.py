"""A store from before the rules were renewed of what makes two addresses one page, or two texts alike."""

import re
import sqlite3
from array import array
from contextlib import closing

import pytest

from aggregator.core.text import key64
from aggregator.migrations import STEPS
from tests.http import WebServer, reply
from tests.newsroom import Desk, an_item, an_rss

BEFORE = {
    "https://www.bbc.co.uk/news/articles/c1": "bbc.co.uk/news/articles/c1",
    "https://www.wsj.com/articles/dam-1?mod=rss_x": "wsj.com/articles/dam-1?mod=rss_x",
    "https://href.li/?https://wire.example/1": "href.li/?https%3A%2F%2Fwire.example%2F1=",
}
"""Links, and the keys that they had."""
GUID, LINK = re.compile("<guid>.*</guid>"), re.compile("<link>.*</link>")
AFTER = (
    "https://www.bbc.com/news/articles/c1",
    "https://www.wsj.com/articles/dam-1",
    "https://wire.example/1",
)


def items(guid: str) -> list[str]:
    """An item for each link, with such a guid or with none; a last one has no link."""
    told = [an_item(place, link=link) for place, link in enumerate(BEFORE)]
    named = [one.replace("item-", guid) if guid else GUID.sub("", one) for one in told]
    return [*named, LINK.sub("", an_item(9))]


def as_before(desk: Desk) -> None:
    """Make the file what the version before would have left."""
    with closing(sqlite3.connect(desk.data / "aggregator.db")) as conn, conn:
        conn.execute("DELETE FROM fingerprints WHERE signal = 'url'")
        for link, page in BEFORE.items():
            conn.execute(
                "INSERT INTO fingerprints SELECT 'url', ?, first_seen_at, uid, story_id, feed_id"
                " FROM entries WHERE url = ?",
                (key64(page), link),
            )
        without(conn, "0010_link_keys")


def without(conn: sqlite3.Connection, step: str) -> None:
    """This step was not applied yet."""
    conn.execute("DELETE FROM _sqlite_migrations WHERE name = ?", (step,))
    conn.execute(f"PRAGMA user_version = {len(STEPS) - 1}")


def ids(desk: Desk) -> list[tuple[str, ...]]:
    """The ids of every entry, and its link."""
    with closing(sqlite3.connect(desk.data / "aggregator.db")) as conn:
        return conn.execute("SELECT uid, story_id, url FROM entries ORDER BY id").fetchall()


@pytest.mark.parametrize("guids", [("", ""), ("a", "a"), ("a", "b")], ids=["no guids", "guids", "new guids"])
def test_the_same_entries_keep_their_ids(desk: Desk, web: WebServer, guids: tuple[str, str]) -> None:
    documents = (an_rss(*items(guids[0])), an_rss(*items(guids[1]), title="Another name"))
    desk.write(web.on("/rss", *(reply(200, document) for document in documents)))
    desk.run("poll", "--all")
    before = ids(desk)
    as_before(desk)

    ended = desk.run("poll", "--all")

    assert (ended.code, len(before)) == (0, 4)
    assert ids(desk) == before


def test_a_copy_under_another_form_of_the_link_joins_the_stored_story(desk: Desk, web: WebServer) -> None:
    one = web.on("/one", reply(200, an_rss(*items("a"))))
    copies = [an_item(20 + place, link=link, title="Other words") for place, link in enumerate(AFTER)]
    two = web.on("/two", reply(200, an_rss(*copies)))
    desk.write(one)
    desk.run("poll", "--all")
    as_before(desk)
    desk.write(one, two)

    ended = desk.run("poll", "--all")

    assert "3 new entries, 0 new stories" in ended.out


def test_a_link_that_led_to_a_section_gets_no_key(desk: Desk, web: WebServer) -> None:
    link = "https://www.bbc.co.uk/news"
    desk.write(web.on("/rss", reply(200, an_rss(an_item(1, link=link), an_item(2, link=link)))))
    desk.run("poll", "--all")
    as_before(desk)

    desk.run("status")
    desk.run("poll", "--all")

    with closing(sqlite3.connect(desk.data / "aggregator.db")) as conn:
        assert conn.execute("SELECT count(*) FROM fingerprints WHERE signal = 'url'").fetchone() == (0,)


DAM = "Dam bursts in northern valley after week of rain"
TEXT = (
    "Thousands of people were told to leave their homes on Tuesday after a dam gave way in the northern "
    "valley, officials said, and rescue teams searched flooded villages for 40 who were missing, while the "
    "army brought in boats and helicopters."
)


@pytest.mark.parametrize(
    ("title", "text", "layer"),
    [
        (DAM, TEXT, "title"),
        ("Dam bursts in the northern valley after rain", TEXT.replace(" officials said, and", ""), "text"),
    ],
)
def test_a_copy_of_a_text_joins_the_story_that_was_stored_before(
    desk: Desk, web: WebServer, title: str, text: str, layer: str
) -> None:
    one = web.on("/one", reply(200, an_rss(an_item(1, title=DAM, text=TEXT))))
    two = web.on("/two", reply(200, an_rss(an_item(2, title=title, text=text))))
    desk.write(one)
    desk.run("poll", "--all")
    with_the_old_terms(desk)
    desk.write(one, two)

    desk.run("poll", "--all")

    with closing(sqlite3.connect(desk.data / "aggregator.db")) as conn:
        told = conn.execute("SELECT matched_by FROM entries ORDER BY id").fetchall()
    assert told == [("new",), (layer,)]


def with_the_old_terms(desk: Desk) -> None:
    """Make of the texts what the version before would have left: a term had a bit more of the word."""
    with closing(sqlite3.connect(desk.data / "aggregator.db")) as conn, conn:
        packed = conn.execute("SELECT gist FROM gists").fetchone()[0]
        terms = array("I", [term | (place % 2) << 1 for place, term in enumerate(array("I", packed[1:]))])
        conn.execute("UPDATE gists SET gist = ?", (packed[:1] + terms.tobytes(),))
        conn.execute("UPDATE fingerprints SET key = 1 WHERE signal = 'title'")
        without(conn, "0012_texts")
