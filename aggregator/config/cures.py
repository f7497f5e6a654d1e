"""What to write instead, where YAML breaks on a value: the line mended, so that reading can go on.

Filters are full of signs that YAML claims for itself (quotes, `@`, `*`, `: `, `- `). A mended line is used
to find the file's other faults in the same run, and only if YAML then reads past it; `check --fix` offers it.

To add a cure: a function `(line, problem) -> Cure | None`, in `_CURES`, in the order of trust.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import yaml

from aggregator.config.positions import LOADER, Document, Flaw, read
from aggregator.config.values import single_quoted
from aggregator.errors import Swap

MAX_REPAIRS = 20
MAX_READ_AGAIN = 4_000_000  # characters; each repair reads the whole text again, a million take a second
NO_TABS = "a tab cannot indent YAML; use spaces, two for each level"
TAB_WIDTHS = (2, 4, 8)
_TABBED = re.compile(r"[ ]*\t[ \t]*")
_LINE = re.compile(r"(?P<lead>\s*(?:- +)*(?:[\w./-]+: +)?)(?P<value>.*?)(?P<comment>\s+#.*|\s*)")
_GLUED = re.compile(r"(?P<lead>\s*(?:- +)*[a-z_]+:)(?P<value>[^\s:/].*)")
_PIECE = re.compile(r"""(?:'[^']*'|"[^"]*"|[^,'"])+""")
_PAIR = re.compile(r"(\s*[\w-]+\s*:\s+)(.*)")
_QUOTED = re.compile(r"""'(?:[^']|'')*'|"(?:[^"\\]|\\.)*\"""")
_UNSAFE = re.compile(r"""[@`%&*!|>'"].*|.*[\[\]{}].*|.*: .*|.*\s#.*""")
_FORBIDDEN = re.compile(
    # what YAML forbids, and what ends a line for YAML and not for editors: positions would be off
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\r(?!\n)"
)


@dataclass(frozen=True, slots=True)
class Cure:
    """A line that YAML reads, and the words that say what was changed from `column` (from 1) on."""

    line: str
    column: int
    advice: str


def read_all(text: str, loader: type = LOADER) -> Document:
    """The document, read past values that YAML breaks on; every break is a flaw with its cure.

    `root` is None where no cure helped: then the flaws say how far reading came.
    """
    flaws: list[Flaw] = []
    if (stray := _FORBIDDEN.search(text)) is not None:
        return Document(text, None, [_stray(text, stray.start())])
    while True:
        try:
            document = read(text, loader)
        except yaml.MarkedYAMLError as error:
            hopeful = len(flaws) < MAX_REPAIRS and (len(flaws) + 1) * len(text) <= MAX_READ_AGAIN
            mended = _mend(text, error, loader) if hopeful else None
            if mended is None:
                return Document(text, None, [*flaws, _unread(text, error)])
            text, flaw = mended
            flaws.append(flaw)
        else:
            document.flaws.extend(flaws)
            return document


def _stray(text: str, index: int) -> Flaw:
    line, column = text.count("\n", 0, index) + 1, index - (text.rfind("\n", 0, index) + 1) + 1
    what = f"the character U+{ord(text[index]):04X}"
    return Flaw(
        line, column, f"{what} does not belong in a config; delete it, or break the line in the usual way"
    )


def _mend(text: str, error: yaml.MarkedYAMLError, loader: type) -> tuple[str, Flaw] | None:
    """The text with one line mended so that YAML reads further than before, and what was wrong there."""
    lines = text.split("\n")
    for number in _suspects(error):
        for cure in _cures(lines[number], str(error.problem)) if number < len(lines) else ():
            mended = "\n".join([*lines[:number], cure.line, *lines[number + 1 :]])
            if _broken_line(mended, loader) > max(number, _line(error)):
                swap = _swap(lines[number].removesuffix("\r"), cure)
                return mended, Flaw(number + 1, cure.column, cure.advice, repaired=True, swap=swap)
    return None


def _swap(line: str, cure: Cure) -> Swap:
    """What the cure changes, with the comment that it leaves out."""
    found = _LINE.fullmatch(line)
    comment = found["comment"] if found else ""
    tail = "" if cure.line.endswith(comment) else comment
    return Swap(line[cure.column - 1 :], cure.line[cure.column - 1 :] + tail)


def _suspects(error: yaml.MarkedYAMLError) -> list[int]:
    """Lines, from 0, that may hold the mistake: where YAML stopped, where that part began, the one before."""
    began = error.context_mark.line if error.context_mark else _line(error)
    return list(dict.fromkeys([_line(error), began, max(_line(error) - 1, 0)]))


