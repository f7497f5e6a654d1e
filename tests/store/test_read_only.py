"""A store that cannot be written to, such as a mounted backup, can be read all the same."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.store import Store
from aggregator.store.connection import DATABASE_NAME, is_frozen

READ = """
import os, sys
from pathlib import Path
from aggregator.errors import StoreError
from aggregator.store import Reader
if os.geteuid() == 0:
    os.setuid(65_534)
try:
    print(len(Reader(Path(sys.argv[1])).feeds()))
except StoreError as error:
    print(error)
"""


@pytest.fixture
def backup() -> Iterator[Path]:
    """A store that was closed, in a folder that nobody may write to."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        Store.open(data).close()
        for file in data.iterdir():
            file.chmod(0o444)
        data.chmod(0o555)
        yield data
        data.chmod(0o755)


def read_by_somebody(folder: Path) -> str:
    """What a reader says who is not root, whom no mode binds."""
    command = [sys.executable, "-c", READ, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or done.stderr


def test_it_can_be_read(backup: Path) -> None:
    assert read_by_somebody(backup) == "0"
    assert not (backup / f"{DATABASE_NAME}-shm").exists()


def test_one_that_was_not_closed_is_not_taken_for_whole(backup: Path) -> None:
    backup.chmod(0o755)
    (backup / f"{DATABASE_NAME}-wal").write_bytes(b"what is in here counts")
    backup.chmod(0o555)

    assert not is_frozen(backup / DATABASE_NAME)
    assert "check the rights of the file and its folder" in read_by_somebody(backup)


def test_a_folder_that_we_may_write_to_is_not_frozen(tmp_path: Path) -> None:
    Store.open(tmp_path).close()

    assert not is_frozen(tmp_path / DATABASE_NAME)


def test_a_folder_that_this_user_may_not_look_into_is_told(backup: Path) -> None:
    backup.chmod(0o700 if os.geteuid() == 0 else 0o000)

    assert "aggregator.db: user" in (told := read_by_somebody(backup))
    assert told.endswith("may not look into its folder; give this user the right to")
