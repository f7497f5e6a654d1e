"""The JSON Schema of the config file, for editors that complete and check while one types.

    python -m aggregator.config.schema --check config/aggregator.schema.json
    python -m aggregator.config.schema --write config/aggregator.schema.json

It is generated from models.py and never edited by hand.
"""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import cast

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from aggregator.config.kinds import SIZE
from aggregator.config.models import Config
from aggregator.config.values import Listen, duration_text, size_text


class _Generator(GenerateJsonSchema):
    """Says what may be written: defaults as YAML text, and no null, which the config refuses."""

    def field_title_should_be_set(self, _schema: object) -> bool:
        """Never: a title that repeats the key is noise."""
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """A key is left out rather than null."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Shows a default, unless it is "not set"."""
        inner = self.generate_inner(schema["schema"])
        default = schema.get("default")
        return inner if default in (None, [], {}) else {**inner, "default": _written(default, inner)}


def _written(default: object, kind: JsonSchemaValue) -> object:
    if isinstance(default, int) and kind.get("title") == SIZE:
        return size_text(default)
    if isinstance(default, timedelta):
        return duration_text(default)
    if isinstance(default, Listen):
        return f"{default.host}:{default.port}"
    return default


def _unwrapped(part: object) -> object:
    """The same with each paragraph of a description in one line, however its docstring is wrapped."""
    if isinstance(part, dict):
        return {key: _unwrapped(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_unwrapped(value) for value in part]
    return re.sub(r"(?<!\n)\n(?!\n)", " ", part) if isinstance(part, str) else part


def schema() -> JsonSchemaValue:
    """The schema (draft 2020-12) as Python values."""
    made = cast("JsonSchemaValue", _unwrapped(Config.model_json_schema(schema_generator=_Generator)))
    return {"$schema": GenerateJsonSchema.schema_dialect, **made, "title": "aggregator.yaml"}


def schema_text() -> str:
    """The schema as JSON, ending in a line break."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when the file is as it should be; 1, with a line on stderr, when it is stale."""
    parser = argparse.ArgumentParser(prog="python -m aggregator.config.schema", description=__doc__)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--check", type=Path, metavar="FILE", help="is FILE what the models say?")
    action.add_argument("--write", type=Path, metavar="FILE", help="renew FILE")
    chosen = parser.parse_args(arguments)
    if chosen.write is not None:
        chosen.write.write_text(schema_text(), encoding="utf-8")
        return 0
    if chosen.check.is_file() and chosen.check.read_text(encoding="utf-8") == schema_text():
        return 0
    sys.stderr.write(
        f"{chosen.check}: not what the models say; "
        f"renew it: python -m aggregator.config.schema --write {chosen.check}\n"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
