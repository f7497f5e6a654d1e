"""Files that are no store of ours, or ours no more, are refused in words that say what to do."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from aggregator.errors import StoreError
from aggregator.store import Reader, Store, sqlite_version
from aggregator.store.connection import (
    DATABASE_NAME,
    Connection,
    is_interrupted,
    open_reader,
    open_writer,
    refusals_named,
    transaction,
)
from tests.builders import NOON
from tests.store.other_process import running
from tests.store.scenes import a_new_story, hand_in, rows_of, subscribed

Opening = Callable[[Path], Reader | Store]

BOTH = pytest.mark.parametrize("opening", [Reader, Store.open], ids=["reader", "store"])


@pytest.fixture
def file(folder: Path) -> Path:
    """Where the database of `folder` would be."""
    folder.mkdir()
    return folder / DATABASE_NAME


def as_another_program(file: Path) -> Connection:
    """A connection without our settings; by the same library, as two in a process undo each other's locks."""
    return Database(file, execute_plugins=False).conn


def altered(file: Path, *statements: str) -> None:
    """Do this to the file as another program would."""
    with closing(as_another_program(file)) as conn:
        for statement in statements:
            conn.execute(statement)
        conn.commit()


def a_closed_store(file: Path) -> None:
    """A store with nothing in it."""
    Store.open(file.parent).close()


# -- opening ----------------------------------------------------------------------------------------------


def test_a_reader_of_a_missing_store_says_how_one_comes_to_be(folder: Path) -> None:
    with pytest.raises(StoreError, match=r"aggregator\.db: no store here; run `aggregator run` or"):
        Reader(folder)

    assert not folder.exists()


def test_a_file_of_zero_bytes_is_no_store_to_a_reader(file: Path) -> None:
    file.touch()

    with pytest.raises(StoreError, match="no store here"):
        Reader(file.parent)


def test_a_file_of_zero_bytes_becomes_a_store(file: Path) -> None:
    file.touch()

    a_closed_store(file)

    assert rows_of(file.parent, "SELECT count(*) FROM stories") == [(0,)]


@BOTH
def test_another_programs_database_is_left_alone(file: Path, opening: Opening) -> None:
    altered(file, "CREATE TABLE recipes (name TEXT)")
    before = file.read_bytes()

    with pytest.raises(StoreError, match="it belongs to another program; move it away or use another --data"):
        opening(file.parent)

    assert file.read_bytes() == before


def test_another_programs_database_without_tables_is_left_alone(file: Path) -> None:
    altered(file, "PRAGMA application_id = 7")
    before = file.read_bytes()

    with pytest.raises(StoreError, match="it belongs to another program"):
        Store.open(file.parent)

    assert file.read_bytes() == before


@BOTH
def test_a_newer_aggregators_store_is_left_alone(file: Path, opening: Opening) -> None:
    a_closed_store(file)
    altered(file, "PRAGMA user_version = 99")
    before = file.read_bytes()

    with pytest.raises(StoreError, match=r"newer aggregator wrote it \(schema 99, this one knows \d+\)"):
        opening(file.parent)

    assert file.read_bytes() == before


def test_an_older_aggregators_store_waits_for_a_writer(file: Path) -> None:
    a_closed_store(file)
    altered(file, "PRAGMA user_version = 0")

    with pytest.raises(StoreError, match="an older aggregator wrote it; `aggregator poll` brings it up"):
        Reader(file.parent)

    a_closed_store(file)
    Reader(file.parent).close()


@BOTH
def test_a_file_that_is_no_database_is_told_from_a_damaged_one(file: Path, opening: Opening) -> None:
    file.write_text("<html>" * 1000)

    with pytest.raises(StoreError, match="it is no SQLite database: move it away, or put a backup in"):
        opening(file.parent)


@BOTH
def test_a_damaged_store_is_named_as_such(file: Path, opening: Opening) -> None:
    a_closed_store(file)
    whole = file.read_bytes()
    file.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))

    with pytest.raises(StoreError, match="it is damaged: stop the aggregator, keep a copy, and restore"):
        opening(file.parent)


