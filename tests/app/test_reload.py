"""A changed config is noticed by looking at its files."""

import os
from pathlib import Path

from aggregator.app.reload import ConfigWatch
from aggregator.config import Loaded
from aggregator.core.settings import Settings


def a_watch(*paths: Path) -> ConfigWatch:
    return ConfigWatch(lambda: Loaded(Settings(), paths), paths)


def test_an_untouched_file_is_no_change(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("one")

    assert not a_watch(path).changed()


def test_a_new_text_is_a_change_once(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("one")
    watch = a_watch(path)

    path.write_text("other")

    assert watch.changed()
    assert not watch.changed()


def test_a_file_replaced_by_another_of_the_same_size_and_time_is_a_change(tmp_path: Path) -> None:
    path, other = tmp_path / "a.yaml", tmp_path / "b.yaml"
    path.write_text("one")
    other.write_text("two")
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    watch = a_watch(path)

    other.replace(path)

    assert watch.changed()


def test_a_file_that_goes_away_is_a_change(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("one")
    watch = a_watch(path)

    path.unlink()

    assert watch.changed()


def test_a_signal_counts_as_a_change(tmp_path: Path) -> None:
    watch = a_watch(tmp_path / "a.yaml")

    watch.force()

    assert watch.changed()
    assert not watch.changed()


def test_loading_looks_at_the_files_that_the_new_config_names(tmp_path: Path) -> None:
    opml = tmp_path / "list.opml"
    watch = ConfigWatch(lambda: Loaded(Settings(), (opml,)), (tmp_path / "a.yaml",))

    watch.load()
    opml.write_text("<opml/>")

    assert watch.changed()


def test_what_is_written_while_the_config_is_read_is_a_change(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("half of it")

    def read() -> Loaded:
        path.write_text("all of it")
        return Loaded(Settings(), (path,))

    watch = ConfigWatch(read, (path,))
    watch.load()

    assert watch.changed()
