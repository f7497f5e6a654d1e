"""The reference is what the code says now, and tells all of it."""

import re
from collections import Counter
from pathlib import Path

import click
import pytest

from aggregator.cli import COMMANDS, aggregator
from aggregator.config import models
from aggregator.core.filters import named_filters, parse_filter
from aggregator.core.filters.grammar import parser
from reference import FOLDER, PAGES, commands, config, events, filters, metrics, tables, write
from tests.migrations.test_steps import PUBLIC

STALE = "docs/reference/ is not what the code says; renew it: make reference"
ABOVE = click.Context(aggregator, info_name="aggregator")
GIVEN = [(one, given) for one in (aggregator, *COMMANDS) for given in one.get_params(ABOVE)]
KEYS = config.every_key()
SECTIONS = [one for one in models.Section.__subclasses__() if one is not models.Config]


def anchors(page: str) -> list[str]:
    """The names of the rows of a page."""
    return re.findall(r'<a id="([^"]+)">', page)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_what_the_code_says(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == PAGES[name](), STALE


def test_there_is_no_page_that_nothing_makes() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(PAGES)


def test_pages_are_written_as_they_are_checked(tmp_path: Path) -> None:
    write(tmp_path)

    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {
        name: page() for name, page in PAGES.items()
    }


@pytest.mark.parametrize("name", PAGES)
def test_each_row_has_an_address_of_its_own(name: str) -> None:
    many = Counter(anchors(PAGES[name]()))

    assert [anchor for anchor, times in many.items() if times > 1] == []


class TestConfig:
    def test_every_key_of_every_model_has_a_row(self) -> None:
        keys = Counter(key for model in SECTIONS for key in model.model_fields)

        assert Counter(key.name for key in KEYS) == keys
        assert anchors(config.page()) == [f"{key.section}-{key.name}" for key in KEYS]

    @pytest.mark.parametrize("key", KEYS, ids=lambda key: f"{key.section}.{key.name}")
    def test_a_key_says_what_it_does_what_it_holds_and_what_holds_without_it(self, key: config.Key) -> None:
        assert key.said.get("description"), "no docstring"
        assert key.kind
        assert key.default, "no default, and no `Default: …` at the end of the docstring"

    def test_a_key_of_which_the_model_says_nothing_is_noticed(self) -> None:
        key = config.Key("poll", "colour", {"title": "text", "type": "string"}, required=True)

        with pytest.raises(KeyError, match="description"):
            assert key.meaning

    def test_what_is_linked_is_a_key(self) -> None:
        assert set(config.MORE) <= {f"{key.section}.{key.name}" for key in KEYS}


class TestCommands:
    def test_every_command_has_a_part_with_an_example(self) -> None:
        page = commands.page()

        assert set(re.findall(r"^## `(\w+)`$", page, re.MULTILINE)) == set(aggregator.commands)
        assert page.count("\nExample:\n\n```sh\naggregator ") == len(aggregator.commands)

    @pytest.mark.parametrize(("command", "given"), GIVEN, ids=lambda one: one.name)
    def test_whatever_a_command_takes_is_explained(
        self, command: click.Command, given: click.Parameter
    ) -> None:
        _, said = given.get_help_record(ABOVE) or ("", "")

        assert said, f"{given.name} of {command.name} has no help"


class TestFilters:
    def test_every_terminal_of_the_grammar_has_a_row(self) -> None:
        ignored = {*parser().ignore_tokens}

        told = {terminal for terminals, _, _ in filters.FORMS for terminal in terminals.split()}

        assert told == {one.name for one in parser().terminals} - ignored

    @pytest.mark.parametrize("looks", [looks for _, looks, _ in filters.FORMS])
    def test_what_is_shown_is_a_filter(self, looks: str) -> None:
        assert parse_filter(looks, named_filters({"alliance": ["NATO"]})).source == looks


class TestTables:
    def test_every_table_and_column_has_a_meaning_and_no_other(self) -> None:
        told = {name: set(said["columns"]) for name, said in tables.meanings().items()}

        assert told == {name: {one.name for one in columns} for name, columns in tables.declared().items()}

    def test_what_everybody_may_build_on_is_told_apart(self) -> None:
        told = tables.meanings()

        assert {name for name in told if not told[name]["description"].startswith(tables.OURS)} == PUBLIC

    def test_what_is_hidden_in_datasette_serves_the_program(self) -> None:
        assert {name for name, said in tables.meanings().items() if said.get("hidden")}.isdisjoint(PUBLIC)


def test_every_metric_says_what_it_tells() -> None:
    assert [one.name for one in metrics.families() if not one.documentation] == []
    assert anchors(metrics.page()) == [metrics.named(one) for one in metrics.families()]


def test_every_event_of_the_log_is_explained_and_no_other() -> None:
    assert set(events.WHEN) == set(events.events())
