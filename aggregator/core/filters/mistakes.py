"""What is wrong with a filter that cannot be read, in a sentence that says how to mend it.

Looks only at the text round the place where the parser gave up. Never guesses a meaning.

To add a message: a row in `_MISTAKES`, the most particular first, and a row in
tests/core/filters/test_mistakes.py.
"""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from aggregator.errors import FilterError

NEAR_TAKES = (
    "takes a word, a prefix, a phrase, or brackets with OR between those, on either side; "
    "a field goes round the whole, as in title:(gas NEAR/5 pipeline)"
)
# What stands before the place, what stands at it, and the message; {0} is what a bracket caught of either.
_MISTAKES = (
    (r'(?:^|.*[\s()"“”])(NEAR/[^\s()"]*)$', r"", f"'{{0}}' {NEAR_TAKES}"),
    (r"", r'"', "this quote is never closed"),
    (r"", r"[“”„]", "this quote is never closed"),
    (
        r"",
        r"/(?:[^/\\]|\\.)+/",
        "write a slash inside a regular expression as \\/, a space after it and no flags",
    ),
    (r"", r"//", "an empty regular expression"),
    (r"", r"/", "this regular expression is never closed with '/'"),
    (r"", r"-", "a '-' belongs right before what it excludes, without a space"),
    (r'(?:^|.*[\s()"“”])(AND|OR|NOT|-)$', r"", "'{0}' needs something to its right"),
    (r".*?([A-Za-z]+:)$", r"", "'{0}' needs a word, a phrase or brackets to its right"),
    (r"", r"@", "an '@' belongs right before the name of a filter, without a space"),
    (r".*\($", r"\)", "these brackets are empty"),
    (r"", r"\)", "this bracket was never opened"),
    (r"(?:|.*\()$", r"(NEAR/[^\s()\"]*)", f"'{{0}}' {NEAR_TAKES}"),
    (r"", r"(NEAR/[^\s()\"]*)", "'{0}' makes a chain; join two at a time: 'a NEAR/5 b AND b NEAR/5 c'"),
    (
        r"",
        r"(AND|OR)",
        "'{0}' needs something to its left; to look for the word, write it small or in quotes",
    ),
)
_BRACKETS = re.compile(r'"[^"]*"|[“„][^“”]*[“”]|(?<![^\s()-])/(?:[^/\\]|\\.)+/|[()]', re.DOTALL)


def mistake(source: str, at: int) -> FilterError:
    """The error for a source that the parser could read up to `at` (from 0)."""
    if not source.strip():
        return FilterError(source, 1, "an empty filter; leave the key out to take everything")
    before, rest = source[:at].rstrip(), source[at:]
    for left, right, message in _MISTAKES:
        found_left, found_right = re.match(left, before, re.DOTALL), re.match(right, rest, re.DOTALL)
        if found_left and found_right:
            caught = found_left if found_left.groups() else found_right
            column = found_left.start(1) if found_left.groups() else at
            return FilterError(source, column + 1, message.format(*caught.groups()))
    if opened := _open_brackets(source):
        return FilterError(source, opened[-1] + 1, "this bracket is never closed")
    return FilterError(source, at + 1, "something to look for is missing here")


def _open_brackets(source: str) -> list[int]:
    opened: list[int] = []
    for found in _BRACKETS.finditer(source):
        if found[0] == "(":
            opened.append(found.start())
        elif found[0] == ")":
            del opened[-1:]
    return opened


def nearest(said: str, names: Iterable[str]) -> str:
    """`, did you mean 'title'?`, or all that there is to choose from if nothing is near."""
    known = tuple(names)
    close = get_close_matches(said.lower(), known, n=1)
    return f", did you mean {close[0]!r}?" if close else f"; there are {', '.join(known)}"
