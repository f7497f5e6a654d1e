"""Taking feeds out of the config, and whole lists of them in: `remove` and `import`."""

import sys
from io import BytesIO, TextIOWrapper

import pytest

from tests.cli.paper import HEAD
from tests.http import WebServer, reply
from tests.newsroom import Desk, an_item, an_rss

TAKEN_UP = "a daemon on this config takes it up within seconds; without one: `aggregator poll`"


class TestRemove:
    BODY = HEAD + "      #every: 1h\n    - https://two.example/feed/\n\noutputs: []\n"

    @pytest.mark.parametrize(
        "wanted",
        ["https://two.example/feed/", "http://two.example/feed", "two.example/feed", "TWO.example/feed/"],
    )
    def test_a_feed_goes_by_its_address_in_any_spelling(self, paper: Desk, wanted: str) -> None:
        paper.config.write_text(self.BODY)

        ended = paper.run("remove", wanted)

        assert ended.code == 0
        assert ended.out.splitlines() == [
            f"took https://two.example/feed/ out of {paper.config}:9; its stories stay",
            "a daemon on this config stops polling it within seconds",
        ]
        assert paper.config.read_text() == self.BODY.replace("    - https://two.example/feed/\n", "")

    def test_a_feed_goes_by_its_title_with_what_is_said_of_it(self, paper: Desk) -> None:
        paper.config.write_text(self.BODY)

        paper.run("remove", "one paper")

        left = paper.config.read_text().partition("feeds:")[2]
        assert left == "\n    # the first\n    - https://two.example/feed/\n\noutputs: []\n"

    def test_a_feed_goes_by_the_title_that_it_gives_itself(self, desk: Desk, web: WebServer) -> None:
        one = web.on("/one", reply(200, an_rss(an_item(1), title="The Daily Dam")))
        two = web.on("/two", reply(200, an_rss(an_item(2), title="Other")))
        desk.write(one, two)
        desk.run("poll")

        assert desk.run("remove", "the daily dam").code == 0

        assert one not in desk.config.read_text()
        assert two in desk.config.read_text()

    @pytest.mark.parametrize(
        ("wanted", "near"),
        [("One Papr", "One Paper"), ("https://one.example/rsss", "https://one.example/rss")],
    )
    def test_one_that_is_not_there_is_told_with_the_nearest(
        self, paper: Desk, wanted: str, near: str
    ) -> None:
        ended = paper.run("remove", wanted)

        assert ended.code == 1
        assert f"no feed '{wanted}'; did you mean {near}?" in ended.err
        assert paper.config.read_text() == HEAD

    def test_one_that_is_like_none_is_told(self, paper: Desk) -> None:
        assert "no feed 'Zebra'; `aggregator feeds` lists them" in paper.run("remove", "Zebra").err

    def test_a_title_that_two_feeds_have_is_not_enough(self, paper: Desk) -> None:
        paper.config.write_text(f"{HEAD}    - {{url: 'https://two.example/', title: one paper}}\n")

        ended = paper.run("remove", "One Paper")

        assert ended.code == 1
        assert "by its address: https://one.example/rss, https://two.example/" in ended.err

    def test_one_that_stands_in_a_list_stays_and_the_list_is_named(self, paper: Desk, web: WebServer) -> None:
        (paper.folder / "list.opml").write_text(
            '<opml><outline text="Two" xmlUrl="https://two.example/"/></opml>'
        )
        remote = web.on("/opml", reply(200, b'<opml><outline xmlUrl="https://three.example/"/></opml>'))
        paper.config.write_text(f"{HEAD}    - opml: list.opml\n    - opml: {remote}\n")
        paper.run("publish")  # fetches lists

        local = paper.run("remove", "two")
        far = paper.run("remove", "three.example")

        assert (local.code, far.code) == (2, 2)
        assert (
            f"https://two.example/ stands in a list that {paper.config}:8 names; take it out there"
            in local.err
        )
        assert f"https://three.example/ stands in a list that {paper.config}:9 names" in far.err


