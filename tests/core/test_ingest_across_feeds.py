"""One story told by several feeds: who joins it, who comes back to it, who stands for it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aggregator.model import DedupLevel, MatchedBy
from tests.builders import NOON
from tests.core.reports import LEAD, said
from tests.core.shelf import Shelf

LATER = NOON + timedelta(hours=1)
DAY = timedelta(days=1)


class TestAcrossFeeds:
    def told_by_two(self, shelf: Shelf, *, now: Any = LATER, **changes: Any) -> int:
        """Feed 1 tells a story, then feed 2 does, with changes: how many stories there are."""
        shelf.hear(1, said(1))
        shelf.hear(2, said(1, **{"guid": "other", **changes}), now=now)
        return len(shelf.stories)

    def test_one_address_is_one_story(self) -> None:
        shelf = Shelf()
        link = "http://www.news.example.org/articles/1/?utm_source=rss#top"

        assert self.told_by_two(shelf, url=link, title="Other words altogether", summary="") == 1
        assert [entry.matched_by for entry in shelf.entries] == [MatchedBy.NEW, MatchedBy.URL]

    def test_equal_title_and_lead_are_one_story(self) -> None:
        shelf = Shelf()

        assert (
            self.told_by_two(shelf, url="https://other.example.org/a", title="REPORT number 1 of the day!")
            == 1
        )
        assert [entry.matched_by for entry in shelf.entries] == [MatchedBy.NEW, MatchedBy.TITLE]

    @pytest.mark.parametrize(
        "changes",
        [
            {"summary": "<p>A different text that tells of something else, at some length too.</p>"},
            {"summary": "<p>Too short.</p>"},
            {"title": "Report number 2 of the day"},
            {"now": NOON + 15 * DAY},
        ],
    )
    def test_less_than_that_or_too_late_is_two(self, changes: dict[str, Any]) -> None:
        assert self.told_by_two(Shelf(), url="https://other.example.org/a", **changes) == 2

    @pytest.mark.parametrize("number", [1, 2])
    def test_a_feed_with_dedup_off_joins_nobody_and_is_joined_by_nobody(self, number: int) -> None:
        assert self.told_by_two(Shelf(levels={number: DedupLevel.OFF})) == 2

    def test_two_entries_of_one_feed_do_not_meet_in_anothers_story(self) -> None:
        shelf = Shelf()
        page = "https://news.example.org/live"
        shelf.hear(1, said(1, url=page))
        shelf.hear(2, said(2, url=page), now=LATER)

        shelf.hear(1, said(3, url=page), now=LATER + DAY)

        assert sorted(len(story.entries) for story in shelf.stories.values()) == [1, 2]

    def test_a_link_under_which_a_document_says_different_things_is_no_sign(self) -> None:
        shelf = Shelf()
        shelf.hear(1, said(1))
        section = said(1).url

        shelf.hear(2, said(7, url=section), said(8, url=section), now=LATER)

        assert len(shelf.stories) == 3

    def test_the_oldest_story_is_joined(self) -> None:
        shelf = Shelf()
        shelf.hear(1, said(1))
        shelf.levels[2] = DedupLevel.OFF
        shelf.hear(2, said(1), now=LATER)
        shelf.levels[2] = DedupLevel.STORY

        (story,) = shelf.hear(3, said(1), now=LATER).stories

        assert [entry.feed_id for entry in story.entries] == [1, 3]

    def test_a_story_that_retention_took_comes_back_under_its_id(self) -> None:
        shelf = Shelf()
        (before,) = shelf.hear(1, said(1)).stories
        shelf.sweep()

        (after,) = shelf.hear(2, said(1), now=LATER).stories

        assert (after.id, after.news_at) == (before.id, before.news_at)

    def test_an_entry_that_retention_took_comes_back_as_itself(self) -> None:
        shelf = Shelf()
        (before,) = shelf.hear(1, said(1)).stories
        shelf.sweep()

        (after,) = shelf.hear(1, said(1), now=NOON + 100 * DAY).stories

        assert (after.id, after.news_at, after.lead_uid) == (before.id, before.news_at, before.lead_uid)
        assert after.entries[0].first_seen_at == NOON


class TestLead:
    def lead_of_two(self, shelf: Shelf, *, settled: bool = False, **changes: Any) -> int:
        """The feed whose entry leads a story that two feeds tell."""
        shelf.hear(1, said(1))
        if settled:
            shelf.settle()
        (story,) = shelf.hear(2, said(1, **changes), now=LATER).stories
        return story.lead.feed_id

    def test_among_equals_the_first_leads(self) -> None:
        assert self.lead_of_two(Shelf()) == 1

    def test_the_fullest_text_leads(self) -> None:
        assert self.lead_of_two(Shelf(), content=f"<p>{LEAD}</p>" * 5) == 2

    def test_priority_outweighs_the_text(self) -> None:
        assert self.lead_of_two(Shelf(priorities={1: 1}), content=f"<p>{LEAD}</p>" * 5) == 1

    def test_a_lead_that_was_published_stays(self) -> None:
        assert self.lead_of_two(Shelf(priorities={2: 9}), settled=True) == 1

    def test_a_settled_lead_is_still_edited(self) -> None:
        shelf = Shelf()
        shelf.hear(1, said(1))
        shelf.settle()

        (story,) = shelf.hear(1, said(1, title="Dam: four dead"), now=LATER).stories

        assert story.title == "Dam: four dead"

    def test_a_settled_lead_that_is_no_longer_there_is_replaced(self) -> None:
        shelf = Shelf()
        (story,) = shelf.hear(1, said(1)).stories
        shelf.stories[story.id] = replace(story, lead_settled=True, lead_uid="gone")

        (after,) = shelf.hear(2, said(1), now=LATER).stories

        assert after.lead.feed_id == 1
