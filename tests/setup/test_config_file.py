"""The config file on the disk: made, replaced, or left as it is."""

import os
from pathlib import Path

import pytest

from aggregator.errors import DataFolderError, EditError
from aggregator.setup import keep_copy, rewrite, write_first
from tests.disk import a_full_disk


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A config."""
    found = tmp_path / "aggregator.yaml"
    found.write_text("before\n")
    return found


def replace(path: Path, before: str = "before\n") -> None:
    rewrite(path, before, "after\n", by_hand="do it by hand")


def left_over(path: Path) -> set[str]:
    """What stands beside the config."""
    return {other.name for other in path.parent.iterdir()} - {path.name}


def test_the_first_config_is_written_with_its_folder(tmp_path: Path) -> None:
    write_first(tmp_path / "config" / "aggregator.yaml", "feeds: []\n")

    assert (tmp_path / "config" / "aggregator.yaml").read_text() == "feeds: []\n"


def test_a_place_that_cannot_be_written_is_named_with_the_cure(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file, not a folder")

    with pytest.raises(DataFolderError, match=r"config.*name one with --config"):
        write_first(tmp_path / "config" / "aggregator.yaml", "")


def test_a_config_that_is_there_is_never_written_over(path: Path) -> None:
    with pytest.raises(DataFolderError, match="is there already; name another with --config"):
        write_first(path, "feeds: []\n")

    assert path.read_text() == "before\n"


def test_a_link_that_leads_nowhere_is_told_as_such(tmp_path: Path) -> None:
    link = tmp_path / "aggregator.yaml"
    link.symlink_to("gone.yaml")

    with pytest.raises(DataFolderError, match="is a link to a file that is not there"):
        write_first(link, "feeds: []\n")


def test_a_first_config_that_does_not_fit_on_the_disk_leaves_none(tmp_path: Path) -> None:
    with a_full_disk(), pytest.raises(DataFolderError, match="file too large"):
        write_first(tmp_path / "aggregator.yaml", "feeds: []\n" * 1000)

    assert not (tmp_path / "aggregator.yaml").exists()


def test_a_file_is_replaced_whole_with_its_mode(path: Path) -> None:
    path.chmod(0o640)
    number = path.stat().st_ino

    replace(path)

    assert path.read_text() == "after\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert path.stat().st_ino != number
    assert left_over(path) == set()


def test_a_link_goes_on_pointing_to_its_file(path: Path) -> None:
    link = path.parent / "folder" / "link.yaml"
    link.parent.mkdir()
    link.symlink_to("../aggregator.yaml")

    replace(link)

    assert link.is_symlink()
    assert path.read_text() == "after\n"


def test_a_mark_at_the_begin_and_line_ends_stay(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbfbefore\r\n")

    rewrite(path, "before\r\n", "after\r\n", by_hand="")

    assert path.read_bytes() == b"\xef\xbb\xbfafter\r\n"


def test_a_file_that_somebody_else_changed_is_left_as_it_is(path: Path) -> None:
    with pytest.raises(EditError, match="was changed meanwhile by somebody else; run this again"):
        replace(path, before="earlier\n")

    assert path.read_text() == "before\n"


def test_a_read_only_file_is_the_users_word(path: Path) -> None:
    path.chmod(0o444)

    with pytest.raises(EditError, match="is read-only; do it by hand"):
        replace(path)

    assert path.read_text() == "before\n"
    assert left_over(path) == set()


def test_a_file_that_cannot_be_read_is_left_to_the_user(tmp_path: Path) -> None:
    with pytest.raises(EditError, match=r"cannot be written \(No such file or directory\); do it by hand"):
        replace(tmp_path / "gone.yaml")


def test_a_write_that_fails_half_way_leaves_the_file_and_nothing_beside_it(path: Path) -> None:
    with (
        a_full_disk(),
        pytest.raises(EditError, match=r"cannot be written \(File too large\); do it by hand"),
    ):
        replace(path)

    assert path.read_text() == "before\n"
    assert left_over(path) == set()


def test_a_file_keeps_its_owner(path: Path) -> None:
    owner = 12_345 if os.geteuid() == 0 else os.geteuid()  # only root may give files away
    os.chown(path, owner, -1)

    replace(path)

    assert path.stat().st_uid == owner


def test_a_copy_has_the_bytes_and_the_mode_of_the_file(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbfbefore\r\n")
    path.chmod(0o640)

    copy = keep_copy(path, by_hand="")

    assert copy.name == "aggregator.yaml.bak"
    assert copy.read_bytes() == b"\xef\xbb\xbfbefore\r\n"
    assert copy.stat().st_mode & 0o777 == 0o640


def test_a_copy_that_does_not_fit_on_the_disk_is_told_and_leaves_nothing(path: Path) -> None:
    with (
        a_full_disk(),
        pytest.raises(EditError, match=r"bak cannot be written \(File too large\); do it by hand"),
    ):
        keep_copy(path, by_hand="do it by hand")

    assert left_over(path) == set()
