"""Every command as a person runs it: what it prints, what it writes, how it ends."""

import json
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen
from xml.etree import ElementTree

import click
import pytest

from aggregator.cli import aggregator
from aggregator.cli.context import Context
from aggregator.model import Feed
from aggregator.store import Store
from tests.http import WebServer, reply
from tests.newsroom import Desk, an_item, an_rss

TAGGED = """
tags:
  energy: [gas]
outputs:
  - {name: all, title: All}
  - {name: gas, title: Gas, include: tag:energy}
"""


@pytest.fixture
def stocked(desk: Desk, web: WebServer) -> Desk:
    """A desk whose store holds what two feeds told: three stories, one of them told twice."""
    shared = an_item(1, title="Gas prices fall again", link="https://news.example.org/gas")
    one = web.on("/one", reply(200, an_rss(shared, an_item(2), title="One"), etag='"1"'), reply(304))
    two = web.on("/two", reply(200, an_rss(shared, an_item(3), title="Two")))
    desk.write(one, two, more=TAGGED)
    assert desk.run("poll").code == 0
    return desk


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
        assert "cannot write" in ended.err
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
        answers = json.loads(stocked.run("why", "https://news.example.org/gas", "--json").out)

        assert [answer["matched_by"] for answer in answers] == ["new", "url"]
        first = answers[0]
        assert list(first) == ["entry", "feed", "story", "matched_by", "match_score", "tags", "outputs"]
        assert first["story"]["entries"] == 2
        assert first["tags"] == [{"tag": "energy", "origin": "rule", "why": "gas"}]
        assert first["outputs"] == [
            {"name": "all", "taken": True, "clause": "takes everything"},
            {"name": "gas", "taken": True, "clause": "include: tag:energy"},
        ]

    def test_reads_well(self, stocked: Desk) -> None:
        out = stocked.run("why", "https://news.example.org/2").out

        assert "News number 2 of today" in out
        assert "output gas: drops it: not included: tag:energy" in out

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

        assert f'text="Moved News" xmlUrl="{web.url}/old"' in said

    def test_export_needs_no_store(self, desk: Desk, web: WebServer) -> None:
        desk.write(web.url + "/one")

        assert f'xmlUrl="{web.url}/one"' in desk.run("export").out


class TestBadInput:
    def test_check_prints_a_line_for_each_fault(self, desk: Desk) -> None:
        desk.config.write_text("poll: {evry: 30m}\nfeeds: [nonsense]\n")

        ended = desk.run("check")

        assert (ended.code, len(ended.out.splitlines())) == (2, 2)
        assert f"{desk.config}:1:8: poll.evry: " in ended.out

    def test_check_is_content_with_a_good_config(self, desk: Desk) -> None:
        desk.write("https://news.example.org/rss")

        assert desk.run("check").out == f"{desk.config}: fine (1 feed, 0 tags, 1 output)\n"

    @pytest.mark.parametrize(
        ("more", "hints"),
        [
            ("", 1),
            ("server: {public_url: 'https://news.example.org/'}", 0),
            ("poll: {user_agent: MyReader/1.0 (+https://news.example.org/)}", 0),
        ],
        ids=["nothing to reach us by", "an address of our own", "a name of our own"],
    )
    def test_check_hints_at_publishers_who_cannot_reach_us(self, desk: Desk, more: str, hints: int) -> None:
        desk.config.write_text(f"feeds: []\n{more}\n")

        ended = desk.run("check")

        hint = (
            "hint: publishers cannot tell who asks for their feeds; "
            "set server.public_url, or an address in poll.user_agent"
        )
        assert (ended.code, ended.err.splitlines()) == (0, [hint] * hints)

    @pytest.mark.parametrize("command", ["run", "poll", "check", "publish", "export", "health"])
    def test_a_named_config_that_is_missing_is_told(self, desk: Desk, command: str) -> None:
        ended = desk.run(command)

        assert ended.code == 2
        assert str(desk.config) in ended.out + ended.err

    def test_a_data_folder_that_is_a_file_is_told(self, desk: Desk) -> None:
        desk.write("https://news.example.org/rss")
        desk.data.write_text("not a folder")

        ended = desk.run("poll")

        assert ended.code == 1
        assert str(desk.data) in ended.err
        assert "Traceback" not in ended.err

    def test_a_second_daemon_is_refused(self, desk: Desk) -> None:
        desk.write("https://news.example.org/rss")
        store = Store.open(desk.data)

        ended = desk.run("poll")

        store.close()
        assert ended.code == 1
        assert str(desk.data) in ended.err

    def test_a_taken_port_is_told(self, desk: Desk) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            listen = f"127.0.0.1:{taken.getsockname()[1]}"
            desk.config.write_text(f"server: {{listen: '{listen}'}}\nfeeds: []\n")

            ended = desk.run("run")

        assert ended.code == 1
        (line,) = ended.err.splitlines()
        assert f"cannot listen on {listen}" in line
        assert desk.published() == {}

    def test_a_database_of_something_else_is_told_and_left_alone(self, desk: Desk) -> None:
        desk.write("https://news.example.org/rss")
        desk.data.mkdir()
        (desk.data / "aggregator.db").write_bytes(
            b"this is no database, and long enough to be sure of it " * 9
        )
        before = (desk.data / "aggregator.db").read_bytes()

        ended = desk.run("poll")

        assert ended.code == 1
        assert (desk.data / "aggregator.db").read_bytes() == before

    def test_an_unknown_command_or_option_is_bad_usage(self, desk: Desk) -> None:
        assert desk.run("pol").code == 2
        assert desk.run("stories", "--limit", "0").code == 2

    def test_health_without_a_daemon_is_bad(self, desk: Desk) -> None:
        desk.config.write_text("server: {listen: '127.0.0.1:9'}\nfeeds: []\n")

        ended = desk.run("health")

        assert ended.code == 1
        assert "no daemon answers" in ended.out