@BOTH
def test_a_folder_in_the_place_of_the_file_is_named(file: Path, opening: Opening) -> None:
    file.mkdir()

    with pytest.raises(StoreError, match="it is a folder, where the database should be; move it away"):
        opening(file.parent)


@BOTH
def test_a_folder_in_the_place_of_the_log_is_no_damage(file: Path, opening: Opening) -> None:
    a_closed_store(file)
    (file.parent / f"{DATABASE_NAME}-wal").mkdir()

    with pytest.raises(StoreError, match="it cannot be opened: check the rights of the file and its folder"):
        opening(file.parent)


def test_a_disk_that_cannot_do_write_ahead_logging_is_refused() -> None:
    with pytest.raises(StoreError, match="journal mode stays 'memory'; put the data folder on a local disk"):
        open_writer(Path(":memory:"))


def test_a_refused_file_does_not_keep_the_folder_locked(file: Path) -> None:
    file.write_text("<html>" * 1000)
    with pytest.raises(StoreError):
        Store.open(file.parent)
    file.unlink()

    Store.open(file.parent).close()

    assert file.exists()


def test_a_path_with_signs_of_a_url_is_taken_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "a?mode=rw#%20 ü"
    Store.open(folder).close()

    Reader(folder).close()

    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


# -- code in the file -------------------------------------------------------------------------------------

ENDLESS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
FEEDS = f"CREATE VIEW feeds AS {ENDLESS} SELECT i AS id, '' AS next_poll_at FROM n"
NOT_OURS = "it holds a view or a trigger that is not ours"


def test_a_view_in_the_place_of_a_table_does_not_run_for_a_reader(file: Path) -> None:
    a_closed_store(file)
    altered(file, "ALTER TABLE feeds RENAME TO old", FEEDS)

    with closing(Reader(file.parent)) as reader, pytest.raises(StoreError, match=NOT_OURS):
        reader.feeds()


async def test_nor_for_a_writer(file: Path) -> None:
    a_closed_store(file)
    altered(file, "ALTER TABLE feeds RENAME TO old", FEEDS)

    with closing(Store.open(file.parent)) as store, pytest.raises(StoreError, match=NOT_OURS):
        await store.due(NOON, 1)


async def test_a_trigger_does_not_run_and_nothing_is_written(file: Path) -> None:
    a_closed_store(file)
    altered(file, "CREATE TRIGGER t AFTER INSERT ON feeds BEGIN DELETE FROM stories; END")

    with closing(Store.open(file.parent)) as store, pytest.raises(StoreError, match=NOT_OURS):
        await subscribed(store)

    assert rows_of(file.parent, "SELECT count(*) FROM feeds") == [(0,)]


async def test_views_that_a_user_keeps_beside_our_tables_are_no_obstacle(file: Path) -> None:
    a_closed_store(file)
    altered(file, "CREATE VIEW mine AS SELECT title FROM stories")

    with closing(Store.open(file.parent)) as store, closing(Reader(file.parent)) as reader:
        (feed,) = await subscribed(store)
        told = reader.feeds()

    assert told == (feed,)


@pytest.mark.parametrize("opening", [open_reader, open_writer], ids=["reader", "writer"])
def test_code_in_the_schema_may_call_nothing_but_plain_sql(
    file: Path, opening: Callable[[Path], Connection]
) -> None:
    a_closed_store(file)

    with closing(opening(file)) as conn:
        assert conn.execute("PRAGMA trusted_schema").fetchone()[0] == 0


@BOTH
def test_a_header_of_no_known_format_is_named(file: Path, opening: Opening) -> None:
    a_closed_store(file)
    with_byte(file, 47, 0xFE)

    with pytest.raises(StoreError, match=r"it is damaged: .* \(SQLite: unsupported file format\)"):
        opening(file.parent)


@BOTH
def test_whatever_a_header_says_is_harmless_or_refused(file: Path, opening: Opening) -> None:
    a_closed_store(file)
    whole, refused = file.read_bytes(), 0

    for place in range(100):  # its length (sqlite.org/fileformat2.html §1.3)
        file.write_bytes(whole)
        with_byte(file, place, 0xFE)
        try:
            with closing(opening(file.parent)):
                pass
        except StoreError:
            refused += 1

    assert refused > 20


