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


def test_why_is_silent_on_events_where_a_story_is_alone(stocked: Desk) -> None:
    answer = json.loads(stocked.run("why", "--json", "https://news.example.org/gas").out)["story"]

    assert (answer["event_id"], answer["event"]) == (None, None)
