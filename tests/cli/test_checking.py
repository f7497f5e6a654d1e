"""Checking the config from the command line, and mending it: `check --fix`."""

import pytest

from tests.cli.terminal import at_a_terminal
from tests.newsroom import Desk

WRONG = "# mine\nfeeds:\n  - url: https://one.example/rss   # the best\n    titel: One\n"
RIGHT = WRONG.replace("titel", "title")


@pytest.fixture
def wrong(desk: Desk) -> Desk:
    """A desk whose config has a mistake."""
    desk.config.write_text(WRONG)
    return desk


def copies(desk: Desk) -> list[str]:
    return sorted(path.name for path in desk.folder.glob("*.bak*"))


def test_check_says_how_many_faults_can_be_mended(wrong: Desk) -> None:
    ended = wrong.run("check")

    assert ended.code == 2
    assert ended.err == "hint: `aggregator check --fix` mends 1 of these\n"
    assert wrong.config.read_text() == WRONG


def test_a_mistake_is_shown_and_mended_and_a_copy_kept(wrong: Desk) -> None:
    ended = wrong.run("check", "--fix")

    assert ended.code == 0
    assert ended.out.splitlines() == [
        "@ line 4",
        "-     titel: One",
        "+     title: One",
        f"wrote {wrong.config}; as it was: {wrong.config}.bak",
        f"{wrong.config}: fine (1 feed, 0 tags, 1 output)",
    ]
    assert wrong.config.read_text() == RIGHT
    assert (wrong.folder / "aggregator.yaml.bak").read_text() == WRONG


def test_the_copy_is_told_as_the_config_was_named(wrong: Desk) -> None:
    ended = wrong.type("--config", "aggregator.yaml", "check", "--fix")

    assert "wrote aggregator.yaml; as it was: aggregator.yaml.bak\n" in ended.out


def test_an_earlier_copy_stays(wrong: Desk) -> None:
    wrong.run("check", "--fix")
    wrong.config.write_text(WRONG + "pol: {}\n")

    wrong.run("check", "--fix")

    assert copies(wrong) == ["aggregator.yaml.bak", "aggregator.yaml.bak1"]


def test_what_is_left_is_told_as_ever(wrong: Desk) -> None:
    wrong.config.write_text(WRONG + "poll: {every: 30}\n")

    ended = wrong.run("check", "--fix")

    assert ended.code == 2
    assert ended.out.splitlines()[-1].startswith(f"{wrong.config}:5:15: poll.every: '30' is not a duration")
    assert wrong.config.read_text() == RIGHT + "poll: {every: 30}\n"


def test_where_nothing_is_wrong_nothing_is_written(wrong: Desk) -> None:
    wrong.config.write_text(RIGHT)

    ended = wrong.run("check", "--fix")

    assert ended.code == 0
    assert ended.err.startswith("nothing to mend\n")
    assert copies(wrong) == []


def test_a_fault_of_a_list_elsewhere_is_none_of_the_configs(wrong: Desk) -> None:
    (wrong.folder / "list.opml").write_text('<opml>\n\n\n<outline xmlUrl="titel"/></opml>')
    wrong.config.write_text(f"{WRONG}  - opml: list.opml\n")

    ended = wrong.run("check", "--fix")

    assert ended.code == 2
    assert "list.opml:4:1" in ended.out.splitlines()[-1]
    assert wrong.config.read_text() == f"{RIGHT}  - opml: list.opml\n"


def test_a_read_only_config_is_left_with_the_lines_to_change(wrong: Desk) -> None:
    wrong.config.chmod(0o444)

    ended = wrong.run("check", "--fix")

    assert ended.code == 2
    assert "+     title: One" in ended.out
    assert f"{wrong.config} is read-only; change the lines above by hand" in ended.err
    assert (wrong.config.read_text(), copies(wrong)) == (WRONG, [])


def test_a_link_goes_on_pointing_to_the_file_that_is_mended(wrong: Desk) -> None:
    target = wrong.folder / "real.yaml"
    wrong.config.rename(target)
    wrong.config.symlink_to("real.yaml")

    wrong.run("check", "--fix")

    assert wrong.config.is_symlink()
    assert target.read_text() == RIGHT
    assert copies(wrong) == ["real.yaml.bak"]


def test_a_missing_config_is_told_as_ever(desk: Desk) -> None:
    ended = desk.run("check", "--fix")

    assert ended.code == 2
    assert "there is no such file" in ended.out


@pytest.mark.parametrize(("answer", "left"), [("y", RIGHT), ("n", WRONG), ("", WRONG)])
def test_at_a_terminal_the_user_is_asked(wrong: Desk, answer: str, left: str) -> None:
    said = at_a_terminal(
        "--config", str(wrong.config), "check", "--fix", answers=[("Write this? [y/N]:", answer)]
    )

    assert "title: One" in said
    assert wrong.config.read_text() == left


def test_who_is_sure_is_not_asked(wrong: Desk) -> None:
    at_a_terminal("--config", str(wrong.config), "check", "--fix", "--yes")

    assert wrong.config.read_text() == RIGHT
