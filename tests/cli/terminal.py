"""The program at a terminal, where somebody answers its questions."""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Sequence

PATIENCE_S = 60


def at_a_terminal(*words: str, answers: Sequence[tuple[str, str]] = ()) -> str:
    """All that the program says there; each question is answered once it stands on the screen."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "aggregator", *words]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    said, read, left, end = "", 0, list(answers), time.monotonic() + PATIENCE_S
    try:
        while time.monotonic() < end:
            if not select.select([ours], [], [], 1)[0]:
                continue
            said += os.read(ours, 4096).decode(errors="replace")
            while left and (found := said.find(left[0][0], read)) >= 0:
                read = found + len(left[0][0])
                os.write(ours, f"{left.pop(0)[1]}\n".encode())
    except OSError:
        pass  # the terminal closes with the program
    finally:
        os.close(ours)
        process.wait(30)
    assert not left, f"never asked: {left[0][0]}; said: {said}"
    return said
