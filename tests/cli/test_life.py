"""A feed's life from the config's side: it moves, it rests, it is taken out, it comes back."""

import json

import pytest

from tests.http import WebServer, reply
from tests.newsroom import Desk, an_item, an_rss

BACKLOG = (an_item(1), an_item(2), "<item><title>Without guid and link</title></item>")


@pytest.fixture
def told(desk: Desk, web: WebServer) -> Desk:
    """A desk whose store holds the backlog of one feed."""
    desk.write(web.on("/old", reply(200, an_rss(*BACKLOG), etag='"old"')))
    assert desk.run("poll").code == 0
    return desk


def rows(desk: Desk, what: str) -> list[dict[str, object]]:
    listed: list[dict[str, object]] = json.loads(desk.run(what, "--json").out)
    return listed


def ids(desk: Desk) -> set[object]:
    return {story["id"] for story in rows(desk, "stories")}


class TestMoving:
    def test_a_feed_that_was_elsewhere_goes_on_with_its_stories(self, told: Desk, web: WebServer) -> None:
        before = ids(told)
        new = web.on("/new", reply(200, an_rss(an_item(3), *BACKLOG)))
        told.write(f"{{url: '{new}', was: '{web.url}/old'}}")

        ended = told.run("poll")

        assert "1 new entry, 1 new story" in ended.out
        assert [(feed["id"], feed["url"], feed["state"]) for feed in rows(told, "feeds")] == [
            (1, new, "active")
        ]
        assert len(before) == 3
        assert before < ids(told)

    def test_the_old_addresss_validators_are_not_sent_to_the_new_one(
        self, told: Desk, web: WebServer
    ) -> None:
        new = web.on("/new", reply(200, an_rss(*BACKLOG)))
        told.write(f"{{url: '{new}', was: '{web.url}/old'}}")

        told.run("poll")

        assert [asked.headers.get("if-none-match") for asked in web.asked if asked.path == "/new"] == [None]

    def test_a_closing_slash_makes_no_other_feed(self, told: Desk, web: WebServer) -> None:
        before = ids(told)
        told.write(web.on("/old/", reply(200, an_rss(*BACKLOG))))

        assert "0 new entries" in told.run("poll").out
        assert len(rows(told, "feeds")) == 1
        assert ids(told) == before


class TestResting:
    @pytest.mark.parametrize("left", [["{{url: '{0}', paused: true}}"], []], ids=["paused", "taken out"])
    def test_its_stories_stay_and_it_goes_on_where_it_was(
        self, told: Desk, web: WebServer, left: list[str]
    ) -> None:
        url, other = web.url + "/old", web.on("/other", reply(200, an_rss(an_item(9))))
        before = ids(told)

        told.write(other, *(line.format(url) for line in left))
        told.run("poll")
        rested = {feed["url"]: feed["state"] for feed in rows(told, "feeds")}
        polls = len(web.asked)
        told.write(other, url)
        told.run("poll")
        soon = len(web.asked)
        ended = told.run("poll", url)

        assert rested[url] == "paused"
        assert (soon, len(web.asked)) == (polls, polls + 1)  # no sooner than poll.min, but when it is named
        assert "0 new entries" in ended.out
        assert before < ids(told)


class TestReviving:
    def test_naming_a_gone_feed_brings_it_back_for_good(self, desk: Desk, web: WebServer) -> None:
        url = web.on("/one", reply(410), reply(200, an_rss(an_item(1))))
        desk.write(url)
        desk.run("poll")
        gone = rows(desk, "feeds")[0]["state"]

        ended = desk.run("poll", url)

        feed = rows(desk, "feeds")[0]
        assert (gone, ended.code, feed["state"], feed["last_error"]) == ("gone", 0, "active", None)
        assert feed["next_poll_at"] is not None
        assert "1 new entry" in ended.out
