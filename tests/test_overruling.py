"""A person says that two stories are one, and what else the word changes: for ever, on a real store."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.curate import in_words
from aggregator.errors import UnknownIdError
from aggregator.model import MatchedBy, Overrule
from tests.builders import NOON
from tests.stand import FORGET, TEXT, TITLE, Stand, a_story_of_three, empty, telling, two_stories
from tests.store.scenes import needed, rows_of

DAY = timedelta(days=1)


@pytest.fixture
async def stand(tmp_path: Path) -> AsyncIterator[Stand]:
    """A stand where three feeds tell one story."""
    async with a_story_of_three(tmp_path) as opened:
        yield opened


class TestMerge:
    async def test_the_older_story_is_told_by_the_entries_of_both(self, stand: Stand) -> None:
        dam, flood = await two_stories(stand)
        await stand.store.settle_leads([dam, flood])

        done = await stand.merge(flood, dam)

        (story,) = stand.stories()
        assert done == Overrule("merge", flood, dam, flood, stand.now)
        assert (story.id, story.title) == (dam, "Feed 1 on the dam")
        assert [one.matched_by for one in story.entries if "flood" in one.title] == [MatchedBy.MANUAL] * 2

    async def test_the_younger_ones_address_leads_to_the_older(self, stand: Stand) -> None:
        dam, flood = await two_stories(stand)
        await stand.merge(dam, flood)

        assert stand.reader.moved(flood) == dam
        assert stand.reader.moved(dam) is None
        assert stand.reader.moved("\ud800") is None

    async def test_the_younger_one_is_told_as_gone(self, stand: Stand) -> None:
        dam, flood = await two_stories(stand)
        before = stand.reader.revision()
        await stand.merge(dam, flood)

        _, changed, removed = stand.reader.changed_since(before, limit=9)

        assert [story.id for story in changed] == [dam]
        assert removed == (flood,)
        assert stand.reader.search(needed("flood"), limit=9) == ()

    async def test_polling_again_leaves_them_merged_and_others_join(self, stand: Stand) -> None:
        dam, flood = await two_stories(stand)
        await stand.merge(dam, flood)

        await stand.hear(2, telling(2), telling(2, "flood", title="Edited"))
        await stand.hear(4, telling(4, "flood"))

        assert stand.tellers() == {dam: {1, 2, 3, 4}}

    async def test_what_retention_took_comes_back_to_the_kept_one(self, stand: Stand) -> None:
        dam, flood = await two_stories(stand)
        await stand.merge(dam, flood)
        await empty(stand)

        await stand.hear(2, telling(2, "flood"))

        assert stand.tellers() == {dam: {2}}
        assert stand.entry(2, "flood").matched_by is MatchedBy.MANUAL

    async def test_an_entry_that_was_gone_before_the_merge_comes_back_to_the_kept_one(
        self, stand: Stand
    ) -> None:
        dam, flood = await two_stories(stand)
        await empty(stand)
        await stand.hear(1, telling(1), telling(1, "flood"))
        await stand.merge(dam, flood)

        await stand.hear(2, telling(2, "flood"))

        assert stand.tellers() == {dam: {1, 2}}

    async def test_it_holds_even_after_its_ids_were_forgotten(self, stand: Stand) -> None:
        dam, flood = await two_stories(stand)
        await stand.merge(dam, flood)
        await empty(stand)
        await stand.sweep(FORGET)

        await stand.hear(1, telling(1, "flood"))

        assert stand.tellers() == {dam: {1}}

    async def test_a_chain_of_merges_is_followed(self, stand: Stand) -> None:
        dam, flood = await two_stories(stand)
        await stand.hear(3, telling(3), telling(3, "rain"))
        rain = stand.entry(3, "rain").story_id
        await stand.merge(flood, rain)

        await stand.merge(rain, dam)

        assert stand.tellers() == {dam: {1, 2, 3}}
        assert [stand.reader.moved(one) for one in (flood, rain)] == [dam, dam]

    async def test_stories_that_are_one_already_stay_as_they_are(self, stand: Stand) -> None:
        dam, flood = await two_stories(stand)
        await stand.merge(dam, flood)
        revision = stand.reader.revision()

        done = await stand.merge(f"urn:uuid:{flood}", dam)

        assert not done.changed
        assert stand.reader.revision() == revision

    async def test_the_last_word_counts(self, stand: Stand) -> None:
        (story,) = stand.stories()
        await stand.split(stand.entry(2))
        await stand.merge(story.id, stand.entry(2).story_id)
        assert len(stand.stories()) == 1

        await stand.split(stand.entry(2))
        await stand.hear(2, telling(2))

        assert stand.tellers() == {story.id: {1, 3}, stand.entry(2).uid: {2}}
        assert stand.reader.moved(stand.entry(2).uid) is None

    async def test_an_unknown_story_is_told_and_nothing_is_changed(self, stand: Stand) -> None:
        (story,) = stand.stories()

        with pytest.raises(UnknownIdError, match="no story 'nobody'"):
            await stand.merge(story.id, "nobody")

        assert stand.stories() == (story,)


class TestTheIndex:
    async def test_it_counts_by_the_stories_of_now(self, stand: Stand) -> None:
        dam, flood = await two_stories(stand)
        await stand.merge(dam, flood)
        await stand.split(stand.entry(3))

        assert firsts(stand) == {1: 1, 2: 1, 3: 3, 4: 1, 5: 1}

    async def test_words_lead_to_the_story_that_a_person_said(self, stand: Stand) -> None:
        await stand.hear(1, telling(1, "word", title=TITLE, summary=TEXT))
        await stand.hear(2, telling(2), telling(2, "flood"))
        dam = stand.entry(2).story_id
        await stand.merge(stand.entry(1, "word").story_id, dam)

        await stand.hear(4, telling(4, "copy", title=f"UPDATE: {TITLE}", summary=TEXT))

        assert (stand.entry(4, "copy").story_id, stand.entry(4, "copy").matched_by) == (dam, MatchedBy.TEXT)


class TestEvents:
    async def test_an_entry_that_is_split_off_leaves_the_event(self, stand: Stand) -> None:
        await stand.store.rewrite(99, 9, lambda story: replace(story, event_id="flood"))

        await stand.split(stand.entry(1))

        assert [story.event_id for story in stand.stories()] == ["flood", None]
        assert firsts(stand) == {1: 1, 2: 2, 3: 2}

    async def test_a_story_that_is_merged_leaves_its_event_to_the_others(self, stand: Stand) -> None:
        dam, flood = await two_stories(stand)
        await stand.hear(3, telling(3), telling(3, "rain"))
        await stand.store.rewrite(99, 9, lambda story: replace(story, event_id=EVENTS.get(story.id == dam)))
        event = stand.reader.event("weather")
        assert event is not None
        assert event.feeds == 3

        await stand.merge(dam, flood)

        after = stand.reader.event("weather")
        assert after is not None
        assert [story.title for story in after.stories] == ["Feed 3 on the rain"]
        assert stand.stories()[0].event_id == "breach"
        assert firsts(stand) == {1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 6}


EVENTS = {True: "breach", False: "weather"}


def firsts(stand: Stand) -> dict[int, int]:
    """By entry, the first entry of its event, as the index counts."""
    return dict(rows_of(stand.folder, "SELECT entry_id, event_id FROM gists"))


@pytest.mark.parametrize(
    ("done", "said"),
    [
        (Overrule("split", "e", "own", "left", NOON), "entry e tells story own of its own; it told left"),
        (Overrule("split", "e", "own", "own", NOON), "entry e tells story own alone already"),
        (Overrule("merge", "gone", "kept", "gone", NOON), "story gone is part of story kept now"),
        (Overrule("merge", "kept", "kept", "kept", NOON), "both are story kept already"),
    ],
)
def test_what_was_done_is_said_in_a_line(done: Overrule, said: str) -> None:
    assert in_words(done) == said
