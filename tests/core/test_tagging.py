"""Where a story's tags come from, which wins, and what a publisher's category becomes."""

import pytest
import regex

from aggregator.core.filters import parse_filter
from aggregator.core.settings import TagRule
from aggregator.core.tagging import tag_name, tags_of
from aggregator.model import Origin, Story, Tag
from aggregator.patterns import timed_search
from tests.builders import NOON, a_story, an_entry


def a_rule(name: str, source: str) -> TagRule:
    return TagRule(name=name, rule=parse_filter(source))


def tagged(
    story: Story, *rules: TagRule, feed_tags: dict[int, tuple[str, ...]] | None = None
) -> tuple[Tag, ...]:
    return tags_of(story, rules, feed_tags or {}, now=NOON, search=timed_search)


def test_a_rule_s_tag_names_the_clause_that_fired() -> None:
    found = tagged(a_story(), a_rule("flood", "earthquake OR dam*"), a_rule("sport", "cup"))

    assert found == (Tag("flood", Origin.RULE, "dam*"),)


def test_a_feed_s_tag_names_the_first_feed_that_gives_it() -> None:
    story = a_story(
        an_entry(uid="a", feed_id=1, feed_title="One"),
        an_entry(uid="b", feed_id=2, feed_title="", feed_url="https://two.example/rss"),
    )

    found = tagged(story, feed_tags={1: ("world",), 2: ("world", "africa"), 3: ("sport",)})

    assert found == (
        Tag("africa", Origin.FEED, "https://two.example/rss"),
        Tag("world", Origin.FEED, "One"),
    )


def test_publishers_categories_become_tags() -> None:
    story = a_story(
        an_entry(uid="a", categories=("World News", "WORLD news", "🙂")),
        an_entry(uid="b", categories=("Africa",)),
    )

    found = tagged(story)

    assert found == (
        Tag("africa", Origin.PUBLISHER, "Africa"),
        Tag("world-news", Origin.PUBLISHER, "World News"),
    )


def test_a_tag_stands_once_with_its_strongest_origin() -> None:
    story = a_story(an_entry(feed_title="One", categories=("dams", "floods", "rain")))

    found = tagged(story, a_rule("Dams", "dam"), feed_tags={1: ("dams", "floods")})

    assert found == (
        Tag("Dams", Origin.RULE, "dam"),
        Tag("floods", Origin.FEED, "One"),
        Tag("rain", Origin.PUBLISHER, "rain"),
    )


def test_rules_see_other_origins_and_the_rules_before_them() -> None:
    story = a_story(an_entry(categories=("Floods",)))

    found = tagged(
        story,
        a_rule("too-early", "tag:disaster"),
        a_rule("disaster", "tag:floods tag:europe"),
        a_rule("alarm", "tag:disaster"),
        feed_tags={1: ("europe/italy",)},
    )

    assert [tag.name for tag in found] == ["alarm", "disaster", "europe/italy", "floods"]


def test_the_tags_that_a_story_had_do_not_count() -> None:
    story = a_story(tags=(Tag("old", Origin.RULE),))

    assert tagged(story, a_rule("new", "tag:old")) == ()


def test_an_unknown_verdict_gives_no_tag() -> None:
    def never_done(_pattern: "regex.Pattern[str]", _text: str) -> bool | None:
        return None

    rules = [a_rule("a", "/dam/"), a_rule("b", "NOT /dam/")]

    assert tags_of(a_story(), rules, {}, now=NOON, search=never_done) == ()


def test_a_publisher_gives_twenty_tags_at_most() -> None:
    story = a_story(an_entry(categories=tuple(f"c{number:02}" for number in range(50))))

    assert [tag.name for tag in tagged(story)] == [f"c{number:02}" for number in range(20)]


@pytest.mark.parametrize(
    ("category", "name"),
    [
        ("World News", "world-news"),
        ("World / Middle  East", "world/middle-east"),
        ("R & D", "r-d"),
        ("#Ukraine!", "ukraine"),
        ("Économie", "économie"),
        ("चुनाव", "चुनाव"),
        ("選挙", "選挙"),
        ("v1.0_beta", "v1.0_beta"),
        ("../etc/passwd", "etc/passwd"),
        ("//", None),
        ("", None),
        ("…", None),
        ("https://example.org/terms/1", None),
        ("x" * 64, "x" * 64),
        ("x" * 65, None),
    ],
)
def test_a_category_as_a_tag(category: str, name: str | None) -> None:
    assert tag_name(category) == name
