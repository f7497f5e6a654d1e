"""A copy of the store, also while somebody writes it: whole, checked, and in the place of its file, or none.

By VACUUM INTO: the daemon writes on, while the copy is read from one snapshot (its write-ahead log grows
meanwhile). SQLite's backup API takes three quarters of the time, and begins anew whenever somebody writes,
unless it holds such a snapshot, too; but its copy has all that was deleted, and wants a log beside it even to
be read.

A copy holds what the store does, secrets shared with hubs among it, so nobody but its owner may read it.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from aggregator.errors import DataFolderError, StoreError, UsageError
from aggregator.files import DRAFT, draft_of, refusal, sync_folder
from aggregator.store.connection import (
    APPLICATION_ID,
    CURES,
    DATABASE_NAME,
    Connection,
    header_of,
    is_fresh,
    is_interrupted,
    open_source,
    refusals_named,
)
from aggregator.store.lock import LOCK_NAME

if TYPE_CHECKING:
    import sqlite3
else:
    from sqlite_utils.utils import sqlite3

OURS = {LOCK_NAME, *(f"{DATABASE_NAME}{ending}" for ending in ("", "-wal", "-shm", "-journal"))}
INSTRUCTIONS_BETWEEN_LOOKS = 100_000  # of SQLite's machine, between two moments at which Ctrl-C is heard
DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def back_up(folder: Path, target: Path) -> tuple[int, int]:
    """How many stories and bytes the copy has that now is the file `target`.

    UsageError where no copy belongs in that place, DataFolderError where the disk refuses or there is no
    store; an earlier copy then stays as it was.
    """
    source, target = folder / DATABASE_NAME, target.resolve()
    _refuse_place(source, target)
    with closing(open_source(source)) as conn, _refusals_told(source, target):
        refuse_narrow(target, _bytes_of(conn))
        prefix = f"{DRAFT}{target.name}-"
        _clear_left(target.parent, prefix)
        with draft_of(target, prefix) as (descriptor, draft):
            with suppress(OSError):  # a network disk may have no locks
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _copy(conn, draft)
            copied = _stories_of(draft, source), os.fstat(descriptor).st_size
        sync_folder(target.parent)
    return copied


def _refuse_place(source: Path, target: Path) -> None:
    """Before anything is done: an address that is wrong may be somebody's holiday pictures."""
    if target.is_dir():
        raise UsageError(f"{target} is a folder; name a file in it, such as {target / DATABASE_NAME}")
    if not target.parent.is_dir():
        raise UsageError(f"{target}: there is no folder {target.parent}; make it first")
    ours = target.parent == source.parent.resolve() and target.name in OURS
    if ours or (target.exists() and source.exists() and target.samefile(source)):
        raise UsageError(f"{target} is the store itself; name another file")
    if os.path.lexists(target) and not _is_a_copy(target):
        raise UsageError(f"{target} is there and no backup of ours; name another file, or take it away")


def _is_a_copy(path: Path) -> bool:
    """Whether it is a copy that was made here, or empty, as a file is that was made to be filled."""
    if not path.is_file() or not path.stat().st_size:
        return path.is_file()
    return is_fresh(header := header_of(path)) and header[68:72] == APPLICATION_ID.to_bytes(4)


@contextmanager
def _refusals_told(source: Path, target: Path) -> Iterator[None]:
    """Damage is the store's, every other refusal that of the place of the copy."""
    try:
        yield
    except OSError as error:
        folder = target.parent
        raise DataFolderError(folder, refusal(error, folder, otherwise="name a file elsewhere")) from error
    except sqlite3.DatabaseError as error:
        if is_interrupted(error):
            raise KeyboardInterrupt from error
        with refusals_named(source if error.sqlite_errorcode & 0xFF in DAMAGE else target):
            raise


def refuse_narrow(target: Path, needed_bytes: int) -> None:
    """DataFolderError where there is no room: a disk filled to the brim would stop the daemon beside us."""
    free = shutil.disk_usage(target.parent).free
    if needed_bytes > free:
        raise DataFolderError(
            target,
            f"it needs {needed_bytes / 1e6:,.1f} MB, and {free / 1e6:,.1f} MB are free there; "
            "free some space, or name a file on another disk",
        )


def _bytes_of(conn: Connection) -> int:
    asked = ("page_count", "freelist_count", "page_size")
    pages, free, size = (conn.execute(f"PRAGMA {name}").fetchone()[0] for name in asked)
    return int((pages - free) * size)


def _clear_left(folder: Path, prefix: str) -> None:
    """Remove what a backup to this place left that was killed; one at work holds its draft locked."""
    for left in folder.iterdir():
        if left.name.startswith(prefix):
            with suppress(OSError), left.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                left.unlink()


def _copy(conn: Connection, draft: Path) -> None:
    """Fill the draft. No lock, as there is nobody else, and network disks have none that hold."""
    _let_interrupt(conn)
    conn.execute("VACUUM INTO ?", (f"file:{quote(str(draft))}?nolock=1",))


def _stories_of(draft: Path, source: Path) -> int:
    """How many stories the copy has. StoreError where it is not whole."""
    address = f"file:{quote(str(draft))}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as conn:
        _let_interrupt(conn)
        found = conn.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise StoreError(source, f"{CURES[sqlite3.SQLITE_CORRUPT]} (SQLite: {found})")
        counted: int = conn.execute("SELECT count(*) FROM stories").fetchone()[0]
        return counted


def _let_interrupt(conn: Connection) -> None:
    """Let Python hear of Ctrl-C within a long statement, which then ends as interrupted."""
    conn.set_progress_handler(lambda: 0, INSTRUCTIONS_BETWEEN_LOOKS)
