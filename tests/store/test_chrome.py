"""What a feed's page chrome is learned from: its last entries beside the document, and what was known."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from aggregator.core.text import key64
from aggregator.model import ChromeBlock, ChromeMemory, Feed, Story
from aggregator.store import Reader, Store
from aggregator.store.chrome import RECENT
from tests.builders import NOON
from tests.store.scenes import ONE, TWO, a_new_entry, a_new_story, hand_in, needed, subscribed

TAGLINE = ChromeBlock(key=-7, text="All of the news", seen=3, last_seen_at=NOON)


def stories(feed: Feed, *names: str, **changes: object) -> list[Story]:
    return [a_new_story(feed, name, entries=(a_new_entry(feed, name, **changes),)) for name in names]


async def memory(
    store: Store, feed: Feed, guids: Iterable[str] = (), urls: Iterable[str] = ()
) -> ChromeMemory:
    return await store.chrome_memory(feed.id, set(guids), set(urls))


def guids(found: ChromeMemory) -> list[str | None]:
    return [entry.guid for entry in found.recent]


async def test_a_feed_that_is_new_remembers_nothing(store: Store) -> None:
    (feed,) = await subscribed(store)

    assert await memory(store, feed) == ChromeMemory()


async def test_the_feeds_last_entries_beside_the_document_are_remembered(store: Store) -> None:
    one, two = await subscribed(store, ONE, TWO)
    await hand_in(store, one, *stories(one, *map(str, range(RECENT + 5))))
    await hand_in(store, two, *stories(two, "other"))

    found = await memory(store, one, ["guid-0"], ["https://example.org/1"])

    expected = {f"guid-{number}" for number in range(2, RECENT + 5)}
    assert (len(found.recent), set(guids(found)) - expected) == (RECENT, set())


async def test_an_entry_of_the_document_is_remembered_where_its_text_is_its_pages(store: Store) -> None:
    (feed,) = await subscribed(store)
    await hand_in(store, feed, *stories(feed, "page", "linked", own_text_key=1), *stories(feed, "feed"))

    found = await memory(store, feed, ["guid-page", "guid-feed"], ["https://example.org/linked"])

    assert sorted(map(str, guids(found))) == ["guid-linked", "guid-page"]


async def test_an_entry_without_guid_and_link_is_beside_every_document(store: Store) -> None:
    (feed,) = await subscribed(store)
    await hand_in(store, feed, *stories(feed, "note", guid=None, url=None))

    assert guids(await memory(store, feed, ["guid-x"], ["https://example.org/x"])) == [None]


async def test_what_is_chrome_is_kept_until_other_blocks_are(store: Store) -> None:
    one, two = await subscribed(store, ONE, TWO)
    later = replace(TAGLINE, seen=4, last_seen_at=NOON + timedelta(days=1))
    for feed in (one, two):
        await hand_in(store, feed, chrome=(TAGLINE,))

    await hand_in(store, one, chrome=(later,))
    await hand_in(store, two)
    kept = [(await memory(store, feed)).blocks for feed in (one, two)]
    await hand_in(store, one, chrome=())

    assert kept == [(later,), (TAGLINE,)]
    assert (await memory(store, one)).blocks == ()


async def test_the_index_of_words_leaves_the_chrome_of_the_lead_out(store: Store, reader: Reader) -> None:
    (feed,) = await subscribed(store)
    chrome = (key64("All of politics"),)
    story = a_new_story(feed, "dam", summary="<p>Water came.</p><p>All of politics</p>")
    (first,) = (await hand_in(store, feed, story)).stories
    found_before = reader.search(needed("politics"), limit=9)

    await store.rewrite(99, 9, lambda one: replace(one, entries=(replace(one.lead, chrome=chrome),)))

    assert [one.id for one in found_before] == [first.id]
    assert reader.search(needed("politics"), limit=9) == ()
    assert [one.lead.chrome for one in reader.search(needed("water"), limit=9)] == [chrome]
