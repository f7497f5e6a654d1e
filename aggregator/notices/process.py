"""What runs in the process of its own: reads a task from stdin, answers on stdout, and ends.

A task is JSON: `addresses`, and a `title` and `body` to send there, or none to have the addresses judged. The
answer is a list with a reason for each address, null where all is well. Only this module imports apprise.
"""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import TextIO

import apprise
from apprise.manager_plugins import NotificationManager

from aggregator.notices.shown import cleaned, service_of

DOCS = "https://appriseit.com/services/ says how its addresses are written"


def main(reads: TextIO = sys.stdin, writes: TextIO = sys.stdout) -> None:
    """Do the task that is read."""
    task = json.load(reads)
    message = (task["title"], task["body"]) if "title" in task else None
    answers = [fault_of(one) or (message and failure_of(one, *message)) for one in task["addresses"]]
    json.dump(answers, writes)


def fault_of(address: str) -> str | None:
    """Why nothing can be sent to this address as it is written; None where it can."""
    known: list[str] = NotificationManager().schemas()  # type: ignore[no-untyped-call]
    service = service_of(address)
    if service not in known:
        near = get_close_matches(service, known, 1)
        guess = f", did you mean '{near[0]}'?" if near else f"; {DOCS}"
        return f"is of no service that apprise knows: '{service}'{guess}"
    if apprise.Apprise.instantiate(address) is None:
        return f"is no whole address of '{service}'; {DOCS}"
    return None


def failure_of(address: str, title: str, body: str) -> str | None:
    """Send it; why that failed, or None."""
    crier = apprise.Apprise(asset=apprise.AppriseAsset(app_id="aggregator"))
    crier.add(address)
    with _overheard() as said:
        sent = crier.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT)
    return None if sent else cleaned(said[0] if said else "it was not taken", address)


@contextmanager
def _overheard() -> Iterator[list[str]]:
    """What apprise warns of in the body of the `with`."""
    said: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    logger, ear = logging.getLogger("apprise"), Ear(logging.WARNING)
    logger.addHandler(ear)
    try:
        yield said
    finally:
        logger.removeHandler(ear)


if __name__ == "__main__":
    main()
