"""The program of a worker process: reads documents and pages from a pipe and answers with what is in them.

Started by `workers.py`, never by hand. It does nothing but
parse: it opens no file and no connection, ends when the pipe closes, and is killed without loss.
"""

import os
import pickle
import resource
import signal
from dataclasses import replace
from enum import StrEnum
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from aggregator.errors import ParseError
from aggregator.model import Article, ParsedFeed
from aggregator.parse.document import parse_document

READY = "ready"
PORTION = 1_000  # entries that go back to the parent at once
GRACE_SECONDS = 5  # after its deadline a worker whose parent died ends itself


class Task(StrEnum):
    """What a job's bytes are read as."""

    FEED = "feed"
    ARTICLE = "article"


class Job(NamedTuple):
    """Where bytes came from and what they are read as. They follow behind in pieces, an empty one last."""

    task: Task
    url: str
    content_type: str | None


Found = ParsedFeed | Article


def serve(jobs: Connection, timeout_seconds: int) -> None:
    """Answers each job with what was found, a ParseError, or None where memory ran out; then ends at None."""
    jobs.send(READY)
    while True:
        try:
            job = jobs.recv()
            body = b"".join(iter(jobs.recv_bytes, b""))
        except EOFError:
            return
        signal.alarm(timeout_seconds + GRACE_SECONDS)
        answer = _answer(job, body)
        signal.alarm(0)
        _send(jobs, answer)
        if answer is None:
            return


def _send(jobs: Connection, answer: Found | ParseError | None) -> None:
    """The answer; a feed first without its entries, and then these in portions, an empty one last.

    Written as it is made, and no more at once: pickle notes every object of what it writes, and what is found
    may be as large as the document.
    """
    with open(jobs.fileno(), "wb", closefd=False) as stream:
        if not isinstance(answer, ParsedFeed):
            pickle.dump(answer, stream)
            return
        pickle.dump(replace(answer, entries=()), stream)
        for start in range(0, len(answer.entries) + PORTION, PORTION):
            pickle.dump(answer.entries[start : start + PORTION], stream)


def _answer(job: Job, body: bytes) -> Found | ParseError | None:
    try:
        return _found(job, body)
    except ParseError as error:
        return error
    except MemoryError:
        return None
    except Exception as error:  # our own fault: told as this feed's error, for the other feeds go on
        return ParseError(job.url, f"the parser failed ({type(error).__name__}: {error})"[:300])


def _found(job: Job, body: bytes) -> Found:
    if job.task is Task.FEED:
        return parse_document(body, job.url, job.content_type)
    # Here and not above: most workers never see a page, and the library is an extra.
    from aggregator.parse.article import extract_article  # noqa: PLC0415

    return extract_article(body, job.url, job.content_type)


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