class TestImport:
    OPML = """<opml><body>
<outline text="World"><outline text="Two" xmlUrl="https://two.example/"/>
<outline xmlUrl="ftp://bad.example/"/></outline>
<outline text="One" xmlUrl="http://one.example/rss/"/>
<outline text="Again" xmlUrl="http://two.example"/></body></opml>"""

    def test_feeds_come_with_titles_and_tags_and_the_bad_lines_are_told(self, paper: Desk) -> None:
        file = paper.folder / "readers.opml"
        file.write_text(self.OPML)

        ended = paper.run("import", str(file))

        assert ended.code == 0
        assert paper.config.read_text() == (
            f"{HEAD}    - url: https://two.example/\n      title: Two\n      tags: [world]\n"
        )
        assert f"left out: {file}:3:1: 'ftp://bad.example/' is not a web address" in ended.err
        assert ended.out.splitlines() == [
            f"wrote 1 feed to {paper.config}:8; {TAKEN_UP}",
            "3 feeds read, 2 known already, 1 line left out",
        ]

    def test_folders_need_not_become_tags(self, paper: Desk) -> None:
        file = paper.folder / "readers.opml"
        file.write_text(self.OPML)

        paper.run("import", "--no-folders-as-tags", str(file))

        assert "tags" not in paper.config.read_text()

    def test_what_another_aggregator_exports_comes_in_as_it_was(self, paper: Desk) -> None:
        exported = paper.folder / "out.opml"
        paper.run("export", "-o", str(exported))
        paper.config.write_text("feeds: []\n")

        paper.run("import", str(exported))

        assert paper.config.read_text() == "feeds:\n  - url: https://one.example/rss\n    title: One Paper\n"

    def test_what_comes_on_standard_input_is_read(self, paper: Desk) -> None:
        opml = BytesIO(b'<opml><outline xmlUrl="https://two.example/"/></opml>')
        opml.name = "<stdin>"
        paper.monkeypatch.setattr(sys, "stdin", TextIOWrapper(opml))

        assert paper.run("import", "-").code == 0

        assert paper.config.read_text() == f"{HEAD}    - https://two.example/\n"

    def test_an_address_is_told_how_a_list_is_followed(self, paper: Desk) -> None:
        ended = paper.run("import", "https://one.example/opml")

        assert ended.code == 2
        assert "write '- opml: ADDRESS' under feeds: in the config" in ended.err
        assert paper.config.read_text() == HEAD

    def test_a_list_of_addresses_as_newsboat_keeps_it_is_read(self, paper: Desk) -> None:
        file = paper.folder / "urls"
        file.write_text('https://one.example/rss\nhttps://two.example/rss tech "~Two"\n')

        ended = paper.run("import", str(file))

        assert paper.config.read_text() == (
            f"{HEAD}    - url: https://two.example/rss\n      title: Two\n      tags: [tech]\n"
        )
        assert ended.out.splitlines()[-1] == "2 feeds read, 1 known already, 0 lines left out"

    def test_line_ends_and_the_mark_of_windows_stay(self, paper: Desk) -> None:
        paper.config.write_bytes(b"\xef\xbb\xbf" + HEAD.replace("\n", "\r\n").encode())
        file = paper.folder / "urls"
        file.write_text("https://two.example/rss")

        paper.run("import", str(file))

        assert paper.config.read_bytes() == b"\xef\xbb\xbf" + (
            f"{HEAD}    - https://two.example/rss\n".replace("\n", "\r\n").encode()
        )

    def test_a_bomb_of_entities_costs_nothing(self, paper: Desk) -> None:
        file = paper.folder / "bomb.opml"
        file.write_text(
            '<!DOCTYPE o [<!ENTITY a "ha">]><opml><outline text="&a;" xmlUrl="https://b.example/"/></opml>'
        )

        ended = paper.run("import", str(file))

        assert ended.code == 2
        assert "this file declares XML entities" in ended.err
        assert paper.config.read_text() == HEAD

    def test_a_second_time_changes_nothing(self, paper: Desk) -> None:
        file = paper.folder / "readers.opml"
        file.write_text(self.OPML)
        paper.run("import", str(file))
        before = paper.config.read_text()

        ended = paper.run("import", str(file))

        assert (ended.code, paper.config.read_text()) == (0, before)
        assert "3 known already" in ended.out

    def test_a_file_without_feeds_is_a_failure(self, paper: Desk) -> None:
        file = paper.folder / "readers.opml"
        file.write_text("hello")

        ended = paper.run("import", str(file))

        assert ended.code == 2
        assert "this is no list of feeds, neither OPML nor lines" in ended.err
        assert paper.config.read_text() == HEAD
