"""Slow clients over real sockets: each is hung up on in time, and nobody else waits for them."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from time import monotonic

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message

from aggregator.web.outputs import Ready
from aggregator.web.patience import PORTION, PortionedResponse
from aggregator.web.quick import QuickProtocol
from aggregator.web.serve import Server

LARGE = b"0123456789abcdef" * 1_000_000  # more than the buffers of two sockets can hold
HELLO = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
HALF = b"GET / HTTP/1.1\r\nHost: x\r\n"


class Impatient(QuickProtocol):
    """Waits for nobody."""

    request_seconds = 0.3
    answer_seconds = 1.0


class Crowded(QuickProtocol):
    """Has room for few."""

    most = 5


async def hello(_request: Request) -> Response:
    return Response("hello")


async def large(_request: Request) -> Response:
    return Response(LARGE)


async def portioned(_request: Request) -> Response:
    return PortionedResponse(LARGE)


APP = Starlette(routes=[Route("/", hello), Route("/large", large), Route("/portioned", portioned)])


def ready(path: str, _asked: Mapping[str, str]) -> Ready | None:
    return Ready(HTTPStatus.OK, {}, LARGE, b"HTTP/1.1 200 OK\r\n") if path == "ready" else None


class Wire:
    """A server of this patience, and clients that do nothing by themselves."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.clients: list[Client] = []

    async def client(self, said: bytes = b"") -> "Client":
        """A connection over which this was said."""
        one = Client(*await asyncio.open_connection("127.0.0.1", self.server.port))
        one.writer.write(said)
        self.clients.append(one)
        return one

    async def answers(self) -> bool:
        """Whether a client that asks as one should is answered."""
        async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
            return (await client.get(f"http://127.0.0.1:{self.server.port}/")).text == "hello"


@dataclass
class Client:
    """The client's end of a connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def hung_up_after(self, drip: bytes = b"", *, at_most: float = 3.0) -> float:
        """How many seconds it takes the server to hang up, while these bytes go on arriving."""
        began = monotonic()
        while monotonic() - began < at_most:
            self.writer.write(drip)
            try:
                async with asyncio.timeout(0.05):
                    if not await self.reader.read(65_536):
                        break
            except TimeoutError:
                continue
            except ConnectionError:
                break
        return monotonic() - began

    async def take(self) -> int:
        """How many bytes there are to take until the connection ends."""
        taken = 0
        with suppress(ConnectionError):
            while part := await self.reader.read(65_536):
                taken += len(part)
        return taken


@asynccontextmanager
async def a_wire(protocol: type[QuickProtocol]) -> AsyncIterator[Wire]:
    """A server of this patience on a free port."""
    server = Server(APP, "127.0.0.1", 0, at_once=ready, protocol=protocol)
    await server.start()
    wire = Wire(server)
    yield wire
    for one in wire.clients:
        one.writer.transport.abort()
    await server.stop()


@pytest.mark.parametrize(
    ("said", "drip"),
    [
        (b"", b""),
        (HALF, b""),
        (HALF, b"X-Drip: 1\r\n"),
        (HELLO + HALF, b"X-Drip: 1\r\n"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n", b"x"),
    ],
    ids=["silence", "half a request", "headers without end", "the same after a request", "a body that drips"],
)
async def test_who_does_not_come_to_the_point_is_hung_up_on_and_others_are_served(
    said: bytes, drip: bytes
) -> None:
    async with a_wire(Impatient) as wire:
        slow = await wire.client(said)
        waiting = asyncio.create_task(slow.hung_up_after(drip))

        served = await wire.answers()
        took = await waiting

    assert served
    assert took < 2.5


@pytest.mark.parametrize("path", [b"/large", b"/portioned", b"/ready"])
async def test_who_does_not_take_its_answer_is_hung_up_on(path: bytes) -> None:
    async with a_wire(Impatient) as wire:
        slow = await wire.client(b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        await asyncio.sleep(2)

        taken = await slow.take()

        assert not wire.server._uvicorn.server_state.connections
    assert 0 < taken < len(LARGE)


async def test_who_takes_a_large_answer_gets_it_whole_and_may_ask_again() -> None:
    async with a_wire(Impatient) as wire, httpx.AsyncClient(trust_env=False) as client:
        first = await client.get(f"http://127.0.0.1:{wire.server.port}/portioned")
        second = await client.get(f"http://127.0.0.1:{wire.server.port}/portioned")

    assert first.content == second.content == LARGE


async def test_where_too_many_are_open_the_oldest_makes_room() -> None:
    async with a_wire(Crowded) as wire:
        idle = [await wire.client(HALF) for _ in range(Crowded.most)]

        served = await wire.answers()

        waited = await asyncio.gather(*(one.hung_up_after(at_most=1.0) for one in idle))
    assert served
    assert [took < 0.9 for took in waited] == [True, False, False, False, False]


async def test_a_crowd_that_only_holds_connections_keeps_nobody_out() -> None:
    async with a_wire(QuickProtocol) as wire:
        for _ in range(QuickProtocol.most + 50):
            await wire.client(HALF)

        served = await wire.answers()

        held = len(wire.server._uvicorn.server_state.connections)
    assert served
    assert held <= QuickProtocol.most


@pytest.mark.parametrize("length", [0, 1, PORTION, PORTION + 1])
async def test_an_answer_is_sent_in_portions_that_make_it_up(length: int) -> None:
    body, sent = LARGE[:length], list[Message]()

    async def send(message: Message) -> None:
        sent.append(message)

    await PortionedResponse(body)({}, _nothing, send)

    parts = [one["body"] for one in sent[1:]]
    assert b"".join(parts) == body
    assert max(map(len, parts)) <= PORTION
    assert [one["more_body"] for one in sent[1:]] == [True] * (len(parts) - 1) + [False]


async def _nothing() -> Message:
    return {}
