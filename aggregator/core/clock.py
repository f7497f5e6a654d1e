"""Is our clock right? What servers say of the time with each answer (Date, RFC 9110 §6.6.1), by host. Pure.

One server's clock may be wrong, and an answer kept by a cache is older than now. So the clock is held to be
wrong only when two hosts or more say so, all of those that were heard last, and in the same direction; by as
much as the one that differs least. A config with one host cannot tell.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

HOSTS = 2
REMEMBERED = 10  # hosts that were heard last
SLACK = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Clock:
    """How far servers are ahead of us, by host, the one heard last at the end."""

    ahead: Mapping[str, timedelta] = field(default_factory=dict)

    def heard(self, host: str, ahead: timedelta) -> "Clock":
        """The clock after an answer of this host, whose time is so far `ahead` of ours."""
        others = [(name, span) for name, span in self.ahead.items() if name != host]
        return Clock(dict([*others[-(REMEMBERED - 1) :], (host, ahead)]))

    @property
    def behind(self) -> timedelta | None:
        """How far our clock is behind the servers', negative where it is ahead; None where it is right."""
        spans = sorted(self.ahead.values(), key=abs)
        if len(spans) < HOSTS or abs(spans[0]) < SLACK:
            return None
        same_side = len({span > timedelta(0) for span in spans}) == 1
        return spans[0] if same_side else None
