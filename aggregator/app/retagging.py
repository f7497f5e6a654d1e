"""Judges what is stored by today's rules beside everything else: one run at a time, telling how far it is.

Before it, what another version indexed is indexed anew: rules change with the words that filters find.

Knows when a run begins and ends, and what people hear of it; how stories are judged is curate's business.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aggregator.app.parts import Parts
from aggregator.core.text import counted
from aggregator.logs import line

log = logging.getLogger("aggregator")


@dataclass(slots=True)
class Retagging:
    """The run under way, if any. `changed` hears that it is worth while to publish.

    That is at once, when the newest stories are judged, and then after ever longer times: every rendering of
    all outputs delays the run, and readers ask for no more.
    """

    stopped: Callable[[], bool]
    changed: Callable[[], None]
    clock: Callable[[], float] = time.monotonic
    tell_every: float = 10.0
    """seconds between two lines in the log"""
    _at_work: bool = False
    _judged: int = 0
    _of: int = 0
    _began_at: float = 0.0
    _tell_after: float = 0.0
    _publish_after: float = 0.0

    async def run(self, parts: Parts) -> None:
        """Judge the stories if the rules are others than last time; a run under way takes them up itself."""
        if self._at_work:
            return
        self._at_work, self._began_at = True, self.clock()
        self._tell_after, self._publish_after = self.tell_every, 0.0
        try:
            if indexed := await parts.index_anew(stopped=self.stopped):
                log.info(line("indexed anew", stories=indexed))
            changed = await parts.retag_if_due(self._note, stopped=self.stopped)
        finally:
            self._at_work, self._of = False, 0
        if changed:
            log.info(line("retagged", stories=changed))
            self.changed()

    def _note(self, judged: int, of: int) -> None:
        self._judged, self._of = judged, of
        took = self.clock() - self._began_at
        if judged and took >= self._publish_after:
            self._publish_after = 2 * took
            self.changed()
        if took >= self._tell_after:
            self._tell_after = took + self.tell_every
            log.info(line("retagging", stories=judged, of=of))

    @property
    def under_way(self) -> Sequence[str]:
        """How far the run is, in a sentence; nothing where there is none."""
        if not self._of:
            return ()
        judged = f"{self._judged:,} of {counted(self._of, 'story')}"
        return (f"The rules have changed: {judged} are judged by them so far.",)
