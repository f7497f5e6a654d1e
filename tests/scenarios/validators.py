"""Rules 1 to 15: ETag and Last-Modified are the server's own words, and are given back as they came."""

from dataclasses import replace
from datetime import timedelta

from tests.http import reply
from tests.newsroom import an_item, an_rss
from tests.scenarios.judges import all_of, complains, has_none, sends_last, waits
from tests.scenarios.scenario import FEED, THERE, Judge, Scenario, Seen, Stage, answering, hours, polls, wakes

NEWS = an_rss(an_item(1))
MONDAY, TUESDAY = "Mon, 23 Nov 2026 12:00:00 GMT", "Tue, 24 Nov 2026 12:00:00 GMT"
CUT = NEWS[: NEWS.index(b"</item>")]

RFC_ETAG = "RFC 9110 §8.8.3"
RFC_NONE_MATCH = "RFC 9110 §13.1.2"
RFC_SINCE = "RFC 9110 §13.1.3"
RFC_FRESHENING = "RFC 9111 §4.3.4"
FEED_SCORE = "Feed reader score"


def _play(rule: int, name: str, source: str, *answers: bytes, judge: Judge) -> Scenario:
    """The answers in turn, and a forced poll for each; what the last one carries is judged."""
    return Scenario(
        rule=rule,
        name=name,
        source=source,
        script=answering(*answers),
        judge=judge,
        visits=polls(len(answers)),
    )


def _moved_feed(stage: Stage) -> None:
    stage.here.on(FEED, reply(302, location=stage.there.url + "/new"))
    stage.there.on("/new", reply(200, NEWS, etag='"new"'), reply(304))


def _only_to_their_giver(seen: Seen) -> str | None:
    if seen.requests()[-1].headers.get("if-none-match"):
        return "sent the validators of a redirect's target to the URL that redirects"
    if seen.requests("/new", THERE)[-1].headers.get("if-none-match") != b'"new"':
        return "did not send the validators to the URL that gave them"
    return None


def _one_whole_request_after_eight_days(seen: Seen) -> str | None:
    asked = zip(seen.moments(), seen.requests(), strict=True)
    whole = [at for at, request in asked if "if-none-match" not in request.headers]
    if any(timedelta(0) < at < timedelta(days=8) for at in whole):
        return "sent an unconditional request within eight days"
    return None if len(whole) > 1 else "never asked for the whole feed again"


