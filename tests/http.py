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

TLS_HANDSHAKE = b"\x16"  # RFC 8446 §5.1; we speak none, and say so by hanging up
Script = Callable[[asyncio.StreamWriter], Awaitable[None]]

KEPT_OPEN = b"Connection: keep-alive"
"""an answer with this header leaves its connection open for the next request"""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came; header names in lower case, values as bytes."""

    method: str
    path: str
    headers: dict[str, bytes]
    at: float
    connection: tuple[str, int]
    """the client's end: requests over one connection have the same"""
    body: bytes = b""


@dataclass
class WebServer:
    """Answers by path; one that has no route is not found. The last of several answers is repeated."""

    routes: dict[str, list[bytes | Script]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    host: str = "127.0.0.1"
    tls: ssl.SSLContext | None = None
    port: int = 0
    connections: int = 0
    """all that there were"""
    at_once: int = 0
    """those that are open"""
    most_at_once: int = 0
    _listening: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """What the addresses begin with, without a slash at the end."""
        return f"http://{self.host}:{self.port}"

    def on(self, path: str, *answers: bytes | Script) -> str:
        """Answer so at this path; returns its URL."""
        self.routes[path] = list(answers)
        return self.url + path

    async def reachable(self, wanted: bool = True) -> None:
        """Take connections, or refuse them from now on; always on the same port."""
        if wanted and not self._listening:
            self._listening = await asyncio.start_server(self.serve, self.host, self.port, ssl=self.tls)
            self.port = self._listening.sockets[0].getsockname()[1]
        elif not wanted and self._listening:
            self._listening.close()
            self._listening = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer what comes over one connection."""
        self.connections += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            while (first := await reader.readexactly(1)) != TLS_HANDSHAKE:
                head = first + await reader.readuntil(b"\r\n\r\n")
                if not await self._answer(head, reader, writer):
                    break
                await writer.drain()
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the client went away or speaks no HTTP, which is what some tests are about
        except asyncio.CancelledError:
            pass  # the test ends while a slow answer is still on its way
        finally:
            self.at_once -= 1
            writer.close()

    async def _answer(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; whether the connection stays open for another."""
        first, *lines = head.decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ", 2)
        pairs = (line.split(": ", 1) for line in lines if ": " in line)
        headers = {name.lower(): value.encode("latin-1") for name, value in pairs}
        now, client = asyncio.get_running_loop().time(), writer.get_extra_info("peername")[:2]
        body = await reader.readexactly(int(headers.get("content-length", b"0")))
        self.asked.append(Asked(method, path, headers, now, client, body))
        answers = self.routes.get(path) or [reply(404)]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if not isinstance(answer, bytes):
            await answer(writer)
            return False
        writer.write(answer)
        return KEPT_OPEN in answer


def reply(status: int = 200, body: bytes = b"", /, **headers: str) -> bytes:
    """A whole response; `content_type=` becomes `Content-Type`."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}"]
    lines += ["Connection: close"] * ("connection" not in headers)
    lines += [f"{name.replace('_', '-').title()}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


@asynccontextmanager
async def serving(tls: ssl.SSLContext | None = None, *, host: str = "127.0.0.1") -> AsyncIterator[WebServer]:
    """A server on a free port of this machine."""
    web = WebServer(host=host, tls=tls)
    await web.reachable()
    try:
        yield web
    finally:
        await web.reachable(False)
