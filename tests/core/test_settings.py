"""What the settings say of themselves."""

from aggregator.core.filters import parse_filter
from aggregator.core.settings import FeedSettings, Settings, TagRule


def test_the_named_tags_are_those_of_rules_and_feeds_each_once() -> None:
    settings = Settings(
        feeds=(FeedSettings(url="a", tags=("world", "energy")), FeedSettings(url="b")),
        tags=(TagRule(name="energy", rule=parse_filter("gas")),),
    )

    assert settings.named_tags == ("energy", "world")
