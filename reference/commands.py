"""Every command: what it does, what it takes, and an example, as its own `--help` says (aggregator/cli/)."""

import re
from collections.abc import Iterator
from textwrap import dedent

import click

from aggregator.cli import COMMANDS, aggregator
from reference.markdown import block, code, document, row_anchor, table

_INTRO = """
The [guide](../commands.md) shows the commands at work, and tells which of them read and which write. `--help`
tells of each what stands here; `python -m aggregator` is the same as `aggregator`.
"""
_BRACKETS = re.compile(r"\s*\[(?:default: )?([^\]]+)\]")
"""What click puts after the help of an option: its default, its bounds, its variable."""


def page() -> str:
    """The page."""
    above = click.Context(aggregator, info_name="aggregator")
    rows = ((f"[{code(str(one.name))}](#{one.name})", one.get_short_help_str(limit=200)) for one in COMMANDS)
    return document(
        "Every command",
        "the help of the commands in `aggregator/cli/`",
        _INTRO,
        table(("command", "does"), rows),
        "## Before the command",
        "\n\n".join(_parts(aggregator, above)),
        *(_section(one, above) for one in COMMANDS),
    )


def _section(command: click.Command, above: click.Context) -> str:
    inside = click.Context(command, info_name=command.name, parent=above)
    return "\n\n".join([f"## {code(str(command.name))}", *_parts(command, inside)])


def _parts(command: click.Command, inside: click.Context) -> Iterator[str]:
    """Usage, help, what it takes, and what stands below that in its help."""
    yield block(" ".join([inside.command_path, *command.collect_usage_pieces(inside)]))
    yield from (" ".join(paragraph.split()) for paragraph in str(command.help).split("\n\n"))
    given = [one for one in command.get_params(inside) if _shown(one)]
    if given:
        yield table(("give", "for", "default"), (_row(one, inside) for one in given))
    heading, _, lines = str(command.epilog).removeprefix("\b\n").partition("\n")
    yield heading
    yield block(dedent(lines), _language(heading))


def _shown(given: click.Parameter) -> bool:
    return given.name not in ("_click_default_help", "version")


def _row(given: click.Parameter, inside: click.Context) -> tuple[str, str, str]:
    written, said = given.get_help_record(inside) or ("", "")
    name = given.opts[0].lstrip("-")  # of an argument, that of its parameter
    anchor = row_anchor(str(inside.info_name), name, shown=written)
    return anchor, _BRACKETS.sub("", said), ", ".join(_BRACKETS.findall(said))


def _language(heading: str) -> str:
    return "sh" if heading == "Example:" else "text"
