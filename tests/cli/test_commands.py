"""Every command as a person runs it: what it prints, what it writes, how it ends."""

import json
from xml.etree import ElementTree

import pytest

from aggregator.model import Feed
from tests.http import WebServer, reply
from tests.newsroom import Desk, an_item, an_rss


class TestPoll:
    def test_polls_what_is_due_and_says_what_came(self, desk: Desk, web: WebServer) -> None:
        desk.write(web.on("/one", reply(200, an_rss(an_item(1)))), web.url + "/missing")

        ended = desk.run("poll")

        assert ended.code == 0
        assert ended.out.splitlines() == [
            f"failed: {web.url}/missing: HTTP 404 Not Found",
            "2 feeds polled (1 new, 1 failed)",
            "1 new entry, 1 new story, 4 files published",
        ]

    def test_a_second_round_asks_conditionally_and_leaves_every_byte(
        self, stocked: Desk, web: WebServer
    ) -> None:
        before = stocked.published()

        ended = stocked.run("poll", "--all")

        assert "0 new entries, 0 new stories, 0 files published" in ended.out
        assert [asked.headers.get("if-none-match") for asked in web.asked if asked.path == "/one"] == [
            None,
            b'"1"',
        ]
        assert stocked.published() == before

    def test_nothing_is_due_right_after_a_round(self, stocked: Desk) -> None:
        assert stocked.run("poll").out.startswith("0 feeds polled\n")

    def test_one_of_a_kind_is_counted_as_one(self, stocked: Desk, web: WebServer) -> None:
        web.on("/one", reply(200, an_rss(an_item(1), an_item(9))))

        ended = stocked.run("poll", f"{web.url}/one")

        assert ended.out.splitlines() == [
            "1 feed polled (1 new)",
            "1 new entry, 1 new story, 12 files published",
        ]

    def test_what_was_stored_is_told_also_where_it_could_not_be_published(
        self, desk: Desk, web: WebServer
    ) -> None:
        desk.write(web.on("/one", reply(200, an_rss(an_item(1)))))
        (desk.data / "public" / "all.rss").mkdir(parents=True)

        ended = desk.run("poll")

        assert ended.code == 1
        assert "cannot be written to" in ended.err
        assert ended.out.splitlines() == [
            "1 feed polled (1 new)",
            "1 new entry, 1 new story, 0 files published",
        ]

    def test_a_named_feed_that_fails_is_a_failure(self, stocked: Desk, web: WebServer) -> None:
        web.on("/two", reply(500))

        ended = stocked.run("poll", web.url + "/two")

        assert ended.code == 1
        assert f"failed: {web.url}/two: HTTP 500 Internal Server Error" in ended.out

    def test_a_named_feed_that_is_not_in_the_config_is_told_with_the_nearest(
        self, stocked: Desk, web: WebServer
    ) -> None:
        ended = stocked.run("poll", web.url + "/onee")

        assert (ended.code, ended.out) == (1, "")
        assert f"no feed '{web.url}/onee'; did you mean {web.url}/one?" in ended.err

    def test_a_server_that_asked_us_to_wait_is_left_alone(self, desk: Desk, web: WebServer) -> None:
        url = web.on("/one", reply(429, retry_after="7200"))
        desk.write(url)
        desk.run("poll")

        ended = desk.run("poll", url)

        assert ended.code == 1
        assert f"left alone: {url}: Retry-After: 2 h" in ended.out
        assert len(web.asked) == 1

    def test_naming_a_gone_feed_asks_it_again(self, desk: Desk, web: WebServer) -> None:
        url = web.on("/one", reply(410), reply(200, an_rss(an_item(1))))
        desk.write(url)
        desk.run("poll")

        assert "left alone" in desk.run("poll", "--all").out
        assert desk.run("poll", url).code == 0

    def test_a_bug_in_one_poll_is_that_feeds_failure(
        self, stocked: Desk, web: WebServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def stumble(feed: Feed, *_: object, **__: object) -> Feed:
            if feed.url.endswith("one"):
                raise KeyError("surprise")
            return feed

        monkeypatch.setattr("aggregator.poll.poller._with_validators", stumble)

        ended = stocked.run("poll", "--all")

        assert (ended.code, "2 feeds polled (1 unchanged, 1 failed)" in ended.out) == (0, True)
        assert f"failed: {web.url}/one: internal error: KeyError('surprise')" in ended.out

    def test_shows_a_bar_only_at_a_terminal(self, stocked: Desk) -> None:
        assert "polling" not in stocked.run("poll", "--all").err


class TestLists:
    def test_stories_the_newest_first(self, stocked: Desk) -> None:
        lines = stocked.run("stories").out.splitlines()

        assert len(lines) == 3
        assert any("\tGas prices fall again\t2\tenergy\t" in line for line in lines)

    def test_stories_as_json_with_the_columns_of_the_table_first(self, stocked: Desk) -> None:
        rows = json.loads(stocked.run("stories", "--json", "--limit", "1").out)

        assert len(rows) == 1
        assert list(rows[0])[:4] == ["seq", "id", "event_id", "url"]

    @pytest.mark.parametrize(
        ("query", "found"),
        [("gas", 1), ("tag:energy", 1), ("news NOT 2", 1), ("nothing", 0), ("feeds>=2", 1)],
    )
    def test_search_takes_the_filter_language(self, stocked: Desk, query: str, found: int) -> None:
        ended = stocked.run("search", "--json", query)

        assert (ended.code, len(json.loads(ended.out))) == (0, found)

    def test_search_knows_the_names_of_the_config(self, stocked: Desk) -> None:
        with stocked.config.open("a") as config:
            config.write("\nfilters: {fuel: [gas, oil]}\n")

        found = json.loads(stocked.run("search", "--json", "@fuel news").out)

        assert len(found) == len(json.loads(stocked.run("search", "--json", "gas news").out))
        assert "unknown filter '@fule', did you mean '@fuel'?" in stocked.run("search", "@fule").err

    def test_a_search_without_a_result_says_so(self, stocked: Desk) -> None:
        assert stocked.run("search", "nothing").out == "no story matches 'nothing'\n"

    def test_a_query_that_cannot_be_read_says_where(self, stocked: Desk) -> None:
        ended = stocked.run("search", "titel:gas")

        assert ended.code == 2
        assert "column 1: unknown field 'titel', did you mean 'title'?" in ended.err

    def test_feeds_with_their_state_and_rule(self, stocked: Desk) -> None:
        rows = json.loads(stocked.run("feeds", "--json").out)

        assert [(row["title"], row["state"], row["next_poll_rule"]) for row in rows] == [
            ("One", "active", "every 30 min"),
            ("Two", "active", "every 30 min"),
        ]

    def test_status_names_counts_and_the_sqlite_in_use(self, stocked: Desk) -> None:
        told = json.loads(stocked.run("status", "--json").out)

        assert (told["feeds"], told["entries"], told["stories"]) == (2, 4, 3)
        assert told["sqlite_version"]
        said = stocked.run("status").out
        assert "sqlite version:" in said
        assert "feeds by state: 2 active\n" in said

    @pytest.mark.parametrize("command", ["stories", "feeds", "status"])
    def test_before_the_first_poll_the_cure_is_named(self, desk: Desk, command: str) -> None:
        ended = desk.run(command)

        assert ended.code == 1
        assert str(desk.data) in ended.err
        assert "Traceback" not in ended.err

    def test_a_store_without_stories_says_how_to_get_some(self, desk: Desk, web: WebServer) -> None:
        desk.write(web.url + "/missing")
        desk.run("poll")

        assert "`aggregator poll`" in desk.run("stories").out
        assert desk.run("stories", "--json").out == "[]\n"


class TestWhy:
    def test_tells_feed_story_signal_tags_and_outputs(self, stocked: Desk) -> None:
        first = json.loads(stocked.run("why", "https://news.example.org/gas", "--json").out)

        assert list(first)[:5] == ["entry", "feed", "story", "matched_by", "match_score"]
        assert list(first)[5:] == ["overruled", "considered", "others", "tags", "outputs", "also"]
        assert (first["matched_by"], first["considered"], first["overruled"]) == ("new", [], None)
        assert first["story"]["entries"] == 2
        assert first["others"] == first["also"]
        assert [one["matched_by"] for one in first["others"]] == ["url"]
        found = [{"words": ["Gas"], "place": "title"}]
        gas = {"clause": "gas", "verdict": True, "found": found, "children": []}
        why = 'gas — found "Gas" in the title'
        assert first["tags"] == [{"tag": "energy", "origin": "rule", "why": why, "tree": gas}]
        assert [(one["name"], one["taken"], one["clause"]) for one in first["outputs"]] == [
            ("all", True, "takes everything"),
            ("gas", True, "include: tag:energy"),
        ]
        assert first["outputs"][1]["tree"] == {
            "clause": "output gas",
            "verdict": True,
            "found": [],
            "children": [
                {"clause": "include: tag:energy", "verdict": True, "found": [], "children": []},
                {"clause": "limit: 100", "verdict": True, "found": [], "children": []},
            ],
        }

    def test_reads_well(self, stocked: Desk) -> None:
        out = stocked.run("why", "https://news.example.org/2").out

        assert "News number 2 of today" in out
        assert "output gas: drops it: not included: tag:energy\n    false   include: tag:energy" in out
        gas = stocked.run("why", "https://news.example.org/gas").out
        said = '"Gas" in the title'
        assert f"  tag energy from rule: gas — found {said}\n    true    gas — {said}\n" in gas

    def test_an_item_id_of_an_output_is_understood(self, stocked: Desk) -> None:
        feed = json.loads(stocked.published()["gas.json"])

        assert json.loads(stocked.run("why", "--json", feed["items"][0]["id"]).out)

    def test_an_unknown_id_is_a_failure(self, stocked: Desk) -> None:
        ended = stocked.run("why", "nobody")

        assert ended.code == 1
        assert "no entry or story 'nobody'" in ended.err


class TestOutputs:
    def test_publish_writes_what_is_missing(self, stocked: Desk) -> None:
        before = stocked.published()
        (stocked.data / "public" / "gas.rss").unlink()

        ended = stocked.run("publish")

        assert ended.out == "gas.rss\n1 file changed\n"
        assert stocked.published() == before

    def test_retag_applies_new_rules_to_what_is_stored(self, stocked: Desk) -> None:
        text = stocked.config.read_text().replace("energy: [gas]", "energy: [number]")
        stocked.config.write_text(text)

        ended = stocked.run("retag")

        assert ended.out == "3 stories got other tags\n"
        assert len(json.loads(stocked.published()["gas.json"])["items"]) == 2

    def test_export_is_opml_with_titles(self, stocked: Desk) -> None:
        target = stocked.folder / "feeds.opml"

        assert stocked.run("export", "-o", str(target)).code == 0

        outlines = ElementTree.parse(target).findall("body/outline")
        assert [outline.get("text") for outline in outlines] == ["One", "Two"]

    def test_export_knows_a_feed_that_has_moved(self, desk: Desk, web: WebServer) -> None:
        new = web.on("/new", reply(200, an_rss(an_item(1), title="Moved News")))
        desk.write(web.on("/old", reply(301, location=new)))
        text = desk.config.read_text().replace("poll: {", "poll: {move_after: 1, move_span: 0s, ")
        desk.config.write_text(text)
        desk.run("poll")

        said = desk.run("export").out

        assert f'title="Moved News" xmlUrl="{web.url}/old"' in said

    def test_export_needs_no_store(self, desk: Desk, web: WebServer) -> None:
        desk.write(web.url + "/one")

        assert f'xmlUrl="{web.url}/one"' in desk.run("export").out

    def test_export_has_the_feeds_of_a_list_at_an_address(self, desk: Desk, web: WebServer) -> None:
        outline = b'<outline text="In"><outline xmlUrl="https://listed.example/rss"/></outline>'
        desk.write(f"opml: {web.on('/opml', reply(200, b'<opml><body>' + outline + b'</body></opml>'))}")
        desk.run("publish")  # fetches lists

        assert 'xmlUrl="https://listed.example/rss" category="in"' in desk.run("export").out
