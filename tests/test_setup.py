"""The first config, and OPML for other readers."""

from pathlib import Path

import pytest
from lxml import etree

from aggregator.core.settings import FeedSettings
from aggregator.errors import DataFolderError
from aggregator.setup import to_opml, write_default
from tests.builders import a_feed


def test_the_first_config_is_written_with_its_folder(tmp_path: Path) -> None:
    write_default(tmp_path / "config" / "aggregator.yaml", "feeds: []\n")

    assert (tmp_path / "config" / "aggregator.yaml").read_text() == "feeds: []\n"


def test_a_place_that_cannot_be_written_is_named_with_the_cure(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file, not a folder")

    with pytest.raises(DataFolderError, match=r"config.*name one with --config"):
        write_default(tmp_path / "config" / "aggregator.yaml", "")


def test_feeds_stand_in_the_folder_of_their_first_tag() -> None:
    feeds = [
        (FeedSettings(url="https://a.example/rss", tags=("world", "war")), a_feed(title="A & B")),
        (FeedSettings(url="https://b.example/rss", title='The "B"'), None),
        (FeedSettings(url="https://c.example/rss"), a_feed(title="", site_url=None)),
    ]

    opml = etree.fromstring(to_opml(feeds).encode())

    assert opml.xpath("body/outline[@text='world']/outline/@text") == ["A & B"]
    assert opml.xpath("body/outline/outline/@category") == ["world,war"]
    assert opml.xpath("body/outline/outline/@htmlUrl") == ["https://news.example.org/"]
    assert opml.xpath("body/outline[@xmlUrl]/@text") == ['The "B"', "https://c.example/rss"]
