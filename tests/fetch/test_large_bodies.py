"""Large bodies wait on the disk: whole, without a name, and closed whatever happens."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.core.settings import PollSettings
from aggregator.fetch import Fetcher, body
from aggregator.fetch.body import IN_MEMORY_BYTES
from aggregator.model import Answer, Request
from tests.fetch.asking import SETTINGS, said, within
from tests.http import Script, WebServer, reply
from tests.newsroom import nameless_files

LARGE = b"<rss>" + bytes(range(256)) * (IN_MEMORY_BYTES // 256) + b"</rss>"
HEAD = f"HTTP/1.1 200 OK\r\nContent-Length: {len(LARGE) + 1}\r\n\r\n".encode()


pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are read from /proc")


async def asked(folder: Path, url: str, settings: PollSettings = SETTINGS) -> Answer:
    async with Fetcher(settings, folder=folder) as fetcher:
        return await fetcher.get(Request(url=url))


async def test_a_large_body_lies_in_a_file_without_a_name_until_it_is_closed(
    web: WebServer, tmp_path: Path
) -> None:
    answer = await asked(tmp_path, web.on("/rss", reply(200, LARGE)))

    assert len(nameless_files(tmp_path)) == 1
    assert not any(tmp_path.iterdir())  # noqa: ASYNC240  nothing is in it
    assert answer.body
    assert (answer.body.size, answer.body.read(), answer.body.read()) == (len(LARGE), LARGE, LARGE)
    assert said(answer) == LARGE
    assert nameless_files(tmp_path) == []


async def test_a_small_body_needs_no_file(web: WebServer, tmp_path: Path) -> None:
    answer = await asked(tmp_path, web.on("/rss", reply(200, LARGE[:IN_MEMORY_BYTES])))

    assert nameless_files(tmp_path) == []
    assert said(answer) == LARGE[:IN_MEMORY_BYTES]


async def test_the_digest_is_that_of_the_bytes_however_they_came(web: WebServer, tmp_path: Path) -> None:
    url = web.on("/rss", reply(200, LARGE), reply(200, LARGE + b" "), reply(200, LARGE))

    answers = [await asked(tmp_path, url) for _ in range(3)]

    first, other, again = (answer.body.digest for answer in answers if answer.body)
    assert first == again != other
    for answer in answers:
        said(answer)


def cut(stop: object) -> Script:
    """A server that says the most of a large body and then what `stop` does."""

    async def say(writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + LARGE)
        await writer.drain()
        if stop == "silence":
            await asyncio.sleep(60)

    return say


@pytest.mark.parametrize(
    ("answer", "settings"),
    [
        (cut("end"), SETTINGS),
        (cut("silence"), within(timeout=timedelta(seconds=0.5))),
        (reply(200, LARGE * 2), within(max_bytes=len(LARGE) + 1)),
        (reply(200, b" " * (IN_MEMORY_BYTES + 1)), SETTINGS),
    ],
    ids=["cut short", "too slow", "too large", "blank"],
)
async def test_a_large_body_that_is_refused_leaves_no_file(
    web: WebServer, tmp_path: Path, answer: bytes | Script, settings: PollSettings
) -> None:
    found = await asked(tmp_path, web.on("/rss", answer), settings)

    assert found.error
    assert found.body is None
    assert nameless_files(tmp_path) == []


async def test_a_request_that_is_cancelled_leaves_no_file(web: WebServer, tmp_path: Path) -> None:
    task = asyncio.create_task(asked(tmp_path, web.on("/rss", cut("silence"))))
    while not nameless_files(tmp_path):  # noqa: ASYNC110  no event tells it
        await asyncio.sleep(0.01)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert nameless_files(tmp_path) == []


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A disk that takes the name of a file and no more."""
    with Path("/dev/full").open("r+b", buffering=0) as full:
        monkeypatch.setattr(body, "TemporaryFile", lambda **_: full)
        yield
        assert full.closed


@pytest.mark.usefixtures("full_disk")
async def test_a_full_disk_is_told_and_a_small_body_still_taken(web: WebServer, tmp_path: Path) -> None:
    failed = await asked(tmp_path, web.on("/rss", reply(200, LARGE)))
    small = await asked(tmp_path, web.on("/small", reply(200, b"<rss/>")))

    assert failed.error == f"too large for memory, and {tmp_path} does not take it (No space left on device)"
    assert not failed.unreached
    assert said(small) == b"<rss/>"


async def test_a_folder_that_is_gone_is_told(web: WebServer, tmp_path: Path) -> None:
    failed = await asked(tmp_path / "gone", web.on("/rss", reply(200, LARGE)))

    assert (
        failed.error
        == f"too large for memory, and {tmp_path / 'gone'} does not take it (No such file or directory)"
    )