def with_byte(file: Path, place: int, byte: int) -> None:
    """Damage one byte of the file."""
    damaged = bytearray(file.read_bytes())
    damaged[place] = byte
    file.write_bytes(damaged)


# -- what a connection may do -----------------------------------------------------------------------------


def test_a_reader_cannot_write(store: Store, folder: Path) -> None:  # noqa: ARG001 — the store makes the file
    with (
        closing(open_reader(folder / DATABASE_NAME)) as conn,
        pytest.raises(Exception, match="readonly database"),
    ):
        conn.execute("DELETE FROM stories")


def test_the_version_of_sqlite_is_new_enough_to_be_free_of_the_log_reset_bug() -> None:
    assert tuple(map(int, sqlite_version().split("."))) >= (3, 51, 3)


def test_our_own_mistakes_keep_their_traceback(tmp_path: Path) -> None:
    with (
        closing(open_writer(tmp_path / DATABASE_NAME)) as conn,
        pytest.raises(Exception, match="no such table"),
        refusals_named(tmp_path),
    ):
        conn.execute("SELECT * FROM nowhere")


def test_a_store_that_another_program_locks_is_named(tmp_path: Path) -> None:
    path = tmp_path / DATABASE_NAME
    with closing(open_writer(path)) as ours, closing(as_another_program(path)) as theirs:
        theirs.execute("BEGIN IMMEDIATE")
        ours.execute("PRAGMA busy_timeout = 0")

        with pytest.raises(StoreError, match="another program has locked it"), refusals_named(path):
            ours.execute("BEGIN IMMEDIATE")


def test_an_error_that_is_not_sqlites_is_no_interruption() -> None:
    assert not is_interrupted(ValueError())


# -- transactions -----------------------------------------------------------------------------------------


def test_a_transaction_that_sqlite_rolled_back_itself_keeps_its_reason(tmp_path: Path) -> None:
    with closing(open_writer(tmp_path / DATABASE_NAME)) as conn:
        with pytest.raises(Exception, match="UNIQUE constraint failed"), transaction(conn):
            conn.execute("INSERT OR ROLLBACK INTO counters VALUES ('revision', 1)")

        assert not conn.in_transaction


async def test_a_full_disk_tears_nothing_and_work_goes_on_when_there_is_space(
    store: Store, reader: Reader, folder: Path
) -> None:
    (feed,) = await subscribed(store)
    (kept,) = (await hand_in(store, feed, a_new_story(feed, "kept"))).stories
    big = a_new_story(feed, "big", content="<p>" + "word " * 100_000)
    pages = store._conn.execute("PRAGMA page_count").fetchone()[0]
    store._conn.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(StoreError, match="the disk or the quota is full: free some space, nothing else is"):
        await hand_in(store, feed, big)

    assert reader.stories(limit=5) == (kept,)
    assert rows_of(folder, "PRAGMA integrity_check") == [("ok",)]
    store._conn.execute("PRAGMA max_page_count = 1000000")
    await hand_in(store, feed, big)
    assert [story.id for story in reader.stories(limit=5)] == [big.id, kept.id]


def test_a_disk_that_refuses_to_write_is_named_and_work_goes_on_when_it_takes_more(folder: Path) -> None:
    with running("fill", folder) as (_, said):
        *_, refusal, after = said.read().splitlines()

    assert "aggregator.db: the disk could not be read or written: check its space, quota" in refusal
    assert after == "stored again"
    assert rows_of(folder, "PRAGMA integrity_check") == [("ok",)]


def test_a_store_closes_well_where_there_is_no_room_to_fold_its_log_in(folder: Path) -> None:
    with running("crowd", folder) as (process, _):
        code = process.wait()

    assert code == 0
    assert (folder / f"{DATABASE_NAME}-wal").exists()
    Store.open(folder).close()
    assert rows_of(folder, "SELECT count(*) FROM stories") == [(1,)]
