"""The program of a worker process: reads documents from a pipe and answers with what is in them.

Started by `workers.py`, never by hand. It does nothing but
parse: it opens no file and no connection, ends when the pipe closes, and is killed without loss.
"""

import os
import resource
import signal
from multiprocessing.connection import Connection
from pathlib import Path

from aggregator.errors import ParseError
from aggregator.model import ParsedFeed
from aggregator.parse.document import parse_document

READY = "ready"
GRACE_SECONDS = 5  # after its deadline a worker whose parent died ends itself

Job = tuple[bytes, str, str | None]
"""body, url, content type"""


def serve(jobs: Connection, timeout_seconds: int) -> None:
    """Answers each job with a ParsedFeed, a ParseError, or None where memory ran out; then ends at None."""
    jobs.send(READY)
    while True:
        try:
            job = jobs.recv()
        except EOFError:
            return
        signal.alarm(timeout_seconds + GRACE_SECONDS)
        answer = _answer(job)
        signal.alarm(0)
        jobs.send(answer)
        if answer is None:
            return


def _answer(job: Job) -> ParsedFeed | ParseError | None:
    try:
        return parse_document(*job)
    except ParseError as error:
        return error
    except MemoryError:
        return None
    except Exception as error:  # our own fault: told as this feed's error, for the other feeds go on
        return ParseError(job[1], f"the parser failed ({type(error).__name__}: {error})"[:300])


def _limit_memory(beyond_start: int) -> None:
    """Lets the process grow by so many bytes beyond what it has now."""
    statm = Path("/proc/self/statm")
    pages = int(statm.read_text().split()[0]) if statm.exists() else 0
    limit = pages * os.sysconf("SC_PAGE_SIZE") + beyond_start
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard < 0 else min(limit, hard), hard))


def main(arguments: list[str]) -> None:
    """Serves the pipe whose descriptor is the first argument; then seconds per document, and bytes."""
    descriptor, timeout_seconds, memory_bytes = (int(argument) for argument in arguments)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # a stop of the whole group is the parent's to answer
    _limit_memory(memory_bytes)
    with Connection(descriptor) as jobs:
        try:
            serve(jobs, timeout_seconds)
        except (BrokenPipeError, ConnectionResetError):
            return  # the parent is gone
