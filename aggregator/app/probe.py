"""Asks a running daemon how it is: the container's HEALTHCHECK. Standard library only, to be quick."""

import json
import urllib.error
import urllib.request

from aggregator.core.settings import ServerSettings

PATIENCE_SECONDS = 5


def ask_health(server: ServerSettings) -> tuple[bool, str]:
    """Is the daemon well, and one line that says so or why not; never raises for an absent daemon."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(server.host, server.host)  # noqa: S104 — compared, not bound
    address = f"http://{host}:{server.port}/healthz"
    # No proxy of the environment stands between a container and itself.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=PATIENCE_SECONDS) as response:
            return True, _line(response.read())
    except urllib.error.HTTPError as error:
        return False, _line(error.read())
    except OSError as error:
        reason = getattr(error, "reason", error)
        return False, f"no daemon answers at {address} ({reason}); start one with `aggregator run`"


def _line(body: bytes) -> str:
    try:
        problems = json.loads(body)["problems"]
    except (ValueError, KeyError, TypeError):
        return "something else answers at this address; set server.listen or AGGREGATOR_LISTEN"
    return "; ".join(problems) or "healthy"
