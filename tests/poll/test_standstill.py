"""What readers see while sources say nothing new, edit, back-date and post again: from wire to bytes."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from aggregator.core.settings import FeedSettings, OutputSettings, Settings
from aggregator.model import Feed, Group, Order, Outcome, Rendered
from aggregator.patterns import timed_search
from aggregator.publish import Publisher
from tests.builders import NOON
from tests.http import reply
from tests.newsroom import an_rss
from tests.poll.rooms import Round, a_round

ROUNDS = 334  # of three polls each
HOUR = timedelta(hours=1)
SECRET = "0123456789-abcdef"
OUTPUTS = (
    OutputSettings(name="all", title="All"),
    OutputSettings(name="entries", title="Entries", group=Group.NONE),
    OutputSettings(name="events", title="Events", group=Group.EVENT),
    OutputSettings(name="top", title="Top", order=Order.COVERAGE),
    OutputSettings(name="hushed", title="Hushed", token=SECRET),
)


@dataclass
class Stand:
    """A round of polls, and the outputs that readers see after each."""

    room: Round
    folder: Path
    publisher: Publisher = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Publish as after a start."""
        public, room = self.folder / "public", self.room
        self.publisher = Publisher(room.reader, public, now=lambda: room.now, search=timed_search)

    async def show(self) -> dict[str, Rendered]:
        """Publish, as the daemon does; every address with its bytes."""
        published = await self.publisher.refresh(Settings(outputs=OUTPUTS))
        if published.settled:
            await self.room.store.settle_leads(published.settled)
        return {**self.publisher.snapshot, **self.publisher.private}

    async def items(self) -> list[dict[str, Any]]:
        """The items of the first output, in order."""
        found: list[dict[str, Any]] = json.loads((await self.show())["all.json"].body)["items"]
        return found


def an_item(number: int, *, at: datetime, title: str = "", guid: str = "") -> str:
    """An RSS item with a date."""
    title = title or f"Dam number {number} gives way"
    return (
        f"<item><guid>{guid or f'item-{number}'}</guid><title>{title}</title>"
        f"<link>https://news.example.org/{number}</link><pubDate>{format_datetime(at)}</pubDate>"
        f"<description>Report {number}: thousands were told to leave their homes.</description></item>"
    )


def restless(document: bytes) -> Any:
    """The document with a date of its own, a comment and another ETag for each request."""
    numbers = count()

    async def answer(writer: asyncio.StreamWriter) -> None:
        number = next(numbers)
        built = format_datetime(NOON + number * HOUR)
        noise = f"<channel><lastBuildDate>{built}</lastBuildDate><!-- built in {number} ms -->".encode()
        writer.write(reply(200, document.replace(b"<channel>", noise), etag=f'"{number}"'))

    return answer


async def test_a_thousand_polls_that_bring_nothing_new_change_no_byte(tmp_path: Path) -> None:
    async with a_round(tmp_path) as room:
        documents = [
            an_rss(*(an_item(10 * feed + number, at=NOON - number * HOUR) for number in range(3)))
            for feed in range(3)
        ]
        urls = (
            room.web.on("/polite", reply(200, documents[0], etag='"1"'), reply(304, etag='"1"')),
            room.web.on("/same", reply(200, documents[1])),
            room.web.on("/restless", restless(documents[2])),
        )
        feeds = await room.subscribe(*(FeedSettings(url=url) for url in urls))
        stand = Stand(room, tmp_path)
        first = [(await room.poll(feed))[0].outcome for feed in feeds]
        await stand.show()
        before = await stand.show()

        seen = [await a_quiet_round(stand, feeds, number, before) for number in range(ROUNDS)]

    assert first == [Outcome.NEW] * 3
    assert {outcome for outcomes in seen for outcome in outcomes} == {Outcome.NOT_MODIFIED, Outcome.UNCHANGED}
    assert json.loads(before["all.json"].body)["items"]


async def a_quiet_round(
    stand: Stand, feeds: tuple[Feed, ...], number: int, before: dict[str, Rendered]
) -> list[Outcome]:
    """Poll all, publish, and find every byte and date as before; every hundredth time after a restart."""
    outcomes = [(await stand.room.poll(feed, later=HOUR / 12))[0].outcome for feed in feeds]
    if number % 100 == 99:
        stand.restart()
    assert await stand.show() == before
    return outcomes


@pytest.mark.parametrize(
    "later",
    [
        [an_item(0, at=NOON - 30 * HOUR), an_item(1, at=NOON - HOUR), an_item(2, at=NOON - 2 * HOUR)],
        [an_item(2, at=NOON + 2 * HOUR), an_item(0, at=NOON), an_item(1, at=NOON - HOUR)],
        [an_item(number, at=NOON + 2 * HOUR) for number in range(3)],
        [an_item(number, at=NOON - number * HOUR) for number in (2, 1, 0)],
        [an_item(2, at=NOON + 2 * HOUR, guid="again")]
        + [an_item(number, at=NOON - number * HOUR) for number in range(3)],
    ],
    ids=["back-dated", "post-dated and moved up", "all dated anew", "in another order", "posted again"],
)
async def test_no_source_moves_what_is_shown(tmp_path: Path, later: list[str]) -> None:
    async with a_round(tmp_path) as room:
        told = [an_item(number, at=NOON - number * HOUR) for number in range(3)]
        url = room.web.on("/rss", reply(200, an_rss(*told)), reply(200, an_rss(*later)))
        (feed,) = await room.subscribe(FeedSettings(url=url))
        stand = Stand(room, tmp_path)
        await room.poll(feed)
        before = await stand.items()

        await room.poll(feed, later=3 * HOUR)
        after = await stand.items()

    assert after == before


async def test_an_edit_is_shown_in_its_place_and_dates_the_feed(tmp_path: Path) -> None:
    async with a_round(tmp_path) as room:
        told = [an_item(number, at=NOON - number * HOUR) for number in range(3)]
        edited = [*told[:2], an_item(2, at=NOON + HOUR, title="Dam number 2 gave way")]
        url = room.web.on("/rss", reply(200, an_rss(*told)), reply(200, an_rss(*edited)))
        (feed,) = await room.subscribe(FeedSettings(url=url))
        stand = Stand(room, tmp_path)
        await room.poll(feed)
        before = await stand.items()

        await room.poll(feed, later=3 * HOUR)
        after = await stand.items()
        room.now += 9 * HOUR
        stand.restart()
        atom = (await stand.show())["all.atom"].body

    assert [one["id"] for one in after] == [one["id"] for one in before]
    assert [one["date_published"] for one in after] == [one["date_published"] for one in before]
    assert after[:2] == before[:2]
    assert (after[2]["title"], after[2]["date_modified"]) == ("Dam number 2 gave way", "2026-11-24T15:00:00Z")
    assert b"<updated>2026-11-24T15:00:00Z</updated>" in atom
