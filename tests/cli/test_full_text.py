"""Full text from end to end: the real workers, the real store, poll after poll."""

import json
import sqlite3
import sys

import pytest

from tests.http import WebServer, reply
from tests.newsroom import Desk, an_item, an_rss
from tests.pages import a_page

HTML = {"content_type": "text/html; charset=utf-8"}
OWN = "Thousands were told to leave their homes on Tuesday after a dam gave way."
FULL = "gave way early on Tuesday"


def an_article(web: WebServer, number: int = 1, text: str = OWN) -> str:
    """An item whose link leads to a page of this server."""
    title = f"Dam bursts in valley number {number}"
    return an_item(number, title=title, link=f"{web.url}/2026/{number}", text=text)


def subscribe(desk: Desk, web: WebServer, *documents: bytes, more: str = "") -> None:
    """One feed that wants full texts, and the documents that it gives poll after poll."""
    url = web.on("/rss", *(reply(200, document) for document in documents))
    desk.write(f"{{url: '{url}', full_text: true{more}}}")


def asked_for(web: WebServer) -> list[str]:
    """The pages that were asked for."""
    return [one.path for one in web.asked if one.path != "/rss"]


def entries(desk: Desk) -> list[tuple[str, str]]:
    """Summary and content of every stored entry."""
    with sqlite3.connect(desk.data / "aggregator.db") as conn:
        found = conn.execute("SELECT summary, content FROM entries ORDER BY guid").fetchall()
    conn.close()
    return found


def problem(desk: Desk) -> str | None:
    """What the last poll had to say."""
    with sqlite3.connect(desk.data / "aggregator.db") as conn:
        found = conn.execute("SELECT error FROM polls ORDER BY at DESC, rowid DESC").fetchone()
    conn.close()
    return None if found is None else found[0]


def test_a_new_entry_comes_in_with_its_articles_text_and_is_published_so(desk: Desk, web: WebServer) -> None:
    web.on("/2026/1", reply(200, a_page(), **HTML))
    subscribe(desk, web, an_rss(an_article(web)))

    assert desk.run("poll").code == 0

    ((summary, content),) = entries(desk)
    assert summary == OWN
    assert FULL in content
    (item,) = json.loads(desk.published()["all.json"])["items"]
    assert FULL in item["content_html"]
    assert f'href="{web.url}/map.html"' in item["content_html"]
    assert problem(desk) is None


def test_the_page_is_asked_for_once_and_its_text_stays(desk: Desk, web: WebServer) -> None:
    web.on("/2026/1", reply(200, a_page(), **HTML))
    subscribe(desk, web, an_rss(an_article(web)), an_rss(an_article(web), title="Another name"))
    desk.run("poll", "--all")
    before = entries(desk)

    desk.run("poll", "--all")

    assert asked_for(web) == ["/2026/1"]
    assert entries(desk) == before


def test_an_entry_that_is_told_in_other_words_is_read_again_once(desk: Desk, web: WebServer) -> None:
    page = "<p>An inquiry has begun. " + f"{OWN} " * 5 + "</p>"
    web.on("/2026/1", reply(200, a_page(), **HTML), reply(200, a_page(page), **HTML))
    edited = an_article(web, text=f"Correction: {OWN}")
    documents = (an_rss(an_article(web)), an_rss(edited), an_rss(edited, title="Another name"))
    subscribe(desk, web, *documents)

    for _ in documents:
        desk.run("poll", "--all")

    assert asked_for(web) == ["/2026/1"] * 2
    ((summary, content),) = entries(desk)
    assert summary == f"Correction: {OWN}"
    assert "An inquiry has begun" in content


def test_a_page_that_fails_costs_no_news_and_is_not_tried_for_ever(desk: Desk, web: WebServer) -> None:
    web.on("/2026/2", reply(200, b"%PDF-1.7", content_type="application/pdf"))
    document = (an_article(web, 1), an_article(web, 2))
    subscribe(desk, web, an_rss(*document), an_rss(*document, title="Another name"))
    desk.run("poll", "--all")
    told = problem(desk)

    desk.run("poll", "--all")

    assert entries(desk) == [("", OWN), ("", OWN)]
    assert told == (
        "2 entries without full text: 1 × HTTP 404 Not Found, 1 × this is application/pdf, not a web page"
    )
    assert sorted(asked_for(web)) == ["/2026/1", "/2026/2"]


def test_what_was_stored_before_is_not_read_when_full_text_is_turned_on(desk: Desk, web: WebServer) -> None:
    for number in (1, 2):
        web.on(f"/2026/{number}", reply(200, a_page(), **HTML))
    documents = (an_rss(an_article(web, 1)), an_rss(an_article(web, 2), an_article(web, 1)))
    desk.write(web.on("/rss", *(reply(200, document) for document in documents)))
    desk.run("poll", "--all")

    desk.write(f"{{url: '{web.url}/rss', full_text: true}}")
    desk.run("poll", "--all")

    assert asked_for(web) == ["/2026/2"]
    assert [FULL in content for _, content in entries(desk)] == [False, True]


def test_entries_that_the_feed_is_not_to_bring_in_cost_no_page(desk: Desk, web: WebServer) -> None:
    web.on("/2026/2", reply(200, a_page("<p>Of sport, too. " + f"{OWN} " * 5 + "</p>"), **HTML))
    document = an_rss(an_article(web, 1, text=f"Of sport: {OWN}"), an_article(web, 2))
    subscribe(desk, web, document, more=", exclude: sport")

    desk.run("poll")

    assert asked_for(web) == ["/2026/2"]
    assert ["Of sport, too" in content for _, content in entries(desk)] == [True]


def test_two_feeds_whose_pages_name_one_article_tell_one_story(desk: Desk, web: WebServer) -> None:
    head = '<link rel="canonical" href="https://wire.example/2026/11/24/dam-bursts">'
    for number in (1, 2):
        web.on(f"/2026/{number}", reply(200, a_page(head=head), **HTML))
        web.on(f"/rss{number}", reply(200, an_rss(an_article(web, number, text=f"Desk {number}: {OWN}"))))
    desk.write(*(f"{{url: '{web.url}/rss{number}', full_text: true}}" for number in (1, 2)))

    ended = desk.run("poll")

    assert "2 new entries, 1 new story" in ended.out


def test_without_its_library_the_config_says_what_to_install(
    desk: Desk, web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    desk.write(f"{{url: '{web.url}/rss', full_text: true}}", f"{{url: '{web.url}/2', full_text: false}}")

    ended = desk.run("check")

    assert ended.code == 2
    (fault,) = ended.out.splitlines()
    assert fault.endswith(
        "feeds[0].full_text: needs the extra `fulltext`: pip install 'aggregator[fulltext]', "
        "or take full_text out"
    )
