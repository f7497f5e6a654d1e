"""`python -m aggregator`, and where the command `aggregator` begins: with what a SIGTERM does from then."""

import signal
import sys

TERMINATED = 128 + signal.SIGTERM  # as shells tell it of a process that a SIGTERM ended


def main() -> None:
    """Run the command line."""
    # The first process of a container ignores what it does not handle, and all that follows takes a second to
    # load: until the daemon listens itself, a SIGTERM would be lost, and the container killed at last.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    from aggregator.cli import main as run  # noqa: PLC0415

    run()


if __name__ == "__main__":
    main()
