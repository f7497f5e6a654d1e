"""Putting a feed into the config from the command line: `add`."""

import pytest

from aggregator.store import Store
from tests.cli.paper import HEAD
from tests.cli.terminal import at_a_terminal
from tests.http import WebServer, reply
from tests.newsroom import Desk, an_item, an_rss

TAKEN_UP = "a daemon on this config takes it up within seconds; without one: `aggregator poll`"
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>All of it</title>
<entry><id>a</id><title>Dam bursts</title><published>2026-11-24T10:00:00Z</published></entry></feed>"""


def a_page(*links: str) -> bytes:
    inside = "".join(links)
    return reply(200, f"<!doctype html><html><head>{inside}</head></html>".encode(), content_type="text/html")


def a_link(address: str, title: str = "") -> str:
    return f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{address}">'


def asked(web: WebServer) -> list[str]:
    return [one.path for one in web.asked]


class TestAdd:
    @pytest.mark.parametrize(
        ("document", "told"),
        [
            (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "JSON Feed 1.1"),
            (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "Atom 1.0"),
            (b'<rss version="0.91"><channel/></rss>', "RSS 0.91"),
            (b"<channel/>", "CDF"),
        ],
    )
    def test_the_format_is_told_as_people_call_it(
        self, paper: Desk, web: WebServer, document: bytes, told: str
    ) -> None:
        url = web.on("/feed", reply(200, document))

        assert f"found: {url} ({told}, 0 entries)" in paper.run("add", url).out

    def test_an_address_that_is_a_feed_is_written_as_it_is(self, paper: Desk, web: WebServer) -> None:
        url = web.on("/rss", reply(200, an_rss(an_item(1), an_item(2))))

        ended = paper.run("add", url)

        assert paper.config.read_text() == f"{HEAD}    - {url}\n"
        assert ended.code == 0
        assert ended.out.splitlines() == [
            f"found: {url} (RSS 2.0, 2 entries): Example News",
            "              News number 1 of today",
            "              News number 2 of today",
            f"wrote {paper.config}:8:",
            f"    - {url}",
            TAKEN_UP,
        ]
        assert asked(web) == ["/rss"]

    def test_what_the_user_says_of_it_stands_beside_it(self, paper: Desk, web: WebServer) -> None:
        url = web.on("/rss", reply(200, ATOM))

        ended = paper.run(
            "add", url, "--title", "Two: a paper", "--tag", "world", "--tag", "war/east", "--every", "15m"
        )

        assert paper.config.read_text() == (
            f"{HEAD}    - url: {url}\n      title: 'Two: a paper'\n      tags: [world, war/east]\n"
            "      every: 15m\n"
        )
        assert "(Atom 1.0, 1 entry): All of it" in ended.out
        assert "  2026-11-24  Dam bursts\n" in ended.out

    def test_the_added_feed_is_polled(self, desk: Desk, web: WebServer) -> None:
        desk.config.write_text("poll: {host_gap: 0s, spread: 0s, allow_private: [127.0.0.0/8]}\nfeeds: []\n")
        url = web.on("/rss", reply(200, an_rss(an_item(1))))

        desk.run("add", url)

        assert "1 feed polled (1 new)" in desk.run("poll").out

    def test_the_feeds_that_a_page_names_are_looked_at_and_the_first_is_taken(
        self, paper: Desk, web: WebServer
    ) -> None:
        page = web.on("/", a_page(a_link("/comments", "Comments"), a_link("/gone"), a_link("/all")))
        web.on("/comments", reply(200, an_rss(an_item(2), title="Comments")))
        web.on("/all", reply(200, an_rss(an_item(1))))

        ended = paper.run("add", page)

        assert f"found: {web.url}/all (RSS 2.0" in ended.out
        assert f"also there: {web.url}/comments (RSS 2.0, 1 entry): Comments" in ended.out
        assert paper.config.read_text().endswith(f"    - {web.url}/all\n")
        assert asked(web) == ["/", "/gone", "/all", "/comments"]

    def test_a_feed_that_says_something_comes_before_an_empty_one(self, paper: Desk, web: WebServer) -> None:
        page = web.on("/", a_page(a_link("/releases"), a_link("/commits")))
        web.on("/releases", reply(200, an_rss()))
        web.on("/commits", reply(200, an_rss(an_item(1))))

        assert f"found: {web.url}/commits" in paper.run("add", page).out

    def test_a_page_that_names_none_is_asked_where_feeds_often_are(self, paper: Desk, web: WebServer) -> None:
        page = web.on("/blog/", a_page())
        web.on("/feed.xml", reply(200, an_rss(an_item(1))))

        ended = paper.run("add", page)

        assert f"found: {web.url}/feed.xml" in ended.out
        assert asked(web)[0] == "/blog/"
        assert asked(web)[-1] == "/feed.xml"
        assert len(asked(web)) == len(set(asked(web))) == 12

    def test_an_address_without_its_scheme_is_tried_with_both(self, paper: Desk, web: WebServer) -> None:
        web.on("/rss", reply(200, an_rss(an_item(1))))

        ended = paper.run("add", f"127.0.0.1:{web.port}/rss")

        assert f"found: {web.url}/rss" in ended.out

    def test_a_feed_that_has_moved_for_good_is_written_with_its_new_address(
        self, paper: Desk, web: WebServer
    ) -> None:
        old = web.on("/old", reply(301, location="/new"))
        web.on("/new", reply(200, an_rss(an_item(1))))

        paper.run("add", old)

        assert paper.config.read_text().endswith(f"    - {web.url}/new\n")

    @pytest.mark.parametrize(
        "typed", ["https://one.example/rss", "one.example/rss/", "http://www.one.example/rss"]
    )
    def test_one_that_is_in_the_config_is_not_asked(self, paper: Desk, typed: str) -> None:
        ended = paper.run("add", typed)

        assert (ended.code, ended.out) == (0, "already in the config: https://one.example/rss\n")
        assert paper.config.read_text() == HEAD

    def test_a_page_whose_feed_is_in_the_config_changes_nothing(self, paper: Desk, web: WebServer) -> None:
        page = web.on("/", a_page(a_link("/all")))
        url = web.on("/all", reply(200, an_rss(an_item(1))))
        paper.run("add", url)
        before = paper.config.read_text()

        ended = paper.run("add", page)

        assert (ended.code, ended.out) == (0, f"already in the config: {url}\n")
        assert paper.config.read_text() == before

    def test_a_feed_of_a_list_is_in_the_config(self, paper: Desk) -> None:
        (paper.folder / "list.opml").write_text('<opml><outline xmlUrl="https://two.example/"/></opml>')
        paper.config.write_text(f"{HEAD}    - opml: list.opml\n")

        assert paper.run("add", "two.example").out == "already in the config: https://two.example/\n"

    def test_nothing_found_says_what_the_page_is(self, paper: Desk, web: WebServer) -> None:
        page = web.on("/", a_page())

        ended = paper.run("add", page)

        assert (ended.code, ended.out) == (1, "")
        assert f"no feed found at {page}: this is an HTML page, not a feed" in ended.err
        assert paper.config.read_text() == HEAD

    @pytest.mark.parametrize("typed", ["nowhere.invalid", "ftp://one.example/"])
    def test_an_address_that_nobody_answers_is_a_failure(self, paper: Desk, typed: str) -> None:
        ended = paper.run("add", typed)

        assert ended.code == 1
        assert f"no feed found at {typed}: " in ended.err

    def test_a_server_that_asks_us_to_wait_is_left_alone(self, paper: Desk, web: WebServer) -> None:
        page = web.on("/", reply(429, retry_after="90"))

        ended = paper.run("add", page)

        assert ended.code == 1
        assert "127.0.0.1 asks to be left alone for 90 s" in ended.err
        assert asked(web) == ["/"]

    @pytest.mark.parametrize("status", [429, 503])
    def test_a_server_that_asked_a_poll_to_wait_is_not_asked(
        self, desk: Desk, web: WebServer, status: int
    ) -> None:
        desk.write(web.on("/rss", reply(status, retry_after="7200")))
        desk.run("poll")
        typed = f"127.0.0.1:{web.port}/" if status == 429 else f"{web.url}/rss"
        desk.write("https://one.example/rss")

        ended = desk.run("add", typed)

        assert ended.code == 1
        assert f"no feed found at {typed}: 127.0.0.1 asks to be left alone for " in ended.err
        assert asked(web) == ["/rss"]

    def test_a_login_is_sent_and_written_and_not_shown(self, paper: Desk, web: WebServer) -> None:
        url = web.on("/rss", reply(200, an_rss(an_item(1))))

        ended = paper.run("add", url.replace("http://", "http://me:secret@"))

        assert web.asked[0].headers["authorization"] == b"Basic bWU6c2VjcmV0"
        assert paper.config.read_text().endswith(f"    - url: {url}\n      auth: me:secret\n")
        assert "      auth: ***\n" in ended.out
        assert "secret" not in ended.out + ended.err

    @pytest.mark.parametrize("typed", ["http://me:secret@{0}/", "me:secret@{0}/"])
    def test_a_login_is_not_shown_where_nothing_is_found(
        self, paper: Desk, web: WebServer, typed: str
    ) -> None:
        ended = paper.run("add", typed.format(f"127.0.0.1:{web.port}"))

        assert ended.code == 1
        assert "secret" not in ended.out + ended.err

    @pytest.mark.parametrize(
        ("option", "words"),
        [("--every=soon", "'soon' is not a duration"), ("--tag=.x", "'.x' is not a tag")],
    )
    def test_a_wrong_option_is_told_before_anything_is_asked(
        self, paper: Desk, option: str, words: str
    ) -> None:
        ended = paper.run("add", "https://two.example/", option)

        assert ended.code == 2
        assert words in ended.err

    def test_a_config_that_would_not_load_is_not_written(self, paper: Desk, web: WebServer) -> None:
        url = web.on("/rss", reply(200, an_rss(an_item(1))))

        ended = paper.run("add", url, "--every", "0s")

        assert ended.code == 2
        assert "feeds[1].every" in ended.err
        assert paper.config.read_text() == HEAD

    def test_a_broken_config_is_told_as_ever(self, paper: Desk) -> None:
        paper.config.write_text("feeds: [\n")

        ended = paper.run("add", "https://two.example/")

        assert ended.code == 2
        assert f"{paper.config}:" in ended.err

    def test_a_config_without_feeds_gets_them(self, desk: Desk, web: WebServer) -> None:
        head = "poll: {host_gap: 0s, allow_private: [127.0.0.0/8]}\n"
        desk.config.write_text(head)
        url = web.on("/rss", reply(200, an_rss(an_item(1))))

        desk.run("add", url)

        assert desk.config.read_text() == f"{head}feeds:\n  - {url}\n"

    def test_a_config_that_cannot_be_edited_is_left_with_the_lines_to_add(
        self, desk: Desk, web: WebServer
    ) -> None:
        text = "? feeds\n: - https://one.example/\npoll: {host_gap: 0s, allow_private: [127.0.0.0/8]}\n"
        desk.config.write_text(text)
        url = web.on("/rss", reply(200, an_rss(an_item(1))))

        ended = desk.run("add", url)

        assert ended.code == 2
        assert f"by hand:\n  - {url}\n" in ended.err
        assert desk.config.read_text() == text

    def test_a_read_only_config_is_left_with_the_lines_to_add(self, paper: Desk, web: WebServer) -> None:
        url = web.on("/rss", reply(200, an_rss(an_item(1))))
        paper.config.chmod(0o444)

        added, removed = paper.run("add", url), paper.run("remove", "One Paper")

        assert (added.code, removed.code) == (2, 2)
        assert f"is read-only; add these lines under feeds: by hand:\n    - {url}\n" in added.err
        assert "is read-only; take it out by hand: line 6\n" in removed.err
        assert paper.config.read_text() == HEAD

    def test_it_works_while_a_daemon_owns_the_data_folder(self, paper: Desk, web: WebServer) -> None:
        url = web.on("/rss", reply(200, an_rss(an_item(1))))
        store = Store.open(paper.data)
        try:
            assert paper.run("add", url).code == 0
            assert paper.run("remove", url).code == 0
        finally:
            store.close()


class TestWithoutAConfig:
    def test_a_first_feed_makes_a_first_config(self, desk: Desk) -> None:
        opml = desk.folder / "list.opml"
        opml.write_text('<opml><outline xmlUrl="https://two.example/"/></opml>')

        assert desk.type("import", str(opml)).code == 0

        config = desk.folder / "config" / "aggregator.yaml"
        assert config.read_text() == "feeds:\n  - https://two.example/\n"

    def test_a_named_config_that_is_missing_is_an_error(self, desk: Desk) -> None:
        ended = desk.run("add", "https://two.example/")

        assert ended.code == 2
        assert "there is no such file" in ended.err


class TestAtATerminal:
    def test_the_user_is_asked_which_feed_he_means(self, paper: Desk, web: WebServer) -> None:
        page = web.on("/", a_page(a_link("/one"), a_link("/two")))
        web.on("/one", reply(200, an_rss(an_item(1), title="One")))
        web.on("/two", reply(200, an_rss(an_item(2), title="Two")))

        said = at_a_terminal("--config", str(paper.config), "add", page, answers=[("Which one?", "2")])

        assert f"1  {web.url}/one (RSS 2.0, 1 entry): One" in said
        assert f"asking {web.url}/two" in said
        assert paper.config.read_text().endswith(f"    - {web.url}/two\n")
