"""Rules 16 to 20 and 28 to 31: how often a guest may come. The client is woken often and decides itself."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.http import reply
from tests.newsroom import an_item, an_rss
from tests.scenarios.judges import all_of, comes_at_most, waits
from tests.scenarios.scenario import FEED, Judge, Scenario, Script, Seen, Stage, answering, hours, wakes

TEN_MINUTES = timedelta(minutes=10)
BY_THEN = timedelta(hours=27)  # a day, the usual longest pause, and some jitter
A_DAY = wakes(hours(30), every=TEN_MINUTES)

OPEN_HOURS = {0, 6, 12, 18}

RFC_MAX_AGE = "RFC 9111 §5.2.2.1"
RFC_LIFETIME = "RFC 9111 §4.2.1"
RSS = "RSS 2.0"
SYNDICATION = "RSS 1.0 mod_syndication"


def news(hints: str = "", **headers: str) -> bytes:
    """A feed with one entry, these elements in its channel, and these headers."""
    return reply(200, an_rss(hints, an_item(1)), **headers)


def lively(count: int) -> tuple[bytes, ...]:
    """Answers of a feed that has one more entry each time, `count` in the end."""
    items = [an_item(number) for number in range(count)]
    return tuple(reply(200, an_rss(*items[:number])) for number in range(1, count + 1))


def _play(rule: int, name: str, source: str, script: Script, judge: Judge) -> Scenario:
    return Scenario(rule=rule, name=name, source=source, script=script, judge=judge, visits=A_DAY)


def _expires_in(hours_ahead: float, **headers: str) -> Script:
    """Expires counts from Date, which is the server's clock (RFC 9111 §4.2.1)."""

    def script(stage: Stage) -> None:
        now = datetime.now(UTC)
        dates = {
            "date": format_datetime(now, usegmt=True),
            "expires": format_datetime(now + hours(hours_ahead), usegmt=True),
        }
        stage.here.on(FEED, news(**dates, **headers))

    return script


def _keeps_to_open_hours(seen: Seen) -> str | None:
    """The first poll cannot know; and whoever is woken every ten minutes may be late by ten."""
    for after in seen.moments()[1:]:
        at = seen.began + after
        if not {at.hour, (at - TEN_MINUTES).hour} & OPEN_HOURS:
            return f"came at {at:%H:%M}, an hour to be skipped"
    return None


def _three_feeds(stage: Stage) -> None:
    for path in ("/a", "/b", "/c"):
        stage.here.on(path, news())


def _one_at_a_time(seen: Seen) -> str | None:
    most = seen.stage.here.most_at_once
    return f"had {most} requests at one host at once" if most > 1 else None


PACE: tuple[Scenario, ...] = (
    _play(
        16, "max-age is waited for", RFC_MAX_AGE,
        answering(news(cache_control="max-age=9000")), waits(hours(2.5), BY_THEN),
    ),
    _play(
        16, "Age is taken from max-age", RFC_LIFETIME,
        answering(news(cache_control="max-age=12600", age="3600")), waits(hours(2.5), BY_THEN),
    ),
    _play(17, "Expires is waited for", RFC_LIFETIME, _expires_in(2.5), waits(hours(2.5), BY_THEN)),
    _play(
        17, "max-age wins over Expires", RFC_LIFETIME,
        _expires_in(-1, cache_control="max-age=9000"), waits(hours(2.5), BY_THEN),
    ),
    *(
        Scenario(
            rule=18, name=f"{said} is no leave to come every minute", source=RFC_MAX_AGE,
            script=answering(news(cache_control=said)), judge=waits(TEN_MINUTES, BY_THEN),
            visits=wakes(hours(3), every=timedelta(minutes=1)),
        )
        for said in ("max-age=0", "no-cache")
    ),
    _play(
        19, "the document's ttl is waited for", RSS,
        answering(news("<ttl>150</ttl>")), waits(hours(2.5), BY_THEN),
    ),
    _play(
        19, "the document's updatePeriod is waited for", SYNDICATION,
        answering(reply(200, an_rss(an_item(1)).replace(
            b"<channel>", b"<channel><sy:updatePeriod xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>"
            b"daily</sy:updatePeriod>",
        ))),
        waits(hours(24)),
    ),
    Scenario(
        rule=20, name="the hours of skipHours are left out", source=RSS,
        script=answering(news("<skipHours>" + "".join(
            f"<hour>{hour}</hour>" for hour in range(24) if hour not in OPEN_HOURS
        ) + "</skipHours>")),
        judge=all_of(_keeps_to_open_hours, waits(TEN_MINUTES, BY_THEN)),
        visits=wakes(timedelta(days=2), every=TEN_MINUTES),
    ),
    Scenario(
        rule=28, name="a client that is woken every minute does not poll every minute",
        source="Feed reader score", script=answering(news()), judge=waits(TEN_MINUTES, BY_THEN),
        visits=wakes(hours(3), every=timedelta(minutes=1)),
    ),
    Scenario(
        rule=29, name="a restart polls nothing early", source="Feed reader score",
        script=answering(news(cache_control="max-age=9000")), judge=waits(hours(2.5), BY_THEN),
        visits=wakes(hours(30), every=hours(1), restarting=True),
    ),
    Scenario(
        rule=31, name="three feeds of one host are asked one after another", source="RFC 9112 §9.4",
        script=_three_feeds, judge=all_of(_one_at_a_time, comes_at_most(1, path="/c")),
        visits=wakes(timedelta(0), every=hours(1)), feeds=("/a", "/b", "/c"),
    ),
)  # fmt: skip
