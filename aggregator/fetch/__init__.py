"""Edge: conditional GETs over HTTP, as a good guest. The only package that knows httpx.

`Fetcher.get` turns a request into an answer and never raises for what the network does. `journey` knows the
way through redirects and what may go along, `turns` keeps the distance to a host, `guard` connects to public
addresses alone, `headers` reads what servers say of caching, `body` and `codings` decode within bounds.

`read_body` also reads what is pushed to us.

To change how a failure reads: `failures.in_words`. To speak another content coding: `codings`.
"""

from aggregator.fetch.body import read_body
from aggregator.fetch.client import Fetcher
from aggregator.fetch.failures import FetchError

__all__ = ["FetchError", "Fetcher", "read_body"]
