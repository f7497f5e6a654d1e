"""New, edited, known; joined or begun: what documents change, poll after poll."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from aggregator.core.full_text import Want, told
from aggregator.model import Article, Enclosure, MatchedBy, ParsedEntry
from tests.builders import NOON
from tests.core.reports import said
from tests.core.shelf import Shelf
from tests.pages import STORY

LATER = NOON + timedelta(hours=1)
DAY = timedelta(days=1)


class TestOneFeed:
    def test_every_entry_begins_a_story_of_its_own(self) -> None:
        shelf = Shelf()

        changes = shelf.hear(1, said(1), said(2))

        assert (changes.new_entries, changes.new_stories) == (2, 2)
        assert {story.title for story in changes.stories} == {said(1).title, said(2).title}
        assert all(story.id == story.lead_uid == story.entries[0].uid for story in changes.stories)

    def test_the_stories_stand_in_the_order_of_the_document(self) -> None:
        changes = Shelf().hear(1, said(3), said(2), said(1))

        assert [story.title for story in changes.stories] == [said(n).title for n in (3, 2, 1)]

    def test_the_same_document_again_changes_nothing(self) -> None:
        shelf = Shelf()
        document = (said(1), said(2, guid=None), said(3, guid=None, url=None))
        shelf.hear(1, *document)

        again = shelf.hear(1, *document, now=LATER)

        assert (again.stories, again.edited, again.fingerprints) == ((), frozenset(), {})
        assert len(again.identities) == 3

    def test_a_feed_that_moves_is_known_by_what_it_says(self) -> None:
        shelf = Shelf()
        document = (said(1), said(2, guid=None), said(3, guid=None, url=None))
        shelf.hear(1, *document)
        shelf.moved_to[1] = "https://elsewhere.example.org/rss"

        changes = shelf.hear(1, said(4, guid=None, url=None), *document, now=LATER)

        assert [story.title for story in changes.stories] == [said(4).title]

    def test_two_feeds_that_came_to_one_address_make_ids_of_their_own(self) -> None:
        shelf = Shelf()
        shelf.moved_to[1] = shelf.feed(2).url

        shelf.hear(1, said())
        shelf.hear(2, said())

        assert len({entry.uid for entry in shelf.entries}) == 2

    def test_times_finer_than_the_store_keeps_are_no_edit(self) -> None:
        shelf = Shelf()
        fine = said(published_at=NOON.replace(microsecond=123_456))
        shelf.hear(1, fine)

        assert shelf.hear(1, fine, now=LATER).stories == ()

    def test_an_exact_repeat_in_one_document_is_one_entry(self) -> None:
        assert Shelf().hear(1, said(), said()).new_entries == 1

    @pytest.mark.parametrize(
        "alike",
        [
            {"guid": "0"},
            {"guid": None, "url": "https://news.example.org/live"},
            {"guid": None, "url": None},
        ],
    )
    def test_entries_that_share_their_ids_are_all_kept(self, alike: dict[str, Any]) -> None:
        shelf = Shelf()
        document = (said(1, **alike), said(2, **alike), said(3, **alike))

        changes = shelf.hear(1, *document)

        assert (changes.new_entries, changes.new_stories) == (3, 3)
        assert shelf.hear(1, *document, now=LATER).stories == ()

    def test_a_new_entry_under_a_shared_id_is_no_edit_of_another(self) -> None:
        shelf = Shelf()
        shelf.hear(1, said(1, guid="0"), said(2, guid="0"))

        changes = shelf.hear(1, said(3, guid="0"), said(1, guid="0"), now=LATER)

        assert (changes.new_entries, changes.edited) == (1, frozenset())

    def test_the_last_entry_under_a_shared_id_is_still_itself(self) -> None:
        shelf = Shelf()
        shelf.hear(1, said(1, guid="0"), said(2, guid="0"))

        assert shelf.hear(1, said(2, guid="0"), now=LATER).stories == ()

    def test_an_id_is_not_given_twice(self) -> None:
        shelf = Shelf()
        shelf.hear(1, said(1, guid="0"))
        shelf.hear(1, said(1, guid="0"), said(2, guid="0"), now=LATER)

        changes = shelf.hear(1, said(3, guid="0"), now=LATER)

        assert changes.new_entries == 1
        assert len({entry.uid for entry in shelf.entries}) == 3

    def test_an_edit_updates_its_entry_and_moves_updated_at(self) -> None:
        shelf = Shelf()
        (before,) = shelf.hear(1, said()).stories

        changes = shelf.hear(1, said(title="Dam: four dead"), now=LATER)

        (after,) = changes.stories
        assert (after.id, after.title, after.news_at) == (before.id, "Dam: four dead", before.news_at)
        assert after.updated_at == LATER
        assert changes.edited == {after.lead_uid}
        assert set(changes.fingerprints) == {after.lead_uid}

    @pytest.mark.parametrize(
        "change", [{"enclosures": (Enclosure("https://x.org/a.mp3"),)}, {"url": "https://x.org/elsewhere"}]
    )
    def test_what_a_person_sees_counts_as_an_edit(self, change: dict[str, Any]) -> None:
        shelf = Shelf()
        shelf.hear(1, said())

        (after,) = shelf.hear(1, said(**change), now=LATER).stories

        assert after.updated_at == LATER

    @pytest.mark.parametrize("moved", [NOON - DAY, NOON + DAY, None])
    def test_a_date_that_moves_later_changes_nothing(self, moved: datetime | None) -> None:
        shelf = Shelf()
        shelf.hear(1, said())

        assert shelf.hear(1, said(published_at=moved), now=LATER).stories == ()

    def test_an_edit_leaves_the_date_of_its_entry(self) -> None:
        shelf = Shelf()
        shelf.hear(1, said())

        (after,) = shelf.hear(1, said(title="Dam gone", published_at=NOON + DAY), now=LATER).stories

        assert (after.published_at, after.updated_at) == (NOON, LATER)

    def test_a_tracking_parameter_that_changes_is_nothing(self) -> None:
        shelf = Shelf()
        link = said().url
        shelf.hear(1, said(url=f"{link}?utm_id=1"))

        assert shelf.hear(1, said(url=f"{link}?utm_id=2"), now=LATER).stories == ()

    def test_a_feed_that_rewrites_its_guids_brings_no_news(self) -> None:
        shelf = Shelf()
        shelf.hear(1, said(1), said(2))

        changes = shelf.hear(1, said(1, guid="new-1"), said(2, guid="new-2"), now=LATER)

        assert changes.new_entries == 0
        assert {story.updated_at for story in changes.stories} == {NOON}
        assert shelf.hear(1, said(1, guid="new-1"), said(2, guid="new-2"), now=LATER).stories == ()

    def test_an_old_guid_that_comes_back_with_other_news_gets_another_id(self) -> None:
        shelf = Shelf()
        shelf.hear(1, said(1))
        shelf.hear(1, said(1, guid="new-1"), now=LATER)

        changes = shelf.hear(1, said(2, guid="guid-1"), now=LATER)

        assert changes.new_entries == 1
        assert len({entry.uid for entry in shelf.entries}) == 2

    def test_a_page_that_is_reused_under_a_new_guid_is_news(self) -> None:
        shelf = Shelf()
        page = "https://news.example.org/live"
        shelf.hear(1, said(1, url=page))

        assert shelf.hear(1, said(2, url=page), now=LATER).new_stories == 1

    def test_a_series_with_one_title_is_not_one_story(self) -> None:
        shelf = Shelf()
        shelf.hear(1, said(1, title="Morning briefing for Tuesday"))

        changes = shelf.hear(1, said(2, title="Morning briefing for Tuesday"), now=LATER)

        assert changes.new_stories == 1

    def test_the_same_text_under_the_same_link_twice_is_one_story(self) -> None:
        changes = Shelf().hear(1, said(1), said(1, guid="other"))

        assert (changes.new_entries, changes.new_stories) == (2, 1)
        assert {entry.matched_by for entry in changes.stories[0].entries} == {MatchedBy.NEW, MatchedBy.URL}

    def test_intake_filters_keep_new_entries_out_and_known_ones_in(self) -> None:
        shelf = Shelf()
        shelf.hear(1, said(1))
        shelf.accepts = lambda entry: "number 3" in entry.title

        changes = shelf.hear(1, said(1, title="Edited headline of the day"), said(2), said(3), now=LATER)

        assert changes.new_entries == 1
        assert len(changes.edited) == 1

    def test_an_intake_filter_sees_the_feed_of_the_entry(self) -> None:
        shelf = Shelf(accepts=lambda entry: entry.feed_title == "Feed 1")

        assert shelf.hear(1, said()).new_entries == 1
        assert shelf.hear(2, said(2)).new_entries == 0


class TestFullText:
    def fuller(self, **changes: Any) -> ParsedEntry:
        """An entry with the text of its article's page."""
        page = Article(content=STORY, canonical_url="https://wire.example/2026/dam-bursts")
        return told(Want(said(**changes)), page)

    def test_an_entry_keeps_its_pages_text_while_its_feed_says_the_same(self) -> None:
        shelf = Shelf()
        shelf.hear(1, self.fuller())

        again = shelf.hear(1, said(), now=LATER)
        renamed = shelf.hear(1, said(title="Another title"), now=LATER)

        assert again.stories == ()
        assert (renamed.stories[0].title, renamed.stories[0].content) == ("Another title", STORY)
        assert renamed.stories[0].lead.canonical_url == "https://wire.example/2026/dam-bursts"

    def test_where_its_feed_says_something_else_that_counts(self) -> None:
        shelf = Shelf()
        shelf.hear(1, self.fuller())

        changes = shelf.hear(1, said(summary="<p>Told in other words.</p>"), now=LATER)

        (entry,) = changes.stories[0].entries
        assert (entry.summary, entry.content, entry.own_text_key) == ("<p>Told in other words.</p>", "", None)
        assert entry.updated_at == LATER

    def test_it_tells_the_story_of_the_feed_that_its_page_names(self) -> None:
        shelf = Shelf()
        first = shelf.hear(1, said(1, url="https://wire.example/2026/dam-bursts"))

        joined = shelf.hear(2, self.fuller(number=2), now=LATER)

        assert joined.new_stories == 0
        assert (joined.stories[0].id, joined.stories[0].entries[1].matched_by) == (first.stories[0].id, "url")

    def test_two_addresses_of_one_page_are_no_proof_of_the_same_text_in_one_feed(self) -> None:
        shelf = Shelf()
        for number, title in ((1, "Morning"), (2, "Evening")):
            changes = shelf.hear(
                1, self.fuller(number=number, title=title, url="https://news.example.org/live")
            )

        assert changes.new_stories == 1


class TestNewsTime:
    def test_the_backlog_of_a_new_feed_keeps_its_place_in_time(self) -> None:
        (story,) = Shelf().hear(1, said(published_at=NOON - 3 * DAY)).stories

        assert (story.news_at, story.updated_at) == (NOON - 3 * DAY, NOON - 3 * DAY)

    @pytest.mark.parametrize("published", [None, NOON + 90 * DAY])
    def test_a_date_that_is_absent_or_in_the_future_is_not_believed(self, published: Any) -> None:
        (story,) = Shelf().hear(1, said(published_at=published)).stories

        assert (story.news_at, story.updated_at) == (NOON, NOON)

    def test_later_a_back_dated_entry_is_news_all_the_same(self) -> None:
        shelf = Shelf()
        shelf.hear(1, said(1))

        changes = shelf.hear(1, said(2, published_at=NOON - 3 * DAY), now=LATER)

        assert [story.news_at for story in changes.stories if not story.seq] == [LATER]

    def test_what_the_feed_says_of_an_update_is_shown(self) -> None:
        entry = said(published_at=NOON - 3 * DAY, updated_at=NOON - DAY)

        (story,) = Shelf().hear(1, entry).stories

        assert story.updated_at == NOON - DAY