def _line(error: yaml.MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return mark.line if mark else 0


def _broken_line(text: str, loader: type) -> float:
    try:
        read(text, loader)
    except yaml.MarkedYAMLError as error:
        return _line(error)
    return float("inf")


def _unread(text: str, error: yaml.MarkedYAMLError) -> Flaw:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    problem = str(error.problem)
    if _TABBED.match(text.split("\n")[line - 1]):
        return Flaw(line, column, NO_TABS)
    since = (
        f" ({error.context} that began on line {error.context_mark.line + 1})" if error.context_mark else ""
    )
    return Flaw(
        line, column, f"this is no YAML: {problem}{since}; check the indentation, quotes and brackets here"
    )


def _cures(line: str, problem: str) -> Iterator[Cure]:
    for cure in _CURES:
        found = cure(line.removesuffix("\r"), problem)
        if found is not None:
            yield found


def _untabbed(width: int) -> Callable[[str, str], Cure | None]:
    """Spaces for the tabs that indent a line; YAML tells which width is right by reading on."""

    def cure(line: str, _problem: str) -> Cure | None:
        found = _TABBED.match(line)
        if found is None:
            return None
        mended = found[0].expandtabs(width) + line[found.end() :]
        return Cure(mended, found[0].index("\t") + 1, NO_TABS)

    return cure


def _glued(line: str, problem: str) -> Cure | None:
    """`key:value`, which YAML takes for one word."""
    found = _GLUED.fullmatch(line)
    if found is None or not ("':'" in problem or "mapping values" in problem):
        return None
    mended = f"{found['lead']} {found['value']}"
    return Cure(
        mended, len(found["lead"]) + 1, f"a space is missing after the colon; write: {mended.strip()}"
    )


def _escaped(line: str, problem: str) -> Cure | None:
    r"""`"\d"`: a backslash that YAML does not know, between double quotes."""
    found = _LINE.fullmatch(line)
    if found is None or "escape" not in problem or not _QUOTED.fullmatch(found["value"]):
        return None
    value = single_quoted(found["value"][1:-1])
    advice = f"in double quotes a backslash is YAML's own sign; use single quotes: {value}"
    return Cure(found["lead"] + value, len(found["lead"]) + 1, advice)


def _dashed(line: str, _problem: str) -> Cure | None:
    """`key: - value`: a list that begins on the key's line."""
    found = _LINE.fullmatch(line)
    if found is None or not found["value"].startswith("- ") or not found["lead"].strip().endswith(":"):
        return None
    value = f"[{_safe(found['value'][2:].strip())}]"
    advice = (
        f"a list begins on a line of its own, or stands in brackets; write: {found['lead'].strip()} {value}"
    )
    return Cure(found["lead"] + value, len(found["lead"]) + 1, advice)


def _bracketed(line: str, _problem: str) -> Cure | None:
    """A list in brackets or a mapping in braces with a piece that needs quotes."""
    found = _LINE.fullmatch(line)
    value = found["value"] if found else ""
    if found is None or value[:1] + value[-1:] not in {"[]", "{}"}:
        return None
    pieces = [_piece(piece.strip(), in_braces=value[0] == "{") for piece in _PIECE.findall(value[1:-1])]
    return _quoting(found["lead"], value[0] + ", ".join(pieces) + value[-1])


def _piece(piece: str, *, in_braces: bool) -> str:
    pair = _PAIR.fullmatch(piece) if in_braces else None
    return pair[1] + _safe(pair[2]) if pair else _safe(piece)


def _unclosed(line: str, _problem: str) -> Cure | None:
    """A bracket, brace or quote that is opened and never closed."""
    found = _LINE.fullmatch(line)
    value = found["value"] if found else ""
    closing = {"[": "]", "{": "}", "'": "'", '"': '"'}.get(value[:1])
    if found is None or closing is None or closing in value[1:]:
        return None
    mended = found["lead"] + value + closing
    return Cure(mended, len(found["lead"]) + 1, f"a {closing} is missing at the end; write: {mended.strip()}")


def _whole(line: str, _problem: str) -> Cure | None:
    """Any other value of a key or a list: quotes round the whole of it."""
    found = _LINE.fullmatch(line)
    if found is None or not found["lead"].strip() or _QUOTED.fullmatch(found["value"]):
        return None
    return _quoting(found["lead"], single_quoted(found["value"]))


def _quoting(lead: str, value: str) -> Cure:
    shown = (lead + value).strip()
    return Cure(lead + value, len(lead) + 1, f"YAML cannot read this value; put quotes round it: {shown}")


def _safe(text: str) -> str:
    return single_quoted(text) if _UNSAFE.fullmatch(text) and not _QUOTED.fullmatch(text) else text


_CURES = (*map(_untabbed, TAB_WIDTHS), _glued, _escaped, _dashed, _bracketed, _unclosed, _whole)
