"""How rows are printed: a table for a person, one JSON array for a program."""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.style import Style
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from aggregator.core.filters import Found, in_words
from aggregator.core.text import visible
from aggregator.core.times import to_text

Row = Mapping[str, object]
SAID = {True: "true", False: "false", None: "unknown"}
STYLED = {True: "[green]true[/green]", False: "[red]false[/red]", None: "[yellow]unknown[/yellow]"}


def plain(value: object) -> object:
    """The value as JSON can say it: times as ISO text, names of states as text."""
    match value:
        case datetime():
            return to_text(value)
        case Enum():
            return value.value
        case dict():
            return {key: plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [plain(inner) for inner in value]
    return value


def say(line: str) -> None:
    """Print a line that strangers had a say in."""
    click.echo(visible(line))


def show_json(value: object) -> None:
    """Print one JSON value."""
    click.echo(json.dumps(plain(value), ensure_ascii=False, indent=2))


def show_rows(rows: Sequence[Row], columns: Sequence[str], *, as_json: bool, empty: str) -> None:
    """Print the rows: all their keys as JSON, or `columns` as a table, or `empty` where there are none."""
    if as_json:
        show_json(list(rows))
    elif not rows:
        click.echo(empty)
    elif sys.stdout.isatty():
        Console().print(_table(rows, columns))
    else:
        for row in rows:
            click.echo("\t".join(_cell(row.get(column)) for column in columns))


def show_tree(title: str, *nodes: Mapping[str, Any] | None) -> None:
    """Print what was judged, clause under clause, with verdicts and words; None is nothing to show."""
    shown = [node for node in nodes if node]
    if sys.stdout.isatty():
        tree = Tree(escape(visible(title)), guide_style="dim")
        for node in shown:
            _grow(tree, node)
        Console().print(Padding(tree, (0, 0, 0, 2)))
        return
    say(f"  {title}")
    for node in shown:
        _indent(node, 2)


def _grow(tree: Tree, node: Mapping[str, Any]) -> None:
    branch = tree.add(f"{STYLED[node['verdict']]} {escape(_judged(node))}")
    for child in node["children"]:
        _grow(branch, child)


def _indent(node: Mapping[str, Any], depth: int) -> None:
    click.echo(f"{'  ' * depth}{SAID[node['verdict']]:<8}{_judged(node)}")
    for child in node["children"]:
        _indent(child, depth + 1)


def _judged(node: Mapping[str, Any]) -> str:
    """The clause, and what it found."""
    words = in_words(Found(tuple(one["words"]), one["place"]) for one in node["found"])
    return _cell(node["clause"]) + (f" — {visible(words)}" if words else "")


def _table(rows: Sequence[Row], columns: Sequence[str]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(_shown(column, _cell(row.get(column))) for column in columns))
    return table


def _shown(column: str, cell: str) -> Text:
    """The cell; an address can be followed where the terminal can, also when it is broken over lines."""
    return Text(cell, Style(link=cell) if column == "url" else "")


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case list() | tuple():
            return " ".join(_cell(inner) for inner in value)
    return visible(" ".join(str(plain(value)).split()))
