"""A daemon under way in this loop, and what tests wait for.

To add something to wait for: a coroutine function that says whether it is so.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from aggregator import config
from aggregator.app import Daemon, Parts, open_parts
from aggregator.app.reload import ConfigWatch
from aggregator.config import Loaded
from tests.http import LOOPBACK, WebServer

OUTPUTS = "outputs:\n  - {name: all, title: All}\n"
PATIENCE = 20  # seconds until something that must happen has happened


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until it is so; a failure when it takes too long."""
    end = asyncio.get_running_loop().time() + PATIENCE
    while not await holds():
        assert asyncio.get_running_loop().time() < end
        await asyncio.sleep(0.05)


@dataclass
class Running:
    """A daemon under way."""

    daemon: Daemon
    parts: Parts
    path: Path
    port: int
    said: list[str] = field(default_factory=list)

    async def get(self, path: str) -> httpx.Response:
        async with httpx.AsyncClient(trust_env=False) as client:
            return await client.get(f"http://127.0.0.1:{self.port}/{path}")

    async def titles(self, name: str = "all") -> list[str]:
        found = await self.get(f"{name}.json")
        return [item["title"] for item in found.json()["items"]] if found.status_code == 200 else []

    async def ids(self, name: str = "all") -> list[str]:
        found = await self.get(f"{name}.json")
        return [item["id"].removeprefix("urn:uuid:") for item in found.json()["items"]]

    def write(self, *feeds: str, more: str = OUTPUTS, every: str = "1s") -> None:
        """Another config; the address it serves at stays."""
        write(self.path, self.port, *feeds, more=more, every=every)


def write(
    path: Path, port: int, *feeds: str, more: str = OUTPUTS, every: str = "1s", server: str = ""
) -> None:
    listed = "".join(f"  - {feed}\n" for feed in feeds) or "  []\n"
    path.write_text(
        f"server: {{listen: '127.0.0.1:{port}', {server}}}\n"
        f"poll: {{every: {every}, min: 1s, host_gap: 0s, spread: 0s, jitter: 0, timeout: 2s, backoff: 1s, "
        f"allow_private: {list(LOOPBACK)}}}\n"
        f"feeds:\n{listed}{more}"
    )


@asynccontextmanager
async def running(
    folder: Path,
    *feeds: str,
    more: str = OUTPUTS,
    every: str = "1s",
    port: int | None = None,
    server: str = "",
) -> AsyncIterator[Running]:
    """A daemon on these feeds; stopped, and its end awaited, on the way out. Without a port on a free one."""
    path, port = folder / "aggregator.yaml", port or free_port()
    write(path, port, *feeds, more=more, every=every, server=server)

    def read() -> Loaded:
        return config.load(path, {})

    loaded = read()
    async with open_parts(loaded, folder / "data") as parts:
        said: list[str] = []
        daemon = Daemon(parts, ConfigWatch(read, loaded.watched), announce=said.append)
        task = asyncio.create_task(daemon.run())
        alive = Running(daemon, parts, path, port, said)
        await until(lambda: _answers(said, task))
        try:
            yield alive
        finally:
            daemon.stop()
            await asyncio.wait_for(task, PATIENCE)


async def _answers(said: list[str], task: "asyncio.Task[None]") -> bool:
    if task.done():
        await task
    return bool(said)


async def has(alive: Running, count: int) -> bool:
    """Whether the output has so many items."""
    return len(await alive.titles()) == count


async def tells(alive: Running, text: str) -> bool:
    """Whether the pages tell of this problem."""
    return any(text in problem for problem in alive.daemon.problems())


async def content(alive: Running) -> bool:
    """Whether there is no problem."""
    return not alive.daemon.problems()


async def asked(web: WebServer) -> bool:
    """Whether a request came."""
    return bool(web.asked)
