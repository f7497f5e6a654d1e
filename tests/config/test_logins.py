"""Logins, proxies and names of a feed: what is read, where it ends up, and what no message shows."""

import pytest

from aggregator import __version__
from aggregator.config import parse_opml, values
from aggregator.core.settings import FeedSettings
from tests.config.conftest import ONE_FEED, Faults, Load


def test_login_proxy_and_name_reach_the_settings(loaded: Load) -> None:
    text = """
    feeds:
      - url: https://example.org/rss
        auth: reader:${PASSWORD}
        proxy: http://me:secret@proxy.lan:3128
        user_agent: Reader/1.0
    """

    (feed,) = loaded(text, {"PASSWORD": "pa:ss@#"}).settings.feeds

    assert feed == FeedSettings(
        url="https://example.org/rss",
        auth="reader:pa:ss@#",
        proxy="http://me:secret@proxy.lan:3128",
        user_agent="Reader/1.0",
    )


@pytest.mark.parametrize("written", ["{url}", "{{url: '{url}', title: Paid}}"])
def test_a_login_in_an_address_is_taken_apart(loaded: Load, written: str) -> None:
    url = "https://me%40home:${PASSWORD}@example.org/rss"

    (feed,) = loaded(f"feeds:\n  - {written.format(url=url)}\n", {"PASSWORD": "secret"}).settings.feeds

    assert (feed.url, feed.auth) == ("https://example.org/rss", "me@home:secret")


def test_a_login_in_an_address_of_a_list_is_taken_apart() -> None:
    body = b'<opml><body><outline xmlUrl="https://me:secret@example.org/rss"/></body></opml>'

    assert parse_opml(body, "a.opml") == (FeedSettings(url="https://example.org/rss", auth="me:secret"),)


def test_one_address_with_two_logins_is_one_address(faults_of: Faults) -> None:
    (fault,) = faults_of("feeds:\n- https://me:one@example.org/\n- https://you:two@example.org/\n")

    assert "stands in the list already, on line 2" in fault
    assert "two" not in fault.partition("take one of the two out")[0]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("url: https://a.example/, headers: {authorization: x}", "and so is the header Authorization"),
        ("url: 'https://me:other@a.example/'", "and the address has one, too"),
    ],
)
def test_a_server_gets_one_login(faults_of: Faults, more: str, told: str) -> None:
    (fault,) = faults_of(f"feeds:\n- {{auth: 'me:secret', {more}}}\n")

    assert fault.startswith("aggregator.yaml:2:10: feeds[0].auth: is a login, ")
    assert told in fault
    assert "secret" not in fault


def test_a_header_beside_a_login_is_no_second_one(loaded: Load) -> None:
    (feed,) = loaded(
        "feeds:\n- {url: 'https://a.example/', auth: 'a:b', headers: {X-Key: c}}\n"
    ).settings.feeds

    assert (feed.auth, feed.headers) == ("a:b", {"X-Key": "c"})


@pytest.mark.parametrize("written", ["secret", "[secret]"])
def test_what_is_no_login_is_told_without_showing_it(faults_of: Faults, written: str) -> None:
    (fault,) = faults_of(f"feeds:\n- {{url: 'https://a.example/', auth: {written}}}\n")

    assert fault.startswith("aggregator.yaml:2:")
    assert "secret" not in fault


@pytest.mark.parametrize(
    "text", ["http://proxy.lan:3128", "https://proxy.lan", "http://me:secret@10.0.0.1:8080/"]
)
def test_a_proxy_is_an_address_of_a_server(text: str) -> None:
    assert values.read_proxy(text) == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("socks5://proxy.lan:1080", "must begin with https:// or http://"),
        ("proxy.lan:3128", "must begin with https:// or http://"),
        ("http://", "is not the address of a proxy"),
        ("http://proxy.lan/path", "is not the address of a proxy"),
        ("http://proxy.lan?a=b", "is not the address of a proxy"),
    ],
)
def test_anything_else_is_no_proxy(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        values.read_proxy(text)


def test_our_own_name_has_a_key_of_its_own(faults_of: Faults) -> None:
    (fault,) = faults_of("feeds:\n- {url: 'https://a.example/', headers: {User-Agent: x}}\n")

    assert "'User-Agent' has a key of its own; write 'user_agent: …'" in fault


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ("", None),
        ("server: {listen: '0.0.0.0:80'}", None),
        (
            "server: {public_url: 'https://news.example.org'}",
            f"aggregator/{__version__} (+https://news.example.org/)",
        ),
        ("server: {public_url: 'https://news.example.org'}\npoll: {user_agent: Mine/1}", "Mine/1"),
    ],
)
def test_our_name_says_where_we_can_be_found_if_that_is_public(
    loaded: Load, more: str, name: str | None
) -> None:
    assert loaded(ONE_FEED + more).settings.poll.user_agent == name
