"""A file that another reader exported, as a command line names it: opened, read, and told of."""

from pathlib import Path
from typing import IO, Any

import click

from aggregator.config import read_export
from aggregator.core.settings import FeedSettings
from aggregator.errors import Fault

FAR = (
    "'{}' is an address. To follow the list there, write '- opml: ADDRESS' under feeds: in the config; "
    "to take its feeds over once, download it and name the file"
)


class _Export(click.File):
    """A file to read; `-` is standard input, `~` one's own folder, and quotes round it do not matter."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401
        """The open file; a message for who names an address."""
        name = str(value).strip().strip("'\"")
        if "://" in name:
            self.fail(FAR.format(name), param, ctx)
        return super().convert(str(Path(name).expanduser()), param, ctx)


EXPORT = _Export("rb")


def read_told(file: IO[bytes]) -> tuple[tuple[FeedSettings, ...], tuple[Fault, ...]]:
    """The feeds in the file, and the lines that were left out, each of them told; ConfigError for no list."""
    feeds, faults = read_export(file)
    for fault in faults:
        click.echo(f"left out: {fault}", err=True)
    return feeds, faults
