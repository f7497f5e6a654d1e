"""Every key of the config file: its type, its default and what it does, as its JSON Schema says.

The schema has it from the models (aggregator/config/models.py): docstrings of fields, titles of kinds.

To link a key to its guide: a row in `MORE`.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from aggregator.config.schema import schema
from reference.markdown import code, document, row_anchor, table

Part = Mapping[str, Any]

GUIDE = "../configuration.md"
MORE = {
    "server.hub": "../websub.md",
    "poll.allow_private": f"{GUIDE}#feeds-at-home",
    "poll.websub": "../websub.md",
    "dedup.level": "../stories.md#the-layers",
    "feeds.full_text": f"{GUIDE}#full-text",
    "feeds.skip_chrome": f"{GUIDE}#page-chrome",
    "feeds.websub": "../websub.md",
    "feeds.was": f"{GUIDE}#feeds",
    "feeds.opml": "../moving-in.md",
    "outputs.group": f"{GUIDE}#outputs",
    "outputs.order": f"{GUIDE}#order",
    "outputs.digest": f"{GUIDE}#digests",
    "outputs.was": f"{GUIDE}#renaming-an-output",
    "outputs.token": f"{GUIDE}#private-outputs",
}
"""Where a key has more told of it than its section's part of the guide."""
_DEFAULT = re.compile(r"\s*\bDefault: (?P<default>.+)\.$", re.DOTALL)
_MANY = re.compile(r"\blist of|: ")
_INTRO = f"""
One YAML file holds all of this. The [guide]({GUIDE}) shows it by example and explains what is behind the
keys; it also tells [how values are written]({GUIDE}#how-values-are-written), such as durations and sizes.
Click on a key for its own address.
"""


class Key(NamedTuple):
    """A key, what the schema says of it, and whether it must be there."""

    section: str
    name: str
    said: Part
    required: bool

    @property
    def kind(self) -> str:
        """What it holds: the words for it, or the name of its kind."""
        return " ".join(map(code, self.said["enum"])) if "enum" in self.said else str(self.said["title"])

    @property
    def default(self) -> str:
        """What holds without it: a value, or what its docstring says; empty where neither says."""
        if self.required:
            return "required"
        if "default" in self.said:
            default = self.said["default"]
            return code(str(default).lower() if isinstance(default, bool) else str(default))
        found = _DEFAULT.search(self.said["description"])
        return found["default"] if found else "none" if _MANY.search(self.kind) else ""

    @property
    def meaning(self) -> str:
        """What it does, and where more is told of it."""
        more = MORE.get(f"{self.section}.{self.name}")
        return _DEFAULT.sub("", self.said["description"]) + (f" [More]({more})." if more else "")


def page() -> str:
    """The page."""
    whole = schema()
    names = " · ".join(f"[{code(name)}](#{name})" for name in whole["properties"])
    sections = (_section(whole, name) for name in whole["properties"])
    return document("Every key of the config", "`aggregator/config/models.py`", _INTRO, names, *sections)


def every_key() -> list[Key]:
    """Every key that has a row, in their order."""
    whole = schema()
    models = ((name, model) for name in whole["properties"] for model in _models(whole, name))
    return [key for name, model in models for key in _keys(name, model)]


def _section(whole: Part, name: str) -> str:
    said = whole["properties"][name]
    models = _models(whole, name)
    described = said.get("description") or models[0]["description"]
    parts = [f"## {code(name)}", f"{described}{_type(said, models)} [Guide]({GUIDE}#{name})."]
    for model in models:
        parts += [model["description"]] if len(models) > 1 else []
        rows = (
            (row_anchor(name, key.name), key.kind, key.default, key.meaning) for key in _keys(name, model)
        )
        parts.append(table(("key", "type", "default", "what it does"), rows))
    return "\n\n".join(parts)


def _type(said: Part, models: list[Part]) -> str:
    """A sentence about what a section holds, where that is no mapping or no mapping alone."""
    if not models:
        return f" Type: {said['title']}."
    return " Type: switch, or a mapping." if "anyOf" in said else ""


def _models(whole: Part, name: str) -> list[Part]:
    """The mappings of which a section is made, or one of which each of its items is."""
    said = whole["properties"][name]
    inner = said.get("items", said)
    found = [_resolved(whole, one) for one in inner.get("oneOf", inner.get("anyOf", [inner]))]
    return [one for one in found if "properties" in one]


def _resolved(whole: Part, part: Part) -> Part:
    found: Part = whole["$defs"][part["$ref"].rpartition("/")[2]] if "$ref" in part else part
    return found


def _keys(section: str, model: Part) -> list[Key]:
    required = model.get("required", ())
    return [Key(section, name, said, name in required) for name, said in model["properties"].items()]
