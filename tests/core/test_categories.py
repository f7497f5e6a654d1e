"""What becomes of a publisher's category."""

import pytest

from aggregator.core.categories import Categories, categories_of, spelling, tag_name


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


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Top Stories", "top-stories", True),
        ("Élections", "elections", True),
        ("News / Politics", "news/politics", True),
        ("live_blog", "Live  Blog", True),
        ("C++", "C#", False),
        ("News/Politics", "News", False),
    ],
)
def test_spellings_of_one_category(one: str, other: str, same: bool) -> None:
    assert (spelling(one) == spelling(other)) is same


@pytest.mark.parametrize("category", ["Uncategorized", "NEWS", "Top Stories", "breaking-news", "Non classé"])
def test_what_says_nothing_of_a_story_is_no_tag(category: str) -> None:
    assert Categories().own_tag(category) is None


def test_what_only_holds_a_word_of_noise_is_a_tag() -> None:
    assert Categories().own_tag("News/Politics") == "news/politics"


def test_the_config_can_bring_noise_back() -> None:
    rules = categories_of({"News": ["news"]}, ())

    assert rules.mapped_tags("news") == ("news",)


def test_the_config_mutes_more() -> None:
    rules = categories_of({}, ["Sponsored Content"])

    assert rules.own_tag("sponsored-content") is None
    assert rules.own_tag("Content") == "content"


def test_with_a_star_only_mapped_categories_become_tags() -> None:
    rules = categories_of({"Welt": ["world", "world"]}, ["*"])

    assert rules.mapped_tags("WELT") == ("world",)
    assert rules.own_tag("Africa") is None


def test_a_star_that_a_publisher_writes_is_no_wish_of_the_config() -> None:
    assert categories_of({}, ["news"]).own_tag("Africa") == "africa"


@pytest.mark.parametrize(
    "other",
    [
        categories_of({"Welt": ["europe"]}, ["x"]),
        categories_of({"Welt": ["world"]}, ["x", "y"]),
        categories_of({"Welt": ["world"]}, ["x", "*"]),
    ],
    ids=["another tag", "one more muted", "all others muted"],
)
def test_other_rules_have_another_key(other: Categories) -> None:
    rules = categories_of({"Welt": ["world"]}, ["x"])

    assert other.key != rules.key
    assert categories_of({"welt": ["world"]}, ["X"]).key == rules.key
