"""The events over the stories that one output takes: where each stands, and what is shown of it. Pure.

An event is formed of the stories that the output's filter takes and of no others, so what an output leaves
out neither leads there nor counts. Follows story by story; an event is worked out again when it is asked for
and one of its stories has changed.
"""

from collections import defaultdict

from aggregator.core.coverage import Coverage
from aggregator.core.selection import Member, Place, Ranking, covered


class Standing:
    """The events of one output. `settle` brings the ranking up to date; until then it is behind."""

    def __init__(self) -> None:
        self._events: defaultdict[str, dict[str, Member]] = defaultdict(dict)
        self._event_of: dict[str, str] = {}
        self._settled: dict[str, tuple[Place, Coverage]] = {}
        self._changed: set[str] = set()

    def put(self, story_id: str, member: Member | None) -> None:
        """The story is this part of an event now; None where the output does not take it."""
        if before := self._event_of.pop(story_id, None):
            del self._events[before][story_id]
            self._changed.add(before)
        if member:
            self._event_of[story_id] = member.event
            self._events[member.event][story_id] = member
            self._changed.add(member.event)

    def settle(self, ranking: Ranking) -> None:
        """Move the events that have changed to where they belong."""
        for event in self._changed:
            before = self._settled.pop(event, None)
            members = self._events[event].values()
            if members:
                self._settled[event] = covered(members)
            else:
                del self._events[event]
            after = self._settled.get(event)
            ranking.put(before[0] if before else None, after[0] if after else None)
        self._changed.clear()

    def coverage(self, event: str) -> Coverage:
        """The event as it is shown."""
        return self._settled[event][1]
