"""Entries of link blogs, forums and aggregators: they join the story that they point to."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aggregator.core.joining import SECTION_STORIES
from aggregator.model import DedupLevel, Entry, MatchedBy, ParsedEntry
from tests.builders import NOON, a_parsed_entry
from tests.core.shelf import Shelf

PAGE = "https://thewire.example/2026/11/24/dam"
LATER_BY = timedelta(hours=1)
LATER = NOON + LATER_BY


def an_article(**changes: Any) -> ParsedEntry:
    """The page that others point to."""
    return a_parsed_entry(**{"guid": "article", "url": f"{PAGE}?utm_source=rss", **changes})


def a_post(name: str, page: str = PAGE, **changes: Any) -> ParsedEntry:
    """A post on a site of its own that points to a page."""
    post = a_parsed_entry(
        guid=name,
        url=f"https://{name}.example/posts/{name}",
        title=f"Seen by {name}",
        summary=f'<a href="{page}">[link]</a>',
    )
    return replace(post, **changes)


def stories(shelf: Shelf) -> int:
    return len(shelf.stories)


def told(shelf: Shelf, guid: str) -> Entry:
    return next(entry for entry in shelf.entries if entry.guid == guid)


def test_a_pointer_joins_the_story_that_it_points_to() -> None:
    shelf = Shelf()
    shelf.hear(1, an_article())

    shelf.hear(2, a_post("forum"), now=LATER)

    post = told(shelf, "forum")
    assert (stories(shelf), post.matched_by, post.match_score) == (1, MatchedBy.TARGET, 1.0)


def test_an_article_joins_the_story_that_a_pointer_began_and_leads_it() -> None:
    shelf = Shelf()
    shelf.hear(2, a_post("forum"))

    shelf.hear(1, an_article(), now=LATER)

    (story,) = shelf.stories.values()
    assert told(shelf, "article").matched_by is MatchedBy.TARGET
    assert story.lead.guid == "article"


def test_a_lead_that_readers_have_seen_stays() -> None:
    shelf = Shelf()
    shelf.hear(2, a_post("forum"))
    shelf.settle()

    shelf.hear(1, an_article(), now=LATER)

    assert [story.lead.guid for story in shelf.stories.values()] == ["forum"]


def test_two_pointers_to_one_page_are_one_story() -> None:
    shelf = Shelf()
    shelf.hear(2, a_post("forum"))

    shelf.hear(3, a_post("blog"), now=LATER)

    assert (stories(shelf), told(shelf, "blog").matched_by) == (1, MatchedBy.TARGET)


def test_an_entry_under_the_pages_own_link_is_known_by_its_link() -> None:
    shelf = Shelf()
    shelf.hear(1, an_article())
    shelf.hear(2, a_post("forum"))

    shelf.hear(3, a_post("lobsters", url=PAGE), now=LATER)

    assert (stories(shelf), told(shelf, "lobsters").matched_by) == (1, MatchedBy.URL)


def test_pointers_to_different_pages_stay_apart() -> None:
    shelf = Shelf()
    shelf.hear(1, an_article())

    shelf.hear(2, a_post("forum", f"{PAGE}-and-rain"), now=LATER)

    assert stories(shelf) == 2


@pytest.mark.parametrize("level", [DedupLevel.EXACT, DedupLevel.OFF])
@pytest.mark.parametrize("feed", [1, 2])
@pytest.mark.parametrize("first", ["article", "post"])
def test_a_feed_that_is_not_taken_for_stories_is_left_out(level: DedupLevel, feed: int, first: str) -> None:
    shelf = Shelf(levels={feed: level})
    documents = {"article": (1, an_article()), "post": (2, a_post("forum"))}
    shelf.hear(*documents.pop(first))

    shelf.hear(*documents.popitem()[1], now=LATER)

    assert stories(shelf) == 2


def test_within_one_feed_a_pointer_and_its_page_stay_apart() -> None:
    shelf = Shelf()
    shelf.hear(1, an_article())

    shelf.hear(1, a_post("forum"), a_post("blog", title="Another"), an_article(), now=LATER)

    assert stories(shelf) == 3


def test_a_story_takes_one_pointer_of_a_feed() -> None:
    shelf = Shelf()
    shelf.hear(1, an_article())
    shelf.hear(2, a_post("forum"), now=LATER)

    shelf.hear(2, a_post("again"), a_post("forum"), now=LATER)

    assert stories(shelf) == 2


def test_a_link_that_a_document_repeats_is_no_target() -> None:
    shelf = Shelf()
    shelf.hear(1, an_article())

    shelf.hear(2, a_post("forum"), a_post("forum2"), now=LATER)

    assert stories(shelf) == 3


@pytest.mark.parametrize("turned", [False, True])
def test_the_order_of_a_document_does_not_choose_who_joins(turned: bool) -> None:
    shelf = Shelf()
    shelf.hear(1, an_article())
    document = [a_post("forum"), a_post("copy", url=PAGE)]

    shelf.hear(2, *(reversed(document) if turned else document), now=LATER)

    joined = {entry.guid: entry.matched_by for entry in shelf.entries}
    assert (joined["forum"], joined["copy"]) == (MatchedBy.NEW, MatchedBy.URL)


def test_a_link_under_which_a_feed_tells_story_after_story_leads_to_a_section() -> None:
    shelf = Shelf()
    for number in range(SECTION_STORIES):
        shelf.hear(2, a_post(f"forum{number}"), now=NOON + timedelta(hours=number))

    shelf.hear(3, a_post("blog"), now=NOON + timedelta(days=1))

    assert stories(shelf) == SECTION_STORIES + 1


@pytest.mark.parametrize("turned", [False, True])
def test_what_a_feed_links_under_every_entry_is_what_none_is_about(turned: bool) -> None:
    shelf = Shelf()
    line = f'<p>Learn more about your ad choices. Visit <a href="{PAGE}">our partner</a></p>'
    for number in (1, 2):
        long = [
            a_post(f"{number}-{part}", summary=f"<p>{'We talk with our guest. ' * (part + 3)}</p>{line}")
            for part in range(2)
        ]
        document = [*long, a_post(f"{number}-trailer", summary=line)]
        shelf.hear(number, *(reversed(document) if turned else document), now=number * LATER_BY + NOON)

    assert stories(shelf) == 6


def test_a_name_that_the_pages_of_a_feed_share_makes_no_story_of_another_feeds_pages() -> None:
    shelf = Shelf()
    shared = "https://news.example.org/2026/all-the-news"
    for number in range(SECTION_STORIES):
        page = a_parsed_entry(
            guid=str(number), url=f"https://a.example/{number}", canonical_url=shared, title=""
        )
        shelf.hear(1, page, now=NOON + timedelta(hours=number))

    other = a_parsed_entry(
        guid="b", url="https://b.example/9", canonical_url=shared, title="Of something else"
    )
    shelf.hear(2, other, now=NOON + timedelta(days=1))

    assert stories(shelf) == SECTION_STORIES + 1


def test_a_page_is_known_by_the_name_that_another_feeds_page_gave_it() -> None:
    shelf = Shelf()
    shelf.hear(1, a_parsed_entry(guid="copy", url="https://a.example/1", canonical_url=PAGE, title="Dam"))

    shelf.hear(2, an_article(title="Valley", summary=""), now=LATER)

    assert (stories(shelf), told(shelf, "article").matched_by) == (1, MatchedBy.URL)


def test_a_text_that_a_feed_repeats_is_one_story_whatever_it_points_to() -> None:
    shelf = Shelf()
    text = "Thousands were told to leave their homes on Tuesday after a dam gave way, as all have seen."
    post = a_post("forum", summary=f'<p>{text}</p><a href="{PAGE}">[link]</a>')

    shelf.hear(1, post)
    shelf.hear(1, replace(post, guid="again", summary=post.summary.replace(PAGE, f"{PAGE}/2")), post)

    assert stories(shelf) == 1


def test_polling_again_changes_nothing() -> None:
    shelf = Shelf()
    shelf.hear(1, an_article())
    shelf.hear(2, a_post("forum"))

    assert shelf.hear(2, a_post("forum"), now=LATER).stories == ()
    assert shelf.hear(1, an_article(), now=LATER).stories == ()
