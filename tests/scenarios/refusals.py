"""Rules 21 to 27 and 49: what a guest makes of a server that says later, no, never again, or nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.http import reply
from tests.scenarios.judges import all_of, asks_once_a_visit, comes_at_most, complains, has, in_words, waits
from tests.scenarios.pace import A_DAY, BY_THEN, TEN_MINUTES, lively, news
from tests.scenarios.scenario import FEED, THERE, Judge, Scenario, Seen, Stage, answering, hours, polls, wakes

RFC_RETRY = "RFC 9110 §10.2.3"
RFC_429 = "RFC 6585 §4"
TITLE = "News number 1 of today"
TWO_WEEKS = wakes(timedelta(days=14), every=hours(1))

# -- later: 429 and 503 -----------------------------------------------------------------------------------


def _retry_at(stage: Stage) -> None:
    now, then = (format_datetime(datetime.now(UTC) + wait, usegmt=True) for wait in (hours(0), hours(5)))
    stage.here.on(FEED, reply(429, date=now, retry_after=then))


def _busy_host(stage: Stage) -> None:
    stage.here.on(FEED, news(), reply(429, retry_after="18000"), news())
    stage.here.on("/other", news())


def _host_left_alone(seen: Seen) -> str | None:
    if len(seen.moments()) < 2:
        return "did not come again"
    refused = seen.moments()[1]
    early = [at for at in seen.moments("/other") if refused < at < refused + hours(5)]
    return f"asked its host again {in_words(early[0] - refused)} after a 429" if early else None


def _later(rule: int, name: str, source: str, *answers: bytes, judge: Judge | None = None) -> Scenario:
    return Scenario(
        rule=rule,
        name=name,
        source=source,
        script=answering(*answers),
        judge=judge or waits(hours(5), BY_THEN),
        visits=wakes(hours(30), every=timedelta(minutes=30)),
    )


def _backs_off(seen: Seen) -> str | None:
    moments = seen.moments()
    if len(moments) < 3:
        return "hardly came again"
    first, last = moments[1] - moments[0], moments[-1] - moments[-2]
    return None if last > first else "came again at the same pace, however often it was refused"


# -- no: 404, 403, 500 for ever ---------------------------------------------------------------------------


def _one_guise(seen: Seen) -> str | None:
    guises = {asked.headers.get("user-agent") for asked in seen.requests()}
    return f"tried {len(guises)} User-Agents" if len(guises) > 1 else None


def _no_for_ever(status: int) -> Scenario:
    return Scenario(
        rule=25, name=f"{status} for ever: ever longer pauses up to a day, its entries stay, and it is told",
        source="RFC 9110 §15.5", script=answering(news(), reply(status)),
        judge=all_of(
            asks_once_a_visit, _one_guise, complains(-1), has(TITLE),
            waits(TEN_MINUTES, BY_THEN), comes_at_most(60),
        ),
        visits=TWO_WEEKS,
    )  # fmt: skip


# -- nothing at all ---------------------------------------------------------------------------------------

OUTAGE = (hours(2), hours(20))


def _unreachable(stage: Stage) -> None:
    """Of four feeds only the first can be had: no such name (RFC 6761 §6.4), a closed port, no TLS."""
    stage.here.on(FEED, news())


def _told_apart(seen: Seen) -> str | None:
    problems = seen.visits[-1].found.problems
    if len(problems) < 3:
        return f"complains of {len(problems)} feeds where 3 cannot be had"
    return "tells failures of different kinds in the same words" if len(set(problems.values())) < 3 else None


def _never_in_plain_text(seen: Seen) -> str | None:
    return "fell back from https to http" if seen.requests(path=None, host=THERE) else None


def _all_papers(stage: Stage) -> None:
    for server in stage.public:
        server.on(FEED, *lively(60))


def _back_at_once(seen: Seen) -> str | None:
    for server in seen.stage.public:
        after = [at for at in seen.moments(host=server.host) if at >= OUTAGE[1]]
        late = (after[0] if after else seen.visits[-1].visit.after) - OUTAGE[1]
        if late > hours(4):
            return f"was away for another {in_words(late)} after its own line came back"
    return None


REFUSALS: tuple[Scenario, ...] = (
    _later(21, "429 with seconds is waited for", RFC_429, reply(429, retry_after="18000")),
    Scenario(
        rule=21, name="429 with seconds holds through restarts", source=RFC_429,
        script=answering(reply(429, retry_after="18000")), judge=waits(hours(5), BY_THEN),
        visits=wakes(hours(12), every=timedelta(minutes=30), restarting=True),
    ),
    Scenario(
        rule=21, name="429 counts for every feed of the host", source=RFC_429,
        script=_busy_host, judge=_host_left_alone, visits=A_DAY, feeds=(FEED, "/other"),
    ),
    Scenario(
        rule=22, name="429 with a date is waited for", source=RFC_RETRY, script=_retry_at,
        judge=waits(hours(4.9)), visits=wakes(hours(8), every=timedelta(minutes=30)),
    ),
    _later(23, "503 with Retry-After is waited for", RFC_RETRY, reply(503, retry_after="18000")),
    *(
        _later(
            24, f"429 with Retry-After {said!r} is met with a pause of one's own that grows", RFC_RETRY,
            reply(429, **({"retry_after": said} if said else {})),
            judge=all_of(waits(TEN_MINUTES, BY_THEN), _backs_off),
        )
        for said in ("0", "-5", "soon", "Tue, 24 Nov 2020 12:00:00 GMT", "")
    ),
    *(_no_for_ever(status) for status in (404, 403, 500)),
    Scenario(
        rule=26, name="410 is the end, after one more look at most", source="RFC 9110 §15.5.11",
        script=answering(news(), reply(410)), judge=all_of(comes_at_most(3), complains(-1), has(TITLE)),
        visits=TWO_WEEKS,
    ),
    Scenario(
        rule=27, name="401 is not asked again until the user changes something", source="RFC 9110 §15.5.2",
        script=answering(news(), reply(401, www_authenticate="Basic")),
        judge=all_of(comes_at_most(3), complains(-1)),
        visits=TWO_WEEKS,
    ),
    Scenario(
        rule=49, name="no such name, a closed port and no TLS are told apart, and https is not given up",
        source="RFC 9110 §4.3.4", script=_unreachable, judge=all_of(_told_apart, _never_in_plain_text),
        visits=polls(2),
        feeds=(FEED, "http://no-such-paper.invalid/feed", "http://127.0.0.3:9/feed", "https://{there}/feed"),
    ),
    Scenario(
        rule=49, name="when every host fails at once it is our line, and nobody is punished for it",
        source="lemon24/reader and NetNewsWire", script=_all_papers, judge=_back_at_once,
        visits=tuple(
            replace(visit, online=not OUTAGE[0] <= visit.after < OUTAGE[1])
            for visit in wakes(hours(30), every=timedelta(minutes=30))
        ),
        feeds=tuple(f"http://{{{number}}}/feed" for number in range(5)),
    ),
)  # fmt: skip
