"""Outputs as files: kept over a restart, whole or as they were, and never where a stranger's link leads."""

import os
from collections.abc import AsyncIterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from aggregator.core.settings import FeedSettings
from aggregator.errors import DataFolderError
from aggregator.publish import MANIFEST, is_planted
from tests.builders import NOON
from tests.disk import a_full_disk
from tests.press import DAY, FEED, Press, a_press, output, story

EUROPE = (FeedSettings(url=FEED, tags=("europe",)),)


@pytest.fixture
async def press(tmp_path: Path) -> AsyncIterator[Press]:
    async with a_press(tmp_path) as ready:
        yield ready


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


class TestFiles:
    async def test_survive_a_restart_byte_for_byte_with_their_dates(self, press: Press) -> None:
        await press.tell(story(1))
        await press.refresh()
        before = press.publisher.snapshot

        press.now = NOON + DAY
        press.publisher = press.another()
        published = await press.refresh()

        assert published.written == ()
        assert press.publisher.snapshot == before

    async def test_one_that_somebody_removed_is_written_again_after_a_restart(self, press: Press) -> None:
        await press.refresh()
        before = press.publisher.snapshot
        press.file("all.atom").unlink()

        press.now = NOON + DAY
        press.publisher = press.another()

        assert (await press.refresh()).written == ("all.atom",)
        assert press.publisher.snapshot == before

    async def test_a_draft_of_a_process_that_was_killed_goes_at_the_next_start(self, press: Press) -> None:
        left = press.file("tag/.writing-abc")
        left.parent.mkdir(parents=True)
        left.write_text("half of an out")

        press.publisher = press.another()

        assert not left.exists()

    async def test_those_of_others_are_left_alone(self, press: Press) -> None:
        await press.refresh(output("one"))
        press.file("robots.txt").write_text("mine")

        await press.refresh(output("two"))

        assert press.file("robots.txt").read_text() == "mine"

    @pytest.mark.parametrize("text", ["", "[]", '{"all.atom": 1}', "\udcff"])
    async def test_a_damaged_list_of_them_costs_only_a_rewrite(self, press: Press, text: str) -> None:
        await press.refresh()
        press.file(MANIFEST).write_bytes(text.encode("utf-8", "surrogateescape"))

        press.publisher = press.another()

        assert len((await press.refresh()).written) == 4

    async def test_that_cannot_be_written_stay_as_they_were_and_are_tried_again(self, press: Press) -> None:
        await press.refresh()
        last_good = press.file("all.atom").read_bytes()
        await press.tell(story(1))
        press.file("all.atom").unlink()
        press.file("all.atom").mkdir()

        with pytest.raises(DataFolderError, match="cannot be written to"):
            await press.refresh()
        press.file("all.atom").rmdir()
        press.file("all.atom").write_bytes(last_good)
        published = await press.refresh()

        assert b"News 1" in press.file("all.atom").read_bytes()
        assert published.settled == {"s1"}
        assert not list(press.file("").glob(".writing-*"))

    async def test_stay_whole_on_a_full_disk_and_follow_when_there_is_space(self, press: Press) -> None:
        outputs = output(), output("secret", token="a" * 32)
        await press.refresh(*outputs)
        hidden = press.folder / "private"
        before = {path: path.read_bytes() for folder in (press.file(""), hidden) for path in files_in(folder)}
        await press.tell(story(1))

        with a_full_disk(), pytest.raises(DataFolderError, match="cannot be written to"):
            await press.refresh(*outputs)
        after = {path: path.read_bytes() for folder in (press.file(""), hidden) for path in files_in(folder)}
        published = await press.refresh(*outputs)

        assert after == before
        assert len(published.written) == 8
        assert b"News 1" in press.file("all.rss").read_bytes()
        assert published.settled == {"s1"}

    async def test_written_before_another_failed_are_named_by_the_round_that_goes_well(
        self, press: Press
    ) -> None:
        await press.refresh(output("a"), output("b"))
        await press.tell(story(1))
        press.file("b.atom").unlink()
        press.file("b.atom").mkdir()

        with pytest.raises(DataFolderError):
            await press.refresh(output("a"), output("b"))
        press.file("b.atom").rmdir()
        published = await press.refresh(output("a"), output("b"))

        assert len(published.written) == 8
        assert (await press.refresh(output("a"), output("b"))).written == ()

    async def test_keep_their_dates_over_a_restart_where_their_list_came_later(self, press: Press) -> None:
        await press.refresh()
        await press.tell(story(1))
        listed = press.file(MANIFEST)
        listed.unlink()
        listed.mkdir()
        with pytest.raises(DataFolderError):
            await press.refresh()
        listed.rmdir()
        await press.refresh()
        before = press.publisher.snapshot

        press.now = NOON + DAY
        press.publisher = press.another()
        await press.refresh()

        assert press.publisher.snapshot == before

    async def test_a_link_in_the_place_of_one_is_replaced_and_not_followed(
        self, press: Press, tmp_path: Path
    ) -> None:
        elsewhere = tmp_path / "elsewhere"
        elsewhere.write_text("precious")
        await press.refresh()
        press.file("all.atom").unlink()
        press.file("all.atom").symlink_to(elsewhere)

        await press.tell(story(1))
        await press.refresh()

        assert elsewhere.read_text() == "precious"
        assert not press.file("all.atom").is_symlink()

    async def test_may_be_read_by_any_web_server(self, press: Press) -> None:
        await press.refresh()

        assert press.file("all.atom").stat().st_mode & 0o777 == 0o644

    @pytest.mark.parametrize("link", ["", "tag"])
    async def test_a_folder_that_a_user_made_a_link_of_is_used(
        self, press: Press, tmp_path: Path, link: str
    ) -> None:
        self.lead_away(press.file(link), tmp_path / "share", os.geteuid())

        await press.refresh(feeds=EUROPE)

        assert press.file("tag/europe.atom").exists()
        assert list((tmp_path / "share").rglob("europe.atom"))

    @pytest.mark.parametrize("link", ["", "tag"])
    async def test_a_folder_that_somebody_else_made_a_link_of_is_left_alone(
        self, press: Press, tmp_path: Path, link: str
    ) -> None:
        stranger = 12_345 if os.geteuid() == 0 else os.geteuid()  # only root may give links away
        left = tmp_path / "share" / ".writing-abc"
        self.lead_away(press.file(link), left.parent, stranger)
        left.touch()
        press.publisher = press.another()
        refused = stranger != os.geteuid()

        said = f"a link that user {stranger} made" if refused else "nothing at all"
        with pytest.raises(DataFolderError, match=said) if refused else nullcontext():
            await press.refresh(feeds=EUROPE)

        assert [path.name for path in left.parent.iterdir()] == [left.name] or not refused

    @staticmethod
    def lead_away(path: Path, elsewhere: Path, owner: int) -> None:
        """Make this path, which the press may have made a folder, a link of this owner's."""
        elsewhere.mkdir()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(elsewhere)
        os.chown(path, owner, -1, follow_symlinks=False)


@pytest.mark.parametrize(
    ("link", "folder", "planted"),
    [(1000, 1000, False), (0, 1000, False), (1001, 1001, False), (1001, 1000, True), (1001, 0, True)],
    ids=["ours", "root's", "of the folder's owner", "a stranger's in our folder", "a stranger's in root's"],
)
def test_whose_link_is_followed(link: int, folder: int, planted: bool) -> None:
    assert is_planted(link_owner=link, folder_owner=folder, us=1000) is planted
