"""Replacing in long texts with bounded memory.

`re.sub` keeps every piece between two matches as a string of its own, a hundred bytes each, until it joins
them: nine megabytes of escaped HTML hold 1.6 million references, and took 150 MB for nothing. Never gives
anything else than `re.sub` would.
"""

import re
from collections.abc import Callable
from io import StringIO


def replaced(pattern: re.Pattern[str], by: Callable[[re.Match[str]], str], text: str) -> str:
    """The same as `pattern.sub(by, text)`, in memory for little more than the text; no match may be empty."""
    out, done = StringIO(), 0
    for match in pattern.finditer(text):
        found, told = match[0], by(match)
        if told != found:
            out.write(text[done : match.start()])
            out.write(told)
            done = match.end()
    if not done:
        return text
    out.write(text[done:])
    return out.getvalue()
