"""Builds the edges, wires them to the use-cases, and owns start, ticks and stop.

`parts` wires; `daemon` keeps time; `probe` asks a running daemon how it is, `orders` tells it what to do,
`supervisor` tells systemd how it is; `allocator` keeps it small. Decides nothing about news.

To add a recurring duty: a method of `Daemon` and its line in `Daemon._duties`.
"""

from aggregator.app.allocator import give_freed_memory_back
from aggregator.app.daemon import Daemon
from aggregator.app.orders import Order, give
from aggregator.app.parts import PUBLIC, Parts, known_settings, open_parts, utc_now
from aggregator.app.probe import ask_health

__all__ = [
    "PUBLIC",
    "Daemon",
    "Order",
    "Parts",
    "ask_health",
    "give",
    "give_freed_memory_back",
    "known_settings",
    "open_parts",
    "utc_now",
]
