"""The HTTP server, run inside the daemon's own event loop.

It owns a listening socket and uvicorn's life; the process's signals stay the daemon's. What is served is the
app it is given, and before it what `at_once` can say. No access log: requests are many, and a log line should
make a person act.
"""

import asyncio
import errno
import socket
from collections.abc import Sequence
from functools import partial

import uvicorn
from starlette.types import ASGIApp

from aggregator.errors import ListenError
from aggregator.web.bounded import LARGEST_HEAD
from aggregator.web.quick import AtOnce, QuickProtocol

_GRACE_SECONDS = 3  # for answers under way when we stop
_SETTING = "set server.listen or AGGREGATOR_LISTEN"


class Server:
    """Serves an app on one address; use listen() or not, then start() and stop(), in that order, once.

    Who asks is whom a connection comes from, or whom one of the proxies names (X-Forwarded-For).
    """

    def __init__(
        self,
        app: ASGIApp,
        host: str,
        port: int,
        *,
        at_once: AtOnce = lambda _path, _asked: None,
        proxies: Sequence[str] = (),
        protocol: type[QuickProtocol] = QuickProtocol,
    ) -> None:
        self._host = host
        self._port = port
        self._uvicorn = uvicorn.Server(
            uvicorn.Config(
                app,
                http=partial(protocol, at_once=at_once),  # type: ignore[arg-type]  # all that it does is call it
                lifespan="off",
                ws="none",
                log_config=None,
                log_level="error",
                access_log=False,
                server_header=False,
                proxy_headers=bool(proxies),
                forwarded_allow_ips=list(proxies),
                h11_max_incomplete_event_size=LARGEST_HEAD,
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
        )
        self._socket: socket.socket | None = None
        self._ticking: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """The port in use; where 0 was asked for, the one that the system gave."""
        return self._port

    def listen(self) -> socket.socket:
        """Take the address; who connects waits for the start. ListenError where it is taken or not ours."""
        if self._socket is None:
            self._socket = _listening(self._host, self._port)
            self._port = self._socket.getsockname()[1]
        return self._socket

    async def start(self) -> None:
        """Answer from now on. ListenError as for `listen`."""
        listening = self.listen()
        self._uvicorn.config.load()
        self._uvicorn.lifespan = self._uvicorn.config.lifespan_class(self._uvicorn.config)
        # The three steps of uvicorn's serve(), without its signal handlers: those are the daemon's.
        await self._uvicorn.startup(sockets=[listening])
        self._ticking = asyncio.create_task(self._uvicorn.main_loop(), name="http-server")

    async def stop(self) -> None:
        """Accept no more, let answers under way end for a few seconds, close. Nothing if not listening."""
        if self._socket is None:
            return
        if self._ticking:
            self._uvicorn.should_exit = True
            await self._ticking
            await self._uvicorn.shutdown(sockets=[self._socket])
        self._socket.close()
        self._socket = None


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        every_address = host == "::" and socket.has_dualstack_ipv6()
        made = socket.create_server((host, port), family=family, dualstack_ipv6=every_address)
    except OSError as error:
        shown = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        raise ListenError(shown, cure(error, host, port)) from error
    # Its connections inherit this. Without it head and body, which are sent apart, cost 40 ms: the body waits
    # for the client to acknowledge the head (RFC 896), and the client for more to acknowledge.
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


def cure(error: OSError, host: str, port: int) -> str:
    """What is wrong with the address, and what to do about it."""
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is taken by another program; {_SETTING}"
    if error.errno == errno.EACCES:
        return f"port {port} is reserved for the system; {_SETTING} to a port from 1024 on"
    if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return f"this machine has no address {host}; {_SETTING} (0.0.0.0 is every address)"
    return f"{error}; {_SETTING}"
