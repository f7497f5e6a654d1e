"""The worker's own program: what it says, and how it ends."""

import os
import subprocess
import sys
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection

import pytest

from aggregator.errors import ParseError
from aggregator.model import ParsedFeed
from aggregator.parse import worker, workers
from tests.parse.letters import FEED, MEMORY, give


class TestInside:
    """The worker's own program, run in this process."""

    def answers(self, *documents: bytes) -> list[object]:
        """What it says to these documents, before the pipe ends."""
        ours, theirs = Pipe()
        with ours:
            for document in documents:
                give(ours, document)
            worker.serve(_Ending(theirs, len(documents)), 30)  # type: ignore[arg-type]  # as far as serve uses it
            theirs.close()
            heard = [ours.recv()]
            # It resets the pipe where it left a document unread.
            with suppress(ConnectionResetError), open(ours.fileno(), "rb", closefd=False) as stream:
                while stream.peek():
                    heard.append(workers._read(stream))
            return heard

    def test_says_that_it_is_ready_and_ends_with_the_pipe(self) -> None:
        assert self.answers() == [worker.READY]

    def test_answers_a_document_with_its_feed_or_its_fault(self) -> None:
        _, feed, fault = self.answers(FEED, b"no feed")

        assert isinstance(feed, ParsedFeed)
        assert isinstance(fault, ParseError)

    def test_tells_a_fault_of_our_own_as_the_feeds(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def stumble(*_: object) -> ParsedFeed:
            raise KeyError("surprise")

        monkeypatch.setattr(worker, "parse_document", stumble)

        (_, fault) = self.answers(FEED)

        assert isinstance(fault, ParseError)
        assert fault.reason == "the parser failed (KeyError: 'surprise')"

    def test_ends_when_memory_runs_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def swell(*_: object) -> ParsedFeed:
            raise MemoryError

        monkeypatch.setattr(worker, "parse_document", swell)

        assert self.answers(FEED, FEED) == [worker.READY, None]


class _Ending:
    """A pipe that ends after so many documents."""

    def __init__(self, pipe: Connection, documents: int) -> None:
        self._pipe, self._left = pipe, documents
        self.recv_bytes, self.send, self.fileno = pipe.recv_bytes, pipe.send, pipe.fileno

    def recv(self) -> object:
        if not self._left:
            raise EOFError
        self._left -= 1
        return self._pipe.recv()


@pytest.mark.parametrize("documents", [[], [FEED]], ids=["idle", "at work"])
def test_a_worker_whose_parent_is_gone_ends_by_itself(documents: list[bytes]) -> None:
    ours, theirs = Pipe()
    command = [sys.executable, "-P", "-c", workers._PROGRAM, str(theirs.fileno()), "5", str(MEMORY)]
    with subprocess.Popen(
        command, pass_fds=(theirs.fileno(),), env={**os.environ, "PYTHONPATH": workers._search_path()}
    ) as process:
        theirs.close()
        ours.recv()
        for document in documents:
            give(ours, document)
        ours.close()

        assert process.wait(20) == 0
