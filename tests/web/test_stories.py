"""The pages about one story and about one event."""

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html

from aggregator.core.filters import Explanation, Found
from aggregator.core.gist import terms
from aggregator.core.text import key64
from aggregator.core.verdicts import OutputVerdict
from aggregator.errors import StoreError
from aggregator.model import Candidate, MatchedBy, Origin, Tag
from aggregator.web.telling import MOST
from aggregator.web.wording import listed
from tests.builders import a_story, an_entry
from tests.web.asking import website
from tests.web.scenes import (
    EVENT_ID,
    FLOOD_ID,
    a_dam,
    a_flood,
    a_telling,
    a_verdict,
    an_event,
    an_eventful_site,
)
from tests.web.sites import FakeSite
from tests.web.test_pages import DANGEROUS, FOREIGN, HOSTILE, links, pages, words

DAM_ID = a_dam().id
OTHER_ID = "2f0e4c1e-8a57-5d7c-9d3c-6f3a3b0c1a99"


def section(markup: str, name: str) -> str:
    """The text of the section with this label."""
    (found,) = html.fromstring(markup).xpath(f'//section[@aria-labelledby="{name}"]')
    return " ".join(found.text_content().split())


def test_a_story_tells_who_told_it_when_and_why_it_is_one() -> None:
    shown = pages(an_eventful_site()).story(a_dam())

    assert "told by 3 feeds, first seen 24 Nov 2026, 02:00 UTC" in words(shown, "header")
    assert section(shown, "tellings") == (
        "Who tells it, as it came "
        "24 Nov 2026, 02:00 UTC Example News leads Dam bursts in northern valley told it first "
        "24 Nov 2026, 04:00 UTC Feed 2 Dam bursts in northern valley links to the same page "
        "24 Nov 2026, 05:00 UTC Feed 3 Dam gone nearly the same text, 87% alike"
    )
    assert {"https://feed2.example.org/dam", "https://feed3.example.org/dam"} <= set(links(shown))


def test_a_story_tells_which_blocks_of_an_entry_are_page_chrome() -> None:
    entry = an_entry(summary="<p>The dam gave way.</p><p>News & views, daily</p>")
    marked = replace(entry, chrome=(key64("News & views, daily"),))

    shown = pages(FakeSite()).story(a_story(marked))

    (told,) = html.fromstring(shown).xpath('//section[@aria-labelledby="tellings"]//details')
    assert " ".join(told.text_content().split()) == "Page chrome, matches nothing News & views, daily"


def test_a_story_without_page_chrome_says_nothing_of_it() -> None:
    assert "Page chrome" not in pages(FakeSite()).story(a_story())


def test_a_story_that_one_feed_tells_names_it() -> None:
    shown = pages(FakeSite()).story(a_story())

    assert "Example News, first seen" in words(shown, "header")


def test_a_story_tells_its_tags_and_where_each_is_from() -> None:
    tags = (
        Tag("energy", Origin.RULE, "gas pipeline*"),
        Tag("europe/elections", Origin.FEED, "Example News"),
        Tag("floods", Origin.PUBLISHER, "Floods"),
    )

    shown = pages(FakeSite()).story(a_story(tags=tags))

    assert section(shown, "tags") == (
        "Tags energy by the rule gas pipeline* europe/elections as all stories of Example News "
        "floods by the publisher's category Floods"
    )
    assert "../tag/europe/elections.html" in links(shown)


def test_a_story_without_tags_says_why() -> None:
    assert "no rule fits" in section(pages(FakeSite()).story(a_story()), "tags")


def test_a_story_tells_which_outputs_take_it_and_by_which_clause() -> None:
    shown = pages(an_eventful_site()).story(a_dam())

    assert section(shown, "verdicts") == (
        "Outputs security takes it include: tag:energy Every clause true include: tag:energy "
        "quiet leaves it out exclude: dam* Every clause true exclude: dam*"
    )
    assert "../security.html" in links(shown)


def test_a_story_tells_the_events_it_was_compared_with_and_what_came_of_it() -> None:
    near = Candidate(entry=4, score=0.354, limit=0.2, terms=terms("dam bursts"))
    gone = Candidate(entry=9, score=0.1, limit=0.2, apart="not close enough")

    shown = pages(an_eventful_site(weighed=((near, a_flood().lead), (gone, None)))).story(a_dam())

    assert section(shown, "weighed") == (
        f"Events it was compared with {a_flood().title} "
        "0.35 close by Dam, bursts, where 0.20 is asked: the same event "
        "a story that is gone 0.10 close, where 0.20 is asked: not close enough"
    )
    assert f"../stories/{FLOOD_ID}" in links(shown)


def test_a_story_that_no_event_came_near_is_silent_on_them() -> None:
    assert "Events it was compared with" not in pages(an_eventful_site()).story(a_dam())


