"""`preview`: what another config would change, told to a person and to a program."""

import json

from tests.newsroom import Desk

OTHER = """
outputs:
  - {name: all, title: All, exclude: gas}
  - {name: third, title: Third, include: '"number 3"'}
"""


def another(desk: Desk) -> str:
    """A config like the desk's with other outputs."""
    path = desk.folder / "other.yaml"
    path.write_text(desk.config.read_text().partition("\ntags:")[0] + OTHER)
    return str(path)


def test_another_config_is_held_against_what_readers_see(stocked: Desk) -> None:
    ended = stocked.run("preview", "--config", another(stocked))

    assert ended.code == 0
    lines = ended.out.splitlines()
    assert lines[0] == "all: 0 enter, 1 leave, 2 stay"
    assert lines[1].endswith("Gas prices fall again  (exclude: gas)")
    assert "third: 1 enter, 0 leave, 0 stay" in lines
    assert "gas: 0 enter, 1 leave, 0 stay" in lines
    assert lines[-1].endswith("(no such output in the config)")


def test_without_another_config_the_file_as_it_stands_is_tried(stocked: Desk) -> None:
    unchanged = stocked.run("preview", "all").out
    stocked.config.write_text(stocked.config.read_text().replace("include: tag:energy", "include: number"))

    changed = stocked.run("preview", "gas").out

    assert unchanged == "all: 0 enter, 0 leave, 3 stay\n"
    assert changed.splitlines()[0] == "gas: 2 enter, 1 leave, 0 stay"


def test_a_program_gets_every_item_with_its_clause(stocked: Desk) -> None:
    told = json.loads(stocked.run("preview", "all", "--config", another(stocked), "--json").out)

    assert list(told) == ["all"]
    assert told["all"]["enter"] == []
    (left,) = told["all"]["leave"]
    assert (left["title"], left["clause"]) == ("Gas prices fall again", "exclude: gas")
    assert stocked.run("why", left["id"]).code == 0


def test_more_than_a_person_reads_is_counted(stocked: Desk) -> None:
    stocked.config.write_text(stocked.config.read_text().replace("include: tag:energy", "include: number"))

    changed = stocked.run("preview", "gas", "--limit", "1").out.splitlines()
    found = stocked.run("preview", "--limit", "1", "--filter", "number").out.splitlines()

    assert [line for line in changed if line.endswith(" more")] == ["  + 1 more"]
    assert (len(found), found[-1]) == (3, "  + 1 more")


def test_a_filter_is_tried_over_all_that_is_stored(stocked: Desk) -> None:
    text = stocked.run("preview", "--filter", "number -2").out
    told = json.loads(stocked.run("preview", "--filter", "number -2", "--json").out)

    assert text.splitlines()[0] == "number -2: takes 1 story of what is stored"
    assert [item["title"] for item in told["number -2"]["enter"]] == ["News number 3 of today"]
    assert told["number -2"]["leave"] == []


def test_a_filter_may_name_those_of_the_config(stocked: Desk) -> None:
    stocked.config.write_text(stocked.config.read_text() + "filters: {fuel: [oil, gas]}\n")

    assert stocked.run("preview", "--filter", "@fuel").out.startswith("@fuel: takes 1 story")


def test_mistakes_are_told_with_their_cure(stocked: Desk) -> None:
    unknown = stocked.run("preview", "gass")
    nothing_like_it = stocked.run("preview", "zzz")
    both = stocked.run("preview", "gas", "--filter", "gas")
    unreadable = stocked.run("preview", "--filter", "gas OR")

    assert (unknown.code, unknown.err) == (1, "aggregator: no output 'gass'; did you mean 'gas'?\n")
    assert "there are all, gas, tag/energy" in nothing_like_it.err
    assert (both.code, unreadable.code) == (2, 2)
    assert "column 5" in unreadable.err
