"""Parses documents in processes that can be killed, so that no document can stop the daemon.

feedparser holds the interpreter's lock, and some 100 kB keep it busy for minutes or take a gigabyte: a thread
cannot be stopped, a process can. Each worker is a process of its own behind a pipe and belongs to one
document at a time; a deadline, a death or a cancelled caller costs that worker only, and the next
document starts another. Never parses in this process.

To change what a worker does, see `worker.py`; this module only starts, feeds and ends them.
"""

import asyncio
import math
import os
import pickle
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

import aggregator
from aggregator.errors import ParseError
from aggregator.model import Article, Body, ParsedEntry, ParsedFeed
from aggregator.parse.worker import READY, Found, Job, Task

DEFAULT_WORKERS = min(4, os.cpu_count() or 1)
MAX_DOCUMENTS = 200  # then a worker is replaced: feedparser leaks a little (its public issue 287)
LARGE = 1_000_000  # bytes: such a document takes twenty times as much memory, and its worker keeps that
START_SECONDS = 60  # a slow disk or a busy machine; feedparser takes 0.3 s to import
STOP_SECONDS = 2  # for a worker to notice that its pipe is closed


class Parser:
    """Reads feed documents and articles' pages in up to `workers` processes.

    Each document is given `timeout` and `memory_bytes`. Processes start when they are needed; `aclose` ends
    them all, also those at work.
    """

    def __init__(self, workers: int = DEFAULT_WORKERS, *, timeout: timedelta, memory_bytes: int) -> None:
        self._timeout = timeout
        self._memory_bytes = memory_bytes
        self._workers = workers
        self._turns = asyncio.Semaphore(workers)
        self._large = asyncio.Semaphore(1)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="parse")
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def parse(self, body: Body, url: str, content_type: str | None) -> ParsedFeed:
        """The feed in these bytes. ParseError where they are none, or took too long or too much memory.

        Waiting for a free worker does not count as time. Cancelling kills the worker at once.
        """
        return cast("ParsedFeed", await self._read(Job(Task.FEED, url, content_type), body))

    async def extract(self, body: Body, url: str, content_type: str | None) -> Article:
        """The article on this page, as `parse` reads a feed. ParseError where it is no page."""
        return cast("Article", await self._read(Job(Task.ARTICLE, url, content_type), body))

    async def _read(self, job: Job, body: Body) -> Found:
        """What a worker finds; each task has its own kind. Of large documents one is read at a time."""
        loop = asyncio.get_running_loop()
        async with self._large if body.size >= LARGE else nullcontext(), self._turns:
            if self._closed:
                raise ParseError(job.url, "the parser was closed")
            worker = self._idle.pop() if self._idle else _Worker(self._timeout, self._memory_bytes)
            self._busy.add(worker)
            try:
                answer = await loop.run_in_executor(self._threads, worker.read, job, body)
            except asyncio.CancelledError:
                worker.kill()
                raise
            finally:
                self._busy.discard(worker)
                self._put_back(worker)
        if isinstance(answer, ParseError):
            raise answer
        return answer

    def _put_back(self, worker: "_Worker") -> None:
        if worker.usable and not self._closed:
            self._idle.append(worker)
        else:
            self._threads.submit(worker.end)

    async def aclose(self) -> None:
        """Ends every worker and waits until they are gone. May be called twice."""
        self._closed = True
        for worker in self._busy:
            worker.kill()
        for _ in range(self._workers):
            await self._turns.acquire()
        while self._idle:
            self._threads.submit(self._idle.pop().end)
        await asyncio.to_thread(self._threads.shutdown, wait=True)
        for _ in range(self._workers):
            self._turns.release()


