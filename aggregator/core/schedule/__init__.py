"""When a feed is polled next, and how it stands after a poll. Pure: `now` and the dice are given.

Every wait comes with its rule in words, which `feeds` and /feeds show. No wait is without end but the two
that a person has to end: the server's own "gone" (410) and its wish for a log-in (401). A feed that is broken
in any other way for a year is still asked once a day.

terms    what the config says of a feed's pace, and what a poll brought
polled   the feed after a poll: its wait, its backoff, its end
rhythm   how often a feed has news
moves    when a permanent redirect is believed
waits    what servers asked for with Retry-After, and who is left alone even when asked for
unheard  polls while our own line is down
settling a start, a reload, a wake-up: no burst, no feed before its time, none forgotten
spans    time spans in words

To add a rule: a line in polled.py, and a row in tests/core/schedule/test_polled.py.
"""

from aggregator.core.schedule.polled import after_poll, after_push, asks_whole, reads_anew
from aggregator.core.schedule.settling import AGAIN, FILTERS, FIRST, begun, overtaken, reread, settled
from aggregator.core.schedule.spans import in_words
from aggregator.core.schedule.terms import Brought, Push, Terms, terms
from aggregator.core.schedule.unheard import forgiven, unheard
from aggregator.core.schedule.waits import (
    PAGES,
    closed_to_pages,
    holds,
    page_wait,
    skipped,
    wait_at,
    wait_of,
    waits_after,
)

__all__ = [
    "AGAIN",
    "FILTERS",
    "FIRST",
    "PAGES",
    "Brought",
    "Push",
    "Terms",
    "after_poll",
    "after_push",
    "asks_whole",
    "begun",
    "closed_to_pages",
    "forgiven",
    "holds",
    "in_words",
    "overtaken",
    "page_wait",
    "reads_anew",
    "reread",
    "settled",
    "skipped",
    "terms",
    "unheard",
    "wait_at",
    "wait_of",
    "waits_after",
]
