"""SQLite connections as the store wants them, and SQLite's refusals in words that a person can act on.

The driver is the one that sqlite-utils picked: pysqlite3 where it is installed (its SQLite is free of the
WAL-reset bug, sqlite.org/wal.html), else the standard library's. Knows no table but SQLite's own.

To explain another refusal: a line in CURES.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from sqlite_utils import Database

from aggregator.errors import StoreError
from aggregator.migrations import STEPS, Step, migrations

if TYPE_CHECKING:
    import sqlite3
else:
    from sqlite_utils.utils import sqlite3

DATABASE_NAME = "aggregator.db"
APPLICATION_ID = 0x41474752  # "AGGR" (PRAGMA application_id): tells our files from other programs'
BUSY_SECONDS = 5

Connection = sqlite3.Connection
Row = sqlite3.Row

CURES = {
    sqlite3.SQLITE_FULL: "the disk or the quota is full: free some space, nothing else is needed",
    sqlite3.SQLITE_IOERR: "the disk could not be read or written: check its space, quota and health",
    sqlite3.SQLITE_READONLY: "the file or its folder is read-only: give this user the right to write",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened: check the rights of the file and its folder",
    sqlite3.SQLITE_BUSY: "another program has locked it: close that program, and it is tried again",
    sqlite3.SQLITE_CORRUPT: "it is damaged: stop the aggregator, keep a copy, and restore a backup",
    sqlite3.SQLITE_AUTH: "it holds a view or a trigger that is not ours: take it out, or restore a backup",
    sqlite3.SQLITE_NOTADB: "it is no SQLite database: move it away, or put a backup in its place",
}

NO_STORE = "no store here; run `aggregator run` or `aggregator poll` first"


def sqlite_version() -> str:
    """The version of the SQLite that runs, like `3.53.4`."""
    return sqlite3.sqlite_version


@contextmanager
def refusals_named(path: Path) -> Iterator[None]:
    """Turn what SQLite refuses for reasons outside the program into a StoreError with its cure.

    Our own mistakes (a broken statement, a broken constraint) pass as they are: they need a traceback.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        cure = CURES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        if cure is None:
            raise
        raise StoreError(path, f"{cure} (SQLite: {error})") from error


def is_interrupted(error: Exception) -> bool:
    """True where SQLite stopped because a progress handler told it to."""
    return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT


@contextmanager
def transaction(conn: Connection, begin: str = "BEGIN IMMEDIATE") -> Iterator[None]:
    """One transaction: whole on the way out, or not at all.

    IMMEDIATE, because a transaction that reads first and writes later fails at once where another process
    wrote in between, however long the busy timeout is.
    """
    conn.execute(begin)
    try:
        yield
        conn.execute("COMMIT")
    except BaseException:
        # A full disk may have rolled it back already; a failing rollback must not hide the reason.
        with suppress(sqlite3.Error):
            if conn.in_transaction:
                conn.execute("ROLLBACK")
        raise


# -- writing ----------------------------------------------------------------------------------------------


def open_writer(path: Path, steps: tuple[Step, ...] = STEPS) -> Connection:
    """The one connection that writes, its file brought to today's schema by `steps`.

    The caller must own the data folder. StoreError where the file is another program's, from a newer version,
    damaged, or on a disk that cannot do write-ahead logging.
    """
    _refuse_folder(path)
    _refuse_foreign_log(path)
    with refusals_named(path):
        conn = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS)
        return or_closed(conn, lambda: _prepare_writer(conn, path, steps))


def _prepare_writer(conn: Connection, path: Path, steps: tuple[Step, ...]) -> None:
    conn.row_factory = Row
    if not (_is_empty(conn, path) and _application(conn) == 0):  # a file of zero bytes is as good as none
        _refuse_foreign(conn, path)
        _refuse_newer(conn, path, len(steps))
    mode = conn.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise StoreError(path, f"journal mode stays {mode!r}; put the data folder on a local disk")
    conn.execute("PRAGMA synchronous = FULL")
    conn.execute("PRAGMA journal_size_limit = 64000000")  # what a huge transaction leaves behind, in bytes
    _migrate(conn, steps)
    conn.execute("PRAGMA foreign_keys = ON")
    _trust_no_code(conn)


def _migrate(conn: Connection, steps: tuple[Step, ...]) -> None:
    """Apply what is pending: all of it or nothing. Foreign keys are off meanwhile and checked at the end."""
    database = Database(conn, execute_plugins=False)
    with transaction(conn):
        migrations(steps).apply(database)
        conn.execute(f"PRAGMA user_version = {len(steps)}")
        conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        if broken := conn.execute("PRAGMA foreign_key_check").fetchall():
            raise sqlite3.IntegrityError(f"a migration left {len(broken)} rows without their parent")


# -- reading ----------------------------------------------------------------------------------------------


def open_reader(path: Path) -> Connection:
    """A connection that cannot write, whatever is asked of it, and trusts no code in the file's schema.

    StoreError where there is no store, or one that this version cannot read.
    """
    return _open_reading(path, _prepare_reader)


def open_source(path: Path) -> Connection:
    """A connection to copy the store by, of whichever version it is: it may be on its way up or down."""
    return _open_reading(path, _refuse_no_store)


