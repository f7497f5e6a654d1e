"""Use-case: polling. `Poller` polls a feed, `Articles` adds full texts, `Turnstile` says whose turn it is.

`Subscriber` has hubs bring the news of feeds that name one.
"""

from aggregator.poll.articles import Articles, Extracts, Fetches
from aggregator.poll.hubs import Subscriber
from aggregator.poll.poller import Parses, Poller, Stores
from aggregator.poll.turnstile import Turnstile, poll_round

__all__ = [
    "Articles",
    "Extracts",
    "Fetches",
    "Parses",
    "Poller",
    "Stores",
    "Subscriber",
    "Turnstile",
    "poll_round",
]
