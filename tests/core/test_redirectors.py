"""Links that name the page they lead to."""

import pytest

from aggregator.core.redirectors import unwrapped
from aggregator.core.urls import canonical

PAGE = "https://news.example.org/2026/dam?id=1&part=2"
QUOTED = "https%3A%2F%2Fnews.example.org%2F2026%2Fdam%3Fid%3D1%26part%3D2"


@pytest.mark.parametrize(
    "link",
    [
        f"https://www.google.com/url?rct=j&sa=t&url={QUOTED}&ct=ga&cd=CAIy&usg=AOv",
        f"https://www.google.co.uk/url?q={QUOTED}&sa=D",
        f"http://news.google.com/news/url?sa=t&fd=R&ct2=us&cid=527&ei=x&url={QUOTED}",
        f"https://l.facebook.com/l.php?u={QUOTED}&h=AT0",
        f"https://www.facebook.com/l.php?u={QUOTED}",
        f"https://l.instagram.com/?u={QUOTED}&e=AT0",
        f"https://t.umblr.com/redirect?z={QUOTED}&t=x",
        f"https://out.reddit.com/t3_abc?url={QUOTED}&token=x",
        f"https://getpocket.com/redirect?url={QUOTED}&formCheck=1",
        f"https://eur01.safelinks.protection.outlook.com/?url={QUOTED}&data=05",
        f"https://exit.sc/?url={QUOTED}",
        f"https://href.li/?{PAGE}",
        f"https://href.li/?{QUOTED}",
        f"https://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&tid=1&url={QUOTED}&c=1",
        f"https://r.search.yahoo.com/_ylt=A0/RV=2/RE=1/RO=10/RU={QUOTED}/RK=2/RS=x-",
        f"https://duckduckgo.com/l/?uddg={QUOTED}&rut=x",
        f"https://steamcommunity.com/linkfilter/?url={QUOTED}",
        f"https://steamcommunity.com/linkfilter/?u={QUOTED}",
        f"https://vk.com/away.php?to={QUOTED}&cc_key=",
        f"https://www.youtube.com/redirect?event=video_description&q={QUOTED}",
        f"https://www.linkedin.com/redir/redirect?url={QUOTED}&urlhash=x",
        f"https://slack-redir.net/link?url={QUOTED}",
        "https://news-example-org.cdn.ampproject.org/c/s/news.example.org/2026/dam?id=1&part=2",
        "https://cdn.ampproject.org/v/s/news.example.org/2026/dam?id=1&part=2",
        "https://www.google.de/amp/s/news.example.org/2026/dam?id=1&part=2",
    ],
)
def test_a_redirector_is_the_page_that_it_names(link: str) -> None:
    assert unwrapped(link) == PAGE
    assert canonical(link) == canonical(PAGE)


def test_a_copy_of_a_page_without_https_is_one_too() -> None:
    assert unwrapped("https://www.google.com/amp/news.example.org/dam") == "http://news.example.org/dam"


def test_a_redirector_inside_another_is_followed() -> None:
    inner = f"https%3A%2F%2Fhref.li%2F%3F{QUOTED}"

    assert unwrapped(f"https://l.facebook.com/l.php?u={inner}") == PAGE


def test_a_chain_of_redirectors_ends() -> None:
    chain = "https://href.li/?" * 100 + PAGE

    assert unwrapped(chain) == chain.removeprefix("https://href.li/?" * 4)


@pytest.mark.parametrize(
    "link",
    [
        "https://www.google.com/search?q=https://news.example.org/2026/dam",
        "https://www.google.com/url?q=dam",
        "https://www.google.com/url?sa=t",
        "https://www.google.com/amp/",
        "https://l.facebook.com/l.php?u=javascript:alert(1)",
        "https://l.facebook.com/l.php?u=ftp://example.org/a",
        "https://href.li/?//news.example.org/a",
        "https://exit.sc/?url=https://localhost/a",
        "https://www.youtube.com/watch?v=znSN7ZFIaOg&q=https://news.example.org/a",
        "https://r.search.yahoo.com/_ylt=A0/",
        "https://news.example.org/url?url=https://elsewhere.example/a",
        "https://news.google.com/rss/articles/CBMiK2h0dHBz?oc=5",
        "https://cdn.ampproject.org/v0.js",
    ],
)
def test_any_other_link_stays_what_it_is(link: str) -> None:
    assert unwrapped(link) == link


def test_a_redirector_to_no_address_has_no_key() -> None:
    assert canonical("https://href.li/?https://[::1/a") is None
