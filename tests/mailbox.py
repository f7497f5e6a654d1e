"""A service for notices: a real HTTP server that keeps what apprise's `json://` sends."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.http import reply


@dataclass
class Mailbox:
    """What came, as it came."""

    status: int = 200
    port: int = 0
    notices: list[dict[str, Any]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where to send to, with a password that nobody may see."""
        return f"json://me:hunter2secret@127.0.0.1:{self.port}/box"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one notice."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = int(head.partition("content-length:")[2].partition("\r\n")[0])
        body = await reader.readexactly(length)
        if self.status == 200:
            self.notices.append(json.loads(body))
        writer.write(reply(self.status))
        await writer.drain()
        writer.close()

    def titles(self) -> list[str]:
        """The first line of each notice."""
        return [one["title"] for one in self.notices]


@asynccontextmanager
async def mailbox(status: int = 200) -> AsyncIterator[Mailbox]:
    """A service on a free port that answers so."""
    box = Mailbox(status)
    server = await asyncio.start_server(box.serve, "127.0.0.1", 0)
    box.port = server.sockets[0].getsockname()[1]
    async with server:
        yield box
