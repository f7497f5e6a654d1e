"""What people look for is found by words and by any of its names, whatever they type."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.core import dedup
from aggregator.core.filters.needs import Every, Word
from aggregator.errors import StoreError
from aggregator.model import MatchedBy, ParsedEntry
from aggregator.store import Reader, Store, index
from tests.store.scenes import ONE, TWO, a_new_entry, a_new_story, hand_in, names, needed, subscribed

# -- search -----------------------------------------------------------------------------------------------


async def searchable(store: Store) -> None:
    """Three stories with words of their own in title, summary and content."""
    (feed,) = await subscribed(store)
    await hand_in(
        store,
        feed,
        a_new_story(feed, "third", title="Rain", summary="", content="<p>E-mail from <b>Zürich</b></p>"),
        a_new_story(feed, "second", title="Rain near the dam", summary="<p class='secret'>Not a mail</p>"),
        a_new_story(feed, "first", title="NEAR and OR", summary="Dam"),
    )


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("rain", ["third", "second"]),
        ("rain dam", ["second"]),
        ("RAIN", ["third", "second"]),
        ("zurich", ["third"]),
        ("zuerich", ["third"]),
        ("e-mail", ["third"]),
        ("email", ["third"]),
        ("mail", ["third", "second"]),
        ("mai*", ["third", "second"]),
        ("rain sun", []),
        ("secret", []),
        ("rain OR dam", ["third", "second", "first"]),
        ("rain -dam", ["third"]),
        ("rain -(dam sun)", ["third", "second"]),
        ("title:dam", ["second"]),
        ("text:dam", ["first"]),
        ("title:rai*", ["third", "second"]),
        ('"near"', ["second", "first"]),
        ('"or"', ["first"]),
    ],
)
async def test_the_index_finds_what_has_the_words(
    store: Store, reader: Reader, source: str, found: list[str]
) -> None:
    await searchable(store)

    assert names(reader.search(needed(source), limit=5)) == found


@pytest.mark.parametrize(
    "form", ['"', "*", "(((", "' ; --", '"rain', "-", "^near", "NEAR(", "title:rain", 'a"b']
)
async def test_the_indexs_query_language_has_no_say(store: Store, reader: Reader, form: str) -> None:
    await searchable(store)

    assert names(reader.search(Every((Word(form), Word("sun"))), limit=5)) == []


async def test_a_need_of_a_whole_book_is_answered(store: Store, reader: Reader) -> None:
    await searchable(store)
    book = " OR ".join(["rain", *(f"word{number}" for number in range(5_000))])

    assert names(reader.search(needed(book), limit=5)) == ["third", "second"]


async def test_a_need_as_deep_as_a_filter_can_be_is_answered(store: Store, reader: Reader) -> None:
    await searchable(store)
    deep = "rain"
    for number in range(49):
        deep = f"(rain (dam{number} OR {deep}))"

    assert names(reader.search(needed(deep), limit=5)) == ["third", "second"]


async def test_search_keeps_to_the_newest(store: Store, reader: Reader) -> None:
    await searchable(store)

    (newest,) = reader.search(needed("rain"), limit=1)

    assert names((newest,)) == ["third"]
    assert names(reader.search(needed("rain"), limit=1, before_seq=newest.seq)) == ["second"]


# -- an index that another version filled -----------------------------------------------------------------


def as_by_another_version(store: Store) -> None:
    """Its words are none that this version would look for."""
    store._conn.execute("UPDATE counters SET value = 0 WHERE name = 'words'")
    store._conn.execute("UPDATE stories_fts SET title = 'hail', summary = '', content = ''")


@asynccontextmanager
async def updated(store: Store, folder: Path) -> AsyncIterator[tuple[Store, Reader]]:
    """The store as this version opens it after another one, with three stories, and who reads it."""
    await searchable(store)
    as_by_another_version(store)
    store.close()
    with closing(Store.open(folder)) as opened, closing(Reader(folder)) as reader:
        yield opened, reader


async def test_a_store_that_another_version_indexed_is_not_searched(store: Store, reader: Reader) -> None:
    await searchable(store)
    as_by_another_version(store)

    with pytest.raises(StoreError, match="indexes it anew"):
        reader.search(needed("rain"), limit=5)


async def test_a_store_that_another_version_indexed_is_indexed_anew(store: Store, folder: Path) -> None:
    async with updated(store, folder) as (opened, reader):
        done = [await opened.index_more(), await opened.index_more()]

        assert done == [3, 0]
        assert names(reader.search(needed("zuerich"), limit=5)) == ["third"]
        assert reader.search(needed("hail"), limit=5) == ()


async def test_until_then_what_is_indexed_is_found_and_the_rest_told(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "PORTION", 1)
    async with updated(store, folder) as (opened, reader):
        await opened.index_more()

        (found,) = reader.search(needed("rain"), limit=5)
        with pytest.raises(StoreError, match="2 older stories are still being indexed"):
            reader.search(needed("rain"), limit=5, before_seq=found.seq)
        assert names((found,)) == ["third"]
        assert reader.search(needed("hail"), limit=5, from_seq=found.seq) == ()


async def test_what_comes_meanwhile_is_found_at_once(store: Store, folder: Path) -> None:
    async with updated(store, folder) as (opened, reader):
        (one,) = await subscribed(opened, ONE)
        await hand_in(opened, one, a_new_story(one, "snow", title="Snow in Oslo"))

        assert names(reader.search(needed("oslo"), limit=5)) == ["snow"]


async def test_a_kill_in_the_middle_costs_one_portion(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "PORTION", 1)
    async with updated(store, folder) as (opened, _):
        await opened.index_more()
    with closing(Store.open(folder)) as opened, closing(Reader(folder)) as reader:
        done = [await opened.index_more() for _ in range(3)]

        assert done == [1, 1, 0]
        assert names(reader.search(needed("rain"), limit=5)) == ["third", "second"]


async def test_an_empty_store_has_nothing_to_be_indexed(store: Store, reader: Reader) -> None:
    assert await store.index_more() == 0
    assert reader.search(needed("rain"), limit=5) == ()


# -- entries by any name ----------------------------------------------------------------------------------


async def findable(store: Store) -> None:
    """A story that two feeds tell, and another one."""
    one, two = await subscribed(store, ONE, TWO)
    url = "https://news.example.org/2026/dam"
    prints = {"uid-1-dam": dedup.fingerprints(ParsedEntry(url=url))}
    dam = a_new_story(one, "dam", entries=(a_new_entry(one, "dam", url=url),))
    (story,) = (await hand_in(store, one, dam, fingerprints=prints)).stories
    joining = a_new_entry(two, "dam", story_id=story.id, guid="urn:uuid:77", matched_by=MatchedBy.URL)
    await hand_in(store, two, replace(story, entries=(*story.entries, joining)))
    await hand_in(store, one, a_new_story(one, "rain"))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("uid-1-dam", ["uid-1-dam"]),
        ("urn:uuid:uid-2-dam", ["uid-2-dam"]),
        ("  uid-1-rain\n", ["uid-1-rain"]),
        ("story-1-dam", ["uid-1-dam", "uid-2-dam"]),
        ("urn:uuid:story-1-dam", ["uid-1-dam", "uid-2-dam"]),
        ("3", ["uid-1-rain"]),
        ("guid-dam", ["uid-1-dam"]),
        ("urn:uuid:77", ["uid-2-dam"]),
        ("https://example.org/rain", ["uid-1-rain"]),
        ("https://news.example.org/2026/dam", ["uid-1-dam"]),
        ("http://www.news.example.org/2026/dam/?utm_source=x#top", ["uid-1-dam"]),
    ],
)
async def test_an_entry_is_found_by_all_its_names(
    store: Store, reader: Reader, wanted: str, found: list[str]
) -> None:
    await findable(store)

    assert [entry.uid for entry in reader.find_entries(wanted)] == found


@pytest.mark.parametrize(
    "wanted",
    ["", "urn:uuid:", "0", "-1", "²", "9" * 18, "9" * 19, "9" * 400, "%", "'", "\0", "http://[", "\udcff"],
)
async def test_a_name_that_is_none_finds_nothing(store: Store, reader: Reader, wanted: str) -> None:
    await findable(store)

    assert reader.find_entries(wanted) == ()
