"""One process at a time owns a data folder, and its end, however it comes, gives the folder free."""

import os
from pathlib import Path

import pytest

from aggregator.errors import AlreadyRunningError, DataFolderError
from aggregator.store import Store
from aggregator.store.lock import LOCK_NAME, take_lock
from tests.store.other_process import running


def open_files() -> int:
    """How many files this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_folder_that_is_missing_is_made_with_its_parents(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"

    lock = take_lock(folder)

    os.close(lock)
    assert (folder / LOCK_NAME).read_text() == f"{os.getpid()}\n"


def test_a_second_owner_in_the_same_process_is_refused(store: Store, folder: Path) -> None:  # noqa: ARG001 — the store owns it
    with pytest.raises(AlreadyRunningError, match=rf"data: another aggregator \(process {os.getpid()}\) is"):
        Store.open(folder)


def test_a_second_owner_in_another_process_is_refused_with_the_first_ones_number(folder: Path) -> None:
    with running("hold", folder) as (process, said):
        said.readline()

        with pytest.raises(
            AlreadyRunningError, match=rf"\(process {process.pid}\).*stop it first"
        ) as refusal:
            Store.open(folder)

    assert refusal.value.path == folder


def test_an_owner_that_was_killed_leaves_no_lock_behind(folder: Path) -> None:
    with running("hold", folder) as (process, said):
        said.readline()
        process.kill()
        process.wait()

        Store.open(folder).close()

    assert (folder / LOCK_NAME).read_text() == f"{os.getpid()}\n"


def test_an_owner_that_has_not_signed_yet_is_called_unknown(tmp_path: Path) -> None:
    lock = take_lock(tmp_path)
    os.ftruncate(lock, 0)

    with pytest.raises(AlreadyRunningError, match=r"process unknown"):
        take_lock(tmp_path)

    os.close(lock)


def test_a_folder_that_is_given_free_can_be_owned_again(tmp_path: Path) -> None:
    os.close(take_lock(tmp_path))

    again = take_lock(tmp_path)

    os.close(again)
    assert again > 0


@pytest.mark.parametrize("below", ["", "deeper", "deeper/still"])
def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(DataFolderError, match="is no folder; name another with --data"):
        take_lock(tmp_path / "file" / below)


def test_a_folder_that_cannot_be_made_is_named_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(DataFolderError, match=r"\(file name too long\); name another folder with --data"):
        take_lock(tmp_path / ("x" * 300))


def test_a_folder_in_the_place_of_the_lock_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / LOCK_NAME).mkdir()

    with pytest.raises(DataFolderError, match=r"\(is a directory\); name another folder with --data"):
        take_lock(tmp_path)


def test_a_lock_that_cannot_be_signed_is_given_back(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / LOCK_NAME)  # opens and locks like a file, but cannot be cut to a length
    before = open_files()

    with pytest.raises(DataFolderError, match=r"\(invalid argument\)"):
        take_lock(tmp_path)

    assert open_files() == before
