"""Puts measured figures into a page, between two marks, so that nobody copies a figure by hand.

The page has `<!-- measured: NAME -->` and, further down, `<!-- end -->`; what stands between is the table of
the last run. Prose goes outside.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

END = "<!-- end -->"


def write(page: Path, name: str, rows: Sequence[Mapping[str, str | float]], note: str) -> None:
    """Replaces the table of this name; `note` says from what and when it comes."""
    mark = f"<!-- measured: {name} -->"
    text = page.read_text(encoding="utf-8")
    between = re.compile(f"(?<={re.escape(mark)}\n).*?(?={re.escape(END)})", re.DOTALL)
    if not between.search(text):
        raise SystemExit(f"{page}: put the lines `{mark}` and `{END}` where the table shall stand")
    page.write_text(between.sub(lambda _: f"\n{table(rows)}\n{note}\n\n", text, count=1), encoding="utf-8")


def table(rows: Sequence[Mapping[str, str | float]]) -> str:
    """The rows in Markdown, the keys of the first as its head."""
    head = list(rows[0])
    lines = [head, ["---"] * len(head), *([_shown(row[name]) for name in head] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _shown(figure: str | float) -> str:
    return f"{figure:.3f}" if isinstance(figure, float) else str(figure)
