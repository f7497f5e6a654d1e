"""What every command needs to know first: which config, which data folder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from aggregator import config
from aggregator.config import Loaded
from aggregator.config.editing import Edit, begun
from aggregator.core.settings import Settings
from aggregator.errors import StoreError
from aggregator.model import Feed
from aggregator.notices import judged
from aggregator.setup import rewrite, write_first
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

    def load_judged(self) -> Loaded:
        """The same for who sends notices, with the faults of where they go."""
        return config.load(self.config, self.environ, judge=judged)

    def settings(self) -> Settings:
        """The checked config's values."""
        return self.load().settings

    def write_missing_config(self) -> bool:
        """Write the commented default where no config was named and none exists; True if it was written."""
        if self.named or self.config.exists():
            return False
        write_first(self.config, config.default_text())
        return True

    def text(self) -> str:
        """The config's text; none where no config was named and none exists. ConfigError if unreadable."""
        return "" if not self.named and not self.config.exists() else config.read_text(self.config)

    def load_begun(self) -> Loaded:
        """The checked config, as if it had a `feeds:`, for a command that puts some in."""
        return config.load_text(begun(self.text()), self.config, self.environ)

    def save(self, before: str, edit: Edit, *, by_hand: str) -> None:
        """Write an edit of the text `before` to the config's file, if it then loads; else ConfigError.

        EditError where the file cannot be written; it tells the user what to do `by_hand`.
        """
        config.load_text(edit.text, self.config, self.environ)
        if self.config.exists():
            rewrite(self.config, before, edit.text, by_hand=by_hand)
        else:
            write_first(self.config, edit.text)

    def stored(self) -> Mapping[str, Feed]:
        """The feeds as they were polled, by every address that they have or had; none without a store."""
        try:
            feeds = self.reader().feeds()
        except StoreError:
            return {}
        former = {url: feed for feed in feeds for url in (feed.origin, feed.moved_from) if url}
        return former | {feed.url: feed for feed in feeds}

    def reader(self) -> Reader:
        """A reader of the store; StoreError where there is none yet."""
        return Reader(self.data)


def command(example: str, name: str | None = None) -> Callable[[Callable[..., Any]], click.Command]:
    """A command whose help ends with an example; `name` where its function's cannot be its own."""
    # The \b keeps click from filling the lines that follow.
    return click.command(name, epilog=f"\b\nExample:\n  {example}")
