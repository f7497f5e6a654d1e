"""What a person at a terminal may ask for, and what our manners forbid."""

from tests.http import WebServer, reply
from tests.newsroom import Desk, an_item, an_rss


def test_a_feed_that_wants_a_log_in_is_left_alone_until_its_config_changes(
    desk: Desk, web: WebServer
) -> None:
    url = web.on("/one", reply(401), reply(200, an_rss(an_item(1))))
    desk.write(url)
    desk.run("poll")

    named, everything = desk.run("poll", url), desk.run("poll", "--all")
    desk.write(f"{{url: '{url}', headers: {{Authorization: new}}}}")
    desk.config.write_text(desk.config.read_text().replace("poll: {", "poll: {min: 0s, "))
    changed = desk.run("poll")

    line = f"left alone: {url}: needs authorization (401): not polled until its config changes"
    assert (named.code, everything.code) == (1, 0)
    assert line in named.out
    assert line in everything.out
    assert "1 new story" in changed.out


def test_a_host_that_said_429_is_left_alone_with_all_its_feeds(desk: Desk, web: WebServer) -> None:
    busy = web.on("/busy", reply(429, retry_after="7200"))
    other = web.on("/other", reply(200, an_rss(an_item(1))))
    desk.write(busy, other)
    desk.config.write_text(desk.config.read_text().replace("per_host: 4", "per_host: 1"))

    first, named = desk.run("poll"), desk.run("poll", other)

    line = f"left alone: {other}: Retry-After of 127.0.0.1:{web.port}: 2 h"
    assert line in first.out
    assert "1 feed polled (1 failed, 1 skipped)" in first.out
    assert (named.code, line in named.out) == (1, True)
    assert [asked.path for asked in web.asked] == ["/busy"]


def test_a_first_round_polls_every_feed_at_once_whatever_the_spread(desk: Desk, web: WebServer) -> None:
    desk.write(*(web.on(f"/{number}", reply(200, an_rss(an_item(number)))) for number in range(6)))
    desk.config.write_text(desk.config.read_text().replace("spread: 0s", "spread: 5m"))

    assert desk.run("poll").out.startswith("6 feeds polled")
