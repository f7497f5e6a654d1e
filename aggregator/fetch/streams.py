"""A connection that does not outlive a handshake that was given up.

httpcore 1.0 closes a connection whose TLS fails, but not one whose TLS is cancelled by our deadline: each
host that accepts and then says nothing would keep a descriptor until the daemon ends.
"""

import ssl
from typing import Any

import httpcore


class Stream(httpcore.AsyncNetworkStream):
    """Reads and writes as `inner` does."""

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 — httpcore's signature; the client keeps the time
    ) -> httpcore.AsyncNetworkStream:
        """The connection with TLS; closed where that fails, or takes longer than anyone waits."""
        try:
            return Stream(await self._inner.start_tls(ssl_context, server_hostname, timeout))
        except BaseException:
            await self.aclose()
            raise

    async def read(
        self,
        max_bytes: int,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> bytes:
        """What came."""
        return await self._inner.read(max_bytes, timeout)

    async def write(
        self,
        buffer: bytes,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> None:
        """Send all of it."""
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        """Close it; calling it again does nothing."""
        await self._inner.aclose()

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 — httpcore's signature
        """What httpcore wants to know of the socket beneath."""
        return self._inner.get_extra_info(info)
