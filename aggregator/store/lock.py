"""The data folder: made if missing, proved writable, and owned by one process at a time.

The lock is the kernel's (flock on DATA/aggregator.lock), so it goes with its process however that ends; the
number written inside only tells people who holds it. Nothing here knows SQLite.
"""

import fcntl
import os
from pathlib import Path

from aggregator.errors import AlreadyRunningError, DataFolderError
from aggregator.files import refusal

LOCK_NAME = "aggregator.lock"
OTHERWISE = "name another folder with --data"


def take_lock(folder: Path) -> int:
    """The open file that owns `folder` until it is closed.

    DataFolderError where the folder cannot be made or written to, AlreadyRunningError where another process
    owns it; both say what to do.
    """
    _make(folder)
    try:
        # Making a file is the proof: os.access() tells root and read-only mounts apart from nothing.
        lock = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise DataFolderError(folder, refusal(error, folder, otherwise=OTHERWISE)) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _sign(lock)
    except BlockingIOError as error:
        raise _taken(folder, lock) from error
    except OSError as error:
        os.close(lock)
        raise DataFolderError(folder, refusal(error, folder, otherwise=OTHERWISE)) from error
    return lock


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise DataFolderError(folder, "is no folder; name another with --data") from error
    except OSError as error:
        raise DataFolderError(folder, refusal(error, folder, otherwise=OTHERWISE)) from error


def _sign(lock: int) -> None:
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)


def _taken(folder: Path, lock: int) -> AlreadyRunningError:
    holder = os.pread(lock, 32, 0).decode("ascii", "replace").strip() or "unknown"
    os.close(lock)
    return AlreadyRunningError(
        folder,
        f"another aggregator (process {holder}) is working on it; stop it first or use another --data",
    )