def _open_reading(path: Path, prepare: Callable[[Connection, Path], None]) -> Connection:
    if not _is_there(path):
        raise StoreError(path, NO_STORE)
    _refuse_folder(path)
    with refusals_named(path):
        target = path.resolve()
        address = f"file:{quote(str(target))}?mode=ro{'&immutable=1' if is_frozen(target) else ''}"
        conn = sqlite3.connect(
            address, uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS
        )
        return or_closed(conn, lambda: prepare(conn, path))


def is_frozen(path: Path) -> bool:
    """Whether nobody can be writing this file: it is whole, in a folder that cannot be written to.

    A backup on a read-only disk is such a file. SQLite would make an index of the write-ahead log beside it
    even to read, and fail; told that the file does not change, it needs none (sqlite.org/wal.html#readonly).
    """
    log = path.with_name(f"{path.name}-wal")
    whole = not log.exists() or log.stat().st_size == 0
    return whole and not os.access(path.parent, os.W_OK)


def _prepare_reader(conn: Connection, path: Path) -> None:
    conn.row_factory = Row
    conn.execute("PRAGMA query_only = ON")
    _refuse_no_store(conn, path)
    _refuse_newer(conn, path, len(STEPS))
    if _number(conn, "PRAGMA user_version") < len(STEPS):
        raise StoreError(path, "an older aggregator wrote it; `aggregator poll` brings it up to date")
    _trust_no_code(conn)


# -- whose file is it? ------------------------------------------------------------------------------------


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except PermissionError as error:
        cure = f"user {os.getuid()} may not look into its folder; give this user the right to"
        raise StoreError(path, cure) from error


def _refuse_folder(path: Path) -> None:
    """Asked beforehand: SQLite opens a folder to read without complaint and then speaks of a bad disk."""
    if path.is_dir():
        raise StoreError(path, "it is a folder, where the database should be; move it away")


def _refuse_foreign_log(path: Path) -> None:
    """A write-ahead log that is not this file's would be written into it, and damage it.

    A backup has none before its first start: what lies beside it is that of the store whose place it took.
    """
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size and is_fresh(header_of(path)):
        raise StoreError(
            path,
            f"it was put here beside the {log.name} of another file; remove that and {path.name}-shm",
        )


def header_of(path: Path) -> bytes:
    """The first hundred bytes of a database, or what there is; none where it cannot be read.

    Not for one that this process has open: closing it here would undo SQLite's own locks
    (sqlite.org/howtocorrupt.html §2.2).
    """
    with suppress(OSError), path.open("rb") as file:
        return file.read(100)
    return b""


def is_fresh(header: bytes) -> bool:
    """Whether a database that begins so was never in use as a store, as a backup was not.

    Only what is in use keeps a write-ahead log (the read version, sqlite.org/fileformat2.html §1.3).
    """
    return header.startswith(b"SQLite format 3\0") and header[19:20] == b"\1"


def _refuse_no_store(conn: Connection, path: Path) -> None:
    if _is_empty(conn, path):
        raise StoreError(path, NO_STORE)
    _refuse_foreign(conn, path)


def _refuse_foreign(conn: Connection, path: Path) -> None:
    if _application(conn) != APPLICATION_ID:
        raise StoreError(path, "it belongs to another program; move it away or use another --data")


def _refuse_newer(conn: Connection, path: Path, schema: int) -> None:
    version = _number(conn, "PRAGMA user_version")
    if version > schema:
        raise StoreError(
            path,
            f"a newer aggregator wrote it (schema {version}, this one knows {schema}); "
            "upgrade this one, or use another --data",
        )


def _application(conn: Connection) -> int:
    return _number(conn, "PRAGMA application_id")


def _is_empty(conn: Connection, path: Path) -> bool:
    """Asked first of all, and before any code in the schema could have a say (sqlite.org/security.html)."""
    conn.execute("PRAGMA trusted_schema = OFF")
    try:
        return conn.execute("SELECT 1 FROM sqlite_master").fetchone() is None
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
            raise
        # No mistake of ours is possible in this statement: the header asks for a format that does not exist.
        raise StoreError(path, f"{CURES[sqlite3.SQLITE_CORRUPT]} (SQLite: {error})") from error


def _trust_no_code(conn: Connection) -> None:
    """Let no view and no trigger of the file run for us: we make none, so they are somebody else's.

    Those that the user keeps for other programs are no obstacle, as long as they stand apart from our tables.
    """
    found = conn.execute("SELECT name FROM sqlite_master WHERE type IN ('view', 'trigger')").fetchall()
    foreign = {row["name"] for row in found}

    def judge(*asked: object) -> int:
        return sqlite3.SQLITE_DENY if asked[-1] in foreign else sqlite3.SQLITE_OK

    if foreign:
        conn.set_authorizer(judge)


def _number(conn: Connection, pragma: str) -> int:
    found: int = conn.execute(pragma).fetchone()[0]
    return found


def or_closed(conn: Connection, prepare: Callable[[], None]) -> Connection:
    """The connection when it is prepared; where that fails it is closed."""
    try:
        prepare()
    except BaseException:
        conn.close()
        raise
    return conn
