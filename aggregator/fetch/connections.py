"""The connections to servers, straight or through a proxy: guarded, verified, without a memory.

This is httpx's transport and not its client: a client keeps cookies, reads proxies and logins from the
environment, and looks at redirects even where it does not follow them. Of the environment only SSL_CERT_FILE
and SSL_CERT_DIR count, which name certificates to trust. Idle connections are closed after a few seconds: a
feed is asked again in half an hour.
"""

import ssl

import httpx

from aggregator.core.addresses import allowed
from aggregator.core.settings import PollSettings
from aggregator.fetch.guard import Guard, Resolve, SystemResolver

KEEP_IDLE_SECONDS = 15


class Connections:
    """A transport for those who go straight, and one for each proxy; call `aclose` at the end."""

    def __init__(self, settings: PollSettings, resolve: Resolve | None) -> None:
        self._limits = httpx.Limits(max_connections=settings.concurrency, keepalive_expiry=KEEP_IDLE_SECONDS)
        self._resolver = SystemResolver()
        self._guard = Guard(allowed(settings.allow_private), resolve or self._resolver)
        self._trust: ssl.SSLContext = httpx.create_ssl_context()  # made once: it takes 40 ms
        self._transports: dict[str | None, httpx.AsyncHTTPTransport] = {}

    def to(self, url: httpx.URL, proxy: str | None) -> httpx.AsyncHTTPTransport:
        """The transport to this URL, through the proxy or straight; FetchError for a private number."""
        if proxy:
            self._guard.refuse_number(url.host, url.port or 0)
        if proxy not in self._transports:
            self._transports[proxy] = self._transport(proxy)
        return self._transports[proxy]

    def _transport(self, proxy: str | None) -> httpx.AsyncHTTPTransport:
        between = httpx.Proxy(proxy) if proxy else None
        if between and between.url.scheme == "https":
            between.ssl_context = self._trust
        transport = httpx.AsyncHTTPTransport(verify=self._trust, limits=self._limits, proxy=between)
        # httpx has no argument for it; tests/fetch/test_guard.py sees that connections come this way.
        transport._pool._network_backend = self._guard  # noqa: SLF001
        return transport

    async def aclose(self) -> None:
        """Close all connections; calling it again does nothing."""
        for transport in self._transports.values():
            await transport.aclose()
        self._resolver.close()
