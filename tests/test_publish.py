"""Outputs that follow the store: what is rendered, what is written, what is left alone. On a real store."""

import json
import re
from collections.abc import AsyncIterator, Collection
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.core.filters import parse_filter
from aggregator.core.settings import FeedSettings, ServerSettings, TagRule
from aggregator.errors import StoreError
from aggregator.model import Group, Order, Story
from aggregator.publish import Published, published, search_output
from aggregator.store import Reader, WantedFeed
from tests.builders import NOON
from tests.press import DAY, FEED, HOUR, Press, a_press, output, story

EUROPE = (FeedSettings(url=FEED, tags=("europe",)),)


@pytest.fixture
async def press(tmp_path: Path) -> AsyncIterator[Press]:
    async with a_press(tmp_path) as ready:
        yield ready


async def test_every_output_is_there_from_the_start_in_every_format(press: Press) -> None:
    published = await press.refresh(output("one"), output("two"))

    suffixes = ("atom", "rss", "json", "html")
    assert set(published.written) == {f"{name}.{suffix}" for name in ("one", "two") for suffix in suffixes}
    assert set(press.publisher.snapshot) == set(published.written)
    assert all(press.file(path).read_bytes() == said.body for path, said in press.publisher.snapshot.items())


async def test_new_stories_come_in_and_old_news_stays(press: Press) -> None:
    await press.tell(story(1))
    await press.store.settle_leads((await press.refresh()).settled)
    await press.tell(story(2))

    published = await press.refresh()

    assert press.titles() == ["News 2", "News 1"]
    assert published.settled == {"s2"}


class Interrupted(Reader):
    """A reader whose second question for stories takes too long."""

    questions = 0

    def by_ids(self, ids: Collection[str]) -> tuple[Story, ...]:
        self.questions += 1
        if self.questions == 2:
            raise StoreError(Path("aggregator.db"), "the question took longer than 5 s")
        return super().by_ids(ids)


async def test_a_round_that_breaks_off_takes_nothing_from_the_next(press: Press) -> None:
    two = output("one"), output("two")
    await press.tell(story(1))
    with closing(Interrupted(press.folder)) as press.reader:
        press.publisher = press.another()
        with pytest.raises(StoreError):
            await press.refresh(*two)

        await press.refresh(*two)

    assert press.titles("one") == press.titles("two") == ["News 1"]


async def test_a_round_without_changes_writes_nothing(press: Press) -> None:
    await press.tell(story(1))
    first = await press.refresh()
    await press.store.settle_leads(first.settled)

    assert await press.refresh() == Published()


async def test_leads_are_to_be_settled_until_the_store_has_it(press: Press) -> None:
    await press.tell(story(1), story(2))

    first = await press.refresh()
    again = await press.refresh()  # nobody could settle them: the disk was full
    await press.store.settle_leads(again.settled)

    assert first.settled == again.settled == {"s1", "s2"}
    assert await press.refresh() == Published()


async def test_only_the_outputs_that_change_are_written(press: Press) -> None:
    outputs = (output("one", include='"news 1"'), output("two", include='"news 2"'))
    await press.refresh(*outputs)
    await press.tell(story(2))

    published = await press.refresh(*outputs)

    assert {path.partition(".")[0] for path in published.written} == {"two"}


async def test_a_story_that_changes_is_rendered_again_or_leaves(press: Press) -> None:
    await press.tell(story(1, "dam"), story(2, "dam"))
    await press.refresh(output(include="tag:dam"))
    await press.store.rewrite(9, 1, lambda one: replace(one, tags=()))

    await press.refresh(output(include="tag:dam"))

    assert len(press.titles()) == 1


async def test_a_story_that_retention_took_leaves(press: Press) -> None:
    await press.tell(story(1))
    await press.refresh()
    await press.store.sweep(held_before=NOON + 999 * DAY, forget_before=NOON - 999 * DAY)

    await press.refresh()

    assert press.titles() == []


async def test_items_leave_by_age_though_nothing_changed(press: Press) -> None:
    await press.tell(story(1))
    await press.refresh(output(max_age=DAY))

    press.now = NOON + 2 * DAY
    await press.refresh(output(max_age=DAY))

    assert press.titles() == []


async def test_by_coverage_places_change_at_a_step_of_age_and_not_between(press: Press) -> None:
    wanted = output(order=Order.COVERAGE)
    await press.store.sync_feeds([WantedFeed(FEED), WantedFeed("https://two.example.org/rss")], now=NOON)
    told, fresh = story(0), story(13)
    other = replace(told.entries[0], uid="e99", guid="99", feed_id=2)
    await press.tell(replace(told, entries=(*told.entries, other)), fresh)
    orders, press.now = {}, NOON + 13 * HOUR

    while press.now <= NOON + DAY:
        if (await press.refresh(wanted)).written:
            orders[press.now] = press.titles()
        press.now += timedelta(minutes=10)

    assert orders == {NOON + 13 * HOUR: ["News 13", "News 0"], NOON + DAY: ["News 0", "News 13"]}


