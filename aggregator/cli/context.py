"""What every command needs to know first: which config, which data folder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from aggregator import config
from aggregator.config import Loaded
from aggregator.core.settings import Settings
from aggregator.setup import write_default
from aggregator.store import Reader

DEFAULT_CONFIG = Path("config/aggregator.yaml")
DEFAULT_DATA = Path("data")


@dataclass(frozen=True, slots=True)
class Context:
    """The files of this invocation. `named` says whether the user named the config."""

    config: Path
    named: bool
    data: Path
    environ: Mapping[str, str]

    @classmethod
    def of(cls, config: str | None, data: str | None, environ: Mapping[str, str]) -> "Context":
        """The context that the options and the environment ask for."""
        return cls(Path(config or DEFAULT_CONFIG), config is not None, Path(data or DEFAULT_DATA), environ)

    def load(self) -> Loaded:
        """The checked config; ConfigError with every fault."""
        return config.load(self.config, self.environ)

    def settings(self) -> Settings:
        """The checked config's values."""
        return self.load().settings

    def write_missing_config(self) -> bool:
        """Write the commented default where no config was named and none exists; True if it was written."""
        if self.named or self.config.exists():
            return False
        write_default(self.config, config.default_text())
        return True

    def reader(self) -> Reader:
        """A reader of the store; StoreError where there is none yet."""
        return Reader(self.data)


def command(example: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A command whose help ends with an example."""
    # The \b keeps click from filling the lines that follow.
    return click.command(epilog=f"\b\nExample:\n  {example}")
