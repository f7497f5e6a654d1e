"""The language of filters: what can be written, fields, measures, limits, grammar, from core/filters/.

To add a form of the language: its row in `FORMS`; a test holds that each terminal of the grammar has one.
"""

from aggregator.core.filters import compiling, fields, grammar, measures, nearness
from reference.markdown import block, code, document, row_anchor, table

GUIDE = "../filters.md"
LARK = "https://lark-parser.readthedocs.io/en/stable/grammar.html"
FORMS = (
    ("WORD", "nato", "the whole word, in title or text; case and accents do not count"),
    ("WORD", "missile*", "every word that begins so"),
    ("WORD", "#nato", "the hashtag, not the word"),
    (
        "PHRASE",
        '"gas pipeline"',
        "these words side by side, whatever stands between; the last may end in `*`",
    ),
    (
        "NEAR",
        "gas NEAR/5 pipeline",
        "both, within five words of one another, in either order and in one text",
    ),
    ("REGEX", "/re+gex/", "a regular expression, in the text without case and accents"),
    ("NAME", "@alliance", "what the filter of that name finds, see [`filters`](config.md#filters)"),
    ("FIELD VALUE", "url:/live/", "what stands after the colon, in that place alone: see [fields](#fields)"),
    ("MEASURE", "age<2d", "a number or a time, compared: see [measures](#measures)"),
    ("_AND", "gas AND pipeline", "both; so does `gas pipeline`, side by side"),
    ("_OR", "nato OR otan", "either"),
    ("NOT", "nato NOT sport", "not what follows"),
    ("MINUS", "nato -sport", "the same"),
    ("LPAR RPAR", "(nato OR otan) -sport", "brackets group"),
)
"""Terminals of the grammar, how they look, and what is found so."""
LIMITS = (
    ("characters in a filter", grammar.MAX_SOURCE),
    ("words, signs and brackets in a filter", grammar.MAX_PIECES),
    ("the same, with all filters that are named in it", compiling.MAX_TERMS),
    ("brackets and NOTs in one another", compiling.MAX_DEPTH),
    ("the same, with all filters that are named in it", compiling.MAX_LEVELS),
    ("characters in a regular expression", compiling.MAX_PATTERN),
    ("words in `NEAR/n`", nearness.FARTHEST),
)
_INTRO = f"""
The [guide]({GUIDE}) explains the language by example, and has a table of cases. A filter stands in
[`include`](config.md#outputs-include) and [`exclude`](config.md#outputs-exclude) of feeds and outputs, under
[`tags`](config.md#tags) and [`filters`](config.md#filters), and is given to
[`search`](commands.md#search) and [`preview --filter`](commands.md#preview).
"""
_JOINING = """
`AND`, `OR` and `NOT` are written in capitals; in small letters they are words. `NEAR` binds before `NOT`,
`NOT` before `AND`, `AND` before `OR`: `a OR b -c` is `a OR (b AND NOT c)`.
"""
_FIELDS = """
A field stands before a word, a prefix, a phrase, a regular expression or brackets: `title:(nato OR otan)`.
Title, text, author, address and language are those of the entry that leads the story; the others are true if
any of its entries has them.
"""


def page() -> str:
    """The page."""
    signs = " ".join(map(code, measures.COMPARISONS))
    return document(
        "The language of filters",
        "`aggregator/core/filters/` and `reference/filters.py`",
        _INTRO,
        "## What can be written",
        table(("write", "finds"), ((code(looks), finds) for _, looks, finds in FORMS)),
        _JOINING,
        "## Fields",
        _FIELDS,
        table(("field", "looks in"), _fields()),
        "## Measures",
        f"A measure stands before one of {signs}. Days are UTC. `=` is as exact as what is written: "
        "`age=2d` is two days and not yet three.",
        table(("measure", "is", "written as"), _measures()),
        "## Limits",
        table(("of", "at most"), ((of, f"{most:,}") for of, most in LIMITS)),
        "## The grammar",
        f"In the notation of [Lark]({LARK}), as the program reads it:",
        block(grammar.GRAMMAR),
    )


def _fields() -> list[tuple[str, str]]:
    rows = [
        (row_anchor("field", name, shown=f"{name}:"), field.says) for name, field in fields.FIELDS.items()
    ]
    until = row_anchor("field", compiling.UNTIL, shown=f"{compiling.UNTIL}:")
    return [
        *rows,
        (until, "no text: true to the end of that day (UTC), as in `until:2026-12-31`, then false"),
    ]


def _measures() -> list[tuple[str, str, str]]:
    return [(row_anchor("measure", name), one.says, one.written) for name, one in measures.MEASURES.items()]
