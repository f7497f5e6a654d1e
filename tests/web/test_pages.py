"""The pages for people: what they show, and that nothing a stranger wrote can do harm in them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import html

from aggregator.core.formats import FORMATS
from aggregator.core.settings import OutputSettings
from aggregator.model import Feed, FeedState, Health
from aggregator.web.pages import ROOMY, Pages
from aggregator.web.wording import ago, link, root_of
from tests.builders import NOON, a_feed
from tests.web.asking import website
from tests.web.sites import FakeSite, a_json_feed

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
FOREIGN = "//*[self::script and not(contains(., 'timeZone') or @src='./live.js')] | //img | //@onerror"
"""What no page of ours holds, its own script aside: scripts, and what may load or run."""
DANGEROUS = [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "http://[",
]


def pages(site: FakeSite) -> Pages:
    return Pages(site, lambda: NOON)


def words(markup: str, element: str = "main") -> str:
    """The text of these elements as a person reads it."""
    found = html.fromstring(markup).iter(element)
    return " ".join(" ".join(one.text_content().split()) for one in found)


def links(markup: str) -> list[str]:
    return [str(href) for href in html.fromstring(markup).xpath("//a/@href")]


def test_the_front_page_offers_every_output_in_every_format() -> None:
    shown = pages(FakeSite()).index()

    assert {f"security.{suffix}" for suffix in FORMATS} <= set(links(shown))
    assert "https://news.example.net/security.atom" in words(shown, "code")


def test_a_reader_finds_the_feeds_by_the_front_page() -> None:
    site = FakeSite(configured=(OutputSettings(name="security", title='Safe & "sound"'),))

    found = html.fromstring(pages(site).index()).xpath('//link[@rel="alternate"]')

    assert [dict(one.attrib) for one in found] == [
        {"rel": "alternate", "type": "application/atom+xml", "title": title, "href": address}
        for title, address in (('Safe & "sound"', "security.atom"), ("Problems", "problems.atom"))
    ]


@pytest.mark.parametrize("page", ["index", "feeds"])
def test_problems_can_be_followed_from_where_they_are_shown(page: str) -> None:
    shown = getattr(pages(FakeSite()), page)()

    assert "problems.atom" in links(shown)
    assert html.fromstring(shown).xpath('//link[@rel="alternate"]/@href')[-1] == "problems.atom"


def test_the_front_page_tells_what_is_under_way() -> None:
    sentence = "The rules have changed: 200 of 1,000 stories are judged by them so far."

    assert sentence in words(pages(FakeSite(work=(sentence,))).index())
    assert "The rules" not in words(pages(FakeSite()).index())


def test_a_card_shows_how_much_there_is_and_the_four_newest() -> None:
    site = FakeSite(published={"security.json": a_json_feed("One", "Two", "Three", "Four", "Five")})

    shown = words(pages(site).index())

    assert "5 stories, newest 3 minutes ago" in shown
    assert "Four" in shown
    assert "Five" not in shown


@pytest.mark.parametrize(("outputs", "shown"), [(ROOMY, ROOMY), (ROOMY + 1, 0)])
def test_many_outputs_are_listed_without_their_headlines(outputs: int, shown: int) -> None:
    names = [f"output-{number}" for number in range(outputs)]
    site = FakeSite(
        configured=[OutputSettings(name=name, title=name) for name in names],
        published={f"{name}.json": a_json_feed("Dam bursts") for name in names},
    )

    page = html.fromstring(pages(site).index())

    assert len(page.xpath("//article")) == outputs
    assert len(page.xpath('//ol[@class="latest"]')) == shown


def test_a_headline_leads_to_its_story_and_says_who_tells_it() -> None:
    told = {"feed": "Example News", "coverage": 3}
    site = FakeSite(published={"security.json": a_json_feed("Dam bursts", _aggregator=told)})

    shown = pages(site).index()

    assert "https://news.example.org/0" in links(shown)
    assert "Dam bursts Example News and 2 more" in words(shown)


def test_a_story_without_a_title_shows_its_address() -> None:
    site = FakeSite(published={"security.json": a_json_feed("")})

    assert "https://news.example.org/0" in words(pages(site).index(), "ol")


def test_an_output_that_is_still_empty_says_so() -> None:
    site = FakeSite(published={"security.json": a_json_feed()})

    shown = words(pages(site).index())

    assert "0 stories Nothing yet." in shown


def test_a_card_follows_its_output() -> None:
    site = FakeSite(published={"security.json": a_json_feed("Yesterday")})
    made = pages(site)
    before, again = made.index(), made.index()

    site.published = {"security.json": a_json_feed("Today")}
    after = made.index()

    assert before == again
    assert "Yesterday" in before
    assert "Today" in after
    assert "Yesterday" not in after


def test_the_front_page_lists_the_named_tags_with_their_feeds() -> None:
    shown = links(pages(FakeSite(named=("energy", "日本"))).index())

    assert {"tag/energy.html", "tag/energy.atom", "tag/日本.html"} <= set(shown)


def test_without_named_tags_there_is_no_list_of_topics() -> None:
    assert "Topics" not in pages(FakeSite(named=())).index()


def test_what_needs_a_look_stands_before_all_news() -> None:
    site = FakeSite(faults=("The config is broken.",), state=Health(problems=("Nothing was heard.",)))

    shown = words(pages(site).index())

    assert "Needs a look The config is broken. Nothing was heard. How each source stands" in shown
    assert shown.index("Every story once") < shown.index("Needs a look") < shown.index("Subscribe")


def test_when_all_is_well_there_is_no_notice() -> None:
    assert "Needs a look" not in pages(FakeSite()).index()


def test_the_front_page_tells_how_the_sources_are() -> None:
    heard = a_feed(last_polled_at=NOON)
    sources = (heard, replace(heard, id=2), replace(heard, id=3, state=FeedState.FAILING))
    site = FakeSite(sources=sources, state=Health(last_ok_at=NOON - timedelta(hours=2)))

    shown = words(pages(site).index())

    assert "News from 3 sources, last heard 2 hours ago. 1 failing" in shown


@pytest.mark.parametrize("page", ["index", "feeds"])
def test_without_sources_a_page_says_how_to_add_some(page: str) -> None:
    shown = words(getattr(pages(FakeSite(sources=())), page)())

    assert "No sources yet: add some under feeds: in the config." in shown


def test_the_sources_in_trouble_stand_first_then_by_title() -> None:
    states = (FeedState.PAUSED, FeedState.ACTIVE, FeedState.GONE, FeedState.FAILING)
    titled = [a_feed(title=f"The {state.name} one", state=state) for state in states]
    untitled = a_feed(title="", url="https://zoo.example/", site_url=None)
    site = FakeSite(sources=(*titled, a_feed(title="an active one"), untitled))

    rows = html.fromstring(pages(site).feeds()).xpath("//tbody/tr/th")

    assert [row.text_content().split("\n")[1].strip() for row in rows] == [
        "The FAILING one",
        "The GONE one",
        "an active one",
        "https://zoo.example/",
        "The ACTIVE one",
        "The PAUSED one",
    ]


def test_a_source_tells_when_it_was_asked_and_why_it_is_asked_when() -> None:
    source = a_feed(
        state=FeedState.FAILING,
        failures=3,
        last_error="404 Not Found",
        last_polled_at=NOON - timedelta(minutes=1),
        last_ok_at=NOON - timedelta(days=2),
        next_poll_at=NOON + timedelta(hours=1),
        next_poll_rule="third failure in a row",
    )

    shown = words(pages(FakeSite(sources=(source,))).feeds(), "tbody")

    assert "404 Not Found (3 times in a row)" in shown
    assert "1 minute ago last good answer 2 days ago in 1 hour third failure in a row" in shown


@pytest.mark.parametrize(
    ("others", "told"),
    [
        ((), "leads to https://new.example.org/rss, seen 2 times"),
        (
            (a_feed(id=2, url="https://new.example.org/rss"),),
            "leads to https://new.example.org/rss, which is polled as well: one of the two is enough",
        ),
    ],
    ids=["to a place of its own", "to another source"],
)
def test_a_source_tells_where_it_leads(others: tuple[Feed, ...], told: str) -> None:
    source = a_feed(moved_to="https://new.example.org/rss", moved_seen=2)

    assert told in words(pages(FakeSite(sources=(source, *others))).feeds())


def test_a_source_that_moved_tells_from_where_and_when() -> None:
    source = a_feed(moved_from="https://old.example.org/rss", moved_at=NOON - timedelta(days=3))

    assert "moved here 3 days ago from https://old.example.org/rss" in words(
        pages(FakeSite(sources=(source,))).feeds()
    )


def test_a_source_that_is_not_planned_tells_why() -> None:
    source = a_feed(state=FeedState.GONE, next_poll_rule="gone (410): not polled until it is named")

    assert "not planned gone (410): not polled until it is named" in words(
        pages(FakeSite(sources=(source,))).feeds()
    )


def test_a_source_without_a_title_shows_its_address_once() -> None:
    source = a_feed(title="", url="https://zoo.example/rss")

    shown = pages(FakeSite(sources=(source,))).feeds()

    assert words(shown, "tbody").count("https://zoo.example/rss") == 1
    assert "https://zoo.example/rss" in links(shown)


def test_a_source_that_is_new_and_paused_tells_that_too() -> None:
    source = a_feed(state=FeedState.PAUSED, site_url=None)

    shown = words(pages(FakeSite(sources=(source,))).feeds(), "tbody")

    assert "paused 0 entries so far never not planned" in shown


def test_a_source_that_waits_for_its_first_poll_is_not_called_fine() -> None:
    source = a_feed(next_poll_at=NOON)

    shown = words(pages(FakeSite(sources=(source,))).feeds(), "tbody")

    assert "waiting 0 entries so far never due now" in shown


def test_a_source_that_should_have_been_asked_is_due() -> None:
    source = a_feed(next_poll_at=NOON - timedelta(minutes=5))

    shown = words(pages(FakeSite(sources=(source,))).feeds(), "tbody")

    assert "due now" in shown
    assert "ago" not in shown


def hostile_site(url: str = "https://news.example.org/") -> FakeSite:
    """Everything that a stranger can write, written by one who means harm."""
    item = a_json_feed(HOSTILE, url=url, _aggregator={"feed": HOSTILE, "coverage": 2})
    source = a_feed(
        title=HOSTILE, url=url, site_url=url, last_error=HOSTILE, next_poll_at=NOON, next_poll_rule=HOSTILE
    )
    return FakeSite(
        published={"security.json": item},
        sources=(source,),
        faults=(HOSTILE,),
        configured=(OutputSettings(name="security", title=HOSTILE),),
    )


@pytest.mark.parametrize("path", ["/", "/feeds", "/security.json/<script>alert(1)</script>"])
async def test_nothing_that_strangers_wrote_becomes_markup(path: str) -> None:
    async with website(hostile_site()) as client:
        answer = await client.get(path)

    shown = html.fromstring(answer.text)
    assert not shown.xpath(FOREIGN)
    assert "alert(1)" in shown.text_content()


@pytest.mark.parametrize("url", DANGEROUS)
@pytest.mark.parametrize("path", ["/", "/feeds"])
async def test_an_address_that_is_no_web_address_is_never_a_link(path: str, url: str) -> None:
    async with website(hostile_site(url)) as client:
        answer = await client.get(path)

    assert answer.status_code == 200
    assert not [
        href for href in links(answer.text) if href.lower().startswith(("javascript:", "data:", "http://["))
    ]
    assert "" not in links(answer.text)


@pytest.mark.parametrize(
    ("url", "href"),
    [
        ("https://a.example/", "https://a.example/"),
        ("HTTP://a.example/", "HTTP://a.example/"),
        (None, ""),
        ("", ""),
        ("/relative", ""),
        *((url, "") for url in DANGEROUS),
    ],
)
def test_links_are_http_or_nothing(url: str | None, href: str) -> None:
    assert link(url) == href


@pytest.mark.parametrize(
    ("apart", "told"),
    [
        (timedelta(0), "just now"),
        (-timedelta(seconds=59), "just now"),
        (timedelta(seconds=59), "in a moment"),
        (-timedelta(minutes=1), "1 minute ago"),
        (-timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (-timedelta(hours=1), "1 hour ago"),
        (timedelta(hours=23), "in 23 hours"),
        (-timedelta(days=1), "1 day ago"),
        (timedelta(days=1200), "in 1,200 days"),
    ],
    ids=str,
)
def test_a_time_is_told_in_its_largest_unit(apart: timedelta, told: str) -> None:
    assert ago(NOON + apart, NOON) == told


@pytest.mark.parametrize(
    ("path", "root"),
    [("/", "./"), ("/feeds", "./"), ("/tag/a.html", "../"), ("/tag/a/b.html", "../../"), ("", "./")],
)
def test_the_way_back_has_a_step_for_each_folder(path: str, root: str) -> None:
    assert root_of(path) == root