class _Worker:
    """One process and the pipe to it. `read` and `end` run in threads; `kill` may come at any time."""

    def __init__(self, timeout: timedelta, memory_bytes: int) -> None:
        self._timeout = timeout
        self._memory_bytes = memory_bytes
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None
        self._served = 0
        self._killed = False
        self._one_at_a_time = threading.RLock()

    @property
    def usable(self) -> bool:
        """Whether it can take another document."""
        return not self._killed and self._served < MAX_DOCUMENTS

    def read(self, job: Job, body: Body) -> Found | ParseError:
        """What is in the document; the worker is gone afterwards where that took too much."""
        with self._one_at_a_time:
            answer = self._answer(job, body)
            if not self.usable:
                self.end()
        return answer

    def _answer(self, job: Job, body: Body) -> Found | ParseError:
        try:
            pipe = self._started()
            _send(pipe, job, body)
            answer = _received(pipe) if pipe.poll(self._timeout.total_seconds()) else self._late(job)
        except (
            EOFError,
            OSError,
            ValueError,
            pickle.UnpicklingError,
        ) as error:  # a value: who cancelled has closed the body
            answer = self._died(job, error)
        self._served += MAX_DOCUMENTS if body.size >= LARGE else 1
        if answer is None:
            self._killed = True
            return ParseError(job.url, f"parsing it takes more than {self._memory} (poll.parse_memory)")
        return answer

    def kill(self) -> None:
        """Ends the process at once; whoever reads from it notices."""
        self._killed = True
        if self._process is not None:
            self._process.kill()

    def end(self) -> None:
        """Closes the pipe, which ends the process, and waits; kills it where it does not listen."""
        with self._one_at_a_time:
            if self._pipe is not None:
                self._pipe.close()
            if self._process is None:
                return
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _started(self) -> Connection:
        """The pipe to the process, which is started first where there is none."""
        if self._pipe is None:
            self._pipe, theirs = Pipe()
            with theirs:
                self._process = self._launch(theirs.fileno())
            if self._killed:  # while it was being started
                self._process.kill()
            if not self._pipe.poll(START_SECONDS) or self._pipe.recv() != READY:
                raise EOFError
        return self._pipe

    def _launch(self, descriptor: int) -> subprocess.Popen[bytes]:
        """A worker process; in a session of its own, so that Ctrl-C at a terminal does not reach it."""
        numbers = (descriptor, math.ceil(self._timeout.total_seconds()), self._memory_bytes)
        return subprocess.Popen(  # noqa: S603  our own program; nothing of a feed is among its arguments
            [sys.executable, "-P", "-c", _PROGRAM, *map(str, numbers)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": _search_path()},
            pass_fds=(descriptor,),
            start_new_session=True,
        )

    def _late(self, job: Job) -> ParseError:
        self.kill()
        return ParseError(
            job.url, f"parsing it takes longer than {self._timeout.total_seconds():g} s (poll.parse_timeout)"
        )

    def _died(self, job: Job, error: Exception) -> ParseError:
        """Why there is no answer: the parser was closed, or the process died or could not be started."""
        if self._killed:
            return ParseError(job.url, "the parser was closed")
        self.kill()
        if self._process is None:
            return ParseError(job.url, f"no process could be started to parse it: {error}")
        code = self._process.wait()
        return ParseError(
            job.url,
            f"the parser died on it, exit code {code}; are {self._memory} too little (poll.parse_memory)?",
        )

    @property
    def _memory(self) -> str:
        return f"{self._memory_bytes / 1e6:.0f} MB"


def _send(pipe: Connection, job: Job, body: Body) -> None:
    """In pieces, so that a body that lies on the disk is never in this process as a whole."""
    pipe.send(job)
    for piece in body.pieces():
        pipe.send_bytes(piece)
    pipe.send_bytes(b"")


def _received(pipe: Connection) -> Found | ParseError | None:
    """The answer, read as it comes: `recv` would hold ninety thousand entries a second time, as bytes."""
    with open(pipe.fileno(), "rb", closefd=False) as stream:
        return _read(stream)


def _read(stream: BinaryIO) -> Found | ParseError | None:
    """One answer, as `worker.py` writes it: our own program, whose pickles may be loaded."""
    answer: Found | ParseError | None = pickle.load(stream)  # noqa: S301
    if not isinstance(answer, ParsedFeed):
        return answer
    entries: list[ParsedEntry] = []
    while portion := pickle.load(stream):  # noqa: S301
        entries += portion
    return replace(answer, entries=tuple(entries))


_PROGRAM = "import sys; from aggregator.parse.worker import main; main(sys.argv[1:])"


def _search_path() -> str:
    """Where the worker finds this very package, installed or not."""
    own = str(Path(aggregator.__file__).parents[1])
    return os.pathsep.join(filter(None, [own, os.environ.get("PYTHONPATH")]))
