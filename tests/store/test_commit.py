"""A document goes in whole, with its validators, or not at all."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.errors import UnknownIdError
from aggregator.model import (
    Changes,
    Enclosure,
    Feed,
    Fingerprint,
    Hints,
    Known,
    MatchedBy,
    Origin,
    Outcome,
    Poll,
    Sighting,
    Tag,
    Tombstone,
    Validators,
)
from aggregator.store import Reader, Store
from tests.builders import NOON
from tests.store.scenes import (
    ONE,
    TWO,
    a_new_entry,
    a_new_story,
    a_poll,
    a_probe,
    hand_in,
    identity,
    look_up,
    needed,
    rows_of,
    subscribed,
)

DAM = Fingerprint(MatchedBy.URL, -(2**63))
RAIN = Fingerprint(MatchedBy.TITLE, 2**63 - 1)


async def test_a_story_comes_back_as_it_was_stored(store: Store, reader: Reader) -> None:
    (feed,) = await subscribed(store)
    entry = a_new_entry(
        feed,
        "dam",
        content="<p>All of it</p>",
        author="A. Writer",
        lang="en",
        categories=("Floods", "Überflutung"),
        enclosures=(Enclosure("https://example.org/a.mp3", "audio/mpeg", 5), Enclosure("https://e.org/b")),
        image="https://example.org/dam.jpg",
        published_at=None,
        match_score=0.5,
    )
    tags = (Tag("floods", Origin.RULE, "flood*"), Tag("world", Origin.FEED, "One"))
    story = a_new_story(feed, "dam", entries=(entry,), tags=tags, event_id="event", lead_settled=True)

    stored = await hand_in(store, feed, story)

    assert reader.by_ids([story.id]) == stored.stories
    assert replace(stored.stories[0], seq=0, entries=(entry,)) == story


async def test_stored_entries_and_stories_get_numbers_that_rise_with_news_time(store: Store) -> None:
    (feed,) = await subscribed(store)
    newest = a_new_story(feed, "newest", news_at=NOON)
    oldest = a_new_story(feed, "oldest", news_at=NOON - timedelta(days=1))
    also_new = a_new_story(feed, "also new", news_at=NOON)

    stored = await hand_in(store, feed, newest, oldest, also_new)

    assert [story.id for story in stored.stories] == [newest.id, oldest.id, also_new.id]
    assert [story.seq for story in stored.stories] == [3, 1, 2]
    assert [story.entries[0].id for story in stored.stories] == [3, 1, 2]


async def test_numbers_are_never_given_twice(store: Store) -> None:
    (feed,) = await subscribed(store)
    await hand_in(store, feed, a_new_story(feed, "a"), a_new_story(feed, "b"))
    later = NOON + timedelta(days=2)
    await store.sweep(held_before=later, forget_before=NOON)

    stored = await hand_in(store, feed, a_new_story(feed, "c"), at=later)

    assert stored.stories[0].seq == 3
    assert stored.stories[0].entries[0].id == 3


async def test_the_feed_is_stored_with_its_validators_and_the_poll(store: Store, reader: Reader) -> None:
    (feed,) = await subscribed(store)
    changes: dict[str, Any] = {
        "url": "https://one.example.org/moved",
        "title": "One",
        "site_url": "https://one.example.org/",
        "validators": Validators('"e"', "Tue, 24 Nov 2026 12:00:00 GMT"),
        "validators_url": "https://one.example.org/final",
        "last_polled_at": NOON,
        "last_ok_at": NOON,
        "next_poll_at": NOON + timedelta(minutes=30),
        "next_poll_rule": "every 30m",
        "body_hash": "abc",
        "hints": Hints(
            ttl=timedelta(minutes=15),
            update_period=timedelta(hours=1),
            skip_hours=frozenset({1, 2}),
            skip_days=frozenset({6}),
        ),
        "moved_to": "https://one.example.org/there",
        "moved_since": NOON,
        "moved_seen": 2,
        "failures": 1,
        "last_error": "HTTP 500",
    }

    await hand_in(store, feed, a_new_story(feed, "dam"), **changes)

    assert reader.feeds() == (replace(feed, **changes),)
    assert reader.polls(feed.id, limit=5) == (a_poll(feed, outcome=Outcome.NEW),)


async def test_a_decision_that_fails_changes_nothing(store: Store, reader: Reader) -> None:
    (feed,) = await subscribed(store)

    def decide(_: Known) -> tuple[Changes, Feed, Poll]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await store.commit(feed.id, a_probe(), decide)

    assert reader.polls(feed.id, limit=1) == ()
    assert (await hand_in(store, feed, a_new_story(feed, "dam"))).stories[0].seq == 1


async def test_a_write_that_breaks_half_way_changes_nothing(store: Store, reader: Reader) -> None:
    (feed,) = await subscribed(store)
    one = a_new_story(feed, "one")
    same_uid = a_new_story(feed, "two", entries=(replace(one.lead, story_id="story-1-two"),))

    with pytest.raises(Exception, match=r"UNIQUE constraint failed: entries\.uid"):
        await hand_in(store, feed, one, same_uid, validators=Validators('"new"'))

    assert reader.stories(limit=5) == ()
    assert reader.revision() == 0
    assert reader.feeds() == (feed,)


async def test_a_feed_that_is_not_there_is_named(store: Store) -> None:
    with pytest.raises(UnknownIdError, match="no feed '7'; `aggregator feeds` lists them"):
        await store.commit(7, a_probe(), lambda known: (Changes(), known.feed, a_poll(known.feed)))


async def test_two_documents_at_once_see_one_another(store: Store) -> None:
    one, two = await subscribed(store, ONE, TWO)
    seen: list[int] = []

    async def tell(feed: Feed) -> None:
        story = a_new_story(feed, "dam")

        def decide(known: Known) -> tuple[Changes, Feed, Poll]:
            seen.append(len(known.sightings))
            changes = Changes(
                stories=(story,),
                fingerprints={story.lead_uid: (DAM,)},
                identities={identity(story.lead): story.lead_uid},
            )
            return changes, known.feed, a_poll(feed, outcome=Outcome.NEW)

        await store.commit(feed.id, a_probe(story.lead, fingerprints=frozenset({DAM})), decide)

    await asyncio.gather(tell(one), tell(two))

    assert seen == [0, 1]


# -- changing what is stored ------------------------------------------------------------------------------


async def test_a_document_that_changes_nothing_moves_no_revision(store: Store, reader: Reader) -> None:
    (feed,) = await subscribed(store)
    tags = (Tag("b", Origin.RULE), Tag("a", Origin.RULE))
    (story,) = (await hand_in(store, feed, a_new_story(feed, "dam", tags=tags))).stories
    before = reader.revision()

    await hand_in(store, feed, replace(story, tags=tags))

    assert reader.revision() == before


@pytest.mark.parametrize("change", [{"title": "New name"}, {"site_url": "https://new.example.org/"}])
async def test_a_feed_that_calls_itself_otherwise_changes_its_stories(
    store: Store, reader: Reader, change: dict[str, Any]
) -> None:
    (feed,) = await subscribed(store)
    await hand_in(store, feed, a_new_story(feed, "dam"))
    before = reader.revision()

    await hand_in(store, feed, **change)

    assert [story.id for story in reader.changed_since(before, limit=5)[1]] == ["story-1-dam"]


async def test_an_edit_updates_the_entry_and_its_story_in_place(store: Store, reader: Reader) -> None:
    (feed,) = await subscribed(store)
    (story,) = (await hand_in(store, feed, a_new_story(feed, "dam"))).stories
    entry = replace(story.lead, title="Dam holds", updated_at=NOON + timedelta(hours=1))
    edited = replace(story, title=entry.title, updated_at=entry.updated_at, entries=(entry,))

    await hand_in(store, feed, edited)

    assert reader.stories(limit=5) == (edited,)
    assert reader.search(needed("holds"), limit=5) == (edited,)
    assert reader.search(needed("bursts"), limit=5) == ()


async def test_another_feeds_entry_joins_a_story(store: Store, reader: Reader) -> None:
    one, two = await subscribed(store, ONE, TWO)
    (story,) = (await hand_in(store, one, a_new_story(one, "dam"))).stories
    joining = a_new_entry(two, "dam", story_id=story.id, matched_by=MatchedBy.URL)

    stored = await hand_in(store, two, replace(story, entries=(*story.entries, joining)))

    assert [entry.feed_url for entry in reader.by_ids([story.id])[0].entries] == [ONE, TWO]
    assert stored.stories[0].entries[1].id == 2


async def test_an_entry_that_changes_its_story_takes_its_ids_along(store: Store, folder: Path) -> None:
    (feed,) = await subscribed(store)
    prints = {"uid-1-a": (DAM,)}
    a, b = (
        await hand_in(store, feed, a_new_story(feed, "a"), a_new_story(feed, "b"), fingerprints=prints)
    ).stories
    moved = replace(a.lead, story_id=b.id)

    def decide(known: Known) -> tuple[Changes, Feed, Poll]:
        changes = Changes(stories=(replace(b, entries=(*b.entries, moved)),))
        return changes, known.feed, a_poll(feed)

    await store.commit(feed.id, a_probe(a.lead, b.lead), decide)

    assert rows_of(folder, "SELECT story_id FROM entries WHERE uid = 'uid-1-a'") == [(b.id,)]
    assert rows_of(folder, "SELECT story_id FROM identities WHERE uid = 'uid-1-a'") == [(b.id,)]
    assert rows_of(folder, "SELECT story_id FROM fingerprints WHERE uid = 'uid-1-a'") == [(b.id,)]


async def test_tags_that_went_are_gone(store: Store, reader: Reader) -> None:
    (feed,) = await subscribed(store)
    tags = (Tag("floods", Origin.RULE), Tag("world", Origin.FEED))
    (story,) = (await hand_in(store, feed, a_new_story(feed, "dam", tags=tags))).stories

    await hand_in(store, feed, replace(story, tags=tags[:1]))

    assert reader.tagged("world", limit=5) == ()
    assert reader.by_ids([story.id])[0].tags == tags[:1]


# -- what a decision is told ------------------------------------------------------------------------------


async def test_known_holds_this_feeds_entries_by_guid_link_and_identity(store: Store) -> None:
    one, two = await subscribed(store, ONE, TWO)
    nameless = a_new_entry(one, "c", guid=None, url=None)
    stories = [a_new_story(one, name) for name in "abd"] + [a_new_story(one, "c", entries=(nameless,))]
    await hand_in(store, one, *stories)
    await hand_in(store, two, a_new_story(two, "a"))
    probe = replace(
        a_probe(),
        guids=frozenset({"guid-a"}),
        urls=frozenset({"https://example.org/b"}),
        identities=frozenset({identity(nameless)}),
    )

    known = await look_up(store, one, probe)

    assert {entry.uid for entry in known.mine} == {"uid-1-a", "uid-1-b", "uid-1-c"}
    assert known.uids == {identity(nameless): "uid-1-c"}
    assert known.stories.keys() == {"story-1-a", "story-1-b", "story-1-c"}
    assert all(story.entries for story in known.stories.values())
    assert known.tombstones == ()


async def test_known_holds_sightings_of_every_feed_and_their_stories(store: Store) -> None:
    one, two = await subscribed(store, ONE, TWO)
    await hand_in(store, one, a_new_story(one, "dam"), fingerprints={"uid-1-dam": (DAM, RAIN)})

    known = await look_up(store, two, a_probe(fingerprints=frozenset({DAM})))

    assert known.sightings == (
        Sighting(
            fingerprint=DAM, uid="uid-1-dam", story_id="story-1-dam", feed_id=one.id, first_seen_at=NOON
        ),
    )
    assert known.stories.keys() == {"story-1-dam"}
    assert known.mine == ()


async def test_of_a_key_that_is_seen_every_day_the_newest_sightings_are_told(store: Store) -> None:
    (feed,) = await subscribed(store)
    days = [NOON + timedelta(days=day) for day in range(60)]
    stories = [
        a_new_story(feed, f"{day:%j}", entries=(a_new_entry(feed, f"{day:%j}", first_seen_at=day),))
        for day in days
    ]
    await hand_in(store, feed, *stories, fingerprints={story.lead_uid: (RAIN,) for story in stories})

    known = await look_up(store, feed, a_probe(fingerprints=frozenset({RAIN})))

    assert [sighting.first_seen_at for sighting in known.sightings] == days[:9:-1]


async def test_an_entry_that_retention_took_is_remembered(store: Store) -> None:
    (feed,) = await subscribed(store)
    story = a_new_story(feed, "dam", news_at=NOON - timedelta(hours=3))
    await hand_in(store, feed, story, fingerprints={story.lead_uid: (DAM,)})
    await store.sweep(held_before=NOON + timedelta(days=1), forget_before=NOON)

    known = await look_up(store, feed, a_probe(story.lead, fingerprints=frozenset({DAM})))

    assert known.tombstones == (
        Tombstone(
            identity=identity(story.lead),
            uid=story.lead_uid,
            story_id=story.id,
            first_seen_at=NOON,
            news_at=NOON - timedelta(hours=3),
        ),
    )
    assert [sighting.story_id for sighting in known.sightings] == [story.id]
    assert known.mine == ()
    assert known.stories == {}


async def test_a_document_may_still_hold_an_entry_that_retention_took(store: Store, folder: Path) -> None:
    one, _ = await subscribed(store, ONE, TWO)
    story = a_new_story(one, "dam")
    await hand_in(store, one, story)
    await store.sweep(held_before=NOON + timedelta(days=1), forget_before=NOON)
    await hand_in(store, one, at=NOON + timedelta(days=1))
    later = NOON + timedelta(days=2)

    def decide(known: Known) -> tuple[Changes, Feed, Poll]:
        changes = Changes(identities={identity(story.lead): story.lead_uid})
        return changes, known.feed, a_poll(one, at=later, outcome=Outcome.UNCHANGED)

    await store.commit(one.id, a_probe(story.lead), decide)

    assert rows_of(folder, "SELECT uid, story_id, held_at FROM identities") == [
        (story.lead_uid, story.id, None)
    ]
