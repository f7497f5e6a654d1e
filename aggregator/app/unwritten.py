"""What could not be written, until it can be: the store, the outputs.

A duty that fails comes again every few seconds, and fails as it did before: a person hears of it once, again
after a while, and when it is over.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from aggregator.logs import Line, line

log = logging.getLogger("aggregator")

REMIND_SECONDS = 3_600.0


@dataclass(slots=True)
class Unwritten:
    """The reasons, by what could not be written."""

    reasons: dict[str, str] = field(default_factory=dict)
    """as everybody may read them"""
    clock: Callable[[], float] = monotonic
    _told: dict[tuple[str, str], float] = field(default_factory=dict)
    """when each reason was, for duties that fail side by side each for its own"""

    def failed(self, what: str, reason: str, said: Line) -> None:
        """It could not be written; `said` is told, if that is news to the reader of the log."""
        self.reasons[what] = reason
        now = self.clock()
        self._told = {told: at for told, at in self._told.items() if now - at < REMIND_SECONDS}
        is_news = (what, reason) not in self._told
        if is_news:
            self._told[what, reason] = now
        log.log(logging.WARNING if is_news else logging.DEBUG, said)

    def written(self, what: str) -> None:
        """It could be."""
        self._told = {told: at for told, at in self._told.items() if told[0] != what}
        if self.reasons.pop(what, None):
            log.info(line("written again", what=what))
