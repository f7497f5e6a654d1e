"""However a poll ends, its body is closed: nothing of it stays on the disk or among the open files."""

import asyncio
from pathlib import Path

import pytest

from aggregator.core.settings import FeedSettings
from aggregator.model import Body, Outcome, ParsedFeed
from tests.http import reply
from tests.newsroom import DirectParser, an_item, an_rss, nameless_files
from tests.poll.rooms import Round

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are read from /proc")

LARGE = an_rss(an_item(1), *["<!-- padding -->" * 1_000] * 30)
PAGE = b"<!doctype html><html><body>" + b"<p>words</p>" * 50_000


class Watching(DirectParser):
    """A parser that notes how many bodies lie in the folder while it reads one."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.seen = folder, list[int]()

    async def parse(self, body: Body, url: str, content_type: str | None) -> ParsedFeed:
        self.seen.append(len(nameless_files(self.folder)))
        return await super().parse(body, url, content_type)


@pytest.mark.parametrize(
    ("bodies", "outcome", "read"),
    [
        ([LARGE], Outcome.NEW, [1]),
        ([LARGE, LARGE], Outcome.UNCHANGED, [1]),
        ([PAGE], Outcome.FAILED, [1]),
    ],
    ids=["read", "the same again", "no feed"],
)
async def test_a_body_is_gone_when_its_poll_has_ended(
    room: Round, tmp_path: Path, bodies: list[bytes], outcome: Outcome, read: list[int]
) -> None:
    (feed,) = await room.subscribe(
        FeedSettings(url=room.web.on("/rss", *(reply(200, body) for body in bodies)))
    )
    room.poller.parser = parser = Watching(tmp_path)

    polls = [(await room.poll(feed))[0] for _ in bodies]

    assert polls[-1].outcome is outcome
    assert parser.seen == read
    assert nameless_files(tmp_path) == []


class Endless(DirectParser):
    """A parser that never comes back."""

    def __init__(self) -> None:
        self.began = asyncio.Event()

    async def parse(self, body: Body, url: str, content_type: str | None) -> ParsedFeed:
        self.began.set()
        await asyncio.sleep(60)
        return await super().parse(body, url, content_type)


async def test_a_poll_that_is_cancelled_while_its_body_waits_leaves_nothing(
    room: Round, tmp_path: Path
) -> None:
    (feed,) = await room.subscribe(FeedSettings(url=room.web.on("/rss", reply(200, LARGE))))
    room.poller.parser = parser = Endless()
    polling = asyncio.create_task(room.poll(feed))
    await parser.began.wait()
    assert len(nameless_files(tmp_path)) == 1

    polling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await polling

    assert nameless_files(tmp_path) == []
