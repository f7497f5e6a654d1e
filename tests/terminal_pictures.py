"""The pictures of the terminal in the docs: commands run on the demo, and what they said, as SVG.

    make pictures          or: python -m tests.terminal_pictures [FOLDER]

Each is run at a terminal of its own, on what tests/pictures.py has read; `poll` reads the papers of the demo.
The text is text, in whatever monospaced font the reader has, and nothing is fetched to show it.

To add one: a row in SHOTS, and the page of docs/ that shows it.
"""

import asyncio
import contextlib
import logging
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from aggregator.demo import DemoSite, config_text
from tests.builders import NOON
from tests.cli.terminal import at_a_terminal
from tests.pictures import FOLDER, config, four_days

WIDTH = 112  # columns
BROKEN = """\
feeds:
  - url: https://feeds.bbci.co.uk/news/world/rss.xml
    titel: BBC News
  - www.theguardian.com/world/rss
tags:
  energy: [gas pipeline*, OPEC, titel:LNG]
poll:
  every: 30 min
outputs:
  - name: energy
    include: tag:energy AND (oil OR
    limit: lots
"""
# Every colour that a command may take, on a ground that is dark for all readers: each has a contrast of 4.5.
THEME = TerminalTheme(
    (13, 17, 23),
    (230, 237, 243),
    [
        (139, 148, 158),
        (255, 123, 114),
        (86, 211, 100),
        (227, 179, 65),
        (121, 192, 255),
        (210, 168, 255),
        (86, 212, 221),
        (230, 237, 243),
    ],
)
# Rich's own form has a window's frame and asks a server for its font.
FORM = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="-9 -25 {width} {height}" role="img">
<style>
.{unique_id}-matrix {{ font: {char_height}px ui-monospace, Menlo, Consolas, monospace; white-space: pre }}
{styles}
</style>
<defs>{lines}</defs>
<rect x="-9" y="-25" width="{width}" height="{height}" rx="8" fill="#0d1117"/>
{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g>
</svg>
"""
_MOVES = re.compile(r"(\r\n|\n|\x1b\[\d*[A-Za-ln-z]|\x1b\[\?\d+[hl]|\r)")


@dataclass(frozen=True, slots=True)
class Shot:
    """A command, as it is typed, on the file of the config that has this name."""

    name: str
    words: tuple[str, ...]
    config: str = "aggregator.yaml"

    @property
    def file(self) -> str:
        """What the picture is called in docs/pictures/."""
        return f"{self.name}.svg"


SHOTS = (
    Shot("terminal-check", ("check",), "broken.yaml"),
    Shot("terminal-poll", ("poll",), "papers.yaml"),
    Shot("terminal-search", ("search", "wind* OR tide", "--limit", "6")),
    Shot("terminal-why", ("why", "https://papers.example/meridian-wire/rain-at-last")),
    Shot("terminal-preview", ("preview", "energy-and-climate", "--config", "next.yaml", "--limit", "6")),
)


@contextlib.contextmanager
def desk(folder: Path) -> Iterator[None]:
    """In a folder with the configs and the data of four days, at a terminal of this width."""

    async def fill() -> None:
        async with four_days(folder / "data"):
            pass

    (folder / "data").mkdir()
    asyncio.run(fill())
    clock, before = [NOON], dict(os.environ)
    site = DemoSite(now=lambda: clock[0])
    clock[0] += timedelta(hours=1)  # its last story is out
    text = config().replace("    max_age: 7d\n", "")  # what is said is the same on any day
    (folder / "aggregator.yaml").write_text(text, encoding="utf-8")
    (folder / "broken.yaml").write_text(BROKEN, encoding="utf-8")
    wished = text.replace('["tag:energy", "tag:climate"]', '["tag:energy", "tag:science"]')
    (folder / "next.yaml").write_text(wished, encoding="utf-8")
    in_order = config_text(site.start()).replace("per_host: 4", "per_host: 1")
    (folder / "papers.yaml").write_text(in_order, encoding="utf-8")
    os.environ |= {"COLUMNS": str(WIDTH), "TERM": "xterm-256color"}
    try:
        with contextlib.chdir(folder):
            yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        site.stop()


def taken(shot: Shot) -> str:
    """The picture as SVG: the command behind a prompt, and what it said."""
    data = "data" if shot.config == "aggregator.yaml" else "data-of-its-own"
    said = at_a_terminal("--config", shot.config, "--data", data, *shot.words)
    typed = " ".join(f'"{word}"' if " " in word else word for word in shot.words)
    console = Console(
        record=True, width=WIDTH, file=StringIO(), force_terminal=True, color_system="truecolor"
    )
    console.print(Text.assemble(("$ ", "green"), (f"aggregator {typed}", "bold")))
    console.print(Text.from_ansi(on_screen(said)))
    drawn = console.export_svg(theme=THEME, code_format=FORM, unique_id="t", font_aspect_ratio=0.6)
    return re.sub(r"<text [^>]*>\n</text>|^\s+|\s+$", "", drawn, flags=re.MULTILINE) + "\n"


def on_screen(said: str) -> str:
    """What stands there at the end: a bar that was drawn, drawn again and wiped has left nothing."""
    lines, row = [""], 0
    for part in _MOVES.split(said):
        if part in ("\n", "\r\n"):
            row += 1
            lines += [""] * (row == len(lines))
        elif part == "\x1b[1A":
            row -= 1
        elif part == "\x1b[2K":
            lines[row] = ""
        elif not _MOVES.fullmatch(part):
            lines[row] += part
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def main(folder: Path) -> None:
    """Take all of them."""
    logging.getLogger("aggregator").setLevel(logging.ERROR)  # a paper that is gone is meant to be
    with tempfile.TemporaryDirectory() as work, desk(Path(work)):
        for shot in SHOTS:
            made = taken(shot)
            (folder / shot.file).write_text(made, encoding="utf-8")
            sys.stdout.write(f"{shot.file}  {len(made.encode()):,} bytes\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if sys.argv[1:] else FOLDER).absolute())
