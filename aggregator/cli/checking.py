"""The command that checks the config, and mends in it what can have been meant in one way only."""

import sys
from datetime import UTC, datetime

import click

from aggregator import config
from aggregator.cli.context import Context, command
from aggregator.config.fixing import changes, fixed
from aggregator.core.settings import Settings
from aggregator.core.text import counted
from aggregator.errors import ConfigError, Fault
from aggregator.setup import keep_copy, rewrite

NAMELESS = (
    "hint: publishers cannot tell who asks for their feeds; "
    "set server.public_url, or an address in poll.user_agent"
)
BY_HAND = "change the lines above by hand"


@command("aggregator --config config/aggregator.yaml check")
@click.option("--fix", is_flag=True, help="Mend simple mistakes first; shows what, and keeps a copy.")
@click.option("--yes", is_flag=True, help="Do not ask before --fix writes.")
@click.pass_obj
def check(context: Context, *, fix: bool, yes: bool) -> None:
    """Check the config; every fault is a line with its place.

    On stderr it hints at what is no fault: publishers that cannot tell who asks, and filters whose `until:`
    is over.
    """
    try:
        if fix:
            _fix(context, sure=yes)
        settings = context.load_judged().settings
    except ConfigError as error:
        click.echo(str(error))
        if not fix and (simple := sum(fault.swap is not None for fault in error.faults)):
            click.echo(f"hint: `aggregator check --fix` mends {simple} of these", err=True)
        sys.exit(error.exit_code)
    parts = ((settings.feeds, "feed"), (settings.tags, "tag"), (settings.outputs, "output"))
    counts = ", ".join(counted(len(part), noun) for part, noun in parts)
    click.echo(f"{context.config}: fine ({counts})")
    hint(settings)


def hint(settings: Settings) -> None:
    """Tell what is no fault, but better otherwise."""
    if settings.poll.user_agent is None:
        click.echo(NAMELESS, err=True)
    for place, wanted in settings.wishes():
        for day in wanted.expired(datetime.now(UTC)):
            click.echo(f"note: {place}: 'until:{day}' is over; take it out, or give it another day", err=True)


def _fix(context: Context, *, sure: bool) -> None:
    """Show what is mended and write it, at a terminal only if the user agrees."""
    before = context.text()
    after = fixed(before, lambda text: _faults(context, text))
    if after == before:
        click.echo("nothing to mend", err=True)
        return
    for line in changes(before, after):
        click.echo(line)
    if not sure and sys.stdin.isatty() and not click.confirm("Write this?"):
        return
    copy = keep_copy(context.config, by_hand=BY_HAND)
    rewrite(context.config, before, after, by_hand=BY_HAND)
    click.echo(f"wrote {context.config}; as it was: {copy}")


def _faults(context: Context, text: str) -> tuple[Fault, ...]:
    """What is wrong with the text itself, and not with a list that it names."""
    try:
        config.load_text(text, context.config, context.environ)
    except ConfigError as error:
        return tuple(fault for fault in error.faults if fault.file == str(context.config))
    return ()
