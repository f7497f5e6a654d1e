"""Judges that several scenarios share: each reads what was seen and names the first fault, in a sentence."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise

from tests.scenarios.scenario import FEED, HERE, Judge, Seen


def all_of(*judges: Judge) -> Judge:
    """The first fault that any of them finds."""

    def judge(seen: Seen) -> str | None:
        return next((fault for one in judges if (fault := one(seen))), None)

    return judge


# -- what requests carry ----------------------------------------------------------------------------------


def sends_last(**headers: bytes | None) -> Judge:
    """The last request for the feed carries these headers byte for byte; None: does not carry it at all."""

    def judge(seen: Seen) -> str | None:
        requests = seen.requests()
        if len(requests) < len(seen.visits):
            return f"asked {len(requests)} times in {len(seen.visits)} visits"
        return _compared(requests[-1].headers, headers.items())

    return judge


def _compared(sent: dict[str, bytes], wanted: Iterable[tuple[str, bytes | None]]) -> str | None:
    for key, value in wanted:
        name = key.replace("_", "-")
        if sent.get(name) != value:
            return f"sent {name.title()} {_shown(sent.get(name))} where {_shown(value)} was right"
    return None


def _shown(value: bytes | None) -> str:
    return "none" if value is None else value.decode("latin-1")


# -- when requests come -----------------------------------------------------------------------------------


def waits(least: timedelta, most: timedelta | None = None, *, path: str = FEED) -> Judge:
    """No two requests for the path closer than `least`; and the client does come again, by `most`."""

    def judge(seen: Seen) -> str | None:
        moments = seen.moments(path)
        gaps = [later - earlier for earlier, later in pairwise(moments)]
        if gaps and min(gaps) < least:
            return f"came again after {in_words(min(gaps))} where {in_words(least)} was right"
        if most is None:
            return None
        last = seen.visits[-1].visit.after
        longest = max([*gaps, last - moments[-1]], default=last) if moments else last
        return f"stayed away for {in_words(longest)} (over {in_words(most)})" if longest > most else None

    return judge


def comes_at_most(times: int, *, path: str = FEED) -> Judge:
    """So many visits at most lead to a request."""

    def judge(seen: Seen) -> str | None:
        came = len(seen.moments(path))
        return f"came {came} times where {times} were enough" if came > times else None

    return judge


def asks_once_a_visit(seen: Seen) -> str | None:
    """No second try within one visit."""
    most = max(len(visited.requests[HERE]) for visited in seen.visits)
    return f"sent {most} requests in one visit" if most > 1 else None


def in_words(wait: timedelta) -> str:
    """`2 h 30 min`, `3 d`: what people say."""
    minutes = round(wait.total_seconds() / 60)
    parts = ((minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "no time"


# -- what the client has to show --------------------------------------------------------------------------


def has(*titles: str) -> Judge:
    """At the end the client keeps these entries."""

    def judge(seen: Seen) -> str | None:
        missing = set(titles) - seen.visits[-1].found.titles
        return f"does not have {', '.join(sorted(missing))}" if missing else None

    return judge


def has_none(seen: Seen) -> str | None:
    """At the end the client keeps nothing."""
    titles = seen.visits[-1].found.titles
    return f"has stored {', '.join(sorted(titles))}" if titles else None


def complains(number: int) -> Judge:
    """After this visit the client says that something is wrong with a feed; -1 is the last."""

    def judge(seen: Seen) -> str | None:
        return None if seen.visits[number].found.problems else "says nothing of the failure"

    return judge
