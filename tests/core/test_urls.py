"""Addresses as keys (`canonical`) and as links (`absolute`)."""

import pytest

from aggregator.core.urls import (
    absolute,
    canonical,
    feed_key,
    goes_down,
    host_of,
    login_apart,
    shares_secrets,
)

ARTICLE = "https://news.example.org/2026/dam"


@pytest.mark.parametrize(
    "other",
    [
        "http://news.example.org/2026/dam",
        "https://www.news.example.org/2026/dam/",
        "https://m.news.example.org/2026/dam",
        "https://amp.news.example.org/2026/dam",
        "https://NEWS.example.org./2026/dam#comments",
        "https://news.example.org:443/2026/dam",
        "https://reader:secret@news.example.org/2026/dam",
        "https://news.example.org/2026/dam/amp/",
        "https://news.example.org/2026/dam.amp.html",
        "https://news.example.org/amp/2026/dam",
        "https://news.example.org/2026/%64am",
        "https://news.example.org/2026/dam?utm_source=rss&utm_medium=feed",
        "https://news.example.org/2026/dam?fbclid=1&AT_campaign=x",
        "https://news.example.org/2026/dam?ref=rss",
        "https://news.example.org/2026/dam?ref=pebbles",
        "https://news.example.org/2026/dam?amp=1",
        " https://news.example.org/2026/dam\n",
    ],
)
def test_another_form_of_an_address_has_the_same_key(other: str) -> None:
    assert canonical(other) == canonical(ARTICLE)


@pytest.mark.parametrize(
    "other",
    [
        "https://news.example.org/2026/dams",
        "https://news.example.org/2026/Dam",
        "https://news.example.org:8443/2026/dam",
        "https://blog.example.org/2026/dam",
        "https://news.example.org/2026/dam?page=2",
        "https://news.example.org/2026/dam?ref=A-27",
        "https://news.example.org/2026/dam#!/part/2",
        "https://news.example.org/2026/dam#/part/2",
    ],
)
def test_another_article_has_another_key(other: str) -> None:
    assert canonical(other) != canonical(ARTICLE)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("https://en.m.wikipedia.org/wiki/Dam", "https://en.wikipedia.org/wiki/Dam"),
        ("https://mobile.twitter.com/desk/status/1", "https://x.com/desk/status/1"),
        ("https://www.bbc.co.uk/news/articles/c1", "https://www.bbc.com/news/articles/c1"),
        ("https://edition.cnn.com/2026/11/24/dam", "https://www.cnn.com/2026/11/24/dam"),
        ("https://old.reddit.com/r/news/comments/1", "https://www.reddit.com/r/news/comments/1"),
        ("https://youtu.be/znSN7ZFIaOg?si=x", "https://m.youtube.com/watch?v=znSN7ZFIaOg"),
        ("https://www.youtube-nocookie.com/embed/znSN7ZFIaOg", "https://youtu.be/znSN7ZFIaOg"),
        ("https://www.youtube.com/shorts/znSN7ZFIaOg", "https://youtu.be/znSN7ZFIaOg"),
        ("https://a.blogspot.co.uk/2026/11/dam.html?m=1", "https://a.blogspot.co.uk/2026/11/dam.html"),
        ("https://x.org/amphtml/news/dam-bursts", "https://x.org/news/dam-bursts"),
        ("https://x.org/a;jsessionid=0A1B?id=1", "https://x.org/a?id=1"),
    ],
)
def test_other_forms_of_a_page_are_known(one: str, two: str) -> None:
    assert canonical(one) == canonical(two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("https://x.org/topics/amp", "https://x.org/topics"),
        ("https://en.wikipedia.org/wiki/Amp", "https://en.wikipedia.org/wiki"),
        ("https://code.example/amp/tool", "https://code.example/tool"),
        ("https://x.org/read?m=1", "https://x.org/read"),
        ("https://youtu.be/playlist", "https://youtube.com/watch?v=playlist"),
        ("https://m.example/dam", "https://example/dam"),
        ("https://x.org/video/embed/znSN7ZFIaOg", "https://youtu.be/znSN7ZFIaOg"),
    ],
)
def test_what_only_looks_like_another_form_stays_apart(one: str, two: str) -> None:
    assert canonical(one) != canonical(two)


def test_the_order_of_parameters_does_not_count() -> None:
    assert canonical("https://x.org/?b=2&a=1") == canonical("https://x.org/?a=1&b=2")


def test_an_international_host_and_its_ascii_form_are_one() -> None:
    assert canonical("https://müller.example/a") == canonical("https://xn--mller-kva.example/a")


@pytest.mark.parametrize(
    "address",
    [
        "https://news.example.org",
        "https://news.example.org/?utm_source=rss",
        "https://news.example.org/#top",
        "mailto:desk@example.org",
        "ftp://example.org/a",
        "https:///a",
        "https://[::1/a",
        "https://example.org:port/a",
        "https://example.org:99999/a",
        "https://" + "ü" * 80 + ".example/a",
        "",
    ],
)
def test_what_names_no_article_has_no_key(address: str) -> None:
    assert canonical(address) is None


