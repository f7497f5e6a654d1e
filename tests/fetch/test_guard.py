"""No connection but to an address that was checked: on every hop, whatever the name says the next time."""

import asyncio
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpcore
import pytest

from aggregator.core.addresses import allowed
from aggregator.fetch import guard
from aggregator.fetch.guard import NEXT_AFTER_SECONDS, Guard, SystemResolver
from tests.fetch.asking import BODY, OK, got, said, within
from tests.http import LOOPBACK, WebServer, reply

STRANGER = within(allow_private=())
CURE = "add it to poll.allow_private to poll it"


@dataclass
class Names:
    """A name server that says what the test wants, the last of several answers again and again."""

    answers: dict[str, list[Sequence[str]]]
    asked: list[str] = field(default_factory=list)

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        assert port
        self.asked.append(host)
        answers = self.answers[host]
        return answers.pop(0) if len(answers) > 1 else answers[0]


def names(**answers: Sequence[str]) -> Names:
    """`news="10.0.0.1"`: what news.example resolves to."""
    return Names({f"{name}.example": [found] for name, found in answers.items()})


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.1",
        "127.1",
        "localhost",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
    ],
)
async def test_this_machine_is_refused_however_it_is_written(web: WebServer, host: str) -> None:
    answer = await got(f"http://{host}:{web.port}/rss", settings=STRANGER)

    assert str(answer.error).endswith(f"a private address; {CURE}")
    assert web.connections == 0


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "100.64.0.1", "192.168.1.1", "64:ff9b::7f00:1", "fe80::1", "224.0.0.1"]
)
async def test_a_name_that_leads_to_a_closed_address_is_refused(address: str) -> None:
    answer = await got("http://news.example/", resolve=names(news=[address]), settings=STRANGER)

    assert answer.error == f"news.example resolves to {address}, a private address; {CURE}"
    assert not answer.unreached


async def test_an_address_written_as_itself_is_told_as_itself() -> None:
    answer = await got("http://user:secret@10.0.0.1/", settings=STRANGER)

    assert answer.error == f"10.0.0.1 is a private address; {CURE}"


async def test_a_name_without_addresses_is_told() -> None:
    assert (await got("http://news.example/", resolve=names(news=[]))).error == "news.example has no address"


async def test_of_a_mixed_answer_only_the_allowed_addresses_are_used(web: WebServer) -> None:
    web.on("/rss", OK)
    mixed = names(news=["10.0.0.1", "::1", "127.0.0.1"])

    answer = await got(f"http://news.example:{web.port}/rss", resolve=mixed)

    assert said(answer) == BODY


async def test_the_address_that_was_checked_is_the_one_connected_to(web: WebServer) -> None:
    web.on("/rss", OK)
    rebinding = Names({"news.example": [["127.0.0.1"], ["10.0.0.1"]]})

    answer = await got(f"http://news.example:{web.port}/rss", resolve=rebinding)

    assert (said(answer), rebinding.asked) == (BODY, ["news.example"])


async def test_a_name_that_changes_its_meaning_between_two_hops_is_refused_at_the_second(
    web: WebServer,
) -> None:
    url = f"http://news.example:{web.port}/rss"
    web.on("/rss", reply(302, location="/next"))
    rebinding = Names({"news.example": [["127.0.0.1"], ["10.0.0.1"]]})

    answer = await got(url, resolve=rebinding)

    assert answer.error == f"news.example resolves to 10.0.0.1, a private address; {CURE}"
    assert [asked.path for asked in web.asked] == ["/rss"]


@pytest.mark.parametrize(
    ("target", "named"),
    [
        ("http://10.0.0.1/latest/meta-data", "10.0.0.1 is"),
        ("http://inside.example/", "inside.example resolves to 192.168.1.1,"),
        ("//169.254.169.254/", "169.254.169.254 is"),
        ("http://[fd00:ec2::254]/", "fd00:ec2::254 is"),
    ],
)
async def test_a_redirect_into_a_private_network_is_refused(web: WebServer, target: str, named: str) -> None:
    web.on("/rss", reply(302, location=target))
    found = names(news=["127.0.0.1"], inside=["192.168.1.1"]).answers
    for literal in ("10.0.0.1", "169.254.169.254", "fd00:ec2::254"):
        found[literal] = [[literal]]

    answer = await got(f"http://news.example:{web.port}/rss", resolve=Names(found))

    assert answer.error == f"{named} a private address; {CURE}"


@pytest.mark.parametrize("listed", ["nas.example", "127.0.0.1", "127.0.0.0/8"])
async def test_a_private_address_is_polled_once_it_or_its_name_is_allowed(
    web: WebServer, listed: str
) -> None:
    web.on("/rss", OK)
    settings = within(allow_private=(listed,))

    answer = await got(
        f"http://nas.example:{web.port}/rss", resolve=names(nas=["127.0.0.1"]), settings=settings
    )

    assert said(answer) == BODY


LEADS = "only a feed whose own host is in poll.allow_private may lead there"


@pytest.mark.parametrize("home", ["http://news.example/rss", "http://1.1.1.1/rss", "http://gone.example/rss"])
async def test_no_feed_from_outside_leads_to_an_address_of_the_list(web: WebServer, home: str) -> None:
    async def resolve(host: str, _: int) -> Sequence[str]:
        if host == "gone.example":
            raise OSError
        return ["1.1.1.1"] if host == "news.example" else [host]

    answer = await got(web.on("/page", OK), home=home, resolve=resolve)

    assert answer.error == f"127.0.0.1 is a private address; {LEADS}"
    assert web.connections == 0


