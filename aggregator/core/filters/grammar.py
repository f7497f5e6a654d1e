"""The grammar of the filter language (LALR), and the tree that a source text gives.

What each rule means is in compiling.py, what a wrong source is told in mistakes.py. The parser is built
once, at the first filter: that takes some 20 ms.

To add to the language: a rule or a terminal here, its case in compiling.py, rows in the cases of
docs/filters.md, and one in reference/filters.py.
"""

import re
from functools import cache
from typing import cast

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from aggregator.core.filters.mistakes import mistake
from aggregator.errors import FilterError

MAX_SOURCE = 200_000
MAX_PIECES = 30_000  # words, signs and brackets; lark reads some fifty thousand in a second
_PIECE = re.compile(r"[()]|[^\s()]+")

# A terminal that names its opposite (`(?!…)`) keeps AND, OR and NOT from being words, so that an operator
# that stands alone is an error and not a search for "and". VALUE may begin with a slash or hold a colon,
# which is why the lexer is contextual: it is only looked for after a field. Hebrew writes צה"ל with a quote.
GRAMMAR = r"""
?start: either
either: both (_OR both)*
both: inverse (_AND? inverse)*
?inverse: (NOT | MINUS) inverse -> negation
        | nearby
?nearby: operand NEAR operand -> near
       | operand
?operand: WORD | PHRASE | REGEX | MEASURE | NAME | group | named
group: LPAR either RPAR
named: FIELD (VALUE | PHRASE | REGEX | group)

NOT.5: /NOT(?![^\s()"])/
_AND.5: /AND(?![^\s()"])/
_OR.5: /OR(?![^\s()"])/
NEAR.5: /NEAR\/[^\s()"]*/
MINUS.4: /-(?=[^\s)])/
LPAR: "("
RPAR: ")"
PHRASE: /"[^"]*"|[“„][^“”]*[“”]/
REGEX.3: /\/(?:[^\/\\]|\\.)+\/(?=[\s()]|$)/s
MEASURE.3: /[A-Za-z]+\s*(?:<=|>=|<|>|=)\s*[^\s()"]*/
FIELD.2: /[A-Za-z]+:/
NAME.2: /@[^\s()"“”„]+/
WORD: /(?!(?:AND|OR|NOT)(?:[\s()"]|$)|NEAR\/)[^\s()"“”„@\/-](?:[^\s()"“”„]|(?<=[א-ת])"(?=[א-ת]))*/
VALUE: /(?!(?:AND|OR|NOT)(?:[\s()"]|$))(?:[^\s()"“”„]|(?<=[א-ת])"(?=[א-ת]))+/
%ignore /\s+/
"""


@cache
def parser() -> Lark:
    """The parser, made at the first call."""
    return Lark(GRAMMAR, parser="lalr", lexer="contextual", propagate_positions=True)


def tree_of(source: str) -> Tree[Token]:
    """The source as a tree; FilterError says where it is not of the language, and what to do."""
    if len(source) > MAX_SOURCE:
        raise FilterError(
            source, MAX_SOURCE + 1, f"a filter may have {MAX_SOURCE:,} characters, this has {len(source):,}"
        )
    if sum(1 for _ in _PIECE.finditer(source)) > MAX_PIECES:
        raise FilterError(source, 1, f"a filter may have {MAX_PIECES:,} words, operators and brackets")
    try:
        return parser().parse(source)
    except UnexpectedCharacters as error:
        at = cast("int", error.pos_in_stream)  # lark declares it for the error that has none
        raise mistake(source, at) from error
    except UnexpectedToken as error:
        # The end of the source has no place of its own: lark gives it that of the last token.
        ended = error.token.type == "$END"
        raise mistake(source, len(source) if ended else error.token.start_pos or 0) from error
