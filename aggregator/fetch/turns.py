"""Whose turn it is: so many requests at once, so many of them to one host, and a pause between two of those.

The pause counts from the start and from the end of one request to the start of the next, whatever feed or
redirect it is for. A host that has been quiet for longer than the pause is forgotten.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(slots=True)
class _Host:
    places: asyncio.Semaphore
    users: int = 0
    quiet_until: float = 0.0
    door: asyncio.Lock = field(default_factory=asyncio.Lock)


class Turns:
    """Hands out turns. `gap` is the pause between two requests to one host."""

    def __init__(self, at_once: int, per_host: int, gap: timedelta) -> None:
        self._slots = asyncio.Semaphore(at_once)
        self._per_host = per_host
        self._gap = gap.total_seconds()
        self._hosts: dict[str, _Host] = {}

    def limit(self, at_once: int, per_host: int, gap: timedelta) -> None:
        """Put other limits into force. A host that is being asked keeps its own until it has been quiet."""
        self._slots = asyncio.Semaphore(at_once)
        self._per_host = per_host
        self._gap = gap.total_seconds()

    @asynccontextmanager
    async def of(self, host: str) -> AsyncIterator[None]:
        """A turn at this host, held for the body of the `async with`."""
        place = self._place(host)
        place.users += 1
        try:
            # The host's own place first: whoever waits for a slow host takes no slot from the others.
            async with place.places:
                await self._pause(place)
                try:
                    async with self._slots:
                        yield
                finally:  # a request that failed was one, too
                    place.quiet_until = max(place.quiet_until, _clock() + self._gap)
        finally:
            place.users -= 1

    async def _pause(self, place: _Host) -> None:
        async with place.door:
            await asyncio.sleep(max(0.0, place.quiet_until - _clock()))
            place.quiet_until = _clock() + self._gap

    def _place(self, host: str) -> _Host:
        if host not in self._hosts:
            now = _clock()
            for name in [
                name for name, one in self._hosts.items() if not one.users and one.quiet_until < now
            ]:
                del self._hosts[name]
            self._hosts[host] = _Host(asyncio.Semaphore(self._per_host))
        return self._hosts[host]


def _clock() -> float:
    return asyncio.get_running_loop().time()