@pytest.mark.parametrize(
    ("link", "meant"),
    [
        ("/a b", "https://x.org/a%20b"),
        ("c", "https://x.org/p/c"),
        ("?page=2", "https://x.org/p/q?page=2"),
        ("//y.org/é?q=ü#ö", "https://y.org/%C3%A9?q=%C3%BC#%C3%B6"),
        ("http://müller.example", "http://xn--mller-kva.example/"),
        ("https://x.org/100%", "https://x.org/100%25"),
        ("https://x.org/100%25", "https://x.org/100%25"),
        ("HTTPS://X.org:443/a|b", "https://x.org/a%7Cb"),
        ("https://x.org:8443/", "https://x.org:8443/"),
        ("https://[2001:db8::1]:8080/a", "https://[2001:db8::1]:8080/a"),
        ("https://a:b@x.org/", "https://a:b@x.org/"),
        ("https://x.org/a\n\tb", "https://x.org/ab"),
        ("https://x.org/\ud800", "https://x.org/%3F"),
    ],
)
def test_a_link_becomes_a_valid_absolute_address(link: str, meant: str) -> None:
    assert absolute(link, "https://x.org/p/q") == meant


@pytest.mark.parametrize(
    "link",
    [
        "",
        "  ",
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:a@b.org",
        "http://",
        "https://[::1/",
        "https://a b.org/",
        "https://a<b.org/",
        "https://x.org:0x50/",
        "https://" + "é" * 80 + ".org/",
        "https://x.org/" + "a" * 9_000,
    ],
)
def test_a_link_that_leads_nowhere_is_none(link: str) -> None:
    assert absolute(link, "https://x.org/p/q") is None


def test_a_relative_link_without_a_base_is_none() -> None:
    assert absolute("/a", "") is None


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://News.example.org/a", "news.example.org:443"),
        ("http://news.example.org./a", "news.example.org:80"),
        ("http://127.0.0.1:8080/a", "127.0.0.1:8080"),
        ("https://[::1/a", ""),
        ("/a", ""),
    ],
)
def test_politeness_counts_by_host_and_port(address: str, host: str) -> None:
    assert host_of(address) == host


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("https://a.example/feed", "http://me:pass@A.example:80/feed/#top", True),
        ("https://a.example", "https://a.example/", True),
        ("https://a.example/feed", "https://www.a.example/feed", False),
        ("https://a.example/feed", "https://a.example:8443/feed", False),
        ("https://a.example/?feed=rss", "https://a.example/?feed=atom", False),
        ("https://[::1/feed", "https://[::1/", False),
        ("feed", "feed/", False),
    ],
)
def test_a_feeds_address_may_be_spelt_in_ways(one: str, two: str, same: bool) -> None:
    assert (feed_key(one) == feed_key(two)) is same


@pytest.mark.parametrize(
    ("address", "shown", "login"),
    [
        ("https://reader:p@ss@example.org/a@b", "https://example.org/a@b", "reader:p@ss"),
        ("https://reader:secret@example.org", "https://example.org", "reader:secret"),
        ("HTTP://me%40home:a%3Ab%2F@example.org/", "HTTP://example.org/", "me@home:a:b/"),
        ("https://token@example.org/", "https://example.org/", "token:"),
        ("https://:secret@example.org/", "https://example.org/", ":secret"),
        ("https://@example.org/", "https://example.org/", None),
        ("ftp://me:secret@example.org/", "ftp://example.org/", "me:secret"),
        ("https://example.org/a@b", "https://example.org/a@b", None),
        ("https://example.org?u=a@b/c", "https://example.org?u=a@b/c", None),
        ("no address", "no address", None),
    ],
)
def test_an_address_and_its_login_are_taken_apart(address: str, shown: str, login: str | None) -> None:
    assert login_apart(address) == (shown, login)


@pytest.mark.parametrize(
    ("home", "url", "shares"),
    [
        ("https://example.org/a", "https://example.org/b", True),
        ("https://example.org/a", "HTTPS://EXAMPLE.org:443/b", True),
        ("http://example.org/a", "https://example.org/b", True),
        ("http://example.org:8080/a", "http://example.org:8080/b", True),
        ("https://example.org/a", "http://example.org/a", False),
        ("http://example.org:8080/a", "https://example.org/a", False),
        ("http://example.org/a", "https://example.org:8443/a", False),
        ("http://example.org/a", "http://example.org:8080/a", False),
        ("https://example.org/a", "https://www.example.org/a", False),
        ("https://example.org/a", "https://example.com/a", False),
    ],
)
def test_secrets_stay_at_their_origin(home: str, url: str, shares: bool) -> None:
    assert shares_secrets(home, url) is shares


@pytest.mark.parametrize(
    ("url", "target", "down"),
    [
        ("https://a.example/", "http://a.example/", True),
        ("HTTPS://a.example/", "http://b.example/", True),
        ("http://a.example/", "https://a.example/", False),
        ("http://a.example/", "http://a.example/", False),
        ("https://a.example/", "https://b.example/", False),
    ],
)
def test_only_the_way_from_https_to_http_goes_down(url: str, target: str, down: bool) -> None:
    assert goes_down(url, target) is down
