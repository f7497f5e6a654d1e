"""The config that a newcomer begins with: the default's, with other feeds."""

import re
from pathlib import Path

from aggregator.config import default_text, first_text
from aggregator.core.settings import FeedSettings
from tests.config.conftest import Load

ONE = FeedSettings(url="https://one.example/rss", title="One: a paper", tags=("world",))
TWO = FeedSettings(url="https://two.example/rss")
GROUPS = (("world", (ONE,)), ("From feeds.opml", (TWO,)))


def test_the_feeds_stand_under_their_headings() -> None:
    assert (
        "  # world\n  - url: https://one.example/rss\n    title: 'One: a paper'\n    tags: [world]\n"
        "\n  # From feeds.opml\n  - https://two.example/rss\n\n# -- "
    ) in first_text(GROUPS)


def test_it_loads_with_these_feeds_and_the_rest_of_the_default(loaded: Load) -> None:
    begun, default = loaded(first_text(GROUPS)).settings, loaded(default_text()).settings

    assert begun.feeds == (ONE, TWO)
    assert [output.name for output in begun.outputs] == ["all", "top"]
    assert (begun.server, begun.poll, begun.keep) == (default.server, default.poll, default.keep)
    assert [rule.name for rule in begun.tags] == [rule.name for rule in default.tags]


def test_what_it_shows_commented_out_is_right(loaded: Load, tmp_path: Path) -> None:
    (tmp_path / "subscriptions.opml").write_text('<opml><outline xmlUrl="https://listed.example/"/></opml>')
    text = re.sub(r"^( +)#( *)(?=[a-z_]+: |- )", r"\1\2", first_text(GROUPS), flags=re.MULTILINE)

    settings = loaded(text, {"MY_TOKEN": "abc", "MY_PASSWORD": "abc"}).settings

    assert settings.feeds[0].title == "An example"
    assert settings.feeds[-1].url == "https://listed.example/"
    assert settings.outputs[-1].name == "climate"
