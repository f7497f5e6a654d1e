"""OPML for other readers."""

from lxml import etree

from aggregator.core.settings import FeedSettings
from aggregator.setup import to_opml
from tests.builders import a_feed


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
