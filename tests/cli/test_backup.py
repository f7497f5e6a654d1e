"""A copy of the store: whole or not at all, for its owner alone, and good to go on from."""

import fcntl
import lzma
import os
import shutil
import signal
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from aggregator.errors import DataFolderError
from aggregator.files import DRAFT
from aggregator.store import Store
from aggregator.store.backup import refuse_narrow
from aggregator.store.connection import DATABASE_NAME
from tests.disk import a_full_disk
from tests.http import WebServer, reply
from tests.migrations.freeze import FROZEN
from tests.newsroom import Desk, an_item, an_rss


@pytest.fixture
def shelf(desk: Desk) -> Path:
    """A folder for backups."""
    folder = desk.folder / "shelf"
    folder.mkdir()
    return folder


def stories_in(file: Path) -> int:
    """How many stories another program counts there."""
    with closing(sqlite3.connect(file)) as conn:
        counted: int = conn.execute("SELECT count(*) FROM stories").fetchone()[0]
        return counted


def test_a_backup_says_what_it_holds_and_is_its_owners_alone(stocked: Desk, shelf: Path) -> None:
    ended = stocked.run("backup", "shelf/news.db")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"wrote shelf/news.db: 3 stories, {size_of(shelf / 'news.db'):.1f} MB\n"
    assert (shelf / "news.db").stat().st_mode & 0o777 == 0o600
    assert list(shelf.iterdir()) == [shelf / "news.db"]
    assert stories_in(shelf / "news.db") == 3


def size_of(file: Path) -> float:
    return file.stat().st_size / 1e6


def test_it_has_what_a_daemon_has_written_and_not_folded_in_yet(stocked: Desk, shelf: Path) -> None:
    store = Store.open(stocked.data)
    with closing(sqlite3.connect(stocked.data / DATABASE_NAME)) as conn:
        conn.execute("UPDATE stories SET title = 'Only in the log'")
        conn.commit()

    ended = stocked.run("backup", "shelf/news.db")

    store.close()
    assert ended.code == 0
    with closing(sqlite3.connect(shelf / "news.db")) as conn:
        assert conn.execute("SELECT DISTINCT title FROM stories").fetchall() == [("Only in the log",)]


@pytest.mark.parametrize("before", ["a backup", "an empty file", "a link to a backup"])
def test_a_backup_of_that_name_is_replaced(stocked: Desk, shelf: Path, before: str) -> None:
    target = shelf / "news.db"
    if before == "an empty file":
        target.touch()
    else:
        stocked.run("backup", str(target))
    if before.startswith("a link"):
        target.rename(shelf / "today.db")
        target.symlink_to("today.db")
    was = target.stat().st_ino

    ended = stocked.run("backup", str(target))

    assert ended.code == 0
    assert target.stat().st_ino != was
    assert stories_in(target) == 3
    assert target.is_symlink() == before.startswith("a link")


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("shelf", "shelf is a folder; name a file in it, such as {folder}/shelf/aggregator.db"),
        ("nowhere/news.db", "there is no folder {folder}/nowhere; make it first"),
        ("aggregator.yaml", "aggregator.yaml is there and no backup of ours; name another file"),
        ("other/aggregator.db", "is there and no backup of ours"),
        ("/dev/null", "/dev/null is there and no backup of ours"),
        ("data/aggregator.db", "aggregator.db is the store itself; name another file"),
        ("data/aggregator.db-wal", "is the store itself"),
        ("linked.db", "is the store itself"),
        ("data/public/news.db", "what lies in {folder}/data/public may be served to everybody"),
    ],
)
def test_a_place_where_no_copy_belongs_is_refused_and_left_alone(
    desk: Desk, shelf: Path, target: str, told: str
) -> None:
    desk.write()
    for folder in ("data", "other"):
        Store.open(desk.folder / folder).close()
    (desk.folder / "linked.db").hardlink_to(desk.data / DATABASE_NAME)
    before = files_below(desk.folder)

    ended = desk.run("backup", target)

    assert (ended.code, ended.out) == (2, "")
    assert told.format(folder=shelf.parent) in ended.err
    assert files_below(desk.folder) == before


