"""Notices to a real server through apprise, in its process: taken, refused, late; and no secret is told."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.core.notices import TEST
from aggregator.notices import judged, send, service_of
from aggregator.notices.shown import cleaned
from tests.app.alive import until
from tests.mailbox import mailbox

SECRET = "hunter2secret"
PARTIAL = "tgram://abc"


@asynccontextmanager
async def deaf() -> AsyncIterator[int]:
    """The port of a server that takes what is sent and never answers."""

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


def children() -> str:
    """The processes that this one has started and that are not gone (proc(5))."""
    return Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text()


async def test_a_notice_comes_as_it_was_written() -> None:
    async with mailbox() as box:
        answers = await send([box.address], TEST)

    assert answers == (None,)
    assert [(one["title"], one["message"]) for one in box.notices] == [(TEST.title, TEST.body)]


async def test_each_address_has_its_own_answer() -> None:
    async with mailbox() as box, mailbox(status=500) as ill:
        nobody = f"json://me:{SECRET}@127.0.0.1:1/"
        answers = await send([box.address, ill.address, nobody, PARTIAL], TEST)

    assert answers[0] is None
    assert "500" in str(answers[1])
    assert "Connection error" in str(answers[2])
    assert "no whole address" in str(answers[3])
    assert SECRET not in str(answers)


async def test_a_service_that_never_answers_is_left_after_its_time() -> None:
    async with deaf() as port:
        answers = await send([f"json://127.0.0.1:{port}/"], TEST, patience=timedelta(seconds=3))

    assert answers == ("it took longer than 3 s",)


async def test_who_is_cancelled_leaves_no_process_behind() -> None:
    async with deaf() as port:
        before = children()

        async def started() -> bool:
            return children() != before

        sending = asyncio.ensure_future(send([f"json://127.0.0.1:{port}/"], TEST))
        await until(started)
        sending.cancel()

        with pytest.raises(asyncio.CancelledError):
            await sending

    assert children() == before


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("json://127.0.0.1/", None),
        ("ntfy://my-topic", None),
        ("jsn://127.0.0.1/", "is of no service that apprise knows: 'jsn', did you mean 'json'?"),
        ("qqqqqqqq://x", "is of no service that apprise knows: 'qqqqqqqq'; https://appriseit.com/"),
        (PARTIAL, "is no whole address of 'tgram'; https://appriseit.com/"),
    ],
    ids=["whole", "of another service", "misspelled", "of nobody", "cut short"],
)
def test_an_address_is_judged_without_sending_anything(address: str, fault: str | None) -> None:
    (found,) = judged([address])

    assert (found is None) is (fault is None)
    assert (found or "").startswith(fault or "")


def test_many_addresses_are_judged_in_their_order_by_one_process() -> None:
    assert [bool(one) for one in judged(["json://x", PARTIAL, "json://y"])] == [False, True, False]
    assert judged([]) == ()


def test_a_judge_who_takes_too_long_says_nothing() -> None:
    assert judged([PARTIAL], patience=timedelta(0)) == (None,)


async def test_without_the_extra_that_is_what_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aggregator.notices.sending.find_spec", lambda _: None)

    assert "aggregator[notices]" in str(judged(["json://x"]))
    assert "aggregator[notices]" in str(await send(["json://x"], TEST))


async def test_a_process_that_cannot_be_started_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aggregator.notices.sending._COMMAND", ("/nowhere/python",))

    assert await send(["json://x"], TEST) == ("no process can be started for it: No such file or directory",)


async def test_a_process_that_dies_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aggregator.notices.sending._COMMAND", ("/bin/true",))

    assert await send(["json://x"], TEST) == ("apprise broke off",)
    assert judged(["json://x"]) == ("apprise broke off",)


@pytest.mark.parametrize(
    ("address", "service"),
    [("NTFY://x", "ntfy"), ("mailtos://me:pw@x", "mailtos"), ("pw", "?")],
    ids=["in small letters", "of the rest nothing", "no address"],
)
def test_of_an_address_only_the_service_is_shown(address: str, service: str) -> None:
    assert service_of(address) == service


def test_what_a_library_says_is_cleaned_of_every_part_of_the_address() -> None:
    said = "Failed to send to 10.0.0.9:\n token=abcdef12, user me, path /t0psecret"

    left = cleaned(said, "ntfys://me:abcdef12@10.0.0.9/t0psecret?x=y")

    assert left == "Failed to send to …: token=…, user me, path /…"


def test_the_daemons_own_process_never_loads_apprise() -> None:
    code = "import sys, aggregator.cli; sys.exit('apprise' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
