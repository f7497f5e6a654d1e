"""A web server for tests: real sockets, bytes written by hand, every request kept.

A route answers with bytes, or is a coroutine function that writes to the connection itself.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

LOOPBACK = ("127.0.0.0/8",)
"""What `poll.allow_private` must hold for this server to be asked."""

Script = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came; header names in lower case, values as bytes."""

    path: str
    headers: dict[str, bytes]
    at: float


@dataclass
class WebServer:
    """Answers by path; one that has no route is not found. The last of several answers is repeated."""

    routes: dict[str, list[bytes | Script]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    port: int = 0
    connections: int = 0
    at_once: int = 0
    most_at_once: int = 0

    @property
    def url(self) -> str:
        """What the addresses begin with, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def on(self, path: str, *answers: bytes | Script) -> str:
        """Answer so at this path; returns its URL."""
        self.routes[path] = list(answers)
        return self.url + path

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self._answer(await reader.readuntil(b"\r\n\r\n"), writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client went away, which is what some tests are about
        finally:
            self.at_once -= 1
            writer.close()

    async def _answer(self, head: bytes, writer: asyncio.StreamWriter) -> None:
        first, *lines = head.decode("latin-1").split("\r\n")
        path = first.split(" ")[1]
        pairs = (line.split(": ", 1) for line in lines if ": " in line)
        headers = {name.lower(): value.encode("latin-1") for name, value in pairs}
        self.asked.append(Asked(path, headers, asyncio.get_running_loop().time()))
        answers = self.routes.get(path) or [reply(404)]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, bytes):
            writer.write(answer)
        else:
            await answer(writer)


def reply(status: int = 200, body: bytes = b"", /, **headers: str) -> bytes:
    """A whole response; `content_type=` becomes `Content-Type`."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-').title()}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


@asynccontextmanager
async def serving(tls: ssl.SSLContext | None = None) -> AsyncIterator[WebServer]:
    """A server on a free port of this machine."""
    web = WebServer()
    server = await asyncio.start_server(web._serve, "127.0.0.1", 0, ssl=tls)
    web.port = server.sockets[0].getsockname()[1]
    async with server:
        yield web