async def test_no_redirect_from_outside_leads_to_an_address_of_the_list(web: WebServer) -> None:
    web.on("/rss", reply(302, location=web.on("/inside", OK)))
    outside = Names({"news.example": [["127.0.0.1"], ["1.1.1.1"]], "127.0.0.1": [["127.0.0.1"]]})

    answer = await got(f"http://news.example:{web.port}/rss", resolve=outside)

    assert answer.error == f"127.0.0.1 is a private address; {LEADS}"
    assert [asked.path for asked in web.asked] == ["/rss"]


@pytest.mark.parametrize(
    ("listed", "home"),
    [
        (["127.0.0.0/8"], "http://127.0.0.2/rss"),
        (["127.0.0.0/8"], "http://nas.example/rss"),
        (["127.0.0.0/8", "lan.example"], "http://lan.example/rss"),
    ],
    ids=["by its number", "by the network that its name leads to", "by its name"],
)
async def test_a_feed_of_a_listed_host_leads_to_all_that_is_listed(
    web: WebServer, listed: list[str], home: str
) -> None:
    found = names(nas=["127.0.0.3"], lan=["1.1.1.1"]).answers | {"127.0.0.1": [["127.0.0.1"]]}

    answer = await got(
        web.on("/page", OK), home=home, resolve=Names(found), settings=within(allow_private=listed)
    )

    assert said(answer) == BODY


async def test_a_host_that_is_private_in_part_is_none_of_the_list(web: WebServer) -> None:
    found = names(news=["127.0.0.1", "1.1.1.1"]).answers | {"127.0.0.1": [["127.0.0.1"]]}

    answer = await got(web.on("/page", OK), home="http://news.example/rss", resolve=Names(found))

    assert str(answer.error).endswith(LEADS)


async def test_where_one_address_refuses_the_next_is_tried(web: WebServer) -> None:
    web.on("/rss", OK)
    both = names(news=["127.0.0.2", "127.0.0.3", "127.0.0.1"])

    assert said(await got(f"http://news.example:{web.port}/rss", resolve=both)) == BODY


async def test_the_families_of_addresses_are_tried_by_turns() -> None:
    guard = Guard(allowed([]), names(news=["2a00::1", "2a00::2", "2a00::3", "1.1.1.1"]))

    assert await guard._addresses("news.example", 80) == ["2a00::1", "1.1.1.1", "2a00::2", "2a00::3"]


async def test_the_machines_own_resolver_names_each_address_once() -> None:
    assert await SystemResolver()("127.1", 80) == ("127.0.0.1",)


@pytest.mark.parametrize(
    ("host", "port", "error"),
    [("nowhere.invalid", 80, OSError), ("a..b", 80, UnicodeError), ("127.0.0.1", 2**70, OverflowError)],
)
async def test_what_the_machine_cannot_look_up_is_an_error(
    host: str, port: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await SystemResolver()(host, port)


SILENT = """
import asyncio, socket, time
from aggregator.fetch.guard import SystemResolver
socket.getaddrinfo = lambda *_, **__: time.sleep(60)
async def main():
    await asyncio.wait([asyncio.ensure_future(SystemResolver()("news.example", 80))], timeout=0.1)
    print("gave up")
asyncio.run(main())
"""


def test_a_name_server_that_is_silent_does_not_hold_up_the_end_of_the_program() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SILENT], capture_output=True, text=True, timeout=30, check=False
    )

    assert (done.stdout, done.stderr) == ("gave up\n", "")


async def test_an_answer_that_comes_too_late_makes_room_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = threading.Event()
    monkeypatch.setattr(guard, "THREADS", 1)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: silent.wait(20) and [])
    resolver = SystemResolver()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(resolver("slow.example", 80), 0.05)

    silent.set()

    assert await resolver("quick.example", 80) == ()


async def test_a_unix_socket_is_no_way_out(tmp_path: Path) -> None:
    guard = Guard(allowed(LOOPBACK), SystemResolver())

    with pytest.raises(NotImplementedError):
        await guard.connect_unix_socket(str(tmp_path / "docker.sock"))

    assert isinstance(guard, httpcore.AsyncNetworkBackend)


class SilentFirst(httpcore.AsyncNetworkBackend):
    """A network on which one address never answers."""

    def __init__(self) -> None:
        self.tried: list[tuple[str, float | None]] = []

    async def connect_tcp(self, host: str, *how: Any) -> httpcore.AsyncNetworkStream:
        self.tried.append((host, how[1]))
        if host == "1.1.1.1":
            raise httpcore.ConnectTimeout
        return httpcore.AsyncNetworkStream()


async def test_an_address_that_is_silent_gives_way_to_the_next_after_a_few_seconds() -> None:
    guard, network = Guard(allowed([]), names(news=["1.1.1.1", "1.0.0.1"])), SilentFirst()
    guard._network = network

    await guard.connect_tcp("news.example", 80)

    assert network.tried == [("1.1.1.1", NEXT_AFTER_SECONDS), ("1.0.0.1", None)]
