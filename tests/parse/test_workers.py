"""Parsing in processes that can be killed: deadlines, memory, deaths, ends."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from aggregator.errors import ParseError
from aggregator.model import Body, ParsedFeed
from aggregator.parse import Parser, workers
from tests.newsroom import a_body, an_item, an_rss
from tests.pages import a_page
from tests.parse.letters import FEED, MEMORY, URL


def a_parser(number: int = 1, *, seconds: float = 30, memory: int = MEMORY) -> Parser:
    return Parser(number, timeout=timedelta(seconds=seconds), memory_bytes=memory)


def children() -> set[int]:
    """The worker processes that are alive."""
    alive = set()
    for task in Path("/proc/self/task").iterdir():
        with suppress(FileNotFoundError):  # a thread that has ended since it was listed
            alive |= {int(pid) for pid in (task / "children").read_text().split()}
    return alive


async def begun(before: set[int]) -> None:
    """Wait until a worker is there."""
    end = time.monotonic() + 20
    while not children() - before:
        assert time.monotonic() < end
        await asyncio.sleep(0.01)


async def reason(parser: Parser, body: bytes = FEED) -> str:
    with pytest.raises(ParseError) as caught:
        await parser.parse(a_body(body), URL, None)
    return caught.value.reason


def endless(items: int = 60_000) -> bytes:
    """A document that takes a worker some seconds."""
    return an_rss(*(an_item(number) for number in range(items)))


async def test_documents_are_read_in_another_process_and_the_process_is_used_again() -> None:
    before = children()

    async with a_parser() as parser:
        first = await parser.parse(a_body(FEED), URL, "text/xml")
        working = children() - before
        await parser.parse(a_body(FEED), URL, None)

        assert children() - before == working

    assert [entry.guid for entry in first.entries] == ["item-1"]
    assert len(working) == 1
    assert not children() & working


async def test_as_many_documents_are_read_at_once_as_there_are_workers() -> None:
    before = children()

    async with a_parser(2) as parser:
        await asyncio.gather(*(parser.parse(a_body(FEED), URL, None) for _ in range(6)))

        assert len(children() - before) == 2


async def test_articles_are_read_in_the_same_processes() -> None:
    before = children()

    async with a_parser() as parser:
        await parser.parse(a_body(FEED), URL, None)
        article = await parser.extract(a_body(a_page()), URL, "text/html")
        with pytest.raises(ParseError, match="this is application/pdf, not a web page"):
            await parser.extract(a_body(b"%PDF-1.7"), URL, "application/pdf")

        assert len(children() - before) == 1

    assert "gave way early on Tuesday" in article.content


async def test_a_page_that_takes_too_long_is_given_up() -> None:
    slow = a_page("<div " + " ".join(f"a{number}=1" for number in range(40_000)) + ">")

    async with a_parser(seconds=1) as parser:
        with pytest.raises(ParseError, match="longer than 1 s"):
            await parser.extract(a_body(slow), URL, "text/html")


def test_the_daemon_itself_loads_nothing_that_reads_pages() -> None:
    program = "import sys, aggregator.cli, aggregator.app; print({'trafilatura', 'lxml'} & set(sys.modules))"

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "set()"


async def test_what_is_no_feed_is_told_and_costs_no_worker() -> None:
    before = children()

    async with a_parser() as parser:
        told = await reason(parser, b"<html><body>Hello</body></html>")
        first = children() - before
        await parser.parse(a_body(FEED), URL, None)

        assert children() - before == first

    assert "not a feed" in told


async def test_a_document_that_takes_too_long_is_given_up_and_the_next_is_read() -> None:
    before = children()

    async with a_parser(seconds=0.3) as parser:
        told = await reason(parser, endless())
        left = children() - before
        after = await a_parser_again(parser)

    assert told == "parsing it takes longer than 0.3 s (poll.parse_timeout)"
    assert left == set()
    assert after.entries


async def a_parser_again(parser: Parser) -> ParsedFeed:
    """The next document, in a process that has to start first and may take its time."""
    parser._timeout = timedelta(seconds=30)
    return await parser.parse(a_body(FEED), URL, None)


async def test_a_document_that_takes_too_much_memory_is_given_up_and_the_next_is_read() -> None:
    async with a_parser(memory=30_000_000) as parser:
        told = await reason(parser, endless())
        after = await parser.parse(a_body(FEED), URL, None)

    assert "poll.parse_memory" in told
    assert after.entries


async def test_a_worker_that_dies_costs_one_document_at_most() -> None:
    before = children()

    async with a_parser() as parser:
        await parser.parse(a_body(FEED), URL, None)
        for pid in children() - before:
            os.kill(pid, signal.SIGKILL)
        told = await reason(parser)
        after = await parser.parse(a_body(FEED), URL, None)

    assert "the parser died on it, exit code -9" in told
    assert after.entries


async def test_a_worker_is_replaced_after_many_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "MAX_DOCUMENTS", 2)
    before, seen = children(), []

    async with a_parser() as parser:
        for _ in range(4):
            await parser.parse(a_body(FEED), URL, None)
            seen.append(children() - before)

    first, gone, second, gone_again = seen
    assert len(first) == len(second) == 1
    assert first != second
    assert gone == gone_again == set()


def a_large_one() -> bytes:
    """A document of just that size."""
    return FEED + b" " * workers.LARGE


async def test_of_large_documents_one_is_read_at_a_time() -> None:
    before, most = children(), 0

    async def watch() -> None:
        nonlocal most
        while True:
            most = max(most, len(children() - before))
            await asyncio.sleep(0.01)

    watching = asyncio.create_task(watch())
    async with a_parser(3) as parser:
        found = await asyncio.gather(*(parser.parse(a_body(a_large_one()), URL, None) for _ in range(3)))
    watching.cancel()

    assert all(feed.entries for feed in found)
    assert most == 1


async def test_a_document_that_lies_on_the_disk_is_read(tmp_path: Path) -> None:
    document = a_large_one()
    with (tmp_path / "body").open("w+b") as file:
        file.write(document)
        async with a_parser() as parser:
            feed = await parser.parse(Body(file, len(document), ""), URL, None)

    assert [entry.guid for entry in feed.entries] == ["item-1"]


async def test_many_entries_come_back_in_their_order() -> None:
    async with a_parser() as parser:
        feed = await parser.parse(a_body(endless(2_500)), URL, None)

    assert [entry.guid for entry in feed.entries] == [f"item-{number}" for number in range(2_500)]
    assert feed.title == "Example News"


async def test_a_body_that_is_closed_before_it_is_sent_costs_that_document_only() -> None:
    body = a_body(FEED)
    body.close()

    async with a_parser() as parser:
        with pytest.raises(ParseError):
            await parser.parse(body, URL, None)
        after = await parser.parse(a_body(FEED), URL, None)

    assert after.entries


async def test_a_worker_that_read_a_large_document_gives_its_memory_back() -> None:
    before = children()

    async with a_parser() as parser:
        await parser.parse(a_body(a_large_one()), URL, None)

        assert children() == before


async def test_large_documents_do_not_keep_small_ones_waiting() -> None:
    async with a_parser(2) as parser:
        large = [asyncio.create_task(parser.parse(a_body(endless(5_000)), URL, None)) for _ in range(3)]
        await asyncio.sleep(0)

        await parser.parse(a_body(FEED), URL, None)

        assert not all(task.done() for task in large)
        await asyncio.gather(*large)


async def test_a_cancelled_document_frees_its_worker_at_once() -> None:
    before = children()

    async with a_parser() as parser:
        task = asyncio.create_task(parser.parse(a_body(endless()), URL, None))
        await begun(before)
        (cancelled,) = children() - before
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

        assert (await parser.parse(a_body(FEED), URL, None)).entries
        assert cancelled not in children()

    assert children() == before


async def test_closing_ends_what_is_under_way_and_may_be_said_twice() -> None:
    before, parser = children(), a_parser()
    task = asyncio.create_task(parser.parse(a_body(endless()), URL, None))
    await begun(before)

    await parser.aclose()
    await parser.aclose()

    with pytest.raises(ParseError, match="the parser was closed"):
        await task
    assert await reason(parser) == "the parser was closed"
    assert children() == before


async def test_a_process_that_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")

    async with a_parser() as parser:
        told = await reason(parser)

    assert "no process could be started to parse it" in told


async def test_a_program_that_is_no_worker_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_PROGRAM", "raise SystemExit(3)")

    async with a_parser() as parser:
        told = await reason(parser)

    assert "exit code 3" in told


async def test_a_worker_that_says_that_memory_ran_out_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    says = "import os, pickle; pipe.send('ready'); pipe.recv(); os.write(pipe.fileno(), pickle.dumps(None))"
    with monkeypatch.context() as patch:
        patch.setattr(workers, "_PROGRAM", a_program(says))
        async with a_parser() as parser:
            told = await reason(parser)
            patch.undo()
            after = await parser.parse(a_body(FEED), URL, None)

    assert told == "parsing it takes more than 512 MB (poll.parse_memory)"
    assert after.entries


@pytest.mark.parametrize("says", ["pipe.send('hello'); pipe.recv()", "import time; time.sleep(60)"])
async def test_a_worker_that_does_not_get_ready_is_killed(monkeypatch: pytest.MonkeyPatch, says: str) -> None:
    monkeypatch.setattr(workers, "_PROGRAM", a_program(says))
    monkeypatch.setattr(workers, "START_SECONDS", 1)
    before = children()

    async with a_parser() as parser:
        told = await reason(parser)
        left = children() - before

    assert "the parser died on it, exit code -9" in told
    assert left == set()


async def test_a_machine_without_descriptors_left_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> tuple[Connection, Connection]:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(workers, "Pipe", refused)

    async with a_parser() as parser:
        told = await reason(parser)

    assert told.startswith("no process could be started to parse it")
    assert "Too many open files" in told


async def test_a_parser_that_is_closed_while_a_worker_starts_ends_that_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    launch = workers._Worker._launch

    def closed_meanwhile(worker: workers._Worker, descriptor: int) -> subprocess.Popen[bytes]:
        worker.kill()
        return launch(worker, descriptor)

    monkeypatch.setattr(workers._Worker, "_launch", closed_meanwhile)
    before = children()

    async with a_parser() as parser:
        assert await reason(parser) == "the parser was closed"

    assert children() == before


def a_program(says: str) -> str:
    """A worker's program that says something else."""
    pipe = "import sys, multiprocessing.connection as mc; pipe = mc.Connection(int(sys.argv[1]))"
    return f"{pipe}; {says}"


async def test_a_worker_that_does_not_listen_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "STOP_SECONDS", 0.1)
    before, parser = children(), a_parser()
    await parser.parse(a_body(FEED), URL, None)
    for pid in children() - before:
        os.kill(pid, signal.SIGSTOP)

    await parser.aclose()

    assert children() == before
