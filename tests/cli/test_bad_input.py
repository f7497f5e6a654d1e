"""What goes wrong at the command line: a line with the thing and its cure, and the right exit code."""

import json
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

import click
import pytest

from aggregator.cli import aggregator
from aggregator.cli.context import Context
from aggregator.store import Store
from tests.newsroom import Desk


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

    def test_check_notes_a_filter_whose_day_is_over(self, desk: Desk) -> None:
        over = "storm until:2020-12-31"
        desk.config.write_text(
            f"""
            poll: {{user_agent: MyReader/1.0 (+https://news.example.org/)}}
            feeds: [{{url: https://news.example.org/rss, exclude: '{over}'}}]
            filters: {{storms: '{over}'}}
            tags: {{storm: '@storms', later: 'storm until:2999-12-31'}}
            outputs: [{{name: storms, include: [a, 'b {over}']}}]
            """
        )

        ended = desk.run("check")

        told = "'until:2020-12-31' is over; take it out, or give it another day"
        places = ["feeds: https://news.example.org/rss: exclude", "outputs: storms: include", "tags: storm"]
        assert (ended.code, ended.err.splitlines()) == (0, [f"note: {place}: {told}" for place in places])

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

    def test_a_machine_without_room_for_the_demo_is_told(self, desk: Desk) -> None:
        desk.monkeypatch.setattr(tempfile, "tempdir", str(desk.folder / "nowhere"))

        ended = desk.run("demo")

        assert ended.code == 2
        assert ended.err == (
            "aggregator: the demo needs a folder for a while: No such file or directory; name one in TMPDIR\n"
        )

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


def test_the_papers_of_the_demo_are_served_alone_for_a_config_of_ones_own(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "aggregator", "demo", "--papers", str(port)]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as papers:
        assert papers.stdout is not None
        line = papers.stdout.readline()
        with urlopen(f"http://127.0.0.1:{port}/lattice/feed.json", timeout=10) as answer:
            items = json.load(answer)["items"]
        papers.send_signal(signal.SIGINT)
        papers.wait(timeout=20)

    assert f"http://127.0.0.1:{port}/ for a config of your own" in line
    assert len(items) > 5
    assert papers.returncode == 0


def test_a_port_that_the_papers_cannot_have_is_told(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        ended = desk.type("demo", "--papers", str(port))

    assert ended.code == 1
    assert (
        ended.err
        == f"aggregator: cannot listen on 127.0.0.1:{port}: Address already in use; take another port\n"
    )


def _titles_of(listen: str) -> list[str]:
    """What the demo's main output shows once its papers were read."""
    for _ in range(200):
        with urlopen(f"http://{listen}/everything.json", timeout=10) as answer:
            items = json.load(answer)["items"]
        if len(items) > 50:
            break
        time.sleep(0.1)
    return [item["title"] for item in items]
