"""The reference in docs/reference/, made from the code: what it says stands in the code, and nowhere else.

    python -m reference

writes it (`make reference`); tests/reference/ holds that it is what the code says now. A page is a module
with a function `page` that returns its Markdown. Guides and explanations are written by hand, in docs/.

To add a page: its module, its line in `PAGES`, in the nav of mkdocs.yml and in docs/index.md.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from reference import commands, config, events, filters, metrics, tables

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
PAGES: Mapping[str, Callable[[], str]] = {
    "config.md": config.page,
    "commands.md": commands.page,
    "filters.md": filters.page,
    "tables.md": tables.page,
    "metrics.md": metrics.page,
    "log.md": events.page,
}


def write(folder: Path) -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")
