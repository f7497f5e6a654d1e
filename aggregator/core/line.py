"""Is it us? When no host can be reached any more, it is our own line that is down, and no feed's fault.

Pure. A host counts as unreached when its name, its connection or its TLS failed, or when it kept silent until
the deadline; whatever a server answers, be it an error, proves the line. The line is held to be down when,
since a server last answered, three hosts were not reached whose feeds had been well until then (two hosts,
where the config has no more than three). A feed that never answered was never well, and counts only until
some server has answered: a start without a network is told, three mistyped addresses are not taken for one.
A config with one host cannot tell, and that host backs off.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.core.urls import host_of
from aggregator.model import Answer, Feed

HOSTS, OF_FEW_HOSTS = 3, 2


@dataclass(frozen=True, slots=True)
class Suspect:
    """A feed that could not be reached, as it stood before that poll."""

    feed: Feed
    at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """How our line stands. `suspects` failed since a server last answered; `down_since` while it is down."""

    suspects: tuple[Suspect, ...] = ()
    down_since: datetime | None = None
    proved: bool = False
    """a server has answered since we began"""

    def heard(
        self, feed: Feed, answer: Answer, *, hosts: Collection[str], within: timedelta, now: datetime
    ) -> "Line":
        """The line after this answer to a poll of `feed`, which stands as before it.

        `hosts` are all that the config has; only what failed `within` this time failed at once.
        """
        if answer.status is not None:
            return Line(proved=True)
        if not answer.unreached or self.down_since:
            return self
        recent = tuple(one for one in self.suspects if now - one.at <= within)
        known = any(one.feed.id == feed.id for one in recent)
        after = replace(self, suspects=recent if known else (*recent, Suspect(feed, now)))
        needed = HOSTS if len(hosts) > HOSTS else OF_FEW_HOSTS
        return replace(after, down_since=after.suspects[0].at) if after.unreached >= needed else after

    @property
    def unreached(self) -> int:
        """How many hosts went away whose feeds were well; one that was dead before says nothing of us."""
        return len({host_of(one.feed.url) for one in self.suspects if self._was_well(one.feed)})

    def _was_well(self, feed: Feed) -> bool:
        return not feed.failures and (feed.last_ok_at is not None or not self.proved)
