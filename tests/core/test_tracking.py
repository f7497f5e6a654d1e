"""Which parameters of an address choose what is shown."""

import pytest

from aggregator.core.urls import canonical

ARTICLE = "https://news.example.org/2026/dam"
SCRIPT = "https://news.example.org/article.php"


@pytest.mark.parametrize(
    "query",
    [
        "utm_source=rss&utm_medium=feed&utm_campaign=Feed:+all",
        "utm_source=feedburner&amp;utm_medium=feed&amp;utm_campaign=all",
        "at_medium=RSS&at_campaign=KARANGA",
        "fbclid=IwY2&gclid=x&msclkid=y&srsltid=z",
        "CMP=share_btn_url",
        "cmp=rss",
        "cmpid=staffblogs",
        "ITO=1490&ns_mchannel=rss&ns_campaign=1490",
        "ncid=rss",
        "taid=65a1",
        "traffic_source=rss",
        "xtor=RSS-3208",
        "wt_zmc=sm.ext.zonaudev",
        "wt.mc_id=rss",
        "pk_campaign=feed&mtm_source=rss&piwik_kwd=x",
        "source=rss_latest_content",
        "source=rss----1c70eaa53d5c---4",
        "src=rss",
        "from=newsletter",
        "ref=rss",
        "ref=spyglass.org",
        "partner=rss",
        "cid=rssentertainment",
        "rss=1",
        "feed=1",
        "outputType=amp",
        "amp",
        "ref=",
    ],
)
def test_where_the_reader_came_from_does_not_count(query: str) -> None:
    assert canonical(f"{ARTICLE}?{query}") == canonical(ARTICLE)


CHOOSING = """
id p v story article storyid story_id newsid articleid aid docid entry guid post item news title headline page
q query t d date section cat lang type tag code a s cid sid pid oid res key v_id group thread
"""


@pytest.mark.parametrize("parameter", CHOOSING.split())
def test_what_chooses_the_article_counts(parameter: str) -> None:
    assert canonical(f"{SCRIPT}?{parameter}=17") != canonical(f"{SCRIPT}?{parameter}=18")


def test_a_page_with_a_name_of_its_own_needs_no_parameter() -> None:
    assert canonical(f"{ARTICLE}/?ref=pebbles") == canonical(ARTICLE)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("?source=reuters", "?source=ap"),
        ("?from=1", "?from=21"),
        ("?format=long", "?format=short"),
        ("?ns_id=1", "?ns_id=2"),
        ("?pk_id=1", "?pk_id=2"),
        ("?mod=first", "?mod=second"),
        ("?rss=first", "?rss=second"),
    ],
)
def test_a_name_alone_gives_no_parameter_away(one: str, two: str) -> None:
    assert canonical(ARTICLE + one) != canonical(ARTICLE + two)


@pytest.mark.parametrize("place", [SCRIPT, "https://news.example.org/"])
def test_what_alone_names_the_article_stays(place: str) -> None:
    assert canonical(f"{place}?ref=dam") != canonical(f"{place}?ref=rain")
    assert canonical(f"{place}?id=1&ref=dam") == canonical(f"{place}?id=1&ref=rain")


@pytest.mark.parametrize("path", ["view", "article", "news/story", "a-b"])
def test_a_path_that_names_nothing_by_itself_keeps_what_may(path: str) -> None:
    place = f"https://news.example.org/{path}"

    assert canonical(f"{place}?ref=dam-burst") != canonical(f"{place}?ref=flood")
    assert canonical(f"{place}?ref=pebbles.example.com") == canonical(place)


@pytest.mark.parametrize("path", ["2026/dam", "dam-bursts-in-valley", "story/10823", "dam-bursts-in/amp"])
def test_a_date_a_number_or_a_headline_names_a_page(path: str) -> None:
    place = f"https://news.example.org/{path}"

    assert canonical(f"{place}?ref=pebbles") == canonical(place)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        (
            "https://www.wsj.com/articles/dam-1670?mod=rss_whats_news_us",
            "wsj.com/articles/dam-1670",
        ),
        (
            "http://blogs.marketwatch.com/thetell/2014/03/07/bitcoin/?mod=MW_home_latest_news",
            "blogs.marketwatch.com/thetell/2014/03/07/bitcoin",
        ),
        (
            "https://www.nytimes.com/2026/11/24/world/dam.html?partner=slack&smid=sl-share&_r=0",
            "nytimes.com/2026/11/24/world/dam.html",
        ),
        (
            "https://www.youtube.com/watch?v=znSN7ZFIaOg&ab_channel=PBSTerra&t=70s&feature=youtu.be",
            "youtube.com/watch?v=znSN7ZFIaOg",
        ),
        ("https://forum.example.org/watch?v=1&t=2", "forum.example.org/watch?t=2&v=1"),
        ("https://x.com/desk/status/1082377729121505280?s=21", "x.com/desk/status/1082377729121505280"),
        (
            "http://money.msn.com/business-news/article.aspx?feed=OBR&amp;date=20140310&amp;id=17397149",
            "money.msn.com/business-news/article.aspx?date=20140310&feed=OBR&id=17397149",
        ),
    ],
)
def test_what_a_site_means_by_a_parameter_is_known_for_that_site(url: str, key: str) -> None:
    assert canonical(url) == key


def test_one_word_in_ref_says_who_links_where_a_tracking_parameter_stands_beside_it() -> None:
    place = "https://example.org/tidal-mill"

    assert canonical(f"{place}?ref=pebbles&utm_campaign=links") == canonical(place)
