"""Somebody who does what a page says, at a terminal of 100 columns.

The program runs in this process, but for what goes on until it is ended; every other line is the shell's.
Addresses that a page names lead to servers of the test, and are told as the page has them.
"""

import io
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from aggregator.cli import main
from tests.docs.blocks import Block, Step, steps_of
from tests.newsroom import clean_environment

PATIENCE_S = 60
GOES_ON = re.compile(r"aggregator (run|demo)\b")
OF_THE_SHELL = re.compile(r"[|&<>;$*]")
LEFT_OUT = {
    r"make ": "builds or runs the whole house; test_lines.py looks that there is such a target",
    r"\. \.venv/bin/activate": "the tests run in that environment",
    r"\.venv/bin/python -m ": "for those who change the code; test_contributing.py looks for the files",
    r"(sudo|systemctl|journalctl) |aggregator=": "changes the machine; test_files.py has the unit verified",
    r"docker |base=|digest=": "needs an engine; test_image.py has the compose file and the Dockerfile judged",
    r"git |aws ": "goes to somebody else's server",
    r"pip install": "fetches packages",
    r"datasette ": "serves until it is ended; tests/cli/test_datasette.py asks it the questions of the page",
    r"python -m benchmarks": "needs data sets of 200 MB; tests/benchmarks/ has the programs on small ones",
}
"""Lines that are not typed, each with the reason and with what holds them instead."""
VARIES = {
    re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d\b"): "DATE TIME",
    re.compile(r"\b\d{4}-\d\d-\d\d\b"): "DATE",
    re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"): "ID",
}
"""What is another each time: the days of the sample papers, and ids that have their port in them."""


class Screen(io.StringIO):
    """What stands at the terminal."""

    def isatty(self) -> bool:
        return True


class Aside(io.TextIOBase):
    """stderr, on the same screen; no terminal for the bars of progress, which leave nothing there."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def write(self, text: str) -> int:
        return self._screen.write(text)


@dataclass
class Learner:
    """Somebody in a folder. `here` is what a page writes and what that is on this machine."""

    monkeypatch: pytest.MonkeyPatch
    here: Mapping[str, str]
    absent: list[str] = field(default_factory=list)
    """programs that a line calls and this machine does not have"""
    going_on: list[subprocess.Popen[str]] = field(default_factory=list)

    def follow(self, block: Block) -> None:
        """Write the file that the block is, or do its steps; a failed test where something else is shown."""
        if block.file:
            Path(block.file).parent.mkdir(parents=True, exist_ok=True)
            Path(block.file).write_text(self._here(block.text), encoding="utf-8")
        for step in steps_of(block):
            self.do(step)

    def do(self, step: Step) -> None:
        """Type the line and compare; where the page shows nothing, it must only have gone well."""
        if reason_to_leave_out(step.typed):
            return
        line = self._here(step.typed)
        program = shlex.split(line, comments=True)[0]
        if shutil.which(program, path=_path()) is None and program != "cd":
            self.absent.append(program)
            return
        code, said = self._start(line, step) if GOES_ON.match(line) else self._type(line)
        fault = "" if step.shown is None else difference(step.shown, said)
        if fault or (code and not step.shown):
            pytest.fail(f"{step.place}: $ {step.typed}\n{fault or said}(exit code {code})", pytrace=False)

    def _type(self, line: str) -> tuple[int, str]:
        words = shlex.split(line, comments=True)
        if words[0] == "cd":
            self.monkeypatch.chdir(Path(words[1]).expanduser())
            return 0, ""
        if words[0] != "aggregator" or OF_THE_SHELL.search(line):
            environ = {**os.environ, "PATH": _path()}
            done = subprocess.run(
                ["bash", "-c", line],
                env=environ,
                capture_output=True,
                text=True,
                timeout=PATIENCE_S,
                check=False,
            )
            return done.returncode, self._there(done.stdout + done.stderr)
        return self._run(words)

    def _run(self, words: list[str]) -> tuple[int, str]:
        screen, code = Screen(), 0
        with self.monkeypatch.context() as at:
            at.setattr(sys, "argv", words)
            at.setattr(sys, "stdin", io.StringIO())  # nobody who could be asked
            at.setattr(sys, "stdout", screen)
            at.setattr(sys, "stderr", Aside(screen))
            try:
                main()
            except SystemExit as end:
                code = int(end.code or 0)
        return code, self._there(screen.getvalue())

    def _start(self, line: str, step: Step) -> tuple[int, str]:
        """Start what goes on; what it says first, as many lines as the page shows of it."""
        words = shlex.split(line, comments=True)
        command = [sys.executable, "-m", *words]
        started = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.going_on.append(started)
        assert started.stdout
        first = (step.shown or "…\n").partition("…\n")[0].count("\n") or 1
        return 0, self._there("".join(started.stdout.readline() for _ in range(first)))

    def end(self) -> list[int]:
        """Press Ctrl-C at what goes on, the last first; their exit codes."""
        codes = []
        for started in reversed(self.going_on):
            started.send_signal(signal.SIGINT)
            started.communicate(timeout=PATIENCE_S)
            codes.append(started.returncode)
        self.going_on.clear()
        return codes

    def _here(self, text: str) -> str:
        for page, this in self.here.items():
            text = text.replace(page, this)
        return text

    def _there(self, text: str) -> str:
        for page, this in self.here.items():
            text = text.replace(this, page)
        return text


def reason_to_leave_out(line: str) -> str | None:
    """Why this line is not typed; None where it is."""
    return next((why for pattern, why in LEFT_OUT.items() if re.match(pattern, line)), None)


def difference(shown: str, said: str) -> str:
    """How what was said differs from what a page shows; nothing where it does not."""
    shown, said = _settled(shown), _settled(said)
    lines = [_line_pattern(line) for line in shown.splitlines()]
    if re.fullmatch("".join(lines), said):
        return ""
    return f"the page shows:\n{shown}but it says:\n{said}"


def _line_pattern(line: str) -> str:
    if line == "…":
        return r"(?:.*\n)*?"
    return ".*".join(re.escape(part) for part in line.split("…")) + r"\n"


def _settled(text: str) -> str:
    """Without what varies, and without blanks at the ends of lines."""
    for pattern, name in VARIES.items():
        text = pattern.sub(name, text)
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def _path() -> str:
    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


def free_addresses() -> Iterator[str]:
    """Addresses to serve on; ports of four digits, as the pages have them, so that tables fold likewise."""
    first = 8100 + os.getpid() % 60 * 30  # tests that run side by side look in places of their own
    for port in range(first, 9999):
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                yield f"127.0.0.1:{port}"


@contextmanager
def a_learner(monkeypatch: pytest.MonkeyPatch, folder: Path, here: Mapping[str, str]) -> Iterator[Learner]:
    """Somebody in this folder; what they started is ended."""
    clean_environment(monkeypatch)
    for name, value in {"COLUMNS": "100", "LINES": "50", "TERM": "dumb", "HOME": str(folder)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(folder)
    learner = Learner(monkeypatch, here)
    try:
        yield learner
    finally:
        learner.end()
