"""What an output says of itself, in a sentence: the user's own, or what its filters and limits mean. Pure.

Made from the config alone: it must not change as stories and feeds come and go, for every byte of an output
that moves makes readers fetch it again.

To add a condition: a line in `_parts`.
"""

from collections.abc import Iterator
from datetime import timedelta

from aggregator.core.filters import Filter
from aggregator.core.settings import OutputSettings
from aggregator.core.text import counted
from aggregator.model import Edition, Group, Order

_DIGEST = {Edition.DAILY: "A digest of each day", Edition.WEEKLY: "A digest of each week"}

NAMED = 5  # alternatives of a filter; the others are counted
LENGTH = 300  # characters

_UNITS = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
_WHAT = {Group.NONE: "Every entry", Group.STORY: "Every story once", Group.EVENT: "Every event once"}


def description_of(output: OutputSettings) -> str:
    """The sentence, without a full stop; at most LENGTH characters where it is not the user's own."""
    if output.description:
        return output.description
    said = "".join(_parts(output))
    return said if len(said) <= LENGTH else said[:LENGTH].rpartition(" ")[0] + " …"


def _parts(output: OutputSettings) -> Iterator[str]:
    what = _WHAT[output.group]
    yield f"{_DIGEST[output.digest]}: {what[0].lower()}{what[1:]}" if output.digest else what
    if output.include:
        yield f", with {_in_words(output.include)}"
    if output.exclude:
        yield f", without {_in_words(output.exclude)}"
    if output.min_feeds > 1:
        yield f", told by at least {output.min_feeds} feeds"
    if output.order is Order.COVERAGE:
        yield ", what most feeds tell first"
    if output.max_age is not None:
        yield f", of the last {_lasting(output.max_age)}"


def _in_words(wanted: Filter) -> str:
    one_of = wanted.alternatives
    named = [*one_of[:NAMED], f"{len(one_of) - NAMED} more"] if len(one_of) > NAMED + 1 else one_of
    *before, last = named
    return f"{', '.join(before)} or {last}" if before else last


def _lasting(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    unit = next(unit for unit, each in _UNITS.items() if seconds % each == 0)
    return counted(seconds // _UNITS[unit], unit)
