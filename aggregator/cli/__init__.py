"""Speaks to people: arguments in, text and exit codes out. Decides nothing and stores nothing.

`working` holds the commands that change the store, `curating` those by which a person overrules the dedup,
`reading`, `explaining` and `previewing` those that only look. `beginning` makes a config, `checking` finds
mistakes in it and mends them, `subscribing` changes its feeds, `exports` reads what other readers export.
`show` prints rows and trees. Exit codes: 0 done, 1 ran and failed, 2 bad usage or config.

To add a command: a function in one of these with its example, and its name in COMMANDS. Its help is also its
part of docs/reference/commands.md (`make reference`).
"""

import os
import sys

import click

from aggregator import __version__, logs
from aggregator.cli.beginning import init
from aggregator.cli.checking import check
from aggregator.cli.context import Context
from aggregator.cli.curating import merge, split
from aggregator.cli.explaining import why
from aggregator.cli.previewing import preview
from aggregator.cli.reading import backup, export, feeds, search, status, stories
from aggregator.cli.subscribing import add, import_opml, remove
from aggregator.cli.working import demo, health, notify, poll, publish, retag, run
from aggregator.errors import AggregatorError

EXIT_CODES = """\b
Exit codes:
  0  done; also an empty list, and a round in which some feeds failed
  1  ran and failed: a feed that was named, an id that nobody knows, a data
     folder that cannot be written, a port that is taken, a second daemon
  2  bad usage or config
"""


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog=EXIT_CODES)
@click.option(
    "--config",
    "config",
    metavar="FILE",
    envvar="AGGREGATOR_CONFIG",
    show_envvar=True,
    help="The config file.",
)
@click.option(
    "--data",
    metavar="DIR",
    envvar="AGGREGATOR_DATA",
    show_envvar=True,
    help="The data folder.  [default: ./data]",
)
@click.version_option(__version__, prog_name="aggregator")
@click.pass_context
def aggregator(click_context: click.Context, config: str | None, data: str | None) -> None:
    """Poll news feeds, recognise the same story wherever it is told, publish combined feeds.

    Without --config the file is config/aggregator.yaml, `init` begins one, and `run`
    writes a commented one if there is none.
    """
    click_context.obj = Context.of(config, data, os.environ)


COMMANDS = (
    *(init, run, poll, check, demo),
    *(add, remove, import_opml, export),
    *(stories, search, feeds, status, why, preview),
    *(split, merge, publish, retag, backup, health, notify),
)
for one in COMMANDS:
    aggregator.add_command(one)


def main() -> None:
    """Run the command line; a failure that a person can mend is one line and an exit code."""
    logs.begin(os.environ.get("AGGREGATOR_LOG"))
    try:
        aggregator(prog_name="aggregator", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Exit as wish:
        sys.exit(wish.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output went away (`| head`): no failure, and nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except AggregatorError as error:
        click.echo(f"aggregator: {error}", err=True)
        sys.exit(error.exit_code)
