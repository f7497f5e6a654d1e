"""Has a feed that used to speak fallen silent? Judged by its own rhythm, for feeds that answer well. Pure.

A feed that is asked and answers, and has had nothing new for far longer than ever before, has most often been
left behind: its site has another feed by now. Some blogs speak once a month, so no one span fits all. What is
not known to have a rhythm is never called silent, and neither is a silence as long as one before.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

ARRIVALS = 6  # fewer show no rhythm
AT_LEAST = timedelta(days=7)  # holidays and weekends
LONGEST_TIMES = 2
USUAL_TIMES = 8  # where news comes at random, one gap in 3,000 is as long


def patience(arrivals: Sequence[datetime]) -> timedelta | None:
    """How long a feed may say nothing that had news at these moments; None where they show no rhythm.

    In any order; moments that are the same count once.
    """
    moments = sorted(set(arrivals))
    if len(moments) < ARRIVALS:
        return None
    gaps = sorted(later - earlier for earlier, later in pairwise(moments))
    return max(AT_LEAST, LONGEST_TIMES * gaps[-1], USUAL_TIMES * gaps[len(gaps) // 2])


def silence(arrivals: Sequence[datetime], heard_at: datetime) -> timedelta | None:
    """For how long the feed has said nothing, if that is too long; it last answered well at `heard_at`."""
    allowed = patience(arrivals)
    if allowed is None:
        return None
    lasted = heard_at - max(arrivals)
    return lasted if lasted > allowed else None
