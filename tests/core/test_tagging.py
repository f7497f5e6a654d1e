"""Where a story's tags come from, and which wins."""

import pytest
import regex

from aggregator.core.categories import Categories, categories_of
from aggregator.core.filters import Search, parse_filter
from aggregator.core.settings import FeedSettings, Plan, Settings, TagRule
from aggregator.core.tagging import tags_of
from aggregator.core.topics import NOTHING, TOPICS, Model, packed
from aggregator.model import Origin, Story, Tag
from aggregator.patterns import timed_search
from tests.builders import NOON, a_story, an_entry


def a_rule(name: str, source: str) -> TagRule:
    return TagRule(name=name, rule=parse_filter(source))


def tagged(
    story: Story,
    *rules: TagRule,
    feed_tags: dict[int, tuple[str, ...]] | None = None,
    categories: Categories | None = None,
    search: Search = timed_search,
) -> tuple[Tag, ...]:
    settings = Settings(tags=rules, categories=categories or Categories())
    feeds = {feed: FeedSettings(url=str(feed), tags=tags) for feed, tags in (feed_tags or {}).items()}
    return tags_of(story, Plan(settings, feeds), now=NOON, search=search)


def test_a_rule_s_tag_names_the_clause_that_fired_and_the_words_it_found() -> None:
    found = tagged(a_story(), a_rule("flood", "earthquake OR dam*"), a_rule("sport", "cup"))

    assert found == (Tag("flood", Origin.RULE, 'dam* — found "Dam" in the title'),)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("cup OR (flood* dam)", 'flood* dam — found "Floods" in the text and "Dam" in the title'),
        ("dam OR flood*", 'dam — found "Dam" in the title'),
        (
            "dam (cup OR flood*) -rain",
            'dam (cup OR flood*) -rain — found "Dam" in the title and "Floods" in the text',
        ),
        ("-cup", "-cup"),
        ("words>1", "words>1"),
        ("(one two) OR dam age<9d", 'dam age<9d — found "Dam" in the title'),
    ],
)
def test_the_words_of_a_rule_s_tag_are_those_of_the_clause_that_fired(source: str, why: str) -> None:
    story = a_story(an_entry(title="Dam bursts", summary="<p>Floods below.</p>"))

    assert tagged(story, a_rule("flood", source)) == (Tag("flood", Origin.RULE, why),)


def test_a_rule_of_rules_says_which_tag_it_found() -> None:
    found = tagged(a_story(), a_rule("disaster/flood", "dam"), a_rule("alarm", "tag:disaster"))

    assert found[0] == Tag("alarm", Origin.RULE, 'tag:disaster — found "disaster/flood" in the tags')


@pytest.mark.parametrize(
    ("category", "name"),
    [
        ("nato", "NATO"),
        ("europe", "Europe"),
        ("europe/Economy", "Europe/economy"),
        ("europeans", "europeans"),
    ],
)
def test_a_publisher_s_tag_is_written_as_in_the_config(category: str, name: str) -> None:
    rules = (a_rule("NATO", "cup"), a_rule("Europe/Elections", "cup"), a_rule("nato", "cup"))

    found = tagged(a_story(an_entry(categories=(category,))), *rules)

    assert found == (Tag(name, Origin.PUBLISHER, category),)


def test_a_feed_s_tag_is_written_as_that_of_a_rule() -> None:
    settings = Settings(tags=(a_rule("NATO", "cup"),))
    plan = Plan(settings, {1: FeedSettings(url="https://one.example/rss", tags=("nato",))})

    found = tags_of(a_story(an_entry(feed_id=1)), plan, now=NOON, search=timed_search)

    assert [tag.name for tag in found] == ["NATO"]


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
        Tag("Dams", Origin.RULE, 'dam — found "Dam" in the title'),
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
    def never_done(_pattern: "regex.Pattern[str]", _text: str) -> None:
        pass

    assert tagged(a_story(), a_rule("a", "/dam/"), a_rule("b", "NOT /dam/"), search=never_done) == ()


def test_a_publisher_gives_twenty_tags_at_most() -> None:
    story = a_story(an_entry(categories=tuple(f"c{number:02}" for number in range(50))))

    assert [tag.name for tag in tagged(story)] == [f"c{number:02}" for number in range(20)]


def test_a_mapped_category_gives_its_tags_and_not_its_own() -> None:
    story = a_story(
        an_entry(uid="a", categories=("Welt", "Politik")), an_entry(uid="b", categories=("WELT", "Monde"))
    )
    rules = categories_of({"welt": ["world"], "monde": ["world", "french"]}, ())

    found = tagged(story, categories=rules)

    assert found == (
        Tag("french", Origin.PUBLISHER, "Monde"),
        Tag("politik", Origin.PUBLISHER, "Politik"),
        Tag("world", Origin.PUBLISHER, "Welt"),
    )


def test_a_mapped_category_is_not_lost_among_many() -> None:
    story = a_story(an_entry(categories=(*(f"c{number:02}" for number in range(50)), "Welt")))

    found = tagged(story, categories=categories_of({"Welt": ["world"]}, ()))

    assert [tag.name for tag in found] == [*(f"c{number:02}" for number in range(20)), "world"]


def test_muted_categories_make_room_for_others() -> None:
    story = a_story(an_entry(categories=(*(f"C {number:02}" for number in range(50)), "Rain")))

    found = tagged(story, categories=categories_of({}, [f"c {number:02}" for number in range(50)]))

    assert [tag.name for tag in found] == ["rain"]


SURE = packed(NOTHING + 100 * (topic == "topic/sport") for topic in TOPICS)
SPORT = Model(dict.fromkeys(("striker", "scores", "goal"), SURE), (0.0,) * len(TOPICS), 1.0, 1)


def topics_of(story: Story, settings: Settings) -> tuple[Tag, ...]:
    return tags_of(story, Plan(settings, {}, SPORT), now=NOON, search=timed_search)


def test_a_topic_is_a_tag_where_the_config_asks_for_it() -> None:
    story = a_story(an_entry(title="Striker scores a goal"))

    assert topics_of(story, Settings(topics=0.9)) == (Tag("topic/sport", Origin.MODEL, "model, 1.00"),)
    assert topics_of(story, Settings()) == ()


def test_a_rule_sees_the_topic() -> None:
    story = a_story(an_entry(title="Striker scores a goal"))

    found = topics_of(story, Settings(topics=0.9, tags=(a_rule("weekend", "tag:topic"),)))

    assert [tag.name for tag in found] == ["topic/sport", "weekend"]


def test_what_a_publisher_says_comes_before_the_model() -> None:
    story = a_story(an_entry(title="Striker scores a goal", categories=("Topic/Sport",)))

    found = topics_of(story, Settings(topics=0.9))

    assert found == (Tag("topic/sport", Origin.PUBLISHER, "Topic/Sport"),)