async def test_filters_that_ask_for_the_time_are_asked_again(press: Press) -> None:
    aged, plain = output("aged", include="age>1d"), output("plain")
    await press.tell(story(1))
    await press.refresh(aged, plain)
    before = press.titles("aged")

    press.now = NOON + 2 * DAY
    published = await press.refresh(aged, plain)

    assert (before, press.titles("aged")) == ([], ["News 1"])
    assert {path.partition(".")[0] for path in published.written} == {"aged"}


async def test_a_backlog_that_comes_later_stands_in_its_place_in_a_tag_without_a_file(press: Press) -> None:
    await press.tell(*(story(number, "rare") for number in range(50, 150)))
    await press.tell(*(story(number, "rare") for number in range(50)))
    await press.refresh()

    rendered = press.publisher.tag_output("rare", "json")

    items = json.loads(rendered.body)["items"] if rendered else []
    assert [item["title"] for item in items] == [f"News {number}" for number in range(149, 49, -1)]


async def test_a_search_stands_in_the_order_of_news(press: Press) -> None:
    await press.tell(story(2), story(3))
    await press.tell(story(1))
    ids = ("s1", "s2", "s3")

    rendered = search_output(parse_filter("news"), press.reader.by_ids(ids), "json", "http://x.org/", NOON)

    assert [item["title"] for item in json.loads(rendered.body)["items"]] == ["News 3", "News 2", "News 1"]


async def test_with_group_none_the_limit_counts_items(press: Press) -> None:
    await press.tell(story(1), story(2), story(3))

    await press.refresh(output(group=Group.NONE, limit=2))

    assert press.titles() == ["News 3", "News 2"]


async def test_with_group_none_an_old_story_that_another_feed_tells_is_news(press: Press) -> None:
    old, *others = (story(number) for number in range(5))
    entry = old.entries[0]
    copy = replace(entry, uid="copy", guid="copy", title="Told anew", first_seen_at=NOON + DAY)
    await press.tell(replace(old, entries=(entry, copy)), *others)

    await press.refresh(output(group=Group.NONE, limit=2))

    assert press.titles() == ["Told anew", "News 4"]


async def test_with_group_none_every_entry_is_in_the_archive_once(press: Press) -> None:
    await press.tell(*(story(number) for number in range(5)))
    await press.refresh(output(group=Group.NONE, limit=2))
    lead = re.search(rb'"next_url": ".*/all.archive-(.*).json"', press.publisher.snapshot["all.json"].body)

    page = press.publisher.archive("all", lead[1].decode(), "json") if lead else None

    assert page
    assert [item["title"] for item in json.loads(page.body)["items"]] == ["News 2", "News 1", "News 0"]


async def test_every_tag_that_the_config_names_is_an_output(press: Press) -> None:
    await press.tell(story(1, "europe/elections"), story(2, "sport"))
    rules = (TagRule(name="europe", rule=parse_filter("europe")),)

    await press.refresh(tags=rules, feeds=(FeedSettings(url=FEED, tags=("sport",)),))

    assert press.titles("tag/europe") == ["News 1"]
    assert press.titles("tag/sport") == ["News 2"]
    assert press.file("tag/europe.atom").exists()


class TestTagOutputs:
    async def test_any_other_tag_is_made_from_the_store(self, press: Press) -> None:
        await press.tell(story(1, "rare"))
        await press.refresh()

        rendered = press.publisher.tag_output("rare", "json")

        assert rendered is not None
        assert b"News 1" in rendered.body
        assert not press.file("tag").exists()

    async def test_a_tag_that_nobody_has_or_an_unknown_format_is_none(self, press: Press) -> None:
        await press.tell(story(1, "rare"))
        await press.refresh()

        assert press.publisher.tag_output("nobody", "json") is None
        assert press.publisher.tag_output("rare", "pdf") is None

    async def test_before_the_first_round_there_is_none(self, press: Press) -> None:
        await press.tell(story(1, "rare"))

        assert press.publisher.tag_output("rare", "json") is None


