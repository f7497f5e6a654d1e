"""What the commands say of events."""

import json

from tests.http import WebServer, reply
from tests.newsroom import Desk, an_item, an_rss


def test_why_names_the_event_of_a_story_and_what_else_tells_it(desk: Desk, web: WebServer) -> None:
    one = web.on("/one", reply(200, an_rss(an_item(1, title="Dam bursts in northern valley"))))
    two = web.on("/two", reply(200, an_rss(an_item(2, title="Thousands flee as dam bursts in valley"))))
    desk.write(one, two)
    assert desk.run("poll").code == 0
    (first, second) = json.loads(desk.run("stories", "--json").out)

    answer = json.loads(desk.run("why", "--json", first["id"]).out)["story"]

    assert answer["event_id"] == first["event_id"] == second["event_id"] is not None
    assert {story["id"] for story in answer["event"]["stories"]} == {first["id"], second["id"]}
    assert answer["event"]["feeds"] == 2
    assert f"event {first['event_id']} (2 stories, 2 feeds): " in desk.run("why", first["id"]).out


def test_why_tells_how_close_the_event_was_and_by_which_words_of_every_entry_of_the_story(
    desk: Desk, web: WebServer
) -> None:
    for number, title in enumerate(
        ("Dam bursts in northern valley", *["Thousands flee as dam bursts in valley"] * 2)
    ):
        item = an_item(number, title=title, text="", link=f"https://example.org/{title[:3]}")
        url = web.on(f"/{number}", reply(200, an_rss(item, title=f"Paper {number}")))
        desk.write(*(f"{web.url}/{one}" for one in range(number + 1)))
        assert desk.run("poll", url).code == 0
    first, second = sorted(json.loads(desk.run("stories", "--json").out), key=lambda story: int(story["seq"]))
    copied = json.loads(desk.run("why", "--json", second["id"]).out)["others"][0]["uid"]

    told = json.loads(desk.run("why", "--json", copied).out)
    said = desk.run("why", copied).out

    (event,) = told["story"]["event_considered"]
    assert (event["feed"], event["story"], event["apart"]) == ("Paper 0", first["id"], None)
    assert event["limit"] <= event["score"]
    assert {word.lower() for word in event["words"]} == {"dam", "bursts", "valley"}
    assert "event" not in {one["layer"] for one in told["considered"]}
    assert f"event, score {event['score']:.2f} (limit {event['limit']:.2f}), by " in said
    assert said.count(": the same event") == 1


def test_why_is_silent_on_events_where_a_story_is_alone(stocked: Desk) -> None:
    answer = json.loads(stocked.run("why", "--json", "https://news.example.org/gas").out)["story"]

    assert (answer["event_id"], answer["event"]) == (None, None)
