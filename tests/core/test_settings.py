"""What the settings say of themselves."""

from dataclasses import replace
from typing import Any

import pytest

from aggregator.core.categories import categories_of
from aggregator.core.filters import parse_filter
from aggregator.core.settings import FeedSettings, Settings, TagRule


def test_the_named_tags_are_those_of_rules_and_feeds_each_once() -> None:
    settings = Settings(
        feeds=(FeedSettings(url="a", tags=("world", "energy")), FeedSettings(url="b")),
        tags=(TagRule(name="energy", rule=parse_filter("gas")),),
    )

    assert settings.named_tags == ("energy", "world")


def test_the_parents_of_a_named_tag_and_the_tags_of_mapped_categories_are_named_too() -> None:
    settings = Settings(
        tags=(TagRule(name="europe/elections/germany", rule=parse_filter("Bundestag")),),
        categories=categories_of({"Welt": ["world", "europe"]}, ()),
    )

    assert settings.named_tags == ("europe", "europe/elections", "europe/elections/germany", "world")


def test_a_tag_of_a_list_kept_elsewhere_and_a_topic_have_the_spelling_of_the_config() -> None:
    settings = Settings(
        feeds=(FeedSettings(url="a", tags=("nato", "topic/sport")),),
        tags=(TagRule(name="NATO", rule=parse_filter("nato")), TagRule(name="Topic", rule=parse_filter("a"))),
        topics=0.8,
    )

    assert settings.given_tags[:3] == ("NATO", "Topic", "Topic/sport")
    assert [tag for tag in settings.named_tags if tag[0] in "nt"] == []


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"title": "Mine", "tags": ("world",), "priority": 3, "paused": True}, True),
        ({"headers": {"Authorization": "Bearer two"}}, False),
        ({"url": "https://example.org/other"}, False),
    ],
    ids=["what it is called", "what is sent along", "where it is"],
)
def test_the_way_in_to_a_feed_changes_with_what_is_sent(changes: dict[str, Any], same: bool) -> None:
    one = FeedSettings(url="https://example.org/rss", headers={"Authorization": "Bearer one"})

    assert (replace(one, **changes).access == one.access) is same
    assert len(one.access) == 4


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"title": "Mine", "url": "https://example.org/other"}, True),
        ({"exclude": parse_filter("gas")}, True),
        ({"exclude": None}, False),
        ({"include": parse_filter("gas"), "exclude": None}, False),
    ],
    ids=["anything else", "the same filter", "none any more", "the same filter the other way round"],
)
def test_what_comes_in_changes_with_the_feeds_own_filters(changes: dict[str, Any], same: bool) -> None:
    one = FeedSettings(url="https://example.org/rss", exclude=parse_filter("gas"))

    assert (replace(one, **changes).intake == one.intake) is same
