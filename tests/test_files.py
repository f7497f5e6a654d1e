"""Files are replaced whole or not at all."""

import errno
import os
from pathlib import Path

import pytest

from aggregator.files import DRAFT, clear_drafts, refusal, replace_whole, sync_folder
from tests.disk import a_full_disk


@pytest.mark.parametrize("before", [b"before", None], ids=["one that was there", "a new one"])
def test_a_file_has_the_new_bytes_and_the_mode_asked_for(tmp_path: Path, before: bytes | None) -> None:
    target = tmp_path / "file"
    if before:
        target.write_bytes(before)

    replace_whole(target, b"after", mode=0o644)
    sync_folder(tmp_path)

    assert target.read_bytes() == b"after"
    assert target.stat().st_mode & 0o777 == 0o644
    assert list(tmp_path.iterdir()) == [target]


def test_nobody_else_may_read_it_unless_that_is_asked_for(tmp_path: Path) -> None:
    replace_whole(tmp_path / "file", b"secret")

    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600


def test_who_has_it_open_goes_on_reading_the_old_bytes(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"before")

    with target.open("rb") as file:
        replace_whole(target, b"after")

        assert file.read() == b"before"


def test_a_write_that_fails_half_way_leaves_the_old_bytes_and_nothing_beside(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"old")

    with a_full_disk(), pytest.raises(OSError, match="File too large"):
        replace_whole(target, b"after")

    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_an_owner_is_kept_as_far_as_we_may(tmp_path: Path) -> None:
    owner = (12_345 if os.geteuid() == 0 else os.geteuid(), os.getegid())

    replace_whole(tmp_path / "file", b"after", owner=owner)

    status = (tmp_path / "file").stat()
    assert (status.st_uid, status.st_gid) == owner


def test_what_a_killed_process_left_is_cleared_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / f"{DRAFT}abc").write_bytes(b"half")
    (tmp_path / "kept").write_bytes(b"whole")

    clear_drafts(tmp_path)

    assert {one.name for one in tmp_path.rglob("*")} == {"folder", "kept"}


OWN_IT = "give it to that user (chown -R {user}:{group} {folder}; for a container, on its host), or "


@pytest.mark.parametrize(
    ("code", "cure"),
    [
        (errno.EACCES, OWN_IT),
        (errno.EPERM, OWN_IT),
        (errno.EROFS, "mount it writable, or "),
        (errno.ENOSPC, "free some space, or "),
        (errno.EDQUOT, "free some space, or "),
        (errno.EIO, ""),
    ],
)
def test_every_reason_not_to_write_has_its_cure(tmp_path: Path, code: int, cure: str) -> None:
    told = refusal(OSError(code, os.strerror(code)), tmp_path, otherwise="name another")

    why, mended = os.strerror(code).lower(), cure.format(user=os.getuid(), group=os.getgid(), folder=tmp_path)
    assert told == f"cannot be written to by user {os.getuid()} ({why}); {mended}name another"


def test_a_folder_that_may_not_be_made_is_to_be_made_for_us(tmp_path: Path) -> None:
    missing = tmp_path / "missing"

    told = refusal(OSError(errno.EACCES, "Permission denied"), missing, otherwise="name another")

    assert f"; make it for that user (install -d -o {os.getuid()} -g {os.getgid()} {missing}), or " in told


def test_a_reason_without_a_text_is_told_as_it_is() -> None:
    assert "(odd)" in refusal(OSError("Odd"), Path("/data"), otherwise="name another")
