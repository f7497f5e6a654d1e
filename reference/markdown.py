"""Markdown as GitHub and the site of docs/ both read it: pages, tables, and anchors for single rows."""

from collections.abc import Iterable, Sequence


def document(title: str, source: str, *parts: str) -> str:
    """A whole page, with a note that it is made and of what."""
    note = f"<!-- Made from {source} by `make reference`: change that, not this page. -->"
    return "\n\n".join([f"# {title}", note, *(part.strip("\n") for part in parts if part)]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; its cells are Markdown."""
    lines = [head, ["---"] * len(head), *([_cell(text) for text in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def code(text: str) -> str:
    """The text as it is typed; with enough backticks round it."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def row_anchor(*names: str, shown: str | None = None) -> str:
    """The name of a row, which links to itself: `#outputs-max_age` for `outputs` and `max_age`."""
    anchor = "-".join(names)
    return f'<a id="{anchor}"></a>[{code(shown or names[-1])}](#{anchor})'


def block(text: str, language: str = "text") -> str:
    """A block of code."""
    return f"```{language}\n{text.strip()}\n```"
