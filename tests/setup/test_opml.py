"""OPML for other readers."""

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from aggregator.config import parse_opml
from aggregator.core.settings import FeedSettings
from aggregator.model import Feed
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
    assert opml.xpath("//outline/@title") == opml.xpath("//outline/@text")


_PARTS = st.from_regex(r"[a-zäж0-9_]([a-zäж0-9_.-]*[a-zäж0-9_])?", fullmatch=True)
_TAGS = st.lists(_PARTS, min_size=1, max_size=4).map("/".join)
_FEEDS = st.builds(
    FeedSettings,
    url=st.from_regex(r"https://[a-z]{1,20}\.example/[a-z0-9&?=%/]{0,20}", fullmatch=True),
    title=st.none()
    | st.text(st.characters(exclude_categories=["C"]), min_size=1)
    .map(lambda text: " ".join(text.split()))
    .filter(bool),
    tags=st.lists(_TAGS, max_size=4, unique=True).map(tuple),
)


@given(st.lists(_FEEDS, min_size=1, unique_by=lambda feed: feed.url.lower().rstrip("?")))
def test_what_is_exported_comes_back_as_it_was(feeds: list[FeedSettings]) -> None:
    nothing: Feed | None = None

    back = parse_opml(to_opml((feed, nothing) for feed in feeds).encode(), "list.opml")

    assert {feed.url: feed for feed in back} == {feed.url: feed for feed in feeds}
