"""A person says that an entry tells a story of its own: it holds for ever. Through the real store."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.core.filters import parse_filter
from aggregator.core.settings import TagRule
from aggregator.errors import UnknownIdError
from aggregator.model import MatchedBy, Overrule
from tests.builders import NOON
from tests.stand import KEEP, TEXT, TITLE, Stand, a_story_of_three, empty, telling, two_stories
from tests.store.scenes import rows_of

DAY = timedelta(days=1)


@pytest.fixture
async def stand(tmp_path: Path) -> AsyncIterator[Stand]:
    """A stand where three feeds tell one story."""
    async with a_story_of_three(tmp_path) as opened:
        yield opened


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


class Named:
    """An entry as a person names it."""

    def __init__(self, named: str) -> None:
        self.id = named


def uid_in(stand: Stand, number: int) -> str:
    """The uid that was split, of the feed of this number."""
    ((uid,),) = rows_of(stand.folder, "SELECT uid FROM overrules")
    assert uid not in {entry.uid for story in stand.stories() for entry in story.entries}, number
    return str(uid)
