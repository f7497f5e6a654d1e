"""Every table of the store with its columns, and what they mean.

Names and types are those of a database as the migrations make it; meanings are in docs/datasette.yaml, which
shows them in Datasette, too.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from aggregator.migrations import SCHEMA_VERSION
from aggregator.store.connection import DATABASE_NAME, open_writer
from reference.markdown import code, document, row_anchor, table

METADATA = Path(__file__).parents[1] / "docs" / "datasette.yaml"
OURS = "Internal: "
"""How the description of a table or a column begins that serves the program alone."""
_INTRO = f"""
`DATA/aggregator.db` is SQLite in WAL mode and is meant to be opened with other tools, such as
[Datasette](../datasette.md). Its schema is number {SCHEMA_VERSION} (`PRAGMA user_version`). Times are UTC,
ISO 8601 text with milliseconds, ending in `Z`. How the parts work together stands in
[the architecture](../architecture.md#the-store).
"""
_KEPT = "These keep their names and meanings, so that what is built on them lasts."
_MAY_CHANGE = "These serve the program, and may change with a migration."


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the database declares it; `leads_to` is `table.column` where it is a foreign key."""

    name: str
    type: str
    leads_to: str


def page() -> str:
    """The page."""
    there, told = declared(), meanings()
    kept = [name for name in told if not _is_ours(told[name])]
    ours = [name for name in told if _is_ours(told[name])]
    return document(
        "Every table of the store",
        "`aggregator/migrations/` and `docs/datasette.yaml`",
        _INTRO,
        "## Tables for everybody",
        _KEPT,
        *(_section(name, there[name], told[name]) for name in kept),
        "## Tables of the program",
        _MAY_CHANGE,
        *(_section(name, there[name], told[name]) for name in ours),
    )


def declared() -> Mapping[str, tuple[Column, ...]]:
    """The columns of every table of ours, in the order in which a fresh database has them."""
    with tempfile.TemporaryDirectory() as folder, closing(open_writer(Path(folder) / DATABASE_NAME)) as conn:
        tables = conn.execute("PRAGMA table_list").fetchall()
        ours = [row["name"] for row in tables if row["type"] != "shadow" and row["schema"] == "main"]
        return {name: tuple(_columns(conn, name)) for name in ours if not name.startswith(("sqlite_", "_"))}


def _columns(conn: Any, name: str) -> Iterator[Column]:  # noqa: ANN401 (of either SQLite)
    keys = {
        row["from"]: f"{row['table']}.{row['to']}" for row in conn.execute(f"PRAGMA foreign_key_list({name})")
    }
    for row in conn.execute(f"PRAGMA table_info({name})"):
        yield Column(row["name"], row["type"].lower(), keys.get(row["name"], ""))


def meanings() -> Mapping[str, Mapping[str, Any]]:
    """What is told of each table, in the order in which it stands there."""
    told = yaml.safe_load(METADATA.read_text(encoding="utf-8"))["databases"]["aggregator"]["tables"]
    return {name: said for name, said in told.items() if not name.startswith(("sqlite_", "_"))}


def _is_ours(said: Mapping[str, Any]) -> bool:
    return str(said["description"]).startswith(OURS)


def _section(name: str, columns: tuple[Column, ...], said: Mapping[str, Any]) -> str:
    told = said["columns"]
    rows = [(column, str(told[column.name])) for column in columns]
    kept = [_row(name, column, meaning) for column, meaning in rows if not meaning.startswith(OURS)]
    ours = [_row(name, column, meaning) for column, meaning in rows if meaning.startswith(OURS)]
    parts = [f"### {code(name)}", str(said["description"]).removeprefix(OURS)]
    parts += [table(("column", "type", "is"), kept)] if kept else []
    parts += (
        ["Columns of the program, which may change:", table(("column", "type", "is"), ours)] if ours else []
    )
    return "\n\n".join(parts)


def _row(name: str, column: Column, meaning: str) -> tuple[str, str, str]:
    key = f" → [{code(column.leads_to)}](#{column.leads_to.replace('.', '-')})" if column.leads_to else ""
    return row_anchor(name, column.name), f"{column.type}{key}", meaning.removeprefix(OURS)
