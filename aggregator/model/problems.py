"""What is wrong: what is found at one moment, and what became of it."""

from dataclasses import dataclass
from datetime import datetime

from aggregator.model.words import ProblemKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is wrong at this moment. One kind and subject is one problem for as long as it lasts."""

    kind: ProblemKind
    subject: str = ""
    """what has it, by a name that lasts; empty where there can be only one"""
    title: str
    """what is wrong, in a line"""
    cure: str
    """what to do about it, and what else there is to know"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A finding from when it was first made until it was no more: a row of `problems`."""

    id: str
    kind: ProblemKind
    subject: str
    title: str
    cure: str
    began_at: datetime
    seen_at: datetime
    """when it was found last"""
    ended_at: datetime | None = None
    told_began: bool = False
    """somebody was sent a notice of it"""
    told_ended: bool = False
