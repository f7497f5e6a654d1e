"""What is freed goes back to the system, also after large blocks came and went."""

import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

from aggregator.app import give_freed_memory_back

PROGRAM = """
import threading
from pathlib import Path
from aggregator.app import give_freed_memory_back

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

{said}
bytes(20_000_000)  # raises what glibc keeps
before = resident()
blocks = [bytes(200_000).replace(b"\\0", b"1") for _ in range(200)]
last = blocks[-1]
del blocks
print(resident() - before)
"""


def kept(said: str) -> float:
    """Megabytes that a process still has when it has freed forty, but for the last piece."""
    command = [sys.executable, "-c", PROGRAM.format(said=said)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@pytest.mark.skipif(sys.platform != "linux" or not Path("/proc/self/statm").exists(), reason="for glibc")
def test_freed_memory_goes_back_to_the_system() -> None:
    assert kept("give_freed_memory_back()") < 5 < kept("pass")


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())

    give_freed_memory_back()
