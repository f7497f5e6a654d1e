"""A person's word on who tells which story, through the real store: it holds for ever."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.core.filters import parse_filter
from aggregator.core.settings import TagRule
from aggregator.curate import in_words
from aggregator.errors import UnknownIdError
from aggregator.model import MatchedBy, Overrule
from tests.builders import NOON
from tests.stand import FORGET, KEEP, TEXT, TITLE, Stand, a_stand, telling
from tests.store.scenes import needed, rows_of

DAY = timedelta(days=1)


@pytest.fixture
async def stand(tmp_path: Path) -> AsyncIterator[Stand]:
    """A stand where three feeds tell one story."""
    async with a_stand(tmp_path) as opened:
        for number in (1, 2, 3):
            await opened.hear(number, telling(number))
        assert len(opened.stories()) == 1
        yield opened


async def two_stories(stand: Stand) -> tuple[str, str]:
    """The ids of the story of the dam and of a younger one, that feeds 1 and 2 tell."""
    await stand.hear(1, telling(1), telling(1, "flood"))
    await stand.hear(2, telling(2), telling(2, "flood"))
    one, two = stand.stories()
    return one.id, two.id


class TestSplit:
    async def test_the_entry_tells_a_story_under_its_own_uid(self, stand: Stand) -> None:
        entry = stand.entry(2)

        done = await stand.split(entry)

        own = stand.entry(2)
        assert done == Overrule("split", entry.uid, entry.uid, entry.story_id, stand.now)
        assert (own.story_id, own.matched_by, own.match_score) == (entry.uid, MatchedBy.MANUAL, 1.0)
        assert stand.tellers() == {entry.story_id: {1, 3}, entry.uid: {2}}

    async def test_the_story_it_left_keeps_id_number_and_lead(self, stand: Stand) -> None:
        (before,) = stand.stories()
        await stand.store.settle_leads([before.id])

        await stand.split(stand.entry(2))

        rest = stand.stories()[0]
        assert (rest.id, rest.seq, rest.lead_uid, rest.news_at) == (
            before.id,
            before.seq,
            before.lead_uid,
            before.news_at,
        )

    async def test_the_first_entry_leaves_the_id_behind_and_gets_one_that_was_never_used(
        self, stand: Stand
    ) -> None:
        (before,) = stand.stories()
        first = stand.entry(1)
        await stand.store.settle_leads([before.id])

        await stand.split(first)

        rest, own = stand.stories()
        assert rest.id == before.id == first.uid
        assert own.id not in {entry.uid for entry in before.entries}
        assert (own.title, rest.title, rest.lead_settled) == (first.title, "Feed 2 on the dam", True)

    async def test_a_lead_that_is_split_off_makes_way_for_the_weightiest_of_the_rest(
        self, stand: Stand
    ) -> None:
        await stand.store.settle_leads([stand.stories()[0].id])
        feeds = {**stand.plan.feeds, 3: replace(stand.plan.feeds[3], priority=5)}
        stand.plan = replace(stand.plan, feeds=feeds)

        await stand.split(stand.entry(1))

        assert stand.stories()[0].title == "Feed 3 on the dam"

    @pytest.mark.parametrize("number", [1, 2])
    async def test_polling_again_an_edit_and_another_guid_leave_it_split(
        self, stand: Stand, number: int
    ) -> None:
        await stand.split(stand.entry(number))
        apart = stand.tellers()

        for said in (
            telling(number),
            telling(number, title="Another headline"),
            telling(number, title="Another headline", guid=f"{number}-moved"),
        ):
            await stand.hear(number, said)

        assert stand.tellers() == apart

    @pytest.mark.parametrize("words", [{"title": "Quite new"}, {"title": TITLE, "summary": f"{TEXT} today"}])
    async def test_a_new_version_of_it_does_not_join_the_story_again(
        self, stand: Stand, words: dict[str, str]
    ) -> None:
        story = stand.entry(1).story_id
        await stand.hear(4, telling(4, title=TITLE, summary=TEXT))
        await stand.split(stand.entry(2))

        await stand.hear(2, telling(2, "new", url=telling(2).url, **words))

        assert stand.tellers()[story] == {1, 3, 4}
        reasons = {one.apart for one, _ in stand.reader.considered(stand.entry(2, "new").id)}
        assert "a person has split it off" in reasons

    @pytest.mark.parametrize("number", [1, 2])
    async def test_an_entry_that_retention_took_comes_back_to_its_own_story(
        self, stand: Stand, number: int
    ) -> None:
        await stand.split(stand.entry(number))
        apart = stand.tellers()
        before = {story.id: story.news_at for story in stand.stories()}
        await empty(stand)
        assert stand.stories() == ()

        for each in (1, 2, 3):
            await stand.hear(each, telling(each))

        assert stand.tellers() == apart
        assert {story.id: story.news_at for story in stand.stories()} == before

    @pytest.mark.parametrize("number", [1, 2])
    async def test_it_is_split_even_after_its_ids_were_forgotten(self, stand: Stand, number: int) -> None:
        await stand.split(stand.entry(number))
        apart = stand.tellers()
        await stand.hear(number, telling(number, "other"))
        for _ in range(6):  # the others go on telling theirs
            for each in {1, 2, 3} - {number}:
                await stand.hear(each, telling(each))
            await stand.sweep(KEEP - DAY)
        assert rows_of(stand.folder, f"SELECT 1 FROM identities WHERE uid = '{uid_in(stand, number)}'") == []

        await stand.hear(number, telling(number))

        assert {story: tellers for story, tellers in stand.tellers().items() if story in apart} == apart
        assert stand.entry(number).matched_by is MatchedBy.MANUAL

    async def test_others_join_whichever_story_they_match(self, stand: Stand) -> None:
        await stand.hear(2, telling(2), telling(2, "flood", title=TITLE, summary=TEXT))
        await stand.hear(3, telling(3), telling(3, "flood"))
        flood = stand.entry(2, "flood")
        await stand.split(stand.entry(3, "flood"))
        await stand.split(stand.entry(1))

        joined = await stand.hear(4, telling(4), telling(4, "copy", title=TITLE, summary=TEXT))

        assert joined.new_stories == 0
        assert stand.entry(4).story_id == stand.entry(1).story_id
        assert stand.entry(4, "copy").story_id == flood.story_id

    async def test_what_only_the_split_entry_says_leads_to_its_own_story(self, stand: Stand) -> None:
        await stand.hear(2, telling(2, url="https://two.example.org/dam"))
        await stand.split(stand.entry(2))

        await stand.hear(4, telling(4, url="https://two.example.org/dam"))

        assert stand.entry(4).story_id == stand.entry(2).story_id

    async def test_an_entry_that_is_alone_stays_as_it_is(self, stand: Stand) -> None:
        await stand.split(stand.entry(2))
        revision = stand.reader.revision()

        done = await stand.split(stand.entry(2))

        assert not done.changed
        assert stand.reader.revision() == revision

    async def test_a_split_that_was_merged_and_split_again_has_the_id_that_it_had(self, stand: Stand) -> None:
        (story,) = stand.stories()
        await stand.split(stand.entry(1))
        own = stand.entry(1).story_id
        await stand.merge(own, story.id)
        assert stand.reader.moved(own) == story.id

        await stand.split(stand.entry(1))

        assert stand.entry(1).story_id == own
        assert stand.reader.moved(own) is None

    async def test_an_id_that_leads_to_another_story_is_not_given_again(self, stand: Stand) -> None:
        dam, flood = await two_stories(stand)
        await stand.split(stand.entry(1, "flood"))
        once = stand.entry(1, "flood").story_id
        await stand.merge(dam, flood)
        await stand.hear(4, telling(4, "flood"))
        assert stand.entry(4, "flood").story_id == once

        await stand.split(stand.entry(1, "flood"))

        assert stand.entry(1, "flood").story_id not in {dam, flood, once}
        assert stand.reader.moved(flood) == dam

    async def test_an_id_that_others_told_last_is_not_given_again(self, stand: Stand) -> None:
        dam, flood = await two_stories(stand)
        await stand.split(stand.entry(1, "flood"))
        own = stand.entry(1, "flood").story_id
        for younger in (flood, own):
            await stand.merge(dam, younger)

        await stand.split(stand.entry(1, "flood"))

        assert stand.entry(1, "flood").uid == flood
        assert stand.entry(1, "flood").story_id == own
        assert stand.reader.moved(flood) == dam

    async def test_old_news_that_is_split_off_is_no_news_of_today(self, stand: Stand) -> None:
        (story,) = stand.stories()
        old = replace(story, news_at=NOON - DAY)
        await stand.store.rewrite(99, 9, lambda _: old)

        await stand.split(stand.entry(3))

        assert [one.news_at for one in stand.stories()] == [old.news_at, old.news_at]

    async def test_both_stories_get_the_tags_of_their_words(self, stand: Stand) -> None:
        rules = (TagRule(name="two", rule=parse_filter('title:"feed 2"')),)
        stand.plan = replace(stand.plan, settings=replace(stand.plan.settings, tags=rules))

        await stand.split(stand.entry(2))

        assert [[tag.name for tag in story.tags] for story in stand.stories()] == [[], ["two"]]

    @pytest.mark.parametrize("named", ["{id}", "{uid}", "urn:uuid:{uid}", " {id} "])
    async def test_an_entry_is_named_by_its_number_or_uid(self, stand: Stand, named: str) -> None:
        entry = stand.entry(2)

        done = await stand.split(Named(named.format(id=entry.id, uid=entry.uid)))  # type: ignore[arg-type]

        assert done.what == entry.uid

    @pytest.mark.parametrize("named", ["999", "nobody", "", "９"])
    async def test_an_unknown_entry_is_told_with_what_helps(self, stand: Stand, named: str) -> None:
        with pytest.raises(UnknownIdError, match=r"no entry .* shows the number"):
            await stand.split(Named(named))  # type: ignore[arg-type]


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


class Named:
    """An entry as a person names it."""

    def __init__(self, named: str) -> None:
        self.id = named


async def empty(stand: Stand) -> None:
    """All feeds go on without what they told, until retention has taken it."""
    for number in (1, 2, 3):
        await stand.hear(number)
    await stand.sweep()


def uid_in(stand: Stand, number: int) -> str:
    """The uid that was split, of the feed of this number."""
    ((uid,),) = rows_of(stand.folder, "SELECT uid FROM overrules")
    assert uid not in {entry.uid for story in stand.stories() for entry in story.entries}, number
    return str(uid)
