"""Tags through the whole program: from rules and publishers' categories to the files and `why`."""

import json

import pytest

from tests.http import WebServer, reply
from tests.newsroom import Desk, an_item, an_rss

RULES = """
tags:
  europe/elections: ballot
categories:
  map: {Welt: [world, politics/foreign], News: news}
  mute: [sponsored]
outputs:
  - {name: all, title: All}
  - {name: europe, title: Europe, include: tag:europe}
"""


def in_categories(item: str, *categories: str) -> str:
    """The item as filed by its publisher."""
    told = "".join(f"<category>{name}</category>" for name in categories)
    return item.replace("</item>", f"{told}</item>")


def titles(desk: Desk, name: str) -> list[str]:
    """What a published output holds."""
    return [item["title"] for item in json.loads(desk.published()[f"{name}.json"])["items"]]


@pytest.fixture
def tagged(desk: Desk, web: WebServer) -> Desk:
    """A desk that has polled two papers which file their articles in their own ways."""
    ballot = in_categories(an_item(1, title="Ballot in Rome"), "WELT", "Top Stories")
    rain = in_categories(an_item(2, title="Rain in Paris"), "Sponsored", "News", "Weather")
    one = web.on("/one", reply(200, an_rss(ballot)), reply(304))
    two = web.on("/two", reply(200, an_rss(rain)), reply(304))
    desk.write(one, two, more=RULES)
    assert desk.run("poll").code == 0
    return desk


def test_publishers_categories_are_mapped_and_noise_is_muted(tagged: Desk) -> None:
    first, second = (json.loads(tagged.run("why", f"item-{number}", "--json").out) for number in (1, 2))

    assert [(tag["tag"], tag["origin"], tag["why"]) for tag in first["tags"]] == [
        ("europe/elections", "rule", 'ballot — found "Ballot" in the title'),
        ("politics/foreign", "publisher", "WELT"),
        ("world", "publisher", "WELT"),
    ]
    assert [tag["tag"] for tag in second["tags"]] == ["news", "weather"]


def test_a_story_with_a_child_is_in_all_that_its_parents_name(tagged: Desk) -> None:
    assert titles(tagged, "tag/europe") == titles(tagged, "tag/europe/elections") == ["Ballot in Rome"]
    assert titles(tagged, "tag/politics") == ["Ballot in Rome"]
    assert titles(tagged, "europe") == ["Ballot in Rome"]


def test_an_item_lists_the_tags_that_its_story_was_given(tagged: Desk) -> None:
    (item,) = json.loads(tagged.published()["tag/europe.json"])["items"]

    assert item["tags"] == ["europe/elections", "politics/foreign", "world"]


def test_other_rules_retag_what_is_stored_and_take_the_files_of_lost_tags_away(tagged: Desk) -> None:
    text = tagged.config.read_text()
    tagged.config.write_text(
        text.replace("europe/elections: ballot", "vote: ballot").replace("Welt", "Weather")
    )

    ended = tagged.run("retag")

    assert ended.out == "2 stories got other tags\n"
    assert json.loads(tagged.run("status", "--json").out)["retag_left"] == 0
    assert titles(tagged, "tag/vote") == ["Ballot in Rome"]
    assert titles(tagged, "tag/world") == ["Rain in Paris"]
    assert not [path for path in tagged.published() if path.startswith("tag/europe")]
    assert titles(tagged, "europe") == []