def files_below(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_without_a_store_there_is_nothing_to_copy(desk: Desk, shelf: Path) -> None:
    ended = desk.run("backup", "shelf/news.db")

    assert ended.code == 1
    assert "no store here; run `aggregator run` or `aggregator poll` first" in ended.err
    assert list(shelf.iterdir()) == []


def test_where_the_disk_takes_no_more_the_earlier_backup_stays(stocked: Desk, shelf: Path) -> None:
    stocked.run("backup", "shelf/news.db")
    before, daemon = files_below(shelf), Store.open(stocked.data)

    with a_full_disk():
        ended = stocked.run("backup", "shelf/news.db")

    daemon.close()
    assert ended.code == 1
    assert f"aggregator: {shelf / 'news.db'}: the disk" in ended.err
    assert files_below(shelf) == before


def test_a_folder_that_takes_no_files_is_told(stocked: Desk) -> None:
    name = "n" * 250  # with what a draft is called it is too long

    ended = stocked.run("backup", name)

    assert ended.code == 1
    assert f"{stocked.folder}: cannot be written to by user {os.getuid()} (file name too long)" in ended.err


def test_a_disk_without_room_for_it_is_not_filled_to_the_brim(tmp_path: Path) -> None:
    with pytest.raises(
        DataFolderError, match=r"news\.db: it needs 1,000,000,000,000.0 MB, and [\d,.]+ MB are"
    ):
        refuse_narrow(tmp_path / "news.db", 10**18)


def test_a_store_that_is_damaged_makes_no_backup(stocked: Desk, shelf: Path) -> None:
    with (stocked.data / DATABASE_NAME).open("r+b") as file:
        file.seek(8 * 4096)
        file.write(b"\xff" * 100_000)

    ended = stocked.run("backup", "shelf/news.db")

    assert ended.code == 1
    assert f"{stocked.data / DATABASE_NAME}: it is damaged: stop the aggregator" in ended.err
    assert list(shelf.iterdir()) == []


def test_a_copy_with_an_index_that_does_not_fit_is_none(stocked: Desk, shelf: Path) -> None:
    with closing(sqlite3.connect(stocked.data / DATABASE_NAME)) as conn:
        conn.execute("UPDATE stories_fts_data SET block = zeroblob(40) WHERE id > 10")
        conn.commit()

    ended = stocked.run("backup", "shelf/news.db")

    assert ended.code == 1
    assert f"{stocked.data / DATABASE_NAME}: it is damaged: stop the aggregator" in ended.err
    assert list(shelf.iterdir()) == []


def test_the_store_of_an_earlier_version_can_be_kept_before_an_upgrade(desk: Desk, shelf: Path) -> None:
    desk.data.mkdir()
    (desk.data / DATABASE_NAME).write_bytes(lzma.decompress((FROZEN / "schema-01.db.xz").read_bytes()))

    ended = desk.run("backup", "shelf/news.db")

    assert ended.code == 0
    assert stories_in(shelf / "news.db") > 0


def test_what_a_killed_backup_left_goes_and_one_at_work_is_let_alone(stocked: Desk, shelf: Path) -> None:
    left, at_work, other = (shelf / f"{DRAFT}{name}" for name in ("news.db-1", "news.db-2", "old.db-1"))
    for file in (left, at_work, other):
        file.write_bytes(b"half")

    with at_work.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        stocked.run("backup", "shelf/news.db")

    assert set(shelf.iterdir()) == {shelf / "news.db", at_work, other}


@contextmanager
def interrupting(folder: Path) -> Iterator[None]:
    """Ctrl-C, as soon as something has been written there."""
    done = threading.Event()

    def press() -> None:
        while not done.wait(0.001):
            if any(one.stat().st_size for one in folder.iterdir()):
                os.kill(os.getpid(), signal.SIGINT)
                return

    watching = threading.Thread(target=press)
    watching.start()
    try:
        yield
    finally:
        done.set()
        watching.join()


def test_an_interrupt_ends_it_at_once_and_leaves_nothing(stocked: Desk, shelf: Path) -> None:
    with closing(sqlite3.connect(stocked.data / DATABASE_NAME)) as conn:
        conn.execute("CREATE TABLE notes(text)")
        conn.executemany("INSERT INTO notes VALUES (?)", ((os.urandom(200),) for _ in range(300_000)))
        conn.commit()

    with interrupting(shelf):
        ended = stocked.run("backup", "shelf/news.db")

    assert (ended.code, ended.out, ended.err) == (130, "", "\n")
    assert list(shelf.iterdir()) == []


# -- to go on from ----------------------------------------------------------------------------------------


def restored(desk: Desk, copy: Path, folder: str) -> Desk:
    """The same desk, with the copy in a data folder of its own."""
    data = desk.folder / folder / "data"
    data.mkdir(parents=True)
    shutil.copy(copy, data / DATABASE_NAME)
    shutil.copy(desk.config, data.parent)
    return Desk(data.parent, desk.monkeypatch, desk.capsys)


def test_a_restored_store_publishes_the_same_bytes(stocked: Desk, shelf: Path) -> None:
    stocked.run("backup", "shelf/news.db")
    desk = restored(stocked, shelf / "news.db", "new")

    assert desk.run("publish").code == 0

    assert without_dates(desk.published()) == without_dates(stocked.published())


def without_dates(published: dict[str, bytes]) -> dict[str, bytes]:
    """The files that readers ask for, without our own list of when they came to be."""
    return {path: body for path, body in published.items() if not path.startswith(".")}


def test_news_that_came_after_the_backup_comes_back_as_the_same_items(
    stocked: Desk, shelf: Path, web: WebServer
) -> None:
    stocked.run("backup", "shelf/news.db")
    web.on("/one", reply(200, an_rss(an_item(1), an_item(8), an_item(9), title="One")))
    stocked.run("poll", "--all")
    desk = restored(stocked, shelf / "news.db", "new")

    desk.run("poll", "--all")

    assert ids_of(desk) == ids_of(stocked)
    assert len(ids_of(desk)) == 5


def ids_of(desk: Desk) -> list[str]:
    with closing(sqlite3.connect(desk.data / DATABASE_NAME)) as conn:
        return [row[0] for row in conn.execute("SELECT id FROM stories ORDER BY id")]


def test_a_copy_is_not_taken_for_the_store_whose_log_lies_beside_it(stocked: Desk, shelf: Path) -> None:
    stocked.run("backup", "shelf/news.db")
    shutil.copy(shelf / "news.db", stocked.data / DATABASE_NAME)
    log = stocked.data / f"{DATABASE_NAME}-wal"
    log.write_bytes(b"what the store before it had not folded in yet")

    ended = stocked.run("poll")

    assert ended.code == 1
    assert "it was put here beside the aggregator.db-wal of another file; remove that and" in ended.err
    log.unlink()
    assert stocked.run("poll").code == 0
