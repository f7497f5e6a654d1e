"""The connections to servers, straight or through a proxy: guarded, verified, without a memory.

This is httpx's transport and not its client: a client keeps cookies, reads proxies and logins from the
environment, and looks at redirects even where it does not follow them. Of the environment only SSL_CERT_FILE
and SSL_CERT_DIR count, which name certificates to trust. Idle connections are closed after a few seconds: a
feed is asked again in half an hour.
"""

import ssl

import httpx

from aggregator.core.addresses import Allowed, allowed
from aggregator.core.settings import PollSettings
from aggregator.fetch.guard import Guard, Resolve, SystemResolver, numbers_of

KEEP_IDLE_SECONDS = 15


class Connections:
    """A transport for those who go straight, and one for each proxy; call `aclose` at the end.

    A stranger has one of its own: an idle connection into a private network is none of its business.
    """

    def __init__(self, settings: PollSettings, resolve: Resolve | None) -> None:
        self._limits = httpx.Limits(max_connections=settings.concurrency, keepalive_expiry=KEEP_IDLE_SECONDS)
        self._resolve = resolve or SystemResolver()
        self._allowed = allowed(settings.allow_private)
        self._guard = Guard(self._allowed, self._resolve)
        self._guard_of_strangers = Guard(self._allowed, self._resolve, stranger=True)
        self._trust: ssl.SSLContext = httpx.create_ssl_context()  # made once: it takes 40 ms
        self._transports: dict[tuple[str | None, Guard], httpx.AsyncHTTPTransport] = {}

    async def to(self, url: httpx.URL, home: str, proxy: str | None) -> httpx.AsyncHTTPTransport:
        """The transport to this URL, through the proxy or straight; FetchError for a private number.

        `home` is `host:port` of the feed's own address: what a feed leads to is judged by whose feed it is.
        """
        is_stranger = await self._is_stranger(url.host, home, proxy)
        guard = self._guard_of_strangers if is_stranger else self._guard
        if proxy:
            guard.refuse_number(url.host)
            guard = self._guard  # the proxy is the user's own
        if (proxy, guard) not in self._transports:
            self._transports[proxy, guard] = self._transport(proxy, guard)
        return self._transports[proxy, guard]

    async def _is_stranger(self, host: str, home: str, proxy: str | None) -> bool:
        """Whether a feed is no feed of the list's hosts, and leads to another host than its own."""
        own, _, port = home.rpartition(":")
        if own == host or self._allowed == Allowed() or self._allowed.lists(own, ()):
            return False
        addresses = numbers_of(own)
        if not addresses and not proxy:  # else the proxy's to look up
            try:
                addresses = await self._resolve(own, int(port or 0))
            except (OSError, UnicodeError):
                return True
        return not self._allowed.lists(own, addresses)

    def _transport(self, proxy: str | None, guard: Guard) -> httpx.AsyncHTTPTransport:
        between = httpx.Proxy(proxy) if proxy else None
        if between and between.url.scheme == "https":
            between.ssl_context = self._trust
        transport = httpx.AsyncHTTPTransport(verify=self._trust, limits=self._limits, proxy=between)
        # httpx has no argument for it; tests/fetch/test_guard.py sees that connections come this way.
        transport._pool._network_backend = guard  # noqa: SLF001
        return transport

    async def aclose(self) -> None:
        """Close all connections; calling it again does nothing."""
        for transport in self._transports.values():
            await transport.aclose()
