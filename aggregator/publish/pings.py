"""Tells the hub which outputs have changed: in one request, again and again until the hub has heard it.

Never holds up publishing: what has changed is only noted there, and told by a duty of its own.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import quote

from aggregator.core import websub
from aggregator.core.settings import ServerSettings
from aggregator.model import Answer, Snapshot
from aggregator.publish.folder import PRIVATE
from aggregator.publish.rendering import AS_WRITTEN

log = logging.getLogger("aggregator")

FIRST_PAUSE = timedelta(minutes=1)  # after a ping that failed; each further one doubles it
LONGEST_PAUSE = timedelta(hours=1)


class Posts(Protocol):
    """Posts a form; what the network does is a value, never an exception."""

    async def post(self, url: str, form: Iterable[tuple[str, str]], *, home: str | None = None) -> Answer:
        """What came of it."""
        ...


@dataclass(slots=True)
class Pings:
    """The topics of which the hub has not heard yet."""

    server: ServerSettings
    now: Callable[[], datetime]
    _topics: set[str] = field(default_factory=set)
    _failures: int = 0
    _not_before: datetime | None = None

    def note(self, written: Iterable[str]) -> None:
        """These files were written; what of them is no topic is left out."""
        if self.server.hub:
            public = (path for path in written if not path.startswith(f"{PRIVATE}/"))
            topics = (path for path in public if path.rpartition(".")[2] in websub.TOPICS)
            self._topics.update(f"{self.server.public_url}{quote(path, safe=AS_WRITTEN)}" for path in topics)

    def recall(self, snapshot: Snapshot) -> None:
        """After a start: what changed within the last hour is told again.

        Nobody knows whether the hub has heard of it. Of what it knows it finds nothing new.
        """
        recent = self.now() - LONGEST_PAUSE
        self.note(path for path, said in snapshot.items() if said.last_modified >= recent)

    @property
    def due(self) -> bool:
        """Whether there is something to tell, and the pause after a failure is over."""
        return bool(self._topics) and (self._not_before is None or self.now() >= self._not_before)

    async def send(self, client: Posts) -> None:
        """Tell the hub all of it; what it does not take is told again after a pause."""
        taken, self._topics = self._topics, set()
        untold = set(taken)
        for form in websub.pings(taken):
            answer = await client.post(self.server.hub, form, home=self.server.hub)
            if answer.error:
                self._topics |= untold  # beside what has changed meanwhile
                return self._put_off(answer.error)
            untold.difference_update(topic for _, topic in form)
        self._failures, self._not_before = 0, None
        log.info("pinged hub=%s topics=%d", self.server.hub, len(taken))
        return None

    def _put_off(self, error: str) -> None:
        pause = min(FIRST_PAUSE * (1 << min(self._failures, 16)), LONGEST_PAUSE)
        self._failures += 1
        self._not_before = self.now() + pause
        log.warning("not pinged hub=%s error=%r; tried again in %s", self.server.hub, error, pause)
