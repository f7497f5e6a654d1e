"""Every published file keeps to the letter of its format, whatever the feeds say."""

import json
from typing import Any
from xml.sax.saxutils import escape

from aggregator.demo import DemoSite, config_text
from tests.grammar.judges import faults
from tests.http import WebServer, reply
from tests.newsroom import Desk, an_rss

EVERY_KIND = """
outputs:
  - {name: all, title: "All & <b>]]></b>", limit: 5, was: [older]}
  - {name: small, limit: 2}
  - {name: entries, group: none, limit: 5}
  - {name: happenings, group: event, limit: 5}
  - {name: top, order: coverage}
  - {name: two, min_feeds: 2}
  - {name: nothing, include: nosuchword}
  - {name: share, per_feed: 2}
  - {name: daily, digest: daily}
tags: {a/b: [long, emoji], never: [nosuchword]}
"""
HOSTILE: dict[str, dict[str, Any]] = {
    "a title of 10,000 characters": {"title": "Long " * 2_000},
    "one word of 10,000 characters": {"title": "字" * 10_000},
    "no title": {"title": ""},
    "no link": {"url": ""},
    "no text": {"content_html": ""},
    "two hyphens, also at the end": {"title": "a -- b --", "content_html": "<p>a -- b</p><!-- c -- d --"},
    "nothing but an id": {"title": "", "url": "", "content_html": ""},
    "markup in the title": {"title": "]]> <b>bold</b> -- <!-- &amp; &#8211; </title></item>"},
    "markup in the text": {
        "content_html": "]]> -- <p>a<b>b</p> <script>alert(1)</script> <![CDATA[ &nope; <img src=x>"
    },
    "control characters": {"title": "a\0b\x08c\x1bd\x85e\ufffef", "content_html": "a\0b\x08c"},
    "half a character": {"title": "half \ud83d", "content_html": "half \udc00"},
    "right to left": {"title": "\u202eأخبار\u202c اليوم", "language": "ar"},
    "emoji": {"title": "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿 news"},
    "no language": {"language": "<klingon>"},
    "a date that is none": {"date_published": "yesterday"},
    "a date far ahead": {"date_published": "9999-12-31T23:59:59Z"},
    "a date before all": {"date_published": "0001-01-01T00:00:00Z"},
    "a link that is a script": {"url": "javascript:alert(1)", "image": "data:image/png;base64,xx"},
    "a link with spaces and brackets": {"url": "https://news.example.org/a b[c]|d\"<e>`?q=ü{}"},
    "an author in angles": {"authors": [{"name": "Jane <jane@example.org> & Co"}]},
    "tags of all kinds": {"tags": ["R&D", "<b>", "", "a\0b", "x" * 5_000, "#wow"]},
    "a file of 50 MB": {
        "attachments": [
            {"url": "https://a.example/f.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 52_428_800}
        ]
    },
    "files that make no sense": {
        "attachments": [
            {"url": "ftp://a.example/f", "mime_type": "nonsense", "size_in_bytes": -5},
            {"url": "https://user:pass@a.example:99999/f", "mime_type": "a/b; c=d", "size_in_bytes": 10**30},
            {"url": "https://[2001:db8::1]/f", "mime_type": "", "size_in_bytes": None},
        ]
    },
}  # fmt: skip


def a_hostile_feed() -> bytes:
    """A JSON Feed with an item of each kind."""
    plain = {"url": "https://news.example.org/{}", "title": "News {}", "content_html": "<p>Report {}.</p>"}
    items = [
        {"id": f"item-{number}", **{key: said.format(number) for key, said in plain.items()}, **hostile}
        for number, hostile in enumerate(HOSTILE.values())
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "]]> <Evil> \ud800 & Co", "items": items}
    return json.dumps(feed).encode()


def invalid(desk: Desk) -> dict[str, list[str]]:
    """What is wrong with the published files, by their paths."""
    found = {path: faults(path.rpartition(".")[2], body) for path, body in desk.published().items()}
    found.pop(".published.json")
    assert len(found) >= 4
    return {path: said for path, said in found.items() if said}


def test_the_demo_publishes_nothing_but_valid_files(desk: Desk) -> None:
    site = DemoSite()
    desk.config.write_text(config_text(site.start()))
    try:
        assert desk.run("poll").code == 0
    finally:
        site.stop()

    assert len(desk.published()) > 40
    assert invalid(desk) == {}


def test_hostile_items_of_a_json_feed_come_out_valid(desk: Desk, web: WebServer) -> None:
    desk.write(web.on("/feed.json", reply(200, a_hostile_feed())))

    ended = desk.run("poll")

    assert f"{len(HOSTILE)} new entries" in ended.out
    assert invalid(desk) == {}


def test_hostile_items_of_an_rss_feed_come_out_valid(desk: Desk, web: WebServer) -> None:
    items = "".join(
        f"<item><guid>item-{number}</guid><title>{escape(str(hostile.get('title', number)))}</title>"
        f"<link>{escape(str(hostile.get('url', number)))}</link>"
        f"<description>{escape(str(hostile.get('content_html', number)))}</description>"
        f"<pubDate>{hostile.get('date_published', '')}</pubDate>"
        "<enclosure url='https://a.example/f.mp3' length='lots' type='audio'/></item>"
        for number, hostile in enumerate(HOSTILE.values())
    )
    body = an_rss(items.encode("utf-8", "replace").decode(), title="All &amp; more")
    desk.write(web.on("/rss", reply(200, body)))

    ended = desk.run("poll")

    assert f"{len(HOSTILE)} new entries" in ended.out
    assert invalid(desk) == {}


def test_hostile_items_come_out_valid_of_every_kind_of_output(desk: Desk, web: WebServer) -> None:
    feeds = (web.on(f"/{number}.json", reply(200, a_hostile_feed())) for number in range(2))
    server = "server: {public_url: 'https://news.example.org/x/', hub: 'https://hub.example.org/?a=b&c=d'}\n"
    desk.write(*feeds, more=server + EVERY_KIND)

    desk.run("poll")
    desk.run("publish", "--to", str(desk.folder / "site"))
    site = {path.name: path.read_bytes() for path in (desk.folder / "site").glob("*.archive-*")}

    assert desk.published()["small.atom"].count(b'rel="hub"') == 1
    assert invalid(desk) == {}
    assert {name.partition(".")[0] for name in site} == {"all", "small", "entries", "happenings"}
    assert [fault for name, body in site.items() for fault in faults(name.rpartition(".")[2], body)] == []


def test_a_feed_without_items_comes_out_valid(desk: Desk, web: WebServer) -> None:
    desk.write(web.on("/rss", reply(200, an_rss())))

    desk.run("poll")

    assert invalid(desk) == {}