class TestHelp:
    @pytest.mark.parametrize("name", sorted(aggregator.commands))
    def test_every_command_shows_an_example(self, desk: Desk, name: str) -> None:
        ended = desk.run(name, "--help")

        assert ended.code == 0
        assert "Example:\n    aggregator " in ended.out

    def test_every_command_is_in_the_docs(self) -> None:
        page = (Path(__file__).parents[2] / "docs/commands.md").read_text("utf-8")

        assert [name for name in aggregator.commands if f"`{name}" not in page] == []

    def test_the_module_runs_too(self) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "aggregator", "--version"], capture_output=True, text=True, check=True
        )

        assert done.stdout.startswith("aggregator, version ")

    def test_an_interrupt_ends_without_a_traceback(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupted(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(click.Group, "invoke", interrupted)

        assert desk.run("check").code == 130


def test_the_store_opens_with_other_tools(stocked: Desk) -> None:
    with sqlite3.connect(stocked.data / "aggregator.db") as conn:
        counted = conn.execute("SELECT count(*) FROM stories_fts WHERE stories_fts MATCH 'gas'").fetchone()

    assert counted == (1,)


@pytest.mark.usefixtures("desk")
def test_a_first_run_writes_the_commented_default() -> None:
    context = Context.of(None, None, {})

    assert context.write_missing_config()
    assert not context.write_missing_config()
    assert context.settings().outputs


def test_a_reader_of_the_output_that_goes_away_is_no_failure(stocked: Desk) -> None:
    command = f"{sys.executable} -m aggregator --config {stocked.config} --data {stocked.data} stories --json"

    done = subprocess.run(f"{command} | true", shell=True, capture_output=True, text=True, check=True)

    assert "Traceback" not in done.stderr


def test_the_demo_serves_its_papers_until_it_is_interrupted(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        listen = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "-m", "aggregator", "demo", "--listen", listen]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as demo:
        assert demo.stdout is not None
        lines = [demo.stdout.readline() for _ in range(2)]
        titles = _titles_of(listen)
        demo.send_signal(signal.SIGINT)
        _, err = demo.communicate(timeout=20)

    assert lines[1] == f"Open http://{listen}/\n"
    assert len(titles) > 50
    assert (demo.returncode, err) == (0, "")


def _titles_of(listen: str) -> list[str]:
    """What the demo's main output shows once its papers were read."""
    for _ in range(200):
        with urlopen(f"http://{listen}/everything.json", timeout=10) as answer:
            items = json.load(answer)["items"]
        if len(items) > 50:
            break
        time.sleep(0.1)
    return [item["title"] for item in items]