def test_a_story_shows_clause_under_clause_what_was_asked() -> None:
    leaves = tuple(Explanation(one, verdict, one) for one, verdict in (("a", True), ("/b/", None)))
    inner = Explanation("a /b/", None, "/b/", leaves)
    verdict = OutputVerdict("all", False, "/b/", Explanation("output all", False, "/b/", (inner,)))

    shown = html.fromstring(pages(an_eventful_site(judged=(verdict,))).story(a_dam()))

    (asked,) = shown.xpath('//section[@aria-labelledby="verdicts"]//details/ul/li')
    assert [one.text_content() for one in asked.xpath("./code")] == ["a /b/"]
    nested = asked.xpath("./ul/li")
    assert [" ".join(one.text_content().split()) for one in nested] == ["true a", "unknown /b/"]


def test_a_clause_shows_the_words_it_found_and_no_markup_of_theirs() -> None:
    found = (Found(("<img src=x>", "Gas"), "title"),)
    leaf = Explanation("include: /<.*>/", True, "/<.*>/", found=found)
    verdict = OutputVerdict("all", True, "/<.*>/", Explanation("output all", True, "/<.*>/", (leaf,)))

    shown = pages(an_eventful_site(judged=(verdict,))).story(a_dam())

    assert 'include: /<.*>/ — "<img src=x>", "Gas" in the title' in section(shown, "verdicts")
    assert "<img" not in shown


def test_a_filter_of_thousands_of_terms_is_shown_in_part() -> None:
    many = tuple(Explanation(str(number), False, str(number)) for number in range(1000))
    verdict = OutputVerdict("all", False, "0", Explanation("output all", False, "0", many))

    shown = pages(an_eventful_site(judged=(verdict,))).story(a_dam())

    assert "false 199 and 800 more" in section(shown, "verdicts")


def test_a_tag_of_a_rule_shows_the_whole_rule() -> None:
    gas = Explanation("gas", True, "gas")
    rule = Explanation("gas -hot", True, "gas -hot", (gas, Explanation("-hot", True, "-hot")))
    tags = (Tag("energy", Origin.RULE, "gas -hot"), Tag("old", Origin.RULE, "left the config"))

    shown = pages(FakeSite(ruled={"energy": rule})).story(a_story(tags=tags))

    assert "The whole rule true gas -hot true gas true -hot old by the rule" in section(shown, "tags")


def test_a_story_shows_the_timeline_of_its_event() -> None:
    shown = pages(an_eventful_site()).story(a_dam())

    told = section(shown, "event")
    assert "2 stories from 4 feeds" in told
    assert "23 Nov 2026, 16:00 UTC Thousands flee Feed 4" in told
    assert "Dam bursts in northern valley this story" in told
    assert {f"../events/{EVENT_ID}", f"../stories/{FLOOD_ID}"} <= set(links(shown))
    assert f"../stories/{DAM_ID}" not in links(shown)


@pytest.mark.parametrize(
    "site",
    [FakeSite(), FakeSite(happened=(an_event(a_dam()),))],
    ids=["its event went a moment ago", "it is alone"],
)
def test_a_story_that_is_alone_shows_no_event(site: FakeSite) -> None:
    assert not html.fromstring(pages(site).story(a_dam())).xpath('//section[@aria-labelledby="event"]')


def test_a_story_shows_its_opening_in_its_language() -> None:
    shown = pages(FakeSite()).story(a_story(an_entry(lang="de"), lang="de"))

    (told,) = html.fromstring(shown).xpath('//p[@class="opening"]')
    assert (told.get("lang"), told.get("dir")) == ("de", "auto")
    assert told.text_content().startswith("Thousands were told")


def test_a_story_without_words_has_no_opening() -> None:
    assert 'class="opening"' not in pages(FakeSite()).story(a_story(summary="", content=""))


def test_a_story_that_hundreds_tell_says_how_many_more() -> None:
    story = a_story(*(a_telling(number) for number in range(1, MOST + 3)))

    assert section(pages(FakeSite()).story(story), "tellings").endswith("And 2 entries more.")


def test_an_event_tells_its_stories_as_they_came() -> None:
    shown = pages(an_eventful_site()).event(an_event())

    assert "2 stories from 4 feeds, first seen 23 Nov 2026, 16:00 UTC" in words(shown, "header")
    assert section(shown, "as-it-came") == (
        "As it came 23 Nov 2026, 16:00 UTC Thousands flee Feed 4 "
        "24 Nov 2026, 02:00 UTC Dam bursts in northern valley Example News, Feed 2 and Feed 3"
    )
    assert {f"../stories/{DAM_ID}", f"../stories/{FLOOD_ID}"} <= set(links(shown))


def test_an_event_of_many_stories_says_how_many_came_later() -> None:
    many = [replace(a_dam(), id=str(number), seq=number) for number in range(MOST + 1)]

    assert "And 1 story more." in words(pages(FakeSite()).event(an_event(*many)))


