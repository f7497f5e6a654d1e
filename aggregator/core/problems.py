"""What is wrong, over time: each problem begins once and ends once, and is told of both once. Pure.

What is found now and then is one problem: it ends when it has not been found for CALM. A disk that is full
for every second write would else begin and end all night.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from aggregator.core.times import to_text
from aggregator.model import Finding, Problem, ProblemKind

CALM = timedelta(minutes=5)
KEPT = timedelta(days=30)  # after the end
MOST = 200  # that have ended
UNTELLABLE = frozenset({ProblemKind.LINE, ProblemKind.NOTICES})
"""what keeps notices from being sent is told on the pages alone"""

IDS = uuid.UUID("0b6d5d4e-7b62-5f0c-8a56-3f6b1f1f6f0d")


def followed(
    problems: Collection[Problem],
    findings: Iterable[Finding],
    *,
    unsure: Collection[ProblemKind] = (),
    now: datetime,
) -> tuple[Problem, ...]:
    """The problems after another look, the first first; those that ended long ago are left out.

    Of `unsure` kinds nothing is known at this moment: what is not found of them goes on.
    """
    found = {(one.kind, one.subject): one for one in findings}
    standing = {(one.kind, one.subject) for one in problems if not one.ended_at}
    after = [_after(one, found, unsure, now) for one in problems]
    began = [_begun(one, now) for key, one in found.items() if key not in standing]
    ended = sorted((one.ended_at for one in after if one.ended_at), reverse=True)[:MOST]
    oldest = max(now - KEPT, ended[-1]) if ended else now - KEPT
    return tuple(one for one in (*after, *began) if not one.ended_at or one.ended_at >= oldest)


def _after(
    problem: Problem,
    found: Mapping[tuple[ProblemKind, str], Finding],
    unsure: Collection[ProblemKind],
    now: datetime,
) -> Problem:
    if problem.ended_at:
        return problem
    if (problem.kind, problem.subject) in found or problem.kind in unsure:
        return replace(problem, seen_at=now)
    # A clock that was set back is no calm.
    return replace(problem, ended_at=now) if abs(now - problem.seen_at) >= CALM else problem


def _begun(finding: Finding, now: datetime) -> Problem:
    name = f"{finding.kind} {finding.subject} {to_text(now)}"
    return Problem(
        id=str(uuid.uuid5(IDS, name)),
        kind=finding.kind,
        subject=finding.subject,
        title=finding.title,
        cure=finding.cure,
        began_at=now,
        seen_at=now,
    )


def standing(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Those that last."""
    return tuple(one for one in problems if not one.ended_at)


def untold(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Those whose beginning or end nobody was sent a notice of.

    What ended before anybody heard of it is told to nobody.
    """
    return tuple(one for one in problems if one.kind not in UNTELLABLE and _is_news(one))


def _is_news(problem: Problem) -> bool:
    return (problem.told_began and not problem.told_ended) if problem.ended_at else not problem.told_began


def told(problems: Iterable[Problem], news: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems after a notice of these, whatever became of them meanwhile."""
    ended = {one.id: bool(one.ended_at) for one in news}
    return tuple(
        replace(one, told_began=True, told_ended=ended[one.id]) if one.id in ended else one
        for one in problems
    )
