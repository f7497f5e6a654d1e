"""Where a feed may be, by the words of a page and by what is known of sites."""

import time

import pytest

from aggregator.core.discovery import MAX_FEEDS, addresses, likely_feeds, page_feeds, site_feeds

PAGE = "https://blog.example/2026/dam.html"
CHANNEL = "UC" + "x" * 22


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https://a.example/feed", ["https://a.example/feed"]),
        (" HTTP://A.example ", ["http://a.example/"]),
        ("a.example", ["https://a.example/", "http://a.example/"]),
        ("a.example:8080/x?y=z", ["https://a.example:8080/x?y=z", "http://a.example:8080/x?y=z"]),
        ("127.0.0.1:8080", ["https://127.0.0.1:8080/", "http://127.0.0.1:8080/"]),
        ("feed://a.example/rss", ["https://a.example/rss", "http://a.example/rss"]),
        ("feed:https://a.example/rss", ["https://a.example/rss"]),
        ("ftp://a.example/", []),
        ("", []),
        ("http://[::1", []),
    ],
)
def test_what_a_person_means_by_an_address(typed: str, meant: list[str]) -> None:
    assert list(addresses(typed)) == meant


@pytest.mark.parametrize(
    ("page", "feeds"),
    [
        (
            f"https://www.youtube.com/channel/{CHANNEL}/videos",
            [f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}"],
        ),
        ("https://youtube.com/user/NASA", ["https://www.youtube.com/feeds/videos.xml?user=NASA"]),
        (
            "https://m.youtube.com/playlist?v=1&list=PL1_a-b&x=y",
            ["https://www.youtube.com/feeds/videos.xml?playlist_id=PL1_a-b"],
        ),
        (
            "https://github.com/lemon24/reader",
            [
                "https://github.com/lemon24/reader/releases.atom",
                "https://github.com/lemon24/reader/commits.atom",
            ],
        ),
        (
            "https://github.com/lemon24/reader.git/",
            [
                "https://github.com/lemon24/reader/releases.atom",
                "https://github.com/lemon24/reader/commits.atom",
            ],
        ),
        ("https://github.com/lemon24", ["https://github.com/lemon24.atom"]),
        ("https://github.com/a/b/releases?page=2", ["https://github.com/a/b/releases.atom"]),
        ("https://github.com/a/b/commits/feature/x", ["https://github.com/a/b/commits/feature/x.atom"]),
        ("https://gitlab.com/a/b/c/-/tree/main", ["https://gitlab.com/a/b/c/-/tags?format=atom"]),
        (
            "https://codeberg.org/a/b",
            ["https://codeberg.org/a/b/releases.rss", "https://codeberg.org/a/b.rss"],
        ),
        ("https://old.reddit.com/r/python/", ["https://www.reddit.com/r/python/.rss"]),
        ("https://reddit.com/r/a+b/top?t=week", ["https://www.reddit.com/r/a+b/top/.rss?t=week"]),
        (
            "https://www.reddit.com/r/python/comments/abc/some_title/",
            ["https://www.reddit.com/r/python/comments/abc/.rss"],
        ),
        ("https://www.reddit.com/user/someone", ["https://www.reddit.com/user/someone/.rss"]),
        ("https://paper.substack.com/p/dam", ["https://paper.substack.com/feed"]),
        ("https://medium.com/@writer/dam-1a2b", ["https://medium.com/feed/@writer"]),
        ("https://medium.com/tag/floods/latest", ["https://medium.com/feed/tag/floods"]),
        ("https://writer.medium.com/dam", ["https://writer.medium.com/feed"]),
        ("https://writer.tumblr.com/archive", ["https://writer.tumblr.com/rss"]),
        ("https://www.tumblr.com/writer/12/dam", ["https://writer.tumblr.com/rss"]),
        ("https://writer.wordpress.com/2026/", ["https://writer.wordpress.com/feed/"]),
        ("http://writer.blogspot.co.uk/", ["https://writer.blogspot.co.uk/feeds/posts/default"]),
        ("https://bsky.app/profile/a.bsky.social", ["https://bsky.app/profile/a.bsky.social/rss"]),
    ],
)
def test_feeds_of_known_sites(page: str, feeds: list[str]) -> None:
    assert list(site_feeds(page)) == feeds


@pytest.mark.parametrize(
    "address",
    [
        "https://blog.example/",
        f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}",
        "https://www.youtube.com/@NASA",
        "https://github.com/a/b/releases.atom",
        "https://github.com/a/b/commits/main.atom",
        "https://github.com/a.atom",
        "https://www.reddit.com/r/python/.rss",
        "https://medium.com/feed/@writer",
        "https://www.tumblr.com/",
        "https://notgithub.com/a/b",
        "https://github.com.example/a/b",
    ],
)
def test_other_sites_and_feeds_themselves_lead_nowhere(address: str) -> None:
    assert site_feeds(address) == ()


