"""From a story to the items that stand for it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aggregator.core.items import items_of
from aggregator.model import AlsoIn, Enclosure, Entry, Group, Item, Origin, Tag
from tests.builders import NOON, a_story, an_entry

HOUR = timedelta(hours=1)


def other(number: int, **changes: Any) -> Entry:
    """The same story, told by another feed."""
    return an_entry(
        **{
            "id": number,
            "uid": f"uid-{number}",
            "feed_id": number,
            "feed_title": f"Feed {number}",
            "feed_url": f"https://feed{number}.example.org/rss",
            "url": f"https://feed{number}.example.org/dam",
            "first_seen_at": NOON + number * HOUR,
            **changes,
        }
    )


def item(*entries: Entry, **changes: Any) -> Item:
    (made,) = items_of(a_story(*entries, **changes), Group.STORY)
    return made


def test_an_item_is_the_lead_under_the_storys_id() -> None:
    lead = an_entry(author="Jane Roe", lang="en", image="https://x.org/i.jpg")
    story = a_story(
        lead, other(2), tags=(Tag("b", Origin.RULE), Tag("a", Origin.FEED), Tag("b", Origin.FEED))
    )

    (made,) = items_of(story, Group.STORY)

    assert made.id == f"urn:uuid:{story.id}"
    assert (made.title, made.url, made.author, made.lang) == (lead.title, lead.url, "Jane Roe", "en")
    assert (made.feed_title, made.feed_url) == (lead.feed_title, lead.feed_url)
    assert (made.tags, made.coverage) == (("a", "b"), 2)
    assert made.page == f"stories/{story.id}"


def test_every_other_feed_is_named_once_in_the_order_they_came() -> None:
    story = a_story(an_entry(), other(3), other(2, title="Dam gone"), other(4, id=9, feed_id=2))

    assert item(*story.entries).also_in == (
        AlsoIn(feed_title="Feed 2", url="https://feed2.example.org/dam", title="Dam gone"),
        AlsoIn(feed_title="Feed 3", url="https://feed3.example.org/dam"),
    )


@pytest.mark.parametrize("url", [None, "javascript:alert(1)"])
def test_a_telling_without_a_link_is_not_listed(url: str | None) -> None:
    assert item(an_entry(), other(2, url=url)).also_in == ()


def test_with_group_none_every_entry_is_an_item_the_newest_first() -> None:
    made = items_of(a_story(an_entry(), other(2)), Group.NONE)

    assert [one.id for one in made] == ["urn:uuid:uid-2", f"urn:uuid:{an_entry().uid}"]
    assert all(one.also_in == () for one in made)


@pytest.mark.parametrize(
    ("published", "shown"), [(None, NOON), (NOON + HOUR, NOON), (NOON - HOUR, NOON - HOUR)]
)
def test_a_date_that_is_absent_or_in_the_future_is_the_first_sighting(published: Any, shown: Any) -> None:
    assert item(an_entry(published_at=published)).published_at == shown


def test_an_item_is_not_updated_before_it_was_published() -> None:
    assert item(an_entry(updated_at=NOON - HOUR)).updated_at == NOON


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({"summary": "<p>A short note.</p>"}, "A short note."),
        ({"summary": "word " * 40}, "word " * 15 + "word …"),
        ({"summary": "字" * 100}, "字" * 80 + " …"),
        ({"summary": ""}, "https://news.example.org/2026/11/24/dam"),
        ({"summary": "", "url": None}, "Example News"),
        ({"summary": "", "url": None, "feed_title": ""}, "https://news.example.org/rss"),
    ],
)
def test_an_entry_without_a_title_gets_one(changes: dict[str, Any], title: str) -> None:
    assert item(an_entry(title="", **changes)).title == title


def test_a_title_that_nobody_sees_is_none() -> None:
    assert item(an_entry(title="\u200f\u2060", summary="<p>A dam gave way.</p>")).title == "A dam gave way."
    assert item(an_entry(title="\u200f", summary="\u200e")).title == "https://news.example.org/2026/11/24/dam"


def test_a_feed_without_a_title_is_named_by_its_url() -> None:
    story = a_story(an_entry(feed_title=""), other(2, feed_title=""))

    made = item(*story.entries)

    assert made.feed_title == "https://news.example.org/rss"
    assert made.also_in[0].feed_title == "https://feed2.example.org/rss"


def test_only_enclosures_with_a_web_address_are_kept() -> None:
    kept = Enclosure("https://x.org/a.mp3")
    entry = replace(an_entry(), enclosures=(Enclosure("file:///etc/passwd"), kept))

    assert item(entry).enclosures == (kept,)
