"""Rules 41 to 44 and 50: what a request says of its sender, and what it leaves unsaid."""

import re
from collections.abc import Iterator
from datetime import timedelta

from tests.http import KEPT_OPEN, Asked, reply
from tests.newsroom import an_item, an_rss
from tests.scenarios.judges import all_of, has
from tests.scenarios.pace import news
from tests.scenarios.scenario import (
    FEED,
    PUBLIC,
    Judge,
    Scenario,
    Seen,
    Stage,
    Visit,
    answering,
    hours,
    polls,
)

TITLE = "News number 1 of today"
USER_AGENT = re.compile(rb"\S+/\S+ .*\+?https?://\S+|\S+/\S+ .*\S+@\S+")
RICH = an_rss(
    "<link>http://{0}/</link><image><url>http://{0}/logo.png</url></image>",
    an_item(1, link="http://{0}/article", text="&lt;img src='http://{0}/picture.jpg'&gt;"),
)


def _rich_feed(stage: Stage) -> None:
    place = f"{stage.here.host}:{stage.here.port}".encode()
    stage.here.on(FEED, reply(200, RICH.replace(b"{0}", place)))


def _nothing_but_the_feed(seen: Seen) -> str | None:
    others = [f"{asked.method} {asked.path}" for asked in seen.requests(path=None)]
    strange = [asked for asked in others if asked != f"GET {FEED}"]
    return f"also asked {', '.join(strange)}" if strange else None


def _two_hosts(stage: Stage) -> None:
    stage.here.on(FEED, reply(302, location=stage.there.url + FEED, set_cookie="id=7; Path=/"))
    stage.there.on(FEED, news(etag='"1"', set_cookie="id=8; Path=/"), reply(304, set_cookie="id=9"))


def _all_requests(seen: Seen) -> Iterator[Asked]:
    for host in PUBLIC:
        yield from seen.requests(None, host)


def _says_who_it_is(seen: Seen) -> str | None:
    names = {asked.headers.get("user-agent", b"") for asked in _all_requests(seen)}
    if len(names) > 1:
        return f"goes by {len(names)} User-Agents"
    (name,) = names
    if not USER_AGENT.fullmatch(name):
        return f"calls itself {name.decode('latin-1')!r}: no version or no way to reach its makers"
    return None


def _without(header: str) -> Judge:
    def judge(seen: Seen) -> str | None:
        sent = [asked.headers[header] for asked in _all_requests(seen) if header in asked.headers]
        return f"sent {header.title()}: {sent[0].decode('latin-1')}" if sent else None

    return judge


def _offers_gzip(seen: Seen) -> str | None:
    offered = seen.requests()[0].headers.get("accept-encoding", b"").decode("latin-1")
    return None if "gzip" in offered else f"offers only {offered or 'no'} compression"


def _keeping_open(stage: Stage) -> None:
    answer = news(connection="keep-alive")
    assert KEPT_OPEN in answer
    for server in stage.public:
        server.on(FEED, answer)


def _hangs_up_between(seen: Seen) -> str | None:
    first, second = (
        {asked.connection for host in PUBLIC for asked in visited.requests[host]} for visited in seen.visits
    )
    return f"held {len(first & second)} connections open between two polls" if first & second else None


ASKING: tuple[Scenario, ...] = (
    Scenario(
        rule=41, name="the feed is asked for with GET, and nothing else is: no icon, no page, no picture",
        source="Feed reader score", script=_rich_feed, judge=all_of(_nothing_but_the_feed, has(TITLE)),
        visits=polls(2),
    ),
    Scenario(
        rule=42, name="one User-Agent for all, with a version and a contact", source="RFC 9110 §10.1.5",
        script=_two_hosts, judge=_says_who_it_is, visits=polls(2),
    ),
    Scenario(
        rule=43, name="cookies are not kept", source="Feed reader score", script=_two_hosts,
        judge=_without("cookie"), visits=polls(3),
    ),
    Scenario(
        rule=43, name="no Referer is sent, also not after a redirect", source="Feed reader score",
        script=_two_hosts, judge=_without("referer"), visits=polls(2),
    ),
    Scenario(
        rule=43, name="the address is asked as the user gave it, without a query of our own",
        source="Feed reader score", script=answering(news()), judge=_nothing_but_the_feed, visits=polls(2),
    ),
    Scenario(
        rule=44, name="compression is offered", source="RFC 9110 §12.5.3",
        script=answering(news()), judge=_offers_gzip, visits=polls(1),
    ),
    Scenario(
        rule=50, name="no connection is held open from one poll to the next", source="RFC 9112 §9.5",
        script=_keeping_open, judge=_hangs_up_between,
        visits=(Visit(hours(0)), Visit(hours(1), pause=timedelta(seconds=16))),
        feeds=tuple(f"http://{{{number}}}/feed" for number in range(5)),
    ),
)  # fmt: skip