VALIDATORS: tuple[Scenario, ...] = (
    _play(
        1, "a strong ETag is sent back byte for byte, quotes included", RFC_NONE_MATCH,
        reply(200, NEWS, etag='"a-1, b"'), reply(304, etag='"a-1, b"'),
        judge=sends_last(if_none_match=b'"a-1, b"', if_modified_since=None),
    ),
    _play(
        1, "after a 304 the same ETag is sent again", RFC_NONE_MATCH,
        reply(200, NEWS, etag='"1"'), reply(304), reply(304),
        judge=sends_last(if_none_match=b'"1"'),
    ),
    _play(
        2, "a weak ETag keeps its W/", RFC_ETAG,
        reply(200, NEWS, etag='W/"1"'), reply(304), judge=sends_last(if_none_match=b'W/"1"'),
    ),
    _play(
        3, "an ETag without quotes is sent back without", FEED_SCORE,
        reply(200, NEWS, etag="a1b2"), reply(304), judge=sends_last(if_none_match=b"a1b2"),
    ),
    _play(
        4, "the bytes of an ETag above 127 stay as they are", RFC_ETAG,
        reply(200, NEWS, etag='"\xe9\xff"'), reply(304), judge=sends_last(if_none_match=b'"\xe9\xff"'),
    ),
    _play(
        5, "a lone Last-Modified is sent back as the string it was", RFC_SINCE,
        reply(200, NEWS, last_modified="Tue, 24 Nov 2026 12:00:00 +0000"), reply(304),
        judge=sends_last(if_modified_since=b"Tue, 24 Nov 2026 12:00:00 +0000", if_none_match=None),
    ),
    _play(
        6, "where both came, both are sent", RFC_SINCE,
        reply(200, NEWS, etag='"1"', last_modified=TUESDAY), reply(304),
        judge=sends_last(if_none_match=b'"1"', if_modified_since=TUESDAY.encode()),
    ),
    _play(
        7, "where neither came, neither is sent", FEED_SCORE,
        reply(200, NEWS), reply(200, NEWS), judge=sends_last(if_none_match=None, if_modified_since=None),
    ),
    _play(
        8, "a Last-Modified that is no date is sent back as given", FEED_SCORE,
        reply(200, NEWS, last_modified="yesterday"), reply(304),
        judge=sends_last(if_modified_since=b"yesterday"),
    ),
    _play(
        9, "the same body with new validators: the new ones count", "Feed reader score, on hashes",
        reply(200, NEWS, etag='"1"', last_modified=MONDAY),
        reply(200, NEWS, etag='"2"', last_modified=TUESDAY), reply(304),
        judge=sends_last(if_none_match=b'"2"', if_modified_since=TUESDAY.encode()),
    ),
    _play(
        10, "a Last-Modified that goes back is followed back", FEED_SCORE,
        reply(200, NEWS, last_modified=TUESDAY), reply(200, an_rss(an_item(2)), last_modified=MONDAY),
        reply(304),
        judge=sends_last(if_modified_since=MONDAY.encode()),
    ),
    _play(
        11, "validators that a later answer no longer has are no longer sent", RFC_FRESHENING,
        reply(200, NEWS, etag='"1"', last_modified=MONDAY), reply(200, an_rss(an_item(2))), reply(200, NEWS),
        judge=sends_last(if_none_match=None, if_modified_since=None),
    ),
    _play(
        12, "a 304 brings a new Last-Modified", RFC_FRESHENING,
        reply(200, NEWS, etag='"1"', last_modified=MONDAY), reply(304, etag='"1"', last_modified=TUESDAY),
        reply(304),
        judge=sends_last(if_none_match=b'"1"', if_modified_since=TUESDAY.encode()),
    ),
    _play(
        12, "a 304 with another strong ETag changes nothing", RFC_FRESHENING,
        reply(200, NEWS, etag='"1"'), reply(304, etag='"2"'), reply(304),
        judge=sends_last(if_none_match=b'"1"'),
    ),
    Scenario(
        rule=12, name="a 304 brings a new freshness", source=RFC_FRESHENING,
        script=answering(reply(200, NEWS, etag='"1"'), reply(304, cache_control="max-age=10800")),
        judge=lambda seen: waits(hours(3))(replace(seen, visits=seen.visits[1:])),
        visits=(*polls(2), *wakes(hours(10), every=hours(1))[2:]),
    ),
    _play(
        13, "a 304 to a request without conditions is a failure", "RFC 9110 §15.4.5",
        reply(304, etag='"1"'), reply(304), judge=all_of(
            complains(0), has_none, sends_last(if_none_match=None, if_modified_since=None)
        ),
    ),
    _play(
        14, "a document that was cut leaves no validators", "RFC 9111 §3.3",
        reply(200, CUT, etag='"cut"'), reply(200, NEWS), judge=sends_last(if_none_match=None),
    ),
    Scenario(
        rule=14, name="validators go to the URL that gave them and to no other", source="RFC 9110 §15.4",
        script=_moved_feed, judge=_only_to_their_giver, visits=polls(2),
    ),
    Scenario(
        rule=15, name="after eight days of nothing but 304 the whole feed is asked for once",
        source="NetNewsWire and Capy Reader", script=answering(reply(200, NEWS, etag='"1"'), reply(304)),
        judge=_one_whole_request_after_eight_days,
        visits=wakes(timedelta(days=12), every=hours(1)),
    ),
)  # fmt: skip
