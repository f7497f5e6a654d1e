"""What a page says to do: its fenced blocks, and the lines in them that are typed.

A block of `console` has a `$ ` before what is typed and below it what is shown; there `…` stands for whatever
comes, in a line or as lines of its own. A block of `sh` has only what is typed, and one of
`crontab` that after the five fields of when. A block of `yaml` that begins with a comment which is a path,
`# config/aggregator.yaml`, is that file.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")))

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`((?:python\s-m\s)?aggregator\s[^`|\[…]+)`")
_FILE = re.compile(r"# ([\w./-]+\.\w+)\n")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block; `place` is where it begins, as `docs/page.md:12`."""

    page: str
    line: int
    language: str
    text: str

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def file(self) -> str | None:
        """The path of the file that it is, where its first line says so."""
        found = _FILE.match(self.text) if self.language == "yaml" else None
        return found[1] if found else None


@dataclass(frozen=True, slots=True)
class Step:
    """A line that is typed, and what a page shows below it: None where the block never shows anything."""

    place: str
    typed: str
    shown: str | None


def blocks_of(page: Path) -> list[Block]:
    """The blocks of a page from top to bottom."""
    text, name = page.read_text(encoding="utf-8"), os.path.relpath(page, ROOT)
    return [
        Block(name, text.count("\n", 0, found.start()) + 1, found[1], found[2])
        for found in _FENCE.finditer(text)
    ]


def spans_of(page: Path) -> list[str]:
    """The calls of the program that stand in its sentences."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    return [" ".join(span.split()) for span in _SPAN.findall(text)]


def steps_of(block: Block) -> list[Step]:
    """What the block says to type, in order; none for a block of another language."""
    if block.language in ("sh", "crontab"):
        when = r"(\S+ +){5}" if block.language == "crontab" else ""
        return [Step(place, re.sub(f"^{when}", "", line), None) for place, line in _whole_lines(block)]
    return list(_steps_at_a_prompt(block)) if block.language == "console" else []


def _whole_lines(block: Block) -> Iterator[tuple[str, str]]:
    """Each line with its place, and those that end in a backslash with the next."""
    number = block.line + 1
    for line in re.split(r"(?<!\\)\n", block.text.removesuffix("\n")):
        yield f"{block.page}:{number}", line.replace("\\\n", "")
        number += line.count("\n") + 1


def _steps_at_a_prompt(block: Block) -> Iterator[Step]:
    number = block.line + 1
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE):
        typed, _, shown = part.partition("\n")
        if typed:
            yield Step(f"{block.page}:{number}", typed, shown)
        number += part.count("\n")
