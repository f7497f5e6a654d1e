"""Links that open a feed in a reader: only those that can reach us."""

import pytest

from aggregator.web.subscribing import ON_THE_WEB, is_reachable, readers


@pytest.mark.parametrize(
    ("url", "reachable"),
    [
        ("https://news.example.net/", True),
        ("https://93.184.216.34/", True),
        ("https://[2606:2800:220:1::1]:8443/", True),
        ("http://127.0.0.1:8080/", False),
        ("http://192.168.1.2/", False),
        ("http://[fd00::1]/", False),
        ("http://localhost:8080/", False),
        ("http://nas/", False),
        ("http://nas.local./", False),
        ("http://news.home.arpa/", False),
        ("", False),
    ],
)
def test_whether_readers_on_the_web_may_reach_us(url: str, reachable: bool) -> None:
    assert is_reachable(url) is reachable


def test_a_feed_on_the_internet_opens_in_every_reader() -> None:
    offered = dict(readers("https://news.example.net/a.atom"))

    assert offered["The reader on this device"] == "feed:https://news.example.net/a.atom"
    assert offered["Feedly"].endswith("/subscription/feed/https%3A%2F%2Fnews.example.net%2Fa.atom")
    assert {name for name, _ in ON_THE_WEB} < set(offered)


def test_a_feed_at_home_opens_in_the_reader_of_this_device_alone() -> None:
    assert [name for name, _ in readers("http://127.0.0.1:8080/a.atom")] == ["The reader on this device"]
