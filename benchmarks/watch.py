"""Looking at a process and all its children from outside, by /proc (Linux)."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Sample:
    """A process tree at one moment. Memory is PSS: what is shared counts once over all."""

    memory_bytes: int
    own_bytes: int
    """of the process itself, without its children"""
    open_files: int
    processes: int
    zombies: int
    threads: int
    cpu_seconds: float
    wal_bytes: int


@dataclass(frozen=True, slots=True)
class _Process:
    pid: int
    parent: int
    state: str
    threads: int
    cpu_seconds: float


def sample(pid: int, wal: Path) -> Sample:
    """How the tree under this process stands, and how large its write-ahead log is."""
    tree = list(_tree(pid))
    memory = {one.pid: _pss(one.pid) for one in tree}
    return Sample(
        memory_bytes=sum(memory.values()),
        own_bytes=memory.get(pid, 0),
        open_files=_open_files(pid),
        processes=len(tree),
        zombies=sum(one.state == "Z" for one in tree),
        threads=sum(one.threads for one in tree),
        cpu_seconds=sum(one.cpu_seconds for one in tree),
        wal_bytes=wal.stat().st_size if wal.exists() else 0,
    )


def cpu_seconds(pid: int) -> float:
    """What the tree under this process has taken of the processors so far."""
    return sum(one.cpu_seconds for one in _tree(pid))


def _tree(root: int) -> Iterator[_Process]:
    processes = {one.pid: one for one in _processes()}
    for one in processes.values():
        ancestor: _Process | None = one
        while ancestor and ancestor.pid != root:
            ancestor = processes.get(ancestor.parent)
        if ancestor:
            yield one


def _processes() -> Iterator[_Process]:
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):  # it has ended meanwhile
                yield _process(int(folder.name), (folder / "stat").read_text())


def _process(pid: int, stat: str) -> _Process:
    """See proc(5): the name stands in brackets and may hold anything."""
    fields = stat.rpartition(")")[2].split()
    own_and_childrens = fields[11:15]
    return _Process(
        pid=pid,
        parent=int(fields[1]),
        state=fields[0],
        threads=int(fields[17]),
        cpu_seconds=sum(map(int, own_and_childrens)) / TICKS,
    )


def _pss(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def _open_files(pid: int) -> int:
    with contextlib.suppress(OSError):
        return sum(1 for _ in (PROC / str(pid) / "fd").iterdir())
    return 0
