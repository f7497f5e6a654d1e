"""Tells the supervisor that started us how we are: sd_notify(3), which systemd and its like understand.

Where nobody listens (a terminal, a container) nothing is said. Decides nothing: the daemon knows how it is.
"""

import logging
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

log = logging.getLogger("aggregator")

READY = "READY=1"
ALIVE = "WATCHDOG=1"
STOPPING = "STOPPING=1"


@dataclass(frozen=True, slots=True)
class Supervisor:
    """Who wants to know. `pulse` is how often it wants to hear that we live; None where it does not."""

    address: str | None = None
    pulse: timedelta | None = None

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Supervisor":
        """The one that the environment names; systemd's `WatchdogSec=` leaves its microseconds there.

        Half of them is the pulse, as sd_watchdog_enabled(3) advises.
        """
        patience = environ.get("WATCHDOG_USEC", "")
        ours = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        pulse = timedelta(microseconds=int(patience)) / 2 if ours and patience.isdecimal() else None
        return cls(environ.get("NOTIFY_SOCKET"), pulse or None)

    def tell(self, *words: str) -> None:
        """Send these assignments; one that goes away meanwhile is no reason to stop working."""
        if not self.address:
            return
        abstract = self.address.startswith("@")  # an abstract socket's name (unix(7))
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
                out.sendto("\n".join(words).encode(), "\0" + self.address[1:] if abstract else self.address)
        except OSError as error:
            log.warning("the supervisor at NOTIFY_SOCKET=%s does not hear us: %s", self.address, error)
