"""Edge: conditional GETs over HTTP, as a good guest. The only package that knows httpx.

`Fetcher.get` turns a request into an answer and never raises for what the network does. `turns` keeps the
distance to a host, `headers` reads what servers say of caching, `body` decodes within bounds.

To change how a failure reads: `failures.in_words`. To speak another content coding: `body`.
"""

from aggregator.fetch.client import Fetcher

__all__ = ["Fetcher"]