@pytest.mark.parametrize(
    ("page", "first"),
    [
        ("https://social.example/@me", ["https://social.example/@me.rss"]),
        ("https://social.example/users/me/", ["https://social.example/users/me.rss"]),
        ("https://social.example/tags/News", ["https://social.example/tags/News.rss"]),
        (
            "http://lemmy.example:8536/c/world@other.example",
            [
                "http://lemmy.example:8536/feeds/c/world@other.example.xml?sort=New",
                "http://lemmy.example:8536/feeds/videos.xml?videoChannelName=world@other.example",
            ],
        ),
        ("https://lemmy.example/u/me", ["https://lemmy.example/feeds/u/me.xml?sort=New"]),
        (
            "https://tube.example/a/me/videos",
            ["https://tube.example/feeds/videos.xml?accountName=me"],
        ),
        ("https://blog.example", ["https://blog.example/feed", "https://blog.example/rss.xml"]),
        ("https://a.example/blog/", ["https://a.example/blog/feed", "https://a.example/blog/rss.xml"]),
        ("https://a.example/blog", ["https://a.example/blog/feed"]),
        ("https://a.example/blog/index.html?x", ["https://a.example/blog/feed"]),
        ("https://me:pass@a.example/", ["https://me:pass@a.example/feed"]),
    ],
)
def test_where_feeds_often_are(page: str, first: list[str]) -> None:
    assert list(likely_feeds(page))[: len(first)] == first


def test_guesses_are_few_and_end_at_the_root_of_the_site() -> None:
    found = likely_feeds("https://a.example/c/d")

    assert len(found) == len(set(found)) == 16
    assert found[-1] == "https://a.example/feed.json"


@pytest.mark.parametrize(
    ("html", "feeds"),
    [
        ('<link rel="alternate" type="application/rss+xml" href="/feed">', ["https://blog.example/feed"]),
        ("<LINK HREF=atom.xml TYPE='application/atom+xml'>", ["https://blog.example/2026/atom.xml"]),
        ('<link rel="feed" href="//b.example/x?a=1&amp;b=2">', ["https://b.example/x?a=1&b=2"]),
        ('<link rel="alternate home" type="text/xml" href="a"/>', ["https://blog.example/2026/a"]),
        ('<link type="application/feed+json; charset=utf-8" href="/j">', ["https://blog.example/j"]),
        (
            '<base target="x"><base href="https://b.example/b/"><base href="/c/"><link rel="feed" href="f">',
            ["https://b.example/b/f"],
        ),
        ('<!-- <link rel="feed" href="old"> --><link rel="feed" href="/new">', ["https://blog.example/new"]),
        ('<link rel="feed" href="/a"><!-- <link rel="feed" href="/b">', ["https://blog.example/a"]),
        (
            """<link rel="feed" href="/comments/feed"><link rel="feed" href="/x" title="Comments on Dam">
            <link rel="feed" href="/feed" title="Posts">""",
            ["https://blog.example/feed", "https://blog.example/comments/feed", "https://blog.example/x"],
        ),
        ('<a class="rss" href="/news.rss">RSS</a><a href="/about">', ["https://blog.example/news.rss"]),
        (
            '<a href="/feed/"></a><a href="/feed?x#y"></a><link rel="feed" href="/declared">',
            [
                "https://blog.example/declared",
                "https://blog.example/feed/",
                "https://blog.example/feed?x#y",
            ],
        ),
        (
            f'<link rel="canonical" href="https://www.youtube.com/channel/{CHANNEL}">',
            [f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}"],
        ),
        ('<link rel="stylesheet" type="text/xml" href="a"><link rel="alternate" href="/de">', []),
        ('<link rel="feed"><link rel="feed" href="javascript:x"><a name="feed"></a>', []),
        ('<link rel="alternate" type="application/json" href="/wp-json/">', []),
        ('<link data-href="/no" rel="feed" href="/yes" href="/second">', ["https://blog.example/yes"]),
    ],
)
def test_feeds_that_a_page_points_to(html: str, feeds: list[str]) -> None:
    assert list(page_feeds(f"<html><head>{html}</head></html>", PAGE)) == feeds


def test_a_page_of_a_thousand_links_has_few_feeds() -> None:
    html = "".join(f'<link rel="feed" href="/{number}">' for number in range(1_000))

    assert len(page_feeds(html, PAGE)) == MAX_FEEDS


@pytest.mark.parametrize(
    "piece", ["<!--", "<link ", "<link rel='feed' href='/", "<a href=", "<a href=/feed>", "<"]
)
def test_a_page_made_to_be_slow_is_not(piece: str) -> None:
    began = time.process_time()

    page_feeds(piece * 200_000, PAGE)

    assert time.process_time() - began < 5
