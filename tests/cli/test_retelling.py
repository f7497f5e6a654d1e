"""One story in nearly the same words, through the whole program: poll, store, output, `why`."""

import json
from typing import Any

import pytest

from tests.http import WebServer, reply
from tests.newsroom import Desk, Ended, an_item, an_rss

TITLE = "Dam bursts in northern valley after week of rain"
LEAD = (
    "Thousands of people were told to leave their homes on Tuesday after a dam gave way in the northern "
    "valley, officials said, and rescue teams searched flooded villages for 40 who were missing"
)
COPY = {"title": f"UPDATE: {TITLE}", "text": LEAD.replace("people ", "")}


def subscribe(desk: Desk, web: WebServer, *documents: bytes, level: str = "story") -> None:
    """A feed for each document."""
    urls = [web.on(f"/{number}", reply(200, one)) for number, one in enumerate(documents, 1)]
    desk.write(*urls, more=f"dedup: {{level: {level}}}\n")


def a_document(number: int, title: str = TITLE, text: str = LEAD) -> bytes:
    """One paper's document, with this story under the paper's own link."""
    item = an_item(number, title=title, text=text, link=f"https://paper{number}.example.org/dam")
    return an_rss(item, title=f"Paper {number}")


def items(desk: Desk) -> list[dict[str, Any]]:
    """What a reader of the combined feed sees."""
    found: list[dict[str, Any]] = json.loads(desk.published()["all.json"])["items"]
    return found


def poll_one_after_another(desk: Desk, web: WebServer, *numbers: int) -> Ended:
    """Poll these feeds, each by a process of its own."""
    return [desk.run("poll", f"{web.url}/{number}") for number in numbers][-1]


def test_an_edited_copy_of_another_feed_is_told_once_with_also_in(desk: Desk, web: WebServer) -> None:
    subscribe(desk, web, a_document(1), a_document(2, **COPY))

    ended = poll_one_after_another(desk, web, 1, 2)

    assert "1 new entry, 0 new stories" in ended.out
    (item,) = items(desk)
    assert item["url"] == "https://paper1.example.org/dam"
    assert 'Also in: <a href="https://paper2.example.org/dam"' in item["content_html"]


def test_two_feeds_in_one_round_tell_it_once(desk: Desk, web: WebServer) -> None:
    subscribe(desk, web, a_document(1), a_document(2, **COPY))

    desk.run("poll", "--all")

    assert len(items(desk)) == 1


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (TITLE, LEAD.replace("40", "52")),
        (TITLE, "Bakers in the old town say that bread will cost more from Monday on, as flour has."),
        (TITLE, ""),
    ],
    ids=["the figure changed", "a series with one title", "a title alone"],
)
def test_what_only_looks_alike_stays_apart(desk: Desk, web: WebServer, title: str, text: str) -> None:
    subscribe(desk, web, a_document(1), a_document(2, title=title, text=text or "Read more."))

    poll_one_after_another(desk, web, 1, 2)

    assert len(items(desk)) == 2


def test_the_level_exact_leaves_texts_alone(desk: Desk, web: WebServer) -> None:
    subscribe(desk, web, a_document(1), a_document(2, **COPY), level="exact")

    poll_one_after_another(desk, web, 1, 2)

    assert len(items(desk)) == 2


def test_polling_again_changes_nothing(desk: Desk, web: WebServer) -> None:
    subscribe(desk, web, a_document(1), a_document(2, **COPY))
    poll_one_after_another(desk, web, 1, 2)
    before = desk.published()
    for number, extra in ((1, b" "), (2, b"  ")):
        web.on(f"/{number}", reply(200, (a_document(1), a_document(2, **COPY))[number - 1] + extra))

    ended = desk.run("poll", "--all")

    assert "0 new entries, 0 new stories, 0 files published" in ended.out
    assert desk.published() == before