# -- the front page -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "told"),
    [(0, ""), (1, "F0"), (2, "F0 and F1"), (4, "F0, F1, F2 and F3"), (5, "F0, F1, F2 and 2 more")],
)
def test_names_are_listed_up_to_a_number(number: int, told: str) -> None:
    assert listed([f"F{n}" for n in range(number)], 4).striptags() == told


def test_a_name_keeps_its_direction_to_itself_and_is_cut_where_it_has_no_end() -> None:
    assert listed(["<b>", "x" * 90]) == f"<bdi>&lt;b&gt;</bdi> and <bdi>{'x' * 79}…</bdi>"


def test_a_card_says_what_its_output_holds() -> None:
    assert "Security Every story once 0 stories" in words(pages(FakeSite()).index())


# -- addresses and strangers --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [f"/stories/{DAM_ID}", f"/events/{EVENT_ID}"])
async def test_stories_and_events_have_addresses(path: str) -> None:
    async with website(an_eventful_site()) as client:
        answer = await client.get(path)
        again = await client.get(path, headers={"If-None-Match": answer.headers["ETag"]})

    assert (answer.status_code, again.status_code) == (200, 304)
    assert answer.headers["Cache-Control"] == "no-cache"
    assert html.fromstring(answer.text).xpath('string(//a[@class="brand"]/@href)') == "../"


@pytest.mark.parametrize("kind", ["stories", "events"])
@pytest.mark.parametrize(
    "wanted",
    [
        OTHER_ID,
        "nonsense",
        "%00",
        "%ED%A0%80",
        f"urn:uuid:{OTHER_ID}0",
        f"{DAM_ID}/more",
        f"{DAM_ID}.html",
        "",
    ],
)
async def test_an_id_that_is_unknown_or_none_is_a_404_page(kind: str, wanted: str) -> None:
    async with website(an_eventful_site()) as client:
        answer = await client.get(f"/{kind}/{wanted}")

    assert answer.status_code == 404
    assert "Nothing here" in answer.text


@pytest.mark.parametrize(("kind", "named"), [("stories", DAM_ID), ("events", EVENT_ID)])
@pytest.mark.parametrize("prefix", ["", "urn:uuid:", "URN%3AUUID%3A"])
async def test_an_id_in_another_spelling_leads_to_its_page(kind: str, named: str, prefix: str) -> None:
    async with website(an_eventful_site()) as client:
        answer = await client.get(f"/{kind}/{prefix}{named.upper()}")

    assert (answer.status_code, answer.headers["Location"]) == (301, named)


async def test_what_can_be_no_id_is_not_asked_of_the_store() -> None:
    broken = StoreError(Path("/srv/aggregator.db"), "the disk is full")

    async with website(an_eventful_site(broken=broken)) as client:
        answers = [await client.get(f"/stories/{wanted}") for wanted in ("nonsense", OTHER_ID)]

    assert [answer.status_code for answer in answers] == [404, 503]


async def test_a_story_that_was_merged_into_another_leads_there() -> None:
    async with website(an_eventful_site(told={OTHER_ID: a_dam()})) as client:
        answer = await client.get(f"/stories/{OTHER_ID}")

    assert (answer.status_code, answer.headers["Location"]) == (301, DAM_ID)


async def test_an_event_that_turned_out_to_be_part_of_another_leads_there() -> None:
    async with website(an_eventful_site(part_of={OTHER_ID: EVENT_ID})) as client:
        answer = await client.get(f"/events/{OTHER_ID}")

    assert (answer.status_code, answer.headers["Location"]) == (301, EVENT_ID)


def hostile_event(url: str) -> FakeSite:
    entry = an_entry(
        title=HOSTILE, url=url, feed_title=HOSTILE, summary=HOSTILE, lang=HOSTILE, matched_by=MatchedBy.TEXT
    )
    story = a_story(entry, lang=HOSTILE, event_id=EVENT_ID, tags=(Tag("a", Origin.PUBLISHER, HOSTILE),))
    return an_eventful_site(
        told={story.id: story},
        happened=(an_event(story, a_flood(), title=HOSTILE),),
        judged=(a_verdict("security", False, HOSTILE),),
    )


@pytest.mark.parametrize("path", ["/", f"/stories/{DAM_ID}", f"/events/{EVENT_ID}"])
@pytest.mark.parametrize("url", DANGEROUS)
async def test_nothing_that_strangers_wrote_does_harm(path: str, url: str) -> None:
    async with website(hostile_event(url)) as client:
        answer = await client.get(path)

    shown = html.fromstring(answer.text)
    assert answer.status_code == 200
    assert not shown.xpath(f"{FOREIGN} | //*[@src][not(@src='./live.js')]")
    assert not [
        href for href in links(answer.text) if href.lower().startswith(("javascript:", "data:", "http://["))
    ]
    assert "alert(1)" in shown.text_content()
