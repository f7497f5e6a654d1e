"""The server's life: a port of its own, clear errors where it has none, a quick end, no signals touched."""

import asyncio
import errno
import signal
import socket
from collections.abc import AsyncIterator
from time import monotonic

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aggregator.errors import ListenError
from aggregator.web.serve import Server, cure


async def hello(_request: Request) -> Response:
    return Response("hello")


async def endless(_request: Request) -> Response:
    await asyncio.sleep(60)
    return Response("never sent")


APP = Starlette(routes=[Route("/", hello), Route("/endless", endless)])


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server(APP, "127.0.0.1", 0)
    await server.start()
    yield server
    await server.stop()


async def test_port_0_gives_a_real_port_that_answers(server: Server) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"http://127.0.0.1:{server.port}/")

    assert answer.text == "hello"
    assert "server" not in answer.headers
    assert "date" in answer.headers


async def test_a_body_does_not_wait_until_its_head_is_acknowledged(server: Server) -> None:
    assert server.listen().getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_the_signal_handlers_stay_the_daemons() -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    server = Server(APP, "127.0.0.1", 0)

    await server.start()
    during = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    await server.stop()

    assert during == before


async def test_after_the_stop_the_port_is_free(server: Server) -> None:
    await server.stop()

    socket.create_server(("127.0.0.1", server.port)).close()


async def test_an_answer_under_way_does_not_hold_up_the_stop(server: Server) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        asking = asyncio.create_task(client.get(f"http://127.0.0.1:{server.port}/endless"))
        await asyncio.sleep(0.2)
        began = monotonic()

        await server.stop()

        took = monotonic() - began
        with pytest.raises(httpx.HTTPError):
            (await asking).raise_for_status()
    assert took < 6


async def test_stopping_what_never_started_is_nothing() -> None:
    await Server(APP, "127.0.0.1", 0).stop()


async def test_an_address_is_taken_before_anything_is_served() -> None:
    server = Server(APP, "127.0.0.1", 0)

    server.listen()

    with pytest.raises(OSError, match="in use"):
        socket.create_server(("127.0.0.1", server.port))
    await server.stop()
    socket.create_server(("127.0.0.1", server.port)).close()


async def test_a_taken_port_is_named_with_its_cure(server: Server) -> None:
    second = Server(APP, "127.0.0.1", server.port)

    with pytest.raises(ListenError) as raised:
        await second.start()

    assert str(raised.value) == (
        f"cannot listen on 127.0.0.1:{server.port}: port {server.port} is taken by another program; "
        "set server.listen or AGGREGATOR_LISTEN"
    )
    await second.stop()


@pytest.mark.parametrize(
    "host", ["192.0.2.1", "2001:db8::1", "no-such-host.invalid"], ids=["IPv4", "IPv6", "a name of nobody"]
)
async def test_an_address_of_another_machine_is_refused_with_its_cure(host: str) -> None:
    with pytest.raises(ListenError, match=f"this machine has no address {host}; set server.listen"):
        await Server(APP, host, 0).start()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            errno.EACCES,
            "port 80 is reserved for the system; set server.listen or AGGREGATOR_LISTEN to a port",
        ),
        (errno.EMFILE, "[Errno 24] too many; set server.listen or AGGREGATOR_LISTEN"),
    ],
    ids=["a port for root alone", "anything else"],
)
def test_other_refusals_name_their_cure_too(code: int, said: str) -> None:
    assert cure(OSError(code, "too many"), "127.0.0.1", 80).startswith(said)


async def test_every_address_of_the_machine_can_be_served() -> None:
    server = Server(APP, "::", 0)

    await server.start()
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"http://127.0.0.1:{server.port}/")
    await server.stop()

    assert answer.text == "hello"
