"""Use-case: polling. `Poller` polls one feed; `Turnstile` and `poll_round` say whose turn it is."""

from aggregator.poll.poller import Fetches, Parses, Poller, Stores
from aggregator.poll.turnstile import Turnstile, poll_round

__all__ = ["Fetches", "Parses", "Poller", "Stores", "Turnstile", "poll_round"]
