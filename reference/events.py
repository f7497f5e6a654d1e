"""Every event of the log: its level and its fields as they stand in the code, and when it is told.

The events are found in the source, wherever `line("event", field=…)` is written (aggregator/logs.py).

To add an event: its row in `WHEN`; a test holds that none is missing, and none is there that is no more.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import aggregator
from reference.markdown import code, document, row_anchor, table

SOURCE = Path(aggregator.__file__).parent
WHEN = {
    "poll": "a poll has ended; at level debug, where it failed while our own line is down",
    "published": "outputs were written",
    "config in force": "a changed config was taken up",
    "config not in force": "a changed config has mistakes; the last good one goes on",
    "a changed server: section takes effect at the next start": "the config changed where it serves",
    "retagging": "stored stories are judged anew",
    "retagged": "they all are",
    "indexed anew": "after an update that reads words in another way; searches find all again",
    "swept": "stories that have had their time were removed",
    "problem": "something is wrong, as `/problems.atom` tells",
    "problem mended": "it is no more",
    "notice sent": "somebody was told of problems",
    "notice not taken": "a service would not take a notice",
    "line down": "no server can be reached: it is our own line, and no feed is blamed",
    "line back": "it is back",
    "the clock jumped": "the machine slept, or its clock was set",
    "list": "a list of feeds that the config names could not be fetched or read, or not all of it",
    "list cannot be kept": "its copy cannot be written",
    "list copy is damaged": "its copy cannot be read",
    "subscription": "a hub confirmed or denied a subscription",
    "not subscribed": "a hub could not be asked, or would not",
    "push refused": "what a hub sent could not be taken in",
    "push ignored": "what a hub sent counts for nothing",
    "obeyed": "an order that a command left was carried out",
    "ignored": "what lies among the orders is none",
    "not stored": "what a poll brought cannot be written; polling rests",
    "not looked": "a look for problems failed",
    "problems not kept": "problems cannot be written",
    "failed": "a duty failed, and will be tried again",
    "broken off": "a stop broke a duty off",
    "written again": "what could not be written can be",
    "stopped": "the daemon has stopped",
    "bug": "please report it, with these lines; a traceback is with it",
}
"""What each event means, the everyday ones first."""
LEVELS = {"exception": "error"}
_INTRO = """
A line an event, on stderr; [Watch over it](../monitoring.md#the-log) shows how they look, and
[`logging`](config.md#logging) sets their form and level. In JSON each has `at`, `level` and `event` before
these fields. A field that has nothing to say is left out. WARNING means that a person should act.
"""


def page() -> str:
    """The page."""
    found = events()
    rows = ((_anchor(event), *_told(found[event]), when) for event, when in WHEN.items())
    return document(
        "Every event of the log",
        "`aggregator/` and `reference/events.py`",
        _INTRO,
        table(("event", "level", "fields", "when"), rows),
    )


def events() -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """By event, the level and the fields of each place that tells it."""
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        levels = {id(told): level for level, told in _levels(tree)}
        for call in _lines(tree):
            fields = tuple(str(one.arg) for one in call.keywords)
            level = levels.get(id(call), "info")
            found.setdefault(ast.literal_eval(call.args[0]), []).append((level, fields))
    return found


def _lines(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "line":
            yield node


def _levels(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """What `log.warning(…)` and its like are given, with their level."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            yield LEVELS.get(node.func.attr, node.func.attr), node.args[0]


def _told(places: list[tuple[str, tuple[str, ...]]]) -> tuple[str, str]:
    levels = dict.fromkeys(level for level, _ in places)
    fields = dict.fromkeys(field for _, fields in places for field in fields)
    return ", ".join(levels), " ".join(map(code, fields))


def _anchor(event: str) -> str:
    return row_anchor(
        "-".join("".join(one for one in event if one.isalpha() or one == " ").split()), shown=event
    )
