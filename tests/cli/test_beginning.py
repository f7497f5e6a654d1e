"""Making a first config: `init`, by options and by questions."""

from pathlib import Path

import pytest

from aggregator.config import default_text, load
from aggregator.core.settings import Settings
from aggregator.setup.catalogue import catalogue
from tests.cli.terminal import at_a_terminal
from tests.disk import a_full_disk
from tests.newsroom import Desk

OPML = """<opml><body><outline text="Mine"><outline text="LWN" xmlUrl="https://lwn.net/headlines/rss/"/>
<outline xmlUrl="ftp://bad.example/"/></outline></body></opml>"""


@pytest.fixture
def export(desk: Desk) -> Path:
    """What another reader exported."""
    path = desk.folder / "feeds.opml"
    path.write_text(OPML)
    return path


def begun(desk: Desk) -> Settings:
    return load(desk.config, {}).settings


def in_init(desk: Desk, *answers: tuple[str, str]) -> str:
    return at_a_terminal("--config", str(desk.config), "init", answers=answers)


class TestByOptions:
    def test_where_nobody_can_answer_the_default_is_written(self, desk: Desk) -> None:
        ended = desk.type("init")

        assert (desk.folder / "config" / "aggregator.yaml").read_text() == default_text()
        assert ended.code == 0
        assert ended.out.splitlines() == [
            "wrote config/aggregator.yaml: 38 feeds, 3 outputs",
            "next:  aggregator run        # then open http://127.0.0.1:8080/ and subscribe",
            "more:  aggregator add URL    # puts in the feed behind a page; the file tells the rest",
        ]

    def test_topics_and_countries_are_taken_from_the_catalogue(self, desk: Desk) -> None:
        ended = desk.run("init", "--topic", "space", "--topic", "Health", "--country", "france")

        feeds = begun(desk).feeds
        wanted = {"science/space", "health", "europe/france"}
        assert ended.code == 0
        assert {tag for feed in feeds for tag in feed.tags} == wanted
        assert {feed.url for feed in feeds} == {
            offer.url for offer in catalogue() if offer.heading in wanted and offer.language in {"en", "fr"}
        }
        assert f"next:  aggregator --config {desk.config} run " in ended.out

    def test_a_topic_comes_in_the_languages_that_are_named(self, desk: Desk) -> None:
        desk.run("init", "--topic", "world", "--language", "de", "--language", "ES")

        assert [feed.title for feed in begun(desk).feeds] == [
            "Deutsche Welle",
            "BBC News Mundo",
            "France 24, Español",
        ]

    def test_another_readers_feeds_come_first_and_once(self, desk: Desk, export: Path) -> None:
        ended = desk.run("init", "--topic", "open-source", "--opml", str(export))

        feeds = begun(desk).feeds
        assert ended.code == 0
        assert (feeds[0].url, feeds[0].tags) == ("https://lwn.net/headlines/rss/", ("mine",))
        assert sum("lwn.net" in feed.url for feed in feeds) == 1
        assert len(feeds) > 1
        assert "ftp://bad.example/" in ended.err
        assert f"  # from {export}\n" in desk.config.read_text()

    def test_the_page_of_the_commands_shows_what_is_said(self, desk: Desk) -> None:
        page = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
        shown = page.partition("$ aggregator init ")[2].partition("```")[0]
        typed, _, said = shown.partition("\n")

        assert desk.type("init", *typed.split()).out == said

    def test_the_list_is_shown_and_nothing_written(self, desk: Desk) -> None:
        ended = desk.run("init", "--list")

        assert "1\tworld\t" in ended.out
        assert "\teurope/united-kingdom\t" in ended.out
        assert not desk.config.exists()

    def test_a_config_that_is_there_stays(self, desk: Desk) -> None:
        desk.config.write_text("feeds: []\n")

        ended = desk.run("init", "--topic", "tech")

        assert ended.code == 2
        assert (
            f"{desk.config} is there already, and stays as it is; change it with `aggregator add`"
            in ended.err
        )
        assert desk.config.read_text() == "feeds: []\n"

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            (("--topic", "sprot"), "did you mean sport? (`aggregator init --list` shows all)"),
            (("--country", "Atlantis"), "is none of"),
            (("--language", "tlh"), "is not one of"),
            (("--language", "de"), "name one, too"),
            (("--topic", "sport", "--language", "ja"), "no feed on sport comes in ja"),
            (("--opml", "gone.opml"), "No such file"),
            (("--opml", "https://one.example/opml"), "'- opml: ADDRESS' under feeds:"),
        ],
    )
    def test_what_cannot_be_done_is_told_and_nothing_written(
        self, desk: Desk, options: tuple[str, ...], words: str
    ) -> None:
        ended = desk.run("init", *options)

        assert ended.code == 2
        assert words in " ".join(ended.err.split())
        assert not desk.config.exists()

    def test_a_file_that_is_no_list_is_told_and_nothing_written(self, desk: Desk) -> None:
        page = desk.folder / "feeds.opml"
        page.write_text("<!doctype html><html>Log in</html>")

        ended = desk.run("init", "--opml", str(page))

        assert ended.code == 2
        assert f"{page}:1:1: this is a web page, not a list of feeds" in ended.err
        assert not desk.config.exists()

    def test_a_disk_that_is_full_leaves_no_half_config(self, desk: Desk) -> None:
        with a_full_disk():
            ended = desk.run("init")

        assert ended.code == 1
        assert "(file too large); put a config there" in ended.err
        assert not desk.config.exists()


class TestAtATerminal:
    def test_topics_countries_and_languages_are_asked_for(self, desk: Desk) -> None:
        said = in_init(
            desk,
            ("Which one? [1]:", ""),
            ("Topics, by number or name", "health 1"),
            ("Countries, likewise", "germany"),
            ("Languages of the topics [en de]:", "de"),
        )

        assert [feed.title for feed in begun(desk).feeds][:2] == ["Deutsche Welle", "Tagesschau"]
        assert f"wrote {desk.config}: 6 feeds, 2 outputs" in said.replace("\r\n", "")

    def test_what_is_no_topic_is_asked_for_again_and_so_is_nothing_at_all(self, desk: Desk) -> None:
        said = in_init(
            desk,
            ("Which one? [1]:", "1"),
            ("Topics, by number or name", "zzz"),
            ("Topics, by number or name", ""),
            ("Countries, likewise", ""),
            ("Topics, by number or name", ""),
            ("Countries, likewise", "japan"),
        )

        assert "Error: 'zzz' is none of" in said
        assert "That is no feed yet; once more." in said
        assert {tag for feed in begun(desk).feeds for tag in feed.tags} == {"asia/japan"}

    def test_another_readers_file_is_asked_for_until_there_is_one(self, desk: Desk, export: Path) -> None:
        said = in_init(
            desk,
            ("Which one? [1]:", "2"),
            ("The file:", "gone.opml"),
            ("The file:", f"'{export}'"),
        )

        assert "No such file" in said
        assert [feed.title for feed in begun(desk).feeds] == ["LWN"]

    def test_the_ready_made_config_can_be_had(self, desk: Desk) -> None:
        in_init(desk, ("Which one? [1]:", "3"))

        assert desk.config.read_text() == default_text()

    def test_with_an_option_nothing_is_asked(self, desk: Desk) -> None:
        at_a_terminal("--config", str(desk.config), "init", "--default")

        assert desk.config.read_text() == default_text()

    def test_who_walks_away_leaves_nothing_behind(self, desk: Desk) -> None:
        in_init(desk, ("Which one? [1]:", "1"), ("Topics, by number or name", "\x04"))

        assert not desk.config.exists()