class TestConfigChanges:
    async def test_an_output_that_left_the_config_is_taken_away(self, press: Press) -> None:
        await press.refresh(output("one"), output("two"))

        await press.refresh(output("two"))

        assert not press.file("one.atom").exists()
        assert "one.atom" not in press.publisher.snapshot
        assert press.file("two.atom").exists()

    async def test_another_filter_takes_effect(self, press: Press) -> None:
        await press.tell(story(1), story(2))
        await press.refresh(output(include='"news 1"'))

        await press.refresh(output(include='"news 2"'))

        assert press.titles() == ["News 2"]

    async def test_an_unchanged_output_is_not_rendered_again(self, press: Press) -> None:
        await press.tell(story(1))
        await press.refresh(output("one"))

        published = await press.refresh(output("one"), output("two"))

        assert {path.partition(".")[0] for path in published.written} == {"two"}

    async def test_another_public_address_is_in_every_output(self, press: Press) -> None:
        await press.refresh()

        await press.refresh(server=ServerSettings(public_url="https://news.example.org/"))

        assert b"https://news.example.org/all.atom" in press.file("all.atom").read_bytes()


async def test_versions_of_one_second_have_dates_of_their_own(press: Press) -> None:
    dates, second = [], timedelta(seconds=1)
    for number in range(3):
        await press.tell(story(number))
        await press.refresh()
        dates.append(press.publisher.snapshot["all.atom"].last_modified)

    assert dates == [NOON, NOON + second, NOON + 2 * second]


class TestRenaming:
    async def test_keeps_the_ids_of_the_feed_and_of_its_items(self, press: Press) -> None:
        await press.tell(story(1))
        await press.refresh(output("old"))
        before = ids(press, "old")

        await press.refresh(output("new", was=("old",)))
        renamed = ids(press, "new")
        await press.refresh(output("newest", was=("old", "new")))

        assert before == renamed == ids(press, "newest")

    async def test_takes_the_old_files_away(self, press: Press) -> None:
        await press.refresh(output("old"))

        await press.refresh(output("new", was=("old",)))

        assert not press.file("old.atom").exists()
        assert press.file("new.atom").exists()


class TestPrivate:
    SECRET = output("mine", token="0123456789-abcdef", was=("old",))

    async def test_no_private_file_lies_where_any_web_server_may_serve_it(self, press: Press) -> None:
        published = await press.refresh(output("all"), self.SECRET)

        public = {path.name for path in press.file("").rglob("*")}
        assert "private/mine.atom" in published.written
        assert not {name for name in public if "mine" in name}
        assert "mine.atom" not in press.publisher.snapshot
        assert b"mine" not in b"".join(said.body for said in press.publisher.snapshot.values())

    async def test_only_the_programs_own_user_may_read_its_files(self, press: Press) -> None:
        await press.refresh(self.SECRET)

        folder = press.folder / "private"
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (folder / "mine.atom").stat().st_mode & 0o777 == 0o600
        assert not [path for path in folder.rglob("*") if self.SECRET.token in path.name]

    async def test_links_to_itself_hold_the_token_and_its_page_leads_home(self, press: Press) -> None:
        await press.refresh(self.SECRET)

        held = press.publisher.private
        assert (
            f"http://127.0.0.1:8080/private/{self.SECRET.token}/mine.atom".encode() in held["mine.atom"].body
        )
        assert b'class="brand" href="../../"' in held["mine.html"].body

    async def test_what_becomes_private_leaves_the_public_folder_and_keeps_its_ids(
        self, press: Press
    ) -> None:
        await press.tell(story(1))
        await press.refresh(replace(self.SECRET, token=""))
        before = re.findall(b"<id>(.*?)</id>", press.publisher.snapshot["mine.atom"].body)

        await press.refresh(self.SECRET)

        assert re.findall(b"<id>(.*?)</id>", press.publisher.private["mine.atom"].body) == before
        assert not press.file("mine.atom").exists()

    async def test_what_becomes_public_leaves_the_private_folder(self, press: Press) -> None:
        await press.refresh(self.SECRET)

        await press.refresh(replace(self.SECRET, token=""))

        assert not (press.folder / "private" / "mine.atom").exists()
        assert press.file("mine.atom").exists()
        assert press.publisher.private == {}

    async def test_a_restart_changes_no_byte_and_no_date(self, press: Press) -> None:
        await press.tell(story(1))
        await press.refresh(self.SECRET)
        before = press.publisher.private

        press.now = NOON + DAY
        press.publisher = press.another()

        assert (await press.refresh(self.SECRET)).written == ()
        assert press.publisher.private == before

    async def test_commands_at_the_owners_terminal_know_it(self, press: Press) -> None:
        await press.tell(story(1))
        await press.refresh(output("all"), self.SECRET)

        assert {name: len(shown) for name, shown in published(press.file("")).items()} == {
            "all": 1,
            "mine": 1,
        }


def ids(press: Press, name: str) -> list[bytes]:
    """The id of the Atom feed, and those of its entries."""
    return re.findall(b"<id>(.*?)</id>", press.publisher.snapshot[f"{name}.atom"].body)
