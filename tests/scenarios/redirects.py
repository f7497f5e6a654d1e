"""Rules 34 to 39: whom to believe when a feed is said to have moved, and what not to take along.

Rule 40 (from https down to http) needs a trusted certificate and is proved in tests/fetch.
"""

from datetime import timedelta
from itertools import cycle, islice

from tests.http import reply
from tests.scenarios.judges import all_of, asks_once_a_visit, complains, has, has_none, in_words
from tests.scenarios.pace import news
from tests.scenarios.scenario import (
    FEED,
    INSIDE,
    THERE,
    Judge,
    Scenario,
    Script,
    Seen,
    Stage,
    Visit,
    hours,
    polls,
)

RFC_REDIRECTS = "RFC 9110 §15.4"
RFC_MOVED = "RFC 9110 §15.4.2"
TITLE = "News number 1 of today"
A_WEEK = polls(14, apart=hours(12))
AN_HOUR = polls(6, apart=timedelta(minutes=12))


# -- moves ------------------------------------------------------------------------------------------------


def _moved(*statuses: int) -> Script:
    """The feed is elsewhere; each request is redirected with the next of these, the last for ever."""

    def script(stage: Stage) -> None:
        stage.here.on(FEED, *(reply(status, location=stage.there.url + "/new") for status in statuses))
        stage.there.on("/new", news())

    return script


def _by_two_steps(stage: Stage) -> None:
    stage.here.on(FEED, reply(301, location="/between"))
    stage.here.on("/between", reply(302, location=stage.there.url + "/new"))
    stage.there.on("/new", news())


def _maintenance(stage: Stage) -> None:
    stage.here.on(FEED, news(), *[reply(301, location=stage.there.url + "/sorry")] * 5)
    stage.there.on("/sorry", reply(200, b"<html><body>Back soon</body></html>", content_type="text/html"))


def _goes_straight_there(seen: Seen) -> str | None:
    """Not before three sightings over a day; but a week is enough for anybody."""
    old, new = seen.moments(), seen.moments("/new", THERE)
    if new != [visited.visit.after for visited in seen.visits]:
        return "did not get the feed on every visit"
    if old[-1] < hours(24) or len(old) < 3:
        return f"believed the move after {len(old)} sightings in {in_words(old[-1])}"
    return "still asks the old address after a week" if old == new else None


def _keeps_the_old_address(seen: Seen) -> str | None:
    old = seen.moments()
    missed = [visited.visit.after for visited in seen.visits if visited.visit.after not in old]
    return f"gave the old address up after {in_words(missed[0])}" if missed else None


def _move(rule: int, name: str, script: Script, judge: Judge) -> Scenario:
    source = RFC_MOVED if rule == 34 else RFC_REDIRECTS
    return Scenario(rule=rule, name=name, source=source, script=script, judge=judge, visits=A_WEEK)


# -- ways that lead nowhere -------------------------------------------------------------------------------


def _circle(stage: Stage) -> None:
    stage.here.on(FEED, reply(302, location=FEED))


def _chain(stage: Stage) -> None:
    stage.here.on(FEED, reply(302, location="/1"))
    for number in range(1, 12):
        stage.here.on(f"/{number}", reply(302, location=f"/{number + 1}"))
    stage.here.on("/12", news())


def _gives_up_soon(seen: Seen) -> str | None:
    asked = len(seen.requests(path=None))
    return f"followed {asked - 1} redirects" if asked > 11 else None


def _nowhere(location: str | None) -> Script:
    def script(stage: Stage) -> None:
        stage.here.on(FEED, reply(302, **({} if location is None else {"location": location})))

    return script


def _inward(host: str) -> Script:
    def script(stage: Stage) -> None:
        stage.inside.on("/secret", news())
        stage.here.on(FEED, reply(302, location=f"http://{host}:{stage.inside.port}/secret"))

    return script


def _stays_outside(seen: Seen) -> str | None:
    return "asked a private address" if seen.requests(path=None, host=INSIDE) else None


# -- what is not taken along ------------------------------------------------------------------------------


def _elsewhere(stage: Stage) -> None:
    stage.here.on(FEED, reply(302, location=stage.there.url + "/new", set_cookie="id=7", etag='"here"'))
    stage.there.on("/new", news(etag='"there"'))


def _takes_nothing_along(seen: Seen) -> str | None:
    for asked in seen.requests("/new", THERE):
        for name in ("authorization", "cookie", "referer"):
            if name in asked.headers:
                return f"took {name.title()} along to another host"
        if asked.headers.get("if-none-match") == b'"here"':
            return "took validators along to another host"
    return None if seen.requests("/new", THERE) else "did not follow the redirect"


REDIRECTS: tuple[Scenario, ...] = (
    _move(
        34, "a permanent move is recorded after repeated sightings over a day", _moved(301),
        _goes_straight_there,
    ),
    _move(34, "308 is as permanent as 301", _moved(308), _goes_straight_there),
    Scenario(
        rule=34, name="a maintenance page that answers 301 for an hour does not become the feed",
        source="Vienna issue 1546", script=_maintenance, judge=_keeps_the_old_address, visits=(*AN_HOUR, *(
            Visit(hours(count)) for count in range(2, 6)
        )),
    ),
    *(
        _move(
            35, f"{status} is followed and not recorded", _moved(status),
            all_of(_keeps_the_old_address, has(TITLE)),
        )
        for status in (302, 303, 307)
    ),
    _move(35, "a way of 301 and 302 is followed and not recorded", _by_two_steps, _keeps_the_old_address),
    _move(
        35, "a host that says 301 and 302 by turns is not believed",
        _moved(*islice(cycle((301, 302)), len(A_WEEK))), _keeps_the_old_address,
    ),
    Scenario(
        rule=36, name="a circle of redirects ends", source=RFC_REDIRECTS, visits=polls(1),
        script=_circle, judge=all_of(_gives_up_soon, complains(-1)),
    ),
    Scenario(
        rule=36, name="a chain of twelve redirects is not followed to its end", source=RFC_REDIRECTS,
        visits=polls(1), script=_chain, judge=all_of(_gives_up_soon, complains(-1), has_none),
    ),
    *(
        Scenario(
            rule=37, name=f"a redirect {words} is a failure", source=RFC_REDIRECTS, visits=polls(1),
            script=_nowhere(location), judge=all_of(asks_once_a_visit, complains(-1), has_none),
        )
        for words, location in (
            ("without a Location", None), ("to ftp", "ftp://127.0.0.1/feed"),
            ("to a file", "file:///etc/passwd"), ("to javascript", "javascript:alert(1)"),
        )
    ),
    *(
        Scenario(
            rule=38, name=f"a redirect to a private address written as {host} is refused",
            source="OWASP on SSRF", visits=polls(1), script=_inward(host),
            judge=all_of(_stays_outside, complains(-1), has_none),
        )
        for host in (INSIDE, "2130706498", "127.66", "0177.0.0.0102", "[::ffff:127.0.0.66]")
    ),
    Scenario(
        rule=39, name="another origin gets no password, cookie, Referer or validators",
        source=RFC_REDIRECTS, script=_elsewhere, judge=_takes_nothing_along, visits=polls(2),
        headers={"Authorization": "Basic c2VjcmV0"},
    ),
)  # fmt: skip