def test_why_tells_how_alike_the_words_are_and_what_else_tells_the_story(desk: Desk, web: WebServer) -> None:
    subscribe(desk, web, a_document(1), a_document(2, **COPY))
    poll_one_after_another(desk, web, 1, 2)

    said = desk.run("why", "https://paper2.example.org/dam").out
    told = json.loads(desk.run("why", "https://paper2.example.org/dam", "--json").out)

    assert told["matched_by"] == "text"
    assert 0.7 <= told["match_score"] < 1
    assert f"matched by text, score {told['match_score']:.2f}" in said
    assert f"told by Paper 1: {TITLE}, https://paper1.example.org/dam" in said
    (other,) = told["others"]
    assert (other["feed"], other["matched_by"]) == ("Paper 1", "new")
    (compared,) = told["considered"]
    assert (compared["id"], compared["feed"], compared["layer"]) == (other["id"], "Paper 1", "text")
    assert compared["limit"] <= compared["score"] == told["match_score"]
    assert (compared["story"], compared["apart"]) == (told["story"]["id"], None)
    assert {"Dam", "northern", "villages"} & set(compared["words"])
    assert f"compared with entry {other['id']} of Paper 1" in said
    assert said.rstrip().count(": the same story") == 1


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_a_forum_post_and_the_page_that_it_points_to_are_told_once(
    desk: Desk, web: WebServer, order: tuple[int, int]
) -> None:
    page = "https://paper1.example.org/dam"
    marked = f'&lt;a href="{page}?utm_source=forum"&gt;[link]&lt;/a&gt;'
    post = an_item(2, title="What of the dam?", text=marked, link="https://forum.example/t/2")
    subscribe(desk, web, a_document(1), an_rss(post, title="Forum"))

    poll_one_after_another(desk, web, *order)

    (item,) = items(desk)
    joined = (page, "https://forum.example/t/2")[order[1] - 1]
    why = json.loads(desk.run("why", joined, "--json").out)
    assert (why["matched_by"], why["match_score"]) == ("target", 1.0)
    assert "Also in: " in item["content_html"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"text": LEAD.replace("40", "52")}, "the figures changed"),
        ({"text": " ".join(reversed(LEAD.split()))}, "not alike enough"),
    ],
)
def test_why_tells_what_keeps_look_alikes_apart(
    desk: Desk, web: WebServer, change: dict[str, str], reason: str
) -> None:
    subscribe(desk, web, a_document(1), a_document(2, **change))
    poll_one_after_another(desk, web, 1, 2)

    told = json.loads(desk.run("why", "https://paper2.example.org/dam", "--json").out)

    (compared,) = told["considered"]
    assert (told["matched_by"], compared["apart"]) == ("new", reason)
    assert (compared["score"] is None) == (reason == "the figures changed")
    assert f": {reason}\n" in desk.run("why", "https://paper2.example.org/dam").out


def test_why_of_a_story_tells_its_first_entry_and_names_the_others(desk: Desk, web: WebServer) -> None:
    subscribe(desk, web, a_document(1), a_document(2, **COPY))
    poll_one_after_another(desk, web, 1, 2)
    story = json.loads(desk.run("why", "https://paper2.example.org/dam", "--json").out)["story"]["id"]

    told = json.loads(desk.run("why", story, "--json").out)

    assert told["feed"]["title"] == "Paper 1"
    assert [one["feed"] for one in told["also"]] == ["Paper 2"]
    assert "also named: entry 2 of Paper 2" in desk.run("why", story).out


def test_why_tells_a_persons_word(desk: Desk, web: WebServer) -> None:
    subscribe(desk, web, a_document(1), a_document(2, **COPY))
    poll_one_after_another(desk, web, 1, 2)
    left = json.loads(desk.run("why", "1", "--json").out)["story"]["id"]
    desk.run("split", "2")

    told = json.loads(desk.run("why", "2", "--json").out)

    assert (told["matched_by"], told["overruled"]["by"], told["overruled"]["from"]) == (
        "manual",
        "split",
        left,
    )
    assert f"by a person's word: split from story {left}" in desk.run("why", "2").out
    desk.run("merge", told["story"]["id"], left)
    assert json.loads(desk.run("why", told["story"]["id"], "--json").out)["entry"]["id"] == 2
