"""The way to a server: look its name up once, check every address, connect to one that passed.

A check apart from the connection would leave a gap: the name may mean something else by then (DNS rebinding).
Redirects, proxies and lists of feeds all come through here. TLS still verifies the name that was asked for.
"""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from itertools import chain, zip_longest

import httpcore

from aggregator.core.addresses import Allowed, is_public
from aggregator.fetch.failures import FetchError
from aggregator.fetch.streams import Stream

NEXT_AFTER_SECONDS = 3.0  # an address that is silent for so long gives way to the host's next
THREADS = 32

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port → the numbers of its addresses, best first; OSError where there are none."""


class SystemResolver:
    """Asks the operating system, in threads of its own: a silent name server holds up nothing else.

    Not even the end of the program, which would wait for the threads of an executor.
    """

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(THREADS)

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """The host's addresses in the order of the system (RFC 6724)."""
        await self._places.acquire()
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Sequence[str]] = loop.create_future()

        def tell(found: Sequence[str] | Exception) -> None:
            self._places.release()
            if answer.done():  # nobody waits for it any more
                return
            if isinstance(found, Exception):
                answer.set_exception(found)
            else:
                answer.set_result(found)

        def ask() -> None:
            found = _looked_up(host, port)
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(tell, found)

        threading.Thread(target=ask, name="resolve", daemon=True).start()
        return await answer


def _looked_up(host: str, port: int) -> Sequence[str] | Exception:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, OverflowError) as error:  # no address, no name, no port
        return error
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


class Guard(httpcore.AsyncNetworkBackend):
    """Opens connections for httpcore, to allowed addresses alone; for a stranger, to public ones."""

    def __init__(self, allowed: Allowed, resolve: Resolve, *, stranger: bool = False) -> None:
        self._allowed = allowed
        self._resolve = resolve
        self._stranger = stranger
        self._network: httpcore.AsyncNetworkBackend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 — httpcore's signature; the client keeps the time
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first of the host's allowed addresses that takes one; FetchError if none is."""
        options = tuple(socket_options or ())
        addresses = await self._addresses(host, port)
        failures: list[Exception] = []
        for address in addresses:
            patience = timeout if address == addresses[-1] else NEXT_AFTER_SECONDS
            try:
                opened = await self._network.connect_tcp(address, port, patience, local_address, options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failures.append(error)
            else:
                return Stream(opened)
        failed = httpcore.ConnectError(f"no address of {host} takes a connection")
        failed.__context__ = ExceptionGroup("one by one", failures)  # httpcore would take a cause away
        raise failed

    def refuse_number(self, host: str) -> None:
        """FetchError for a host that is a private number, however written; a name passes.

        For what a proxy is asked for: names are the proxy's to look up.
        """
        numbers = numbers_of(host)
        if not all(self._takes(host, number) for number in numbers):
            raise FetchError(self._refusal(host, numbers))

    async def _addresses(self, host: str, port: int) -> Sequence[str]:
        found = await self._resolve(host, port)
        open_ones = [address for address in found if self._takes(host, address)]
        if not open_ones:
            raise FetchError(self._refusal(host, found))
        return _alternating(open_ones)

    def _takes(self, host: str, address: str) -> bool:
        return is_public(address) if self._stranger else self._allowed.takes(host, address)

    def _refusal(self, host: str, addresses: Sequence[str]) -> str:
        if not addresses:
            return f"{host} has no address"
        closed = ", ".join(addresses[:3])
        what = "is a private address" if closed == host else f"resolves to {closed}, a private address"
        if any(self._allowed.takes(host, address) for address in addresses):
            return f"{host} {what}; only a feed whose own host is in poll.allow_private may lead there"
        return f"{host} {what}; add it to poll.allow_private to poll it"


def numbers_of(host: str) -> Sequence[str]:
    """The address that a host is if it is a number, however written; none for a name. Asks nobody."""
    try:
        found = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return ()
    return tuple(str(address[0]) for *_, address in found)


def _alternating(addresses: Sequence[str]) -> Sequence[str]:
    """The two families by turns: one of them may lead nowhere here (RFC 8305 §4)."""
    six, four = ([address for address in addresses if (":" in address) is wanted] for wanted in (True, False))
    first, second = (six, four) if ":" in addresses[0] else (four, six)
    return [address for address in chain(*zip_longest(first, second)) if address]
